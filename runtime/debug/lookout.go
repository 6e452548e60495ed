package debug

import (
	"context"
	"maps"
	"math"
	"slices"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
)

// Lookout finds where breakpoints on lines stop a run that goes on somewhere else, on
// whatever engine. It has the run's core alone, which nothing is painted for, and takes it
// through each frame before the run does. It is one goroutine's.
type Lookout struct {
	branch *Branch
	began  func(context.Context) ([]uint32, error)
	core   *machine.Core     // nil: it is not where the run is
	points []*Placed         // their before[0] is what was counted in frames that are kept
	at     map[int][]*Placed // by address
}

// NewLookout makes one for a run of a program without errors. began gives the display as
// the frame begins that Frame was called for; it is asked where the program, or a
// condition, reads it.
func NewLookout(a *pxl.Assembly, began func(context.Context) ([]uint32, error)) *Lookout {
	return &Lookout{branch: &Branch{run: Run{Assembly: a}}, began: began}
}

// SetBreakpoints replaces the breakpoints. Hits of those that stay are counted on.
func (l *Lookout) SetBreakpoints(list []Breakpoint) {
	before := l.points
	l.points, l.at = nil, map[int][]*Placed{}
	for _, b := range list {
		p := l.branch.place(b)
		for _, was := range before {
			if was.Breakpoint == b {
				p.inherit(was)
			}
		}
		l.points = append(l.points, p)
		if !p.onLine() {
			continue // what else there is needs the whole machine
		}
		for _, a := range p.addrs {
			l.at[a] = append(l.at[a], p)
		}
	}
	l.watch()
}

// Failing are the breakpoints whose conditions have failed, with why.
func (l *Lookout) Failing() map[Breakpoint]string { return Failing(l.points) }

// Idle says whether no breakpoint can stop the run.
func (l *Lookout) Idle() bool { return len(l.at) == 0 }

// watch has the core stop at the breakpoints.
func (l *Lookout) watch() {
	if l.core != nil {
		machine.NewProbe(l.core).StopAt(slices.Collect(maps.Keys(l.at))...)
	}
}

// There says whether the lookout is where the run is: Frame can be called.
func (l *Lookout) There() bool { return l.core != nil }

// Restore takes the lookout to where the run stands. The error is that of a snapshot of
// no machine.
func (l *Lookout) Restore(s *machine.Snapshot) error {
	l.core = machine.NewCore(machine.Surface{
		Begin: func([]uint32, []uint32) {}, Began: l.began, Undo: func() {},
		Settle: func(context.Context) error { return nil },
		Paint:  func(context.Context) (*machine.Fault, error) { return nil, nil },
	})
	if err := l.core.Restore(s); err != nil {
		l.core = nil
		return err
	}
	l.watch()
	return nil
}

// Leave frees what it takes to be where the run is, until the next Restore. What was
// counted stays.
func (l *Lookout) Leave() { l.core = nil }

// Sighting is what a lookout saw in a frame.
type Sighting struct {
	Hit   bool
	Cycle uint32 // of the first hit
	Said  []Said // by logpoints, and of conditions that fail
}

// Said is a line that a breakpoint wrote.
type Said struct {
	File string // as positions spell it
	Line int
	Text string
}

// Frame looks through the frame that the run is about to go through. It holds once Keep is
// called; else the next Frame begins where this one did. The errors are those of ctx and
// of began.
func (l *Lookout) Frame(ctx context.Context, in machine.Input, budget uint32) (Sighting, error) {
	var out Sighting
	for _, p := range l.points {
		p.seen = p.before[0]
	}
	l.core.Begin(in, budget)
	at := stand{l.branch.run.Assembly, l.core}
	for stands := isa.Status(l.core.Page(machine.StatePage)[isa.StStatus]) == isa.Running; stands; {
		pc := at.pc()
		for _, p := range l.at[pc] {
			if p.endless {
				continue // it would take as long each time
			}
			say := func(text string) { out.Said = append(out.Said, Said{placeAt(at.assembly, pc).File, p.Line, text}) }
			if p.stops(ctx, at, true, say) && !out.Hit {
				out.Hit, out.Cycle = true, l.core.Page(machine.StatePage)[isa.StCycles]
			}
		}
		var err error
		if stands, err = l.core.RunTo(ctx, math.MaxUint32); err != nil {
			return Sighting{}, err
		}
	}
	return out, nil
}

// Keep says that the run has gone through the frame.
func (l *Lookout) Keep(ctx context.Context) error {
	for _, p := range l.points {
		p.before[0] = p.seen
	}
	_, err := l.core.End(ctx)
	return err
}
