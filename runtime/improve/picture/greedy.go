package picture

// A layer is a picture that shapes are laid on: what its error is, added up row by row.
type layer struct {
	*Target
	lack  []float64 // for each row, the sums of the errors of the texels before each and of all
	whole []float64 // and of what they are from black
}

// layer is what the partition shows.
func (p *partition) layer(l *layer) {
	l.Target = p.Target
	if l.lack == nil {
		l.lack, l.whole = make([]float64, len(p.rows)), make([]float64, len(p.rows))
	}
	colors := make([]rgb, len(p.shapes))
	for k := range p.shapes {
		colors[k] = p.best(&p.shapes[k].owned)
	}
	for y := range p.H {
		at := y * (p.W + 1)
		for x := range p.W {
			i := y*p.W + x
			c := &colors[p.below(i*p.words, len(p.shapes))]
			lack := p.square[i]
			for ch, v := range c {
				s := p.rows[at+x+1][ch] - p.rows[at+x][ch]
				lack += float64(v * (v*p.each - 2*s))
			}
			l.lack[at+x+1] = l.lack[at+x] + lack
			l.whole[at+x+1] = l.whole[at+x] + p.square[i]
		}
	}
}

// gains is by how much the error falls if a shape in its best colour is laid on top.
func (l *layer) gains(spans []span) float64 {
	var o owned
	lack := 0.0
	for _, s := range spans {
		row := int(s.y) * (l.W + 1)
		a, b := row+int(s.x0), row+int(s.x1)
		o.n += s.x1 - s.x0
		for i := range o.sum {
			o.sum[i] += int64(l.rows[b][i] - l.rows[a][i])
		}
		lack += float64(l.lack[b]-l.lack[a]) - float64(l.whole[b]-l.whole[a])
	}
	return lack + l.gain(&o)
}
