package difftest

import (
	"context"
	"errors"
	"testing"

	"gvpie/runtime/engine"
	"gvpie/runtime/generate"
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
		p, g := generate.Broken(seed+i, withEach)
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
