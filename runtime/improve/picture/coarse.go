package picture

import "slices"

// On a large canvas most of the search goes on one that is smaller, where a candidate
// costs less; coarsest is its longer side. One in fine of the candidates is left for the
// large one, by how many times larger it is.
const (
	coarsest = 128
	fine     = 8
)

// scalable are kinds without lines, which are as thin on a large canvas as on a small
// one; lines alone if there are no others.
func scalable(kinds []Kind) []Kind {
	others := slices.DeleteFunc(slices.Clone(kinds), func(k Kind) bool { return k == Line })
	if len(others) == 0 {
		return kinds
	}
	return others
}

// smaller is the target on a smaller canvas; nil: it is small enough.
func (t *Target) smaller() *Target {
	f := (max(t.w, t.h) + coarsest - 1) / coarsest
	if f <= 1 {
		return nil
	}
	c := &Target{W: (t.W + int(f) - 1) / int(f), H: (t.H + int(f) - 1) / int(f), Pixel: t.Pixel, coarse: true}
	c.size = size{int32(c.W), int32(c.H)}
	c.each = t.each
	c.rows = make([]rgb, (c.W+1)*c.H)
	c.square = make([]float64, c.W*c.H)
	for y := range c.H {
		for x := range c.W {
			c.average(t, x, y, int(f))
		}
	}
	return c
}

// average makes a texel of the texels of a larger target that it stands for.
func (c *Target) average(t *Target, x, y, f int) {
	var sum rgb
	square, n := 0.0, int32(0)
	x1 := min((x+1)*f, t.W)
	for ty := y * f; ty < min((y+1)*f, t.H); ty++ {
		row := t.rows[ty*(t.W+1):]
		for i := range sum {
			sum[i] += row[x1][i] - row[x*f][i]
		}
		for tx := x * f; tx < x1; tx++ {
			square += t.square[ty*t.W+tx]
			n++
		}
	}
	at := y*(c.W+1) + x
	for i, v := range sum {
		c.rows[at+1][i] = c.rows[at][i] + v/n
	}
	c.square[y*c.W+x] = square / float64(n)
}

// scaled is a shape on a canvas of another size.
func (s shape) scaled(from, to size) shape {
	if from == to {
		return s
	}
	if s.kind == Circ {
		s.p[2] = s.p[2] * (to.w + to.h) / (from.w + from.h)
		s.p[0] = (2*s.p[0] + 1) * to.w / (2 * from.w)
		s.p[1] = (2*s.p[1] + 1) * to.h / (2 * from.h)
		return s
	}
	for i := 0; i < 6; i += 2 {
		s.p[i] = s.p[i] * to.w / from.w
		s.p[i+1] = s.p[i+1] * to.h / from.h
	}
	return s
}
