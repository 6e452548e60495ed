package machine

import (
	"context"

	"gvpie/assets/glyph"
	"gvpie/runtime/isa"
)

// coverFrom is how many commands are painted from the last to the first, which
// costs what is seen of them, however often they draw over each other. Fewer are
// painted sooner in order, but for those that paint a large canvas often enough.
const (
	coverFrom   = 256
	coverCanvas = 1 << 16 // texels of a large canvas
	coverTimes  = 4
)

// covers says whether commands are painted from the last to the first.
func (m *Machine) covers(commands []isa.Command) bool {
	texels := len(m.display)
	if len(commands) >= m.coverFrom {
		return true
	}
	if texels < coverCanvas || len(commands) < coverTimes {
		return false
	}
	painted := 0
	for i := range commands {
		r := reachOf(&commands[i], m.header)
		if (r.solid || r.op == isa.CIRC || r.op == isa.TRI) && !r.empty() {
			painted += r.area()
		}
	}
	return painted >= coverTimes*texels
}

// tall says that a command may take many rows to paint, and so is worth asking
// whether anything of it can be seen.
func tall(c *isa.Command) bool {
	const rows = 64
	switch c.Op() {
	case isa.PLOT, isa.TXT, isa.SPR:
		return false
	case isa.RECT, isa.FILL, isa.BOX, isa.BLIT:
		return int32(c[isa.CmdD]) >= rows
	case isa.CIRC, isa.RING:
		return int32(c[isa.CmdC]) >= rows/2
	}
	return true
}

// raster paints the commands that are not painted yet; the last writer of a texel
// wins. It runs at the end of a frame, and within one when an array that a waiting
// EACH may read is about to change. The error is the context's.
func (m *Machine) raster(ctx context.Context) error {
	if m.rastered == len(m.commands) {
		return nil
	}
	if !m.rollback.painted {
		copy(m.rollback.writer, m.writer)
		m.rollback.painted = true
	}
	n := len(m.commands) - m.rastered
	m.canvas.begin(m.covers(m.commands[m.rastered:]))
	var under [2]hidden // what is painted, by layer
	p := painter{ctx: ctx, canvas: &m.canvas, began: m.began, cell: !m.header.Pixel}
	var first *Fault // of the first EACH that has one
	if m.pending {
		m.inputs.Data, m.inputs.State, m.inputs.Version = m.data(), m.state, versions.Add(1)
	}
	for i := range n {
		at := m.rastered + i
		if m.canvas.covering {
			at = m.rastered + n - 1 - i
		}
		c := &m.commands[at]
		p.pc = c[isa.CmdPC]
		m.canvas.clip(c)
		var err error
		switch c.Op() {
		case isa.LOG:
		case isa.EACH: // runs even where it is covered, for it may fail there
			var f *Fault
			if f, err = m.each(ctx, c, at); f != nil && (first == nil || m.canvas.covering) {
				first = f
			}
		default:
			if m.canvas.covering && tall(c) {
				if r := reachOf(c, m.header); r.under(&under) {
					err = p.tick(0)
					break
				} else if r.solid {
					r.hide(&under)
				}
			}
			var known bool
			var words []uint32
			switch c.Op() {
			case isa.TXT:
				words = m.Text(c)
			case isa.SPR:
				words = m.spriteTexels()[c[isa.CmdF]:]
			}
			if known, err = p.draw(c, words); !known {
				first = &Fault{Code: isa.BadOpcode, PC: c.PC(), A: int32(c[isa.CmdOp]), X: -1, Y: -1}
			}
		}
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
	p.which, p.word = markBits|paperBits, paper(color)
	if !p.cell {
		p.word = pixelTexel(color)
	}
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

// paper is an empty cell of a paper.
func paper(code uint32) uint32 { return code<<16 | written }

// span paints texels [x0, x1) of row y.
func (p *painter) span(x0, x1, y int) { p.fill(p.which, p.word, x0, x1, y, p.pc) }

func (p *painter) rect(x, y, w, h int) error {
	if w <= 0 || h <= 0 {
		return nil
	}
	width := max(0, min(x+w, p.x1)-max(x, p.x0))
	for j := max(y, p.y0); j < min(y+h, p.y1); j++ {
		p.span(x, x+w, j)
		if err := p.tick(width); err != nil {
			return err
		}
	}
	return p.tick(0)
}

// box paints the outermost texels of the rectangle.
func (p *painter) box(x, y, w, h int) error {
	if w <= 0 || h <= 0 {
		return nil
	}
	p.span(x, x+w, y)
	p.span(x, x+w, y+h-1)
	for j := max(y+1, p.y0); j < min(y+h-1, p.y1); j++ {
		p.span(x, x+1, j)
		p.span(x+w-1, x+w, j)
	}
	return p.tick(2 * (p.w + p.h))
}

// lineTo paints the texel nearest the line at each step along its longer axis;
// halves go to the greater coordinate.
func (p *painter) lineTo(x0, y0, x1, y1 int) error {
	dx, dy := x1-x0, y1-y0
	switch {
	case dx == 0 && dy == 0:
		p.span(x0, x0+1, y0)
	case max(dx, -dx) >= max(dy, -dy):
		if dx < 0 {
			x0, y0, x1, dx, dy = x1, y1, x0, -dx, -dy
		}
		for x := max(x0, p.x0); x <= min(x1, p.x1-1); x++ {
			p.span(x, x+1, y0+floorDiv(2*int64(x-x0)*int64(dy)+int64(dx), 2*int64(dx)))
		}
	default:
		if dy < 0 {
			x0, y0, y1, dx, dy = x1, y1, y0, -dx, -dy
		}
		for y := max(y0, p.y0); y <= min(y1, p.y1-1); y++ {
			x := x0 + floorDiv(2*int64(y-y0)*int64(dx)+int64(dy), 2*int64(dy))
			p.span(x, x+1, y)
		}
	}
	return p.tick(p.w + p.h)
}

// floorDiv is a/b toward minus infinity, for b > 0. The ends of lines may be so far
// that their products need 64 bits.
func floorDiv(a, b int64) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return int(q)
}

// disc paints the texels with d² <= r² + r; a ring leaves out those with
// d² <= r² - r, but for its one texel when r is 0.
func (p *painter) disc(cx, cy, r int, ring bool) error {
	if r < 0 {
		return nil
	}
	outer, inner := r*r+r, r*r-r
	for y := max(cy-r, p.y0); y <= min(cy+r, p.y1-1); y++ {
		d := (y - cy) * (y - cy)
		half := int(isa.Sqrt(int32(outer - d)))
		if ring && r > 0 && inner >= d {
			hole := int(isa.Sqrt(int32(inner - d)))
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

// blit copies whole texels from the display as the frame began.
func (p *painter) blit(sx, sy, w, h, dx, dy int) error {
	x0, x1 := max(0, -sx, p.x0-dx), min(w, p.w-sx, p.x1-dx)
	y0, y1 := max(0, -sy, p.y0-dy), min(h, p.h-sy, p.y1-dy)
	for j := y0; j < y1 && x0 < x1; j++ {
		from := (sy+j)*p.w + sx
		p.copy(p.which, p.began[from+x0:from+x1], dx+x0, dy+j, p.pc)
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
	for j, bits := range glyph.ROM[c] {
		for i := 0; i < glyph.Width && bits != 0; i++ {
			if bits>>(glyph.Width-1-i)&1 == 1 {
				p.span(x+i, x+i+1, y+j)
			}
		}
	}
}
