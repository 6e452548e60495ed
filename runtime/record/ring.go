package record

import (
	"sort"
	"time"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// DefaultMemory is how many bytes a [Ring] holds at most where nothing else is said.
const DefaultMemory = 96 << 20

// Ring is a run that can be gone back in: what each of its frames was given, and
// keyframes from which few frames have to be run again. It holds no more than so many
// bytes: then keyframes are given up where they are dense for their age, and where what
// the frames were given takes too much, the oldest frames.
//
// Frames are counted from 0, the first after the load or the keyframe that the run
// began with, and keep their numbers when older ones are dropped. A keyframe at i is
// the machine before frame i.
//
// A Ring is not safe for use by several goroutines: another one gets a [Ring.Fork].
type Ring struct {
	program isa.Program
	seed    int32
	loaded  bool   // it begins with a load, else with the first keyframe
	first   int    // the first frame that is held
	frames  Frames // from at most first on
	keys    keyframes
	cost    time.Duration // of all frames since the beginning
	paced   time.Duration // they lasted since the last keyframe, on the screen
	memory  int
}

const (
	// keyframeWithin is what running frames again from a keyframe is to take at most,
	keyframeWithin = 20 * time.Millisecond
	// keyframeShare: a snapshot may take one part in so many of the time since the last,
	keyframeShare = 20
	// keyframeFrames is how many frames there are at most between two.
	keyframeFrames = 3600
	// frameTime is how long a frame of a running program lasts at least.
	frameTime = time.Second / 60
	// framesShare: what frames were given takes one part in so many of the memory.
	framesShare = 8
)

// NewRing is the ring of a machine that has just been loaded. memory is a bound in
// bytes, such as DefaultMemory. Nobody writes to the program any more.
func NewRing(p isa.Program, seed int32, memory int) *Ring {
	return &Ring{program: p, seed: seed, loaded: true, memory: memory}
}

// NewRingAt is the ring of a machine that has just been made equal to s, as by an edit.
// Nobody writes to s any more.
func NewRingAt(s *machine.Snapshot, memory int) *Ring {
	r := &Ring{program: s.Program, memory: memory}
	r.keys.add(0, s, 0)
	return r
}

// Limit changes how many bytes the ring holds at most, and gives up what is over it.
func (r *Ring) Limit(memory int) {
	r.memory = memory
	if r.frames.bytes > r.memory/framesShare {
		r.dropOldest()
	}
	r.thin()
}

// Program is the program that runs. It is not to be changed.
func (r *Ring) Program() isa.Program { return r.program }

// Seed is what the run began with; 0 where that was a keyframe.
func (r *Ring) Seed() int32 { return r.seed }

// First is the first frame that can be gone back to, and End how many frames have been
// run: the next one's number.
func (r *Ring) First() int { return r.first }
func (r *Ring) End() int   { return max(r.first, r.frames.Len()) }

// Frame is what frame i was given and how it ended, First() ≤ i < End().
func (r *Ring) Frame(i int) Frame { return r.frames.At(i) }

// From gives frame i and those after it, until yield says false.
func (r *Ring) From(i int, yield func(i int, f Frame) bool) { r.frames.From(max(i, r.first), yield) }

// Append records the frame that was just run. took is what running it took, or would
// take where it is run again.
func (r *Ring) Append(in machine.Input, budget uint32, rep machine.Report, took time.Duration) {
	r.frames.Append(Frame{in, budget, rep.Status, rep.Cycles})
	r.cost += took
	r.paced += max(took, frameTime)
	if r.frames.bytes > r.memory/framesShare {
		r.dropOldest()
	}
}

// Due says whether a keyframe is worth taking before the next frame.
func (r *Ring) Due() bool {
	at, cost, snapshot := 0, time.Duration(0), time.Duration(0)
	if last := r.keys.last(); last != nil {
		at, cost, snapshot = last.at, last.cost, last.took
	}
	n := r.End() - at
	switch {
	case n == 0:
		return false
	case n >= keyframeFrames:
		return true
	}
	next := (r.cost - cost) / time.Duration(n) // as the frames before it
	return r.cost-cost+next > keyframeWithin && r.paced >= keyframeShare*snapshot
}

// Keyframe keeps s, the machine before the next frame; took is what making it took.
// Nobody writes to s any more.
func (r *Ring) Keyframe(s *machine.Snapshot, took time.Duration) {
	k := r.keys.add(r.End(), s, r.cost)
	k.took, r.paced = took, 0
	r.thin()
}

// Put keeps s, the machine before frame i, First() ≤ i ≤ End(): for who has run frames
// again. It may not be kept where keyframes are dense. Nobody writes to s any more.
func (r *Ring) Put(i int, s *machine.Snapshot) {
	if i == 0 && r.loaded {
		return // the load gives it
	}
	r.keys.add(i, s, r.keys.costAt(i, r.End(), r.cost))
	r.thin()
}

// thin gives up keyframes where there is no room for all.
func (r *Ring) thin() {
	needed := 1
	if r.loaded {
		needed = 0
	}
	r.keys.thin(r.memory-r.frames.bytes, r.End(), needed)
}

// Before is the last keyframe at i or before. Where s is nil the run began with a load
// of the program with the seed, at 0. i is not below First().
func (r *Ring) Before(i int) (at int, s *machine.Snapshot) {
	if n := r.keys.after(i); n > 0 {
		return r.keys.all[n-1].at, r.keys.all[n-1].s
	}
	return 0, nil
}

// Keyframes are the frames that there is a keyframe before, rising.
func (r *Ring) Keyframes() []int {
	all := make([]int, len(r.keys.all))
	for i := range all {
		all[i] = r.keys.all[i].at
	}
	return all
}

// Bytes is what the ring holds, pages that keyframes share counted once.
func (r *Ring) Bytes() int { return r.frames.bytes + r.keys.bytes }

// Fork is the ring of the same run up to before frame i, First() ≤ i ≤ End(), for
// another goroutine or to go on otherwise. The two share what neither writes to.
func (r *Ring) Fork(i int) *Ring {
	fork := *r
	fork.frames = r.frames.Until(i)
	fork.keys = r.keys.until(i)
	fork.cost = r.keys.costAt(i, r.End(), r.cost)
	return &fork
}

// Grow takes in what a ring of the same run has that has gone on. It says whether it could:
// not where that one has dropped frames that this one does not have.
func (r *Ring) Grow(by *Ring) bool {
	end := r.End()
	if by.First() > end || by.End() < end {
		return false
	}
	by.From(end, func(_ int, f Frame) bool {
		r.frames.Append(f)
		return true
	})
	r.cost, r.paced = max(r.cost, by.cost), by.paced
	for _, k := range by.keys.all[by.keys.after(end):] {
		r.keys.add(k.at, k.s, k.cost).took = k.took
	}
	r.Limit(r.memory)
	return true
}

// dropOldest gives up frames, so that those that are left take half of what they may.
// The run then begins with a keyframe.
func (r *Ring) dropOldest() {
	for r.frames.bytes > r.memory/framesShare/2 {
		n := sort.Search(len(r.keys.all), func(i int) bool { return r.keys.all[i].at > r.first })
		if n == len(r.keys.all) {
			return // there is none to begin with: the next is taken before long
		}
		r.keys.drop(n)
		r.first, r.seed, r.loaded = r.keys.all[0].at, 0, false
		r.frames.drop(r.first)
	}
}
