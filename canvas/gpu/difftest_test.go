package gpu

import (
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

func TestEveryOpcode(t *testing.T) { difftest.Opcodes(t, open) }

func TestTheTableOfCases(t *testing.T) { difftest.Cases(t, open) }

func TestTheCorpus(t *testing.T) { difftest.Corpus(t, open, nil) }

// TestTwentyThousandRandomPrograms is the promise of one truth, kept in one run.
func TestTwentyThousandRandomPrograms(t *testing.T) {
	difftest.Random(t, open, atLength(t, 20000), 1, false)
}

// TestBrokenPrograms runs programs with words changed at random: nothing an
// assembler would write, but anyone may send words.
func TestBrokenPrograms(t *testing.T) {
	difftest.Broken(t, open, atLength(t, 2000), 1, false)
}

// atLength is n, or a few where -short is asked for.
func atLength(t *testing.T, n int) int {
	if testing.Short() {
		return n / 100
	}
	return n
}
