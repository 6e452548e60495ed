package machine

import "gvpie/runtime/isa"

// The clip and the camera hold for the draws that follow, over frames. They live
// on the state page; zeros are all of the canvas and no movement.

// setClip is CLIP: the part of the canvas that is in the rectangle, or all of it.
func (m *Core) setClip(in *instr) {
	if in.args == 0 {
		m.state[isa.StClip], m.state[isa.StClipEnd] = 0, 0
		return
	}
	n := func(i int) int { return int(int32(m.place(in, i, '.'))) }
	x0, y0 := max(n(0), 0), max(n(1), 0)
	x1, y1 := min(n(0)+n(2), m.header.W), min(n(1)+n(3), m.header.H)
	if x0 >= x1 || y0 >= y1 {
		x0, y0, x1, y1 = 0, 0, 0, 0
	}
	m.state[isa.StClip] = isa.ClipSet | uint32(x0|y0<<16)
	m.state[isa.StClipEnd] = uint32(x1 | y1<<16)
}

// setCamera is CAMERA.
func (m *Core) setCamera(in *instr) {
	m.state[isa.StCameraX], m.state[isa.StCameraY] = 0, 0
	if in.args > 0 {
		m.state[isa.StCameraX], m.state[isa.StCameraY] = m.code.mem[in.x[0]], m.code.mem[in.x[1]]
	}
}

// clipOf is the clip of a state page as commands have it. It is within the canvas
// whatever the page holds.
func clipOf(state []uint32, h *isa.Header) (first, end uint32) {
	if state[isa.StClip]&isa.ClipSet == 0 {
		return 0, uint32(h.W | h.H<<16)
	}
	end = state[isa.StClipEnd]
	return state[isa.StClip] &^ isa.ClipSet, min(end&0xFFFF, uint32(h.W)) | min(end>>16, uint32(h.H))<<16
}
