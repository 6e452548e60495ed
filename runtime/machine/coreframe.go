package machine

import (
	"context"
	"math"
	"slices"

	"gvpie/runtime/isa"
)

// Core is a machine without its raster: the program, data and state pages, and the
// core that runs on them and appends commands. Whoever owns it paints them: a
// [Machine] here, the GPU engine on its device. So there is one core, wherever a
// frame is painted.
//
// A frame has three parts: Begin sets it up, RunTo takes the core on, as often and
// as far as one likes, End runs what is left and has it painted. Frame is all of
// it, and wherever a frame stops on its way, it ends as if it had not.
type Core struct {
	surface Surface
	program isa.Program // never written: snapshots share it
	header  isa.Header
	code    code // the data page is the head of code.mem
	state   []uint32

	began    []uint32 // the display as the frame began: what PEEK and BLIT see; nil: ask the surface
	commands []isa.Command
	payload  []uint32
	pending  bool // an EACH is among the commands that are not painted

	stage  stage
	ending ending         // how the core ended, from there to the frame's end
	log    []LogLine      // of this frame
	lines  map[int]string // text of LOGs without value references, by address
	saved  savedCore
	trace  *Trace // nil: what is executed is not noted
	loops  coreLoops
}

// Surface is the other half of a machine, as its core sees it: the display and
// writer pages, and what paints them. The errors are those of a context that ended,
// or of a device that was lost; the frame is then undone.
type Surface struct {
	// Begin prepares for a frame's commands. It is given the data and state pages as
	// they are before the frame, and those stay so until its end.
	Begin func(data, state []uint32)
	// Began gives the display as the frame began, W × H texels that stay so until
	// its end. It is asked once a frame, when the first PEEK runs.
	Began func(ctx context.Context) ([]uint32, error)
	// Settle paints the frame's commands so far, when an array that a block among
	// them may read is about to change.
	Settle func(ctx context.Context) error
	// Paint paints what is left of the frame's commands. The fault is that of the
	// first texel that failed.
	Paint func(ctx context.Context) (*Fault, error)
	// Told puts what blocks logged among the lines of the core, at the end of a frame
	// of so many cycles; nil of a surface that runs no blocks.
	Told func(log []LogLine, cycles uint32) []LogLine
	// Undo brings the pages back to where Begin found them.
	Undo func()
}

// stage is how far a frame is.
type stage uint8

const (
	between stage = iota // no frame has begun
	inCore               // the core has not come to the frame's end
	atEnd                // it has; its commands may not be painted yet
)

// ending is how the core ended.
type ending struct {
	status isa.Status
	fault  *Fault
}

// savedCore is what a frame needs of the core to be undone.
type savedCore struct {
	data, state []uint32
	commands    []isa.Command
	payload     []uint32
}

// NewCore makes a core without a program: Reset or Restore gives it one.
func NewCore(s Surface) *Core {
	return &Core{
		surface: s,
		state:   make([]uint32, isa.StateWords),
		lines:   map[int]string{},
		saved:   savedCore{state: make([]uint32, isa.StateWords)},
	}
}

// Reset puts the core before the first frame of a program, which is copied. The
// error wraps isa.ErrProgram; the core is then as it was.
func (m *Core) Reset(p isa.Program, seed int32) error {
	_, err := m.reset(p, seed, true)
	return err
}

// reset is Reset, with the program copied or not, and says whether it is another than
// before.
func (m *Core) reset(p isa.Program, seed int32, copied bool) (other bool, err error) {
	h, err := p.Header()
	if err != nil {
		return false, err
	}
	if copied && !slices.Equal(m.program, p) {
		p = slices.Clone(p)
	}
	other = m.load(p, h)
	InitState(m.state, seed)
	SystemWords(m.code.mem, m.state, h)
	return other, nil
}

// Restore makes the core equal to that of a snapshot, whose program page it keeps.
// The errors are those of [Snapshot.Check]; the core is then as it was.
func (m *Core) Restore(s *Snapshot) error {
	_, err := m.restore(s)
	return err
}

// restore is Restore, and says whether the program is another than before.
func (m *Core) restore(s *Snapshot) (other bool, err error) {
	h, err := s.Check()
	if err != nil {
		return false, err
	}
	other = m.load(s.Program, h)
	copy(m.data(), s.Data)
	copy(m.state, s.State)
	return other, nil
}

// load gives the core a program, which is kept, and clears the data page. It says
// whether the program is another than before.
func (m *Core) load(p isa.Program, h isa.Header) (other bool) {
	if other = !slices.Equal(m.program, p); !other {
		clear(m.code.mem[:h.DataWords])
	} else {
		m.loops.reset(m)
		m.program, m.header = p, h
		m.code.reset(p, 0, h.CodeEnd, uint32(h.DataWords), false)
		clear(m.lines)
		m.saved.data = resize(m.saved.data, h.DataWords)
		m.commands, m.saved.commands = resize(m.commands, 0), resize(m.saved.commands, 0)
		m.payload, m.saved.payload = resize(m.payload, 0), resize(m.saved.payload, 0)
	}
	m.commands, m.payload = m.commands[:0], m.payload[:0]
	m.stage, m.log = between, nil
	m.loops.ran = false
	return other
}

// Header is the decoded head of the program page.
func (m *Core) Header() isa.Header { return m.header }

// Page gives the program, data or state page. It is a view: it changes with the
// next frame, and the caller must not write to it.
func (m *Core) Page(p Page) []uint32 {
	switch p {
	case ProgramPage:
		return m.program
	case DataPage:
		return m.data()
	case StatePage:
		return m.state
	}
	return nil
}

func (m *Core) data() []uint32 {
	return m.code.mem[:m.header.DataWords:m.header.DataWords]
}

// Commands is the command list of the last frame, in order. It is a view, like
// Page. It is not part of a snapshot: a machine made from one has none yet.
func (m *Core) Commands() []isa.Command { return m.commands }

// Payload is the last frame's resolved text and captures: what commands with
// isa.CmdFlagPayload and EACH commands point into. It is a view, like Page.
func (m *Core) Payload() []uint32 { return m.payload }

// Frame runs until FRAME, HALT, the end of the program, a fault, or budget
// cycles (0: isa.DefaultBudget), then paints the frame's commands. A machine
// that has halted or faulted stays as it is and reports its status again, with
// no cycles. The only errors are that of a context that ended and those of the
// surface; the machine is then as it was before the frame.
func (m *Core) Frame(ctx context.Context, in Input, budget uint32) (Report, error) {
	if err := ctx.Err(); err != nil {
		return Report{}, err
	}
	m.Begin(in, budget)
	return m.End(ctx)
}

// Begin begins a frame. It does nothing on a machine that has halted or faulted,
// and undoes a frame that was begun before and has not ended.
func (m *Core) Begin(in Input, budget uint32) {
	if m.stage != between {
		m.undo()
	}
	if s := isa.Status(m.state[isa.StStatus]); s == isa.Halted || s == isa.Faulted {
		return
	}
	copy(m.saved.data, m.data())
	copy(m.saved.state, m.state)
	m.saved.commands, m.commands = m.commands, m.saved.commands[:0]
	m.saved.payload, m.payload = m.payload, m.saved.payload[:0]
	m.pending, m.log = false, nil
	m.loops.begin(m, in, budget)
	if m.surface.Began != nil {
		m.began = nil
	}
	m.surface.Begin(m.saved.data, m.saved.state)
	BeginState(m.state, in, budget)
	SystemWords(m.code.mem, m.state, m.header)
	m.stage = inCore
}

// RunTo runs the core of the frame that was begun until it has executed so many
// cycles of the frame, and says whether it stands there; it does not when the core
// came to the frame's end, or there is no frame. Where it stands the state and
// data pages, Commands and Payload are those of that cycle. The errors are those
// of Frame; the machine is then as it was before the frame.
func (m *Core) RunTo(ctx context.Context, cycle uint32) (stands bool, err error) {
	if m.stage != inCore {
		return false, nil
	}
	status, fault, err := m.run(ctx, cycle)
	if err != nil {
		m.undo()
		return false, err
	}
	m.state[isa.StCommands] = uint32(len(m.commands))
	m.state[isa.StPayload] = uint32(len(m.payload))
	if status == isa.Running {
		return true, nil
	}
	m.stage, m.ending = atEnd, ending{status, fault}
	return false, nil
}

// End runs the frame that was begun to its end: see Frame.
func (m *Core) End(ctx context.Context) (Report, error) {
	if m.stage == between {
		return StateReport(m.state, 0, 0), nil
	}
	stands, err := m.RunTo(ctx, math.MaxUint32)
	for stands && err == nil { // before an instruction that a Probe was told
		stands, err = m.RunTo(ctx, math.MaxUint32)
	}
	var inBlock *Fault
	if err == nil {
		inBlock, err = m.surface.Paint(ctx)
	}
	if err != nil {
		m.undo()
		return Report{}, err
	}
	status, fault := m.ending.status, m.ending.fault
	if fault == nil && inBlock != nil {
		status, fault = isa.Faulted, inBlock
	}
	m.state[isa.StStatus] = uint32(status)
	WriteFault(m.state, fault)
	m.stage = between
	r := StateReport(m.state, m.state[isa.StCycles], len(m.commands))
	if r.Cycles > 0 {
		if r.Log = m.log; m.surface.Told != nil {
			r.Log = m.surface.Told(m.log, r.Cycles)
		}
	}
	return r, nil
}

// undo brings the machine back to where Begin found it, if a frame has begun.
func (m *Core) undo() {
	if m.stage == between {
		return
	}
	m.stage = between
	m.surface.Undo()
	copy(m.data(), m.saved.data)
	copy(m.state, m.saved.state)
	m.commands, m.saved.commands = m.saved.commands, m.commands
	m.payload, m.saved.payload = m.saved.payload, m.payload
	m.log = nil
}

// Probe is what a debugger does to a machine in the middle of a frame.
type Probe struct{ core *Core }

// NewProbe gives that of a core.
func NewProbe(m *Core) Probe { return Probe{m} }

// StopAt has RunTo stop before the instructions at these addresses too, but for the
// first that it runs. It holds until the next StopAt, or until the machine is given
// another program; End stops nowhere.
func (p Probe) StopAt(addrs ...int) { p.core.code.stopAt(addrs) }

// Trace has what frames execute added to tr from now on; nil: nothing.
func (p Probe) Trace(tr *Trace) { p.core.trace = tr }

// Set gives a word of the data page another value: blocks that read arrays as they are
// have been painted before. The error is the context's; the machine is then as it was.
func (p Probe) Set(ctx context.Context, word int, v int32) error {
	if err := p.core.settle(ctx); err != nil {
		return err
	}
	p.core.code.mem[word] = uint32(v)
	return nil
}

// Patch gives a word of the data page another value once a frame has run so many cycles.
type Patch struct {
	Cycle uint32
	Word  int
	Value int32
}

// RunPatched takes the core on to a cycle as [Core.RunTo] does, and makes those of the
// patches, which are in the order of their cycles, that come before it or there. left are
// the others. The error is the context's; the frame is then as RunTo leaves it.
func (p Probe) RunPatched(ctx context.Context, cycle uint32, patches []Patch) (left []Patch, stands bool, err error) {
	for {
		to := cycle
		if len(patches) > 0 {
			to = min(to, patches[0].Cycle)
		}
		if stands, err = p.core.RunTo(ctx, to); err != nil || !stands {
			return patches, stands, err
		}
		stood := p.core.state[isa.StCycles]
		for len(patches) > 0 && patches[0].Cycle <= stood {
			if err := p.Set(ctx, patches[0].Word, patches[0].Value); err != nil {
				return patches, true, err
			}
			patches = patches[1:]
		}
		if stood >= cycle {
			return patches, true, nil
		}
	}
}

// Log is what the core has told so far in the frame that was begun.
func (p Probe) Log() []LogLine { return p.core.log }

// Began is the display as the frame began, to be read alone. The error is the context's.
func (p Probe) Began(ctx context.Context) (display []uint32, err error) {
	if p.core.began == nil {
		p.core.began, err = p.core.surface.Began(ctx)
	}
	return p.core.began, err
}

// Peek is a texel of it, as PEEK reads it.
func (p Probe) Peek(ctx context.Context, x, y int32) (int32, error) {
	if _, err := p.Began(ctx); err != nil {
		return 0, err
	}
	return int32(p.core.peek(x, y)), nil
}
