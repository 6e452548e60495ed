package difftest

import (
	"cmp"
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"gvpie/runtime/engine"
	"gvpie/runtime/generate"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
)

// Batches holds a batcher to the reference over the table of cases and n random programs,
// half of them with words changed at random, from seed on: their results and their
// pages. Half of them at least must be such that the batcher runs them itself.
func Batches(t *testing.T, b engine.Batcher, n int, seed int64) {
	runs, sources := batchRuns(n, seed)
	run := func(i int) engine.RunOptions { return runs[i] }
	ctx := context.Background()
	want, err := engine.Batch(ctx, nil, len(runs), run, func(_ int, m *machine.Machine, r engine.Result) string {
		return told(engine.Pages{Display: m.Page(machine.DisplayPage), Data: m.Page(machine.DataPage), State: m.Page(machine.StatePage)})
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := engine.BatchOn(ctx, b, nil, len(runs), run, func(_ int, p engine.Pages, _ engine.Result) string { return told(p) })
	if err != nil {
		t.Fatal(err)
	}
	itself := 0
	for i := range got {
		if got[i].Kind == engine.GPU {
			itself++
		}
		for _, r := range []*engine.Result{&got[i].Result, &want[i].Result} {
			r.Kind, r.Adapter, r.Duration = 0, "", 0
		}
		if !reflect.DeepEqual(got[i].Result, want[i].Result) || fmt.Sprint(got[i].Err) != fmt.Sprint(want[i].Err) {
			t.Errorf("run %d: %+v %v, not %+v %v", i, got[i].Result, got[i].Err, want[i].Result, want[i].Err)
		}
		if got[i].Score != want[i].Score {
			t.Errorf("run %d: %s", i, firstDifference(got[i].Score, want[i].Score))
		}
		if t.Failed() {
			t.Fatalf("of this program, before it may have been broken:\n%s", sources[i])
		}
	}
	t.Logf("it ran %d of %d itself", itself, len(runs))
	if itself < len(runs)/2 {
		t.Errorf("it ran only %d of %d itself", itself, len(runs))
	}
}

// told is a score that tells everything.
func told(p engine.Pages) string {
	return fmt.Sprintln(p.State) + fmt.Sprintln(p.Data) + fmt.Sprint(p.Display)
}

// firstDifference says where two of those differ.
func firstDifference(got, want string) string {
	for page, name := range []string{"state", "data", "display"} {
		a, b := strings.Fields(strings.Split(got, "\n")[page]), strings.Fields(strings.Split(want, "\n")[page])
		for i := range min(len(a), len(b)) {
			if a[i] != b[i] {
				return fmt.Sprintf("word %d of the %s page is %s, not %s", i, name, a[i], b[i])
			}
		}
	}
	return "pages of another size"
}

// batchRuns are runs of the table of cases and of random programs, without what writes
// texts of values, and of their ruins.
func batchRuns(n int, seed int64) (runs []engine.RunOptions, sources []string) {
	for _, c := range Table {
		source := plain(c.Source)
		a := pxl.AssembleBundle("case.pxl", source)
		if !a.OK() {
			continue // it needs what was left out
		}
		o := engine.RunOptions{Program: a.Program, Frames: c.Frames, Budget: cmp.Or(c.Budget, generate.Budget)}
		if len(c.Inputs) > 0 {
			o.InputAt = func(frame int) machine.Input { return c.Inputs[frame%len(c.Inputs)] }
		}
		runs, sources = append(runs, o), append(sources, source)
	}
	n += len(runs)
	for i := int64(0); len(runs) < n; i++ {
		g := generate.New(seed+i, false)
		source := plain(g.Source)
		o := engine.RunOptions{Seed: int32(i % 5), Frames: g.Frames, Budget: generate.Budget}
		if len(g.Inputs) > 0 {
			o.InputAt = func(frame int) machine.Input { return g.Inputs[frame%len(g.Inputs)] }
		}
		if a := pxl.AssembleBundle("random.pxl", source); a.OK() && i%2 == 0 {
			o.Program = a.Program
		} else {
			var broken generate.Program
			if o.Program, broken = generate.Broken(seed+i, false); i%3 == 0 {
				o.Program = ruined(o.Program)
			}
			source, o.Budget = broken.Source, brokenBudget
		}
		if i%7 == 0 {
			o.Budget = uint32(i % 200)
		}
		runs, sources = append(runs, o), append(sources, source)
	}
	return runs, sources
}

// plain is a source without the lines that a batcher leaves out.
func plain(source string) string {
	var lines []string
	for _, line := range strings.Split(source, "\n") {
		if !strings.Contains(line, "LOG") && !strings.Contains(line, "{") {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// ruined is a program without the texts that a batcher leaves out.
func ruined(p isa.Program) isa.Program {
	p = append(isa.Program{}, p...)
	for i := isa.HeaderWords; i < len(p); i++ {
		if p[i] >= isa.TextFormat {
			p[i] = 'A'
		}
	}
	return p
}
