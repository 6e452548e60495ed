package rules

import (
	"context"
	"maps"
	"strings"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
	"gvpie/runtime/pxl/syntax"
)

// still says that a statement draws the same whenever it runs: all that it reads is
// known, or set in it before, and it does nothing but draw.
func (p *program) still(s *stmt) bool {
	draws := false
	each([]*stmt{s}, func(x *stmt) { draws = draws || x.kind == syntax.OpStmt })
	if !draws || !s.straight() || !stillIn(p, []*stmt{s}, map[string]bool{}) {
		return false
	}
	ok := true
	each([]*stmt{s}, func(x *stmt) {
		if x.kind == syntax.SetStmt || x.kind == syntax.ForStmt {
			ok = ok && !readElsewhere(p, x.name, s)
		}
	})
	return ok
}

// stillIn is still of statements, where the names in own were set before; it adds those
// that are set whatever happens: what is set in a block may not be.
func stillIn(p *program, body []*stmt, own map[string]bool) bool {
	ok := true
	for _, s := range body {
		for at := s; at != nil; at = at.other {
			at.exprs(func(e *expr) { ok = ok && fixed(p, e, own) })
			switch at.kind {
			case syntax.SetStmt:
				ok = ok && len(at.index) == 0 && at.join == ""
				own[at.name] = true
			case syntax.ForStmt:
				own[at.name] = true
			case syntax.IfStmt, syntax.ElseIfStmt, syntax.ElseStmt:
			case syntax.OpStmt:
				ok = ok && (stillOp(at.op) || at.op == isa.EACH || at.op == isa.PUT)
			default:
				ok = false
			}
			ok = ok && stillIn(p, at.body, maps.Clone(own))
		}
	}
	return ok
}

// stillOp says that an instruction draws what hangs on its operands and the ink alone.
func stillOp(op isa.Op) bool {
	return isa.Table[op].Group == isa.GroupDraw && op != isa.BLIT && op != isa.CLIP && op != isa.CAMERA && op != isa.COLOR
}

// fixed says that an expression is always the same number while the names in own are.
func fixed(p *program, e *expr, own map[string]bool) bool {
	return !e.any(func(x *expr) bool {
		switch x.kind {
		case name:
			_, known := p.value(x)
			return !known && !own[x.name] && !(x.name == "px" || x.name == "py")
		case index:
			return p.tables[x.name] == nil && !p.texts[x.name]
		case call:
			return x.name == "rnd" || x.name == "peek" || x.name == "key" || x.name == "keyp"
		}
		return x.kind == proc
	})
}

// inked says that a draw's colour is that of a COLOR before it.
func (s *stmt) inked() bool {
	found := false
	each([]*stmt{s}, func(x *stmt) {
		if x.kind == syntax.OpStmt && x.op != isa.CLS && x.op != isa.EACH && x.op != isa.PUT && x.op != isa.SPR && isa.Table[x.op].Group == isa.GroupDraw {
			found = found || x.op == isa.TXT || len(x.args) < len(isa.Table[x.op].Operands)
		}
	})
	return found
}

// pictureOf is the display after statements on an empty canvas; nil: they do not end.
func (p *program) pictureOf(of []*stmt) []uint32 {
	q := &program{}
	for _, s := range p.body {
		if s.kind >= syntax.CanvasStmt && s.kind != syntax.IncludeStmt {
			q.body = append(q.body, s.clone())
			q.body[len(q.body)-1].taken = false
		}
	}
	for _, s := range of {
		q.body = append(q.body, s.clone())
		q.body[len(q.body)-1].taken = false
	}
	q.body = append(q.body, draw(isa.HALT))
	a := pxl.Assemble("still", q.String())
	if !a.OK() {
		return nil
	}
	m, err := machine.New(a.Program, 1)
	if err != nil {
		return nil
	}
	m.Spread(1)
	if r, err := m.Frame(context.Background(), machine.Input{}, 0); err != nil || r.Status != isa.Halted {
		return nil
	}
	return m.Page(machine.DisplayPage)
}

// frame is texels from (x0, y0) to before (x1, y1).
type frame struct{ x0, y0, x1, y1 int32 }

func (f frame) empty() bool { return f.x0 >= f.x1 || f.y0 >= f.y1 }

func (f frame) meets(g frame) bool {
	return max(f.x0, g.x0) < min(f.x1, g.x1) && max(f.y0, g.y0) < min(f.y1, g.y1)
}

func (f frame) with(g frame) frame {
	if f.empty() {
		return g
	}
	if g.empty() {
		return f
	}
	return frame{min(f.x0, g.x0), min(f.y0, g.y0), max(f.x1, g.x1), max(f.y1, g.y1)}
}

// reachOf is where the draws of a statement may draw; ok is false where that is not
// known.
func (p *names) reachOf(s *stmt, known map[string]span) (out frame, ok bool) {
	ok = true
	each([]*stmt{s}, func(x *stmt) {
		ok = ok && x.kind != syntax.CallStmt && x.kind != syntax.LabelStmt
		x.exprs(func(e *expr) { ok = ok && !e.any(func(y *expr) bool { return y.kind == proc }) })
	})
	p.reachIn([]*stmt{s}, known, map[string]*expr{}, &out)
	return out, ok
}

// reachIn adds where the draws of statements may draw. values has what names are set to
// that are surely set before.
func (p *names) reachIn(body []*stmt, known map[string]span, values map[string]*expr, out *frame) {
	forget := func(values map[string]*expr, s *stmt) {
		each([]*stmt{s}, func(x *stmt) {
			if x.kind == syntax.SetStmt || x.kind == syntax.ForStmt {
				delete(values, x.name)
				maps.DeleteFunc(values, func(_ string, v *expr) bool { return v.reads(x.name) })
			}
		})
	}
	for _, s := range body {
		for at := s; at != nil; at = at.other {
			switch {
			case at.kind == syntax.OpStmt && at.op != isa.PUT && at.op != isa.COLOR && (at.op == isa.EACH || isa.Table[at.op].Group == isa.GroupDraw):
				x := at.clone()
				x.change(func(e *expr) *expr { return e.replaced(values) })
				*out = out.with(p.drawReach(x, known))
			case at.opens():
				inner := maps.Clone(values)
				forget(inner, at) // in the second turn they are set
				p.reachIn(at.body, known, inner, out)
			}
		}
		value := (*expr)(nil)
		if s.kind == syntax.SetStmt && len(s.index) == 0 && s.join == "" && s.args[0].pure() {
			value = s.args[0].replaced(values)
		}
		forget(values, s)
		if value != nil && !value.reads(s.name) {
			values[s.name] = value
		}
	}
}

func (p *names) drawReach(x *stmt, known map[string]span) frame {
	whole := frame{0, 0, p.w, p.h}
	var b *box
	switch x.op {
	case isa.TXT:
		b = &box{x: x.args[0], y: x.args[1], w: number(p.textWidth(x, known)), h: number(1)}
		if !p.cell {
			b.h = number(isa.CellHeight)
		}
	case isa.EACH:
		if len(x.args) == 0 {
			return whole
		}
		b = &box{x: x.args[0], y: x.args[1], w: x.args[2], h: x.args[3]}
	default:
		if b = p.sides(x, known); b == nil {
			return whole
		}
	}
	side := func(at, size *expr, most int32) (int32, int32) {
		if !p.near(at, known) || !p.near(size, known) {
			return 0, most
		}
		lo, hi := p.bounds(at, known)
		_, wide := p.bounds(size, known)
		return int32(min(max(lo, 0), int64(most))), int32(min(max(hi+wide, 0), int64(most)))
	}
	var f frame
	f.x0, f.x1 = side(b.x, b.w, p.w)
	f.y0, f.y1 = side(b.y, b.h, p.h)
	return f
}

// textWidth is how many texels a text is wide at most.
func (p *names) textWidth(x *stmt, known map[string]span) int32 {
	n := int32(0)
	for _, t := range x.parts {
		if t.value == nil {
			n += int32(len([]rune(t.text)))
			continue
		}
		wide := int32(32)
		if t.value.kind != index || !p.texts[t.value.name] {
			wide = 11
			if !strings.ContainsAny(t.format, "x+") {
				lo, hi := p.bounds(t.value, known)
				wide = int32(max(len(number(int32(lo)).String()), len(number(int32(hi)).String())))
			}
			digits := int32(0)
			for _, c := range t.format {
				if c >= '0' && c <= '9' {
					digits = digits*10 + c - '0'
				}
			}
			wide = max(wide, digits)
		} else {
			return p.w
		}
		n += wide
	}
	if !p.cell {
		n *= isa.CellWidth
	}
	return n
}

// mostRects is how many rectangles a picture is drawn with at most.
const mostRects = 64

// rects draws a part of a picture of a pixel canvas; nil: not in so few rectangles.
// Texels that are not written stay.
func (p *names) rects(picture []uint32, f frame) (out []*stmt) {
	const written = 0xFF000000
	count := map[uint32]int{}
	full := true
	for y := f.y0; y < f.y1; y++ {
		for x := f.x0; x < f.x1; x++ {
			t := picture[y*p.w+x]
			if t&written == 0 {
				full = false
			} else {
				count[t]++
			}
		}
	}
	right := map[[2]int32]bool{}
	emit := func(r frame, t uint32) {
		rgb := int32(t&0xFF<<16 | t&0xFF00 | t>>16&0xFF)
		out = append(out, draw(isa.RECT, number(r.x0), number(r.y0), number(r.x1-r.x0), number(r.y1-r.y0), color(rgb)))
	}
	if full {
		base, most := uint32(0), -1
		for t, n := range count {
			if n > most || n == most && t < base {
				base, most = t, n
			}
		}
		emit(f, base)
		for y := f.y0; y < f.y1; y++ {
			for x := f.x0; x < f.x1; x++ {
				if picture[y*p.w+x] == base {
					right[[2]int32{x, y}] = true
				}
			}
		}
	}
	for y := f.y0; y < f.y1; y++ {
		for x := f.x0; x < f.x1; x++ {
			t := picture[y*p.w+x]
			same := func(x, y int32) bool { return picture[y*p.w+x] == t && !right[[2]int32{x, y}] }
			if t&written == 0 || !same(x, y) {
				continue
			}
			r := frame{x, y, x + 1, y + 1}
			for r.x1 < f.x1 && same(r.x1, y) {
				r.x1++
			}
		down:
			for r.y1 < f.y1 {
				for i := r.x0; i < r.x1; i++ {
					if !same(i, r.y1) {
						break down
					}
				}
				r.y1++
			}
			for j := r.y0; j < r.y1; j++ {
				for i := r.x0; i < r.x1; i++ {
					right[[2]int32{i, j}] = true
				}
			}
			if emit(r, t); len(out) > mostRects {
				return nil
			}
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// color is a colour as a program has it.
func color(rgb int32) *expr {
	for _, c := range syntax.Colors {
		if int32(c.RGB) == rgb {
			return named(c.Name)
		}
	}
	const digits = "0123456789ABCDEF"
	text := "0x"
	for shift := 20; shift >= 0; shift -= 4 {
		text += string(digits[rgb>>shift&15])
	}
	return &expr{kind: num, val: rgb, text: text}
}
