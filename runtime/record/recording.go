package record

import (
	"context"
	"crypto/sha256"
	"image"
	"slices"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// Recording is a run to be kept: with what it takes to make it again anywhere, and the
// hashes of pictures by which is known that it came out the same. Frames are counted
// from 0, the first that it has. See [Read] for its file.
type Recording struct {
	Name    string            // of the program's file, "" where it had none
	Source  string            // its text, with the files that it includes behind it, as pxl.Bundle gives it; "" when lost
	Program isa.Program       // what ran; nil when lost
	Seed    int32             // what it was loaded with, unless it began at Start
	Start   *machine.Snapshot // the machine before frame 0; nil: the run began with a load
	Frames  Frames
	Hashes  []Hash // rising; the last frame has one
	Marks   []Mark
}

// Hash is the hashes of the picture that a frame left: of the display page's bytes, as
// machine.Bytes has them, and of the human texture's.
type Hash struct {
	Frame          int
	Machine, Human [sha256.Size]byte
}

// Mark is a moment of a run that somebody wants to find again.
type Mark struct {
	Frame int    `json:"frame"`
	Cycle uint32 `json:"cycle"` // of the frame; 0: before it
	Name  string `json:"name,omitempty"`
	Note  string `json:"note,omitempty"`
}

// Screen is a player whose pictures can be read. Every engine is one.
type Screen interface {
	Player
	Read(ctx context.Context, page machine.Page) ([]uint32, error)
	Human(ctx context.Context) (*image.RGBA, error)
	Snapshot(ctx context.Context) (*machine.Snapshot, error)
}

// hashOf is the hash of the picture that a frame has just left.
func hashOf(ctx context.Context, s Screen, frame int) (h Hash, err error) {
	display, err := s.Read(ctx, machine.DisplayPage)
	if err != nil {
		return h, err
	}
	human, err := s.Human(ctx)
	if err != nil {
		return h, err
	}
	return Hash{frame, sha256.Sum256(machine.Bytes(display)), sha256.Sum256(human.Pix)}, nil
}

// maxHashes is how many pictures of a run are hashed, or a few more: each where there
// are not more, else one every so many frames.
const maxHashes = 256

// Begin makes in s the machine that the run began with.
func (r *Recording) Begin(ctx context.Context, s Player) error {
	if r.Start != nil {
		return s.Restore(ctx, r.Start)
	}
	return s.Load(ctx, r.Program, r.Seed)
}

// Run runs the program in s for so many frames, or to its end, as the recording. What
// it has before is its name, its program, and what that begins with. Where ctx ends the
// recording is of the frames until then.
func (r *Recording) Run(ctx context.Context, s Screen, frames int, budget uint32, inputAt func(frame int) machine.Input) (last machine.Report, err error) {
	if err := r.Begin(ctx, s); err != nil {
		return last, err
	}
	every := (frames + maxHashes - 1) / maxHashes
	for i := range frames {
		in := inputAt(i)
		report, err := s.Frame(ctx, in, budget)
		if err != nil {
			return last, r.hashLast(ctx, s, err)
		}
		last = report
		r.Frames.Append(Frame{in, budget, report.Status, report.Cycles})
		if report.Status != isa.Framed {
			break
		}
		if (i+1)%every == 0 {
			h, err := hashOf(ctx, s, i)
			if err != nil {
				return last, r.hashLast(ctx, s, err)
			}
			r.Hashes = append(r.Hashes, h)
		}
	}
	return last, r.hashLast(ctx, s, nil)
}

// hashLast sees to it that the last frame has a hash, also where ctx has ended with an
// error, which it gives.
func (r *Recording) hashLast(ctx context.Context, s Screen, cut error) error {
	last := r.Frames.Len() - 1
	if n := len(r.Hashes); last < 0 || n > 0 && r.Hashes[n-1].Frame == last || cut != nil && ctx.Err() == nil {
		return cut
	}
	h, err := hashOf(context.WithoutCancel(ctx), s, last)
	if err != nil {
		return err
	}
	r.Hashes = append(r.Hashes, h)
	return cut
}

// Ring is the recording as a ring of that many bytes. The two share what neither
// writes to.
func (r *Recording) Ring(memory int) *Ring {
	ring := NewRing(r.Program, r.Seed, memory)
	if r.Start != nil {
		ring = NewRingAt(r.Start, memory)
	}
	ring.frames = r.Frames.Until(r.Frames.Len())
	return ring
}

// Recording is the frames that the ring holds as a recording, without name, source and
// marks. Its first frame is frame First() of the ring. Pictures of which there are
// keyframes are hashed, and the last, for which what is since the last keyframe is run
// again. It takes long, and is for a [Ring.Fork].
func (r *Ring) Recording(ctx context.Context) (*Recording, error) {
	rec := &Recording{Program: r.program, Seed: r.seed}
	if !r.loaded {
		_, rec.Start = r.Before(r.first)
	}
	r.From(r.first, func(_ int, f Frame) bool {
		rec.Frames.Append(f)
		return true
	})
	m := &reference{}
	every := (len(r.keys.all) + maxHashes - 1) / maxHashes
	for n, k := range r.keys.all {
		if k.at == r.first || k.at >= r.End() || n%every != 0 {
			continue
		}
		if err := m.Restore(ctx, k.s); err != nil {
			return nil, err
		}
		h, err := hashOf(ctx, m, k.at-1-r.first)
		if err != nil {
			return nil, err
		}
		rec.Hashes = append(rec.Hashes, h)
	}
	if r.End() == r.first {
		return rec, nil
	}
	if err := r.replayTo(ctx, m, r.End()); err != nil {
		return nil, err
	}
	return rec, rec.hashLast(ctx, m, nil)
}

// replayTo makes in p the machine before frame i, from the nearest keyframe.
func (r *Ring) replayTo(ctx context.Context, p Player, i int) error {
	at, s := r.Before(i)
	var err error
	if s != nil {
		err = p.Restore(ctx, s)
	} else {
		err = p.Load(ctx, r.program, r.seed)
	}
	for ; err == nil && at < i; at++ {
		f := r.Frame(at)
		_, err = p.Frame(ctx, f.Input, f.Budget)
	}
	return err
}

// reference is the reference machine as a screen.
type reference struct{ m *machine.Machine }

func (s *reference) Load(_ context.Context, p isa.Program, seed int32) (err error) {
	s.m, err = machine.New(p, seed)
	return err
}

func (s *reference) Restore(_ context.Context, from *machine.Snapshot) (err error) {
	if s.m != nil {
		return s.m.Restore(from)
	}
	s.m, err = machine.FromSnapshot(from)
	return err
}

func (s *reference) Frame(ctx context.Context, in machine.Input, budget uint32) (machine.Report, error) {
	return s.m.Frame(ctx, in, budget)
}

func (s *reference) Read(_ context.Context, page machine.Page) ([]uint32, error) {
	return slices.Clone(s.m.Page(page)), nil
}

func (s *reference) Human(context.Context) (*image.RGBA, error) { return s.m.Human(), nil }

func (s *reference) Snapshot(context.Context) (*machine.Snapshot, error) { return s.m.Snapshot(), nil }
