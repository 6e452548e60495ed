package difftest

import (
	"testing"

	"gvpie/runtime/engine"
)

func openCPU(testing.TB) engine.Engine { return engine.NewCPU() }

func TestCPUGivesTheCorpusHashes(t *testing.T) { Corpus(t, openCPU, nil) }
