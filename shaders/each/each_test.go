package each_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gvpie/runtime/flow"
	"gvpie/runtime/isa"
	"gvpie/runtime/kernel"
	"gvpie/runtime/pxl/pxltest"
	"gvpie/shaders/each"
)

var update = flag.Bool("update", false, "write the texts anew")

// blockOf is the kernel of a program's only EACH, and its text.
func blockOf(t *testing.T, source string) (*kernel.Kernel, string) {
	t.Helper()
	a := pxltest.Assemble(t, source)
	at := flow.Analyze(a.Program, a.Header, isa.HeaderWords).Find(isa.EACH)
	if len(at) != 1 {
		t.Fatalf("%d EACHs in\n%s", len(at), source)
	}
	k, err := kernel.Build(a.Program, a.Header, at[0])
	if err != nil {
		t.Fatal(err)
	}
	return k, whole(each.Write(k, each.Options{DataWords: uint32(a.Header.DataWords), Program: a.Program, Captures: []string{"frame"}}))
}

// whole is all of a block's text.
func whole(b each.Block) string { return b.Declarations + "\n" + b.Body }

// sources are blocks, by the names of their texts.
var sources = map[string]string{
	"plasma":        ".canvas 240 136 pixel\n.table pal 0 0x3366FF 0xFF6633 0xFFFFFF\nEACH\nSET v = ((px*px + py*py) >> 4) + (px ^ py) + 3*frame\nPUT pal[v & 3]\nEND",
	"short_circuit": ".canvas 40 30 pixel\nEACH\nIF px > frame && (py > 3 || peek(px, py - 1) != 0)\nPUT white\nELSE IF px & 1\nPUT red\nELSE\nPUT black\nEND\nEND",
	"out_of_loops":  "DEF find(n)\nFOR i = 0 TO 9\nFOR j = 0 TO n\nIF i * j == n RETURN i * 100 + j\nIF j == 7 CONTINUE\nIF i > 5 && j < 3\nn = n + 1\nELSE IF i == 2 || j == 4\nn = n - 1\nEND\nEND\nEND\nRETURN 7\nEND\nEACH\nPUT find(px + py * frame)\nEND",
	"can_fail":      ".array a 9\n.array b 4 5\n.table t 1 2 3\nEACH\nASSERT px < 90\nPUT 5 / (px - frame) + a[px] + b[px, py] + t[py] + div(px, py, 3) + 7 % px\nEND",
	"functions":     "EACH\nPUT noise(px, py) + hypot(px, py) + key('A') + mul(px, frame, 8)\nEND",
}

// fixture is a kernel as it was when the text was written: how kernels are built is
// no concern of the texts.
type fixture struct {
	Source  string
	Kernel  *kernel.Kernel
	Program isa.Program
}

// TestTextsOfBlocks: a change of a text is looked at.
func TestTextsOfBlocks(t *testing.T) {
	for name, source := range sources {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join("testdata", name)
			if *update {
				k, _ := blockOf(t, source)
				text, err := json.Marshal(fixture{source, k, pxltest.Assemble(t, source).Program})
				if err != nil {
					t.Fatal(err)
				}
				write(t, file+".json", text)
			}
			var f fixture
			if err := json.Unmarshal(read(t, file+".json"), &f); err != nil {
				t.Fatal(err)
			}
			got := whole(each.Write(f.Kernel, each.Options{DataWords: 64, Program: f.Program, Captures: []string{"frame"}}))
			if *update {
				write(t, file+".wgsl", []byte(got))
			}
			want := read(t, file+".wgsl")
			if got != string(want) {
				t.Errorf("the text of\n%s\nis\n%s\nnot\n%s", f.Source, got, want)
			}
		})
	}
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func write(t *testing.T, file string, text []byte) {
	t.Helper()
	if err := os.WriteFile(file, text, 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestOnlyWhatMayRunOutCounts: a loop whose turns are few for sure costs no counting.
func TestOnlyWhatMayRunOutCounts(t *testing.T) {
	for body, counts := range map[string]bool{
		"FOR i = 0 TO 9\nn += i\nEND":                                   false,
		"FOR i = 9 TO 0 STEP -3\nn += i\nEND":                           false,
		"FOR i = 0 TO 9\nFOR k = 0 TO 9\nn += i * k\nEND\nEND":          false,
		"FOR i = 0 TO 99\nFOR k = 0 TO 99\nn += i * k\nEND\nEND":        true, // many turns
		"FOR i = 0 TO 5000\nn += i\nEND":                                true, // more than eight texels may take together
		"FOR i = 0 TO frame\nn += i\nEND":                               true,
		"WHILE n < 20\nn += px & 1\nEND":                                true,
		"i = 0\nWHILE i < 20\ni += 1\nIF px == i CONTINUE\nn += 1\nEND": true, // the step is not where all turns end
		"n = px": false,
	} {
		_, text := blockOf(t, "EACH\nn = 0\n"+body+"\nPUT n\nEND")
		if got := strings.Contains(text, "left -="); got != counts {
			t.Errorf("it counts %v:\n%s\n%s", got, body, text)
		}
	}
}

// TestOnlyWhatCanFailIsBad: the reference need not look at the frames of other blocks.
func TestOnlyWhatCanFailIsBad(t *testing.T) {
	for body, fails := range map[string]bool{
		"PUT px / 7":                 false,
		"PUT px / (py + 1)":          false,
		"PUT px / py":                true,
		"PUT t[px & 1]":              false,
		"PUT t[px]":                  true,
		"PUT px\nLOG here":           true,
		"ASSERT px":                  true,
		"PUT peek(px - 9, 4)":        false,
		"WHILE px > n\nn += py\nEND": true,
		"FOR i = 0 TO 9\nPUT i\nEND": false,
	} {
		k, text := blockOf(t, ".table t 5 6\nEACH\n"+body+"\nEND")
		if got := each.CanFail(k); got != fails {
			t.Errorf("%q can fail: %v\n%s", body, got, text)
		}
	}
}
