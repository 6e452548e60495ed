package picture

import "math"

// A span is the texels [x0, x1) of row y.
type span struct{ y, x0, x1 int32 }

// A shape is an outline. What p holds depends on the kind: the left, top, right and
// bottom edge of a rectangle, the last two not within; the centre and radius of a
// disc; the corners of a triangle; the ends of a line.
type shape struct {
	kind Kind
	p    [6]int32
}

// A size is that of a canvas.
type size struct{ w, h int32 }

// clip adds a span, as far as it is on the canvas.
func (z size) clip(to []span, y, x0, x1 int32) []span {
	if x0, x1 = max(x0, 0), min(x1, z.w); y >= 0 && y < z.h && x0 < x1 {
		to = append(to, span{y, x0, x1})
	}
	return to
}

// spans is what the machine paints of a shape, from the top down, at most one a row.
func (z size) spans(to []span, s *shape) []span {
	p := &s.p
	switch s.kind {
	case Rect:
		for y := max(p[1], 0); y < min(p[3], z.h); y++ {
			to = z.clip(to, y, p[0], p[2])
		}
	case Circ:
		r := p[2]
		for y := max(p[1]-r, 0); y <= min(p[1]+r, z.h-1); y++ {
			d := y - p[1]
			half := int32(math.Sqrt(float64(r*r + r - d*d)))
			to = z.clip(to, y, p[0]-half, p[0]+half+1)
		}
	case Tri:
		to = z.triangle(to, point{p[0], p[1]}, point{p[2], p[3]}, point{p[4], p[5]})
	case Line:
		to = z.line(to, point{p[0], p[1]}, point{p[2], p[3]})
	}
	return to
}

type point struct{ x, y int32 }

// side is the doubled area of the triangle a b c, negative where it turns the other way.
func side(a, b, c point) int32 { return (b.x-a.x)*(c.y-a.y) - (b.y-a.y)*(c.x-a.x) }

// triangle is the texels on the inner side of all three edges, or on one.
func (z size) triangle(to []span, a, b, c point) []span {
	switch area := side(a, b, c); {
	case area == 0:
		return to
	case area < 0:
		b, c = c, b
	}
	edges := [...][2]point{{a, b}, {b, c}, {c, a}}
	for y := max(min(a.y, b.y, c.y), 0); y <= min(max(a.y, b.y, c.y), z.h-1); y++ {
		x0, x1 := int32(0), z.w-1
		for _, e := range edges {
			dy, n := e[1].y-e[0].y, (e[1].x-e[0].x)*(y-e[0].y)
			switch {
			case dy > 0:
				x1 = min(x1, e[0].x+floorDiv(n, dy))
			case dy < 0:
				x0 = max(x0, e[0].x-floorDiv(n, -dy))
			}
		}
		to = z.clip(to, y, x0, x1+1)
	}
	return to
}

// line is the texel nearest the line at each step along its longer axis; halves go to
// the greater coordinate.
func (z size) line(to []span, a, b point) []span {
	dx, dy := b.x-a.x, b.y-a.y
	if max(dx, -dx) < max(dy, -dy) {
		if dy < 0 {
			a, b, dx, dy = b, a, -dx, -dy
		}
		for y := max(a.y, 0); y <= min(b.y, z.h-1); y++ {
			x := a.x + floorDiv(2*(y-a.y)*dx+dy, 2*dy)
			to = z.clip(to, y, x, x+1)
		}
		return to
	}
	if dx < 0 {
		a, b, dx, dy = b, a, -dx, -dy
	}
	if dx == 0 {
		return z.clip(to, a.y, a.x, a.x+1)
	}
	first := len(to)
	end := min(b.x+1, z.w)
	for x := max(a.x, 0); x < end; {
		y, from := a.y+floorDiv(2*(x-a.x)*dy+dx, 2*dx), x
		for x++; x < end && a.y+floorDiv(2*(x-a.x)*dy+dx, 2*dx) == y; x++ {
		}
		to = z.clip(to, y, from, x)
	}
	if dy < 0 {
		for i, j := first, len(to)-1; i < j; i, j = i+1, j-1 {
			to[i], to[j] = to[j], to[i]
		}
	}
	return to
}

// floorDiv is a/b toward minus infinity, for b > 0.
func floorDiv(a, b int32) int32 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
