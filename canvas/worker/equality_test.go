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

// What crosses the pipe is what went in: the stand-in behind it agrees with the
// reference in everything, the survivor also with what it runs itself.
func TestThePipeChangesNothing(t *testing.T) {
	both(t, func(t *testing.T, edit func(*Config)) {
		s, _ := started(t, "cpu", edit)
		difftest.Cases(t, opener(s.New))
		difftest.Corpus(t, opener(s.New), nil)
		difftest.Random(t, opener(s.NewStrict), 20, 1, false)
	})
}

func hasEach(name string) bool {
	return strings.HasPrefix(name, "09_") || strings.HasPrefix(name, "10_")
}
