package debug

import (
	"context"
	"errors"
	"fmt"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/record"
)

// deepest is how many branches of branches there may be: each holds as many keyframes,
// and all that can be gone to together as many as the run as it was.
const deepest = 16

// Branch is the one that the session stands in.
func (s *Session) Branch() *Branch { return s.branch }

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
	here := s.at
	parent := s.branch.at(here.Frame)
	depth := 0
	for b := parent; b.From != nil; b = b.From {
		depth++
	}
	if depth == deepest {
		return fmt.Errorf("this is a branch of %d branches: begin one further back", deepest)
	}
	start, err := s.before(ctx, here.Frame)
	if err != nil {
		return err
	}
	s.forks++
	b := &Branch{
		Name: fmt.Sprintf("branch %d", s.forks), From: parent, At: here,
		run: parent.run, first: here.Frame, known: parent.known,
		ring: record.NewRingAt(start, record.DefaultMemory/2/deepest),
	}
	_, b.run.Budget = parent.given(here.Frame)
	b.run.InputAt = func(frame int) machine.Input {
		in, _ := parent.at(frame).given(frame)
		return in
	}
	for _, c := range parent.changes {
		if c.at.Frame == here.Frame && !here.Before(c.at) {
			b.changes = append(b.changes, c)
		}
	}
	for _, p := range s.breakpoints {
		p.before = []int{0}
	}
	s.branch = b
	if err := s.load(b, here.Frame); err != nil {
		return err
	}
	return s.Go(ctx, here)
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
