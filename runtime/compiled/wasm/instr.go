package wasm

import (
	"gvpie/runtime/isa"
	"gvpie/runtime/kernel"
)

// scalarOps and vectorOps are what is one instruction of two operands; of a
// comparison it gives 1 or 0, and for vectors ones or zeros.
var scalarOps = map[isa.Op]opcode{
	isa.ADD: opI32Add, isa.SUB: opI32Sub, isa.MUL: opI32Mul,
	isa.AND: opI32And, isa.OR: opI32Or, isa.XOR: opI32Xor,
	isa.SHL: opI32Shl, isa.SHR: opI32ShrS, isa.USHR: opI32ShrU,
	isa.EQ: opI32Eq, isa.NE: opI32Ne, isa.LT: opI32LtS, isa.LE: opI32LeS, isa.GT: opI32GtS, isa.GE: opI32GeS,
}

var vectorOps = map[isa.Op]opcode{
	isa.ADD: opI32x4Add, isa.SUB: opI32x4Sub, isa.MUL: opI32x4Mul,
	isa.AND: opV128And, isa.OR: opV128Or, isa.XOR: opV128Xor,
	isa.MIN: opI32x4MinS, isa.MAX: opI32x4MaxS,
	isa.EQ: opI32x4Eq, isa.NE: opI32x4Ne, isa.LT: opI32x4LtS, isa.LE: opI32x4LeS, isa.GT: opI32x4GtS, isa.GE: opI32x4GeS,
}

func compares(op isa.Op) bool { return op >= isa.EQ && op <= isa.GE }

// simple are the instructions that have code for one word; the others are computed
// for a vector of equal words.
var simple = func() map[isa.Op]bool {
	s := map[isa.Op]bool{}
	for op := range scalarOps {
		s[op] = true
	}
	for _, op := range []isa.Op{
		isa.SET, isa.DIV, isa.MOD, isa.NEG, isa.NOT, isa.ISZ, isa.MIN, isa.MAX, isa.ABS, isa.SGN, isa.CLAMP,
		isa.SIN, isa.COS, isa.FMUL, isa.FDIV, isa.HASH, isa.ATAN2, isa.HYPOT,
		isa.LD, isa.LDT, isa.LD2, isa.LDT2, isa.PEEK, isa.KEY, isa.KEYP, isa.INPUT,
	} {
		s[op] = true
	}
	return s
}()

// instrs writes instructions, for the texels of the block's mask.
func (e *emitter) instrs(list []kernel.Instr) {
	for i := range list {
		e.instr(&list[i])
	}
}

func (e *emitter) instr(in *kernel.Instr) {
	f := e.f
	switch in.Op {
	case isa.PUT:
		for u := range e.n {
			e.vec(in.Args[0], u)
			e.blend(e.color[u], e.mask, u)
			f.all(in.PC)
			e.blend(e.put[u], e.mask, u)
		}
		return
	case isa.LOG:
		e.anyHere()
		e.leaveIf()
		return
	case isa.ASSERT:
		if !in.Safe {
			e.leaveWhere(func(u int) {
				e.vec(in.Args[0], u)
				f.all(0)
				f.op(opI32x4Eq)
			})
		}
		return
	}
	mask := e.mask
	if in.Whole {
		mask = nil
	}
	if e.shared(in) {
		e.guardWord(in)
		if simple[in.Op] {
			e.scalar(in, func(i int) { e.word(in.Args[i]) })
		} else {
			e.vector(in, 0)
			f.lane(opI32x4ExtractLane, 0)
		}
		if to := e.vars[in.Dst]; to.scalar && mask != nil && !e.isFull(e.class) {
			// It is written only if a texel is here.
			f.get(to.s)
			e.anyHere()
			f.op(opSelect)
		}
		e.assign(in.Dst, mask)
		return
	}
	e.guard(in)
	for u := range e.n {
		if mask != nil && e.step(in, u) {
			continue
		}
		e.vector(in, u)
		e.blend(e.vars[in.Dst].v[u], mask, u)
	}
}

// step writes x = x + y and the like under a mask: with y made 0 for texels that are
// not here it needs no choice between two words.
func (e *emitter) step(in *kernel.Instr, u int) bool {
	switch in.Op {
	case isa.ADD, isa.SUB, isa.OR, isa.XOR:
	default:
		return false
	}
	a, b := in.Args[0], in.Args[1]
	if a.Var != in.Dst && b.Var == in.Dst && in.Op != isa.SUB {
		a, b = b, a
	}
	if a.Var != in.Dst || b.Var == in.Dst {
		return false
	}
	f, to := e.f, e.vars[in.Dst].v[u]
	f.get(to)
	if in.Op == isa.ADD && b.Var < 0 && b.Const == 1 {
		f.get(e.mask[u])
		f.op(opI32x4Sub)
	} else {
		e.vec(b, u)
		f.get(e.mask[u])
		f.op(opV128And, vectorOps[in.Op])
	}
	f.set(to)
	return true
}

// leaveWhere leaves the vector to the interpreter if the words that bad pushes are
// not all 0 for the texels that are here.
func (e *emitter) leaveWhere(bad func(u int)) {
	for u := range e.n {
		bad(u)
		if e.mask != nil {
			e.f.get(e.mask[u])
			e.f.op(opV128And)
		}
		if u > 0 {
			e.f.op(opV128Or)
		}
	}
	e.f.op(opV128AnyTrue)
	e.leaveIf()
}

// guard leaves the vector to the interpreter if a divisor is 0 or an index outside.
func (e *emitter) guard(in *kernel.Instr) {
	if in.Safe {
		return
	}
	f := e.f
	switch in.Op {
	case isa.DIV, isa.MOD, isa.FDIV:
		e.leaveWhere(func(u int) {
			e.vec(in.Args[1], u)
			f.all(0)
			f.op(opI32x4Eq)
		})
	case isa.LD, isa.LDT:
		_, _, n := e.page(in)
		e.leaveWhere(func(u int) { e.outside(in.Args[0], n, u) })
	case isa.LD2, isa.LDT2:
		_, _, n := e.page(in)
		e.leaveWhere(func(u int) {
			e.outside(in.Args[0], in.Array.W, u)
			e.outside(in.Args[1], e.rows(in), u)
			f.op(opV128Or)
			if in.Array.W*e.rows(in) > n {
				e.index2(in, u)
				f.all(n)
				f.op(opI32x4GeU, opV128Or)
			}
		})
	}
}

// outside pushes where an index is not below n.
func (e *emitter) outside(a kernel.Arg, n uint32, u int) {
	e.vec(a, u)
	e.f.all(min(n, 1<<31))
	e.f.op(opI32x4GeU)
}

// guardWord is guard for what all texels share.
func (e *emitter) guardWord(in *kernel.Instr) {
	if in.Safe {
		return
	}
	f := e.f
	switch in.Op {
	case isa.DIV, isa.MOD, isa.FDIV:
		e.word(in.Args[1])
		f.op(opI32Eqz)
	case isa.LD, isa.LDT:
		_, _, n := e.page(in)
		e.word(in.Args[0])
		f.i32(int32(n))
		f.op(opI32GeU)
	case isa.LD2, isa.LDT2:
		_, _, n := e.page(in)
		e.word(in.Args[0])
		f.i32(int32(min(in.Array.W, 1<<31)))
		f.op(opI32GeU)
		e.word(in.Args[1])
		f.i32(int32(e.rows(in)))
		f.op(opI32GeU, opI32Or)
		if in.Array.W*e.rows(in) > n {
			e.scalarIndex2(in, func(i int) { e.word(in.Args[i]) })
			f.i32(int32(n))
			f.op(opI32GeU, opI32Or)
		}
	default:
		return
	}
	if !e.isFull(e.class) {
		e.anyHere()
		f.op(opI32And)
	}
	e.leaveIf()
}
