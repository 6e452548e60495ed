package gpu

import (
	"context"

	"gvpie/runtime/machine"
)

// A block's shader only finds out that some texel may have failed. Which one was the
// first, of what error, what the blocks logged, and whether a texel really used up its
// budget, the reference says: the whole frame is run by it again, from the machine as it
// was before, and what it makes of the pages takes the place of the device's.

// again is that of a frame.
type again struct {
	reference *machine.Machine // nil: not needed yet
	input     machine.Input
	budget    uint32

	data, state []uint32 // before the frame
	ran         bool     // this frame
	log         []machine.LogLine
}

// told gives the lines of the frame: those of the core, if no block has logged.
func (a *again) told(log []machine.LogLine, _ uint32) []machine.LogLine {
	if a.ran {
		return a.log
	}
	return log
}

// frameAgain has the reference run the frame. The fault is that of the frame: of the
// core, which it has found itself, or of a block.
func (m *Machine) frameAgain(ctx context.Context) (*machine.Fault, error) {
	began, err := m.beganDisplay(ctx)
	if err != nil {
		return nil, err
	}
	a := &m.again
	s := &machine.Snapshot{Program: m.core.Page(machine.ProgramPage), Display: began, Data: a.data, State: a.state}
	err = m.d.do(ctx, func() (err error) {
		s.Writer, err = m.d.readWords(nil, m.writer(), m.header.W*m.header.H)
		return err
	})
	if err != nil {
		return nil, err
	}
	if a.reference == nil {
		a.reference, err = machine.FromSnapshot(s)
	} else {
		err = a.reference.Restore(s)
	}
	if err != nil {
		return nil, err
	}
	r, err := a.reference.Frame(ctx, a.input, a.budget)
	if err != nil {
		return nil, err
	}
	err = m.d.do(ctx, func() error {
		if err := m.d.write(m.displays[1-m.current], 0, a.reference.Page(machine.DisplayPage)); err != nil {
			return err
		}
		return m.d.write(m.writer(), 0, a.reference.Page(machine.WriterPage))
	})
	if err != nil {
		return nil, err
	}
	m.current, m.human.stale = 1-m.current, true
	a.ran, a.log = true, r.Log
	m.began, m.known = append(m.began[:0], a.reference.Page(machine.DisplayPage)...), true
	return r.Fault, nil
}
