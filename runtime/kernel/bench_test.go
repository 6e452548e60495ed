package kernel_test

import (
	"os"
	"testing"

	"gvpie/runtime/flow"
	"gvpie/runtime/isa"
	"gvpie/runtime/kernel"
	"gvpie/runtime/pxl"
)

// BenchmarkBuild is the time from a program to its first block's kernel.
func BenchmarkBuild(b *testing.B) {
	for _, name := range []string{"../../assets/examples/plasma", "../../assets/examples/life", "../difftest/testdata/ports/before/p6_march", "../difftest/testdata/corpus/36_each_calls"} {
		source, err := os.ReadFile(name + ".pxl")
		if err != nil {
			b.Fatal(err)
		}
		a := pxl.Assemble(name, string(source))
		each := eaches(a.Program, a.Header)
		b.Run(name[len(name)-8:], func(b *testing.B) {
			for b.Loop() {
				if _, err := kernel.Build(a.Program, a.Header, each[0]); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

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
