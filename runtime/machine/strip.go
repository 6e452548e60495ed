package machine

import "encoding/binary"

// strip is rows of a panel that are drawn by one goroutine, from the first to the
// last, and the rows of texels that it drew last.
type strip struct {
	p      *presenter
	pixels []span   // of each row, those that are drawn
	places span     // in line, of all of them
	row    []uint32 // room for a row of texels: see presenter.texels
	down   []uint64 // the rows of a panel row, added up
	cached [MaxTaps + 1]cachedRow
	next   int // of cached that is given up
}

// cachedRow is a line of texels, as sums: see spread.
type cachedRow struct {
	at   int32 // its place in the line down the rows; -1: none
	line []uint64
}

// draw draws panel rows [from, to).
func (s *strip) draw(from, to int) {
	p := s.p
	s.begin(from, to)
	sharp := p.columns.most == 1 && p.rows.most == 1
	for j := from; j < to; j++ {
		of := s.pixels[j-from]
		if of.empty() {
			continue
		}
		pix := p.pix[j*p.stride:][4*of.from : 4*of.to]
		switch {
		case j > from && p.rows.repeats(j):
			copy(pix, p.pix[(j-1)*p.stride:][4*of.from:])
		case sharp:
			s.pick(pix, s.texels(p.rows.first[j]), of)
		case p.columns.most == 2:
			s.two(pix, s.sum(j, of), of)
		case p.columns.most <= mostPacked:
			s.three(pix, s.sum(j, of), of)
		default:
			s.many(pix, s.sum(j, of), of)
		}
	}
}

// begin forgets the rows of the view before, and finds what is drawn.
func (s *strip) begin(from, to int) {
	p := s.p
	n := p.columns.line()
	s.row, s.down = resize(s.row, n+2*cellRoom), resize(s.down, n)
	for i := range s.cached {
		s.cached[i].at = -1
	}
	s.pixels = resize(s.pixels, to-from)
	var all span
	for i := range s.pixels {
		s.pixels[i] = p.before.pixels(p, from+i)
		all = all.union(s.pixels[i])
	}
	s.places = p.columns.places(all)
}

// texels is the line at a place down the rows, as pixels.
func (s *strip) texels(at int32) []uint32 {
	p := s.p
	back := pixelTexel(p.v.Back)
	n := len(p.columns.texels)
	if at == 0 || int(at) > len(p.rows.texels) {
		line := s.row[cellRoom:]
		fill(line[s.places.from:s.places.to], back)
		return line
	}
	line := p.texels(int(p.rows.texels[at-1]), s.row, max(int(s.places.from)-1, 0), min(int(s.places.to)-1, n))
	line[0], line[n+1] = back, back
	return line
}

// line is texels as sums. What one panel row asks for is never made twice, for it
// asks in ascending order.
func (s *strip) line(at int32) []uint64 {
	for i := range s.cached {
		if s.cached[i].at == at {
			return s.cached[i].line
		}
	}
	k := &s.cached[s.next]
	s.next = (s.next + 1) % len(s.cached)
	k.at, k.line = at, resize(k.line, s.p.columns.line())
	texels := s.texels(at)[s.places.from:s.places.to]
	line := k.line[s.places.from:s.places.to]
	texels = texels[:len(line)]
	for i, t := range texels {
		line[i] = spread(t)
	}
	return k.line
}

// sum adds up the lines that some pixels of a panel row show, by their weights. What
// is in other places of the line is anything.
func (s *strip) sum(j int, pixels span) []uint64 {
	rows := &s.p.rows
	at, weights := rows.first[j], rows.at(j)
	of := s.p.columns.places(pixels)
	down := s.down[of.from:of.to]
	switch len(weights) {
	case 1:
		a := s.line(at)[of.from:][:len(down)]
		for i := range down {
			down[i] = a[i] * rowParts
		}
		return s.down
	case 2:
		a, b := s.line(at)[of.from:][:len(down)], s.line(at + 1)[of.from:][:len(down)]
		v, w := uint64(weights[0]), uint64(weights[1])
		for i := range down {
			down[i] = a[i]*v + b[i]*w
		}
		return s.down
	}
	clear(down)
	for k, w := range weights {
		a, w := s.line(at + int32(k))[of.from:][:len(down)], uint64(w)
		for i := range down {
			down[i] += a[i] * w
		}
	}
	return s.down
}

// pick draws a panel row each of whose pixels shows one texel.
func (s *strip) pick(pix []byte, line []uint32, of span) {
	for _, at := range s.p.columns.first[of.from:of.to] {
		if len(pix) < 4 { // never: so the compiler knows
			return
		}
		binary.LittleEndian.PutUint32(pix, line[at])
		pix = pix[4:]
	}
}

// two draws a panel row whose pixels show two texels at most. With weights that
// come to a whole, a·v + b·w is a·whole + (b-a)·w, whatever overflows on the way.
func (s *strip) two(pix []byte, line []uint64, of span) {
	for _, word := range s.p.columns.packed[of.from:of.to] {
		if len(pix) < 4 {
			return
		}
		at := word >> packedFirst
		a, b := line[at], line[at+1]
		sum := a*columnParts + (b-a)*uint64(word&(1<<packedWeight-1))
		binary.LittleEndian.PutUint32(pix, average(sum))
		pix = pix[4:]
	}
}

// three is two for three texels at most.
func (s *strip) three(pix []byte, line []uint64, of span) {
	for _, word := range s.p.columns.packed[of.from:of.to] {
		if len(pix) < 4 {
			return
		}
		at := word >> packedFirst
		a, b, c := line[at], line[at+1], line[at+2]
		sum := a*columnParts + (b-a)*uint64(word&(1<<packedWeight-1)) + (c-a)*uint64(word>>packedWeight&(1<<packedWeight-1))
		binary.LittleEndian.PutUint32(pix, average(sum))
		pix = pix[4:]
	}
}

// many is two for any number of texels.
func (s *strip) many(pix []byte, line []uint64, of span) {
	columns := &s.p.columns
	for i, at := range columns.first[of.from:of.to] {
		weights := columns.at(int(of.from) + i)
		texels := line[at:][:len(weights)]
		var sum uint64
		for k, w := range weights {
			sum += texels[k] * uint64(w)
		}
		binary.LittleEndian.PutUint32(pix[4*i:], average(sum))
	}
}

// Colours are added up three channels at a time, 21 bits each: eight of the
// channel, seven of the columns' weights, six of the rows'.
const (
	columnParts = 1 << 7
	rowParts    = 1 << 6
	allParts    = columnParts * rowParts
)

// spread is an opaque pixel for adding up.
func spread(pixel uint32) uint64 {
	t := uint64(pixel)
	return t&0xFF | t&0xFF00<<13 | t&0xFF0000<<26
}

// average is the pixel of a sum with weights that come to allParts.
func average(sum uint64) uint32 {
	sum += allParts/2<<42 | allParts/2<<21 | allParts/2
	return uint32(sum>>13)&0xFF | uint32(sum>>26)&0xFF00 | uint32(sum>>39)&0xFF0000 | written
}
