package difftest

import (
	"gvpie/assets/glyph"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// paint walks the commands that are not painted for every texel on its own.
func (s *slow) paint() {
	from := s.painted
	s.painted = len(s.commands)
	order := len(s.commands) // of the first command that a texel failed in
	for y := range s.h.H {
		for x := range s.h.W {
			for i := from; i < len(s.commands); i++ {
				if fault := s.touch(i, x, y); fault != nil && s.each == nil || fault != nil && i < order {
					s.each, order = fault, i
				}
			}
		}
	}
}

// touch lets one command write one texel.
func (s *slow) touch(command, x, y int) *machine.Fault {
	c := &s.commands[command]
	t := &s.display[y*s.h.W+x]
	n := func(i int) int { return int(int32(c[isa.CmdA+i])) }
	color := c[isa.CmdColor]
	write := func(v uint32) {
		*t = v
		s.writer[y*s.h.W+x] = c[isa.CmdPC]
	}
	colored := func(glyphAndInk uint32) uint32 {
		if s.h.Pixel {
			return isa.Word(uint8(color>>16), uint8(color>>8), uint8(color), 255)
		}
		return glyphAndInk&0xFFFF | color<<16 | 255<<24
	}
	in := func(x0, y0, w, h int) bool { return x >= x0 && y >= y0 && x < x0+w && y < y0+h }
	if first, end := c[isa.CmdClipMin], c[isa.CmdClipMax]; c.Op() != isa.LOG &&
		(x < int(first%65536) || y < int(first/65536) || x >= int(end%65536) || y >= int(end/65536)) {
		return nil
	}
	hit := false
	switch c.Op() {
	case isa.CLS:
		if c.Flags()&isa.CmdFlagColor != 0 {
			write(colored(0))
		} else {
			write(255 << 24)
		}
	case isa.FILL:
		if in(n(0), n(1), n(2), n(3)) {
			write(colored(0))
		}
	case isa.RECT:
		hit = in(n(0), n(1), n(2), n(3))
	case isa.BOX:
		hit = in(n(0), n(1), n(2), n(3)) && !in(n(0)+1, n(1)+1, n(2)-2, n(3)-2)
	case isa.PLOT:
		hit = x == n(0) && y == n(1)
	case isa.LINE:
		hit = onLine(x, y, n(0), n(1), n(2), n(3))
	case isa.CIRC, isa.RING:
		r, d := n(2), (x-n(0))*(x-n(0))+(y-n(1))*(y-n(1))
		hit = r >= 0 && d <= r*r+r && (c.Op() == isa.CIRC || r == 0 || d > r*r-r)
	case isa.TRI:
		hit = inTriangle(x, y, [6]int{n(0), n(1), n(2), n(3), n(4), n(5)})
	case isa.SPR:
		if rgb, opaque := s.spriteTexel(c, x-n(0), y-n(1)); opaque {
			if color, hit = rgb, true; !s.h.Pixel {
				color = isa.ColorCode(rgb)
			}
		}
	case isa.BLIT:
		fx, fy := x-n(4)+n(0), y-n(5)+n(1)
		if in(n(4), n(5), n(2), n(3)) && fx >= 0 && fy >= 0 && fx < s.h.W && fy < s.h.H {
			write(s.began[fy*s.h.W+fx])
		}
	case isa.TXT:
		for i, ch := range s.text(c) {
			if ch &= 0xFF; ch < 32 || ch > 126 {
				ch = 127
			}
			if !s.h.Pixel && x == n(0)+i && y == n(1) {
				write(ch | color<<8 | *t&0xFF0000 | 255<<24)
			}
			gx, gy := x-n(0)-6*i, y-n(1)
			if s.h.Pixel && gx >= 0 && gx < 5 && gy >= 0 && gy < 7 && glyph.ROM[ch][gy]>>(4-gx)&1 == 1 {
				hit = true
			}
		}
	case isa.EACH:
		if in(n(0), n(1), n(2), n(3)) {
			put, pc, fault := s.block(command, x, y)
			if fault != nil {
				fault.X, fault.Y = x, y
				return fault
			}
			if pc != 0 {
				if color = put & 0xFFFFFF; !s.h.Pixel {
					color = isa.ColorCode(color)
				}
				write(colored(*t))
				s.writer[y*s.h.W+x] = pc
			}
		}
	}
	if hit {
		write(colored(*t))
	}
	return nil
}

func onLine(x, y, x0, y0, x1, y1 int) bool {
	abs := func(v int) int { return max(v, -v) }
	if abs(x1-x0) < abs(y1-y0) {
		x, y, x0, y0, x1, y1 = y, x, y0, x0, y1, x1
	}
	if x1 < x0 {
		x0, y0, x1, y1 = x1, y1, x0, y0
	}
	if x < x0 || x > x1 {
		return false
	}
	dx, dy := x1-x0, y1-y0
	if dx == 0 {
		return y == y0
	}
	// y - y0 = floor((2(x-x0)dy + dx) / 2dx)
	v := 2*(x-x0)*dy + dx
	return (y-y0)*2*dx <= v && v < (y-y0+1)*2*dx
}

// block runs an EACH block for one texel.
func (s *slow) block(command, x, y int) (color, pc uint32, fault *machine.Fault) {
	c := &s.commands[command]
	lanes := make([]uint32, isa.MaxLanes)
	lanes[0], lanes[1] = uint32(x), uint32(y)
	copy(lanes[2:], s.payload[c[isa.CmdText]:c[isa.CmdText]+c[isa.CmdLen]])
	start, end := c[isa.CmdE], c[isa.CmdF]
	at := start
	for range isa.LaneBudget {
		if at == end {
			return color, pc, nil
		}
		in, ok := isa.Decode(s.program, int(at), int(end))
		if !ok || !in.Spec.InEach {
			return 0, 0, &machine.Fault{Code: isa.BadOpcode, A: int32(s.program[at]), PC: int(at)}
		}
		lane := func(i uint32) (uint32, *machine.Fault) {
			if i&isa.LaneFlag == 0 || i&0xFFFF >= isa.MaxLanes {
				return 0, outOfRange(i, isa.MaxLanes)
			}
			return i & 0xFFFF, nil
		}
		args, fault := operands(in, lanes, lane)
		if fault == nil {
			fault = s.checkText(in, lane)
		}
		var jump *uint32
		if fault == nil {
			switch in.Spec.Op {
			case isa.DONE:
				return color, pc, nil
			case isa.PUT:
				color, pc = args[0], at
			case isa.LOG:
				var text []rune
				if text, fault = s.spell(in.Tail, lanes); fault == nil {
					line := machine.LogLine{PC: int(at), Cycle: c[isa.CmdCycle], Text: readable(text)}
					s.told = append(s.told, toldLine{command, y, x, line})
				}
			default:
				fault, jump = s.compute(in, args, lanes)
			}
		}
		if jump != nil && (*jump < start || *jump > end) {
			fault = outOfRange(*jump, int(end))
		}
		if fault != nil {
			fault.PC = int(at)
			return 0, 0, fault
		}
		at += uint32(in.Size)
		if jump != nil {
			at = *jump
		}
	}
	if at == end {
		return color, pc, nil
	}
	return 0, 0, &machine.Fault{Code: isa.CycleLimit, PC: c.PC(), A: isa.LaneBudget}
}
