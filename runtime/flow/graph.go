package flow

import (
	"gvpie/runtime/isa"
)

// Graph is what a run can do from where a machine stands.
type Graph struct {
	Core *Code
	Each []Span // the blocks of the EACH instructions that can be reached

	program isa.Program
	header  isa.Header
}

// Span is a stretch of the program page: from Start to the address before End.
type Span struct{ Start, End uint32 }

// Code is the control flow of a stretch that runs as one: the core, or the block
// of an EACH. A run that comes to its End is over, for the machine or the texel.
type Code struct {
	Span
	Blocks []Block // that can be reached, by address
	at     []int32 // the block with an instruction at Start+i; -1: none begins there
}

// Block is a basic block: instructions that run one after the other, entered at
// the first alone and left behind the last alone.
type Block struct {
	Start  uint32
	Instrs []isa.Instr // none where a run ends: at the code's end, or at what is no instruction
	// Next are the blocks that may run after it, as indices of Code.Blocks. After a
	// RET or RETURN those are all that any of the two may lead to; such blocks share
	// the slice.
	Next []int
}

// Analyze follows a program from a machine that stands at pc with these entries
// on its stack; one that has not begun stands at isa.HeaderWords with
// none. h is the program's header. A jump to where there is no code, and
// whatever else is an error whenever it is executed, leads nowhere.
func Analyze(p isa.Program, h isa.Header, pc uint32, stack ...uint32) *Graph {
	w := newWalk(p, h, Span{isa.HeaderWords, uint32(max(h.CodeEnd, isa.HeaderWords))})
	for _, entry := range stack {
		r := &w.calls
		if entry&isa.StackProc != 0 {
			r = &w.invokes
		}
		r.to = append(r.to, entry&isa.StackAddr)
	}
	g := &Graph{program: p, header: h}
	g.Core = w.follow(pc)
	g.Each = w.each
	return g
}

// Block follows the block of an EACH, one of g.Each.
func (g *Graph) Block(s Span) *Code {
	w := newWalk(g.program, g.header, s)
	w.lanes = true
	return w.follow(s.Start)
}

// Find gives the addresses of the core's instructions with an opcode that a run can
// come to.
func (g *Graph) Find(op isa.Op) (at []uint32) {
	for i := range g.Core.Blocks {
		for _, in := range g.Core.Blocks[i].Instrs {
			if in.Spec.Op == op {
				at = append(at, uint32(in.Addr))
			}
		}
	}
	return at
}

// BlockAt is the index of the block in which an instruction begins at an address,
// or a run ends; -1 if none can come there.
func (c *Code) BlockAt(addr uint32) int {
	if addr < c.Start || addr > c.End {
		return -1
	}
	return int(c.at[addr-c.Start])
}

// Target is the address that an instruction holds: where a jump, a call or a loop
// may lead, and where an EACH block ends. ok is false for instructions without.
func Target(in isa.Instr) (addr uint32, ok bool) {
	for i, arg := range in.Args {
		if in.Spec.Operands[i].Kind == isa.Addr {
			return arg, true
		}
	}
	return 0, false
}
