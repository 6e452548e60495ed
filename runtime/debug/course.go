package debug

import (
	"context"
	"math"
	"time"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
)

// load makes the machine that of a keyframe of a branch at a frame or before it.
func (s *course) load(b *Branch, frame int) error {
	at, keyframe := b.ring.Before(frame - b.first)
	var err error
	if keyframe != nil {
		err = s.m.Restore(keyframe)
	} else {
		err = s.m.ResetTo(b.ring.Program(), b.ring.Seed())
	}
	if err != nil {
		return err
	}
	s.at, s.since = Position{Frame: b.first + at}, 0
	s.enter()
	return nil
}

// FirstFrame is the first frame that can be gone to.
func (s *course) FirstFrame() int {
	b := s.branch.at(0)
	return b.first + b.ring.First()
}

// Position says where the session stands.
func (s *course) Position() Position { return s.at }

// Assembly is the program that runs here.
func (s *course) Assembly() *pxl.Assembly { return s.branch.at(s.at.Frame).run.Assembly }

// Ended says how the run ended where the session stands, nil where it goes on.
func (s *course) Ended() *machine.Report { return s.end }

// Machine gives the machine where the session stands, with what it has drawn so far
// painted over the display as the frame began. It is to be read alone, until the next
// call of the session. The error is the context's.
func (s *course) Machine(ctx context.Context) (*machine.Machine, error) {
	return s.m, s.m.Paint(ctx)
}

// Go goes to a position: to the end of the run, or of what is known of it, where that
// comes first; to the start of the next frame from a cycle that the frame does not have.
// The errors are the context's.
func (s *course) Go(ctx context.Context, to Position) error {
	if first := s.FirstFrame(); to.Frame < first {
		to = Position{Frame: first}
	}
	if err := s.restore(ctx, to); err != nil {
		return err
	}
	s.stopAt(nil)
	s.telling = false
	for from := s.at.Frame; s.at.Frame < to.Frame && s.goesOn(); {
		if err := s.frame(ctx); err != nil {
			return err
		}
		s.tell(s.at.Frame-from, to.Frame-from)
	}
	if s.at.Frame != to.Frame || !s.goesOn() || s.at.Cycle >= to.Cycle {
		return nil
	}
	stands, err := s.run(ctx, to.Cycle)
	if err != nil || stands {
		return err
	}
	return s.finish(ctx)
}

// goesOn says whether there is a cycle behind this one.
func (s *course) goesOn() bool { return s.end == nil && !s.over }

func (s *course) tell(done, all int) {
	if s.Progress != nil {
		s.Progress(done, all)
	}
}

// restore goes to where running forwards comes to a position soonest.
func (s *course) restore(ctx context.Context, to Position) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	b := s.branch.at(to.Frame)
	at, _ := b.ring.Before(to.Frame - b.first)
	if here := s.at.Frame; !to.Before(s.at) && here >= b.first+at {
		return nil // from here on, then
	} else if here == to.Frame && s.goesOn() {
		s.enter() // which undoes what this frame has done
		return nil
	}
	return s.load(b, to.Frame)
}

// enter begins the frame at whose start the session stands.
func (s *course) enter() {
	b := s.branch.at(s.at.Frame)
	s.at.Cycle, s.made, s.took, s.end = 0, 0, 0, nil
	if s.over = s.at.Frame >= b.run.Frames; s.over {
		return
	}
	if status := isa.Status(s.m.Page(machine.StatePage)[isa.StStatus]); status == isa.Halted || status == isa.Faulted {
		r := machine.StateReport(s.m.Page(machine.StatePage), 0, 0) // it was so as it was given to us
		s.end = &r
		return
	}
	s.m.Begin(b.given(s.at.Frame))
	_ = s.change(context.Background()) // no block waits yet
}

// run takes the core on to a cycle of the frame, to where the machine is told to stop,
// or to the end of the frame, and says whether it stands in it.
func (s *course) run(ctx context.Context, cycle uint32) (stands bool, err error) {
	b := s.branch.at(s.at.Frame)
	defer s.takes(time.Now())
	for {
		to, change := cycle, false
		if c, ok := b.next(s.at.Frame, s.made); ok && c.at.Cycle <= cycle {
			to, change = c.at.Cycle, true
		}
		stands, err = s.m.RunTo(ctx, to)
		if err != nil {
			s.enter()
			return false, err
		}
		s.at.Cycle = s.m.Page(machine.StatePage)[isa.StCycles]
		if !stands {
			return false, nil
		}
		if change && s.at.Cycle == to {
			if err := s.change(ctx); err != nil {
				return true, err
			}
		}
		if s.at.Cycle >= cycle || s.stops[s.pc()] {
			return true, nil
		}
	}
}

// change makes the changes of the cycle.
func (s *course) change(ctx context.Context) error {
	b := s.branch.at(s.at.Frame)
	for c, ok := b.next(s.at.Frame, s.made); ok && c.at == s.at; c, ok = b.next(s.at.Frame, s.made) {
		if err := machine.NewProbe(&s.m.Core).Set(ctx, c.word, c.value); err != nil {
			return err
		}
		s.made++
	}
	return nil
}

// frame runs the frame to its end.
func (s *course) frame(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	stands, err := s.run(ctx, math.MaxUint32)
	for stands && err == nil {
		stands, err = s.run(ctx, math.MaxUint32)
	}
	if err != nil {
		return err
	}
	return s.finish(ctx)
}

// takes counts what running the frame takes.
func (s *course) takes(began time.Time) { s.took += time.Since(began) }

// finish ends the frame whose core has come to its end.
func (s *course) finish(ctx context.Context) error {
	b := s.branch.at(s.at.Frame)
	began := time.Now()
	r, err := s.m.End(ctx)
	if err != nil {
		s.enter()
		return err
	}
	s.takes(began)
	in, budget := b.given(s.at.Frame)
	i := s.at.Frame - b.first
	fresh := i == b.ring.End()
	if fresh {
		b.ring.Append(in, budget, r, s.took)
	}
	s.log(r.Log, true)
	if r.Status != isa.Framed {
		s.at.Cycle, s.end = r.Cycles, &r
		return nil
	}
	s.at = Position{Frame: s.at.Frame + 1}
	s.since += s.took
	if s.keeping {
		s.kept = s.m.Snapshot()
	}
	switch next := s.branch.at(s.at.Frame); {
	case next != b:
		return s.load(next, s.at.Frame)
	case fresh && b.ring.Due():
		began := time.Now()
		keyframe := s.m.Snapshot()
		b.ring.Keyframe(keyframe, time.Since(began))
		s.since = 0
	case !fresh && s.since >= s.spacing:
		b.ring.Put(i+1, s.m.Snapshot())
		s.since = 0
	}
	s.enter()
	return nil
}

// stand is where the machine stands.
func (s *course) stand() stand { return stand{s.Assembly(), &s.m.Core} }

// pc is the address of the next instruction.
func (s *course) pc() int { return s.stand().pc() }

// depth is how many calls are open.
func (s *course) depth() int { return int(s.m.Page(machine.StatePage)[isa.StSP]) }

// stopAt tells the machine where to stop.
func (s *course) stopAt(addrs []int) {
	if len(addrs) == 0 && len(s.stops) == 0 {
		return
	}
	machine.NewProbe(&s.m.Core).StopAt(addrs...)
	s.stops = make(map[int]bool, len(addrs))
	for _, a := range addrs {
		s.stops[a] = true
	}
}
