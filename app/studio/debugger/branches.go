package debugger

import (
	"context"
	"fmt"

	"gvpie/runtime/debug"
	"gvpie/runtime/isa"
	"gvpie/runtime/record"
)

// Branch is a course of the run: it as it was, or one that left another where a value was
// changed.
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

// Compare finds where the pictures of two branches part.
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
		p := Parting{With: b.Name, Frame: part.Frame, Equal: err == nil && len(part.Texels) == 0}
		switch {
		case err != nil:
			p.Says = err.Error()
		case p.Equal:
			p.Says = fmt.Sprintf("shows the same up to frame %d", part.Frame)
		default:
			at, w := part.Texels[0], in.run.Program.Header.W
			p.Texel = &record.Texel{X: at % w, Y: at / w, A: part.A[at], B: part.B[at]}
			p.Says = differsIn(in.run.Program.Header, p.Frame, p.Texel)
		}
		return func() { s.parting, s.done, s.all = &p, 0, 0 }, nil
	})
}

// differsIn says in words where another run shows something else, B, than this one, A.
func differsIn(h isa.Header, frame int, t *record.Texel) string {
	return fmt.Sprintf("differs first in frame %d, at texel %d, %d: %s in place of %s", frame, t.X, t.Y, h.TexelText(t.B), h.TexelText(t.A))
}
