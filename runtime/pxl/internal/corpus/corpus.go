// Package corpus gives the tests of the language the conformance programs that
// every engine is held to. It is a test fixture and never part of the product.
package corpus

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"gvpie/runtime/isa"
)

// Programs gives the conformance programs by file name.
func Programs(t testing.TB) map[string]string {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	dir := filepath.Join(filepath.Dir(here), "../../../difftest/testdata/corpus")
	files, err := filepath.Glob(filepath.Join(dir, "*.pxl"))
	if err != nil || len(files) < 17 {
		t.Fatalf("%d programs in %s (%v), want at least 17", len(files), dir, err)
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

// Instructions decodes a program from its first to its last instruction.
func Instructions(t testing.TB, p isa.Program) []isa.Instr {
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
