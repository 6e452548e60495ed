package worker

import (
	"context"
	"testing"

	"gvpie/runtime/difftest"
	"gvpie/runtime/engine"
	"gvpie/runtime/machine"
)

// opener makes machines with make for difftest.
func opener(make func() engine.Engine) difftest.Open {
	return func(t testing.TB) engine.Engine {
		e := make()
		t.Cleanup(func() {
			if err := e.Close(); err != nil {
				t.Error(err)
			}
		})
		return e
	}
}

func machines(s *Supervisor) func() engine.Engine {
	return func() engine.Engine { return s.NewMachine() }
}

// counted counts the frames that are run on the GPU, as far as it can tell.
type counted struct {
	engine.Engine
	onGPU *int
}

func (c *counted) Frame(ctx context.Context, in machine.Input, budget uint32) (machine.Report, error) {
	r, err := c.Engine.Frame(ctx, in, budget)
	if c.Kind() == engine.GPU {
		*c.onGPU++
	}
	return r, err
}

// What crosses the pipe is what went in: the stand-in behind it agrees with the
// reference in everything, a machine with failover also where it runs on the CPU.
func TestThePipeChangesNothing(t *testing.T) {
	both(t, func(t *testing.T, edit func(*Config)) {
		s, _ := started(t, "cpu", edit)
		crossed := 0
		across := func() engine.Engine { return &counted{failover(s), &crossed} }
		difftest.Cases(t, opener(across))
		difftest.Corpus(t, opener(across), nil)
		if crossed < 50 {
			t.Errorf("only %d frames were run behind the pipe", crossed)
		}
		difftest.Random(t, opener(machines(s)), 20, 1, false)
	})
}
