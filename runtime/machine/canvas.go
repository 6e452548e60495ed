package machine

import (
	"math/bits"

	"gvpie/runtime/isa"
)

// canvas is the display and writer pages while a frame's commands are painted on
// them. In order, each is painted whole over those before it. Where they paint much
// more than the canvas has, they are painted from the last to the first, and what is
// painted covers what is painted after it: each bit of a texel is written once, and
// the rest of the work is to find out that nothing is left to write. See cover.
type canvas struct {
	w, h            int
	display, writer []uint32
	covering        bool // from the last to the first
	x0, y0, x1, y1  int  // where the command being painted may: from x0, y0 to before x1, y1
	shared          bool // rows are painted by several goroutines at once
	cover           cover
	work            *Work // what is written is counted here; nil: it is not
}

// What commands write together are bits of a texel. On a cell canvas text and paper
// cover each other's bits only where both are written, as by FILL; the mark, which
// every command writes, says that the texel is written and goes with its word of the
// writer page. On a pixel canvas every command writes all.
const (
	textBits  = 0x0000FFFF
	paperBits = 0x00FF0000
	markBits  = 0xFF000000
	allBits   = textBits | paperBits | markBits
)

// resize makes it a canvas of w × h texels on these pages, in the memory it has.
func (c *canvas) resize(w, h int, pixel bool, display, writer []uint32) {
	c.w, c.h, c.display, c.writer = w, h, display, writer
	c.cover.resize(w, h, pixel)
}

// begin prepares the painting of commands, in order or from the last to the first.
func (c *canvas) begin(covering bool) {
	if c.covering = covering; covering {
		c.cover.clear(c.w, c.h)
	}
}

// clip makes the rectangle that a command may paint in the canvas's.
func (c *canvas) clip(cmd *isa.Command) {
	first, end := cmd[isa.CmdClipMin], cmd[isa.CmdClipMax]
	c.x0, c.y0, c.x1, c.y1 = int(first&0xFFFF), int(first>>16), int(end&0xFFFF), int(end>>16)
}

// full says that nothing painted in these bits can be seen any more.
func (c *canvas) full(which uint32) bool { return c.covering && c.cover.full(which) }

// mask is the bits that a command of these bits writes.
func (c *canvas) mask(which uint32) uint32 {
	if c.cover.pixel {
		return allBits
	}
	return which
}

// rect paints some bits of a rectangle of texels with those of word; pc is who
// writes them. What is outside the clip is left out.
func (c *canvas) rect(which, word uint32, x0, y0, x1, y1 int, pc uint32) {
	x0, x1, y0, y1 = max(x0, c.x0), min(x1, c.x1), max(y0, c.y0), min(y1, c.y1)
	if x0 >= x1 || y0 >= y1 {
		return
	}
	if c.covering {
		c.coverRect(which, word, x0, y0, x1, y1, pc)
		return
	}
	c.rectInOrder(c.mask(which), word, x0, y0, x1, y1, pc)
}

// rectInOrder is rect, of the bits of mask, for texels that are inside the clip and where
// nothing covers.
func (c *canvas) rectInOrder(mask, word uint32, x0, y0, x1, y1 int, pc uint32) {
	wide := x1 - x0
	if wide == c.w { // the rows are one piece
		c.wrote(wide * (y1 - y0))
		for at, end := y0*c.w, y1*c.w; at < end; at += fillTogether {
			c.fillRun(mask, word, at, min(at+fillTogether, end), pc)
		}
		return
	}
	c.wroteRows(wide, y1-y0)
	words, by := four(word), four(pc)
	for at, end := y0*c.w+x0, y1*c.w+x0; at < end; at += c.w {
		if wide > rectAlone {
			c.fillRun(mask, word, at, at+wide, pc)
			continue
		}
		display := c.display[at : at+wide]
		writer := c.writer[at : at+wide][:len(display)]
		switch {
		case mask == allBits && wide >= 4:
			// Four at a time, the last four over some of those before.
			for i := 0; i < len(display)-4; i += 4 {
				*(*[4]uint32)(display[i:]) = words
				*(*[4]uint32)(writer[i:]) = by
			}
			*(*[4]uint32)(display[wide-4:]) = words
			*(*[4]uint32)(writer[wide-4:]) = by
		case mask == allBits:
			for i := range display {
				display[i] = word
				writer[i] = pc
			}
		default:
			for i, t := range display {
				display[i] = t&^mask | word&mask
				writer[i] = pc
			}
		}
	}
}

// four are four times a word, which are stored at once.
func four(v uint32) [4]uint32 { return [4]uint32{v, v, v, v} }

// How many texels at most are painted without a call: of a row of a rectangle, and else;
// and how many at once, so that they stay in the nearest cache.
const (
	rectAlone    = 64
	fillAlone    = 32
	fillTogether = 1 << 12
)

// fillRun paints texels [from, to) of the pages.
func (c *canvas) fillRun(mask, word uint32, from, to int, pc uint32) {
	display := c.display[from:to]
	writer := c.writer[from:to]
	if len(display) > fillAlone {
		setBits(display, mask, word)
		fill(writer, pc)
		return
	}
	word &= mask
	writer = writer[:len(display)]
	for i, t := range display {
		display[i] = t&^mask | word
		writer[i] = pc
	}
}

// fill paints like rect, texels [x0, x1) of row y.
//
// It is copy's twin on purpose: most of what is painted is a few texels wide, and
// one function for both made frames of many draws 15 to 50 % slower.
func (c *canvas) fill(which, word uint32, x0, x1, y int, pc uint32) {
	x0, x1 = max(x0, c.x0), min(x1, c.x1)
	if y < c.y0 || y >= c.y1 || x0 >= x1 {
		return
	}
	if !c.covering {
		at := y * c.w
		c.fillRun(c.mask(which), word, at+x0, at+x1, pc)
		c.wrote(x1 - x0)
		return
	}
	for open := c.cover.openTiles(which, x0, x1, y); open != 0; open &= open - 1 {
		tx := bits.TrailingZeros32(open)
		painted := c.fillWord(which, word, tx, y, wordMask(x0, x1, tx), pc)
		c.cover.account(which, (y>>tileShift)*c.cover.across+tx, 1, painted)
	}
}

// dot paints like fill the texel (x, y), which is in the clip's columns.
func (c *canvas) dot(which, word uint32, x, y int, pc uint32) {
	if y < c.y0 || y >= c.y1 {
		return
	}
	if !c.covering {
		at, mask := y*c.w+x, c.mask(which)
		c.wrote(1)
		c.display[at] = c.display[at]&^mask | word&mask
		c.writer[at] = pc
		return
	}
	if tx := x >> tileShift; c.cover.openTiles(which, x, x+1, y) != 0 {
		painted := c.fillWord(which, word, tx, y, 1<<(x&(tileSide-1)), pc)
		c.cover.account(which, (y>>tileShift)*c.cover.across+tx, 1, painted)
	}
}

// fillBits paints like rect the texels of row y from x on for which a bit of set is
// set, the lowest first. They are at most 32, and no such texel may be off the canvas.
func (c *canvas) fillBits(which, word uint32, set uint32, x, y int, pc uint32) {
	if y < c.y0 || y >= c.y1 {
		return
	}
	if n := c.x0 - x; n > 0 {
		set, x = set>>min(n, 32), c.x0
	}
	if n := c.x1 - x; n < 32 {
		set &= 1<<max(n, 0) - 1
	}
	if !c.covering {
		mask := c.mask(which)
		c.wrote(bits.OnesCount32(set))
		for at := y*c.w + x; set != 0; set &= set - 1 {
			i := at + bits.TrailingZeros32(set)
			c.display[i] = c.display[i]&^mask | word&mask
			c.writer[i] = pc
		}
		return
	}
	if set == 0 {
		return
	}
	tx, shift := x>>tileShift, x&(tileSide-1)
	c.fillWord(which, word, tx, y, uint64(set)<<shift, pc)
	if rest := uint64(set) >> (tileSide - shift); rest != 0 {
		c.fillWord(which, word, tx+1, y, rest, pc)
	}
}

// copy paints like fill, texels from (x, y) on with the bits of words. They are all
// inside the clip. Rows may be painted on at the same time, one by one goroutine each.
func (c *canvas) copy(which uint32, words []uint32, x, y int, pc uint32) {
	end := x + len(words)
	if !c.covering {
		at := y * c.w
		c.wrote(len(words))
		copyBits(c.display[at+x:at+end], c.mask(which), words)
		fill(c.writer[at+x:at+end], pc)
		return
	}
	for open := c.cover.openTiles(which, x, end, y); open != 0; open &= open - 1 {
		tx := bits.TrailingZeros32(open)
		painted := c.copyWord(which, words, x, tx, y, wordMask(x, end, tx), pc)
		if !c.shared {
			c.cover.account(which, (y>>tileShift)*c.cover.across+tx, 1, painted)
		}
	}
}

// unshare ends painting by several goroutines, which leave the account of what is
// covered as it was.
func (c *canvas) unshare() {
	if c.shared = false; c.covering {
		c.cover.paper.doubt()
	}
}

// overlay is copy of the opaque ones among words, which are paper, or all bits of a pixel.
func (c *canvas) overlay(which uint32, words []uint32, x, y int, pc uint32) {
	if !c.covering {
		c.overlayRows(which, words, len(words), 0, x, y, y+1, pc)
		return
	}
	for open := c.cover.openTiles(which, x, x+len(words), y); open != 0; open &= open - 1 {
		tx := bits.TrailingZeros32(open)
		tile, left := (y>>tileShift)*c.cover.across+tx, tx<<tileShift
		// Where paper is already no word is looked at.
		set := wordMask(x, x+len(words), tx) &^ c.cover.paper.covered[tile<<tileShift+y&(tileSide-1)]
		for some := set; some != 0; some &= some - 1 {
			i := bits.TrailingZeros64(some)
			if words[left+i-x] < written {
				set &^= 1 << i
			}
		}
		painted := set != 0 && c.copyWord(which, words, x, tx, y, set, pc)
		c.cover.account(which, tile, 1, painted)
	}
}

// overlayRows is overlay in order, of rows [y, end) that are wide words and lie step words
// behind each other.
func (c *canvas) overlayRows(which uint32, words []uint32, wide, step, x, y, end int, pc uint32) {
	mask, by := c.mask(which), four(pc)
	for from, at := 0, y*c.w+x; y < end; from, at, y = from+step, at+c.w, y+1 {
		row := words[from : from+wide]
		display, writer := c.display[at:][:len(row)], c.writer[at:][:len(row)]
		i := 0
		for ; mask == allBits && i <= len(row)-4; i += 4 { // four at a time, where all are opaque
			w := [4]uint32(row[i:])
			if w[0]&w[1]&w[2]&w[3] >= written {
				*(*[4]uint32)(display[i:]) = w
				*(*[4]uint32)(writer[i:]) = by
				c.wrote(4)
				continue
			}
			for k, t := range w {
				if t >= written {
					display[i+k], writer[i+k] = t, pc
					c.wrote(1)
				}
			}
		}
		for ; i < len(row); i++ {
			if w := row[i]; w >= written {
				display[i] = display[i]&^mask | w&mask
				writer[i] = pc
				c.wrote(1)
			}
		}
	}
}

// papered says that a rectangle has paper everywhere already, which hides whatever else of
// it is painted: on a pixel canvas all is paper.
func (c *canvas) papered(which uint32, x0, y0, x1, y1 int) bool {
	v := &c.cover
	for y := y0; y < y1; {
		end := min(y1, (y>>tileShift+1)<<tileShift)
		for open := v.openTiles(which, x0, x1, y); open != 0; open &= open - 1 {
			tx := bits.TrailingZeros32(open)
			tile, mask := (y>>tileShift)*v.across+tx, wordMask(x0, x1, tx)
			at := tile << tileShift
			for row := y; row < end; row++ {
				if mask&^v.paper.covered[at+row&(tileSide-1)] != 0 {
					return false
				}
			}
			v.account(which, tile, end-y, false)
		}
		y = end
	}
	return true
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
