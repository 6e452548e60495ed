package debug

import (
	"cmp"
	"context"
	"math"
)

// query is what a position is looked for by: the next instruction is at one of some
// addresses, and something holds.
type query struct {
	addrs []int
	holds func() bool // nil: always
	act   func() bool // executes an instruction if it may do what is asked for, and says whether it did
	whole bool        // frames are looked through from their start on
}

// asking makes the query of the program that runs where the session stands: a branch may
// have another than the run that it left.
type asking func() query

// ask has the machine stop where what is asked for may be.
func (s *course) ask(a asking) query {
	q := a()
	s.stopAt(q.addrs)
	return q
}

// check says whether what is asked for is so here, or comes by an instruction; here says
// that this position is not asked about itself.
func (s *course) check(q query, here bool) bool {
	for ; s.stops[s.pc()]; here = false {
		if !here && (q.holds == nil || q.holds()) {
			return true
		}
		if q.act == nil {
			return false
		}
		at := s.at
		if q.act() {
			return true
		}
		if s.at == at {
			return false
		}
	}
	return false
}

// ahead goes to the next position behind this one that is asked for, and says whether
// there is one before the start of a frame, or there. If not it stands there, or at the
// end of the run.
func (s *Session) ahead(ctx context.Context, a asking, until int) (found bool, err error) {
	q := s.ask(a)
	if s.check(q, true) {
		return true, nil
	}
	for from := s.at.Frame; s.goesOn() && s.at.Frame < until; {
		program := s.Assembly()
		stands, err := s.run(ctx, math.MaxUint32)
		if err == nil && !stands {
			if err = cmp.Or(ctx.Err(), s.finish(ctx)); err == nil {
				s.breakpoints.counted(s.at.Frame - s.FirstFrame())
				s.tell(s.at.Frame-from, 0)
			}
		}
		if err != nil {
			return false, err
		}
		if s.Assembly() != program {
			q = s.ask(a)
		}
		if s.goesOn() && s.check(q, false) {
			return true, nil
		}
	}
	return false, nil
}

// back goes to the last position before this one that is asked for, in the frame given
// or behind it, and says whether there is one. If not it stands at the start of that
// frame. Most are near: this frame and the one before are looked through from their end,
// and what is before those once, from keyframe to keyframe.
func (s *Session) back(ctx context.Context, a asking, first int) (found bool, err error) {
	here := s.at
	end := here
	for near := 2; ; near-- {
		if found, err := s.lastIn(ctx, a, end); found || err != nil {
			return found, err
		}
		if end.Frame == first {
			return false, s.Go(ctx, Position{Frame: first})
		}
		if near == 1 {
			break
		}
		end.Frame--
		if end.Cycle, err = s.length(ctx, end.Frame); err != nil {
			return false, err
		}
	}
	for to := end.Frame; to > first; {
		from := max(first, s.keyframe(to-1))
		s.tell(here.Frame-to, here.Frame-first)
		if err := s.Go(ctx, Position{Frame: from}); err != nil {
			return false, err
		}
		if found, err := s.sweep(ctx, a(), Position{Frame: from}, Position{Frame: to}); found || err != nil {
			return found, err
		}
		to = from
	}
	return false, s.Go(ctx, Position{Frame: first})
}

// keyframe is the last frame at a frame or before it, of the same branch, that can be gone
// to at once.
func (s *course) keyframe(frame int) int {
	b := s.branch.at(frame)
	at, _ := b.ring.Before(frame - b.first)
	return b.first + at
}

// length is how many cycles a frame took.
func (s *course) length(ctx context.Context, frame int) (uint32, error) {
	if n := s.branch.at(frame).cycles(frame); n > 0 {
		return n, nil
	}
	if err := s.Go(ctx, Position{Frame: frame + 1}); err != nil {
		return 0, err
	}
	return s.branch.at(frame).cycles(frame), nil
}

// window is how many cycles are looked through first, backwards.
const window = 256

// lastIn goes to the last position asked for in the frame of end, before that. Most are
// near: a frame is looked through from its end, in windows that grow.
func (s *Session) lastIn(ctx context.Context, a asking, end Position) (found bool, err error) {
	for size := uint32(window); end.Cycle > 0; size *= 8 {
		begin := Position{Frame: end.Frame}
		if err := s.Go(ctx, begin); err != nil {
			return false, err
		}
		q := a()
		if size < end.Cycle && !q.whole {
			begin.Cycle = end.Cycle - size
		}
		if found, err := s.sweep(ctx, q, begin, end); found || err != nil {
			return found, err
		}
		end = begin
	}
	return false, nil
}

// sweep goes to the last position asked for from begin on, before end, and says whether
// there is one.
func (s *Session) sweep(ctx context.Context, q query, begin, end Position) (found bool, err error) {
	if err := s.Go(ctx, begin); err != nil {
		return false, err
	}
	s.stopAt(q.addrs)
	if q.whole {
		s.breakpoints.recount(s.at.Frame - s.FirstFrame())
	}
	var last Position
	var hit []*Placed
	note := func(is bool) {
		if is && s.at.Before(end) {
			found, last, hit = true, s.at, s.hit
		}
	}
	for s.goesOn() && s.at.Before(end) {
		if s.stops[s.pc()] {
			note(q.holds == nil || q.holds())
			if at := s.at; q.act != nil {
				if note(q.act()); s.at != at {
					continue
				}
			}
		}
		to := uint32(math.MaxUint32)
		if s.at.Frame == end.Frame {
			to = end.Cycle
		}
		stands, err := s.run(ctx, to)
		if err == nil && !stands {
			if s.at.Frame == end.Frame {
				break
			}
			if err = cmp.Or(ctx.Err(), s.finish(ctx)); err == nil {
				s.breakpoints.counted(s.at.Frame - s.FirstFrame())
			}
		}
		if err != nil {
			return false, err
		}
	}
	if found {
		err := s.Go(ctx, last)
		s.hit = hit
		return true, err
	}
	return false, nil
}
