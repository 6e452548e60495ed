package why

import (
	"context"
	"fmt"

	"gvpie/runtime/debug"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// Position is a moment of a run.
type Position = debug.Position

// Past gives a run's machines as they were.
type Past interface {
	// Before gives the machine before a frame. Nobody writes to its pages. The error
	// is a context's, or an [EndedError].
	Before(ctx context.Context, frame int) (*machine.Snapshot, error)
	// After gives the machine behind a frame, or behind the last that there is, and says
	// whether the run ends there.
	After(ctx context.Context, frame int) (s *machine.Snapshot, ended bool, err error)
	// Given is what a frame is given.
	Given(frame int) (in machine.Input, budget uint32)
	// Patches are what a person gave words of the data page in a frame, in its order.
	Patches(frame int) []machine.Patch
	// Keyframe is the last frame, at most this one, that Before gives at once.
	Keyframe(frame int) int
	// First is the first frame that there is.
	First() int
}

// EndedError says that a run has no such frame: it has those from First to before End.
type EndedError struct{ Frame, First, End int }

func (e *EndedError) Error() string {
	if e.Frame < e.First {
		return fmt.Sprintf("there is no frame %d: the first is frame %d", e.Frame, e.First)
	}
	return fmt.Sprintf("there is no frame %d: the run ended in frame %d", e.Frame, e.End-1)
}

const (
	keyframeBytes = 96 << 20 // that keyframes may take
	firstSpacing  = 8        // frames between two of them, at first
)

// Rerun is the Past of a program that is run again from its start, as far as it is
// asked about.
type Rerun struct {
	given   func(frame int) (machine.Input, uint32)
	m       *machine.Machine
	at      int                       // the frame that m is before
	keys    map[int]*machine.Snapshot // by frame
	last    *machine.Snapshot         // of frame at, or nil
	spacing int
	most    int // keyframes
}

// NewRerun makes the Past of a program that begins with a seed. given is what a frame
// is given: its input, and its budget of cycles. The error wraps isa.ErrProgram.
func NewRerun(p isa.Program, seed int32, given func(frame int) (machine.Input, uint32)) (*Rerun, error) {
	m, err := machine.New(p, seed)
	if err != nil {
		return nil, err
	}
	start := m.Snapshot()
	bytes := 4 * (2*len(start.Display) + len(start.Data) + len(start.State))
	return &Rerun{
		given: given, m: m, keys: map[int]*machine.Snapshot{0: start}, last: start, spacing: firstSpacing,
		most: max(4, keyframeBytes/bytes),
	}, nil
}

// Given is what a frame is given.
func (r *Rerun) Given(frame int) (machine.Input, uint32) { return r.given(frame) }

// Patches are none: nobody changes a program that is run again.
func (r *Rerun) Patches(int) []machine.Patch { return nil }

// First is the first frame there is.
func (r *Rerun) First() int { return 0 }

// Keyframe is the last keyframe that is not behind a frame.
func (r *Rerun) Keyframe(frame int) int {
	for key := frame - frame%r.spacing; key > 0; key -= r.spacing {
		if r.keys[key] != nil {
			return key
		}
	}
	return 0
}

// Before gives the machine before a frame.
func (r *Rerun) Before(ctx context.Context, frame int) (*machine.Snapshot, error) {
	if frame < 0 {
		return nil, &EndedError{Frame: frame}
	}
	if s := r.keys[frame]; s != nil && frame < r.at {
		return s, nil
	}
	if err := r.goTo(ctx, frame); err != nil {
		return nil, err
	}
	if r.ended() {
		return nil, &EndedError{Frame: frame, End: r.at}
	}
	return r.snapshot(), nil
}

// After gives the machine behind a frame, or behind the last that there is, and says
// whether the run has ended there.
func (r *Rerun) After(ctx context.Context, frame int) (s *machine.Snapshot, ended bool, err error) {
	if err := r.goTo(ctx, frame+1); err != nil {
		return nil, false, err
	}
	return r.snapshot(), r.ended(), nil
}

func (r *Rerun) ended() bool {
	s := isa.Status(r.m.Page(machine.StatePage)[isa.StStatus])
	return s == isa.Halted || s == isa.Faulted
}

func (r *Rerun) snapshot() *machine.Snapshot {
	if r.last == nil {
		r.last = r.m.Snapshot()
	}
	return r.last
}

// goTo runs to before a frame, or to the run's end.
func (r *Rerun) goTo(ctx context.Context, frame int) error {
	if key := r.Keyframe(frame); r.at > frame || r.at < key {
		if err := r.m.Restore(r.keys[key]); err != nil {
			return err
		}
		r.at, r.last = key, r.keys[key]
	}
	for r.at < frame && !r.ended() {
		in, budget := r.given(r.at)
		if _, err := r.m.Frame(ctx, in, budget); err != nil {
			return err
		}
		r.at, r.last = r.at+1, nil
		if r.at%r.spacing == 0 {
			r.keep()
		}
	}
	return nil
}

// keep makes the machine a keyframe. Where there are too many, every second is given up.
func (r *Rerun) keep() {
	if r.keys[r.at] != nil {
		return
	}
	r.keys[r.at] = r.snapshot()
	if len(r.keys) <= r.most {
		return
	}
	r.spacing *= 2
	for at := range r.keys {
		if at%r.spacing != 0 {
			delete(r.keys, at)
		}
	}
}
