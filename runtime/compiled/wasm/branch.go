package wasm

import (
	"gvpie/runtime/isa"
	"gvpie/runtime/kernel"
)

// branch writes an exit by which all texels go the same way.
func (e *emitter) branch(b int, x *kernel.Exit) {
	f := e.f
	follows := func(to int) bool { return to == b+1 && e.p.home(to) == e.p.region[b] }
	if x.Then == x.Else {
		e.arrive(b, x.Then, nil, false)
		e.jump(b, x.Then)
		return
	}
	e.test(x)
	if follows(x.Then) {
		f.op(opI32Eqz)
		f.open(opIf)
		e.arrive(b, x.Else, nil, false)
		e.jump(b, x.Else)
		f.end()
		e.arrive(b, x.Then, nil, false)
		return
	}
	f.open(opIf)
	e.arrive(b, x.Then, nil, false)
	e.jump(b, x.Then)
	f.end()
	e.arrive(b, x.Else, nil, false)
	e.jump(b, x.Else)
}

// jump goes on at a block.
func (e *emitter) jump(b, to int) {
	switch {
	case e.p.back(b, to):
		q := e.p.headOf[to]
		if e.p.lockstep[q] {
			if b == e.k.Loops[q].Last && e.p.region[b] == q {
				return // the loop goes on there
			}
			e.spend(q)
			e.f.br(opBr, e.loops[q])
			return
		}
		e.again(q, e.mask)
	case to == b+1 && e.p.home(to) == e.p.region[b]:
	default:
		e.f.br(opBr, e.targets[to])
	}
}

// test pushes whether a real branch goes to Then.
func (e *emitter) test(x *kernel.Exit) {
	f := e.f
	if x.Op != isa.LOOP {
		e.word(x.Args[0])
		e.word(x.Args[1])
		f.op(scalarOps[x.Op])
		return
	}
	passed := func(op opcode) {
		e.word(x.Args[0])
		e.word(x.Args[1])
		f.op(op)
	}
	switch step := x.Args[2].Range; {
	case step.Lo >= 0:
		passed(opI32GtS)
	case step.Hi < 0:
		passed(opI32LtS)
	default:
		passed(opI32LtS)
		passed(opI32GtS)
		e.word(x.Args[2])
		f.i32(0)
		f.op(opI32LtS, opSelect)
	}
}

// condition pushes, for vector u, the mask of the texels for which an exit goes to
// Then.
func (e *emitter) condition(x *kernel.Exit, u int) {
	f := e.f
	compare := func(op opcode) {
		e.vec(x.Args[0], u)
		e.vec(x.Args[1], u)
		f.op(op)
	}
	if x.Op != isa.LOOP {
		compare(vectorOps[x.Op])
		return
	}
	switch step := x.Args[2].Range; {
	case step.Lo >= 0:
		compare(opI32x4GtS)
	case step.Hi < 0:
		compare(opI32x4LtS)
	default:
		compare(opI32x4LtS)
		compare(opI32x4GtS)
		e.vec(x.Args[2], u)
		f.i32(31)
		f.op(opI32x4ShrS, opV128Bitselect)
	}
}
