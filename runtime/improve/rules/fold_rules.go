package rules

import (
	"gvpie/runtime/pxl/syntax"
)

// simplify makes expressions shorter that say a thing in more words than it needs: known
// numbers, and what does nothing.
func simplify(p *program, out *proposals) {
	known := p.known()
	q, n := p.copy(), 0
	each(q.body, func(s *stmt) {
		if s.raw != "" || s.taken {
			return
		}
		s.change(func(e *expr) *expr {
			f := p.shorter(e, known)
			if f.work() < e.work() {
				n++
				return f
			}
			return e
		})
	})
	if n > 0 {
		out.add(q, true, "fold what is known")
	}
	for k, l := range p.lists() {
		for i, s := range *l.at {
			if s.kind != syntax.IfStmt || l.def != nil || !s.args[0].pure() || p.faults(s.args[0]) {
				continue
			}
			lo, hi := p.bounds(p.shorter(s.args[0], known), known)
			if lo > 0 || hi < 0 {
				q, at := p.edit(k)
				replace(at, i, 1, (*at)[i].body...)
				out.add(q, true, "take the IF away that is always true")
			} else if lo == 0 && hi == 0 {
				q, at := p.edit(k)
				replace(at, i, 1, elseOf((*at)[i])...)
				out.add(q, true, "take the IF away that is never true")
			}
		}
	}
}

// elseOf is what runs where the condition of an IF does not hold.
func elseOf(s *stmt) []*stmt {
	o := s.other
	switch {
	case o == nil:
		return nil
	case o.kind == syntax.ElseStmt:
		return o.body
	}
	o.kind, o.lead = syntax.IfStmt, nil
	return []*stmt{o}
}

// shorter gives an expression of the same value, with less to do.
func (p *program) shorter(e *expr, known map[string]span) *expr {
	return e.rewrite(func(x *expr) *expr {
		for {
			y := p.step(x, known)
			if y == x {
				return x
			}
			x = y
		}
	})
}

func (p *program) step(x *expr, known map[string]span) *expr {
	if x.kind == num || x.kind == name || x.kind == size || x.kind == index || x.kind == proc {
		return x
	}
	if v, ok := p.value(x); ok {
		return number(v)
	}
	if x.kind == call {
		return stepCall(p, x, known)
	}
	if x.kind == unary {
		a := x.args[0]
		switch {
		case x.op == "~" && a.is("~") && a.kind == unary, x.op == "-" && a.is("-") && a.kind == unary:
			return a.args[0]
		case x.op == "~" && a.kind == binary && a.op == "-" && a.args[0].kind == unary && a.args[0].op == "~": // ~(~x - c) = x + c
			return apply("+", a.args[0].args[0], a.args[1])
		}
		return x
	}
	if (x.op == "+" || x.op == "-") && x.pure() && !p.faults(x) {
		if y := p.linearOf(x).expr(); y.work() < x.work() {
			return y
		}
	}
	a, b := x.args[0], x.args[1]
	va, ka := p.value(a)
	vb, kb := p.value(b)
	switch x.op {
	case "+":
		switch {
		case ka && !kb:
			return apply("+", b, a)
		case kb && vb == 0:
			return a
		case kb && a.kind == binary && (a.op == "+" || a.op == "-"):
			if v, ok := p.value(a.args[1]); ok {
				if a.op == "-" {
					v = -v
				}
				return addNumber(a.args[0], v+vb)
			}
		case p.bitwise(a, b, "&", "|"): // (a & b) + (a | b) = a + b
			return apply("+", a.args[0], a.args[1])
		}
	case "-":
		switch {
		case kb && vb == 0:
			return a
		case kb && a.kind == binary && (a.op == "+" || a.op == "-"):
			if v, ok := p.value(a.args[1]); ok {
				if a.op == "-" {
					v = -v
				}
				return addNumber(a.args[0], v-vb)
			}
		case a.pure() && !p.faults(a) && a.same(b):
			return number(0)
		case ka && va == 0:
			return unaryOf("-", b)
		case a.kind == binary && a.op == "|" && b.kind == binary && b.op == "&" && pairSame(a, b) && a.pure(): // (a | b) - (a & b) = a ^ b
			return apply("^", a.args[0], a.args[1])
		}
		if y := sumLessTwice(a, b); y != nil {
			return y
		}
	case "*":
		switch {
		case ka && !kb:
			return apply("*", b, a)
		case kb && vb == 1:
			return a
		case kb && vb == 0 && a.pure() && !p.faults(a):
			return number(0)
		}
	case "/":
		if kb && vb == 1 {
			return a
		}
	case "|", "^":
		if kb && vb == 0 {
			return a
		}
		if ka && va == 0 {
			return b
		}
	case "<<", ">>", ">>>":
		if kb && vb&31 == 0 {
			return a
		}
	case "&":
		if kb && vb >= 0 && vb&(vb+1) == 0 {
			if lo, hi := p.bounds(a, known); lo >= 0 && hi <= int64(vb) {
				return a
			}
		}
	case "%":
		if lo, hi := p.bounds(a, known); kb && vb > 0 && lo >= 0 && hi < int64(vb) {
			return a
		}
	case "&&", "||":
		if ka { // the value alone decides, or the other does
			return apply("!=", b, number(0))
		}
	case "==", "!=", "<", "<=", ">", ">=":
		return stepCompare(p, x, known)
	}
	return x
}

// pairSame says whether two operations are of the same two values.
func pairSame(a, b *expr) bool {
	return a.args[0].same(b.args[0]) && a.args[1].same(b.args[1]) || a.args[0].same(b.args[1]) && a.args[1].same(b.args[0])
}

func (p *names) bitwise(a, b *expr, opA, opB string) bool {
	return a.kind == binary && b.kind == binary && (a.op == opA && b.op == opB || a.op == opB && b.op == opA) && pairSame(a, b) && a.pure()
}

// sumLessTwice knows (a + b) - 2 * (a & b), which is a ^ b.
func sumLessTwice(a, b *expr) *expr {
	if a.kind != binary || a.op != "+" || b.kind != binary || b.op != "*" {
		return nil
	}
	both := b.args[1]
	if !b.args[0].isNum(2) {
		if both = b.args[0]; !b.args[1].isNum(2) {
			return nil
		}
	}
	if both.kind == binary && both.op == "&" && pairSame(a, both) && a.pure() {
		return apply("^", a.args[0], a.args[1])
	}
	return nil
}

// addNumber is a + v.
func addNumber(a *expr, v int32) *expr {
	switch {
	case v == 0:
		return a
	case v < 0 && v != -1<<31:
		return apply("-", a, number(-v))
	}
	return apply("+", a, number(v))
}

func stepCompare(p *program, x *expr, known map[string]span) *expr {
	a, b := p.spanOf(x.args[0], known), p.spanOf(x.args[1], known)
	if x.any(func(e *expr) bool { return p.faults(e) }) || !x.pure() {
		return x
	}
	var yes, no bool
	switch x.op {
	case "<":
		yes, no = a.hi < b.lo, a.lo >= b.hi
	case "<=":
		yes, no = a.hi <= b.lo, a.lo > b.hi
	case ">":
		yes, no = a.lo > b.hi, a.hi <= b.lo
	case ">=":
		yes, no = a.lo >= b.hi, a.hi < b.lo
	case "==":
		no = a.hi < b.lo || a.lo > b.hi
		yes = x.args[0].same(x.args[1])
	case "!=":
		yes = a.hi < b.lo || a.lo > b.hi
		no = x.args[0].same(x.args[1])
	}
	switch {
	case yes:
		return number(1)
	case no:
		return number(0)
	}
	return x
}

func stepCall(p *program, x *expr, known map[string]span) *expr {
	in := func(i int) span { return p.spanOf(x.args[i], known) }
	// What is left out must not be missed.
	only := func(i int) *expr {
		for j, a := range x.args {
			if j != i && (!a.pure() || p.faults(a)) {
				return x
			}
		}
		return x.args[i]
	}
	switch x.name {
	case "clamp":
		if a, lo, hi := in(0), in(1), in(2); a.lo >= lo.hi && a.hi <= hi.lo {
			return only(0)
		}
	case "min":
		if a, b := in(0), in(1); a.hi <= b.lo {
			return only(0)
		} else if b.hi <= a.lo {
			return only(1)
		}
	case "max":
		if a, b := in(0), in(1); a.lo >= b.hi {
			return only(0)
		} else if b.lo >= a.hi {
			return only(1)
		}
	case "abs":
		if a := in(0); a.lo >= 0 {
			return only(0)
		}
	}
	return x
}

// minMaxOfIf makes a min, max or abs of an IF that is one.
func minMaxOfIf(p *program, out *proposals) {
	for k, l := range p.lists() {
		for i, s := range *l.at {
			if v := p.choice(s); v != nil {
				q, at := p.edit(k)
				c := set(s.body[0].name, v)
				c.verb = s.body[0].verb
				replace(at, i, 1, c)
				out.add(q, true, "write "+v.name+" for an IF that is one")
			}
		}
	}
}

// choice is the value that an IF gives the name that it compares; nil: it is no such IF.
func (p *names) choice(s *stmt) *expr {
	if s.kind != syntax.IfStmt || len(s.body) != 1 || s.body[0].kind != syntax.SetStmt || len(s.body[0].index) > 0 || s.args[0].kind != binary {
		return nil
	}
	b, c := s.body[0], s.args[0]
	if o := s.other; o != nil { // ELSE SET x = x
		if o.kind != syntax.ElseStmt || len(o.body) != 1 || o.body[0].kind != syntax.SetStmt || o.body[0].name != b.name || len(o.body[0].index) > 0 || !o.body[0].args[0].isName(b.name) {
			return nil
		}
	}
	v := b.args[0]
	x, y, op := c.args[0], c.args[1], c.op
	if !x.isName(b.name) || !y.pure() || !v.pure() || p.faults(y) {
		return nil
	}
	negated := v.kind == unary && v.op == "-" && v.args[0].isName(b.name) || v.kind == binary && v.op == "-" && v.args[0].isNum(0) && v.args[1].isName(b.name)
	switch {
	case negated && y.isNum(0) && (op == "<" || op == "<="):
		return called("abs", x)
	case !v.same(y) || y.reads(b.name):
		return nil
	case op == "<" || op == "<=":
		return called("max", x, y)
	case op == ">" || op == ">=":
		return called("min", x, y)
	}
	return nil
}
