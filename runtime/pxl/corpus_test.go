package pxl

import (
	"os"
	"path/filepath"
	"testing"

	"gvpie/runtime/isa"
)

const corpusDir = "../difftest/testdata/corpus"

// corpus gives the conformance programs by file name.
func corpus(t testing.TB) map[string]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(corpusDir, "*.pxl"))
	if err != nil || len(files) < 17 {
		t.Fatalf("%d programs in %s (%v), want at least 17", len(files), corpusDir, err)
	}
	out := make(map[string]string)
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.Base(f)] = string(b)
	}
	return out
}

// walk decodes a program from its first to its last instruction.
func walk(t testing.TB, p isa.Program) []isa.Instr {
	t.Helper()
	h, err := p.Header()
	if err != nil {
		t.Fatal(err)
	}
	var out []isa.Instr
	for at := isa.HeaderWords; at < h.CodeEnd; {
		in, ok := isa.Decode(p, at, h.CodeEnd)
		if !ok {
			t.Fatalf("no instruction at %d: %08x", at, p[at:min(len(p), at+8)])
		}
		out = append(out, in)
		at += in.Size
	}
	return out
}

func TestCorpusAssembles(t *testing.T) {
	for name, src := range corpus(t) {
		a := Assemble(name, src)
		for _, d := range a.Diagnostics {
			if d.Severity == Error || name != "22_err_range.pxl" {
				t.Error(d)
			}
		}
		if !a.OK() {
			continue
		}
		walk(t, a.Program)
	}
}

func TestHelloIsTwoInstructions(t *testing.T) {
	a := Assemble("hello", "TXT 10 10 HELLO GPU\nHALT\n")
	if got := walk(t, a.Program); len(got) != 2 || got[0].Spec.Op != isa.TXT || got[1].Spec.Op != isa.HALT {
		t.Errorf("got %v", got)
	}
}
