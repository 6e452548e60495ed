package kernel_test

import (
	"testing"

	"gvpie/runtime/flow"
	"gvpie/runtime/generate"
	"gvpie/runtime/isa"
	"gvpie/runtime/kernel"
)

// eaches gives the addresses of the EACH instructions that a run can reach.
func eaches(p isa.Program, h isa.Header) (out []uint32) {
	for _, b := range flow.Analyze(p, h, isa.HeaderWords).Core.Blocks {
		for _, in := range b.Instrs {
			if in.Spec.Op == isa.EACH {
				out = append(out, uint32(in.Addr))
			}
		}
	}
	return out
}

func TestEveryBlockOfRandomSourceBuilds(t *testing.T) {
	blocks := 0
	for seed := range int64(500) {
		a := generate.New(seed, true).Assemble()
		for _, each := range eaches(a.Program, a.Header) {
			blocks++
			if _, err := kernel.Build(a.Program, a.Header, each); err != nil {
				t.Errorf("seed %d: %v", seed, err)
			}
		}
	}
	t.Log(blocks, "blocks")
}
