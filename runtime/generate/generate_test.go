package generate

import (
	"reflect"
	"testing"

	"gvpie/runtime/flow"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// TestProgramsReachEverything keeps the generator worth its time: a comparison
// over programs that never come to an opcode says nothing about it.
func TestProgramsReachEverything(t *testing.T) {
	ops := map[isa.Op]int{}
	ends := map[string]int{}
	const n = 1500
	for seed := range int64(n) {
		g := New(seed, true)
		asm := g.Assemble()
		if !asm.OK() {
			t.Fatalf("seed %d: %v\n%s", seed, asm.Diagnostics, g.Source)
		}
		graph := flow.Analyze(asm.Program, asm.Header, isa.HeaderWords)
		code := []*flow.Code{graph.Core}
		for _, s := range graph.Each {
			code = append(code, graph.Block(s))
		}
		for _, c := range code {
			for _, b := range c.Blocks {
				for _, in := range b.Instrs {
					ops[in.Spec.Op]++
				}
			}
		}
		ends[end(t, asm.Program, g)]++
	}
	for _, spec := range isa.Specs {
		if ops[spec.Op] == 0 && spec.Op != isa.DONE {
			t.Errorf("no program comes to a %v", spec.Op)
		}
	}
	for _, end := range []string{"framed", "halted", "div_by_zero", "address_out_of_range", "cycle_limit", "stack_underflow", "assert_failed"} {
		if ends[end] == 0 {
			t.Errorf("no program ends in %s: %v", end, ends)
		}
	}
	if well := ends["framed"] + ends["halted"]; well < n/2 {
		t.Errorf("only %d of %d programs end well: %v", well, n, ends)
	}
}

func TestTheSameSeedGivesTheSameProgram(t *testing.T) {
	programs := map[string]bool{}
	for seed := range int64(300) {
		a, b := New(seed, false), New(seed, false)
		if !reflect.DeepEqual(a, b) {
			t.Fatalf("two programs from seed %d", seed)
		}
		programs[a.Source] = true
		if a.Assemble().Program.HasEach() {
			t.Fatalf("seed %d has an EACH", seed)
		}
	}
	if len(programs) != 300 {
		t.Errorf("%d programs from 300 seeds", len(programs))
	}
}

func TestBrokenProgramsBreakInManyWays(t *testing.T) {
	ends := map[string]int{}
	for seed := range int64(500) {
		p, g := Broken(seed, true)
		g.Frames = 1
		ends[end(t, p, g)]++
	}
	for _, end := range []string{"bad_opcode", "address_out_of_range", "framed", "halted"} {
		if ends[end] < 20 {
			t.Errorf("%d programs end in %s: %v", ends[end], end, ends)
		}
	}
}

// end runs a program and says how that ends.
func end(t *testing.T, p isa.Program, g Program) string {
	t.Helper()
	m, err := machine.New(p, isa.DefaultSeed)
	if err != nil {
		t.Fatal(err)
	}
	var r machine.Report
	for range g.Frames {
		if r, err = m.Frame(t.Context(), machine.Input{}, Budget); err != nil {
			t.Fatal(err)
		}
	}
	if r.Fault != nil {
		return r.Fault.Code.String()
	}
	return r.Status.String()
}
