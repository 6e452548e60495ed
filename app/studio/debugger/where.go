package debugger

import (
	"context"
	"fmt"
	"path/filepath"

	"gvpie/runtime/debug"
	"gvpie/runtime/record"
)

// Where goes to the end of the first frame, or of the last, where an expression is not 0.
func (s *Search) Where(expression string, last bool) {
	m := s.m
	if m.now == nil {
		return
	}
	s.says, s.sought, m.seeking = "", nil, false
	in := m.session
	m.ask(false, true, func(ctx context.Context) (*Moment, error) { return in.where(ctx, expression, last) })
}

func (s *session) where(ctx context.Context, expression string, last bool) (*Moment, error) {
	find, which := s.in.First, "first"
	if last {
		find, which = s.in.Last, "last"
	}
	f, err := find(ctx, expression, s.run.Frames.First(), s.run.Frames.End())
	says := ""
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		says = err.Error()
	case !f.OK:
		says = fmt.Sprintf("in none of %d frames", f.Looked)
		if f.Remark != "" {
			says += "; " + f.Remark
		}
	}
	return s.answer(ctx, fmt.Sprintf("%s frame where %s", which, expression), says)
}

// Parting is where the run and a recording part, or two branches.
type Parting struct {
	With  string // the file's name, or those of the branches
	Says  string
	Equal bool
	Frame int           // the first whose pictures differ, or that only one has
	Texel *record.Texel // the first that differs in it; nil: none can be named

	in *debug.Branch // that is gone to; nil: the one that is gone through
}

// Parting is what came of Compare last; nil: nothing yet.
func (s *Search) Parting() *Parting { return s.parting }

// Compare finds where the pictures of the run and of a recording part.
func (s *Search) Compare(path string) {
	m := s.m
	if m.now == nil {
		return
	}
	s.says, s.parting = "", nil
	in, told := m.session, s.told(m.cfg.Post)
	m.look(func(ctx context.Context) (func(), error) {
		p, err := in.compare(ctx, path, told)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			p = Parting{With: filepath.Base(path), Says: err.Error(), Frame: -1}
		}
		return func() { s.parting, s.done, s.all = &p, 0, 0 }, nil
	})
}

func (s *session) compare(ctx context.Context, path string, told func(done, all int)) (p Parting, err error) {
	p.With = filepath.Base(path)
	other, _, err := debug.OpenRecording(path)
	if other == nil || other.Program == nil {
		return p, err
	}
	run, err := s.run.Frames.Fork(s.run.Frames.End()).Recording(ctx)
	if err != nil {
		return p, err
	}
	frames := min(run.Frames.Len(), other.Frames.Len())
	c, err := record.Compare(ctx, run, other, func(n int) { told(n, frames) })
	if err != nil {
		return p, err
	}
	p.Equal, p.Frame, p.Texel = c.Equal, s.run.Frames.First()+c.Frame, c.At
	switch {
	case c.Equal:
		p.Says = fmt.Sprintf("shows the same in all %d frames", frames)
	case c.At != nil:
		p.Says = differsIn(s.run.Program.Header, p.Frame, c.At)
	case c.Frame >= frames:
		p.Says = fmt.Sprintf("shows the same in %d frames, and one of the two ends there", frames)
	default:
		p.Says = "has a canvas of another size or kind"
	}
	return p, nil
}

// GoToParting goes behind the frame in which the two part, and asks who drew the texel.
func (s *Search) GoToParting() {
	p := s.parting
	if p == nil || p.Equal || p.Texel == nil {
		return
	}
	s.m.seekIn(p.in, Position{Frame: p.Frame + 1}, "where they part: "+p.With)
	s.m.who = &Drawing{X: p.Texel.X, Y: p.Texel.Y, Frame: -1}
	s.m.findWho(p.Frame)
}
