package debugger

import (
	"context"

	"gvpie/runtime/debug"
)

// Breakpoint is where a program stops.
type Breakpoint = debug.Breakpoint

// landing is a moment that is gone to as soon as its run can be gone through.
type landing struct {
	run int
	at  Position
}

// of is the moment, if it is of the last frame of a run; else nil: the run was not looked
// at, and has gone on.
func (l *landing) of(run Run) *Position {
	if l == nil || l.run != run.ID || l.at.Frame != run.Frames.End()-1 {
		return nil
	}
	return &l.at
}

// Land has the run looked at from a moment of its last frame on, where a breakpoint has
// stopped it, once Follow brings it.
func (m *Model) Land(run int, at Position) { m.land = &landing{run, at} }

// RunOn goes on to the next breakpoint in the frame that the program went through last. It
// calls live if there is none, and in a branch: from there on the program itself runs.
func (m *Model) RunOn(live func()) {
	if !m.open || m.now == nil || m.now.Present || m.now.Branch != "" || m.now.At.Frame != m.now.Frames-1 || len(m.breaks) == 0 {
		live()
		return
	}
	s := m.session
	m.have(false, func(ctx context.Context) (func(), error) {
		found, err := s.moment(ctx, s.move(ctx, Continue))
		return func() {
			if found.Present {
				live()
				return
			}
			arrive(m, found, true)
		}, err
	})
}
