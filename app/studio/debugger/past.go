package debugger

import (
	"context"

	"gvpie/runtime/debug/why"
	"gvpie/runtime/machine"
)

// past gives the machines of a run as they were before its frames: it is the why.Past of
// a ring.
type past struct {
	run Run
	m   *machine.Machine
}

// First is the first frame that there is.
func (p *past) First() int { return p.run.Frames.First() }

// Given is what a frame was given.
func (p *past) Given(frame int) (machine.Input, uint32) {
	f := p.run.Frames.Frame(frame)
	return f.Input, f.Budget
}

// Keyframe is the last frame, at most this one, that there is a keyframe before.
func (p *past) Keyframe(frame int) int {
	at, _ := p.run.Frames.Before(frame)
	return at
}

// Before gives the machine before a frame.
func (p *past) Before(ctx context.Context, frame int) (*machine.Snapshot, error) {
	if frame < p.run.Frames.First() || frame >= p.run.Frames.End() {
		return nil, &why.EndedError{Frame: frame, First: p.run.Frames.First(), End: p.run.Frames.End()}
	}
	if at, key := p.run.Frames.Before(frame); at == frame && key != nil {
		return key, nil
	}
	if err := p.frame(ctx, frame); err != nil {
		return nil, err
	}
	return p.m.Snapshot(), nil
}

// keyEvery is how many frames lie between two keyframes that are made on the way.
const keyEvery = 16

// frame makes the machine what it was before a frame.
func (p *past) frame(ctx context.Context, n int) error {
	at, key := p.run.Frames.Before(n)
	var err error
	switch {
	case key == nil:
		p.m, err = machine.New(p.run.Frames.Program(), p.run.Frames.Seed())
	case p.m == nil:
		p.m, err = machine.FromSnapshot(key)
	default:
		err = p.m.Restore(key)
	}
	for from := at; err == nil && at < n; at++ {
		if at > from && at%keyEvery == 0 {
			p.run.Frames.Put(at, p.m.Snapshot())
		}
		in, budget := p.Given(at)
		_, err = p.m.Frame(ctx, in, budget)
	}
	if err != nil {
		p.m = nil
	}
	return err
}
