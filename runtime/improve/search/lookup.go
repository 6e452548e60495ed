package search

import "gvpie/runtime/isa"

// smallest gives the expressions of the fewest operations, most at most, that have such
// values: what is in the bank, then what one more operation makes of two of its entries.
func (b *bank) smallest(target *vector, most int) (out []match) {
	if e := b.find(target); e >= 0 && b.sizeOf(e) <= most {
		return []match{{meant: b.expr(e), term: b.term(e), size: b.sizeOf(e)}}
	}
	for size := b.sizes() + 1; size <= min(most, 2*b.sizes()+1) && b.work < b.limit; size++ {
		if out = b.joined(target, size); len(out) > 0 {
			return out
		}
	}
	return nil
}

// mostAlike is how many expressions with the same values are looked at.
const mostAlike = 8

// joined finds expressions of a size of which both operands are in the bank.
func (b *bank) joined(target *vector, size int) (out []match) {
	if size-1 <= b.sizes() {
		from, to := b.span(size - 1)
		for _, op := range unary {
			for e := from; e < to; e++ {
				if compute(op, b.columns[0][e], 0) == target[0] && b.gives(op, e, target) {
					out = append(out, b.matched(op, e))
				}
			}
		}
	}
	for _, p := range pairs(size) {
		if p.a > b.sizes() || p.b > b.sizes() {
			continue
		}
		if p.a >= p.b {
			out = b.inverted(target, p, out)
		}
		fromA, toA := b.span(p.a)
		fromB, toB := b.span(p.b)
		for _, op := range binary {
			switch op {
			case isa.ADD, isa.SUB, isa.XOR:
				continue // inverted
			}
			if p.a < p.b && commutes(op) || p.b > 0 && plain(op) {
				continue
			}
			for i := fromA; i < toA && len(out) < mostAlike; i++ {
				b.work++
				if b.work > b.limit {
					return out
				}
				out = b.scan(op, i, fromB, toB, target, out)
			}
		}
	}
	return out
}

// scan tries an operation of one entry with many.
func (b *bank) scan(op isa.Op, i, from, to int32, target *vector, out []match) []match {
	x := b.values(i)
	if !may(op, &x, target) {
		return out
	}
	b.work += uint64(to - from)
	try := func(e int32) {
		if !b.odd(op, i, e) && b.gives2(op, i, e, target) {
			out = append(out, b.matched(op, i, e))
		}
	}
	x0, t := x[0], target[0]
	second := b.columns[0][from:to]
	switch op {
	case isa.AND:
		for j, y := range second {
			if x0&y == t {
				try(from + int32(j))
			}
		}
	case isa.OR:
		for j, y := range second {
			if x0|y == t {
				try(from + int32(j))
			}
		}
	case isa.DIV, isa.MOD:
		for j, y := range second {
			if y != 0 && compute(op, x0, y) == t {
				try(from + int32(j))
			}
		}
	default:
		for j, y := range second {
			if compute(op, x0, y) == t {
				try(from + int32(j))
			}
		}
	}
	return out
}

// may says that an operation with such a first operand can give the target at all.
func may(op isa.Op, x, target *vector) bool {
	for k, t := range target {
		can := true
		switch op {
		case isa.AND:
			can = t&^x[k] == 0
		case isa.OR:
			can = x[k]&^t == 0
		case isa.LT, isa.LE, isa.EQ, isa.NE:
			can = t == 0 || t == 1
		case isa.MIN:
			can = x[k] >= t
		case isa.MAX:
			can = x[k] <= t
		case isa.SHL, isa.MUL:
			can = x[k] != 0 || t == 0
		}
		if !can {
			return false
		}
	}
	return true
}

// inverted finds sums, differences and exclusive ors: of one operand the other is known.
func (b *bank) inverted(target *vector, p pair, out []match) []match {
	from, to := b.span(p.a)
	var v vector
	for i := from; i < to && len(out) < mostAlike; i++ {
		b.work++
		for way := range 4 {
			for k := range v {
				x := b.columns[k][i]
				switch way {
				case 0, 1:
					v[k] = target[k] - x // x + v, or v is taken from
				case 2:
					v[k] = x - target[k] // x - v
				default:
					v[k] = x ^ target[k]
				}
				if way == 1 {
					v[k] = target[k] + x // v - x
				}
			}
			e := b.find(&v)
			if e < 0 || b.sizeOf(e) != p.b || b.number(i) && b.number(e) {
				continue
			}
			switch way {
			case 0:
				out = append(out, b.matched(isa.ADD, i, e))
			case 1:
				if !b.odd(isa.SUB, e, i) {
					out = append(out, b.matched(isa.SUB, e, i))
				}
			case 2:
				if !b.odd(isa.SUB, i, e) {
					out = append(out, b.matched(isa.SUB, i, e))
				}
			default:
				out = append(out, b.matched(isa.XOR, i, e))
			}
		}
	}
	return out
}

func (b *bank) gives(op isa.Op, e int32, target *vector) bool {
	for k := range target {
		if compute(op, b.columns[k][e], 0) != target[k] {
			return false
		}
	}
	return true
}

func (b *bank) gives2(op isa.Op, i, j int32, target *vector) bool {
	for k := range target {
		y := b.columns[k][j]
		if y == 0 && (op == isa.DIV || op == isa.MOD) || compute(op, b.columns[k][i], y) != target[k] {
			return false
		}
	}
	return true
}
