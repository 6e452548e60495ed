package rules

import "slices"

// linear is an expression as a sum of terms and a number, modulo 2³².
type linear struct {
	terms []term
	plus  int32
}

type term struct {
	of    *expr
	times int32
	stays bool // it is told apart from all others, because it may fault or changes something
}

// linearOf takes sums, differences and products with numbers apart.
func (p *names) linearOf(e *expr) linear {
	if v, ok := p.value(e); ok {
		return linear{plus: v}
	}
	if e.kind == unary && e.op == "-" {
		return p.linearOf(e.args[0]).times(-1)
	}
	if e.kind == binary {
		switch e.op {
		case "+":
			return p.linearOf(e.args[0]).add(p.linearOf(e.args[1]), 1)
		case "-":
			return p.linearOf(e.args[0]).add(p.linearOf(e.args[1]), -1)
		case "*":
			if v, ok := p.value(e.args[1]); ok {
				return p.linearOf(e.args[0]).times(v)
			}
			if v, ok := p.value(e.args[0]); ok {
				return p.linearOf(e.args[1]).times(v)
			}
		}
	}
	return linear{terms: []term{{e, 1, !e.pure() || p.faults(e)}}}
}

func (l linear) times(v int32) linear {
	out := linear{plus: l.plus * v}
	for _, t := range l.terms {
		if t.times*v != 0 || t.stays {
			out.terms = append(out.terms, term{t.of, t.times * v, t.stays})
		}
	}
	return out
}

func (l linear) add(o linear, sign int32) linear {
	out := linear{slices.Clone(l.terms), l.plus + sign*o.plus}
	for _, t := range o.terms {
		i := slices.IndexFunc(out.terms, func(u term) bool { return !t.stays && u.of.same(t.of) })
		if i < 0 {
			out.terms = append(out.terms, term{t.of, sign * t.times, t.stays})
		} else if out.terms[i].times += sign * t.times; out.terms[i].times == 0 {
			out.terms = slices.Delete(out.terms, i, i+1)
		}
	}
	return out
}

// expr is the sum as an expression.
func (l linear) expr() *expr {
	var e *expr
	for _, t := range l.terms {
		switch {
		case e == nil && t.times == 1:
			e = t.of
		case e == nil && t.times == -1:
			continue // below
		case e == nil:
			e = apply("*", t.of, number(t.times))
		case t.times == 1:
			e = apply("+", e, t.of)
		case t.times == -1:
			e = apply("-", e, t.of)
		case t.times < 0 && t.times != -1<<31:
			e = apply("-", e, apply("*", t.of, number(-t.times)))
		default:
			e = apply("+", e, apply("*", t.of, number(t.times)))
		}
	}
	// Terms that are taken away before anything is there to take them from.
	plus := l.plus
	started := false
	for _, t := range l.terms {
		if started = started || t.times != -1; started || t.times != -1 {
			continue
		}
		if e == nil {
			e, plus = apply("-", number(plus), t.of), 0
		} else {
			e = apply("-", e, t.of)
		}
	}
	if e == nil {
		return number(plus)
	}
	return addNumber(e, plus)
}

// difference is a - b, in its shortest form.
func (p *names) difference(a, b *expr) linear { return p.linearOf(a).add(p.linearOf(b), -1) }

// equal says that two expressions are one number, by sums alone.
func (p *names) equal(a, b *expr) bool {
	d := p.difference(a, b)
	return len(d.terms) == 0 && d.plus == 0
}

// atMost says that a <= b whatever happens; known has what is known of names.
func (p *names) atMost(a, b *expr, known map[string]span) bool {
	la, ha := p.bounds(a, known)
	lb, hb := p.bounds(b, known)
	if ha <= lb {
		return true
	}
	// By their difference, where neither wraps.
	if (span{la, ha}) == anything || (span{lb, hb}) == anything {
		return false
	}
	lo, _ := p.bounds(p.difference(b, a).expr(), known)
	return lo >= 0
}
