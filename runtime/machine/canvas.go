package machine

import (
	"math/bits"
	"sync/atomic"

	"gvpie/runtime/isa"
)

// canvas is the display and writer pages while a frame's commands are painted on
// them. In order, each is painted whole over those before it. Where there are many,
// they are painted from the last to the first, and what is painted covers what is
// painted after it: each bit of a texel is written once, and the rest of the work
// is to find out that nothing is left to write.
type canvas struct {
	w, h            int
	display, writer []uint32
	covering        bool // from the last to the first
	x0, y0, x1, y1  int  // where the command being painted may: from x0, y0 to before x1, y1
	layers          []layer
	all             [3]layer // what layers has the first of
}

// The layers of a texel are bits of it that commands write together. On a cell
// canvas text and paper cover each other's bits only where both are written, as
// by FILL; the mark, which every command writes, says that the texel is written
// and goes with its word of the writer page. On a pixel canvas all is one layer.
const (
	textBits  = 0x0000FFFF
	paperBits = 0x00FF0000
	markBits  = 0xFF000000
	allBits   = textBits | paperBits | markBits
)

// layer is which texels are covered in some of their bits.
type layer struct {
	mask    uint32
	rows    []coveredRow
	covered []uint64     // a bit for each texel, the lowest first; rows begin at whole words
	open    atomic.Int32 // rows that are not covered as a whole
}

// coveredRow is a short account of a row: all of [from, to) is covered.
type coveredRow struct {
	from, to int32
	free     int32 // texels that are not covered
}

// resize makes it a canvas of w × h texels on these pages, in the memory it has.
func (c *canvas) resize(w, h int, pixel bool, display, writer []uint32) {
	c.w, c.h, c.display, c.writer = w, h, display, writer
	masks := []uint32{markBits, paperBits, textBits}
	if pixel {
		masks = []uint32{allBits}
	}
	c.layers = c.all[:len(masks)]
	for i, mask := range masks {
		l := &c.layers[i]
		l.mask = mask
		l.covered = resize(l.covered, h*((w+63)/64))
		l.rows = resize(l.rows, h)
	}
}

// begin prepares the painting of commands, in order or from the last to the first.
func (c *canvas) begin(covering bool) {
	c.covering = covering
	if !covering {
		return
	}
	for i := range c.layers {
		l := &c.layers[i]
		clear(l.covered)
		for y := range l.rows {
			l.rows[y] = coveredRow{free: int32(c.w)}
		}
		l.open.Store(int32(c.h))
	}
}

// clip makes the rectangle that a command may paint in the canvas's.
func (c *canvas) clip(cmd *isa.Command) {
	first, end := cmd[isa.CmdClipMin], cmd[isa.CmdClipMax]
	c.x0, c.y0, c.x1, c.y1 = int(first&0xFFFF), int(first>>16), int(end&0xFFFF), int(end>>16)
}

// full says that nothing painted in these bits can be seen any more.
func (c *canvas) full(which uint32) bool {
	if !c.covering {
		return false
	}
	for i := range c.layers {
		if l := &c.layers[i]; l.mask&which != 0 && l.open.Load() > 0 {
			return false
		}
	}
	return true
}

// fill paints some bits of texels [x0, x1) of row y with those of word; pc is who
// writes them. What is outside the clip is left out.
//
// It is copy's twin on purpose: most of what is painted is a few texels wide, and
// one function for both made frames of many draws 15 to 50 % slower.
func (c *canvas) fill(which, word uint32, x0, x1, y int, pc uint32) {
	x0, x1 = max(x0, c.x0), min(x1, c.x1)
	if y < c.y0 || y >= c.y1 || x0 >= x1 {
		return
	}
	display, writer := c.display[y*c.w:][:c.w], c.writer[y*c.w:][:c.w]
	if !c.covering {
		setBits(display[x0:x1], c.mask(which), word)
		fill(writer[x0:x1], pc)
		return
	}
	for i := range c.layers {
		l := &c.layers[i]
		if l.mask&which == 0 || l.hides(x0, x1, y) {
			continue
		}
		for from, to := l.cover(x0, x1, y); from < to; from, to = l.cover(to, x1, y) {
			setBits(display[from:to], l.mask, word)
			if l.mask&markBits != 0 {
				fill(writer[from:to], pc)
			}
		}
		l.rows[y].join(x0, x1)
	}
}

// copy paints like fill, texels from (x, y) on with the bits of words. They are all
// inside the clip. Rows may be painted on at the same time, one by one goroutine each.
func (c *canvas) copy(which uint32, words []uint32, x, y int, pc uint32) {
	display, writer := c.display[y*c.w:][:c.w], c.writer[y*c.w:][:c.w]
	end := x + len(words)
	if !c.covering {
		copyBits(display[x:end], c.mask(which), words)
		fill(writer[x:end], pc)
		return
	}
	for i := range c.layers {
		l := &c.layers[i]
		if l.mask&which == 0 || l.hides(x, end, y) {
			continue
		}
		for from, to := l.cover(x, end, y); from < to; from, to = l.cover(to, end, y) {
			copyBits(display[from:to], l.mask, words[from-x:])
			if l.mask&markBits != 0 {
				fill(writer[from:to], pc)
			}
		}
		l.rows[y].join(x, end)
	}
}

// overlay is copy of the opaque ones among words, in order.
func (c *canvas) overlay(which uint32, words []uint32, x, y int, pc uint32) {
	display, writer := c.display[y*c.w+x:][:len(words)], c.writer[y*c.w+x:][:len(words)]
	mask := c.mask(which)
	for i, w := range words {
		if w >= written {
			display[i] = display[i]&^mask | w&mask
			writer[i] = pc
		}
	}
}

// mask is the bits that a command of these bits writes.
func (c *canvas) mask(which uint32) uint32 {
	if len(c.layers) == 1 {
		return allBits
	}
	return which
}

// hides says that texels [x0, x1) of row y are covered; it may not know.
func (l *layer) hides(x0, x1, y int) bool {
	r := &l.rows[y]
	return r.free == 0 || int(r.from) <= x0 && x1 <= int(r.to)
}

// join takes [x0, x1), which is covered now, into the account.
func (r *coveredRow) join(x0, x1 int) {
	switch {
	case x0 <= int(r.to) && int(r.from) <= x1:
		r.from, r.to = min(r.from, int32(x0)), max(r.to, int32(x1))
	case x1-x0 > int(r.to-r.from):
		r.from, r.to = int32(x0), int32(x1)
	}
}

// cover finds texels of [x0, x1) of row y that are not covered, the first run of
// them within one word, and covers them. The run is empty when there are none.
func (l *layer) cover(x0, x1, y int) (from, to int) {
	row := l.covered[y*(len(l.covered)/len(l.rows)):]
	for x := x0; x < x1; x = (x | 63) + 1 {
		open := ^row[x/64] >> (x % 64)
		if open == 0 {
			continue
		}
		from = x + bits.TrailingZeros64(open)
		open >>= from - x
		to = min(from+bits.TrailingZeros64(^open), (x|63)+1, x1)
		if from >= x1 {
			break
		}
		row[x/64] |= (1<<(to-from) - 1) << (from % 64)
		if l.rows[y].free -= int32(to - from); l.rows[y].free == 0 {
			l.open.Add(-1)
		}
		return from, to
	}
	return x1, x1
}

// setBits gives texels the bits of mask that word has.
func setBits(texels []uint32, mask, word uint32) {
	if mask == allBits {
		fill(texels, word)
		return
	}
	word &= mask
	for i, t := range texels {
		texels[i] = t&^mask | word
	}
}

// copyBits is setBits with a word for each texel.
func copyBits(texels []uint32, mask uint32, words []uint32) {
	if mask == allBits {
		copy(texels, words)
		return
	}
	for i, t := range texels {
		texels[i] = t&^mask | words[i]&mask
	}
}

// fill is eight words at a time, twice as fast as one, or copies of what it has filled.
func fill(s []uint32, v uint32) {
	const worthCopies = 128
	copies := len(s) >= worthCopies
	for len(s) >= 8 {
		p := (*[8]uint32)(s)
		p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7] = v, v, v, v, v, v, v, v
		if copies {
			for n := 8; n < len(s); n *= 2 {
				copy(s[n:], s[:n])
			}
			return
		}
		s = s[8:]
	}
	for i := range s {
		s[i] = v
	}
}
