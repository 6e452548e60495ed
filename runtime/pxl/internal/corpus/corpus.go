// Package corpus gives the tests of the language the conformance programs that
// every engine is held to. It is a test fixture and never part of the product.
package corpus

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"gvpie/runtime/flow"
	"gvpie/runtime/isa"
)

// Programs gives the conformance programs by file name, but for those that include
// others: each is whole in its text.
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
		if !strings.Contains(string(b), "\nINCLUDE ") {
			out[filepath.Base(f)] = string(b)
		}
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
	for in, ok := range flow.Linear(p, h) {
		if !ok {
			t.Fatalf("no instruction at %d: %08x", in.Addr, p[in.Addr:min(len(p), in.Addr+8)])
		}
		out = append(out, in)
	}
	return out
}
