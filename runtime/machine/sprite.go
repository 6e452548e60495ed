package machine

import "gvpie/runtime/isa"

// appendSprite appends SPR, with the frame that it draws.
func (m *Core) appendSprite(pc int, cycle uint32, in *instr) *Fault {
	w, h := in.x[1]&0xFFFF, in.x[1]>>16
	frames, frame := in.x[2], m.code.mem[in.x[3]]
	if int32(frame) < 0 || frame >= frames {
		return &Fault{Code: isa.AddressOutOfRange, A: int32(frame), B: int32(frames)}
	}
	texels := uint64(w) * uint64(h)
	at := uint64(in.x[0]) + uint64(frame)*texels
	if at+texels > uint64(len(m.program)) {
		return &Fault{Code: isa.AddressOutOfRange, A: int32(uint32(at)), B: int32(len(m.program))}
	}
	if f := m.room(0); f != nil {
		return f
	}
	c := m.newDraw(isa.SPR, pc, cycle)
	c[isa.CmdA], c[isa.CmdB] = m.place(in, 4, 'x'), m.place(in, 5, 'y')
	c[isa.CmdC], c[isa.CmdD] = w, h
	if in.args > 6 {
		c[isa.CmdE] = m.code.mem[in.x[6]] & isa.SpriteFlags
	}
	c[isa.CmdF] = uint32(at)
	m.commands = append(m.commands, c)
	return nil
}

// spriteTexels is the program page as sprites paint it on this canvas: a texel is
// opaque if its A is 255. On a pixel canvas that is the page itself; on a cell
// canvas its colours are rounded once.
func (m *Machine) spriteTexels() []uint32 {
	if m.header.Pixel {
		return m.program
	}
	if m.papers == nil {
		m.papers = make([]uint32, len(m.program))
		for i, t := range m.program {
			if t >= written {
				m.papers[i] = paper(isa.ColorCode(t&0xFF<<16 | t&0xFF00 | t>>16&0xFF))
			}
		}
	}
	return m.papers
}

// sprite paints a frame of w × h texels at (x, y). What is mirrored is turned after
// it; what is turned has its width for its height.
func (p *painter) sprite(x, y, w, h int, flags uint32, texels []uint32) error {
	scale := int(flags/isa.SpriteScale&15) + 1
	mirrored, flipped, turned := flags&isa.SpriteMirrored != 0, flags&isa.SpriteFlipped != 0, flags&isa.SpriteTurned != 0
	across, down := w, h
	if turned {
		across, down = h, w
	}
	x0, x1 := max(x, p.x0), min(x+across*scale, p.x1)
	first, end := max(y, p.y0), min(y+down*scale, p.y1)
	if x0 >= x1 || first >= end || p.covering && p.papered(p.which, x0, first, x1, end) {
		return p.tick(0)
	}
	if !p.covering && scale == 1 && flags == 0 {
		p.overlayRows(p.which, texels[(first-y)*w+x0-x:], x1-x0, w, x0, first, end, p.pc)
		return p.tick((x1 - x0) * (end - first))
	}
	row := -1 // of the sprite as it lies: the one that line holds
	for j := p.open(p.which, x0, x1, first, end); j < end; j = p.next(p.which, x0, x1, j, end) {
		v := j - y
		if scale > 1 { // a division takes as long as four texels
			v /= scale
		}
		switch {
		case scale == 1 && !turned && !mirrored:
			if flipped {
				v = h - 1 - v
			}
			p.overlay(p.which, texels[v*w+x0-x:v*w+x1-x], x0, j, p.pc)
		default:
			if v != row {
				row = v
				from, step := spriteRow(v, w, h, mirrored, flipped, turned)
				p.line = p.line[:0]
				for i := x0 - x; i < x1-x; i++ {
					p.line = append(p.line, texels[from+i/scale*step])
				}
			}
			p.overlay(p.which, p.line, x0, j, p.pc)
		}
		if err := p.tick(x1 - x0); err != nil {
			return err
		}
	}
	return p.tick(0)
}

// spriteRow gives the first texel of a row of a sprite as it lies, and how far
// behind each other its texels are.
func spriteRow(v, w, h int, mirrored, flipped, turned bool) (from, step int) {
	if !turned {
		from, step = v*w, 1
		if flipped {
			from = (h - 1 - v) * w
		}
		if mirrored {
			from, step = from+w-1, -1
		}
		return from, step
	}
	// Row v is column v from below.
	from, step = (h-1)*w, -w
	if flipped {
		from, step = 0, w
	}
	if mirrored {
		v = w - 1 - v
	}
	return from + v, step
}
