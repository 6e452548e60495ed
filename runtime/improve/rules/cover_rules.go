package rules

import (
	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/syntax"
)

// coveredDraws takes away what is drawn over before anybody sees it.
func coveredDraws(p *program, out *proposals) {
	known := p.known()
	clips := p.has(isa.CLIP) || p.has(isa.CAMERA)
	for k, l := range p.lists() {
		if l.each {
			continue
		}
		for i, s := range *l.at {
			if !drawsAlone(p, s) {
				continue
			}
			for _, n := range (*l.at)[i+1:] {
				if !p.safe(n) {
					break
				}
				if covers := over(p, n, s, known); covers && !clips {
					q, at := p.edit(k)
					replace(at, i, 1)
					out.add(q, true, "take away "+s.head()+", which is drawn over")
					break
				}
				if s.anySetBy(n) {
					break
				}
			}
		}
	}
}

func (p *program) has(op isa.Op) bool {
	found := false
	each(p.body, func(s *stmt) { found = found || s.isOp(op) })
	return found
}

// drawsAlone says that a statement does nothing but draw, and cannot fault.
func drawsAlone(p *program, s *stmt) bool {
	ok := p.safe(s)
	each([]*stmt{s}, func(x *stmt) {
		switch {
		case x.kind == syntax.IfStmt, x.kind == syntax.ElseIfStmt, x.kind == syntax.ElseStmt:
		case x.kind == syntax.OpStmt && isa.Table[x.op].Group == isa.GroupDraw && x.op != isa.COLOR && x.op != isa.CLIP && x.op != isa.CAMERA:
		default:
			ok = false
		}
		x.exprs(func(e *expr) { ok = ok && e.pure() })
	})
	return ok
}

// anySetBy says whether n changes a name that s reads.
func (s *stmt) anySetBy(n *stmt) bool {
	found := false
	each([]*stmt{s}, func(x *stmt) {
		x.exprs(func(e *expr) { found = found || n.setsAny(e.names()) })
	})
	return found
}

// sameOutline says that two statements draw the same texels, whatever their colours are,
// wherever that is: on the canvas, off it, or by the mouse.
func (p *program) sameOutline(n, s *stmt) bool {
	if !s.isOp(n.op) {
		return false
	}
	switch n.op {
	case isa.RECT, isa.BOX, isa.PLOT, isa.LINE, isa.CIRC, isa.RING, isa.TRI:
	default:
		return false
	}
	for i := range isa.Table[n.op].Min { // those after it are colours
		if !p.equal(n.args[i], s.args[i]) {
			return false
		}
	}
	return true
}

// over says that n, which follows s, draws over all that s draws.
func over(p *program, n, s *stmt, known map[string]span) bool {
	if n.kind != syntax.OpStmt {
		return false
	}
	if n.op == isa.CLS {
		return true
	}
	var top *box
	switch {
	case p.sameOutline(n, s):
		return true
	case n.op == isa.RECT || n.op == isa.PLOT:
		top = boxOf(n)
	case n.op == isa.EACH && (len(n.args) == 0 || wholeCanvas(p, n.args)):
		if !putsAlways(p, n) {
			return false
		}
		top = &box{x: number(0), y: number(0), w: number(p.w), h: number(p.h)}
	default:
		return false
	}
	for _, e := range top.exprs()[:4] {
		if !p.near(e, known) {
			return false
		}
	}
	ok := true
	each([]*stmt{s}, func(x *stmt) {
		if x.kind != syntax.OpStmt {
			return
		}
		if p.cell && x.op != isa.RECT && x.op != isa.PLOT && x.op != isa.BOX && x.op != isa.CIRC && x.op != isa.RING && x.op != isa.LINE && x.op != isa.TRI {
			ok = false // it draws glyphs, or takes them away
			return
		}
		under := p.outline(x, known)
		ok = ok && (under == nil && isWhole(p, top) || under != nil && contains(p, top, under, known))
	})
	return ok
}

func wholeCanvas(p *program, args []*expr) bool {
	return isWhole(p, &box{x: args[0], y: args[1], w: args[2], h: args[3]})
}

func isWhole(p *program, b *box) bool {
	x, okX := p.value(b.x)
	y, okY := p.value(b.y)
	w, okW := p.value(b.w)
	h, okH := p.value(b.h)
	return okX && okY && okW && okH && x <= 0 && y <= 0 && x+w >= p.w && y+h >= p.h
}

// putsAlways says that a block gives every texel a colour.
func putsAlways(p *program, n *stmt) bool {
	puts := func(body []*stmt) bool { return false }
	puts = func(body []*stmt) bool {
		for _, s := range body {
			if s.isOp(isa.PUT) {
				return true
			}
			if s.kind == syntax.IfStmt {
				all, at := puts(s.body), s.other
				for ; at != nil; at = at.other {
					all = all && puts(at.body)
					if at.kind == syntax.ElseStmt && all {
						return true
					}
				}
			}
		}
		return false
	}
	return puts(n.body) && p.safe(n)
}

// outline is a rectangle that holds what a draw draws; nil: not known.
func (p *names) outline(s *stmt, known map[string]span) *box {
	b := p.sides(s, known)
	if b == nil {
		return nil
	}
	for _, e := range b.exprs()[:4] {
		if !p.near(e, known) {
			return nil
		}
	}
	return b
}

// sides is outline where far coordinates, which are clamped, do not matter.
func (p *names) sides(s *stmt, known map[string]span) *box {
	var b *box
	switch {
	case s.op == isa.RECT || s.op == isa.PLOT:
		b = boxOf(s)
	case (s.op == isa.BOX || s.op == isa.FILL) && len(s.args) >= 4:
		b = &box{x: s.args[0], y: s.args[1], w: s.args[2], h: s.args[3]}
	case (s.op == isa.CIRC || s.op == isa.RING) && len(s.args) >= 3:
		x, y, r := s.args[0], s.args[1], s.args[2]
		d := p.linearOf(r).times(2)
		d.plus++
		b = &box{x: apply("-", x, r), y: apply("-", y, r), w: d.expr(), h: d.expr()}
		if lo, _ := p.bounds(r, known); lo < 0 {
			return nil
		}
	default:
		return nil
	}
	return b
}

// contains says that a rectangle is inside another.
func contains(p *program, out, in *box, known map[string]span) bool {
	return p.atMost(out.x, in.x, known) && p.atMost(out.y, in.y, known) &&
		p.atMost(apply("+", in.x, in.w), apply("+", out.x, out.w), known) &&
		p.atMost(apply("+", in.y, in.h), apply("+", out.y, out.h), known)
}

// elseOfCover draws only where an IF behind it does not draw over it.
func elseOfCover(p *program, out *proposals) {
	known := p.known()
	if p.has(isa.CLIP) || p.has(isa.CAMERA) {
		return
	}
	for k, l := range p.lists() {
		if l.each {
			continue
		}
		for i := 0; i+1 < len(*l.at); i++ {
			s, n := (*l.at)[i], (*l.at)[i+1]
			if s.kind != syntax.OpStmt || !drawsAlone(p, s) || n.kind != syntax.IfStmt || n.other != nil || len(n.body) != 1 || !p.safe(n) || !n.args[0].pure() || !over(p, n.body[0], s, known) {
				continue
			}
			q, at := p.edit(k)
			d, c := (*at)[i], (*at)[i+1]
			c.lead = append(d.lead, c.lead...)
			d.lead = nil
			c.other, c.end = &stmt{kind: syntax.ElseStmt, body: []*stmt{d}, end: c.end}, nil
			*at = append((*at)[:i:i], (*at)[i+1:]...)
			out.add(q, true, "draw "+s.head()+" only where it is not drawn over")
		}
	}
}
