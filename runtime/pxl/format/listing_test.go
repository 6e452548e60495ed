package format_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/codegen"
	"gvpie/runtime/pxl/format"
	"gvpie/runtime/pxl/internal/corpus"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestListings(t *testing.T) {
	sources := corpus.Programs(t)
	for _, name := range []string{"01_hello_gpu", "06_flow", "09_plasma", "13_night"} {
		got := format.Listing(codegen.Assemble(name+".pxl", sources[name+".pxl"], nil))
		file := filepath.Join("testdata", name+".lst")
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s is not as in %s (remake it with -update and look at it):\n%s", name, file, got)
		}
	}
}

func TestListingOfErrorsIsTheErrors(t *testing.T) {
	if got := format.Listing(codegen.Assemble("a.pxl", "TXTT 1", nil)); !strings.HasPrefix(got, "a.pxl:1:1: unknown opcode") {
		t.Errorf("got %q", got)
	}
}

// Words that are no code stand alone, and what follows them is read again.
func TestDisassembleOfBrokenCode(t *testing.T) {
	p := codegen.Assemble("a.pxl", "SET x = 1\nCLS\n", nil).Program
	p[isa.HeaderWords] = 0xFFFFFFFF
	var got []string
	for _, l := range format.Disassemble(p, nil)[1:] {
		got = append(got, l.Text)
	}
	want := ".word 0xFFFFFFFF | .word 0x00000008 | HALT | CLS" // 8 is a LOOP without operands, 1 is HALT
	if s := strings.Join(got, " | "); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
}

func TestDisassembleNeedsNoNames(t *testing.T) {
	a := codegen.Assemble("a.pxl", ".table t 5\nSET x = 1\nEACH\nPUT px + x\nEND\nJMP e\ne:", nil)
	var got []string
	at := 0
	for _, l := range format.Disassemble(a.Program, nil) {
		if l.Addr != at {
			t.Errorf("line at %d, want %d", l.Addr, at)
		}
		at += len(l.Words)
		got = append(got, l.Text)
	}
	want := ".canvas 128 64 | SET d8 1 | EACH 0 0 d1 d2 @25 with d8 | ADD l3 l0 l2 | PUT l3 | JMP @27 | .word 0x00000005"
	if s := strings.Join(got, " | "); s != want || at != len(a.Program) {
		t.Errorf("got  %s (%d of %d words)\nwant %s", s, at, len(a.Program), want)
	}
	for _, p := range []isa.Program{nil, {1, 2, 3}, append(isa.Program{}, a.Program[:9]...)} {
		n := 0
		for _, l := range format.Disassemble(p, nil) {
			n += len(l.Words)
		}
		if n != len(p) {
			t.Errorf("%d of %d words of %v", n, len(p), p)
		}
	}
}

func TestAListingShowsSpritesAsTheirRows(t *testing.T) {
	got := format.Listing(codegen.Assemble("a.pxl", ".table t 7\n.sprite ship 5 2\n..1..\n.1F1\n.sprite dot\n2\nSPR ship 3 4\nSPR dot[t[0]] 1 2 0x301\n", nil))
	for _, want := range []string{
		"SPR ship 5x2 1 0 3 4", "SPR dot 1x1 1 t0 1 2 769", ".table t, 1 word", ".sprite ship 5 2  ..1..\n", "                    .1F1.\n", ".sprite dot 1 1  2\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}
