package gpu

import (
	"testing"

	"gvpie/runtime/difftest"
	"gvpie/runtime/engine"
)

// TestABatchGivesWhatRunsGive is the promise of the batches: random small programs, and
// such with words changed at random, with many seeds, inputs and budgets.
func TestABatchGivesWhatRunsGive(t *testing.T) {
	difftest.Batches(t, open(t).(engine.Batcher), atLength(t, 600), 1)
}
