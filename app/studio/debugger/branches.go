package debugger

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gvpie/runtime/debug"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
	"gvpie/runtime/record"
)

// Branch is a course of the run: it as it was, or one that left another where a value was
// changed, or its input, or its program.
type Branch struct {
	Name  string
	Depth int      // 0: the run as it was
	At    Position // where it left the one that it comes from
	Here  bool     // it is gone through

	of *debug.Branch
}

// branches are all courses, each below the one that it left.
func (s *session) branches() (out []Branch) {
	all, here := s.in.Branches(), s.in.Branch()
	var under func(from *debug.Branch, depth int)
	under = func(from *debug.Branch, depth int) {
		for _, b := range all {
			if b.From != from {
				continue
			}
			name := b.Name
			if b.From == nil {
				name = asItWas
			}
			out = append(out, Branch{Name: name, Depth: depth, At: b.At, Here: b == here, of: b})
			under(b, depth+1)
		}
	}
	under(nil, 0)
	return out
}

// asItWas names the course that is no branch.
const asItWas = "the run as it was"

// Branches are what can be done with the branches of the run that is gone through. What
// is refused is told as by a search that found nothing.
type Branches struct{ m *Model }

// Branches gives them; Moment.Branches lists them.
func (m *Model) Branches() Branches { return Branches{m} }

// Switch goes to another branch, to the moment that is looked at in this one.
func (c Branches) Switch(b Branch) {
	c.do(func(ctx context.Context, in *session) error { return in.in.Switch(ctx, b.of) })
}

// Rename gives a branch another name.
func (c Branches) Rename(b Branch, name string) {
	c.do(func(_ context.Context, in *session) error { return in.in.Rename(b.of, name) })
}

// Delete gives up a branch, and those that left it.
func (c Branches) Delete(b Branch) {
	c.do(func(ctx context.Context, in *session) error { return in.in.Delete(ctx, b.of) })
}

// do has the session do something with a branch.
func (c Branches) do(what func(ctx context.Context, in *session) error) {
	m, s := c.m, c.m.search
	if m.now == nil {
		return
	}
	s.says, s.sought, m.seeking = "", nil, false
	in := m.session
	m.ask(false, true, func(ctx context.Context) (*Moment, error) {
		err := what(ctx, in)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		says := ""
		if err != nil {
			says = err.Error()
		}
		return in.answer(ctx, "", says)
	})
}

// Compare finds where the pictures of two branches part. What GoToParting then goes to is
// the second.
func (c Branches) Compare(a, b Branch) {
	m, s := c.m, c.m.search
	if m.now == nil {
		return
	}
	s.says, s.parting = "", nil
	in := m.session
	m.look(func(ctx context.Context) (func(), error) {
		part, err := in.in.Part(ctx, a.of, b.of)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		p := Parting{With: fmt.Sprintf("%s and %s", a.Name, b.Name), Frame: part.Frame, Equal: err == nil && len(part.Texels) == 0, in: b.of}
		switch {
		case err != nil:
			p.Says = err.Error()
		case p.Equal:
			p.Says = fmt.Sprintf("show the same up to frame %d", part.Frame)
		default:
			h := in.in.Assembly().Header
			at := part.Texels[0]
			p.Texel = &record.Texel{X: at % h.W, Y: at / h.W, A: part.A[at], B: part.B[at]}
			p.Says = fmt.Sprintf("differ first in frame %d, at texel %d, %d: %s and %s", p.Frame, p.Texel.X, p.Texel.Y, h.TexelText(p.Texel.A), h.TexelText(p.Texel.B))
		}
		return func() { s.parting, s.done, s.all = &p, 0, 0 }, nil
	})
}

// Other is the branch that the one that is gone through is compared with: the one that was
// chosen for it, or the one that it left, or the first that there is. ok is false where there
// is no other.
func (c Branches) Other() (other Branch, ok bool) {
	if c.m.now == nil {
		return other, false
	}
	all := c.m.now.Branches
	here := slices.IndexFunc(all, func(b Branch) bool { return b.Here })
	for i, b := range all {
		switch {
		case i == here:
			continue
		case b.of == c.m.overlays.other:
			return b, true
		case i < here && b.Depth == all[here].Depth-1, !ok:
			other, ok = b, true
		}
	}
	return other, ok
}

// Choose makes a branch the one that others are compared with.
func (c Branches) Choose(b Branch) { c.m.overlays.other = b.of }

// Edit begins a branch in which an edited program goes on, from the frame that begins at the
// moment that is looked at, or from the next.
func (c Branches) Edit(a *pxl.Assembly) {
	c.do(func(ctx context.Context, in *session) error {
		is, was := a.Header, in.run.Program.Header
		if is.W != was.W || is.H != was.H || is.Pixel != was.Pixel {
			return errors.New("the text has another canvas: run it from its start")
		}
		_, err := in.in.Edit(ctx, a)
		return err
	})
}

// Feed begins a branch that is given other input, as Edit does: see readInput. What it does
// not name is as the run was given it.
func (c Branches) Feed(text string) {
	c.do(func(ctx context.Context, in *session) error {
		give, err := readInput(text)
		if err != nil {
			return err
		}
		was := in.in.Branch()
		first := true
		return in.in.Feed(ctx, func(frame int) machine.Input {
			given := was.Input(frame)
			give(&given, first)
			first = false
			return given
		})
	})
}

// differsIn says in words where another run shows something else, B, than this one, A.
func differsIn(h isa.Header, frame int, t *record.Texel) string {
	return fmt.Sprintf("differs first in frame %d, at texel %d, %d: %s in place of %s", frame, t.X, t.Y, h.TexelText(t.B), h.TexelText(t.A))
}
