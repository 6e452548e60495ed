package wasm

import (
	"gvpie/runtime/isa"
	"gvpie/runtime/kernel"
)

// scalar pushes the word that an instruction computes; push pushes an operand. The
// guard has been before it; a texel that is not here may have a divisor of 0 and an
// index outside nevertheless.
func (c *computer) scalar(in *kernel.Instr, push func(i int)) {
	f := c.f
	if op, ok := scalarOps[in.Op]; ok {
		push(0)
		push(1)
		f.op(op)
		return
	}
	switch in.Op {
	case isa.SET:
		push(0)
	case isa.NEG:
		f.i32(0)
		push(0)
		f.op(opI32Sub)
	case isa.NOT:
		push(0)
		f.i32(-1)
		f.op(opI32Xor)
	case isa.ISZ:
		push(0)
		f.op(opI32Eqz)
	case isa.MIN:
		c.choose(opI32LtS, func() { push(0) }, func() { push(1) })
	case isa.MAX:
		c.choose(opI32GtS, func() { push(0) }, func() { push(1) })
	case isa.CLAMP:
		c.choose(opI32LtS, func() { push(2) }, func() { push(0) })
		t := f.keep(i32)
		c.choose(opI32GtS, func() { push(1) }, func() { f.get(t) })
		f.release(t)
	case isa.ABS:
		push(0)
		push(0)
		f.i32(31)
		f.op(opI32ShrS)
		t := f.keep(i32)
		f.get(t)
		f.op(opI32Xor)
		f.get(t)
		f.op(opI32Sub)
		f.release(t)
	case isa.SGN:
		push(0)
		f.i32(0)
		f.op(opI32GtS)
		push(0)
		f.i32(0)
		f.op(opI32LtS, opI32Sub)
	case isa.DIV, isa.MOD:
		c.divideWord(in, push)
	case isa.FMUL:
		push(0)
		f.op(opI64ExtendI32S)
		push(1)
		f.op(opI64ExtendI32S, opI64Mul)
		push(2)
		f.op(opI64ExtendI32S, opI64ShrS, opI32WrapI64)
	case isa.FDIV:
		push(0)
		f.op(opI64ExtendI32S)
		push(2)
		f.i32(31)
		f.op(opI32And, opI64ExtendI32S, opI64Shl)
		c.divisor(in, push)
		f.op(opI64ExtendI32S, opI64DivS, opI32WrapI64)
	case isa.SIN, isa.COS:
		push(0)
		if in.Op == isa.COS {
			f.i32(256)
			f.op(opI32Add)
		}
		f.i32(1023)
		f.op(opI32And)
		f.i32(2)
		f.op(opI32Shl)
		f.load(opI32Load, c.l.sin)
	case isa.HASH:
		push(0)
		f.hashWord()
	case isa.ATAN2:
		push(0)
		push(1)
		f.call(c.atan2())
	case isa.HYPOT:
		push(0)
		push(1)
		f.call(c.hypot())
	default:
		c.read(in, push)
	}
}

// choose pushes a if it compares so with b, else b.
func (c *computer) choose(op opcode, a, b func()) {
	a()
	b()
	a()
	b()
	c.f.op(op, opSelect)
}

// divisor pushes the divisor of an instruction, or 1 for 0.
func (c *computer) divisor(in *kernel.Instr, push func(i int)) {
	f := c.f
	push(1)
	if r := c.sure(in.Args[1]); r.Lo > 0 || r.Hi < 0 {
		return
	}
	t := f.keep(i32)
	f.get(t, t)
	f.op(opI32Eqz, opI32Add)
	f.release(t)
}

// divideWord pushes a quotient or a rest. -2³¹ / -1, which WebAssembly does not
// divide, is -2³¹ again, as by 1.
func (c *computer) divideWord(in *kernel.Instr, push func(i int)) {
	f := c.f
	push(0)
	c.divisor(in, push)
	if in.Op == isa.MOD {
		f.op(opI32RemS)
		return
	}
	if a, b := c.sure(in.Args[0]), c.sure(in.Args[1]); a.Lo > -1<<31 || b.Lo > -1 || b.Hi < -1 {
		f.op(opI32DivS)
		return
	}
	f.op(opI64ExtendI32S)
	b := f.keep(i64)
	f.op(opI64ExtendI32S)
	f.get(b)
	f.op(opI64DivS, opI32WrapI64)
	f.release(b)
}
