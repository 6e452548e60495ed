package film

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// unchanged is the index of a pixel that is as it was before.
const unchanged = 1<<16 - 1

// paletteSize is the most colours of an image: 256, less the one that is transparent.
const paletteSize = 255

// indexed gives the colours of a change, 0xBBGGRR each, and for each pixel the index of
// its own. Where there are 256 colours and all pixels are new, all are had; where there
// are more, each pixel gets a near one.
func indexed(c change) ([]uint16, []uint32) {
	n := len(c.pixels) / 4
	indices := make([]uint16, n)
	var t colourTable
	var last uint32 // the colour before, which most pixels repeat
	index, most := uint16(unchanged), paletteSize
	if c.before == nil {
		most++
	}
	for i := range n {
		if c.before != nil && bytes.Equal(c.pixels[4*i:4*i+4], c.before[4*i:4*i+4]) {
			indices[i] = unchanged
			continue
		}
		colour := binary.LittleEndian.Uint32(c.pixels[4*i:]) & 0xffffff
		if colour != last || index == unchanged {
			last = colour
			if index = t.index(colour); len(t.colours) > most {
				return reduced(c, indices)
			}
		}
		indices[i] = index
	}
	return indices, t.colours
}

// A colourTable numbers colours in the order in which it is asked for them.
type colourTable struct {
	colours []uint32
	slots   [1024]uint16 // one more than the index, 0 for none
}

func (t *colourTable) index(colour uint32) uint16 {
	for at := colour * 0x9e3779b1 >> 22; ; at = (at + 1) % uint32(len(t.slots)) {
		switch i := t.slots[at]; {
		case i == 0:
			t.colours = append(t.colours, colour)
			t.slots[at] = uint16(len(t.colours))
			return uint16(len(t.colours) - 1)
		case t.colours[i-1] == colour:
			return i - 1
		}
	}
}

// fineness is to how many bits the colours of an image with too many are told apart.
const fineness = 5

// bucket is the number of all colours that are not told apart from one.
func bucket(colour uint32) uint32 {
	const down = 8 - fineness
	r, g, b := colour&0xff>>down, colour>>8&0xff>>down, colour>>16&0xff>>down
	return r | g<<fineness | b<<(2*fineness)
}

// A bin is the pixels of one bucket.
type bin struct {
	bucket, n uint32
	sum       [3]uint64
}

// mean is a channel's mean.
func (b *bin) mean(channel int) uint64 { return b.sum[channel] / uint64(b.n) }

// reduced is indexed for more colours than an image can have: by median cut. The set of
// colours is halved where it is widest, again and again, and each part becomes its mean.
func reduced(c change, indices []uint16) ([]uint16, []uint32) {
	all := make([]bin, 1<<(3*fineness))
	for i := range indices {
		if c.before != nil && bytes.Equal(c.pixels[4*i:4*i+4], c.before[4*i:4*i+4]) {
			continue
		}
		colour := binary.LittleEndian.Uint32(c.pixels[4*i:])
		b := &all[bucket(colour)]
		b.n++
		for k := range 3 {
			b.sum[k] += uint64(colour >> (8 * k) & 0xff)
		}
	}
	var used []bin
	for i, b := range all {
		if b.n > 0 {
			b.bucket = uint32(i)
			used = append(used, b)
		}
	}
	parts := [][]bin{used}
	for len(parts) < paletteSize {
		widest, channel, width := -1, 0, uint64(0)
		for i, p := range parts {
			if k, w := extent(p); w > width {
				widest, channel, width = i, k, w
			}
		}
		if widest < 0 {
			break // each part is one bucket
		}
		a, b := halves(parts[widest], channel)
		parts[widest] = a
		parts = append(parts, b)
	}
	colours := make([]uint32, len(parts))
	var index [1 << (3 * fineness)]uint16
	for i, p := range parts {
		var sum bin
		for _, b := range p {
			index[b.bucket] = uint16(i)
			sum.n += b.n
			for k := range sum.sum {
				sum.sum[k] += b.sum[k]
			}
		}
		colours[i] = uint32(sum.mean(0) | sum.mean(1)<<8 | sum.mean(2)<<16)
	}
	for i := range indices {
		indices[i] = unchanged
		if c.before == nil || !bytes.Equal(c.pixels[4*i:4*i+4], c.before[4*i:4*i+4]) {
			indices[i] = index[bucket(binary.LittleEndian.Uint32(c.pixels[4*i:]))]
		}
	}
	return indices, colours
}

// extent is the channel in which a part is widest, and how wide it is: weighted by its
// pixels, so that what covers much of the image gets more of the colours.
func extent(p []bin) (channel int, width uint64) {
	if len(p) < 2 {
		return 0, 0
	}
	var n uint64
	for i := range p {
		n += uint64(p[i].n)
	}
	for k := range 3 {
		lo, hi := uint64(255), uint64(0)
		for i := range p {
			m := p[i].mean(k)
			lo, hi = min(lo, m), max(hi, m)
		}
		if w := (hi - lo + 1) * n; w > width {
			channel, width = k, w
		}
	}
	return channel, width
}

// halves cuts a part where half of its pixels are on either side.
func halves(p []bin, channel int) (a, b []bin) {
	slices.SortFunc(p, func(x, y bin) int {
		if d := int(x.mean(channel)) - int(y.mean(channel)); d != 0 {
			return d
		}
		return int(x.bucket) - int(y.bucket)
	})
	var n, half uint64
	for i := range p {
		n += uint64(p[i].n)
	}
	at := 0
	for at < len(p)-1 && (at == 0 || half+uint64(p[at].n) <= n/2) {
		half += uint64(p[at].n)
		at++
	}
	return p[:at], p[at:]
}
