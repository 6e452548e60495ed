package kernel

import "gvpie/runtime/isa"

// ranges finds which values each value may have. A value has more in a loop from
// round to round; so that this ends, the bounds of a loop's phis that still move
// after some rounds go to where they can't, and what is left is drawn in again.
func (f *function) ranges() {
	f.guards()
	for i := range f.nodes {
		for _, v := range f.phis[i] {
			f.values[v].rng = none
		}
	}
	for i := range f.nodes {
		for _, v := range f.code[i] {
			f.values[v].rng = none
		}
	}
	const patience = 2
	round := 0
	for changed := true; changed; round++ {
		changed = false
		f.eachRange(func(v *value, r Range) {
			if r = join(v.rng, r); r == v.rng {
				return
			}
			if v.kind == phiValue && round >= patience && v.rng != none {
				r = widen(v.rng, r)
			}
			v.rng = r
			changed = true
		})
	}
	for range 2 {
		f.eachRange(func(v *value, r Range) { v.rng = meet(v.rng, r) })
	}
	f.ranged = true
	for i := range f.nodes {
		for _, v := range f.code[i] {
			f.values[v].safe = f.values[v].safe || f.cannotFail(f.values[v])
		}
	}
}

// none is the range of what was not computed yet.
var none = Range{1, 0}

var everything = Range{-1 << 31, 1<<31 - 1}

func join(a, b Range) Range {
	switch {
	case a == none:
		return b
	case b == none:
		return a
	}
	return Range{min(a.Lo, b.Lo), max(a.Hi, b.Hi)}
}

// meet is what is in both; of ranges that have nothing in common, which is code that
// no texel comes to, the first.
func meet(a, b Range) Range {
	m := Range{max(a.Lo, b.Lo), min(a.Hi, b.Hi)}
	if m.Lo > m.Hi {
		return a
	}
	return m
}

// widen takes the bounds that moved to the next places where bounds tend to stay.
func widen(was, is Range) Range {
	if is.Lo < was.Lo {
		switch {
		case is.Lo >= 0:
			is.Lo = 0
		case is.Lo >= -1:
			is.Lo = -1
		default:
			is.Lo = everything.Lo
		}
	}
	if is.Hi > was.Hi {
		is.Hi = everything.Hi
	}
	return is
}

// eachRange computes the range of every value again, from those of its operands.
func (f *function) eachRange(found func(v *value, r Range)) {
	for i := range f.nodes {
		if f.nodes[i].dead {
			continue
		}
		for _, p := range f.phis[i] {
			r := none
			for k, a := range f.values[p].args {
				from := f.nodes[i].preds[k]
				r = join(r, f.rangeAt(a, from))
			}
			found(f.values[p], r)
		}
		for _, v := range f.code[i] {
			found(f.values[v], f.result(f.values[v], i))
		}
	}
}

// result is the range of an instruction's result, its operands taken at a node.
func (f *function) result(x *value, node int) Range {
	var r [3]Range
	for k, a := range x.args {
		if r[k] = f.rangeAt(a, node); r[k] == none {
			return none
		}
	}
	switch x.op {
	case isa.LDT, isa.LDT2:
		return tabled(f.p, x.array)
	case isa.PEEK:
		return Range{0, 1<<24 - 1}
	case isa.KEY, isa.KEYP:
		return Range{0, 1}
	}
	if x.op == isa.MUL && x.args[0] == x.args[1] {
		return square(r[0])
	}
	return compute(x.op, r[0], r[1], r[2])
}

// tabled is the range of a table's words.
func tabled(p isa.Program, a Array) Range {
	const most = 4096 // words looked at
	n := max(uint64(a.Len), uint64(a.W)*uint64(a.H))
	if n == 0 || n > most || uint64(a.Base)+n > uint64(len(p)) {
		return everything
	}
	r := none
	for _, w := range p[a.Base:][:n] {
		r = join(r, Range{int32(w), int32(w)})
	}
	return r
}

// guard is what a branch says of a value where it leads.
type guard struct {
	node  int
	op    isa.Op
	other id
}

// guards notes what the branches say.
func (f *function) guards() {
	f.said = make([][]guard, len(f.values))
	for i := range f.nodes {
		n, e := &f.nodes[i], &f.exits[i]
		if n.dead || n.els < 0 || !compares(e.op) {
			continue
		}
		for _, way := range [...]struct {
			to int
			op isa.Op
		}{{n.then, e.op}, {n.els, opposite(e.op)}} {
			a, b := e.args[0], e.args[1]
			f.said[a] = append(f.said[a], guard{way.to, way.op, b})
			f.said[b] = append(f.said[b], guard{way.to, turned(way.op), a})
		}
	}
}

// rangeAt is the range of a value in a node, where branches before may have said more
// of it.
func (f *function) rangeAt(v id, node int) Range {
	const deep = 2 // into operands
	return f.rangeIn(v, node, deep)
}

func (f *function) rangeIn(v id, node, deep int) Range {
	x := f.values[v]
	r := x.rng
	if x.kind == constantValue || r == none || int(v) >= len(f.said) {
		return r
	}
	for _, g := range f.said[v] {
		if f.dominates(g.node, node) {
			r = narrow(r, g.op, f.values[g.other].rng)
		}
	}
	if x.kind == instrValue && deep > 0 && x.block != node && len(f.said) > 0 {
		var args [3]Range
		more := false
		for k, a := range x.args {
			args[k] = f.rangeIn(a, node, deep-1)
			if args[k] == none {
				return r
			}
			more = more || args[k] != f.values[a].rng
		}
		if more && !reads(x.op) {
			r = meet(r, compute(x.op, args[0], args[1], args[2]))
		}
	}
	return r
}

// reads says whether an instruction looks at more than its operands.
func reads(op isa.Op) bool {
	switch op {
	case isa.LD, isa.LD2, isa.LDT, isa.LDT2, isa.PEEK, isa.KEY, isa.KEYP, isa.INPUT:
		return true
	}
	return false
}

// narrow is what is left of a range where its value compares so with another.
func narrow(r Range, op isa.Op, other Range) Range {
	if other == none {
		return r
	}
	switch op {
	case isa.EQ:
		return meet(r, other)
	case isa.NE:
		if other.Const() && r.Lo < r.Hi {
			if r.Lo == other.Lo {
				r.Lo++
			}
			if r.Hi == other.Lo {
				r.Hi--
			}
		}
	case isa.LT:
		if other.Hi > everything.Lo {
			return meet(r, Range{everything.Lo, other.Hi - 1})
		}
	case isa.LE:
		return meet(r, Range{everything.Lo, other.Hi})
	case isa.GT:
		if other.Lo < everything.Hi {
			return meet(r, Range{other.Lo + 1, everything.Hi})
		}
	case isa.GE:
		return meet(r, Range{other.Lo, everything.Hi})
	}
	return r
}

// cannotFail says whether the operands' ranges keep an instruction from failing.
func (f *function) cannotFail(x *value) bool {
	within := func(k int, n uint32) bool {
		r := f.rangeAt(x.args[k], x.block)
		return r.Lo >= 0 && uint32(r.Hi) < n
	}
	page := uint64(len(f.p))
	if x.op == isa.LD || x.op == isa.LD2 {
		page = uint64(f.h.DataWords)
	}
	a := x.array
	switch x.op {
	case isa.DIV, isa.MOD, isa.FDIV:
		r := f.rangeAt(x.args[1], x.block)
		return r.Lo > 0 || r.Hi < 0
	case isa.LD, isa.LDT:
		return within(0, a.Len) && uint64(a.Base)+uint64(a.Len) <= page
	case isa.LD2, isa.LDT2:
		return within(0, a.W) && within(1, a.H) && uint64(a.Base)+uint64(a.W)*uint64(a.H) <= page
	case isa.ASSERT:
		r := f.rangeAt(x.args[0], x.block)
		return r.Lo > 0 || r.Hi < 0
	}
	return false
}
