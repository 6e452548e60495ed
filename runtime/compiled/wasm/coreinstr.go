package wasm

import (
	"math"

	"gvpie/runtime/isa"
	"gvpie/runtime/kernel"
)

// instr writes an instruction, but for JZ, JNZ and LOOP.
func (e *loopEmitter) instr(in isa.Instr) {
	f, x, addr := e.f, in.Args, uint32(in.Addr)
	switch in.Spec.Op {
	case isa.NOP, isa.JMP, isa.RET:
	case isa.CALL:
		e.push(uint32(in.Addr + in.Size))
	case isa.INVOKE:
		e.invoke(in)
	case isa.RETURN:
		e.operand(in, 1)
		e.set(x[0])
	case isa.ASSERT:
		e.operand(in, 0)
		f.op(opI32Eqz)
		e.leaveIf(addr)
	case isa.SEED:
		e.operand(in, 0)
		f.set(e.random)
	case isa.RND:
		e.roll(in)
		e.set(x[0])
	case isa.LD, isa.LDT:
		e.outside(in, 3, x[2])
		e.leaveIf(addr)
		e.operand(in, 3)
		f.i32(2)
		f.op(opI32Shl)
		f.load(opI32Load, e.base(in)+4*x[1])
		e.set(x[0])
	case isa.LD2, isa.LDT2:
		e.outside2(in, 4, x[2], x[3])
		e.leaveIf(addr)
		e.index2(in, 4, x[2])
		f.load(opI32Load, e.base(in)+4*x[1])
		e.set(x[0])
	case isa.ST:
		e.outside(in, 2, x[1])
		e.leaveIf(addr)
		e.operand(in, 2)
		f.i32(2)
		f.op(opI32Shl)
		e.operand(in, 3)
		f.load(opI32Store, 4*x[0])
	case isa.ST2:
		e.outside2(in, 3, x[1], x[2])
		e.leaveIf(addr)
		e.index2(in, 3, x[1])
		e.operand(in, 5)
		f.load(opI32Store, 4*x[0])
	case isa.DIV, isa.MOD, isa.FDIV:
		if in.Mask>>2&1 == 1 || x[2] == 0 {
			e.operand(in, 2)
			f.op(opI32Eqz)
			e.leaveIf(addr)
		}
		e.compute(in)
		e.set(x[0])
	default:
		if in.Spec.Group == isa.GroupDraw {
			e.command(in)
			return
		}
		e.compute(in)
		e.set(x[0])
	}
}

// compute pushes what an instruction computes of its operands alone; it cannot fail here.
func (e *loopEmitter) compute(in isa.Instr) {
	op := in.Spec.Op
	k := kernel.Instr{Op: op}
	for i := 1; i < len(in.Args); i++ {
		a := kernel.Arg{Var: i - 1, Range: kernel.Range{Lo: math.MinInt32, Hi: math.MaxInt32}}
		if in.Mask>>i&1 == 0 {
			v := in.Args[i]
			a = kernel.Arg{Var: -1, Const: v, Range: kernel.Range{Lo: int32(v), Hi: int32(v)}}
		}
		k.Args = append(k.Args, a)
	}
	if op == isa.SQRT {
		e.root(in)
		return
	}
	if simple[op] {
		e.scalar(&k, func(i int) { e.operand(in, i+1) })
		return
	}
	// These have code for vectors alone.
	f := e.f
	if e.vars == nil {
		for range 3 {
			e.vars = append(e.vars, variable{v: []local{f.local(v128)}})
		}
	}
	for i, a := range k.Args {
		if a.Var >= 0 {
			e.operand(in, i+1)
			f.op(opI32x4Splat)
			f.set(e.vars[i].v[0])
		}
	}
	e.vector(&k, 0)
	f.lane(opI32x4ExtractLane, 0)
}

// root pushes isa.Sqrt: the root of a word as a double is exact enough to be cut.
func (e *loopEmitter) root(in isa.Instr) {
	f := e.f
	e.operand(in, 1)
	f.i32(0)
	e.operand(in, 1)
	f.i32(0)
	f.op(opI32GtS, opSelect, opF64ConvertI32S, opF64Sqrt, opI32TruncF64S)
}

// base is where the page of a load is.
func (e *loopEmitter) base(in isa.Instr) uint32 {
	if op := in.Spec.Op; op == isa.LDT || op == isa.LDT2 {
		return e.l.Program
	}
	return 0
}

// outside pushes whether an index is not below n.
func (e *loopEmitter) outside(in isa.Instr, operand int, n uint32) {
	e.operand(in, operand)
	e.f.i32(int32(n))
	e.f.op(opI32GeU)
}

// outside2 is outside of two indices.
func (e *loopEmitter) outside2(in isa.Instr, operand int, w, h uint32) {
	e.outside(in, operand, w)
	e.outside(in, operand+1, h)
	e.f.op(opI32Or)
}

// index2 pushes the offset of an element of w columns.
func (e *loopEmitter) index2(in isa.Instr, operand int, w uint32) {
	f := e.f
	e.operand(in, operand+1)
	f.i32(int32(w))
	f.op(opI32Mul)
	e.operand(in, operand)
	f.op(opI32Add)
	f.i32(2)
	f.op(opI32Shl)
}

// roll pushes a random number.
func (e *loopEmitter) roll(in isa.Instr) {
	f := e.f
	f.get(e.random)
	f.hashWord()
	v := f.keep(i32)
	f.get(e.random)
	f.i32(747796405)
	f.op(opI32Mul)
	f.i32(-1403630843)
	f.op(opI32Add)
	f.set(e.random)
	e.operand(in, 1)
	n := f.keep(i32)
	f.get(v, n)
	f.i32(1)
	f.get(n)
	f.i32(0)
	f.op(opI32GtS, opSelect, opI32RemU) // of 1 it is 0
	f.release(v, n)
}

// push puts where a call goes back to onto the stack.
func (e *loopEmitter) push(entry uint32) {
	f := e.f
	f.get(e.stack)
	f.i32(int32(entry))
	f.load(opI32Store, e.l.State+4*uint32(isa.StStack+e.at.Depth))
}

// invoke calls a procedure, whose activation begins with the arguments.
func (e *loopEmitter) invoke(in isa.Instr) {
	f := e.f
	n := len(in.Tail) / 2
	for i := range n {
		if v := in.Tail[2*i+1]; in.Tail[2*i] == 1 {
			e.get(v)
		} else {
			f.i32(int32(v))
		}
	}
	act, words := in.Args[1], int(in.Args[2])
	for i := n - 1; i >= 0; i-- {
		e.set(act + uint32(i))
	}
	for i := n; i < words; i++ {
		f.i32(0)
		e.set(act + uint32(i))
	}
	e.push(uint32(in.Addr+in.Size) | isa.StackProc)
}
