// Package record keeps what it takes to make a machine again, and makes it.
//
// Machines are deterministic to the bit, so a run is where it began and what
// every frame was given since; replayed anywhere it ends in the same machine.
// That brings back a machine whose processor was lost, and takes one to another
// processor with the commands of its last frame, which no snapshot holds.
//
// A [Log] does that for an engine. A [Ring] is a run that goes on and can be gone back
// in, a [Recording] one that is kept, in a file that says when it is not whole.
//
// The package runs nothing by itself, knows no engine (a [Player] is all it asks
// for; what it runs on the reference it is asked to), and has no clock: what frames and
// keyframes cost is its user's to say. Start reading at [Ring], then [Recording].
package record

import (
	"context"
	"slices"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// Player is where a log is replayed: a machine that can be begun and run. Every
// engine is one. What the calls mean is told at engine.Engine.
type Player interface {
	Load(ctx context.Context, p isa.Program, seed int32) error
	Restore(ctx context.Context, s *machine.Snapshot) error
	Frame(ctx context.Context, in machine.Input, budget uint32) (machine.Report, error)
}

// Frame is one frame of a run: what it was given, and how it ended, by which a
// replay is checked.
type Frame struct {
	Input  machine.Input
	Budget uint32
	Status isa.Status
	Cycles uint32
}

// Log is a run from its beginning, or from a keyframe, to now. It is not safe
// for use by several goroutines.
type Log struct {
	program  isa.Program
	seed     int32
	keyframe *machine.Snapshot // nil: the log begins with a load of program and seed
	frames   []Frame           // since then
	cycles   uint64            // of frames
	gap      bool              // frames are missing
}

// Loaded is the log of a machine that has just been loaded.
func Loaded(p isa.Program, seed int32) *Log {
	return &Log{program: slices.Clone(p), seed: seed}
}

// Restored is the log of a machine that has just been made equal to s. Nobody
// writes to its pages, but s stays its giver's, who may put others in it.
func Restored(s *machine.Snapshot) *Log {
	keyframe := *s
	return &Log{program: s.Program, keyframe: &keyframe}
}

// Program is the program that runs. It is not to be changed.
func (l *Log) Program() isa.Program { return l.program }

// Append records the frame that was just run.
func (l *Log) Append(in machine.Input, budget uint32, r machine.Report) {
	if l.gap {
		return
	}
	l.frames = append(l.frames, Frame{in, budget, r.Status, r.Cycles})
	l.cycles += uint64(r.Cycles)
}

// Keyframe begins the log anew at s, the machine before the next frame.
//
// A snapshot does not hold the commands of the frame before it. So one is taken
// when the next frame is about to run, not when the last one has ended.
func (l *Log) Keyframe(s *machine.Snapshot) {
	l.keyframe, l.frames, l.cycles, l.gap = s, l.frames[:0], 0, false
}

// Forget gives the past up. Until the next keyframe nothing is recorded, and the
// log cannot be replayed.
func (l *Log) Forget() {
	l.keyframe, l.frames, l.cycles, l.gap = nil, nil, 0, true
}

// Len is how many frames a replay runs.
func (l *Log) Len() int { return len(l.frames) }

// Within says whether the log can be replayed, and in no more than so many
// frames and cycles: short enough to be run again elsewhere unnoticed.
func (l *Log) Within(frames int, cycles uint64) bool {
	return !l.gap && len(l.frames) <= frames && l.cycles <= cycles
}

// Replay makes the machine again in p. A frame that ends otherwise than it did
// is told to diverged, and is no error: engines that do not agree are a fault of
// an engine, with which a run still goes on.
func (l *Log) Replay(ctx context.Context, p Player, diverged func(was Frame, is machine.Report)) error {
	err := ctx.Err()
	switch {
	case err != nil:
	case l.keyframe != nil:
		err = p.Restore(ctx, l.keyframe)
	default:
		err = p.Load(ctx, l.program, l.seed)
	}
	for i := 0; err == nil && i < len(l.frames); i++ {
		var r machine.Report
		f := l.frames[i]
		if r, err = p.Frame(ctx, f.Input, f.Budget); err == nil && (r.Status != f.Status || r.Cycles != f.Cycles) {
			diverged(f, r)
		}
	}
	return err
}
