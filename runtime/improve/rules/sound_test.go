package rules

import (
	"flag"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"gvpie/runtime/generate"
	"gvpie/runtime/improve"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
)

// More by hand: go test -run Random -programs 20000.
var programs = flag.Int("programs", 45, "how many random programs each rule is tried on")

// nameOf is the name of a rule's function.
func nameOf(r rule) string {
	full := runtime.FuncForPC(reflect.ValueOf(r).Pointer()).Name()
	return full[strings.LastIndexByte(full, '.')+1:]
}

// ends says that a program's frames all end, and none for want of cycles or commands,
// which a cheaper program has more of.
func ends(t testing.TB, g generate.Program, p isa.Program) bool {
	m, err := machine.New(p, 1)
	if err != nil {
		t.Fatal(err)
	}
	for f := range g.Frames {
		r, err := m.Frame(t.Context(), g.Input(f), generate.Budget)
		if err != nil {
			t.Fatal(err)
		}
		if r.Status != isa.Framed {
			return r.Status == isa.Halted || r.Fault.Code != isa.CycleLimit && r.Fault.Code != isa.CommandLimit
		}
	}
	return true
}

// What a rule says is the same shows the same, whatever program it is.
func TestRandomProgramsStayTheSame(t *testing.T) {
	fits := map[string]int{}
	for seed := range int64(*programs) {
		g := generate.New(seed, true)
		a := pxl.AssembleBundle("p", g.Source)
		p := read(g.Source)
		if p == nil || !a.OK() || !ends(t, g, a.Program) {
			continue
		}
		before, err := improve.Assembled(a)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range table {
			out := &proposals{proved: true}
			r(p, out)
			for _, c := range out.all {
				fits[nameOf(r)]++
				after, err := improve.Load("p", c.Source)
				if err != nil {
					t.Fatalf("seed %d: after %s (%s): %v\n%s\nbefore\n%s", seed, nameOf(r), c.Step, err, c.Source, g.Source)
				}
				v, err := improve.Prove(t.Context(), before, after, improve.Effort{Frames: g.Frames, Seeds: 1, Cost: 2_000_000})
				if err != nil {
					t.Fatal(err)
				}
				if v.Witness != nil {
					t.Fatalf("seed %d: after %s (%s) %s: %+v\n%s\nbefore\n%s", seed, nameOf(r), c.Step, v.What, v.Witness, c.Source, g.Source)
				}
			}
		}
	}
	t.Log(fits)
}

// A FOR reads the name that it counts, though no expression does.
func TestTheNameOfALoopIsNotDead(t *testing.T) {
	out := &proposals{proved: true}
	deadSets(read("FOR i = 0 TO 5\n  IF mx\n    SET i = i + 1\n  END\n  LOG x\nEND\n"), out)
	if len(out.all) > 0 {
		t.Errorf("%s:\n%s", out.all[0].Step, out.all[0].Source)
	}
}
