package machine

import (
	"context"

	"gvpie/assets/glyph"
	"gvpie/runtime/isa"
)

// raster paints the commands that are not painted yet, in order; the last writer
// of a texel wins. It runs at the end of a frame, and within one when an array
// that a waiting EACH may read is about to change. The error is the context's.
func (m *Machine) raster(ctx context.Context) error {
	if m.rastered == len(m.commands) {
		return nil
	}
	if !m.saved.painted {
		copy(m.saved.writer, m.writer)
		m.saved.painted = true
	}
	p := painter{
		ctx: ctx, w: m.header.W, h: m.header.H,
		display: m.display, writer: m.writer, began: m.began,
		cell: !m.header.Pixel,
	}
	for ; m.rastered < len(m.commands); m.rastered++ {
		c := &m.commands[m.rastered]
		p.pc = c[isa.CmdPC]
		p.color = c[isa.CmdColor]
		var err error
		switch c.Op() {
		case isa.LOG:
		case isa.EACH:
			err = m.each(ctx, c)
		case isa.TXT:
			err = p.text(int(int32(c[isa.CmdA])), int(int32(c[isa.CmdB])), m.Text(c))
		default:
			err = p.draw(c)
		}
		if err != nil {
			return err
		}
	}
	m.pending = false
	return nil
}

// Text is the characters of one of the last frame's TXT or LOG commands, in the
// low eight bits of each word. It is a view, like Page.
func (m *Machine) Text(c *isa.Command) []uint32 {
	from, n := c[isa.CmdText], c[isa.CmdLen]
	if c.Flags()&isa.CmdFlagPayload != 0 {
		return m.payload[from : from+n]
	}
	return m.program[from : from+n]
}

// painter writes texels and who wrote them.
type painter struct {
	ctx                    context.Context
	w, h                   int
	display, writer, began []uint32
	cell                   bool
	pc, color              uint32 // of the command being painted
	work                   int    // texels since the last look at the context
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

func (p *painter) draw(c *isa.Command) error {
	a, b := int(int32(c[isa.CmdA])), int(int32(c[isa.CmdB]))
	x, y := int(int32(c[isa.CmdC])), int(int32(c[isa.CmdD]))
	switch c.Op() {
	case isa.CLS:
		return p.cls(c.Flags()&isa.CmdFlagColor != 0)
	case isa.RECT:
		return p.rect(a, b, x, y, p.span)
	case isa.FILL:
		return p.rect(a, b, x, y, p.clear)
	case isa.BOX:
		return p.box(a, b, x, y)
	case isa.PLOT:
		return p.rect(a, b, 1, 1, p.span)
	case isa.LINE:
		return p.line(a, b, x, y)
	case isa.CIRC:
		return p.disc(a, b, x, false)
	case isa.RING:
		return p.disc(a, b, x, true)
	case isa.BLIT:
		return p.blit(a, b, x, y, int(int32(c[isa.CmdE])), int(int32(c[isa.CmdF])))
	}
	return nil
}

// Texel layouts. Cell canvas: glyph, ink, paper, 255. Pixel canvas: R, G, B, 255.
const written = 0xFF000000

func pixelTexel(rgb uint32) uint32 {
	return rgb>>16&0xFF | rgb&0xFF00 | rgb&0xFF<<16 | written
}

// paper gives one texel of a cell canvas a new paper: glyph and ink stay.
func paper(texel, code uint32) uint32 { return texel&0xFFFF | code<<16 | written }

// row clips texels [x0, x1) of row y to the canvas and gives their indexes.
func (p *painter) row(x0, x1, y int) (from, to int) {
	if y < 0 || y >= p.h {
		return 0, 0
	}
	x0, x1 = min(max(x0, 0), p.w), min(max(x1, 0), p.w)
	return y*p.w + x0, y*p.w + max(x0, x1)
}

// span colours texels [x0, x1) of row y: the paper of a cell canvas.
func (p *painter) span(x0, x1, y int) {
	from, to := p.row(x0, x1, y)
	if p.cell {
		d := p.display[from:to]
		for i, t := range d {
			d[i] = paper(t, p.color)
		}
	} else {
		fill(p.display[from:to], pixelTexel(p.color))
	}
	fill(p.writer[from:to], p.pc)
}

// clear colours like span, and takes glyph and ink away.
func (p *painter) clear(x0, x1, y int) {
	texel := pixelTexel(p.color)
	if p.cell {
		texel = paper(0, p.color)
	}
	from, to := p.row(x0, x1, y)
	fill(p.display[from:to], texel)
	fill(p.writer[from:to], p.pc)
}

func fill(s []uint32, v uint32) {
	for i := range s {
		s[i] = v
	}
}

func (p *painter) cls(colored bool) error {
	texel := uint32(written)
	switch {
	case colored && p.cell:
		texel = paper(0, p.color)
	case colored:
		texel = pixelTexel(p.color)
	}
	fill(p.display, texel)
	fill(p.writer, p.pc)
	return p.tick(len(p.display))
}

func (p *painter) rect(x, y, w, h int, paint func(x0, x1, y int)) error {
	if w <= 0 || h <= 0 {
		return nil
	}
	width := max(0, min(x+w, p.w)-max(x, 0))
	for j := max(y, 0); j < min(y+h, p.h); j++ {
		paint(x, x+w, j)
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
	for j := max(y+1, 0); j < min(y+h-1, p.h); j++ {
		p.span(x, x+1, j)
		p.span(x+w-1, x+w, j)
	}
	return p.tick(2 * (p.w + p.h))
}

// line paints the texel nearest the line at each step along its longer axis;
// halves go to the greater coordinate.
func (p *painter) line(x0, y0, x1, y1 int) error {
	dx, dy := x1-x0, y1-y0
	switch {
	case dx == 0 && dy == 0:
		p.span(x0, x0+1, y0)
	case max(dx, -dx) >= max(dy, -dy):
		if dx < 0 {
			x0, y0, x1, dx, dy = x1, y1, x0, -dx, -dy
		}
		for x := max(x0, 0); x <= min(x1, p.w-1); x++ {
			p.span(x, x+1, y0+floorDiv(2*(x-x0)*dy+dx, 2*dx))
		}
	default:
		if dy < 0 {
			x0, y0, y1, dx, dy = x1, y1, y0, -dx, -dy
		}
		for y := max(y0, 0); y <= min(y1, p.h-1); y++ {
			x := x0 + floorDiv(2*(y-y0)*dx+dy, 2*dy)
			p.span(x, x+1, y)
		}
	}
	return p.tick(p.w + p.h)
}

// floorDiv is a/b toward minus infinity, for b > 0.
func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// disc paints the texels with d² <= r² + r; a ring leaves out those with
// d² <= r² - r, but for its one texel when r is 0.
func (p *painter) disc(cx, cy, r int, ring bool) error {
	if r < 0 {
		return nil
	}
	outer, inner := r*r+r, r*r-r
	for y := max(cy-r, 0); y <= min(cy+r, p.h-1); y++ {
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
	x0, x1 := max(0, -sx, -dx), min(w, p.w-sx, p.w-dx)
	y0, y1 := max(0, -sy, -dy), min(h, p.h-sy, p.h-dy)
	for j := y0; j < y1 && x0 < x1; j++ {
		to := (dy+j)*p.w + dx
		from := (sy+j)*p.w + sx
		copy(p.display[to+x0:to+x1], p.began[from+x0:from+x1])
		fill(p.writer[to+x0:to+x1], p.pc)
		if err := p.tick(x1 - x0); err != nil {
			return err
		}
	}
	return p.tick(0)
}

// text writes characters from (x, y) to the right, clipped at the edges.
func (p *painter) text(x, y int, chars []uint32) error {
	advance, height := 1, 1
	if !p.cell {
		advance, height = isa.CellWidth, glyph.Height
	}
	if y <= -height || y >= p.h {
		return p.tick(0)
	}
	// Whole characters off the left edge are skipped, not walked.
	first := 0
	if x < 0 {
		first = min(-x/advance, len(chars))
	}
	for i := first; i < len(chars) && x+i*advance < p.w; i++ {
		c := chars[i] & 0xFF
		if c < 32 || c > 126 {
			c = isa.UnknownGlyph
		}
		if p.cell {
			at := y*p.w + x + i
			p.display[at] = p.display[at]&0xFF0000 | c | p.color<<8 | written
			p.writer[at] = p.pc
		} else {
			p.glyph(x+i*advance, y, c)
		}
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
