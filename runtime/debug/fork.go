package debug

import (
	"context"
	"errors"
	"fmt"
	"math"

	"gvpie/runtime/isa"
	"gvpie/runtime/liveedit"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
	"gvpie/runtime/record"
)

// mostBranches is how many there may be beside the run as it was: each holds keyframes, all
// together as many as the run.
const mostBranches = 16

// BranchMemory is how many bytes a branch takes at most.
const BranchMemory = record.DefaultMemory / 2 / mostBranches

// Set gives a word of the data page another value where the session stands, and with it
// begins a branch, unless nothing was run since the last that did; the branch is given what
// the run was, and goes on for ever. The error says why it cannot, or is the context's.
func (s *Session) Set(ctx context.Context, word int, v int32) error {
	switch {
	case s.end != nil:
		return errEnd
	case word < isa.SysWords || word >= s.Assembly().Header.DataWords:
		return errors.New("it cannot be set")
	}
	if b := s.branch; b.From == nil || b.At != s.at || b.ring.End() > 0 {
		start, err := s.before(ctx, s.at.Frame)
		if err != nil {
			return err
		}
		if err := s.fork(ctx, start, func(b *Branch) { b.run.Frames = math.MaxInt }); err != nil {
			return err
		}
	}
	s.branch.changes = append(s.branch.changes, change{s.at, word, v})
	return s.change(ctx)
}

// errEnd is what behind the end of a run cannot be done.
var errEnd = errors.New("nothing comes behind this moment: step back first")

// Feed begins a branch that is given other input, from the frame that begins where the
// session stands, or from the next: there it then stands. inputAt is asked of each frame
// once, as it is run; the branch goes on for ever. The errors are Set's.
func (s *Session) Feed(ctx context.Context, inputAt func(frame int) machine.Input) error {
	start, err := s.between(ctx)
	if err != nil {
		return err
	}
	asked := map[int]machine.Input{}
	return s.fork(ctx, start, func(b *Branch) {
		b.run.Frames = math.MaxInt
		b.run.InputAt = func(frame int) machine.Input {
			in, ok := asked[frame]
			if !ok {
				in = inputAt(frame)
				asked[frame] = in
			}
			return in
		}
	})
}

// Edit begins a branch in which an edited program goes on, as by [liveedit.Reload], from
// the frame that begins where the session stands, or from the next: there it then stands.
// It is given what the run was, and goes on for ever. resumed says that it goes on where it stood, else it starts
// from its top. The errors are ErrProgram and Set's.
func (s *Session) Edit(ctx context.Context, a *pxl.Assembly) (resumed bool, err error) {
	if !a.OK() {
		return false, ErrProgram
	}
	before, err := s.between(ctx)
	if err == nil && s.over {
		err = errEnd
	}
	if err != nil {
		return false, err
	}
	old := s.Assembly()
	start, resumed := liveedit.Reload(old, before, a)
	return resumed, s.fork(ctx, start, func(b *Branch) {
		b.run.Assembly, b.run.Frames, b.known = a, math.MaxInt, nil
		changes := b.changes
		b.changes = nil
		for _, c := range changes {
			if word, ok := moved(old, a, c.word); ok {
				b.changes = append(b.changes, change{c.at, word, c.value})
			}
		}
	})
}

// moved is where a word of a program's data page is in another.
func moved(old, a *pxl.Assembly, word int) (int, bool) {
	for _, was := range old.Symbols {
		if was.Kind != pxl.VarSymbol && was.Kind != pxl.ArraySymbol || word < was.Addr || word >= was.Addr+was.Len {
			continue
		}
		for _, is := range a.Symbols {
			if i := word - was.Addr; is.Name == was.Name && is.Kind == was.Kind && i < is.Len {
				return is.Addr + i, true
			}
		}
	}
	return 0, false
}

// between goes to where a frame begins, and gives the machine there.
func (s *course) between(ctx context.Context) (*machine.Snapshot, error) {
	if s.at.Cycle > 0 {
		if err := s.Go(ctx, Position{Frame: s.at.Frame + 1}); err != nil {
			return nil, err
		}
	}
	if s.end != nil {
		return nil, errEnd
	}
	return s.before(ctx, s.at.Frame)
}

// fork begins a branch where the session stands, in the frame before which the machine is
// start, and makes it another than its parent.
func (s *Session) fork(ctx context.Context, start *machine.Snapshot, make func(b *Branch)) error {
	if len(s.branches) > mostBranches {
		return fmt.Errorf("there are %d branches: delete one first", mostBranches)
	}
	here := s.at
	parent := s.branch.at(here.Frame)
	s.forks++
	b := &Branch{
		Name: fmt.Sprintf("branch %d", s.forks), From: parent, At: here,
		run: parent.run, first: here.Frame, known: parent.known,
		ring: record.NewRingAt(start, BranchMemory),
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
	make(b)
	s.branches = append(s.branches, b)
	if here.Before(s.told) {
		s.told = here // what it logs was not told
	}
	return s.enterBranch(ctx, b, here)
}

// enterBranch goes to a position of another branch.
func (s *Session) enterBranch(ctx context.Context, b *Branch, to Position) error {
	for _, p := range s.breakpoints {
		p.before = []int{0}
	}
	s.branch, s.hit = b, nil
	if err := s.load(b.at(to.Frame), to.Frame); err != nil {
		return err
	}
	return s.Go(ctx, to)
}

// before is the machine as a frame begins. The course stays.
func (s *course) before(ctx context.Context, frame int) (*machine.Snapshot, error) {
	here := s.at
	m, err := begun(ctx, s, frame)
	if err == nil && s.at != here {
		err = s.Go(ctx, here)
	}
	return m, err
}

// begun is before, and may leave the course in another frame. Where the run ends before
// that, it stands there, and the machine is nil.
func begun(ctx context.Context, s *course, frame int) (*machine.Snapshot, error) {
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
	s.keeping, s.kept = true, nil
	err := s.Go(ctx, Position{Frame: frame})
	s.keeping = false
	return s.kept, err
}
