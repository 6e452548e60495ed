package wasm

import (
	"gvpie/runtime/isa"
	"gvpie/runtime/kernel"
)

// read pushes what an instruction reads from a page.
func (p *pages) read(in *kernel.Instr, push func(i int)) {
	f := p.f
	switch in.Op {
	case isa.LD, isa.LDT, isa.LD2, isa.LDT2:
		page, base, n := p.page(in)
		if n == 0 {
			f.i32(0)
			return
		}
		if in.Op == isa.LD || in.Op == isa.LDT {
			push(0)
		} else {
			p.scalarIndex2(in, push)
		}
		at := f.keep(i32) // if it is below n, else 0
		f.get(at)
		f.i32(0)
		f.get(at)
		f.i32(int32(n))
		f.op(opI32LtU, opSelect)
		f.i32(2)
		f.op(opI32Shl)
		f.load(opI32Load, page+4*base)
		f.release(at)
	case isa.PEEK:
		push(1)
		f.i32(int32(p.k.W))
		f.op(opI32Mul)
		push(0)
		f.op(opI32Add)
		push(0)
		f.i32(int32(p.k.W))
		f.op(opI32LtU)
		push(1)
		f.i32(int32(p.k.H))
		f.op(opI32LtU, opI32And)
		inside := f.keep(i32)
		f.get(inside)
		f.op(opI32Mul) // 0 for a texel outside
		f.i32(2)
		f.op(opI32Shl)
		f.load(opI32Load, p.l.Began)
		f.op(opI32x4Splat)
		p.seen()
		f.lane(opI32x4ExtractLane, 0)
		f.get(inside)
		f.op(opI32Mul)
		f.release(inside)
	case isa.KEY, isa.KEYP:
		p.key(in, push)
	case isa.INPUT:
		p.state(isa.StWheel)
		p.state(isa.StMouseB)
		p.state(isa.StButtonsBefore)
		f.i32(-1)
		f.op(opI32Xor, opI32And)
		f.i32(0)
		push(0)
		f.i32(isa.InputPressed)
		f.op(opI32Eq, opSelect)
		push(0)
		f.i32(isa.InputWheel)
		f.op(opI32Eq, opSelect)
	}
}

// state pushes a word of the state page.
func (p *pages) state(word int32) {
	p.f.i32(4 * word)
	p.f.load(opI32Load, p.l.State)
}

// key pushes whether a key is held, or was pressed.
func (p *pages) key(in *kernel.Instr, push func(i int)) {
	f := p.f
	word := func(first uint32) { // of the key's bit
		push(0)
		f.i32(3)
		f.op(opI32ShrU)
		f.i32(28)
		f.op(opI32And)
		f.load(opI32Load, p.l.State+4*first)
	}
	word(isa.StKeys)
	if in.Op == isa.KEYP {
		word(isa.StKeysBefore)
		f.i32(-1)
		f.op(opI32Xor, opI32And)
	}
	push(0)
	f.op(opI32ShrU)
	f.i32(1)
	f.op(opI32And)
	f.i32(0)
	push(0)
	f.i32(256)
	f.op(opI32LtU, opSelect)
}
