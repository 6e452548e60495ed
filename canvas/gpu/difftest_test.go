package gpu

import (
	"strings"
	"testing"

	"gvpie/runtime/difftest"
	"gvpie/runtime/engine"
)

func open(t testing.TB) engine.Engine {
	e := device(t).New()
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

func TestTheTableOfCases(t *testing.T) { difftest.Cases(t, open) }

// TestTheCorpus leaves out what has EACH blocks.
func TestTheCorpus(t *testing.T) {
	difftest.Corpus(t, open, func(name string) bool {
		return strings.HasPrefix(name, "09_") || strings.HasPrefix(name, "10_")
	})
}

func TestRandomPrograms(t *testing.T) {
	n := 300
	if testing.Short() {
		n = 30
	}
	difftest.Random(t, open, n, 1, false)
}
