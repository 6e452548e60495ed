package difftest

import (
	"testing"

	"gvpie/runtime/engine"
)

func openCPU(testing.TB) engine.Engine { return engine.NewCPU() }

func TestCPUGivesTheCorpusHashes(t *testing.T) { Corpus(t, openCPU, nil) }

// openMoved opens an engine whose machine moves to another, through snapshots,
// again and again: what a snapshot leaves out would show.
func openMoved(testing.TB) engine.Engine {
	return engine.NewAuto(engine.NewCPU(), engine.NewCPU())
}

func TestRandomProgramsAssembleAndRun(t *testing.T) {
	n := 2000
	Random(t, openMoved, n, 1, true)
}
