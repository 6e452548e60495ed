package picture

// gain is by how much texels in their best colour are nearer the target than black ones.
func (t *Target) gain(o *owned) float64 {
	if o.n == 0 {
		return 0
	}
	r, g, b := float64(o.sum[0]), float64(o.sum[1]), float64(o.sum[2])
	if t.Pixel {
		// The products are converted so that no processor fuses them with the sums:
		// the same bits everywhere.
		return (float64(r*r) + float64(g*g) + float64(b*b)) / float64(o.n)
	}
	n := o.n * t.each
	gain := 0.0
	for _, s := range o.sum {
		c := float64(level(s, n) * 51)
		gain += float64(c * (2*float64(s) - float64(c*float64(n))))
	}
	return gain
}

// level is the one of the six levels of a channel that is nearest the mean.
func level(sum int64, n int32) int32 { return int32((2*sum + 51*int64(n)) / (102 * int64(n))) }

// best is the colour of texels that is nearest the target, of those that the canvas has.
func (t *Target) best(o *owned) (c rgb) {
	n := o.n * t.each
	if n == 0 {
		return c
	}
	for i, s := range o.sum {
		if t.Pixel {
			c[i] = int32((2*s + int64(n)) / int64(2*n))
		} else {
			c[i] = 51 * level(s, n)
		}
	}
	return c
}
