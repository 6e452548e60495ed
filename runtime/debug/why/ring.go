package why

import (
	"context"

	"gvpie/runtime/machine"
	"gvpie/runtime/record"
)

// Ring is the Past of a run that a record.Ring holds.
type Ring struct {
	ring *record.Ring
	m    *machine.Machine // nil: none yet
	at   int              // the frame that m is before
	last *machine.Snapshot
}

// InRing makes the Past of a ring. It keeps keyframes in it, and nobody else may use it
// meanwhile: a ring that goes on gives a fork.
func InRing(r *record.Ring) *Ring { return &Ring{ring: r} }

// First is the first frame that the ring holds.
func (p *Ring) First() int { return p.ring.First() }

// Given is what a frame was given.
func (p *Ring) Given(frame int) (machine.Input, uint32) {
	f := p.ring.Frame(frame)
	return f.Input, f.Budget
}

// Patches are none: a ring is of a run as it was.
func (p *Ring) Patches(int) []machine.Patch { return nil }

// Keyframe is the last keyframe that is not behind a frame.
func (p *Ring) Keyframe(frame int) int {
	at, _ := p.ring.Before(frame)
	return at
}

// Before gives the machine before a frame.
func (p *Ring) Before(ctx context.Context, frame int) (*machine.Snapshot, error) {
	if frame < p.ring.First() || frame >= p.ring.End() {
		return nil, &EndedError{frame, p.ring.First(), p.ring.End()}
	}
	return p.snapshot(ctx, frame)
}

// After gives the machine behind a frame, or behind the last that there is, and says
// whether the run ends there.
func (p *Ring) After(ctx context.Context, frame int) (s *machine.Snapshot, ended bool, err error) {
	end := p.ring.End()
	s, err = p.snapshot(ctx, min(frame+1, end))
	return s, frame+1 >= end, err
}

func (p *Ring) snapshot(ctx context.Context, frame int) (*machine.Snapshot, error) {
	at, s := p.ring.Before(frame)
	if s != nil && at == frame {
		return s, nil
	}
	if p.m == nil || p.at > frame || p.at < at {
		if err := p.restore(s); err != nil {
			return nil, err
		}
		p.at, p.last = at, s
	}
	for p.at < frame {
		in, budget := p.Given(p.at)
		if _, err := p.m.Frame(ctx, in, budget); err != nil {
			return nil, err
		}
		if p.at, p.last = p.at+1, nil; p.at%firstSpacing == 0 {
			p.last = p.m.Snapshot()
			p.ring.Put(p.at, p.last)
		}
	}
	if p.last == nil {
		p.last = p.m.Snapshot()
	}
	return p.last, nil
}

// restore makes the machine that of a keyframe, or of the run's start where that is nil.
func (p *Ring) restore(s *machine.Snapshot) (err error) {
	switch {
	case s == nil && p.m == nil:
		p.m, err = machine.New(p.ring.Program(), p.ring.Seed())
	case s == nil:
		err = p.m.ResetTo(p.ring.Program(), p.ring.Seed())
	case p.m == nil:
		p.m, err = machine.FromSnapshot(s)
	default:
		err = p.m.Restore(s)
	}
	return err
}
