package improve

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"
	"slices"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// Witness is a run that shows two programs apart. It is a run that anyone can repeat.
type Witness struct {
	What   string // picture, log or ending
	Frame  int    // from 0: they part after it
	Texel  *[2]int
	Seed   int32
	Inputs []machine.Input // of the frames from 0 on, used round and round; empty: none
}

// A trial is one run that both programs are given.
type trial struct {
	seed   int32
	frames int
	inputs []machine.Input // used round and round; empty: none
}

func (t *trial) input(frame int) machine.Input {
	if len(t.inputs) == 0 {
		return machine.Input{}
	}
	return t.inputs[frame%len(t.inputs)]
}

// Effort is how much is tried.
type Effort struct {
	Frames int // of a run; where a program compares with a larger number, one run is longer
	Seeds  int
	Cost   uint64 // about how long all trials together take, in 0.4 ns, after which no other begins
}

// DefaultEffort is for programs that are compared once.
var DefaultEffort = Effort{Frames: 120, Seeds: 3, Cost: 4_000_000_000}

// mostFrames is how far a number that a program compares with makes a run longer.
const mostFrames = 6000

// trials gives the runs that two programs are compared in: chosen after both are fixed,
// from a hash of both, so that nothing can be fitted to them; and from what both look
// at, so that a difference that waits for one key, one corner or one frame is met.
func trials(a, b *Program, e Effort) []trial {
	h := sha256.New()
	h.Write(bytesOf(a.Program))
	h.Write(bytesOf(b.Program))
	sum := h.Sum(nil)
	g := &inputMaker{
		Rand: rand.New(rand.NewPCG(binary.LittleEndian.Uint64(sum), binary.LittleEndian.Uint64(sum[8:]))),
		w:    int32(a.Header.W), h: int32(a.Header.H),
	}
	g.reads(&a.reads)
	g.reads(&b.reads)
	slices.Sort(g.numbers)
	g.numbers = slices.Compact(g.numbers)
	long := g.frames(e.Frames)
	out := []trial{{seed: isa.DefaultSeed, frames: e.Frames}}
	if long > e.Frames {
		out = append(out, trial{seed: isa.DefaultSeed, frames: long})
	}
	if g.seeded {
		for range e.Seeds {
			out = append(out, trial{seed: int32(g.Uint32()), frames: e.Frames})
		}
		for _, n := range g.numbers {
			out = append(out, trial{seed: n, frames: min(e.Frames, 8)})
		}
	}
	for i, inputs := range g.all() {
		if len(inputs) == 0 {
			continue
		}
		t := trial{seed: isa.DefaultSeed, frames: e.Frames, inputs: inputs}
		if g.seeded && i%2 == 1 {
			t.seed = int32(g.Uint32())
		}
		if len(inputs) > 1 {
			t.frames = max(t.frames, len(inputs))
		}
		out = append(out, t)
	}
	if long > e.Frames && g.any() {
		out = append(out, trial{seed: isa.DefaultSeed, frames: long, inputs: g.walk(long)})
		for _, inputs := range g.lasting() {
			out = append(out, trial{seed: isa.DefaultSeed, frames: long, inputs: inputs})
		}
	}
	return out
}

// frames is how many frames a program is to be run, at least, for what it waits for: a
// number that it compares with, or the product of two.
func (g *inputMaker) frames(least int) int {
	long := least
	wait := func(n int64) {
		if n > 0 && n < mostFrames {
			long = max(long, int(n)+3, min(2*int(n)+3, 8*least))
		}
	}
	for i, n := range g.numbers {
		wait(int64(n))
		for _, m := range g.numbers[i:] {
			if n > 1 && m > 1 {
				wait((int64(n) + 1) * (int64(m) + 1))
			}
		}
	}
	return long
}

// compare gives both programs one run. cost is what both did.
func (c *comparer) compare(ctx context.Context, a, b *Program, t *trial) (w *Witness, cost uint64, err error) {
	if err := c.a.start(a, t.seed); err != nil {
		return nil, 0, err
	}
	if err := c.b.start(b, t.seed); err != nil {
		return nil, 0, err
	}
	for f := 0; f < t.frames && w == nil && !c.a.ended; f++ {
		if err := c.a.frame(ctx, t.input(f)); err != nil {
			return nil, 0, err
		}
		if err := c.b.frame(ctx, t.input(f)); err != nil {
			return nil, 0, err
		}
		if w = difference(&c.a, &c.b); w != nil {
			w.Seed, w.Inputs = t.seed, t.upTo(f)
		}
		if c.a.counts.toil()+c.b.counts.toil() > c.most {
			break
		}
	}
	return w, c.a.counts.toil() + c.b.counts.toil(), nil
}

// upTo gives the inputs of the frames up to one; one that all frames are given is said
// once.
func (t *trial) upTo(frame int) []machine.Input {
	if n := len(t.inputs); n == 0 || n == 1 && t.inputs[0].Wheel == 0 {
		return t.inputs
	}
	out := make([]machine.Input, frame+1)
	for i := range out {
		out[i] = t.input(i)
	}
	return out
}

// comparer is the two machines that programs are compared in.
type comparer struct {
	a, b run
	most uint64 // toil of one comparison, after which it is not taken further
}

// try gives both programs every trial, and the first that shows them apart.
func (c *comparer) try(ctx context.Context, a, b *Program, e Effort) (*Witness, error) {
	spent := uint64(0)
	for _, t := range trials(a, b, e) {
		if c.most = e.Cost / 8; t.frames > e.Frames && len(t.inputs) == 0 {
			c.most = e.Cost / 2 // what waits for a frame is seen in this one alone
		}
		w, cost, err := c.compare(ctx, a, b, &t)
		if w != nil || err != nil {
			return w, err
		}
		if spent += cost; spent > e.Cost {
			break
		}
	}
	return nil, nil
}
