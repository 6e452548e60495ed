package machine

import (
	"sync"
	"sync/atomic"

	"gvpie/runtime/isa"
)

// Machine is one machine: its pages, and the commands of its last frame. Its
// methods are not safe for use by several goroutines at once; Frame itself uses
// as many as there are processors.
type Machine struct {
	Core

	display, writer []uint32
	canvas          canvas   // of these two
	papers          []uint32 // see spriteTexels; nil: not asked for yet

	rastered   int               // commands of this frame that are painted already
	eachFault  *Fault            // the first failing texel of this frame
	told       telling           // what its blocks log
	blocks     map[uint64]*block // EACH blocks, by start and end
	coverTimes int               // coverTimes, but for tests
	bandTexels int               // bandTexels, likewise
	workers    int               // goroutines an EACH is spread over; 0: one per processor
	running    eachRun           // the EACH that is painted
	spare      spareWaves
	rollback   rollback
	rowWriters rowWriters
	dirty      dirty
	bands      bands
	preview    preview
	stencil    stencil // see CanvasProbe
	last       lastSnapshot
	presenters [2]presenter // of either texture

	compiler    Compiler // nil: all is interpreted
	inputs      Inputs   // of the commands that are painted
	ranCompiled atomic.Bool
}

// spareWaves are waves that no goroutine uses, and blocks of programs before.
type spareWaves struct {
	sync.Mutex
	waves  []*wave
	blocks []*block
}

// mostSpareBlocks is how many blocks are kept for their memory alone.
const mostSpareBlocks = 4

// forgetBlocks forgets the blocks of the program, before the machine has another.
func (m *Machine) forgetBlocks() {
	for _, b := range m.blocks {
		if len(m.spare.blocks) < mostSpareBlocks {
			m.spare.blocks = append(m.spare.blocks, b)
		}
	}
	clear(m.blocks)
	for _, w := range m.spare.waves {
		w.b = nil
	}
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
	m := &Machine{blocks: map[uint64]*block{}, coverTimes: coverTimes, bandTexels: bandTexels}
	m.Core = *NewCore(m.surface())
	return m
}

// Reset makes the machine what New makes of the program and the seed, in the
// memory it has: where that suffices, and the program is the one it had, nothing
// is allocated and what was decoded stays decoded. The error wraps isa.ErrProgram;
// the machine is then as it was.
func (m *Machine) Reset(p isa.Program, seed int32) error {
	return m.start(p, seed, true)
}

// ResetTo is Reset, but keeps the program itself: nobody may write to it any more.
func (m *Machine) ResetTo(p isa.Program, seed int32) error {
	return m.start(p, seed, false)
}

// Spread says over how many goroutines at most the rows of a block are spread; 0, as
// New makes it: one a processor.
func (m *Machine) Spread(workers int) { m.workers = workers }

// start is Reset, with the program copied or not.
func (m *Machine) start(p isa.Program, seed int32, copied bool) error {
	other, err := m.reset(p, seed, copied)
	if err != nil {
		return err
	}
	m.fit(other)
	m.rowWriters.forget()
	clear(m.display)
	clear(m.writer)
	return nil
}

// fit gives the machine pages of the sizes that its program asks for; other says
// that it is another than before. They hold what they held.
func (m *Machine) fit(other bool) {
	if other {
		m.papers = nil
		m.forgetBlocks()
		m.inputs.Program, m.inputs.ProgramVersion = m.program, versions.Add(1)
		texels := m.header.W * m.header.H
		m.display = resize(m.display, texels)
		m.writer = resize(m.writer, texels)
		m.rollback.display = resize(m.rollback.display, texels)
		m.rollback.writer = resize(m.rollback.writer, texels)
		m.rowWriters.resize(m.header.H)
		m.dirty.resize(m.header.W, m.header.H)
		m.canvas.resize(m.header.W, m.header.H, m.header.Pixel, m.display, m.writer)
		for i := range m.presenters {
			m.presenters[i].before = before{}
		}
	}
	m.preview.on, m.rollback.painted, m.eachFault = false, true, nil
	m.dirty.markAll()
	m.ranCompiled.Store(false)
}

// mostSpare is how many elements more than it needs a slice may hold: a machine
// that had a large program does not keep its memory for small ones.
const mostSpare = 1 << 14

// resize is n elements, in the memory of s if that has room for them and not much
// too much. They hold anything.
func resize[T any](s []T, n int) []T { return resizeWith(s, n, mostSpare) }

// resizeWith is resize with another mostSpare.
func resizeWith[T any](s []T, n, mostSpare int) []T {
	if n <= cap(s) && cap(s) <= n+mostSpare {
		return s[:n]
	}
	return make([]T, n)
}

// Page gives a page, row by row. It is a view: it changes with the next frame,
// and the caller must not write to it.
func (m *Machine) Page(p Page) []uint32 {
	switch p {
	case DisplayPage:
		return m.display
	case WriterPage:
		return m.writer
	}
	return m.Core.Page(p)
}
