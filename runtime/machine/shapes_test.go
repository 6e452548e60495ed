package machine

import (
	"math/rand/v2"
	"testing"

	"gvpie/assets/glyph"
	"gvpie/runtime/isa"
)

// shapeHas says whether a shape has a texel, by the rule of its command.
func shapeHas(c *isa.Command, text string, x, y int) bool {
	a, b := int(int32(c[isa.CmdA])), int(int32(c[isa.CmdB]))
	d, e := int(int32(c[isa.CmdC])), int(int32(c[isa.CmdD]))
	switch c.Op() {
	case isa.LINE:
		dx, dy := d-a, e-b
		if max(dx, -dx) < max(dy, -dy) {
			x, y, a, b, d, e, dx, dy = y, x, b, a, e, d, dy, dx
		}
		if dx < 0 {
			a, b, d, dx, dy = d, e, a, -dx, -dy
		}
		switch {
		case dx == 0:
			return x == a && y == b
		case x < a || x > d:
			return false
		}
		return y == b+floorDiv(2*int64(x-a)*int64(dy)+int64(dx), 2*int64(dx))
	case isa.CIRC:
		return (x-a)*(x-a)+(y-b)*(y-b) <= d*d+d
	case isa.RING:
		far := (x-a)*(x-a) + (y-b)*(y-b)
		return far <= d*d+d && (d == 0 || far > d*d-d)
	case isa.BOX:
		return d > 0 && e > 0 && x >= a && x < a+d && y >= b && y < b+e && (x == a || x == a+d-1 || y == b || y == b+e-1)
	case isa.TXT:
		i, j := x-a, y-b
		if i < 0 || i/isa.CellWidth >= len(text) || i%isa.CellWidth >= glyph.Width || j < 0 || j >= glyph.Height {
			return false
		}
		return glyph.ROM[text[i/isa.CellWidth]][j]>>(glyph.Width-1-i%isa.CellWidth)&1 == 1
	}
	panic(c.Op())
}

// TestShapesHaveTheTexelsOfTheirRules: in order and from the last on, inside any clip.
func TestShapesHaveTheTexelsOfTheirRules(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	const w, h, text = 90, 75, "Some words"
	for _, op := range []isa.Op{isa.LINE, isa.CIRC, isa.RING, isa.BOX, isa.TXT} {
		for range 200 {
			place := func() int { return r.IntN(3*w) - w }
			a := newAsm(w, h, true, 0)
			x0, y0 := r.IntN(w), r.IntN(h)
			if r.IntN(2) == 0 {
				a.op(isa.CLIP, x0, y0, 1+r.IntN(w-x0), 1+r.IntN(h-y0))
			}
			switch op {
			case isa.LINE:
				a.op(op, place(), place(), place(), place())
			case isa.BOX:
				a.op(op, r.IntN(w), r.IntN(h), r.IntN(1+r.IntN(w)), r.IntN(1+r.IntN(h)))
			case isa.TXT:
				a.op(op, r.IntN(2*w)-w, r.IntN(h)-3).text(text)
			default:
				a.op(op, place(), place(), r.IntN(w))
			}
			p := a.program()
			for _, times := range []int{neverCover, alwaysCover} {
				m := load(t, p)
				m.coverTimes = times
				frame(t, m)
				c := &m.commands[0]
				m.canvas.clip(c)
				for y := range h {
					for x := range w {
						inside := x >= m.canvas.x0 && x < m.canvas.x1 && y >= m.canvas.y0 && y < m.canvas.y1
						if want := inside && shapeHas(c, text, x, y); (m.writer[y*w+x] != 0) != want {
							t.Fatalf("%v %d, covering from %d times on: texel %d,%d is painted: %t", op, c[isa.CmdA:isa.CmdE], times, x, y, !want)
						}
					}
				}
			}
		}
	}
}
