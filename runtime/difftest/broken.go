package difftest

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/pxl"
)

// brokenBudget keeps broken programs short: many of them loop for ever.
const brokenBudget = 2000

// Broken holds an engine to the reference over n programs whose words were
// changed at random, from seed on. What any words do is defined, and an engine
// that is sent a hostile program may not read or write outside its pages.
func Broken(t *testing.T, open Open, n int, seed int64, withEach bool) {
	reference, e := engine.NewCPU(), open(t)
	ran := 0
	for i := range int64(n) {
		p, g := Break(seed+i, withEach)
		err := Compare(context.Background(), reference, e, Run{Program: p, Frames: g.Frames, Budget: brokenBudget, Inputs: g.Inputs})
		switch {
		case err == nil:
			ran++
		case !errors.Is(err, engine.ErrUnsupported):
			t.Fatalf("broken program of seed %d: %v\nbefore it was broken:\n%s", seed+i, err, g.Source)
		}
	}
	if ran < n/2 {
		t.Errorf("only %d of %d programs could be run", ran, n)
	}
}

// Break makes a random program and changes a few of its words: opcodes that are
// none, jumps into the middle of instructions, arrays that are nowhere. The
// header stays good. It also gives the program it came from.
func Break(seed int64, withEach bool) (isa.Program, Generated) {
	g := Generate(seed, withEach)
	p := slices.Clone(pxl.Assemble("random.pxl", g.Source).Program)
	r := rand.New(rand.NewPCG(uint64(seed), 1))
	anywhere := func() int { return isa.HeaderWords + r.IntN(len(p)-isa.HeaderWords) }
	for range 1 + r.IntN(4) {
		at := anywhere()
		switch r.IntN(4) {
		case 0:
			p[at] = p[anywhere()]
		case 1:
			p[at] ^= 1 << r.IntN(32)
		case 2:
			p[at] = uint32(r.IntN(len(p) + 4))
		default:
			p[at] = isa.InstrHeader(isa.Specs[r.IntN(len(isa.Specs))].Op, r.IntN(6), uint8(r.IntN(8)))
		}
	}
	return p, g
}
