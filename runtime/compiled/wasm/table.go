package wasm

import (
	"maps"
	"slices"

	"gvpie/runtime/isa"
)

// maxTable is how many words of an array are kept in vectors: looking one up there
// takes a swizzle for each four.
const maxTable = 16

// findTables finds the small arrays that texels look into, each with others.
func (p *pages) findTables() {
	p.tables = map[uint32][]local{}
	for b := range p.k.Blocks {
		for i := range p.k.Blocks[b].Instrs {
			in := &p.k.Blocks[b].Instrs[i]
			switch in.Op {
			case isa.LD, isa.LDT, isa.LD2, isa.LDT2:
			default:
				continue
			}
			page, base, n := p.page(in)
			if in.Op == isa.LD2 || in.Op == isa.LDT2 {
				n = min(n, in.Array.W*p.rows(in))
			}
			if n == 0 || n > maxTable || p.shared(in) {
				continue
			}
			t := p.tables[page+4*base]
			for len(t) < int(n+lanes-1)/lanes {
				t = append(t, p.f.local(v128))
			}
			p.tables[page+4*base] = t
		}
	}
}

// loadTables fills them, at the beginning of a row.
func (p *pages) loadTables() {
	for _, from := range slices.Sorted(maps.Keys(p.tables)) {
		for i, l := range p.tables[from] {
			p.f.i32(int32(from) + int32(16*i))
			p.f.load(opV128Load, 0)
			p.f.set(l)
		}
	}
}

// lookUp replaces indices, which are in the table, by its words.
func (p *pages) lookUp(t []local) {
	f := p.f
	f.all(0x04040404) // of the four bytes of each word
	f.op(opI32x4Mul)
	f.all(0x03020100)
	f.op(opI32x4Add)
	at := f.keep(v128)
	for i, l := range t {
		// A byte of 16 or more looks up 0.
		f.get(l, at)
		if i > 0 {
			f.all(uint32(i) * 0x10101010)
			f.op(opI8x16Sub)
		}
		f.op(opI8x16Swizzle)
		if i > 0 {
			f.op(opV128Or)
		}
	}
	f.release(at)
}
