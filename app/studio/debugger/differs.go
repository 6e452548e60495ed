package debugger

import (
	"context"
	"errors"
	"fmt"

	"gvpie/runtime/debug/why"
	"gvpie/runtime/machine"
)

// Other runs a frame, from how it begins, on the processor that the debugger does not run
// frames on, and gives the display page that it leaves, and what that processor is called.
type Other func(ctx context.Context, before *machine.Snapshot, in machine.Input, budget uint32) (display []uint32, name string, err error)

// against is the overlay of the texels that another branch left otherwise.
func (s *session) against(ctx context.Context, of overlayOf) (*Overlay, error) {
	if of.other == nil {
		return nil, errors.New("there is no other branch: a value that is changed begins one")
	}
	if of.other.From == nil && of.frame >= s.run.Frames.End() {
		return nil, fmt.Errorf("%s has no frame %d", asItWas, of.frame)
	}
	p, err := s.in.Compare(ctx, s.in.Branch(), of.other, of.frame)
	if err != nil {
		return nil, err
	}
	name := of.other.Name
	if of.other.From == nil {
		name = asItWas
	}
	return s.differing(of, "in "+name, p.A, p.B), nil
}

// processors is the overlay of the texels that the other processor leaves otherwise.
func (s *session) processors(ctx context.Context, of overlayOf) (*Overlay, error) {
	k, err := s.asker(of.frame)
	if err != nil {
		return nil, err
	}
	if len(k.past.Patches(of.frame)) > 0 {
		return nil, errors.New("a value is changed in this frame: the next can be compared")
	}
	before, err := k.past.Before(ctx, of.frame)
	if err != nil {
		return nil, err
	}
	after, _, err := k.past.After(ctx, of.frame)
	if err != nil {
		return nil, err
	}
	in, budget := k.past.Given(of.frame)
	display, name, err := s.other(ctx, before, in, budget)
	if err != nil {
		return nil, err
	}
	return s.differing(of, "on "+name, after.Display, display), nil
}

// differing is the overlay of the texels of a frame that differ.
func (s *session) differing(of overlayOf, with string, a, b []uint32) *Overlay {
	h := s.run.Program.Header
	l := &why.Overlay{W: h.W, H: h.H, Values: make([]int32, len(a)), Has: make([]bool, len(a))}
	for i := range a {
		if a[i] != b[i] {
			l.Values[i], l.Has[i], l.Low, l.High = 1, true, 1, 1
			l.Texels++
		}
	}
	return &Overlay{Kind: of.kind, Frame: of.frame, Overlay: l, Picture: paint(l), With: with, header: h, a: a, b: b}
}
