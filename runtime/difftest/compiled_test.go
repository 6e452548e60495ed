package difftest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gvpie/assets"
	"gvpie/runtime/compiled"
	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl/pxltest"
)

// openCompiled opens a CPU engine that compiles every block before it runs.
func openCompiled(t testing.TB) engine.Engine {
	e := compiled.New(compiled.Now, slog.New(slog.DiscardHandler)).NewCPU()
	if _, ok := e.(engine.Compiling); !ok {
		t.Skip("there is no compiler here")
	}
	return e
}

func TestCompiledGivesTheCorpusHashes(t *testing.T) { Corpus(t, openCompiled, nil) }

func TestCompiledHasEveryOpcode(t *testing.T) { Opcodes(t, openCompiled) }

func TestCompiledDoesWhatTheTableClaims(t *testing.T) { Cases(t, openCompiled) }

func TestCompiledProgramsAgree(t *testing.T) { Random(t, openCompiled, randomPrograms(), 1, true) }

func TestCompiledBrokenProgramsAgree(t *testing.T) {
	Broken(t, openCompiled, randomPrograms()/3, 1, true)
}

// TestCompiledExamplesAgree runs what is shipped, and programs that were brought
// from elsewhere.
func TestCompiledExamplesAgree(t *testing.T) {
	sources := map[string]string{}
	for _, e := range assets.Examples() {
		sources[e.Name] = e.Source
	}
	paths, err := filepath.Glob("testdata/ports/after/*.pxl")
	if err != nil || len(paths) < 5 {
		t.Fatal(paths, err)
	}
	bench, err := filepath.Glob("../../assets/bench/pxl/*.pxl")
	if err != nil || len(bench) == 0 {
		t.Fatal(bench, err)
	}
	for _, path := range append(paths, bench...) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		sources[filepath.Base(path)] = string(text)
	}
	e := openCompiled(t)
	blocks := 0
	for name, source := range sources {
		p := pxltest.Assemble(t, source).Program
		in, frames := machine.Input{MouseX: 40, MouseY: 30, Buttons: 1}, 4
		if h, err := p.Header(); err != nil || h.W*h.H > 1<<18 {
			frames = 1
		}
		if err := Compare(t.Context(), engine.NewCPU(), e, Run{Program: p, Frames: frames, Inputs: []machine.Input{{}, in}}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if p.HasEach() {
			if blocks++; !engine.Compiled(e) {
				t.Errorf("%s ran interpreted", name)
			}
		}
	}
	if blocks < 8 {
		t.Errorf("only %d have blocks", blocks)
	}
}

// bails are programs in which some texels of a block do what compiled code leaves to
// the interpreter.
var bails = map[string]string{
	"a zero divisor":            "PUT 1000 / (px - 7 * py)",
	"a zero divisor of %":       "PUT 1000 % (px - 7 * py)",
	"a fixed-point quotient":    "PUT div(px, px - 7 * py, 8)",
	"an index too large":        "PUT a[px * 2 - py]",
	"an index below":            "PUT a[px - py]",
	"a row of a grid":           "PUT g[px & 3, py]",
	"a column of a grid":        "PUT g[px - 30, py & 1]",
	"a table's end":             "PUT t[px >> 3]",
	"LOG":                       "PUT px\n  IF px == 2 * py LOG {px} {py}",
	"LOG of very much":          "PUT px\n  LOG {px} {py} {px * py}",
	"LOG, and a fault":          "PUT px\n  IF px == 2 * py LOG {px}\n  IF px == 3 * py PUT 1 / (px - 33)",
	"ASSERT":                    "PUT px\n  ASSERT px != 3 * py + 1",
	"a budget in a loop":        "SET i = 0\n  PUT px\n  WHILE i < px * 700 + py * 50\n    SET i = i + 1\n  END\n  PUT i",
	"a budget between PUTs":     "FOR i = 1 TO px * 600\n    PUT i\n  END",
	"no end":                    "PUT red\n  WHILE px == 40 && py == 9\n  END\n  PUT green",
	"a division that overflows": "PUT (px - 41 << 31) / (py - 2)",
}

func bailProgram(t testing.TB, body string) isa.Program {
	t.Helper()
	return pxltest.Assemble(t, ".canvas 101 12 pixel\n.array a 90\n.array g 4 3\n.table t 1 2 3 4 5 6 7\nCLS navy\nloop:\nEACH\n  "+
		body+"\nEND\nSET a[frame] = 5\nEACH 3 2 50 50\n  "+body+"\nEND\nFRAME\nJMP loop\n").Program
}

// TestCompiledCodeLeavesTheRestToTheInterpreter: faults, with the texel, of which the
// first counts; lines; budgets that end anywhere.
func TestCompiledCodeLeavesTheRestToTheInterpreter(t *testing.T) {
	e := openCompiled(t)
	for name, body := range bails {
		if err := Compare(t.Context(), engine.NewCPU(), e, Run{Program: bailProgram(t, body), Frames: 3}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if !engine.Compiled(e) {
			t.Errorf("%s: it ran interpreted", name)
		}
	}
}

// TestCompiledBudgetsEndAnywhere: the instruction at which a texel has used its budget
// up moves through the block.
func TestCompiledBudgetsEndAnywhere(t *testing.T) {
	e := openCompiled(t)
	for pad := range 9 {
		p := pxltest.Assemble(t, fmt.Sprintf(".canvas 9 2 pixel\nEACH\n%s  FOR i = 1 TO 7279 + px\n    IF i & 1 PUT i\n    IF i %% 3 == px PUT green\n    PUT red + i\n  END\nEND\n", strings.Repeat("  NOP\n", pad))).Program
		if err := Compare(t.Context(), engine.NewCPU(), e, Run{Program: p}); err != nil {
			t.Errorf("%d instructions more: %v", pad, err)
		}
	}
}

// ending is a context that ends when it is looked at for the n-th time.
type ending struct {
	context.Context
	looks, n int
}

func (e *ending) Err() error {
	if e.looks++; e.looks >= e.n {
		return context.Canceled
	}
	return nil
}

// TestCompiledFramesCanBeCancelledAnywhere, and leave the machine as it was.
func TestCompiledFramesCanBeCancelledAnywhere(t *testing.T) {
	for _, name := range []string{"LOG, and a fault", "a budget in a loop", "an index below"} {
		p := bailProgram(t, strings.Replace(bails[name], "700", "70", 1))
		reference, e := engine.NewCPU(), openCompiled(t)
		for _, one := range []engine.Engine{reference, e} {
			if err := one.Load(t.Context(), p, 1); err != nil {
				t.Fatal(err)
			}
		}
		cut := 0
		for n := 1; ; n++ {
			_, err := e.Frame(&ending{Context: t.Context(), n: n}, machine.Input{}, 0)
			if err == nil {
				break
			}
			if cut++; !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
			if err := samePages(t.Context(), reference, e); err != nil {
				t.Fatalf("%s: cancelled at look %d: %v", name, n, err)
			}
		}
		if _, err := reference.Frame(t.Context(), machine.Input{}, 0); err != nil {
			t.Fatal(err)
		}
		if err := samePages(t.Context(), reference, e); err != nil || cut < 12 {
			t.Errorf("%s: after %d that were cancelled: %v", name, cut, err)
		}
	}
}
