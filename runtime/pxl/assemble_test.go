package pxl_test

import (
	"testing"

	"gvpie/runtime/isa"
	"gvpie/runtime/pxl"
	"gvpie/runtime/pxl/internal/corpus"
	"gvpie/runtime/pxl/syntax"
)

func TestCorpusAssembles(t *testing.T) {
	for name, src := range corpus.Programs(t) {
		a := pxl.Assemble(name, src)
		for _, d := range a.Diagnostics {
			// Those programs do on purpose what is warned of.
			switch {
			case name == "22_err_range.pxl" && d.Code == syntax.CodeIndexRange, (name == "06_flow.pxl" || name == "30_procedures.pxl" || name == "35_return.pxl") && d.Code == syntax.CodeUnreachable:
			default:
				t.Error(d)
			}
		}
		if !a.OK() {
			continue
		}
		corpus.Instructions(t, a.Program)
	}
}

func TestHelloIsTwoInstructions(t *testing.T) {
	a := pxl.Assemble("hello", "TXT 10 10 HELLO GPU\nHALT\n")
	if got := corpus.Instructions(t, a.Program); len(got) != 2 || got[0].Spec.Op != isa.TXT || got[1].Spec.Op != isa.HALT {
		t.Errorf("got %v", got)
	}
}
