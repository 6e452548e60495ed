package gpu

import "gvpie/runtime/isa"

// reachesEach says whether a run of the program can come to an EACH: from its
// first instruction, or from one of the addresses given. Jumps have constant
// targets and RET goes where a CALL came from, so following every way out of
// every instruction finds all of them, words entered in their middle included.
func reachesEach(p isa.Program, h isa.Header, from ...uint32) bool {
	seen := make([]bool, h.CodeEnd+1)
	var todo []uint32
	visit := func(a uint32) {
		if a >= isa.HeaderWords && a <= uint32(h.CodeEnd) && !seen[a] {
			seen[a] = true
			todo = append(todo, a)
		}
	}
	visit(isa.HeaderWords)
	for _, a := range from {
		visit(a)
	}
	for len(todo) > 0 {
		a := int(todo[len(todo)-1])
		todo = todo[:len(todo)-1]
		in, ok := isa.Decode(p, a, h.CodeEnd)
		if !ok || !in.Spec.InCore {
			continue
		}
		switch in.Spec.Op {
		case isa.EACH:
			return true
		case isa.HALT, isa.RET:
			continue
		}
		for i, arg := range in.Args {
			if in.Spec.Operands[i].Kind == isa.Addr {
				visit(arg)
			}
		}
		if in.Spec.Op != isa.JMP {
			visit(uint32(a + in.Size))
		}
	}
	return false
}
