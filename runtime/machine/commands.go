package machine

import "gvpie/runtime/isa"

// Commands are appended while the core runs and painted after it, so a program's
// time does not depend on how much it draws. Every draw, EACH and LOG appends
// one, even one that will draw nothing.

// room is the fault of a command that does not fit, with words more of payload.
func (m *Core) room(words int) *Fault {
	if len(m.commands) >= isa.MaxCommands {
		return &Fault{Code: isa.CommandLimit, A: isa.MaxCommands}
	}
	if len(m.payload)+words > isa.MaxPayload {
		return &Fault{Code: isa.CommandLimit, A: isa.MaxPayload}
	}
	return nil
}

func newCommand(op isa.Op, pc int, cycle uint32) isa.Command {
	return isa.Command{isa.CmdOp: uint32(op), isa.CmdPC: uint32(pc), isa.CmdCycle: cycle}
}

// newDraw is a command that paints, inside the clip.
func (m *Core) newDraw(op isa.Op, pc int, cycle uint32) isa.Command {
	c := newCommand(op, pc, cycle)
	c[isa.CmdClipMin], c[isa.CmdClipMax] = clipOf(m.state, &m.header)
	return c
}

// place is operand i of a draw as a command has it: moved by the camera, then
// clamped.
func (m *Core) place(in *instr, i int, kind byte) uint32 {
	v := m.code.mem[in.x[i]]
	switch kind {
	case 'x', 'X':
		v -= m.state[isa.StCameraX]
	case 'y', 'Y':
		v -= m.state[isa.StCameraY]
	}
	if kind == 'X' || kind == 'Y' {
		return uint32(isa.ClampFar(int32(v)))
	}
	return uint32(isa.ClampCoord(int32(v)))
}

// colorOf is 24-bit v as commands hold it.
func (m *Core) colorOf(v uint32) uint32 {
	if m.header.Pixel {
		return v & 0xFFFFFF
	}
	return isa.ColorCode(v & 0xFFFFFF)
}

// ink is the colour of text, and of every draw on a pixel canvas, that has none
// of its own.
func (m *Core) ink() uint32 {
	switch ink := m.state[isa.StInk]; {
	case ink != 0:
		return m.colorOf(ink)
	case m.header.Pixel:
		return 0xFFFFFF
	}
	return 0
}

// fill is the colour of a draw other than text that has none of its own.
func (m *Core) fill() uint32 {
	if m.header.Pixel {
		return m.ink()
	}
	if paper := m.state[isa.StPaper]; paper != 0 {
		return m.colorOf(paper)
	}
	return m.colorOf(isa.DefaultPaper)
}

// appendDraw appends every draw but TXT and SPR. The operands before the colour are
// coordinates and sizes, in the order of the command's words from CmdA on.
func (m *Core) appendDraw(pc int, cycle uint32, in *instr) *Fault {
	if f := m.room(0); f != nil {
		return f
	}
	kinds := isa.Geometry[in.op]
	c := m.appended() // where it is to be: a copy of so many words costs as much as the rest
	*c = isa.Command{isa.CmdOp: uint32(in.op), isa.CmdPC: uint32(pc), isa.CmdCycle: cycle}
	c[isa.CmdClipMin], c[isa.CmdClipMax] = clipOf(m.state, &m.header)
	mem, camera := m.code.mem, m.state[isa.StCameraX]|m.state[isa.StCameraY] != 0
	for i := range min(len(kinds), len(in.x)) {
		if kinds[i] == '.' || kinds[i] >= 'x' && !camera { // as most are
			c[isa.CmdA+i] = uint32(isa.ClampCoord(int32(mem[in.x[i]])))
		} else {
			c[isa.CmdA+i] = m.place(in, i, kinds[i])
		}
	}
	switch {
	case in.op == isa.BLIT:
	case int(in.args) > len(kinds):
		c[isa.CmdColor] = m.colorOf(m.code.mem[in.x[len(kinds)]])
		if in.op == isa.CLS {
			c[isa.CmdOp] |= isa.CmdFlagColor << 8
		}
	default:
		c[isa.CmdColor] = m.fill()
	}
	return nil
}

// appended is one command more, which holds anything.
func (m *Core) appended() *isa.Command {
	n := len(m.commands)
	if n < cap(m.commands) {
		m.commands = m.commands[:n+1]
	} else {
		m.commands = append(m.commands, isa.Command{})
	}
	return &m.commands[n]
}

// appendEach appends an EACH with the values its block starts with. The core
// goes on at the block's end.
func (m *Core) appendEach(pc int, cycle uint32, in *instr) *Fault {
	start, end := uint32(pc)+uint32(in.size), in.x[4]
	if end < start || end > uint32(m.header.CodeEnd) {
		return m.outOfCode(end)
	}
	captures := m.code.tail(pc, in)
	if len(captures) > isa.MaxLanes-2 {
		return &Fault{Code: isa.BadOpcode, A: int32(m.program[pc])}
	}
	for _, index := range captures {
		if index >= uint32(m.header.DataWords) {
			return m.outOfData(index)
		}
	}
	if f := m.room(len(captures)); f != nil {
		return f
	}
	c := m.newDraw(isa.EACH, pc, cycle)
	kinds := isa.Geometry[isa.EACH]
	if in.args > 5 && in.x[5] != 0 { // still
		kinds = "...."
	}
	for i := range len(kinds) {
		c[isa.CmdA+i] = m.place(in, i, kinds[i])
	}
	c[isa.CmdE], c[isa.CmdF] = start, end
	c[isa.CmdText], c[isa.CmdLen] = uint32(len(m.payload)), uint32(len(captures))
	for _, index := range captures {
		m.payload = append(m.payload, m.code.mem[index])
	}
	m.commands = append(m.commands, c)
	m.pending = true
	return nil
}

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
