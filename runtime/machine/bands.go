package machine

import "gvpie/runtime/isa"

// Frames of many draws on a large canvas are painted a band of rows after the other: a
// band's texels stay in the processor's cache while all that paints there does, in
// order, and just before that what the band held is kept, while it is read anyway.
//
// The commands are gone through once, in order, for all bands together: what is painted
// of a rectangle in a band is worked out there, so that painting does not come back to a
// list that is far too long for the cache.
type bands struct {
	draws [isa.MaxCanvas / tileSide][]bandDraw // of each band, in order
	count int                                  // bands
	held  []uint32                             // tiles that the pages of the rollback lack, as dirty has them
	looks bool                                 // some look at other bands as the frame began
}

// bandDraw is what is painted of a command in a band: texels from (x0, y0) to before
// (x1, y1) get word, from pc; or, where x1 is 0, what the command paints whose place word
// is.
type bandDraw struct {
	x0, y0, x1, y1 uint16
	word, pc       uint32
}

// What is worth bands: less fits in the cache, or is soon painted.
const (
	bandTexels   = 1 << 17
	bandCommands = 1 << 2
)

// inBands says whether commands are painted in bands, and lists them if so. An EACH
// has rows, and goroutines, of its own.
func (m *Machine) inBands(commands []isa.Command) bool {
	if m.canvas.covering || m.canvas.work != nil || m.header.W*m.header.H < m.bandTexels || len(commands) < bandCommands {
		return false
	}
	b, h := &m.bands, m.header
	b.looks, b.count = false, (h.H+tileSide-1)>>tileShift
	for i := range b.count {
		b.draws[i] = b.draws[i][:0]
	}
	for i := range commands {
		c := &commands[i]
		switch op := c.Op(); {
		case op == isa.EACH:
			return false
		case op == isa.LOG:
		case op == isa.RECT || op == isa.FILL && h.Pixel:
			x, y := int(int32(c[isa.CmdA])), int(int32(c[isa.CmdB]))
			r := rect{x, y, x + int(int32(c[isa.CmdC])), y + int(int32(c[isa.CmdD]))}.intersect(clipRect(c))
			if r.empty() {
				continue
			}
			d := bandDraw{x0: uint16(r.x0), x1: uint16(r.x1), word: rectWord(c, h.Pixel), pc: c[isa.CmdPC]}
			for y := r.y0; y < r.y1; {
				band := y >> tileShift
				end := min(r.y1, (band+1)<<tileShift)
				d.y0, d.y1 = uint16(y), uint16(end)
				b.draws[band] = append(b.draws[band], d)
				y = end
			}
		default:
			b.looks = b.looks || op == isa.BLIT
			if r := reachOf(c, h); !r.empty() {
				for band := r.y0 >> tileShift; band<<tileShift < r.y1; band++ {
					b.draws[band] = append(b.draws[band], bandDraw{word: uint32(i)})
				}
			}
		}
	}
	return true
}

// paintBands paints commands that are listed in bands. It keeps the pages for the
// rollback, where they are stale, band by band; all of them in any case.
func (m *Machine) paintBands(p *painter, commands []isa.Command) (fault *Fault, err error) {
	b := &m.bands
	if b.looks {
		m.catchUp()
	}
	b.held = b.held[:0]
	if m.rollback.stale {
		b.held = append(b.held, m.dirty.rows...)
		clear(m.dirty.rows)
	}
	m.rollback.stale = false
	m.dirty.mark(commands, m.header)
	mask := m.canvas.mask(markBits | paperBits)
	for band, draws := range b.draws[:b.count] {
		if band < len(b.held) {
			m.dirty.copyRow(m.rollback.display, m.display, band, b.held[band])
			m.dirty.copyRow(m.rollback.writer, m.writer, band, b.held[band])
		}
		top, bottom := band<<tileShift, (band+1)<<tileShift
		for i := range draws {
			d := &draws[i]
			if err != nil {
				break
			}
			if x0, y0, x1, y1 := int(d.x0), int(d.y0), int(d.x1), int(d.y1); x1 > 0 {
				m.canvas.rectInOrder(mask, d.word, x0, y0, x1, y1, d.pc)
				err = p.tick((x1 - x0) * (y1 - y0))
				continue
			}
			c := &commands[d.word]
			m.canvas.clip(c)
			m.canvas.y0, m.canvas.y1 = max(m.canvas.y0, top), min(m.canvas.y1, bottom)
			var f *Fault
			if f, err = m.paintOne(p, c); f != nil && fault == nil {
				fault = f
			}
		}
	}
	return fault, err
}

// paintOne paints a draw inside the clip. The fault is that of a command that is none.
func (m *Machine) paintOne(p *painter, c *isa.Command) (*Fault, error) {
	p.pc = c[isa.CmdPC]
	var words []uint32
	switch c.Op() {
	case isa.TXT:
		words = m.Text(c)
	case isa.SPR:
		words = m.spriteTexels()[c[isa.CmdF]:]
	}
	known, err := p.draw(c, words)
	if !known {
		return &Fault{Code: isa.BadOpcode, PC: c.PC(), A: int32(c[isa.CmdOp]), X: -1, Y: -1}, err
	}
	return nil, err
}
