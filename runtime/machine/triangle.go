package machine

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
