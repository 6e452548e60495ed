package rules

import "math"

// span is the numbers from lo to hi.
type span struct{ lo, hi int64 }

var anything = span{math.MinInt32, math.MaxInt32}

// bounds says between which numbers an expression is; known has what is known of names.
func (p *names) bounds(e *expr, known map[string]span) (lo, hi int64) {
	s := p.spanOf(e, known)
	return s.lo, s.hi
}

// within is a span if no sum in it wraps, else anything.
func within(lo, hi int64) span {
	if lo < math.MinInt32 || hi > math.MaxInt32 {
		return anything
	}
	return span{lo, hi}
}

func (p *names) spanOf(e *expr, known map[string]span) span {
	if v, ok := p.value(e); ok {
		return span{int64(v), int64(v)}
	}
	switch e.kind {
	case name:
		if s, ok := known[e.name]; ok {
			return s
		}
		switch e.name {
		case "px":
			return span{0, int64(p.w) - 1}
		case "py":
			return span{0, int64(p.h) - 1}
		}
	case index:
		if t, ok := p.tables[e.name]; ok && len(t) > 0 {
			out := p.spanOf(t[0], nil)
			for _, v := range t[1:] {
				s := p.spanOf(v, nil)
				out = span{min(out.lo, s.lo), max(out.hi, s.hi)}
			}
			return out
		}
	case unary:
		a := p.spanOf(e.args[0], known)
		switch e.op {
		case "-":
			return within(-a.hi, -a.lo)
		case "~":
			return span{-a.hi - 1, -a.lo - 1}
		}
		return span{0, 1}
	case binary:
		return binarySpan(e.op, p.spanOf(e.args[0], known), p.spanOf(e.args[1], known))
	case call:
		var a [3]span
		for i := range e.args {
			a[i] = p.spanOf(e.args[i], known)
		}
		return callSpan(e.name, a)
	}
	return anything
}

func binarySpan(op string, a, b span) span {
	switch op {
	case "+":
		return within(a.lo+b.lo, a.hi+b.hi)
	case "-":
		return within(a.lo-b.hi, a.hi-b.lo)
	case "*":
		c := [...]int64{a.lo * b.lo, a.lo * b.hi, a.hi * b.lo, a.hi * b.hi}
		return within(min(c[0], c[1], c[2], c[3]), max(c[0], c[1], c[2], c[3]))
	case "/":
		if b.lo == b.hi && b.lo > 0 {
			return span{a.lo / b.lo, a.hi / b.lo}
		}
	case "%":
		if b.lo == b.hi && b.lo > 0 {
			m := b.lo - 1
			return span{max(min(a.lo, 0), -m), min(max(a.hi, 0), m)}
		}
	case "&":
		if a.lo >= 0 && b.lo >= 0 {
			return span{0, min(a.hi, b.hi)}
		}
		if a.lo >= 0 {
			return span{0, a.hi}
		}
		if b.lo >= 0 {
			return span{0, b.hi}
		}
	case "|", "^":
		if a.lo >= 0 && b.lo >= 0 {
			top := int64(1)
			for top <= max(a.hi, b.hi) {
				top *= 2
			}
			return span{0, top - 1}
		}
	case ">>":
		if b.lo == b.hi && b.lo >= 0 && b.lo < 32 {
			return span{a.lo >> b.lo, a.hi >> b.lo}
		}
	case "<<":
		if b.lo == b.hi && b.lo >= 0 && b.lo < 32 {
			return within(a.lo<<b.lo, a.hi<<b.lo)
		}
	case "==", "!=", "<", "<=", ">", ">=", "&&", "||":
		return span{0, 1}
	}
	return anything
}

func callSpan(f string, a [3]span) span {
	switch f {
	case "min":
		return span{min(a[0].lo, a[1].lo), min(a[0].hi, a[1].hi)}
	case "max":
		return span{max(a[0].lo, a[1].lo), max(a[0].hi, a[1].hi)}
	case "clamp":
		return span{max(a[1].lo, min(a[2].lo, a[0].lo)), max(a[1].hi, min(a[2].hi, a[0].hi))}
	case "sgn":
		return span{-1, 1}
	case "abs":
		if a[0].lo > math.MinInt32 {
			m := max(-a[0].lo, a[0].hi)
			if a[0].lo >= 0 {
				return a[0]
			}
			return span{0, m}
		}
	case "sin", "cos":
		return span{-1024, 1024}
	case "key", "keyp":
		return span{0, 1}
	case "atan2":
		return span{0, 1023}
	case "noise":
		return span{0, 255}
	case "rgb", "hsv", "mix", "peek":
		return span{0, 0xFFFFFF}
	case "sqrt":
		return span{0, 46340}
	case "rnd":
		return span{0, max(0, a[0].hi-1)}
	}
	return anything
}
