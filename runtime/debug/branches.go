package debug

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/record"
)

// Branch is the one that the session stands in.
func (s *Session) Branch() *Branch { return s.branch }

// Branches are all of them, in the order in which they were begun: first the run as it was.
func (s *Session) Branches() []*Branch { return slices.Clone(s.branches) }

// Named is the branch of a name, nil if there is none.
func (s *Session) Named(name string) *Branch {
	for _, b := range s.branches {
		if b.Name == name {
			return b
		}
	}
	return nil
}

// Grow takes in what the ring of a run has that has gone on since the session began: the run
// as it was has so many frames then. It says whether it could: see record.Ring.Grow.
func (s *Session) Grow(ring *record.Ring) bool {
	run := s.branches[0]
	if ring != run.ring && !run.ring.Grow(ring) {
		return false
	}
	for was, i := run.run.Frames, len(s.branches)-1; i >= 0; i-- {
		if b := s.branches[i]; b.run.Frames == was {
			b.run.Frames = run.ring.End()
		}
	}
	if s.over {
		s.enter()
	}
	return true
}

// Switch goes to the moment of another branch that the session stands at in this one, or to
// its end, if that comes first. The errors are the context's.
func (s *Session) Switch(ctx context.Context, b *Branch) error {
	return s.enterBranch(ctx, b, s.at)
}

// Rename gives a branch another name. The error says why it cannot have it.
func (s *Session) Rename(b *Branch, name string) error {
	name = strings.TrimSpace(name)
	if name == "" {
		return errors.New("a branch needs a name")
	}
	if other := s.Named(name); other != nil && other != b {
		return fmt.Errorf("there is a branch %s already", name)
	}
	b.Name = name
	return nil
}

// Delete gives up a branch, and those that left it. If the session stands in one of them, it
// goes to where the branch began. The error is of the run as it was, which stays, or the
// context's.
func (s *Session) Delete(ctx context.Context, b *Branch) error {
	if b.From == nil {
		return errors.New("the run as it was cannot be deleted")
	}
	if s.branch.comesFrom(b) {
		if err := s.enterBranch(ctx, b.From, b.At); err != nil {
			return err
		}
	}
	s.branches = slices.DeleteFunc(s.branches, func(c *Branch) bool { return c.comesFrom(b) })
	return nil
}

// comesFrom says whether a branch is another, or left it, or one that did.
func (b *Branch) comesFrom(other *Branch) bool {
	for ; b != nil; b = b.From {
		if b == other {
			return true
		}
	}
	return false
}

// Parting is where the pictures of two branches differ.
type Parting struct {
	Frame  int      // the first in which they do, or the last that was looked at
	Texels []int    // that differ, rising: y * W + x; none: the pictures are the same
	A, B   []uint32 // the display pages as the frame left them
}

// Part finds the first frame in which the pictures of two branches differ, as far as either
// was run. The session stays. The error is of canvases that are not alike, or the
// context's.
func (s *Session) Part(ctx context.Context, a, b *Branch) (Parting, error) {
	from := parted(a, b)
	known := func(b *Branch) int { return b.first + b.ring.End() }
	to := min(a.run.Frames, b.run.Frames)
	if to == math.MaxInt {
		to = max(known(a), known(b))
	}
	return s.part(ctx, a, b, from, max(to, from+1))
}

// Compare is Part for one frame.
func (s *Session) Compare(ctx context.Context, a, b *Branch, frame int) (Parting, error) {
	return s.part(ctx, a, b, frame, frame+1)
}

// part is Part for frames [from, to).
func (s *Session) part(ctx context.Context, a, b *Branch, from, to int) (p Parting, err error) {
	var of [2]course // of their own
	for i, branch := range []*Branch{a, b} {
		of[i] = course{spacing: s.spacing, branch: branch}
		if of[i].m, err = machine.New(branch.run.Assembly.Program, isa.DefaultSeed); err == nil {
			err = of[i].load(branch.at(from), from)
		}
		if err != nil {
			return p, err
		}
	}
	x, y := &of[0], &of[1]
	from = max(from, x.FirstFrame(), y.FirstFrame())
	for frame := from; frame < to; frame++ {
		for _, c := range []*course{x, y} {
			if err := c.Go(ctx, Position{Frame: frame + 1}); err != nil {
				return p, err
			}
		}
		if h, k := x.m.Header(), y.m.Header(); h.W != k.W || h.H != k.H || h.Pixel != k.Pixel {
			return p, fmt.Errorf("the canvases are not alike from frame %d on: %d × %d and %d × %d", frame, h.W, h.H, k.W, k.H)
		}
		p.Frame, p.A, p.B = frame, x.m.Page(machine.DisplayPage), y.m.Page(machine.DisplayPage)
		if p.Texels = differ(p.A, p.B); len(p.Texels) > 0 || !x.goesOn() && !y.goesOn() {
			break
		}
		s.tell(frame+1-from, to-from)
	}
	return p, nil
}

// parted is the first frame in which two branches are not the same one.
func parted(a, b *Branch) int {
	first := math.MaxInt
	for _, c := range []*Branch{a, b} {
		for ; c != nil; c = c.From {
			if a.at(c.first) != b.at(c.first) {
				first = min(first, c.first)
			}
		}
	}
	if first == math.MaxInt {
		first = a.at(0).first + a.at(0).ring.First()
	}
	return first
}

// differ are the places at which two pages of one length do.
func differ(a, b []uint32) (at []int) {
	if slices.Equal(a, b) {
		return nil
	}
	for i := range a {
		if a[i] != b[i] {
			at = append(at, i)
		}
	}
	return at
}
