package difftest

import (
	"context"
	"image"
	"image/color"
	"slices"

	"gvpie/assets/glyph"
	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// slow is a second machine, written the other way round from the reference: it
// decodes every instruction anew, and paints by asking, for each texel, each
// command in turn whether it covers it, as the language describes it. What it
// shares with the reference is isa alone.
type slow struct {
	program                             isa.Program
	h                                   isa.Header
	display, writer, began, data, state []uint32
	commands                            []isa.Command
	payload                             []uint32
	painted                             int
	each                                *machine.Fault
	told                                []toldLine
	log                                 []machine.LogLine
}

func (s *slow) Kind() engine.Kind { return engine.CPU }
func (s *slow) Adapter() string   { return "slow" }
func (s *slow) Close() error      { return nil }

func (s *slow) Load(_ context.Context, p isa.Program, seed int32) error {
	h, err := p.Header()
	if err != nil {
		return err
	}
	n := h.W * h.H
	*s = slow{program: p, h: h, display: make([]uint32, n), writer: make([]uint32, n),
		data: make([]uint32, h.DataWords), state: make([]uint32, isa.StateWords)}
	s.state[isa.StPC], s.state[isa.StRandom], s.state[isa.StSeed] = isa.HeaderWords, uint32(seed), uint32(seed)
	return nil
}

func (s *slow) Restore(_ context.Context, from *machine.Snapshot) error {
	h, err := from.Program.Header()
	if err != nil {
		return err
	}
	*s = slow{program: from.Program, h: h, display: slices.Clone(from.Display), writer: slices.Clone(from.Writer),
		data: slices.Clone(from.Data), state: slices.Clone(from.State)}
	return nil
}

func (s *slow) Snapshot(context.Context) (*machine.Snapshot, error) {
	return &machine.Snapshot{Program: slices.Clone(s.program), Display: slices.Clone(s.display),
		Writer: slices.Clone(s.writer), Data: slices.Clone(s.data), State: slices.Clone(s.state)}, nil
}

func (s *slow) Read(_ context.Context, p machine.Page) ([]uint32, error) {
	return [][]uint32{s.display, s.writer, s.program, s.data, s.state}[p], nil
}

func (s *slow) Commands(context.Context) ([]isa.Command, []uint32, error) {
	return s.commands, s.payload, nil
}

func (s *slow) Render(context.Context, machine.View, *image.RGBA) error { return nil }

// Human asks for each pixel what it shows.
func (s *slow) Human(context.Context) (*image.RGBA, error) {
	w, h := machine.HumanSize(s.h)
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetRGBA(x, y, s.pixel(x, y))
		}
	}
	return img, nil
}

func (s *slow) pixel(x, y int) color.RGBA {
	if s.h.Pixel {
		t := s.display[y*s.h.W+x]
		if t>>24 == 0 {
			return color.RGBA{A: 255}
		}
		return color.RGBA{uint8(t), uint8(t >> 8), uint8(t >> 16), 255}
	}
	t := s.display[y/8*s.h.W+x/6]
	rgb := isa.CodeColor(uint8(t>>16), 0)
	if x%6 < 5 && y%8 < 7 && glyph.ROM[t&0xFF][y%8]>>(4-x%6)&1 == 1 {
		rgb = isa.CodeColor(uint8(t>>8), 0xFFFFFF)
	}
	if t>>24 == 0 {
		rgb = 0
	}
	return color.RGBA{uint8(rgb >> 16), uint8(rgb >> 8), uint8(rgb), 255}
}

func (s *slow) Frame(_ context.Context, in machine.Input, budget uint32) (machine.Report, error) {
	st := s.state
	if isa.Status(st[isa.StStatus]) >= isa.Halted {
		r := machine.Report{Status: isa.Status(st[isa.StStatus]), Frame: st[isa.StFrame]}
		if r.Status == isa.Faulted {
			r.Fault = &machine.Fault{
				Code: isa.Fault(st[isa.StFault]), PC: int(st[isa.StFaultPC]), A: int32(st[isa.StFaultA]), B: int32(st[isa.StFaultB]),
				X: int(int32(st[isa.StFaultX])), Y: int(int32(st[isa.StFaultY])),
			}
		}
		return r, nil
	}
	if st[isa.StBudget] = budget; budget == 0 {
		st[isa.StBudget] = isa.DefaultBudget
	}
	st[isa.StCycles] = 0
	st[isa.StButtonsBefore] = st[isa.StMouseB]
	copy(st[isa.StKeysBefore:isa.StKeysBefore+8], st[isa.StKeys:isa.StKeys+8])
	st[isa.StWheel] = uint32(in.Wheel)
	for i, v := range []int32{in.MouseX, in.MouseY, in.Buttons} {
		st[isa.StMouseX+i] = uint32(v)
		s.data[isa.SysMouseX+i] = uint32(v)
	}
	copy(st[isa.StKeys:], in.Keys[:])
	s.data[isa.SysFrame], s.data[isa.SysSeed] = st[isa.StFrame], st[isa.StSeed]
	s.data[isa.SysZero] = 0
	s.data[isa.SysW], s.data[isa.SysH] = uint32(s.h.W), uint32(s.h.H)
	s.began = slices.Clone(s.display)
	s.commands, s.payload, s.painted, s.each, s.log, s.told = nil, nil, 0, nil, nil, nil

	status, fault := isa.Running, (*machine.Fault)(nil)
	for status == isa.Running {
		status, fault = s.step()
		if fault != nil {
			status = isa.Faulted
			fault.PC, fault.X, fault.Y = int(st[isa.StPC]), -1, -1
		}
	}
	s.paint()
	if fault == nil && s.each != nil {
		status, fault = isa.Faulted, s.each
	}
	st[isa.StStatus], st[isa.StCommands], st[isa.StPayload] = uint32(status), uint32(len(s.commands)), uint32(len(s.payload))
	st[isa.StFaultX], st[isa.StFaultY] = isa.NoTexel, isa.NoTexel
	if fault != nil {
		for i, v := range []int{int(fault.Code), fault.PC, int(fault.A), int(fault.B), fault.X, fault.Y} {
			st[isa.StFault+i] = uint32(v)
		}
	}
	return machine.Report{Status: status, Fault: fault, Cycles: st[isa.StCycles], Frame: st[isa.StFrame], Commands: len(s.commands), Log: s.lines()}, nil
}

func outOfRange(index uint32, length int) *machine.Fault {
	return &machine.Fault{Code: isa.AddressOutOfRange, A: int32(index), B: int32(length)}
}

// step executes one instruction of the core.
func (s *slow) step() (isa.Status, *machine.Fault) {
	st := s.state
	pc := int(st[isa.StPC])
	if pc == s.h.CodeEnd {
		return isa.Halted, nil
	}
	if st[isa.StCycles] == st[isa.StBudget] {
		return 0, &machine.Fault{Code: isa.CycleLimit, A: int32(st[isa.StBudget])}
	}
	st[isa.StCycles]++
	in, ok := isa.Decode(s.program, pc, s.h.CodeEnd)
	if !ok || !in.Spec.InCore {
		return 0, &machine.Fault{Code: isa.BadOpcode, A: int32(s.program[pc])}
	}
	scalar := func(i uint32) (uint32, *machine.Fault) {
		if i >= uint32(s.h.DataWords) {
			return 0, outOfRange(i, s.h.DataWords)
		}
		return i, nil
	}
	args, fault := operands(in, s.data, scalar)
	if fault == nil {
		fault = s.checkText(in, scalar)
	}
	if fault != nil {
		return 0, fault
	}
	next, status := uint32(pc+in.Size), isa.Running
	switch op := in.Spec.Op; op {
	case isa.HALT:
		status = isa.Halted
	case isa.FRAME:
		status = isa.Framed
		st[isa.StFrame]++
		s.data[isa.SysFrame] = st[isa.StFrame]
	case isa.CALL:
		if st[isa.StSP] == isa.StackDepth {
			return 0, &machine.Fault{Code: isa.StackOverflow, A: isa.StackDepth}
		}
		if args[0] < isa.HeaderWords || args[0] > uint32(s.h.CodeEnd) {
			return 0, outOfRange(args[0], s.h.CodeEnd)
		}
		st[isa.StStack+st[isa.StSP]] = next
		st[isa.StSP]++
		next = args[0]
	case isa.RET:
		if st[isa.StSP] == 0 {
			return 0, &machine.Fault{Code: isa.StackUnderflow}
		}
		if next = st[isa.StStack+st[isa.StSP]-1]; next >= isa.StackProc {
			return 0, &machine.Fault{Code: isa.StackUnderflow}
		}
		st[isa.StSP]--
	case isa.INVOKE:
		if next, fault = s.invoke(in, next); fault != nil {
			return 0, fault
		}
	case isa.RETURN:
		if next, fault = s.leave(in, args); fault != nil {
			return 0, fault
		}
	case isa.ASSERT:
		if args[0] == 0 {
			return 0, &machine.Fault{Code: isa.AssertFailed}
		}
	case isa.SEED:
		st[isa.StRandom] = args[0]
	case isa.RND:
		var v int32
		st[isa.StRandom], v = isa.Random(st[isa.StRandom], int32(args[1]))
		s.data[args[0]] = uint32(v)
	case isa.ST:
		at, fault := index(args[0], args[1], args[2], len(s.data))
		if fault != nil {
			return 0, fault
		}
		s.paint()
		s.data[at] = args[3]
	case isa.ST2:
		at, fault := cell(args[0:5], len(s.data))
		if fault != nil {
			return 0, fault
		}
		s.paint()
		s.data[at] = args[5]
	case isa.COLOR:
		st[isa.StInk] = isa.ColorSet | args[0]&0xFFFFFF
		if len(args) > 1 {
			st[isa.StPaper] = isa.ColorSet | args[1]&0xFFFFFF
		}
	case isa.CAMERA:
		st[isa.StCameraX], st[isa.StCameraY] = 0, 0
		copy(st[isa.StCameraX:], args)
	case isa.CLIP:
		s.setClip(args)
	default:
		if in.Spec.Group == isa.GroupDraw || op == isa.LOG || op == isa.EACH {
			if fault := s.append(in, args); fault != nil {
				return 0, fault
			}
			if op == isa.EACH {
				next = args[4]
			}
			break
		}
		fault, jump := s.compute(in, args, s.data)
		if fault != nil {
			return 0, fault
		}
		if jump != nil {
			if next = *jump; next < isa.HeaderWords || next > uint32(s.h.CodeEnd) {
				return 0, outOfRange(next, s.h.CodeEnd)
			}
		}
	}
	st[isa.StPC] = next
	return status, nil
}

// operands resolves In operands to values and Out operands to indexes.
func operands(in isa.Instr, mem []uint32, scalar func(uint32) (uint32, *machine.Fault)) ([]uint32, *machine.Fault) {
	args := slices.Clone(in.Args)
	for i, v := range in.Args {
		kind := in.Spec.Operands[i].Kind
		if masked := in.Mask>>i&1 == 1; masked || kind == isa.Out {
			at, fault := scalar(v)
			if fault != nil {
				return nil, fault
			}
			args[i] = at
			if masked {
				args[i] = mem[at]
			}
		}
	}
	return args, nil
}

func index(base, length, i uint32, page int) (uint32, *machine.Fault) {
	if int32(i) < 0 || i >= length {
		return 0, outOfRange(i, int(length))
	}
	if at := uint64(base) + uint64(i); at >= uint64(page) {
		return 0, outOfRange(base+i, page)
	}
	return base + i, nil
}

// compute executes what cores and blocks have in common.
func (s *slow) compute(in isa.Instr, args, mem []uint32) (fault *machine.Fault, jump *uint32) {
	n := func(i int) int32 {
		if i < len(args) {
			return int32(args[i])
		}
		return 0
	}
	switch in.Spec.Op {
	case isa.NOP:
	case isa.JMP:
		return nil, &args[0]
	case isa.JZ, isa.JNZ:
		if (args[0] == 0) == (in.Spec.Op == isa.JZ) {
			return nil, &args[1]
		}
	case isa.LOOP:
		if n(2) >= 0 && n(0) > n(1) || n(2) < 0 && n(0) < n(1) {
			return nil, &args[3]
		}
	case isa.PEEK:
		mem[args[0]] = 0
		if x, y := n(1), n(2); x >= 0 && y >= 0 && int(x) < s.h.W && int(y) < s.h.H {
			t := s.began[int(y)*s.h.W+int(x)]
			if s.h.Pixel {
				t = isa.Word(uint8(t>>16), uint8(t>>8), uint8(t), 0)
			}
			mem[args[0]] = t & 0xFFFFFF
		}
	case isa.KEY:
		mem[args[0]] = 0
		if c := args[1]; c < 256 {
			mem[args[0]] = s.state[isa.StKeys+c/32] >> (c % 32) & 1
		}
	case isa.KEYP:
		mem[args[0]] = 0
		if c := args[1]; c < 256 {
			was, is := s.state[isa.StKeysBefore+c/32]>>(c%32)&1, s.state[isa.StKeys+c/32]>>(c%32)&1
			mem[args[0]] = is &^ was
		}
	case isa.INPUT:
		mem[args[0]] = map[uint32]uint32{0: s.state[isa.StWheel], 1: s.state[isa.StMouseB] &^ s.state[isa.StButtonsBefore]}[args[1]]
	case isa.ASSERT:
		if args[0] == 0 {
			return &machine.Fault{Code: isa.AssertFailed}, nil
		}
	case isa.LD2, isa.LDT2:
		page := s.data
		if in.Spec.Op == isa.LDT2 {
			page = s.program
		}
		at, fault := cell(args[1:6], len(page))
		if fault != nil {
			return fault, nil
		}
		mem[args[0]] = page[at]
	case isa.LD, isa.LDT:
		page := s.data
		if in.Spec.Op == isa.LDT {
			page = s.program
		}
		at, fault := index(args[1], args[2], args[3], len(page))
		if fault != nil {
			return fault, nil
		}
		mem[args[0]] = page[at]
	default:
		v, code, _ := isa.Alu(in.Spec.Op, n(1), n(2), n(3))
		if code != 0 {
			return &machine.Fault{Code: code, A: n(1)}, nil
		}
		mem[args[0]] = uint32(v)
	}
	return nil, nil
}

// append adds a command.
func (s *slow) append(in isa.Instr, args []uint32) *machine.Fault {
	op := in.Spec.Op
	c := isa.Command{isa.CmdOp: uint32(op), isa.CmdPC: uint32(in.Addr), isa.CmdCycle: s.state[isa.StCycles]}
	before, still := len(s.payload), false
	tail := uint32(in.Addr + in.Size - len(in.Tail))
	switch in.Spec.Tail {
	case isa.TextTail:
		c[isa.CmdText], c[isa.CmdLen] = tail, uint32(len(in.Tail))
		if slices.ContainsFunc(in.Tail, func(t uint32) bool { return t>>24 >= 254 }) {
			text, fault := s.spell(in.Tail, s.data)
			if fault != nil {
				return fault
			}
			for _, r := range text {
				s.payload = append(s.payload, uint32(r))
			}
			c[isa.CmdOp] |= isa.CmdFlagPayload << 8
			c[isa.CmdText], c[isa.CmdLen] = uint32(before), uint32(len(s.payload)-before)
		}
	case isa.CaptureTail:
		c[isa.CmdText], c[isa.CmdLen] = uint32(before), uint32(len(in.Tail))
		if args[4] < uint32(in.Addr+in.Size) || args[4] > uint32(s.h.CodeEnd) {
			return outOfRange(args[4], s.h.CodeEnd)
		}
		if len(in.Tail) > isa.MaxLanes-2 {
			return &machine.Fault{Code: isa.BadOpcode, A: int32(s.program[in.Addr])}
		}
		for _, i := range in.Tail {
			if i >= uint32(len(s.data)) {
				s.payload = s.payload[:before]
				return outOfRange(i, len(s.data))
			}
			s.payload = append(s.payload, s.data[i])
		}
		c[isa.CmdE], c[isa.CmdF] = uint32(in.Addr+in.Size), args[4]
		still = len(args) == 6 && args[5] != 0
		args = args[:4]
	}
	if op == isa.SPR {
		if fault := s.sprite(&c, args); fault != nil {
			return fault
		}
		args = args[4:6]
	}
	if len(s.commands) == isa.MaxCommands {
		s.payload = s.payload[:before]
		return &machine.Fault{Code: isa.CommandLimit, A: isa.MaxCommands}
	}
	if len(s.payload) > isa.MaxPayload {
		s.payload = s.payload[:before]
		return &machine.Fault{Code: isa.CommandLimit, A: isa.MaxPayload}
	}
	given := len(in.Spec.Operands) > 0 && len(in.Args) == len(in.Spec.Operands) && in.Spec.Operands[len(in.Args)-1].Name == "color"
	code := func(rgb uint32) uint32 {
		if s.h.Pixel {
			return rgb & 0xFFFFFF
		}
		return isa.ColorCode(rgb & 0xFFFFFF)
	}
	ink := code(s.state[isa.StInk])
	if s.state[isa.StInk] == 0 {
		ink = map[bool]uint32{true: 0xFFFFFF, false: 0}[s.h.Pixel]
	}
	paper := code(s.state[isa.StPaper])
	if s.state[isa.StPaper] == 0 {
		paper = code(isa.DefaultPaper)
	}
	switch {
	case given:
		c[isa.CmdColor] = code(args[len(args)-1])
		args = args[:len(args)-1]
		if op == isa.CLS {
			c[isa.CmdOp] |= isa.CmdFlagColor << 8
		}
	case op == isa.LOG, op == isa.BLIT, op == isa.EACH, op == isa.SPR:
	case op == isa.TXT, s.h.Pixel:
		c[isa.CmdColor] = ink
	default:
		c[isa.CmdColor] = paper
	}
	operands := in.Spec.Operands
	if op == isa.SPR {
		operands = operands[4:]
	}
	for i, v := range args {
		c[isa.CmdA+i] = s.placed(operands[i].Name, v, still, op == isa.LINE || op == isa.TRI)
	}
	if op != isa.LOG {
		c[isa.CmdClipMin], c[isa.CmdClipMax] = 0, uint32(s.h.H)<<16|uint32(s.h.W)
		if clip := s.state[isa.StClip]; clip>>31 == 1 {
			c[isa.CmdClipMin], c[isa.CmdClipMax] = clip&0x7FFFFFFF, s.state[isa.StClipEnd]
		}
	}
	s.commands = append(s.commands, c)
	if op == isa.LOG {
		var text []rune
		for _, t := range s.text(&c) {
			text = append(text, rune(t&0xFF))
		}
		s.log = append(s.log, machine.LogLine{PC: in.Addr, Cycle: c[isa.CmdCycle], Text: readable(text)})
	}
	return nil
}

func (s *slow) text(c *isa.Command) []uint32 {
	page := s.program
	if c.Flags()&isa.CmdFlagPayload != 0 {
		page = s.payload
	}
	return page[c[isa.CmdText] : c[isa.CmdText]+c[isa.CmdLen]]
}
