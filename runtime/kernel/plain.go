package kernel

import "gvpie/runtime/isa"

// plain gives the kernel the code as it stands: a Var for each lane word.
func (g *graph) plain(k *Kernel) {
	t := translation{k: k, vars: map[uint32]int{}}
	for i := range g.nodes {
		n := &g.nodes[i]
		b := Block{PC: n.pc, Exit: Exit{Op: isa.JMP, PC: n.pc, Then: n.then}}
		for _, in := range n.instrs {
			if in.Spec.Op != isa.NOP {
				b.Instrs = append(b.Instrs, t.instr(in))
			}
		}
		switch {
		case n.done:
			b.Exit = Exit{Op: isa.DONE, PC: n.pc}
		case n.branch != nil:
			b.Exit = t.exit(n)
		}
		k.Blocks = append(k.Blocks, b)
	}
}

type translation struct {
	k    *Kernel
	vars map[uint32]int // by lane word
}

var everything = Range{-1 << 31, 1<<31 - 1}

func (t *translation) lane(index uint32) int {
	index &= isa.LaneFlag - 1
	v, ok := t.vars[index]
	if !ok {
		v = len(t.k.Vars)
		t.vars[index] = v
		word := Var{Init: Zero, Range: everything}
		switch {
		case index == 0:
			word.Init = PX
		case index == 1:
			word.Init = PY
		case index < uint32(2+t.k.Captures):
			word.Init, word.Index = Capture, int(index-2)
		}
		t.k.Vars = append(t.k.Vars, word)
	}
	return v
}

func (t *translation) arg(in isa.Instr, i int) Arg {
	if in.Mask>>i&1 == 1 {
		return Arg{Var: t.lane(in.Args[i]), Range: everything}
	}
	return constant(in.Args[i])
}

func constant(v uint32) Arg {
	return Arg{Var: -1, Const: v, Range: Range{int32(v), int32(v)}}
}

func (t *translation) instr(in isa.Instr) Instr {
	out := Instr{Op: in.Spec.Op, PC: uint32(in.Addr), Dst: -1}
	out.Safe = !canFail(out.Op)
	for i := range in.Args {
		switch in.Spec.Operands[i].Kind {
		case isa.In:
			out.Args = append(out.Args, t.arg(in, i))
		case isa.Out:
			out.Dst = t.lane(in.Args[i])
		}
	}
	switch in.Spec.Op {
	case isa.LD, isa.LDT:
		out.Array = Array{Base: in.Args[1], Len: in.Args[2]}
	case isa.LD2, isa.LDT2:
		out.Array = Array{Base: in.Args[1], W: in.Args[2], H: in.Args[3]}
	}
	return out
}

// canFail says whether an instruction is not safe whatever its operands are.
func canFail(op isa.Op) bool {
	switch op {
	case isa.DIV, isa.MOD, isa.FDIV, isa.LD, isa.LDT, isa.LD2, isa.LDT2, isa.ASSERT, isa.LOG:
		return true
	}
	return false
}

// exit is the way on from a node that branches.
func (t *translation) exit(n *node) Exit {
	in := *n.branch
	e := Exit{PC: uint32(in.Addr), Then: n.then, Else: n.els}
	switch in.Spec.Op {
	case isa.LOOP:
		e.Op, e.Args = isa.LOOP, []Arg{t.arg(in, 0), t.arg(in, 1), t.arg(in, 2)}
		if step := e.Args[2]; step.Var < 0 {
			e.Op, e.Args = isa.GT, e.Args[:2]
			if int32(step.Const) < 0 {
				e.Op = isa.LT
			}
		}
	case isa.JZ:
		e.Op, e.Args = isa.EQ, []Arg{t.arg(in, 0), constant(0)}
	case isa.JNZ:
		e.Op, e.Args = isa.NE, []Arg{t.arg(in, 0), constant(0)}
	}
	return e
}
