package machine

import (
	"gvpie/assets/glyph"
	"gvpie/runtime/isa"
)

// reach is where a command may write, which is inside its clip: never less than what it writes, and close
// enough to it that most of a canvas can be left out unseen.
type reach struct {
	rect // all of it, on the canvas
	op   isa.Op
	// The geometry as the command has it, but for LINE, whose ends are in the order
	// of its longer axis.
	a, b, c, d int
	corners    [3]point // of TRI, in the order that makes its area positive
	layers     int      // which layers it writes: see layersOf
	solid      bool     // it writes every texel of rect
}

// rect is texels from (x0, y0) to before (x1, y1).
type rect struct{ x0, y0, x1, y1 int }

func (r rect) area() int { return (r.x1 - r.x0) * (r.y1 - r.y0) }

func (r rect) empty() bool { return r.x0 >= r.x1 || r.y0 >= r.y1 }

func (r rect) intersect(s rect) rect {
	return rect{max(r.x0, s.x0), max(r.y0, s.y0), min(r.x1, s.x1), min(r.y1, s.y1)}
}

// hidden is some of what is covered of a layer: the largest rectangles that were
// drawn in whole. Whatever is inside one of them costs no more than to say so.
type hidden [4]rect

// holds says that nothing in r can be seen; it may not know.
func (h *hidden) holds(r rect) bool {
	for i := range h {
		if r.intersect(h[i]) == r {
			return true
		}
	}
	return false
}

// add says that all of r is covered now.
func (h *hidden) add(r rect) {
	for i := range h {
		if r.area() > h[i].area() {
			copy(h[i+1:], h[i:])
			h[i] = r
			return
		}
	}
}

// band is what a command may write of a few rows: columns [x0, x1) without those
// in [hole0, hole1), and for certain all of [solid0, solid1) in each of the rows.
type band struct{ x0, x1, hole0, hole1, solid0, solid1 int }

// The layers of a cell canvas. A pixel canvas has the first alone.
const (
	paperLayer = 1 << iota
	textLayer
)

// layersOf says which layers a command writes.
func layersOf(op isa.Op, pixel bool) int {
	switch {
	case pixel:
		return paperLayer
	case op == isa.CLS || op == isa.FILL || op == isa.BLIT:
		return paperLayer | textLayer
	case op == isa.TXT:
		return textLayer
	}
	return paperLayer
}

// reachOf says where a command may write on a canvas. What paints nothing has an
// empty one.
func reachOf(cmd *isa.Command, h isa.Header) reach {
	word := func(i int) int { return int(int32(cmd[i])) }
	r := reach{op: cmd.Op(), a: word(isa.CmdA), b: word(isa.CmdB), c: word(isa.CmdC), d: word(isa.CmdD)}
	r.layers = layersOf(r.op, h.Pixel)
	switch r.op {
	case isa.CLS:
		r.rect, r.solid = rect{0, 0, h.W, h.H}, true
	case isa.RECT, isa.FILL:
		r.rect, r.solid = rect{r.a, r.b, r.a + r.c, r.b + r.d}, true
	case isa.BOX:
		r.rect = rect{r.a, r.b, r.a + r.c, r.b + r.d}
	case isa.PLOT:
		r.rect, r.solid = rect{r.a, r.b, r.a + 1, r.b + 1}, true
	case isa.LINE:
		r.rect = rect{min(r.a, r.c), min(r.b, r.d), max(r.a, r.c) + 1, max(r.b, r.d) + 1}
		if dx, dy := r.c-r.a, r.d-r.b; max(dx, -dx) >= max(dy, -dy) && dx < 0 || max(dx, -dx) < max(dy, -dy) && dy < 0 {
			r.a, r.b, r.c, r.d = r.c, r.d, r.a, r.b
		}
	case isa.CIRC, isa.RING:
		r.rect = rect{r.a - r.c, r.b - r.c, r.a + r.c + 1, r.b + r.c + 1}
	case isa.SPR:
		w, h, flags := r.c, r.d, cmd[isa.CmdE]
		if flags&isa.SpriteTurned != 0 {
			w, h = h, w
		}
		scale := int(flags/isa.SpriteScale&15) + 1
		r.rect = rect{r.a, r.b, r.a + w*scale, r.b + h*scale}
	case isa.TRI:
		a, b, c := point{r.a, r.b}, point{r.c, r.d}, point{word(isa.CmdE), word(isa.CmdF)}
		switch area := side(a, b, c); {
		case area == 0:
			return r
		case area < 0:
			b, c = c, b
		}
		r.corners = [3]point{a, b, c}
		r.rect = rect{min(a.x, b.x, c.x), min(a.y, b.y, c.y), max(a.x, b.x, c.x) + 1, max(a.y, b.y, c.y) + 1}
	case isa.BLIT:
		x, y := word(isa.CmdE), word(isa.CmdF)
		r.rect = rect{x + max(0, -r.a), y + max(0, -r.b), x + min(r.c, h.W-r.a), y + min(r.d, h.H-r.b)}
		r.solid = true
	case isa.TXT:
		n := int(cmd[isa.CmdLen])
		r.rect, r.solid = rect{r.a, r.b, r.a + n, r.b + 1}, true
		if h.Pixel {
			r.rect, r.solid = rect{r.a, r.b, r.a + n*isa.CellWidth, r.b + glyph.Height}, false
		}
	}
	r.rect = r.rect.intersect(clipRect(cmd))
	return r
}

// clipRect is the clip of a command.
func clipRect(c *isa.Command) rect {
	first, end := c[isa.CmdClipMin], c[isa.CmdClipMax]
	return rect{int(first & 0xFFFF), int(first >> 16), int(end & 0xFFFF), int(end >> 16)}
}

// band is what the command may write of rows [y0, y1), which are rows of its rect.
func (r *reach) band(y0, y1 int) band {
	b := band{x0: r.x0, x1: r.x1}
	switch {
	case r.solid:
		b.solid0, b.solid1 = r.x0, r.x1
	case r.op == isa.BOX:
		if y0 > r.b && y1 < r.b+r.d {
			b.hole0, b.hole1 = r.a+1, r.a+r.c-1
		}
	case r.op == isa.CIRC || r.op == isa.RING:
		r.disc(&b, y0, y1)
	case r.op == isa.LINE:
		x0, x1 := r.line(y0, y1)
		b.x0, b.x1 = max(b.x0, x0), min(b.x1, x1)
	case r.op == isa.TRI:
		r.triangle(&b, y0, y1)
	}
	return b
}

// triangle narrows b to the columns of a triangle. How far an edge lets a row go is
// monotone over the rows, so the first and the last have the extremes.
func (r *reach) triangle(b *band, y0, y1 int) {
	b.solid0, b.solid1 = b.x0, b.x1
	for i, from := range r.corners {
		to := r.corners[(i+1)%3]
		dy := int64(to.y - from.y)
		first, last := int64(to.x-from.x)*int64(y0-from.y), int64(to.x-from.x)*int64(y1-1-from.y)
		switch {
		case dy > 0:
			first, last := from.x+floorDiv(first, dy)+1, from.x+floorDiv(last, dy)+1
			b.x1, b.solid1 = min(b.x1, max(first, last)), min(b.solid1, first, last)
		case dy < 0:
			first, last := from.x-floorDiv(first, -dy), from.x-floorDiv(last, -dy)
			b.x0, b.solid0 = max(b.x0, min(first, last)), max(b.solid0, first, last)
		}
	}
}

// disc narrows b to the columns of a circle, or of a ring.
func (r *reach) disc(b *band, y0, y1 int) {
	nearest, furthest := max(y0-r.b, r.b-(y1-1), 0), max(r.b-y0, y1-1-r.b)
	outer, inner := r.c*r.c+r.c, r.c*r.c-r.c
	half := int(isa.Sqrt(int32(outer - nearest*nearest)))
	b.x0, b.x1 = max(b.x0, r.a-half), min(b.x1, r.a+half+1)
	if d := outer - furthest*furthest; r.op == isa.CIRC && d >= 0 {
		half := int(isa.Sqrt(int32(d)))
		b.solid0, b.solid1 = max(b.x0, r.a-half), min(b.x1, r.a+half+1)
	}
	if d := inner - furthest*furthest; r.op == isa.RING && r.c > 0 && d >= 0 {
		half := int(isa.Sqrt(int32(d)))
		b.hole0, b.hole1 = r.a-half, r.a+half+1
	}
}

// line is the columns of a line in rows [y0, y1).
func (r *reach) line(y0, y1 int) (x0, x1 int) {
	dx, dy := int64(r.c-r.a), int64(r.d-r.b)
	first, end := int64(y0-r.b), int64(y1-r.b)
	switch {
	case dx == 0 && dy == 0:
		return r.a, r.a + 1
	case dx < max(dy, -dy): // a column a row
		from, to := r.a+floorDiv(2*first*dx+dy, 2*dy), r.a+floorDiv(2*(end-1)*dx+dy, 2*dy)
		return min(from, to), max(from, to) + 1
	case dy == 0:
		return r.a, r.c + 1
	case dy > 0: // row y has the columns from the first whose 2·k·dy + dx is at least 2·dx·y
		return r.a - floorDiv(dx-2*dx*first, 2*dy), r.a - floorDiv(dx-2*dx*end, 2*dy)
	default:
		return r.a + floorDiv(dx-2*dx*end, -2*dy) + 1, r.a + floorDiv(dx-2*dx*first, -2*dy) + 1
	}
}
