package rules

import (
	"slices"

	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/syntax"
)

// box is what a draw covers, exactly: a rectangle of one colour.
type box struct {
	x, y, w, h *expr
	color      *expr // nil: the default
}

// boxOf gives the rectangle that a statement draws, on the layer of the paper; nil: it
// draws none.
func boxOf(s *stmt) *box {
	if s.kind != syntax.OpStmt {
		return nil
	}
	b := &box{}
	switch {
	case s.op == isa.RECT && len(s.args) >= 4:
		b.x, b.y, b.w, b.h = s.args[0], s.args[1], s.args[2], s.args[3]
		if len(s.args) > 4 {
			b.color = s.args[4]
		}
	case s.op == isa.PLOT && len(s.args) >= 2:
		b.x, b.y, b.w, b.h = s.args[0], s.args[1], number(1), number(1)
		if len(s.args) > 2 {
			b.color = s.args[2]
		}
	default:
		return nil
	}
	return b
}

// stmt is the rectangle as a statement.
func (b *box) stmt() *stmt {
	if b.color == nil {
		return draw(isa.RECT, b.x, b.y, b.w, b.h)
	}
	return draw(isa.RECT, b.x, b.y, b.w, b.h, b.color)
}

func (b *box) exprs() []*expr {
	out := []*expr{b.x, b.y, b.w, b.h}
	if b.color != nil {
		out = append(out, b.color)
	}
	return out
}

// near says that a coordinate is not so far away that it is clamped.
func (p *names) near(e *expr, known map[string]span) bool {
	lo, hi := p.bounds(e, known)
	return lo >= -8192 && hi <= 8191
}

// rectOfLoop makes a RECT of a FOR that draws one strip after the other.
func rectOfLoop(p *program, out *proposals) {
	known := p.known()
	for k, l := range p.lists() {
		for i, s := range *l.at {
			if l.each || s.kind != syntax.ForStmt {
				continue
			}
			b, after, proved := strip(p, s, known)
			if b == nil {
				continue
			}
			q, at := p.edit(k)
			by := []*stmt{b.stmt()}
			if readElsewhere(p, s.name, s) {
				by = append(by, set(s.name, after))
			}
			replace(at, i, 1, by...)
			out.add(q, proved, "draw a RECT for a loop of them")
		}
	}
}

// readElsewhere says whether a loop's name is read outside of the loops that count it.
func readElsewhere(p *program, n string, loop *stmt) bool {
	found := false
	var walk func(body []*stmt)
	walk = func(body []*stmt) {
		for _, s := range body {
			for at := s; at != nil; at = at.other {
				if at == loop || at.kind == syntax.ForStmt && at.name == n && !slices.ContainsFunc(at.args, func(e *expr) bool { return e.reads(n) }) {
					continue
				}
				at.exprs(func(e *expr) { found = found || e.reads(n) })
				walk(at.body)
			}
		}
	}
	walk(p.body)
	return found
}

// strip is what a loop of one draw covers, and the value of its name after it.
func strip(p *program, s *stmt, known map[string]span) (b *box, after *expr, proved bool) {
	if len(s.args) > 2 || len(s.body) != 1 {
		return nil, nil, false
	}
	one := s.body[0]
	proved = true
	if one.isOp(isa.LINE) {
		if r, sure := straightLine(p, one, known); r != nil {
			one, proved = r, sure
		}
	}
	in := boxOf(one)
	if in == nil {
		return nil, nil, false
	}
	from, to := s.args[0], s.args[1]
	for _, e := range append(in.exprs(), from, to) {
		if !e.pure() {
			return nil, nil, false
		}
	}
	n := s.name
	if to.reads(n) || from.reads(n) || in.w.reads(n) || in.h.reads(n) || in.color != nil && in.color.reads(n) {
		return nil, nil, false
	}
	count := addNumber2(p, p.difference(to, from), 1)
	out := *in
	moves := func(at, size *expr) bool { // by one a turn, one wide
		d := p.difference(at, named(n))
		v, ok := p.value(size)
		return ok && v == 1 && !d.expr().reads(n)
	}
	switch {
	case !in.y.reads(n) && moves(in.x, in.w):
		out.x, out.w = p.linearOf(in.x.substitute(n, from)).expr(), count
	case !in.x.reads(n) && moves(in.y, in.h):
		out.y, out.h = p.linearOf(in.y.substitute(n, from)).expr(), count
	default:
		return nil, nil, false
	}
	proved = proved && p.near(from, known) && p.near(to, known)
	for _, e := range append(in.exprs(), from, to) {
		proved = proved && !p.faults(e)
	}
	for _, e := range out.exprs()[:4] {
		proved = proved && p.near(e, known)
	}
	return &out, called("max", from, addNumber(to, 1)), proved
}

func addNumber2(p *program, l linear, v int32) *expr {
	l.plus += v
	return l.expr()
}

// rectOfLine makes a RECT of a LINE along a row or column.
func rectOfLine(p *program, out *proposals) {
	known := p.known()
	for k, l := range p.lists() {
		for i, s := range *l.at {
			if !s.isOp(isa.LINE) {
				continue
			}
			if r, proved := straightLine(p, s, known); r != nil {
				q, at := p.edit(k)
				replace(at, i, 1, r)
				out.add(q, proved, "draw a RECT for a straight LINE")
			}
		}
	}
}

// straightLine is a LINE along a row or column as a RECT; nil: it is none.
func straightLine(p *program, s *stmt, known map[string]span) (r *stmt, proved bool) {
	x0, y0, x1, y1 := s.args[0], s.args[1], s.args[2], s.args[3]
	for _, e := range s.args {
		if !e.pure() {
			return nil, false
		}
	}
	b := &box{x: x0, y: y0, w: number(1), h: number(1)}
	if len(s.args) > 4 {
		b.color = s.args[4]
	}
	from, to, size := y0, y1, &b.h
	switch {
	case p.equal(x0, x1):
	case p.equal(y0, y1):
		from, to, size = x0, x1, &b.w
	default:
		return nil, false
	}
	if d := p.difference(to, from); len(d.terms) == 0 && d.plus < 0 { // it is drawn backwards
		if from == x0 {
			b.x = x1
		} else {
			b.y = y1
		}
		from, to = to, from
	}
	*size = addNumber2(p, p.difference(to, from), 1)
	proved = p.atMost(from, to, known)
	for _, e := range b.exprs()[:4] {
		proved = proved && p.near(e, known)
	}
	for _, e := range s.args {
		proved = proved && !p.faults(e)
	}
	return b.stmt(), proved
}

// mergeRects makes one RECT of two that touch.
func mergeRects(p *program, out *proposals) {
	known := p.known()
	for k, l := range p.lists() {
		if l.each {
			continue
		}
		for i := 0; i+1 < len(*l.at); i++ {
			a, b := boxOf((*l.at)[i]), boxOf((*l.at)[i+1])
			if a == nil || b == nil {
				continue
			}
			if m, proved := joined(p, a, b, known); m != nil {
				q, at := p.edit(k)
				replace(at, i, 2, m.stmt())
				out.add(q, proved, "draw two RECTs that touch as one")
			}
		}
	}
}

// joined is the rectangle that two make up; nil: they make none.
func joined(p *program, a, b *box, known map[string]span) (m *box, proved bool) {
	if (a.color == nil) != (b.color == nil) || a.color != nil && !p.equal(a.color, b.color) {
		return nil, false
	}
	for _, e := range append(a.exprs(), b.exprs()...) {
		if !e.pure() || p.faults(e) {
			return nil, false
		}
	}
	c := *a
	positive := func(e *expr) bool { lo, _ := p.bounds(e, known); return lo >= 0 }
	switch {
	case p.equal(a.y, b.y) && p.equal(a.h, b.h):
		switch {
		case p.equal(b.x, apply("+", a.x, a.w)):
		case p.equal(a.x, apply("+", b.x, b.w)):
			c.x = b.x
		default:
			return nil, false
		}
		c.w = p.linearOf(apply("+", a.w, b.w)).expr()
		proved = positive(a.w) && positive(b.w)
	case p.equal(a.x, b.x) && p.equal(a.w, b.w):
		switch {
		case p.equal(b.y, apply("+", a.y, a.h)):
		case p.equal(a.y, apply("+", b.y, b.h)):
			c.y = b.y
		default:
			return nil, false
		}
		c.h = p.linearOf(apply("+", a.h, b.h)).expr()
		proved = positive(a.h) && positive(b.h)
	default:
		return nil, false
	}
	for _, e := range c.exprs()[:4] {
		proved = proved && p.near(e, known)
	}
	for _, e := range []*expr{b.x, b.y} {
		proved = proved && p.near(e, known)
	}
	return &c, proved
}

// countedLoop makes a FOR of a WHILE that counts.
func countedLoop(p *program, out *proposals) {
	known := p.known()
	for k, l := range p.lists() {
		for i := 0; i+1 < len(*l.at); i++ {
			s, w := (*l.at)[i], (*l.at)[i+1]
			if s.kind != syntax.SetStmt || len(s.index) > 0 || w.kind != syntax.WhileStmt || len(w.body) == 0 || l.def != nil {
				continue
			}
			n, c, last := s.name, w.args[0], w.body[len(w.body)-1]
			if !c.is("<") || !c.args[0].isName(n) || !c.args[1].pure() || c.args[1].reads(n) || c.args[1].calls("peek") ||
				last.kind != syntax.SetStmt || last.name != n || !p.equal(last.args[0], apply("+", named(n), number(1))) || len(last.index) > 0 {
				continue
			}
			body := w.body[:len(w.body)-1]
			ok := !p.faults(c.args[1]) || len(body) == 0
			names := c.args[1].names()
			names[n] = true
			// FOR works its limit out before its start.
			ok = ok && s.args[0].pure() && (!p.faults(s.args[0]) || !p.faults(c.args[1]))
			each(body, func(x *stmt) { ok = ok && x.kind != syntax.ContinueStmt && !x.setsAny(names) })
			for _, x := range body {
				ok = ok && x.straight()
			}
			if lo, _ := p.bounds(c.args[1], known); !ok || lo <= -1<<31 {
				continue
			}
			q, at := p.edit(k)
			f := (*at)[i+1]
			f.kind, f.verb, f.name = syntax.ForStmt, "FOR", n
			f.args = []*expr{(*at)[i].args[0], p.shorter(apply("-", c.args[1], number(1)), known)}
			f.body = f.body[:len(f.body)-1]
			replace(at, i, 2, f)
			out.add(q, true, "count with FOR what a WHILE counts")
		}
	}
}
