package machine

import (
	"slices"

	"gvpie/runtime/isa"
)

// Machine is one machine: its pages, and the commands of its last frame. Its
// methods are not safe for use by several goroutines at once; Frame itself uses
// as many as there are processors.
type Machine struct {
	program isa.Program // never written: snapshots share it
	header  isa.Header
	core    code // the data page is the head of core.mem

	display, writer []uint32
	canvas          canvas   // of these two
	began           []uint32 // the display as the frame began: what PEEK and BLIT see
	state           []uint32
	commands        []isa.Command
	payload         []uint32

	stage     stage
	ending    ending            // how the core ended, from there to the frame's end
	rastered  int               // commands of this frame that are painted already
	pending   bool              // an EACH is among those that are not
	eachFault *Fault            // the first failing texel of this frame
	log       []LogLine         // of this frame
	lines     map[int]string    // text of LOGs without value references, by address
	blocks    map[uint64]*block // EACH blocks, by start and end
	coverFrom int               // coverFrom, but for tests
	workers   int               // goroutines an EACH is spread over; 0: one per processor
	saved     rollback
	preview   preview
	last      lastSnapshot
}

// New makes a machine at the start of its first frame. The error wraps
// isa.ErrProgram. The program is copied.
func New(p isa.Program, seed int32) (*Machine, error) {
	m := empty()
	if err := m.Reset(p, seed); err != nil {
		return nil, err
	}
	return m, nil
}

func empty() *Machine {
	return &Machine{
		state:     make([]uint32, isa.StateWords),
		lines:     map[int]string{},
		blocks:    map[uint64]*block{},
		coverFrom: coverFrom,
		saved:     rollback{state: make([]uint32, isa.StateWords)},
	}
}

// Reset makes the machine what New makes of the program and the seed, in the
// memory it has: where that suffices, and the program is the one it had, nothing
// is allocated and what was decoded stays decoded. The error wraps isa.ErrProgram;
// the machine is then as it was.
func (m *Machine) Reset(p isa.Program, seed int32) error {
	h, err := p.Header()
	if err != nil {
		return err
	}
	if !slices.Equal(m.program, p) {
		p = slices.Clone(p)
	}
	m.load(p, h)
	clear(m.display)
	clear(m.writer)
	InitState(m.state, seed)
	SystemWords(m.core.mem, m.state, h)
	return nil
}

// load gives the machine a program, which is kept, and pages of the sizes that it
// asks for. The data page is cleared; the others hold what they held.
func (m *Machine) load(p isa.Program, h isa.Header) {
	if slices.Equal(m.program, p) {
		clear(m.core.mem[:h.DataWords])
	} else {
		m.program, m.header = p, h
		m.core.reset(p, 0, h.CodeEnd, uint32(h.DataWords), false)
		clear(m.lines)
		clear(m.blocks)
		texels := h.W * h.H
		m.display = resize(m.display, texels)
		m.writer = resize(m.writer, texels)
		m.began = resize(m.began, texels)
		m.saved.writer = resize(m.saved.writer, texels)
		m.saved.data = resize(m.saved.data, h.DataWords)
		m.canvas.resize(h.W, h.H, h.Pixel, m.display, m.writer)
		m.commands, m.saved.commands = resize(m.commands, 0), resize(m.saved.commands, 0)
		m.payload, m.saved.payload = resize(m.payload, 0), resize(m.saved.payload, 0)
	}
	m.commands, m.payload = m.commands[:0], m.payload[:0]
	m.stage, m.preview.on, m.saved.painted = between, false, true
	m.eachFault, m.log = nil, nil
}

// mostSpare is how many elements more than it needs a slice may hold: a machine
// that had a large program does not keep its memory for small ones.
const mostSpare = 1 << 14

// resize is n elements, in the memory of s if that has room for them and not much
// too much. They hold anything.
func resize[T any](s []T, n int) []T {
	if n <= cap(s) && cap(s) <= n+mostSpare {
		return s[:n]
	}
	return make([]T, n)
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
