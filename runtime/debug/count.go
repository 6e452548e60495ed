package debug

import (
	"cmp"
	"context"
	"math"
)

// How often a breakpoint was hit counts from the start of the run, so that it means the
// same in both directions: what was not run through yet is, once.

// counts says whether a breakpoint asks how often.
func (all points) counts() bool {
	for _, p := range all {
		if p.hits.op != "" && len(p.addrs) > 0 {
			return true
		}
	}
	return false
}

// count counts the hits of the breakpoints before where the session stands, or there too.
func (s *Session) count(ctx context.Context, there bool) error {
	if !s.breakpoints.counts() {
		return nil
	}
	here, telling := s.at, s.telling
	s.telling = false
	defer func() { s.telling = telling }()
	from := here.Frame
	for _, p := range s.breakpoints {
		if p.hits.op != "" {
			from = min(from, s.FirstFrame()+len(p.before)-1)
		}
	}
	if err := s.Go(ctx, Position{Frame: from}); err != nil {
		return err
	}
	s.breakpoints.recount(s.at.Frame - s.FirstFrame())
	ask := s.watch(ctx, nothing, false)
	q, program := s.ask(ask), s.Assembly()
	for s.goesOn() && s.at.Before(here) {
		if at := s.at; s.stops[s.pc()] {
			q.holds()
			if q.act != nil {
				q.act()
			}
			if s.at != at {
				continue
			}
		}
		to := uint32(math.MaxUint32)
		if s.at.Frame == here.Frame {
			to = here.Cycle
		}
		stands, err := s.run(ctx, to)
		if err == nil && !stands {
			if err = cmp.Or(ctx.Err(), s.finish(ctx)); err == nil {
				s.breakpoints.counted(s.at.Frame - s.FirstFrame())
			}
		}
		if err != nil {
			return err
		}
		if s.Assembly() != program {
			q, program = s.ask(ask), s.Assembly()
		}
	}
	if there && s.stops[s.pc()] {
		q.holds()
	}
	s.hit = nil
	return nil
}

// recount begins counting at the start of a frame, the i-th that can be gone to.
func (all points) recount(i int) {
	for _, p := range all {
		if i < len(p.before) {
			p.seen = p.before[i]
		}
	}
}

// counted keeps what was counted up to the start of a frame, the i-th that can be gone to.
func (all points) counted(i int) {
	for _, p := range all {
		if p.hits.op != "" && i == len(p.before) {
			p.before = append(p.before, p.seen)
		}
	}
}
