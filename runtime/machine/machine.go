package machine

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gvpie/runtime/isa"
)

// ErrSnapshot is wrapped by every error of [FromSnapshot] that is not an
// isa.ErrProgram.
var ErrSnapshot = errors.New("not a snapshot of a machine")

// Machine is one machine: its pages, and the commands of its last frame. Its
// methods are not safe for use by several goroutines at once; Frame itself uses
// as many as there are processors.
type Machine struct {
	program isa.Program
	header  isa.Header
	core    *code // the data page is the head of core.mem

	display, writer []uint32
	canvas          *canvas  // of these two
	began           []uint32 // the display as the frame began: what PEEK and BLIT see
	state           []uint32
	commands        []isa.Command
	payload         []uint32

	rastered  int               // commands of this frame that are painted already
	pending   bool              // an EACH is among those that are not
	eachFault *Fault            // the first failing texel of this frame
	log       []LogLine         // of this frame
	lines     map[int]string    // text of LOGs without value references, by address
	blocks    map[uint64]*block // EACH blocks, by start and end
	coverFrom int               // coverFrom, but for tests
	workers   int               // goroutines an EACH is spread over; 0: one per processor
	saved     rollback
}

// rollback is what a frame needs to be undone when its context ends.
type rollback struct {
	data, state, writer []uint32
	commands            []isa.Command
	payload             []uint32
	painted             bool // writer is saved; display and writer may differ from began and it
}

// New makes a machine at the start of its first frame. The error wraps
// isa.ErrProgram. The program is kept, and must not change.
func New(p isa.Program, seed int32) (*Machine, error) {
	h, err := p.Header()
	if err != nil {
		return nil, err
	}
	m := build(p, h)
	m.state[isa.StPC] = isa.HeaderWords
	m.state[isa.StRandom] = uint32(seed)
	m.state[isa.StSeed] = uint32(seed)
	m.state[isa.StFaultX] = isa.NoTexel
	m.state[isa.StFaultY] = isa.NoTexel
	m.writeSystemWords()
	return m, nil
}

func build(p isa.Program, h isa.Header) *Machine {
	texels := h.W * h.H
	m := &Machine{
		program: p,
		header:  h,
		core:    newCode(p, 0, h.CodeEnd, uint32(h.DataWords), false),
		display: make([]uint32, texels),
		writer:  make([]uint32, texels),
		began:   make([]uint32, texels),
		state:   make([]uint32, isa.StateWords),
		lines:   map[int]string{},
		blocks:  map[uint64]*block{},

		coverFrom: coverFrom,
		saved: rollback{
			data:   make([]uint32, h.DataWords),
			state:  make([]uint32, isa.StateWords),
			writer: make([]uint32, texels),
		},
	}
	m.canvas = newCanvas(h.W, h.H, h.Pixel, m.display, m.writer)
	return m
}

// Header is the decoded head of the program page.
func (m *Machine) Header() isa.Header { return m.header }

// Page gives a page, row by row. It is a view: it changes with the next frame,
// and the caller must not write to it.
func (m *Machine) Page(p Page) []uint32 {
	switch p {
	case DisplayPage:
		return m.display
	case WriterPage:
		return m.writer
	case ProgramPage:
		return m.program
	case DataPage:
		return m.data()
	case StatePage:
		return m.state
	}
	return nil
}

// Commands is the command list of the last frame, in order. It is a view, like
// Page. It is not part of a snapshot: a machine made from one has none yet.
func (m *Machine) Commands() []isa.Command { return m.commands }

// Payload is the last frame's resolved text and captures: what commands with
// isa.CmdFlagPayload and EACH commands point into. It is a view, like Page.
func (m *Machine) Payload() []uint32 { return m.payload }

func (m *Machine) data() []uint32 {
	return m.core.mem[:m.header.DataWords:m.header.DataWords]
}

// Snapshot copies the whole machine out, between two frames.
func (m *Machine) Snapshot() *Snapshot {
	return &Snapshot{
		Program: slices.Clone(m.program),
		Display: slices.Clone(m.display),
		Writer:  slices.Clone(m.writer),
		Data:    slices.Clone(m.data()),
		State:   slices.Clone(m.state),
	}
}

// FromSnapshot makes a machine equal to a snapshot. It copies what it keeps. A
// snapshot whose pages have the wrong size, or whose state no machine can be in,
// is an error that wraps ErrSnapshot or isa.ErrProgram; what is accepted may
// still fault, but never reads or writes outside its pages.
func FromSnapshot(s *Snapshot) (*Machine, error) {
	h, err := s.Program.Header()
	if err != nil {
		return nil, err
	}
	for _, page := range []struct {
		name      Page
		got, want int
	}{
		{DisplayPage, len(s.Display), h.W * h.H},
		{WriterPage, len(s.Writer), h.W * h.H},
		{DataPage, len(s.Data), h.DataWords},
		{StatePage, len(s.State), isa.StateWords},
	} {
		if page.got != page.want {
			return nil, fmt.Errorf("%w: the %v page has %d words, not %d", ErrSnapshot, page.name, page.got, page.want)
		}
	}
	inCode := func(a uint32) bool { return a >= isa.HeaderWords && a <= uint32(h.CodeEnd) }
	sp := s.State[isa.StSP]
	switch {
	case isa.Status(s.State[isa.StStatus]) > isa.Faulted:
		return nil, fmt.Errorf("%w: status %d", ErrSnapshot, s.State[isa.StStatus])
	case !inCode(s.State[isa.StPC]):
		return nil, fmt.Errorf("%w: it stands at address %d, the code is %d to %d", ErrSnapshot, s.State[isa.StPC], isa.HeaderWords, h.CodeEnd)
	case sp > isa.StackDepth:
		return nil, fmt.Errorf("%w: %d return addresses, the stack holds %d", ErrSnapshot, sp, isa.StackDepth)
	}
	for _, a := range s.State[isa.StStack : isa.StStack+sp] {
		if !inCode(a) {
			return nil, fmt.Errorf("%w: a return to address %d, the code is %d to %d", ErrSnapshot, a, isa.HeaderWords, h.CodeEnd)
		}
	}
	m := build(slices.Clone(s.Program), h)
	copy(m.display, s.Display)
	copy(m.began, s.Display)
	copy(m.writer, s.Writer)
	copy(m.data(), s.Data)
	copy(m.state, s.State)
	return m, nil
}

// Frame runs until FRAME, HALT, the end of the program, a fault, or budget
// cycles (0: isa.DefaultBudget), then paints the frame's commands. A machine
// that has halted or faulted stays as it is and reports its status again, with
// no cycles. The only error is that of a context that ended; the machine is then
// as it was before the frame.
func (m *Machine) Frame(ctx context.Context, in Input, budget uint32) (Report, error) {
	if err := ctx.Err(); err != nil {
		return Report{}, err
	}
	if s := isa.Status(m.state[isa.StStatus]); s == isa.Halted || s == isa.Faulted {
		return m.report(0, 0), nil
	}
	if budget == 0 {
		budget = isa.DefaultBudget
	}
	m.begin(in, budget)
	status, fault, err := m.run(ctx, budget)
	if err == nil {
		err = m.raster(ctx)
	}
	if err != nil {
		m.undo()
		return Report{}, err
	}
	if fault == nil && m.eachFault != nil {
		status, fault = isa.Faulted, m.eachFault
	}
	m.state[isa.StStatus] = uint32(status)
	m.state[isa.StCommands] = uint32(len(m.commands))
	m.state[isa.StPayload] = uint32(len(m.payload))
	m.writeFault(fault)
	return m.report(m.state[isa.StCycles], len(m.commands)), nil
}

// begin saves what an ended context needs to bring back, and sets up the frame.
func (m *Machine) begin(in Input, budget uint32) {
	copy(m.saved.data, m.data())
	copy(m.saved.state, m.state)
	if m.saved.painted {
		copy(m.began, m.display)
	}
	m.saved.painted = false
	m.saved.commands, m.commands = m.commands, m.saved.commands[:0]
	m.saved.payload, m.payload = m.payload, m.saved.payload[:0]
	m.rastered, m.pending, m.eachFault, m.log = 0, false, nil, nil

	st := m.state
	st[isa.StStatus] = uint32(isa.Running)
	st[isa.StCycles] = 0
	st[isa.StBudget] = budget
	st[isa.StCommands] = 0
	st[isa.StPayload] = 0
	st[isa.StMouseX] = uint32(in.MouseX)
	st[isa.StMouseY] = uint32(in.MouseY)
	st[isa.StMouseB] = uint32(in.Buttons)
	copy(st[isa.StKeys:isa.StKeys+8], in.Keys[:])
	m.writeSystemWords()
}

// writeSystemWords brings the data page's read-only names up to the state page.
func (m *Machine) writeSystemWords() {
	d, st := m.core.mem, m.state
	d[isa.SysFrame] = st[isa.StFrame]
	d[isa.SysW] = uint32(m.header.W)
	d[isa.SysH] = uint32(m.header.H)
	d[isa.SysMouseX] = st[isa.StMouseX]
	d[isa.SysMouseY] = st[isa.StMouseY]
	d[isa.SysMouseB] = st[isa.StMouseB]
	d[isa.SysSeed] = st[isa.StSeed]
	d[isa.SysZero] = 0
}

// undo brings the machine back to where begin found it.
func (m *Machine) undo() {
	copy(m.data(), m.saved.data)
	copy(m.state, m.saved.state)
	if m.saved.painted {
		copy(m.display, m.began)
		copy(m.writer, m.saved.writer)
	}
	m.commands, m.saved.commands = m.saved.commands, m.commands
	m.payload, m.saved.payload = m.saved.payload, m.payload
	m.log, m.eachFault = nil, nil
}

func (m *Machine) writeFault(f *Fault) {
	st := m.state
	if f == nil {
		st[isa.StFault], st[isa.StFaultPC], st[isa.StFaultA], st[isa.StFaultB] = 0, 0, 0, 0
		st[isa.StFaultX], st[isa.StFaultY] = isa.NoTexel, isa.NoTexel
		return
	}
	st[isa.StFault], st[isa.StFaultPC] = uint32(f.Code), uint32(f.PC)
	st[isa.StFaultA], st[isa.StFaultB] = uint32(f.A), uint32(f.B)
	st[isa.StFaultX], st[isa.StFaultY] = uint32(int32(f.X)), uint32(int32(f.Y))
}

// StateFault is the fault that a state page tells of, or nil.
func StateFault(state []uint32) *Fault {
	if isa.Status(state[isa.StStatus]) != isa.Faulted {
		return nil
	}
	return &Fault{
		Code: isa.Fault(state[isa.StFault]),
		PC:   int(state[isa.StFaultPC]),
		A:    int32(state[isa.StFaultA]), B: int32(state[isa.StFaultB]),
		X: int(int32(state[isa.StFaultX])), Y: int(int32(state[isa.StFaultY])),
	}
}

func (m *Machine) report(cycles uint32, commands int) Report {
	r := Report{
		Status:   isa.Status(m.state[isa.StStatus]),
		Fault:    StateFault(m.state),
		Cycles:   cycles,
		Frame:    m.state[isa.StFrame],
		Commands: commands,
	}
	if cycles > 0 {
		r.Log = m.log
	}
	return r
}
