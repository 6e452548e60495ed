package wasm

import (
	"gvpie/runtime/isa"
	"gvpie/runtime/kernel"
)

const lanes = 4 // words of a vector

// vectors is how many vectors of texels go through a kernel together. Two gain where
// a loop's results wait for one another and all texels turn as often; elsewhere
// registers are short, and more texels wait for the last.
func vectors(k *kernel.Kernel) (n int) {
	n = 2
	if len(k.Loops) == 0 || k.W < 2*lanes {
		return 1
	}
	for b := range k.Blocks {
		for _, l := range k.Loops {
			if b < l.Head || b > l.Last {
				continue
			}
			edges(k, b, func(to int) {
				if (to < l.Head || to > l.Last) && !k.Blocks[b].Exit.Uniform {
					n = 1
				}
			})
		}
	}
	return n
}

// Emit writes a kernel as a module whose memory is laid out as l, which NewLayout
// made of the same kernel. The error says, for a person, why it cannot.
func Emit(k *kernel.Kernel, l Layout) ([]byte, error) {
	f := newFunction([]valueType{i32, i32, i32, i32}, []valueType{i32})
	words := &operands{k: k, l: l, n: vectors(k), f: f}
	e := &emitter{computer: &computer{pages: &pages{operands: words}, m: &module{bytes: l.Size}}}
	e.declare()
	e.findTables()
	p, err := newPlan(k, e.scalarExit)
	if err != nil {
		return nil, err
	}
	e.p = p
	e.row()
	row := e.m.add(e.f)
	e.m.exports = []export{{"row", e.m.add(firstRow(row))}}
	if l.Rows > 1 {
		e.m.exports = append(e.m.exports, export{"rows", e.m.add(rows(row, k.W))})
	}
	e.tables()
	return e.m.encode(), nil
}

// The parameters of the function that runs a row: texels [x0, x1) of row y, which are
// written so many bytes behind Color and Put. It gives the texel that it stopped at.
const (
	paramX0 local = iota
	paramX1
	paramY
	paramOut
)

// emitter writes one kernel's row.
type emitter struct {
	*computer
	p *plan

	x      local // i32: column of the first texel that is not done
	at     local // i32: column of the vector's first texel, times 4
	budget local // i32: instructions that are left to each texel
	color  []local
	put    []local

	masks   map[int][]local // of a class; the loops' heads' among them
	next    map[int][]local // of a loop: the texels of its next turn
	loops   map[int]label
	targets map[int]label // of the spans that are open and branched to
	full    []int         // classes of which a texel is here for sure

	class int // of the block that is being written
}

// scalarExit says whether a block's exit compares what all texels share.
func (e *emitter) scalarExit(b int) bool {
	x := &e.k.Blocks[b].Exit
	return x.Uniform && (e.k.Blocks[b].Uniform || e.scalars(x.Args))
}

// row writes the function: the row's own work, and a loop over its vectors.
func (e *emitter) row() {
	f := e.f
	e.x, e.at, e.budget = f.local(i32), f.local(i32), f.local(i32)
	e.masks, e.next, e.loops, e.targets = map[int][]local{}, map[int][]local{}, map[int]label{}, map[int]label{}
	for range e.n {
		e.color = append(e.color, f.local(v128))
		e.put = append(e.put, f.local(v128))
	}
	perRow := true // what the row's instructions make stays
	for _, in := range e.k.Row {
		perRow = perRow && !e.vars[in.Dst].written
	}
	e.loadTables()
	e.begin(false)
	if perRow {
		e.shareds()
	}
	// The last vector is moved to the left, over texels that are done: they are
	// computed again, so that none needs a mask.
	texels := int32(e.n * lanes)
	last := f.local(i32)
	f.get(paramX1)
	f.i32(texels)
	f.op(opI32Sub)
	f.tee(last)
	f.i32(0)
	f.get(last)
	f.i32(0)
	f.op(opI32GtS, opSelect)
	f.set(last)

	f.get(paramX0)
	f.set(e.x)
	turn := f.open(opLoop)
	f.get(e.x, paramX1)
	f.op(opI32GeS)
	f.open(opIf)
	f.get(paramX1)
	f.op(opReturn)
	f.end()
	f.get(e.x, last, e.x, last)
	f.op(opI32LtS, opSelect)
	f.i32(2)
	f.op(opI32Shl)
	f.set(e.at)
	e.begin(true)
	if !perRow {
		e.shareds()
	}
	e.blocks()
	e.store()
	f.get(e.x)
	f.i32(texels)
	f.op(opI32Add)
	f.set(e.x)
	f.br(opBr, turn)
	f.end()
	f.get(paramX1)
}

// shareds writes what is computed once for a row, though its texels may never come to
// where it is from.
func (e *emitter) shareds() {
	e.idle = true
	e.instrs(e.k.Row)
	e.idle = false
}

// begin gives the Vars what they hold as the block begins: those that stay so once a
// row, the others once a vector.
func (e *emitter) begin(vector bool) {
	f := e.f
	for i := range e.vars {
		v, init := &e.vars[i], e.k.Vars[i]
		if vector != (v.written || init.Init == kernel.PX) || init.Init == kernel.Unset && v.scalar {
			continue
		}
		if init.Init == kernel.PX {
			for u := range v.v {
				f.get(e.at)
				f.i32(2)
				f.op(opI32ShrU, opI32x4Splat)
				at := uint32(u * lanes)
				f.v128(at, at+1, at+2, at+3)
				f.op(opI32x4Add)
				if e.k.W < e.n*lanes {
					f.all(uint32(e.k.W - 1))
					f.op(opI32x4MinU)
				}
				f.set(v.v[u])
			}
			continue
		}
		switch init.Init {
		case kernel.PY:
			f.get(paramY)
		case kernel.Capture:
			f.i32(int32(e.l.Captures) + 4*int32(init.Index))
			f.load(opI32Load, 0)
		default:
			e.zero(v.v)
			if !v.scalar {
				continue
			}
			f.i32(0)
		}
		e.assign(i, nil)
	}
	if !vector {
		return
	}
	for u := range e.n {
		f.all(0)
		f.set(e.color[u])
		f.all(0)
		f.set(e.put[u])
	}
	f.i32(isa.LaneBudget - e.k.Steps)
	f.set(e.budget)
}

// store writes the vector's texels into the row.
func (e *emitter) store() {
	f := e.f
	for u := range e.n {
		f.get(e.at, paramOut)
		f.op(opI32Add)
		f.get(e.color[u])
		e.display()
		f.load(opV128Store, e.l.Color+uint32(u)*16)
	}
	if e.k.Always != 0 {
		return
	}
	for u := range e.n {
		f.get(e.at, paramOut)
		f.op(opI32Add)
		f.get(e.put[u])
		f.load(opV128Store, e.l.Put+uint32(u)*16)
	}
}

// leave gives the vector to the interpreter.
func (e *emitter) leave() {
	e.f.get(e.x)
	e.f.op(opReturn)
}

// leaveIf does so if the word on the stack is not 0.
func (e *emitter) leaveIf() {
	e.f.open(opIf)
	e.leave()
	e.f.end()
}

// anyHere pushes whether a texel is at the block.
func (e *emitter) anyHere() {
	if e.mask == nil {
		e.f.i32(1)
		return
	}
	e.anyOf(e.mask)
}

func (e *emitter) anyOf(mask []local) {
	for u, m := range mask {
		e.f.get(m)
		if u > 0 {
			e.f.op(opV128Or)
		}
	}
	e.f.op(opV128AnyTrue)
}
