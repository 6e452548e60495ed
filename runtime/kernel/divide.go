package kernel

import "gvpie/runtime/isa"

// divided simplifies a / c and a % c.
func (s *simplifier) divided(v, a id, c int32, power int, become func(isa.Op, id, int32)) id {
	x := s.values[v]
	switch {
	case c == 0:
		return 0
	case x.op == isa.DIV && c == 1:
		return a
	case x.op == isa.MOD && (c == 1 || c == -1):
		return s.constant(0)
	}
	x.safe = true
	r := s.rangeAt(a, x.block)
	switch {
	case c < 0 || r.Lo < 0:
	case x.op == isa.MOD && r.Hi < c:
		return a
	case x.op == isa.DIV && power > 0:
		become(isa.SHR, a, int32(power))
	case x.op == isa.MOD:
		if less := s.without(v, a, c); less != 0 {
			become(isa.MOD, less, c)
		} else if power > 0 {
			become(isa.AND, a, c-1)
		}
	}
	return 0
}

// without takes the multiples of c from a sum a whose remainder is wanted, if what is
// left is not negative; 0 if there are none.
func (s *simplifier) without(v, a id, c int32) id {
	sum := s.values[a]
	if sum.kind != instrValue || sum.op != isa.ADD || s.values[sum.args[1]].kind != constantValue {
		return 0
	}
	more, i := int32(s.values[sum.args[1]].word), s.values[v].block
	r := s.rangeAt(sum.args[0], i)
	rest := more % c
	if more < c || int64(r.Lo)+int64(rest) < 0 || int64(r.Hi)+int64(more) > 1<<31-1 {
		return 0
	}
	if rest == 0 {
		return sum.args[0]
	}
	left := s.add(value{kind: instrValue, op: isa.ADD, pc: sum.pc, block: i, args: []id{sum.args[0], s.constant(uint32(rest))}, safe: true})
	s.values[left].rng = Range{r.Lo + rest, r.Hi + rest}
	if same := s.before(left); same != 0 {
		return same
	}
	s.out = append(s.out, left)
	return left
}
