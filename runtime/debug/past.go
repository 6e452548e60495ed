package debug

import (
	"context"

	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
)

// Past gives the machines of a branch as they were, in the frames that run its program. The
// session that the branch is of stays; what running them again keeps is kept for it too.
type Past struct {
	of   course
	last *machine.Snapshot // as frame at began, nil: none yet
	at   int
}

// NewPast begins to look at a branch of a session.
func NewPast(s *Session, b *Branch) (*Past, error) {
	p := &Past{of: course{spacing: s.spacing, branch: b}}
	m, err := machine.New(b.run.Assembly.Program, b.ring.Seed())
	if err != nil {
		return nil, err
	}
	p.of.m = m
	return p, p.of.load(b.at(p.First()), p.First())
}

// began is the branch that its program began in.
func (p *Past) began() *Branch {
	b := p.of.branch
	for b.From != nil && b.From.run.Assembly == b.run.Assembly {
		b = b.From
	}
	return b
}

// Assembly is the program.
func (p *Past) Assembly() *pxl.Assembly { return p.of.branch.run.Assembly }

// Before is the branch that its program took the place of another in: what was before is that
// one's. nil: none was.
func (p *Past) Before() *Branch { return p.began().From }

// First is the first frame that there is.
func (p *Past) First() int {
	b := p.began()
	return b.first + b.ring.First()
}

// Frames is how many frames there can be.
func (p *Past) Frames() int { return p.of.branch.run.Frames }

// Given is what a frame is given.
func (p *Past) Given(frame int) (in machine.Input, budget uint32) {
	return p.of.branch.at(frame).given(frame)
}

// Patches are what words were given by Set in a frame.
func (p *Past) Patches(frame int) (all []machine.Patch) {
	for _, c := range p.of.branch.at(frame).changes {
		if c.at.Frame == frame {
			all = append(all, machine.Patch{Cycle: c.at.Cycle, Word: c.word, Value: c.value})
		}
	}
	return all
}

// Keyframe is the last frame, at most this one, that At gives at once.
func (p *Past) Keyframe(frame int) int { return p.of.keyframe(frame) }

// At is the machine as a frame begins, or as the run ended before it: then ended is set.
// Nobody may write to its pages. The error is the context's.
func (p *Past) At(ctx context.Context, frame int) (s *machine.Snapshot, ended bool, err error) {
	if p.last != nil && p.at == frame {
		return p.last, false, nil
	}
	s, err = begun(ctx, &p.of, frame)
	if err != nil {
		return nil, false, err
	}
	if s == nil {
		return p.of.m.Snapshot(), true, nil
	}
	p.last, p.at = s, frame
	return s, false, nil
}

// End is one more than the frame that the run ended in, where At said so.
func (p *Past) End() int {
	if p.of.over {
		return p.of.at.Frame
	}
	return p.of.at.Frame + 1
}
