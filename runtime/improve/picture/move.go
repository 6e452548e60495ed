package picture

import "math/rand/v2"

// A dice gives shapes and what they may become.
type dice struct {
	*rand.Rand
	size
	kinds []Kind
}

// any is some shape.
func (d *dice) any() shape { return d.of(d.kinds[d.IntN(len(d.kinds))]) }

// at is some place on the canvas, up to its last edge.
func (d *dice) at() (x, y int32) { return d.Int32N(d.w + 1), d.Int32N(d.h + 1) }

// of is some shape of a kind.
func (d *dice) of(k Kind) shape {
	s := shape{kind: k}
	s.p[0], s.p[1] = d.at()
	switch k {
	case Circ:
		s.p[2] = d.step(float64(min(d.w, d.h)) / 4)
	default:
		for i := 2; i < 6; i += 2 {
			s.p[i] = s.p[0] + d.sign()*d.step(float64(d.w)/4)
			s.p[i+1] = s.p[1] + d.sign()*d.step(float64(d.h)/4)
		}
	}
	d.mend(&s)
	return s
}

// step is how far to go: 1 and more, about mean on average.
func (d *dice) step(mean float64) int32 { return 1 + int32(d.ExpFloat64()*mean) }

func (d *dice) sign() int32 { return 1 - 2*d.Int32N(2) }

// mend keeps a shape near the canvas and in order.
func (d *dice) mend(s *shape) {
	p := &s.p
	switch s.kind {
	case Rect:
		p[0], p[2] = ordered(p[0], p[2], d.w)
		p[1], p[3] = ordered(p[1], p[3], d.h)
		p[4], p[5] = 0, 0
	case Circ:
		p[0], p[1] = within(p[0], d.w), within(p[1], d.h)
		p[2] = max(0, min(p[2], d.w+d.h))
		p[3], p[4], p[5] = 0, 0, 0
	case Line:
		p[4], p[5] = 0, 0
		fallthrough
	case Tri:
		for i := 0; i < 6; i += 2 {
			p[i], p[i+1] = within(p[i], d.w), within(p[i+1], d.h)
		}
	}
}

// within keeps a place within half a canvas of the canvas.
func within(v, n int32) int32 { return max(-n/2, min(v, n+n/2)) }

// ordered are two edges on the canvas, the lower first, and one texel apart at least.
func ordered(a, b, n int32) (int32, int32) {
	a, b = max(0, min(a, b)), min(n, max(a, b))
	if a >= b {
		a = max(0, min(a, n-1))
		b = a + 1
	}
	return a, b
}

// vary is a shape that is a little other; far is how far its edges go on average.
func (d *dice) vary(s shape, far float64) shape {
	p := &s.p
	switch n := d.IntN(8); {
	case n == 0: // as a whole
		dx, dy := d.sign()*d.step(far), d.sign()*d.step(far)
		switch d.IntN(3) {
		case 0:
			dx = 0
		case 1:
			dy = 0
		}
		corners := 6
		if s.kind == Circ {
			corners = 2
		}
		for i := 0; i < corners; i += 2 {
			p[i] += dx
			p[i+1] += dy
		}
	case s.kind == Rect:
		p[d.IntN(4)] += d.sign() * d.step(far)
	case s.kind == Circ:
		p[d.IntN(3)] += d.sign() * d.step(far)
	default:
		corners := 3
		if s.kind == Line {
			corners = 2
		}
		i := 2 * d.IntN(corners)
		if n < 5 {
			p[i+d.IntN(2)] += d.sign() * d.step(far)
		} else {
			p[i] += d.sign() * d.step(far)
			p[i+1] += d.sign() * d.step(far)
		}
	}
	d.mend(&s)
	return s
}
