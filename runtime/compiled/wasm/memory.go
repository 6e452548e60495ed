package wasm

import (
	"gvpie/runtime/isa"
	"gvpie/runtime/kernel"
)

// pages writes what reads the machine's pages.
type pages struct {
	*operands
	tables map[uint32][]local // small arrays that are kept in vectors, by address
}

// page gives where the page of a load is in memory, where its array is, and how many
// words of the array, from its base on, are in the page.
func (p *pages) page(in *kernel.Instr) (page, base, n uint32) {
	page, words := p.l.Data, uint32(p.l.DataWords)
	if in.Op == isa.LDT || in.Op == isa.LDT2 {
		page, words = p.l.Program, uint32(p.l.ProgramWords)
	}
	if in.Array.Base >= words {
		return page, 0, 0
	}
	n = words - in.Array.Base
	if in.Op == isa.LD || in.Op == isa.LDT {
		n = min(n, in.Array.Len)
	}
	return page, in.Array.Base, n
}

// rows is how many rows of an array begin in its page.
func (p *pages) rows(in *kernel.Instr) uint32 {
	_, _, n := p.page(in)
	if n == 0 || in.Array.W == 0 {
		return 0
	}
	return min(in.Array.H, (n-1)/in.Array.W+1)
}

// index2 pushes, for vector u, where in its array a load of two indices is.
func (p *pages) index2(in *kernel.Instr, u int) {
	f := p.f
	p.vec(in.Args[1], u)
	f.all(in.Array.W)
	f.op(opI32x4Mul)
	p.vec(in.Args[0], u)
	f.op(opI32x4Add)
}

func (p *pages) scalarIndex2(in *kernel.Instr, push func(i int)) {
	push(1)
	p.f.i32(int32(in.Array.W))
	p.f.op(opI32Mul)
	push(0)
	p.f.op(opI32Add)
}

// load pushes the words that a load reads for vector u.
func (p *pages) load(in *kernel.Instr, u int) {
	f := p.f
	page, base, n := p.page(in)
	if n == 0 {
		f.all(0)
		return
	}
	if in.Op == isa.LD || in.Op == isa.LDT {
		p.vec(in.Args[0], u)
	} else {
		p.index2(in, u)
	}
	if p.mask != nil { // texels that are not here may hold anything
		f.all(n - 1)
		f.op(opI32x4MinU)
	}
	from := page + 4*base
	if t := p.tables[from]; len(t) > 0 {
		p.lookUp(t)
		return
	}
	p.gather(from, nil, p.order(in))
}

// order is what is known of the places that the texels of a vector read.
type order int

const (
	anyOrder order = iota
	oftenRuns
	runs // one word after the other
)

// order is the order in which a load or PEEK reads.
func (p *pages) order(in *kernel.Instr) order {
	switch {
	case in.Next && p.mask == nil && p.k.W >= p.n*lanes:
		return runs
	case in.Next || in.Near:
		return oftenRuns
	}
	return anyOrder
}

// gather replaces the word numbers on the stack by the words, from an address on,
// and from a local's on if there is one.
func (p *pages) gather(from uint32, base *local, o order) {
	f := p.f
	index := f.keep(v128)
	v := f.temp(v128)
	address := func() {
		if base != nil {
			f.get(*base)
			f.op(opI32Add)
		}
	}
	first := func() {
		f.get(index)
		f.lane(opI32x4ExtractLane, 0)
		f.i32(2)
		f.op(opI32Shl)
		address()
		f.load(opV128Load, from)
		f.set(v)
	}
	if o == runs {
		first()
		f.get(v)
		f.release(index, v)
		return
	}
	if o == oftenRuns {
		f.get(index, index)
		f.lane(opI32x4ExtractLane, 0)
		f.op(opI32x4Splat)
		f.v128(0, 1, 2, 3)
		f.op(opI32x4Add, opI32x4Eq, opI32x4AllTrue)
		f.open(opIf)
		first()
		f.op(opElse)
	}
	f.get(index)
	f.twice(2)
	f.set(index)
	for i := range lanes {
		f.get(index)
		f.lane(opI32x4ExtractLane, i)
		address()
		if i == 0 {
			f.load(opV128Load32Zero, from)
		} else {
			f.get(v)
			f.loadLane(from, i)
		}
		f.set(v)
	}
	if o == oftenRuns {
		f.end()
	}
	f.get(v)
	f.release(index, v)
}

// twice doubles words so many times.
func (f *function) twice(times int) {
	t := f.temp(v128)
	for range times {
		f.tee(t)
		f.get(t)
		f.op(opI32x4Add)
	}
	f.release(t)
}

// peek pushes the texels, as the frame began, that vector u looks at.
func (p *pages) peek(in *kernel.Instr, u int) {
	f, w, h := p.f, uint32(p.k.W), uint32(p.k.H)
	x, y := in.Args[0], in.Args[1]
	inside := f.temp(v128)
	checks := 0
	for i, size := range []uint32{w, h} {
		a := in.Args[i]
		if a.Range.Lo >= 0 && a.Range.Hi < int32(size) && p.mask == nil {
			continue
		}
		p.vec(a, u)
		f.all(size)
		f.op(opI32x4LtU)
		if checks++; checks == 2 {
			f.op(opV128And)
		}
	}
	if checks > 0 {
		f.set(inside)
	}
	var row *local
	if p.scalars([]kernel.Arg{y}) && (checks == 0 || p.mask == nil && y.Range.Lo >= 0 && y.Range.Hi < int32(h)) {
		p.word(y)
		f.i32(int32(4 * w))
		f.op(opI32Mul)
		l := f.keep(i32)
		row = &l
		p.vec(x, u)
	} else {
		p.vec(y, u)
		f.all(w)
		f.op(opI32x4Mul)
		p.vec(x, u)
		f.op(opI32x4Add)
	}
	if checks > 0 {
		f.get(inside)
		f.op(opV128And)
	}
	o := p.order(in)
	if checks > 0 && o == runs {
		o = oftenRuns
	}
	p.gather(p.l.Began, row, o)
	p.seen()
	if checks > 0 {
		f.get(inside)
		f.op(opV128And)
	}
	if row != nil {
		f.release(*row)
	}
	f.release(inside)
}
