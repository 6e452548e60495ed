package difftest

import (
	"context"
	"errors"
	"slices"
	"testing"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl/pxltest"
)

// Case is a program and what it claims. What it asserts by itself, its log and
// its fault are checked on the engine; all else is compared with the reference.
type Case struct {
	Claim  string // "rect keeps glyphs"
	Source string
	Frames int // below 1 counts as 1
	Budget uint32
	Inputs []machine.Input
	Log    string    // what the run logs
	Fault  isa.Fault // how the run ends; FaultNone: without a fault
	Each   bool      // the program has an EACH block
}

// Table holds the cases that every engine runs.
var Table = slices.Concat(machineCases, callCases)

// Cases runs the whole table on an engine. Cases that the engine says it cannot
// run are skipped.
func Cases(t *testing.T, open Open) {
	e := open(t)
	for _, c := range Table {
		t.Run(c.Claim, func(t *testing.T) {
			asm := pxltest.Assemble(t, c.Source)
			run := Run{Program: asm.Program, Frames: c.Frames, Budget: c.Budget, Inputs: c.Inputs}
			err := Compare(context.Background(), engine.NewCPU(), e, run)
			if errors.Is(err, engine.ErrUnsupported) && c.Each {
				t.Skip(err)
			}
			if err != nil {
				t.Fatalf("%v\n%s", err, c.Source)
			}
			log, fault := replay(t, e, run)
			if log != c.Log {
				t.Errorf("the log is %q, not %q", log, c.Log)
			}
			got := isa.FaultNone
			if fault != nil {
				got = fault.Code
			}
			if got != c.Fault {
				t.Errorf("it ends with %q (%s), not with %q", got, faultText(fault), c.Fault)
			}
		})
	}
}

// replay runs once more and gives the log and the fault.
func replay(t *testing.T, e engine.Engine, r Run) (log string, fault *machine.Fault) {
	t.Helper()
	ctx := context.Background()
	if err := e.Load(ctx, r.Program, isa.DefaultSeed); err != nil {
		t.Fatal(err)
	}
	for i := range max(r.Frames, 1) {
		f, err := e.Frame(ctx, r.input(i), r.Budget)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range f.Log {
			if log != "" {
				log += "\n"
			}
			log += line.Text
		}
		if fault = f.Fault; f.Status != isa.Framed {
			break
		}
	}
	return log, fault
}
