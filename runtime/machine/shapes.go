package machine

// lineTo paints the texel nearest the line at each step along its longer axis;
// halves go to the greater coordinate.
func (p *painter) lineTo(x0, y0, x1, y1 int) error {
	dx, dy := x1-x0, y1-y0
	switch {
	case dx == 0 && dy == 0:
		p.span(x0, x0+1, y0)
	case max(dx, -dx) >= max(dy, -dy):
		if dx < 0 {
			x0, y0, x1, dx, dy = x1, y1, x0, -dx, -dy
		}
		first, end := max(x0, p.x0), min(x1+1, p.x1)
		s := newSlope(first-x0, dy, dx)
		for x := first; x < end; {
			y, from := y0+s.at, x
			for x++; s.step() == 0 && x < end; x++ {
			}
			p.span(from, x, y)
		}
	default:
		if dy < 0 {
			x0, y0, y1, dx, dy = x1, y1, y0, -dx, -dy
		}
		first, end := max(y0, p.y0), min(y1+1, p.y1)
		s := newSlope(first-y0, dx, dy)
		for y := first; y < end; y++ {
			if x := x0 + s.at; x >= p.x0 && x < p.x1 {
				p.dot(p.which, p.word, x, y, p.pc)
			}
			s.step()
		}
	}
	return p.tick(p.w + p.h)
}

// slope walks along a line: at is the place across it, from its start, of the step
// that it has come to, rounded, halves up.
type slope struct {
	at         int
	rest, over int64 // 2·step·rise + run is at·over + rest
	rise       int64 // of rest, a step
}

// newSlope stands at a step of a line that rises so far over so long a run, which is
// at least as long.
func newSlope(step, rise, run int) slope {
	s := slope{over: 2 * int64(run), rise: 2 * int64(rise)}
	sum := int64(step)*s.rise + int64(run)
	s.at = floorDiv(sum, s.over)
	s.rest = sum - int64(s.at)*s.over
	return s
}

// step goes on, and says how far across.
func (s *slope) step() int {
	s.rest += s.rise
	across := 0
	switch {
	case s.rest >= s.over:
		s.rest -= s.over
		across = 1
	case s.rest < 0:
		s.rest += s.over
		across = -1
	}
	s.at += across
	return across
}

// floorDiv is a/b toward minus infinity, for b > 0. The ends of lines may be so far
// that their products need 64 bits.
func floorDiv(a, b int64) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return int(q)
}

type point struct{ x, y int }

// triangle paints the texels on the inner side of all three edges, or on one.
func (p *painter) triangle(a, b, c point) error {
	switch area := side(a, b, c); {
	case area == 0:
		return p.tick(0)
	case area < 0:
		b, c = c, b
	}
	left, right, end := min(a.x, b.x, c.x), max(a.x, b.x, c.x)+1, min(max(a.y, b.y, c.y)+1, p.y1)
	for y := p.open(p.which, left, right, max(min(a.y, b.y, c.y), p.y0), end); y < end; y = p.next(p.which, left, right, y, end) {
		x0, x1 := p.x0, p.x1-1
		for _, e := range [...][2]point{{a, b}, {b, c}, {c, a}} {
			// A texel is inside where n - dy (x - e[0].x) is not negative.
			dy := int64(e[1].y - e[0].y)
			n := int64(e[1].x-e[0].x) * int64(y-e[0].y)
			switch {
			case dy > 0:
				x1 = min(x1, e[0].x+floorDiv(n, dy))
			case dy < 0:
				x0 = max(x0, e[0].x-floorDiv(n, -dy))
			case n < 0:
				x1 = x0 - 1
			}
		}
		p.span(x0, x1+1, y)
		if err := p.tick(max(0, x1+1-x0)); err != nil {
			return err
		}
	}
	return p.tick(0)
}

// side is the doubled area of the triangle a b c: positive where c is on the inner
// side of the edge from a to b.
func side(a, b, c point) int64 {
	return int64(b.x-a.x)*int64(c.y-a.y) - int64(b.y-a.y)*int64(c.x-a.x)
}
