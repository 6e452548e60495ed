package machine

import (
	"context"
	"math"
	"math/bits"

	"gvpie/assets/glyph"
	"gvpie/runtime/isa"
)

// coverTimes is how often a frame's commands paint the canvas over, from which on
// they are painted from the last to the first: that costs what is seen of them,
// however often they draw over each other. What paints less is painted sooner in
// order.
const coverTimes = 3

// covers says whether commands are painted from the last to the first.
func (m *Machine) covers(commands []isa.Command) bool {
	if m.canvas.work != nil {
		return false
	}
	left := m.coverTimes * len(m.display)
	for i := range commands {
		if left -= m.painted(&commands[i]); left < 0 {
			return true
		}
	}
	return false
}

// painted is about how many texels a command paints, or how much of the time that
// those of a rectangle take the thin ones of a curve do.
func (m *Machine) painted(c *isa.Command) int {
	const thin = 4
	n := func(i int) int { return max(0, int(int32(c[isa.CmdA+i]))) }
	w, h := m.header.W, m.header.H
	switch c.Op() {
	case isa.CLS:
		return w * h
	case isa.RECT, isa.FILL, isa.BLIT:
		return min(n(2), w) * min(n(3), h)
	case isa.CIRC:
		return 3 * min(n(2), w) * min(n(2), h)
	case isa.TRI:
		r := reachOf(c, m.header)
		return max(0, r.area()) / 2
	case isa.SPR:
		r := reachOf(c, m.header)
		return max(0, r.area())
	case isa.RING:
		return (min(n(2), w) + min(n(2), h)) * 4 / thin
	case isa.LINE:
		r := reachOf(c, m.header)
		return max(0, r.x1-r.x0, r.y1-r.y0) / thin
	case isa.BOX:
		return (min(n(2), w) + min(n(3), h)) * 2 / thin
	case isa.TXT:
		if m.header.Pixel {
			return int(c[isa.CmdLen]) * isa.CellWidth * isa.CellHeight / thin
		}
		return int(c[isa.CmdLen])
	}
	return 1
}

// raster paints the commands that are not painted yet; the last writer of a texel
// wins. It runs at the end of a frame, and within one when an array that a waiting
// EACH may read is about to change. The error is the context's.
func (m *Machine) raster(ctx context.Context) error {
	if m.rastered == len(m.commands) {
		return nil
	}
	commands := m.commands[m.rastered:]
	m.canvas.begin(m.covers(commands))
	turned := m.rollback.stale && !m.canvas.covering && m.paintsAll(commands)
	banded := !turned && m.inBands(commands)
	m.rowWriters.kept = false
	switch {
	case turned:
		m.turn()
		m.rowWriters.keep(commands)
	case !banded:
		m.catchUp()
		m.dirty.mark(commands, m.header)
	}
	if !m.rowWriters.kept {
		m.rowWriters.forget()
	}
	m.rollback.painted = true
	m.began, m.inputs.Began = m.rollback.display, m.rollback.display
	p := painter{ctx: ctx, canvas: &m.canvas, began: m.began, cell: !m.header.Pixel}
	var first *Fault // of the first EACH that has one
	if m.pending {
		m.inputs.Data, m.inputs.State, m.inputs.Version = m.data(), m.state, versions.Add(1)
	}
	if banded {
		var err error
		if first, err = m.paintBands(&p, commands); err != nil {
			return err
		}
		commands = nil
	}
	for i := range commands {
		at := m.rastered + i
		if m.canvas.covering {
			at = len(m.commands) - 1 - i
		}
		c := &m.commands[at]
		p.pc = c[isa.CmdPC]
		m.canvas.clip(c)
		if m.canvas.work != nil {
			m.canvas.work.command(c.Op())
		}
		var err error
		switch c.Op() {
		case isa.LOG:
		case isa.EACH: // runs even where it is covered, for it may fail there
			var f *Fault
			m.canvas.shared = true
			if f, err = m.each(ctx, c, at); f != nil && (first == nil || m.canvas.covering) {
				first = f
			}
			m.canvas.unshare()
		default:
			var f *Fault
			if f, err = m.paintOne(&p, c); f != nil {
				first = f
			}
		}
		m.rollback.turned = m.rollback.turned && c.Op() == isa.LOG
		if err != nil {
			return err
		}
	}
	if m.eachFault == nil {
		m.eachFault = first
	}
	m.rastered = len(m.commands)
	m.pending = false
	return nil
}

// painter paints one command after the other.
type painter struct {
	*canvas
	ctx   context.Context
	began []uint32
	cell  bool
	line  []uint32 // room for a row of text

	pc, which, word uint32 // of the command being painted: who, which bits, what they become
	work            int    // texels since the last look at the context
}

const paintYield = 1 << 16

// tick says whether the context has ended, looking at it now and then.
func (p *painter) tick(texels int) error {
	if p.work += texels + 1; p.work < paintYield {
		return nil
	}
	p.work = 0
	return p.ctx.Err()
}

// draw paints a command; words are the text of TXT, and the texels of SPR. known is
// false when it is no draw.
func (p *painter) draw(c *isa.Command, words []uint32) (known bool, err error) {
	color := c[isa.CmdColor]
	p.which, p.word = markBits|paperBits, rectWord(c, !p.cell)
	switch c.Op() {
	case isa.CLS:
		if c.Flags()&isa.CmdFlagColor == 0 {
			p.word = written
		}
		p.which = allBits
	case isa.FILL, isa.BLIT:
		p.which = allBits
	case isa.TXT:
		if p.cell {
			p.which = markBits | textBits
		}
	}
	if p.full(p.which) {
		return true, p.tick(0)
	}
	a, b := int(int32(c[isa.CmdA])), int(int32(c[isa.CmdB]))
	x, y := int(int32(c[isa.CmdC])), int(int32(c[isa.CmdD]))
	switch c.Op() {
	case isa.CLS:
		err = p.rect(0, 0, p.w, p.h)
	case isa.RECT, isa.FILL:
		err = p.rect(a, b, x, y)
	case isa.BOX:
		err = p.box(a, b, x, y)
	case isa.PLOT:
		err = p.rect(a, b, 1, 1)
	case isa.LINE:
		err = p.lineTo(a, b, x, y)
	case isa.CIRC:
		err = p.disc(a, b, x, false)
	case isa.RING:
		err = p.disc(a, b, x, true)
	case isa.BLIT:
		err = p.blit(a, b, x, y, int(int32(c[isa.CmdE])), int(int32(c[isa.CmdF])))
	case isa.TXT:
		err = p.text(a, b, words, color)
	case isa.SPR:
		err = p.sprite(a, b, x, y, c[isa.CmdE], words)
	case isa.TRI:
		err = p.triangle(point{a, b}, point{x, y}, point{int(int32(c[isa.CmdE])), int(int32(c[isa.CmdF]))})
	default:
		return false, nil
	}
	return true, err
}

// Texel layouts. Cell canvas: glyph, ink, paper, 255. Pixel canvas: R, G, B, 255.
const written = 0xFF000000

func pixelTexel(rgb uint32) uint32 {
	return rgb>>16&0xFF | rgb&0xFF00 | rgb&0xFF<<16 | written
}

// rectWord is what a command that paints one word, as RECT does, paints.
func rectWord(c *isa.Command, pixel bool) uint32 {
	if pixel {
		return pixelTexel(c[isa.CmdColor])
	}
	return paper(c[isa.CmdColor])
}

// paper is an empty cell of a paper.
func paper(code uint32) uint32 { return code<<16 | written }

// span paints texels [x0, x1) of row y.
func (p *painter) span(x0, x1, y int) { p.fill(p.which, p.word, x0, x1, y, p.pc) }

func (p *painter) rect(x, y, w, h int) error {
	if w <= 0 || h <= 0 {
		return nil
	}
	p.canvas.rect(p.which, p.word, x, y, x+w, y+h, p.pc)
	return p.tick(min(w, p.w) * min(h, p.h))
}

// box paints the outermost texels of the rectangle.
func (p *painter) box(x, y, w, h int) error {
	if w <= 0 || h <= 0 {
		return nil
	}
	p.span(x, x+w, y)
	if h > 1 {
		p.span(x, x+w, y+h-1)
	}
	y0, y1 := max(y+1, p.y0), min(y+h-1, p.y1)
	p.column(x, y0, y1)
	if w > 1 {
		p.column(x+w-1, y0, y1)
	}
	return p.tick(2 * (p.w + p.h))
}

// column paints column x of rows [y0, y1), which are inside the clip.
func (p *painter) column(x, y0, y1 int) {
	if x < p.x0 || x >= p.x1 {
		return
	}
	for y := p.open(p.which, x, x+1, y0, y1); y < y1; y = p.next(p.which, x, x+1, y, y1) {
		p.dot(p.which, p.word, x, y, p.pc)
	}
}

// disc paints the texels with d² <= r² + r; a ring leaves out those with
// d² <= r² - r, but for its one texel when r is 0.
func (p *painter) disc(cx, cy, r int, ring bool) error {
	if r < 0 {
		return nil
	}
	outer, inner := r*r+r, r*r-r
	x0, x1, end := cx-r, cx+r+1, min(cy+r+1, p.y1)
	for y := p.open(p.which, x0, x1, max(cy-r, p.y0), end); y < end; y = p.next(p.which, x0, x1, y, end) {
		d := (y - cy) * (y - cy)
		half := root(outer - d)
		if ring && r > 0 && inner >= d {
			hole := root(inner - d)
			p.span(cx-half, cx-hole, y)
			p.span(cx+hole+1, cx+half+1, y)
		} else {
			p.span(cx-half, cx+half+1, y)
		}
		if err := p.tick(min(2*half+1, p.w)); err != nil {
			return err
		}
	}
	return p.tick(0)
}

// root is the floor of the square root of 0…MaxInt32, for which a float is exact.
func root(n int) int { return int(math.Sqrt(float64(n))) }

// blit copies whole texels from the display as the frame began.
func (p *painter) blit(sx, sy, w, h, dx, dy int) error {
	x0, x1 := max(0, -sx, p.x0-dx), min(w, p.w-sx, p.x1-dx)
	y0, y1 := max(0, -sy, p.y0-dy), min(h, p.h-sy, p.y1-dy)
	if x0 >= x1 {
		return p.tick(0)
	}
	for y := p.open(p.which, dx+x0, dx+x1, dy+y0, dy+y1); y < dy+y1; y = p.next(p.which, dx+x0, dx+x1, y, dy+y1) {
		from := (sy+y-dy)*p.w + sx
		p.copy(p.which, p.began[from+x0:from+x1], dx+x0, y, p.pc)
		if err := p.tick(x1 - x0); err != nil {
			return err
		}
	}
	return p.tick(0)
}

// text writes characters from (x, y) to the right, clipped.
func (p *painter) text(x, y int, chars []uint32, color uint32) error {
	advance, height := 1, 1
	if !p.cell {
		advance, height = isa.CellWidth, glyph.Height
	}
	if y <= p.y0-height || y >= p.y1 {
		return p.tick(0)
	}
	// Whole characters off the left edge are skipped, not walked.
	if x < p.x0 {
		first := min((p.x0-x)/advance, len(chars))
		chars, x = chars[first:], x+first*advance
	}
	p.line = p.line[:0]
	for i, c := range chars {
		if x+i*advance >= p.x1 {
			break
		}
		c &= 0xFF
		if c < 32 || c > 126 {
			c = isa.UnknownGlyph
		}
		if p.cell {
			p.line = append(p.line, c|color<<8|written)
		} else {
			p.glyph(x+i*advance, y, c)
		}
	}
	if len(p.line) > 0 {
		p.copy(p.which, p.line, x, y, p.pc)
	}
	return p.tick(p.w * height)
}

// glyph draws the set bits of a glyph on a pixel canvas.
func (p *painter) glyph(x, y int, c uint32) {
	for j, row := range glyph.ROM[c] {
		if row != 0 {
			p.fillBits(p.which, p.word, uint32(bits.Reverse8(row<<(8-glyph.Width))), x, y+j, p.pc)
		}
	}
}
