package worker

import (
	"strings"
	"testing"

	"gvpie/runtime/difftest"
	"gvpie/runtime/engine"
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

func failovers(s *Supervisor) func() engine.Engine {
	return func() engine.Engine { return failover(s) }
}

// What crosses the pipe is what went in: the stand-in behind it agrees with the
// reference in everything, a machine with failover also where it runs on the CPU.
func TestThePipeChangesNothing(t *testing.T) {
	both(t, func(t *testing.T, edit func(*Config)) {
		s, _ := started(t, "cpu", edit)
		difftest.Cases(t, opener(failovers(s)))
		difftest.Corpus(t, opener(failovers(s)), nil)
		difftest.Random(t, opener(machines(s)), 20, 1, false)
	})
}

func hasEach(name string) bool {
	return strings.HasPrefix(name, "09_") || strings.HasPrefix(name, "10_")
}
