package difftest

import (
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// near clamps a coordinate or size.
func near(v uint32) int { return max(-8192, min(8191, int(int32(v)))) }

// setClip is CLIP.
func (s *slow) setClip(args []uint32) {
	s.state[isa.StClip], s.state[isa.StClipEnd] = 0, 0
	if len(args) == 0 {
		return
	}
	s.state[isa.StClip] = 1 << 31
	var xs, ys []int // inside
	for x := range s.h.W {
		if x >= near(args[0]) && x < near(args[0])+near(args[2]) {
			xs = append(xs, x)
		}
	}
	for y := range s.h.H {
		if y >= near(args[1]) && y < near(args[1])+near(args[3]) {
			ys = append(ys, y)
		}
	}
	if len(xs) > 0 && len(ys) > 0 {
		s.state[isa.StClip] |= uint32(xs[0] | ys[0]<<16)
		s.state[isa.StClipEnd] = uint32(xs[len(xs)-1] + 1 | (ys[len(ys)-1]+1)<<16)
	}
}

// placed is the operand of a draw with this name as commands have it.
func (s *slow) placed(name string, v uint32, still, far bool) uint32 {
	if last := name[0]; !still && name != "w" && name != "h" && name != "r" && name[0] != 's' {
		if last == 'd' {
			last = name[1]
		}
		v -= s.state[map[byte]int{'x': isa.StCameraX, 'y': isa.StCameraY}[last]]
	}
	if far {
		return uint32(int32(max(-1<<18, min(1<<18-1, int64(int32(v))))))
	}
	return uint32(int32(near(v)))
}

// sprite fills in what a SPR draws.
func (s *slow) sprite(c *isa.Command, args []uint32) *machine.Fault {
	w, h, frame := uint64(args[1]%65536), uint64(args[1]/65536), args[3]
	if frame>>31 == 1 || frame >= args[2] {
		return outOfRange(frame, int(int32(args[2])))
	}
	from := uint64(args[0]) + uint64(frame)*w*h
	if from+w*h > uint64(len(s.program)) {
		return outOfRange(uint32(from), len(s.program))
	}
	c[isa.CmdC], c[isa.CmdD], c[isa.CmdF] = uint32(w), uint32(h), uint32(from)
	if len(args) == 7 {
		c[isa.CmdE] = args[6] & 0xF07
	}
	return nil
}

// spriteTexel is what a SPR has at a column and row of what it draws.
func (s *slow) spriteTexel(c *isa.Command, u, v int) (rgb uint32, opaque bool) {
	w, h, flags := int(c[isa.CmdC]), int(c[isa.CmdD]), c[isa.CmdE]
	scale := 1 + int(flags>>8)
	if u < 0 || v < 0 {
		return 0, false
	}
	u, v = u/scale, v/scale
	if flags&4 != 0 { // turned back, counter-clockwise
		u, v = v, h-1-u
	}
	if u < 0 || v < 0 || u >= w || v >= h {
		return 0, false
	}
	if flags&2 != 0 {
		v = h - 1 - v
	}
	if flags&1 != 0 {
		u = w - 1 - u
	}
	t := s.program[int(c[isa.CmdF])+v*w+u]
	return t&0xFF<<16 | t&0xFF00 | t>>16&0xFF, t>>24 == 255
}

// inTriangle says whether a texel is on the same side of all three edges, or on them.
func inTriangle(x, y int, p [6]int) bool {
	var sides [3]int
	for i := range sides {
		k := (i + 1) % 3
		sides[i] = (p[2*k]-p[2*i])*(y-p[2*i+1]) - (p[2*k+1]-p[2*i+1])*(x-p[2*i])
	}
	flat := (p[2]-p[0])*(p[5]-p[1]) == (p[3]-p[1])*(p[4]-p[0])
	return !flat && (min(sides[0], sides[1], sides[2]) >= 0 || max(sides[0], sides[1], sides[2]) <= 0)
}
