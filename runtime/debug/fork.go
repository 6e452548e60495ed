package debug

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/record"
)

// mostBranches is how many branches there may be beside the run as it was: each holds as
// many keyframes, and all together as many as that.
const mostBranches = 16

// Branches are the courses that the run has taken, the run as it was first.
func (s *Session) Branches() []*Branch { return s.branches }

// Branch is the one that the session stands in.
func (s *Session) Branch() *Branch { return s.branch }

// Switch goes to a position of a branch. The errors are the context's.
func (s *Session) Switch(ctx context.Context, b *Branch, to Position) error {
	if b != s.branch {
		s.branch = b
		for _, p := range s.breakpoints {
			p.before = []int{0}
		}
		if err := s.load(b.at(to.Frame), to.Frame); err != nil {
			return err
		}
	}
	return s.Go(ctx, to)
}

// Delete gives a branch up, which is not the run as it was, has no branches, and is not
// where the session stands.
func (s *Session) Delete(b *Branch) error {
	if b.From == nil || b == s.branch || slices.ContainsFunc(s.branches, func(c *Branch) bool { return c.From == b }) {
		return errors.New("the run itself, a branch that others left and the one shown stay")
	}
	s.branches = slices.DeleteFunc(s.branches, func(c *Branch) bool { return c == b })
	return nil
}

// Set gives a word of the data page another value where the session stands, and with it
// begins a branch, unless nothing was run since the last that did. The error says why it
// cannot, or is the context's.
func (s *Session) Set(ctx context.Context, word int, v int32) error {
	switch {
	case !s.goesOn():
		return errors.New("nothing comes behind this moment: step back first")
	case word < isa.SysWords || word >= s.Assembly().Header.DataWords:
		return errors.New("it cannot be set")
	}
	if b := s.branch; b.From == nil || b.At != s.at || b.ring.End() > 0 {
		if err := s.fork(ctx); err != nil {
			return err
		}
	}
	s.branch.changes = append(s.branch.changes, change{s.at, word, v})
	return s.change(ctx)
}

// fork begins a branch where the session stands.
func (s *Session) fork(ctx context.Context) error {
	if len(s.branches) > mostBranches {
		return fmt.Errorf("there are %d branches: delete one first", mostBranches)
	}
	here, from := s.at, s.branch
	start, err := s.before(ctx, here.Frame)
	if err != nil {
		return err
	}
	parent := from.at(here.Frame)
	b := &Branch{
		Name: fmt.Sprintf("branch %d", s.forks+1), From: from, At: here,
		run: parent.run, first: here.Frame, known: parent.known,
		ring: record.NewRingAt(start, record.DefaultMemory/2/mostBranches),
	}
	_, b.run.Budget = parent.given(here.Frame)
	b.run.InputAt = func(frame int) machine.Input {
		in, _ := from.at(frame).given(frame)
		return in
	}
	for _, c := range parent.changes {
		if c.at.Frame == here.Frame && !here.Before(c.at) {
			b.changes = append(b.changes, c)
		}
	}
	s.forks++
	s.branches = append(s.branches, b)
	return s.Switch(ctx, b, here)
}

// before is the machine as a frame begins.
func (s *Session) before(ctx context.Context, frame int) (*machine.Snapshot, error) {
	b := s.branch.at(frame)
	if at, m := b.ring.Before(frame - b.first); at == frame-b.first {
		if m != nil {
			return m, nil
		}
		fresh, err := machine.New(b.ring.Program(), b.ring.Seed())
		if err != nil {
			return nil, err
		}
		return fresh.Snapshot(), nil
	}
	if err := s.Go(ctx, Position{Frame: frame - 1}); err != nil {
		return nil, err
	}
	s.keeping = true
	err := s.Go(ctx, Position{Frame: frame})
	s.keeping = false
	return s.kept, err
}
