package worker

import (
	"context"
	"slices"
	"time"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// journal is what it takes to make a machine again: where it began, and every
// frame since. Engines give the same bits, so frames replayed anywhere end in
// the same machine.
//
// It begins with a Load, for nothing, or at a snapshot taken before a frame:
// so the last frame is in it, whose commands no snapshot holds.
type journal struct {
	program isa.Program
	seed    int32
	base    *machine.Snapshot // nil: begins with Load of program and seed
	frames  []entry
	partial bool // frames are missing: the machine is on the CPU and needs none
	began   time.Time
	cost    time.Duration // of the last snapshot
}

// entry is one frame: what went in, and what is compared when it is replayed.
type entry struct {
	input  machine.Input
	budget uint32
	status isa.Status
	cycles uint32
}

const (
	// refreshAge is how much of the past is replayed at most, in time.
	refreshAge = time.Second
	// refreshShare: a snapshot is taken when what it costs is at most one part
	// in so many of the time since the last,
	refreshShare = 50
	// refreshFrames is when it is taken whatever it costs.
	refreshFrames = 3600
)

// loaded is the journal of a machine that has just been loaded.
func loaded(p isa.Program, seed int32, now time.Time) *journal {
	return &journal{program: slices.Clone(p), seed: seed, began: now}
}

// restored is the journal of a machine made equal to s, which it keeps.
func restored(s *machine.Snapshot, now time.Time) *journal {
	return &journal{program: s.Program, base: s, began: now}
}

// rebase begins the journal anew at s, taken before the next frame.
func (j *journal) rebase(s *machine.Snapshot, now time.Time) {
	j.base, j.frames, j.partial, j.began = s, j.frames[:0], false, now
}

// due says whether a snapshot before the next frame is worth its cost.
func (j *journal) due(now time.Time) bool {
	age := now.Sub(j.began)
	return len(j.frames) > 0 && (len(j.frames) >= refreshFrames || age >= refreshAge && age >= refreshShare*j.cost)
}

// add records a frame that was run.
func (j *journal) add(in machine.Input, budget uint32, r machine.Report) {
	j.frames = append(j.frames, entry{in, budget, r.Status, r.Cycles})
}

// Of a machine on the CPU only a short past is kept, with which a program that
// ends soon can go to the GPU after its end.
const (
	shortFrames = 8
	shortCycles = 100_000
)

// addShort records a frame that was run on the CPU.
func (j *journal) addShort(in machine.Input, budget uint32, r machine.Report) {
	if j.partial || len(j.frames) >= shortFrames {
		j.partial, j.frames = true, nil
		return
	}
	j.add(in, budget, r)
}

// short says whether all frames are there and soon run again.
func (j *journal) short() bool {
	cycles := uint64(0)
	for _, f := range j.frames {
		cycles += uint64(f.cycles)
	}
	return !j.partial && len(j.frames) <= shortFrames && cycles <= shortCycles
}

// player is where a journal is replayed: an engine, or a machine in a worker.
type player interface {
	Load(ctx context.Context, p isa.Program, seed int32) error
	Restore(ctx context.Context, s *machine.Snapshot) error
	Frame(ctx context.Context, in machine.Input, budget uint32) (machine.Report, error)
}

// replay makes the machine in c. Frames that end otherwise than they did are
// told to differ, and no error.
func (j *journal) replay(ctx context.Context, c player, differ func(entry, machine.Report)) error {
	err := ctx.Err()
	switch {
	case err != nil:
	case j.base != nil:
		err = c.Restore(ctx, j.base)
	default:
		err = c.Load(ctx, j.program, j.seed)
	}
	for i := 0; err == nil && i < len(j.frames); i++ {
		var r machine.Report
		f := j.frames[i]
		if r, err = c.Frame(ctx, f.input, f.budget); err == nil && (r.Status != f.status || r.Cycles != f.cycles) {
			differ(f, r)
		}
	}
	return err
}

// cloneSnapshot copies s, which is its giver's.
func cloneSnapshot(s *machine.Snapshot) *machine.Snapshot {
	c := *s
	for _, page := range snapshotPages(&c) {
		*page = slices.Clone(*page)
	}
	return &c
}

// snapshotEnded says whether the machine in s has come to its end.
func snapshotEnded(s *machine.Snapshot) bool {
	if len(s.State) <= isa.StStatus {
		return false
	}
	st := isa.Status(s.State[isa.StStatus])
	return st == isa.Halted || st == isa.Faulted
}

// strikes are the times a worker ended during a machine's calls.
type strikes struct {
	program isa.Program
	count   int
	last    time.Time
}

// strikesToStay is how many times in a row a worker may end during a program's
// calls until the program stays on the CPU.
const strikesToStay = 3

// add counts one against p. Those of another program, or of longer than healthy
// ago, are forgotten.
func (s *strikes) add(p isa.Program, now time.Time, healthy time.Duration) {
	if !slices.Equal(s.program, p) || now.Sub(s.last) >= healthy {
		*s = strikes{program: slices.Clone(p)}
	}
	s.count++
	s.last = now
}

// out says whether p stays on the CPU.
func (s *strikes) out(p isa.Program) bool {
	return s.count >= strikesToStay && slices.Equal(s.program, p)
}
