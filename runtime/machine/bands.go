package machine

import "gvpie/runtime/isa"

// Frames of many draws on a large canvas are painted a band of rows after the other: a
// band's texels stay in the processor's cache while all that paints there does, in
// order, and just before that what the band held is kept, while it is read anyway.
type bands struct {
	spans [][2]uint8 // of each command: its bands, from one to before another
	ends  []int      // of each band, where its list ends
	list  []uint32   // the commands of the first band, in order, those of the second, …
	held  []uint32   // tiles that the pages of the rollback lack, as dirty has them
	looks bool       // some look at other bands as the frame began
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
	b := &m.bands
	h := m.header
	n := (h.H + tileSide - 1) >> tileShift
	b.ends = resize(b.ends, n)
	clear(b.ends)
	b.spans = resize(b.spans, len(commands))
	total := 0
	b.looks = false
	for i := range commands {
		c := &commands[i]
		var y0, y1 int
		switch c.Op() {
		case isa.EACH:
			return false
		case isa.LOG:
		case isa.RECT, isa.FILL:
			y0 = int(int32(c[isa.CmdB]))
			y1 = min(y0+int(int32(c[isa.CmdD])), int(c[isa.CmdClipMax]>>16))
			y0 = max(y0, int(c[isa.CmdClipMin]>>16))
		default:
			b.looks = b.looks || c.Op() == isa.BLIT
			r := reachOf(c, h)
			y0, y1 = r.y0, r.y1
		}
		from, to := y0>>tileShift, (y1-1)>>tileShift+1
		if y0 >= y1 {
			from, to = 0, 0
		}
		b.spans[i] = [2]uint8{uint8(from), uint8(to)}
		total += to - from
		for ; from < to; from++ {
			b.ends[from]++
		}
	}
	b.list = resize(b.list, total)
	at := 0
	for i, n := range b.ends {
		b.ends[i] = at
		at += n
	}
	for i, s := range b.spans {
		for band := s[0]; band < s[1]; band++ {
			b.list[b.ends[band]] = uint32(i)
			b.ends[band]++
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
	from := 0
	for band, end := range b.ends {
		if band < len(b.held) {
			m.dirty.copyRow(m.rollback.display, m.display, band, b.held[band])
			m.dirty.copyRow(m.rollback.writer, m.writer, band, b.held[band])
		}
		top, bottom := band<<tileShift, (band+1)<<tileShift
		for _, i := range b.list[from:end] {
			if err != nil {
				break
			}
			c := &commands[i]
			m.canvas.clip(c)
			m.canvas.y0, m.canvas.y1 = max(m.canvas.y0, top), min(m.canvas.y1, bottom)
			var f *Fault
			if f, err = m.paintOne(p, c); f != nil && fault == nil {
				fault = f
			}
		}
		from = end
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
