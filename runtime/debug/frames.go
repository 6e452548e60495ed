package debug

import (
	"cmp"
	"context"
	"fmt"
	"math"

	"gvpie/runtime/debug/expr"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
)

// What is true at the ends of frames: before the FRAME that ends one, where frame is still
// its number, or behind the last instruction. peek there is the picture that it leaves.

// Found is what a search along frames came to.
type Found struct {
	OK     bool     // it is true somewhere
	At     Position // there
	Looked int      // frames that were looked at
	Remark string   // why it could not be told of some frame, the first; "" if it always could
}

// Sample is what an expression was at the end of a frame.
type Sample struct {
	Frame int
	Value int32
	Err   error // why it was nothing; nil for none
}

// First goes to the end of the first of frames [from, to) where an expression is not 0.
// Where it fails, as by a division by zero, it counts as 0. If it is so nowhere the session
// stays. An error is that of an expression that is none, of a frame that is not there, or
// the context's; the session then stands where it did.
func (s *Session) First(ctx context.Context, text string, from, to int) (f Found, err error) {
	err = s.search(ctx, text, &f, func() error {
		return s.ends(ctx, text, from, to, func(at Position, v int32, err error) bool {
			f.take(at, v, err)
			s.tell(f.Looked, span(from, to))
			return !f.OK
		})
	})
	return f, err
}

// Last is First for the last of the frames.
func (s *Session) Last(ctx context.Context, text string, from, to int) (f Found, err error) {
	err = s.search(ctx, text, &f, func() error {
		end, err := s.known(ctx, to)
		for to := end; err == nil && to > from && !f.OK; {
			begin := max(from, s.keyframe(to-1))
			err = s.ends(ctx, text, begin, to, func(at Position, v int32, err error) bool {
				f.take(at, v, err)
				s.tell(f.Looked, span(from, end))
				return true
			})
			to = begin
		}
		return err
	})
	return f, err
}

// History is what an expression was at the ends of frames [from, to), as far as the run has
// them. The session stays. The errors are First's.
func (s *Session) History(ctx context.Context, text string, from, to int) (out []Sample, err error) {
	err = s.search(ctx, text, &Found{}, func() error {
		return s.ends(ctx, text, from, to, func(at Position, v int32, err error) bool {
			out = append(out, Sample{at.Frame, v, err})
			s.tell(len(out), span(from, to))
			return true
		})
	})
	return out, err
}

// span is how many frames there are from one to before another, 0 if that is none.
func span(from, to int) int {
	if to == math.MaxInt {
		return 0
	}
	return to - from
}

// take takes in what an expression is at the end of a frame.
func (f *Found) take(at Position, v int32, err error) {
	f.Looked++
	switch {
	case err != nil && f.Remark == "":
		f.Remark = fmt.Sprintf("frame %d: %v", at.Frame, err)
	case err == nil && v != 0:
		f.OK, f.At = true, at
	}
}

// search goes to what look finds, or stays.
func (s *Session) search(ctx context.Context, text string, f *Found, look func() error) error {
	if _, err := expr.Parse(s.Assembly(), nil, text); err != nil {
		return err
	}
	to := s.at
	s.hit, s.telling = nil, false
	err := look()
	if err == nil && f.OK {
		to = f.At
	}
	return cmp.Or(err, s.Go(context.WithoutCancel(ctx), to))
}

// known runs the frames before one, as far as the run has them, and gives how many there
// are; where that is no frame, how many have been run.
func (s *course) known(ctx context.Context, before int) (int, error) {
	b := s.branch
	if before = min(before, b.run.Frames); before < math.MaxInt && before > b.first+b.ring.End() {
		if err := s.Go(ctx, Position{Frame: before}); err != nil {
			return 0, err
		}
	}
	return min(before, b.first+b.ring.End()), nil
}

// ends visits the ends of frames [from, to) with what an expression is there, until visit
// says false.
func (s *course) ends(ctx context.Context, text string, from, to int, visit func(at Position, v int32, err error) bool) error {
	if err := s.Go(ctx, Position{Frame: from}); err != nil {
		return err
	}
	if err := s.missing(from); err != nil {
		return err
	}
	var of *pxl.Assembly
	var e *expr.Expr
	var none error
	for s.at.Frame < to && s.goesOn() {
		if a := s.Assembly(); a != of {
			of = a
			e, none = expr.Parse(a, nil, text)
			s.stopAt(s.branch.at(s.at.Frame).instructions(func(in isa.Instr) bool { return in.Spec.Op == isa.FRAME }))
		}
		var err error
		stands := s.stops[s.pc()] // it begins with a FRAME
		if !stands {
			stands, err = s.run(ctx, math.MaxUint32)
		}
		if err == nil && !stands {
			err = cmp.Or(ctx.Err(), s.finish(ctx))
		}
		if err != nil {
			return err
		}
		v, err := int32(0), none
		if e != nil {
			v, err = e.Eval(s.ended(ctx))
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if !visit(s.at, v, err) {
			return nil
		}
		if stands {
			if err := s.frame(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// missing says why a frame that was gone to is not there; nil if it is.
func (s *course) missing(frame int) error {
	switch {
	case frame < s.at.Frame:
		return fmt.Errorf("there is no frame %d: the first is frame %d", frame, s.at.Frame)
	case s.over:
		return fmt.Errorf("there is no frame %d: the last is frame %d", frame, s.at.Frame-1)
	case s.end != nil:
		return fmt.Errorf("there is no frame %d: the run ended in frame %d", frame, s.at.Frame)
	}
	return nil
}

// ended is what an expression reads at the end of a frame.
func (s *course) ended(ctx context.Context) expr.Env {
	env := s.stand().env(ctx, 0)
	env.Peek = func(x, y int32) (int32, error) {
		err := s.m.Paint(ctx)
		return machine.NewCanvasProbe(s.m).Seen(x, y), err
	}
	return env
}
