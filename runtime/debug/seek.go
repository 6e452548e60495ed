package debug

import (
	"cmp"
	"context"
)

// Seek goes to where a breakpoint would stop next, or last: to a line, behind what writes
// a texel, behind what changes a variable. Other breakpoints are not looked at. Where
// there is none before the start of a frame, until, forwards it goes there, or to the end of
// the run, and backwards it stays. An error
// is that of a breakpoint that is nowhere, or the context's; the session then stands
// where it did.
func (s *Session) Seek(ctx context.Context, p Breakpoint, back bool, until int) (Reason, error) {
	if err := s.Check(p); err != nil {
		return Stepped, err
	}
	here, others := s.at, s.breakpoints
	s.SetBreakpoints([]Breakpoint{p})
	defer func() { s.breakpoints, s.hit = others, nil }()
	var reason Reason
	var err error
	if back {
		reason, err = s.ContinueBack(ctx)
	} else {
		reason, err = s.Continue(ctx, until)
	}
	if err != nil || reason == Started {
		err = cmp.Or(err, s.Go(context.WithoutCancel(ctx), here))
	}
	return reason, err
}
