package debug

import (
	"context"
	"math"
	"slices"

	"gvpie/runtime/isa"
)

// Whole gives the commands of the whole frame that the session stands in, and its cycles.
// The session stays. The errors are the context's.
func (s *Session) Whole(ctx context.Context) (commands []isa.Command, cycles uint32, err error) {
	if s.end != nil || s.over {
		return slices.Clone(s.m.Commands()), s.at.Cycle, nil
	}
	here := s.at
	s.stopAt(nil)
	if _, err := s.run(ctx, math.MaxUint32); err != nil {
		return nil, 0, err
	}
	commands, cycles = slices.Clone(s.m.Commands()), s.at.Cycle
	s.enter()
	return commands, cycles, s.Go(ctx, here)
}
