package kernel_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"gvpie/runtime/generate"
	"gvpie/runtime/isa"
	"gvpie/runtime/pxl"
)

// TestRandomBlocksAsTheMachine: the code and every claim about it, over random
// programs.
func TestRandomBlocksAsTheMachine(t *testing.T) {
	var seen tally
	for seed := range int64(400) {
		if err := compareRandom(seed, &seen); err != nil {
			t.Fatal(err)
		}
	}
	if seen.refused > 0 || seen.bailed > seen.texels/2 {
		t.Errorf("%+v", seen)
	}
	t.Logf("%+v", seen)
}

// TestBrokenBlocksAsTheMachine: the same over programs whose words were changed.
func TestBrokenBlocksAsTheMachine(t *testing.T) {
	var seen tally
	for seed := range int64(300) {
		p, g := generate.Broken(seed, true)
		if err := compare(p, g.Frames, 2000, g.Inputs, 4, &seen); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
	t.Logf("%+v", seen)
}

// TestBlocksOfProgramsAsTheMachine: the conformance programs, the examples and the
// ports, all of whose blocks build.
func TestBlocksOfProgramsAsTheMachine(t *testing.T) {
	for _, dir := range []string{"../difftest/testdata/corpus", "../../assets/examples", "../difftest/testdata/ports/after", "../difftest/testdata/ports/before"} {
		files, err := filepath.Glob(dir + "/*.pxl")
		if err != nil || len(files) == 0 {
			t.Fatal(dir, err)
		}
		var seen tally
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			a := pxl.Assemble(f, string(b))
			if !a.OK() {
				continue // it includes others
			}
			if err := compare(a.Program, 1, isa.DefaultBudget, nil, 3, &seen); err != nil {
				t.Errorf("%s: %v", f, err)
			}
		}
		if seen.refused > 0 {
			t.Errorf("%s: %+v", dir, seen)
		}
		t.Logf("%s: %+v", dir, seen)
	}
}

func TestABlockOfNothingBuilds(t *testing.T) {
	a := pxl.Assemble("", "EACH\nEND\nEACH\nIF 0 PUT 1\nEND\n")
	var seen tally
	if err := compare(a.Program, 1, isa.DefaultBudget, nil, 1, &seen); err != nil || seen.refused > 0 {
		t.Errorf("%+v: %v", seen, err)
	}
}

// TestStepsBoundTheBudget: a texel that uses up its budget in the machine does in the
// kernel, which may think so before, but never after.
func TestStepsBoundTheBudget(t *testing.T) {
	for _, n := range []int{16374, 16382, 16383, 16384} {
		for _, source := range []string{
			"EACH\nn = 0\nWHILE n < %d\nn = n + 1\nEND\nPUT 1\nEND\n",
			"EACH\nn = 0\nFOR i = 0 TO px\nWHILE n < %d\nn = n + 1\nEND\nEND\nIF px\nPUT 2\nELSE\nPUT 1\nEND\nEND\n",
		} {
			a := pxl.Assemble("", ".canvas 2 1 pixel\n"+fmt.Sprintf(source, n))
			if !a.OK() {
				t.Fatal(a.Diagnostics)
			}
			var seen tally
			if err := compare(a.Program, 1, isa.DefaultBudget, nil, 1, &seen); err != nil || seen.refused > 0 {
				t.Errorf("%d turns: %+v: %v", n, seen, err)
			}
			if n == 16374 && seen.bailed > 0 {
				t.Errorf("%+v: too early", seen)
			}
		}
	}
}

// TestTexelsThatWait: what texels hold that wait while others go on.
func TestTexelsThatWait(t *testing.T) {
	for name, block := range map[string]string{
		"left a loop at its end":                  "n = 0\nWHILE 1\nn = n + 1\nIF n > px BREAK\nEND\nPUT n",
		"are back at its head":                    "s = 0\ni = 0\nWHILE i < 20\ni = i + 1\nIF (px + i) & 1 CONTINUE\ns = s * 3 + i\nEND\nPUT s",
		"are there with what only the loop reads": "s = 0\ni = 0\nWHILE i < 20\ni = i + 1\nIF (px + i) & 1 CONTINUE\ns = s * 3 + i\nPUT s\nEND",
		"go on to the next turn":                  "s = px\nFOR i = 0 TO 30\nIF (px ^ i) & 2\ns = s + i\nCONTINUE\nEND\ns = s * 5\nEND\nPUT s",
		"left two loops at once":                  "s = 0\nFOR i = 0 TO 20\nFOR j = 0 TO 20\ns = s + 1\nIF s > px * 7 BREAK\nEND\nIF s > px * 9 BREAK\nEND\nPUT s * 32 + i",
		"took one of several ways":                "s = px\nIF px & 1\ns = s + 7\nELSE IF px & 2\ns = s * 3\nELSE\ns = 5\nEND\nPUT s + px",
		"change words round":                      "a = px\nb = py\nc = 9\nFOR i = 0 TO px\nt = a\na = b\nb = c\nc = t + i\nEND\nPUT a + b * 16 + c * 256",
		"change two words":                        "a = px\nb = py + 5\nFOR i = 0 TO px\nt = a\na = b\nb = t\nEND\nPUT a + b * 256",
		"change words round back":                 "a = px\nb = py + 5\nc = 9\nd = 11\nFOR i = 0 TO px\nt = d\nd = c\nc = b\nb = a\na = t\nEND\nPUT a + b * 16 + c * 256 + d * 4096",
		"read what was before":                    "x = px\ns = 0\nFOR i = 0 TO px\nt = x\nx = x + i + 1\ns = s ^ t * 3\nEND\nPUT x + s * 256",
		"have ended":                              "IF px > 5 / (px - 3)\nPUT px\nEND\ns = 1\nFOR i = 1 TO px\ns = s * i\nEND\nPUT s",
		"leave a loop by a shared test":           "n = 0\nFOR i = 0 TO 40\nIF i * 3 > px\nn = n + i\nIF n > 50 BREAK\nEND\nn = n + 1\nEND\nPUT n + i * 256",
	} {
		a := pxl.Assemble("", ".canvas 16 3 pixel\nEACH\n"+block+"\nEND\n")
		if !a.OK() {
			t.Fatal(name, a.Diagnostics)
		}
		var seen tally
		if err := compare(a.Program, 1, isa.DefaultBudget, nil, 1, &seen); err != nil || seen.refused > 0 {
			t.Errorf("%s: %+v: %v", name, seen, err)
		}
	}
}
