package picture

import "math/bits"

// A partition is a canvas parted by shapes that lie on each other: shape 0 is all of it,
// under every other. It keeps for each texel which shapes cover it, as a bit each, so
// that what is seen when one is taken away is known without drawing.
type partition struct {
	*Target
	shapes []placed
	words  int      // of a texel's bits
	bits   []uint64 // words of each texel

	// Of the change that was tried last: which shapes it gives texels to or takes them
	// from, and what they have then.
	changed []int32
	then    []owned // of each shape, where it is one of changed
	stamp   []int32
	now     int32
	spare   []span
	pieces  []piece
}

// placed is a shape of a partition.
type placed struct {
	shape
	spans []span
	owned
}

// owned is what belongs to a shape: the texels where it is the topmost.
type owned struct {
	n    int32
	sum  sums
	gain float64 // by how much its best colour is nearer the target than black is
}

// A piece is texels that a change gives to a shape or takes from it.
type piece struct {
	span
	given bool
}

// newPartition is a canvas with room for so many shapes, and none on it.
func newPartition(t *Target, room int) *partition {
	p := &partition{Target: t, words: room/64 + 1, then: make([]owned, room+1), stamp: make([]int32, room+1)}
	p.bits = make([]uint64, t.W*t.H*p.words)
	ground := placed{owned: owned{n: t.w * t.h}}
	for y := range t.H {
		for i, s := range t.rows[y*(t.W+1)+t.W] {
			ground.sum[i] += int64(s)
		}
	}
	ground.gain = t.gain(&ground.owned)
	p.shapes = append(p.shapes, ground)
	return p
}

// push lays a shape on the others.
func (p *partition) push(s shape) {
	k := len(p.shapes)
	p.shapes = append(p.shapes, placed{shape: s})
	p.try(k, &s)
	p.commit(k, &s)
}

// error is the sum of the squares of what R, G and B lack, in the best colours.
func (p *partition) error() float64 {
	sum := 0.0
	for _, s := range p.square {
		sum += s
	}
	for i := range p.shapes {
		sum -= p.shapes[i].gain
	}
	return sum
}

// try says by how much the error falls if shape k becomes s.
func (p *partition) try(k int, s *shape) float64 {
	p.spare = p.spans(p.spare[:0], s)
	p.pieces = differ(p.pieces[:0], p.shapes[k].spans, p.spare)
	p.begin()
	for _, d := range p.pieces {
		row := p.rows[int(d.y)*(p.W+1):]
		base := int(d.y) * p.W
		for x := int(d.x0); x < int(d.x1); {
			at := (base + x) * p.words
			end := p.run(at, base+x, base+int(d.x1)) - base
			if !p.above(at, k) {
				from, to := k, p.below(at, k)
				if d.given {
					from, to = to, from
				}
				p.move(from, to, int32(end-x), &row[x], &row[end])
			}
			x = end
		}
	}
	return p.settle()
}

// differ adds what two outlines, one span a row at most each, do not share.
func differ(to []piece, old, new []span) []piece {
	i, j := 0, 0
	for i < len(old) || j < len(new) {
		switch {
		case j == len(new) || i < len(old) && old[i].y < new[j].y:
			to = append(to, piece{old[i], false})
			i++
			continue
		case i == len(old) || new[j].y < old[i].y:
			to = append(to, piece{new[j], true})
			j++
			continue
		}
		a, b := old[i], new[j]
		i, j = i+1, j+1
		if a.x1 <= b.x0 || b.x1 <= a.x0 {
			to = append(to, piece{a, false}, piece{b, true})
			continue
		}
		if a.x0 != b.x0 {
			to = append(to, piece{span{a.y, min(a.x0, b.x0), max(a.x0, b.x0)}, b.x0 < a.x0})
		}
		if a.x1 != b.x1 {
			to = append(to, piece{span{a.y, min(a.x1, b.x1), max(a.x1, b.x1)}, a.x1 < b.x1})
		}
	}
	return to
}

// run is the end of the texels from one on, up to last, that the same shapes cover.
func (p *partition) run(at, from, last int) int {
	if p.words == 1 {
		row := p.bits[from:last]
		first := row[0]
		for i := 1; i < len(row); i++ {
			if row[i] != first {
				return from + i
			}
		}
		return last
	}
	first := p.bits[at : at+p.words]
	for i := from + 1; i < last; i++ {
		for w, b := range p.bits[i*p.words : (i+1)*p.words] {
			if b != first[w] {
				return i
			}
		}
	}
	return last
}

// above says whether a shape over k covers a texel.
func (p *partition) above(at, k int) bool {
	w := k / 64
	if p.bits[at+w]>>(k%64)>>1 != 0 {
		return true
	}
	for w++; w < p.words; w++ {
		if p.bits[at+w] != 0 {
			return true
		}
	}
	return false
}

// below is the topmost of the shapes under k that cover a texel. Under shape 0 it is
// shape 0 itself.
func (p *partition) below(at, k int) int {
	w, b := k/64, uint64(0)
	if r := k % 64; r > 0 {
		b = p.bits[at+w] & (1<<r - 1)
	}
	for b == 0 {
		if w--; w < 0 {
			return 0
		}
		b = p.bits[at+w]
	}
	return 64*w + bits.Len64(b) - 1
}

// begin forgets the change that was tried.
func (p *partition) begin() {
	p.now++
	p.changed = p.changed[:0]
}

// move takes texels, whose sum is that of two places in a row, from a shape and gives
// them to another.
func (p *partition) move(from, to int, n int32, start, end *rgb) {
	if from == to {
		return
	}
	a, b := p.touched(from), p.touched(to)
	a.n -= n
	b.n += n
	for i := range end {
		d := int64(end[i] - start[i])
		a.sum[i] -= d
		b.sum[i] += d
	}
}

func (p *partition) touched(k int) *owned {
	if p.stamp[k] != p.now {
		p.stamp[k] = p.now
		p.then[k] = p.shapes[k].owned
		p.changed = append(p.changed, int32(k))
	}
	return &p.then[k]
}

// settle works out the gains of a change, and gives their sum.
func (p *partition) settle() float64 {
	sum := 0.0
	for _, k := range p.changed {
		o := &p.then[k]
		o.gain = p.gain(o)
		sum += o.gain - p.shapes[k].gain
	}
	return sum
}

// commit makes the change that try(k, s) tried.
func (p *partition) commit(k int, s *shape) {
	w, bit := k/64, uint64(1)<<(k%64)
	for _, d := range p.pieces {
		base := int(d.y) * p.W
		for x := base + int(d.x0); x < base+int(d.x1); x++ {
			if d.given {
				p.bits[x*p.words+w] |= bit
			} else {
				p.bits[x*p.words+w] &^= bit
			}
		}
	}
	at := &p.shapes[k]
	at.shape = *s
	at.spans, p.spare = p.spare, at.spans
	p.keep()
}

// keep gives the shapes what they have after the change.
func (p *partition) keep() {
	for _, k := range p.changed {
		p.shapes[k].owned = p.then[k]
	}
}

// trySwap says by how much the error falls if shape k and the one above change places.
func (p *partition) trySwap(k int) float64 {
	p.begin()
	a, b := p.shapes[k].spans, p.shapes[k+1].spans
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i].y < b[j].y:
			i++
			continue
		case b[j].y < a[i].y:
			j++
			continue
		}
		row := p.rows[int(a[i].y)*(p.W+1):]
		base := int(a[i].y) * p.W
		last := int(min(a[i].x1, b[j].x1))
		for x := int(max(a[i].x0, b[j].x0)); x < last; {
			at := (base + x) * p.words
			end := p.run(at, base+x, base+last) - base
			if !p.above(at, k+1) {
				p.move(k+1, k, int32(end-x), &row[x], &row[end])
			}
			x = end
		}
		i, j = i+1, j+1
	}
	return p.settle()
}

// commitSwap makes the change that trySwap(k) tried.
func (p *partition) commitSwap(k int) {
	p.keep()
	p.flip(k, p.shapes[k].spans, p.shapes[k+1].spans)
	p.shapes[k], p.shapes[k+1] = p.shapes[k+1], p.shapes[k]
}

// flip changes two shapes' bits with each other wherever one alone is set.
func (p *partition) flip(k int, outlines ...[]span) {
	// Texels of both come twice, and are as they were.
	for _, spans := range outlines {
		for _, s := range spans {
			base := int(s.y) * p.W
			for x := base + int(s.x0); x < base+int(s.x1); x++ {
				low, high := &p.bits[x*p.words+k/64], &p.bits[x*p.words+(k+1)/64]
				a, b := *low>>(k%64)&1, *high>>((k+1)%64)&1
				if a != b {
					*low ^= 1 << (k % 64)
					*high ^= 1 << ((k + 1) % 64)
				}
			}
		}
	}
}
