package why

import (
	"context"

	"gvpie/runtime/debug"
	"gvpie/runtime/machine"
)

// Branch is the Past of a branch of a session, as far as it runs one program.
type Branch struct{ *debug.Past }

// Before gives the machine before a frame.
func (b Branch) Before(ctx context.Context, frame int) (*machine.Snapshot, error) {
	if frame < b.First() || frame >= b.Frames() {
		return nil, &EndedError{frame, b.First(), b.Frames()}
	}
	s, ended, err := b.At(ctx, frame)
	if ended {
		return nil, &EndedError{frame, b.First(), b.End()}
	}
	return s, err
}

// After gives the machine behind a frame, or behind the last that there is, and says
// whether the branch ends there.
func (b Branch) After(ctx context.Context, frame int) (s *machine.Snapshot, ended bool, err error) {
	s, ended, err = b.At(ctx, frame+1)
	return s, ended || frame+1 >= b.Frames(), err
}
