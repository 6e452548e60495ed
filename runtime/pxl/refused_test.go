package pxl_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"gvpie/runtime/pxl"
	"gvpie/runtime/pxl/include"
)

// TestSourcesThatMustNotAssemble: testdata/refused holds sources with an error, and
// in expected.json why, and the line where that is sure.
func TestSourcesThatMustNotAssemble(t *testing.T) {
	const folder = "testdata/refused"
	text, err := os.ReadFile(filepath.Join(folder, "expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var sources []struct {
		File, Why, In string // In: the included file with the error
		Line          int    // 0: not sure
	}
	if err := json.Unmarshal(text, &sources); err != nil || len(sources) == 0 {
		t.Fatal(len(sources), err)
	}
	for _, want := range sources {
		src, err := os.ReadFile(filepath.Join(folder, want.File))
		if err != nil {
			t.Fatal(err)
		}
		a := pxl.AssembleIn(want.File, string(src), include.Of(filepath.Join(folder, want.File)))
		first := slices.IndexFunc(a.Diagnostics, func(d pxl.Diagnostic) bool { return d.Severity == pxl.Error })
		if a.OK() || first < 0 {
			t.Errorf("%s assembles: %s", want.File, want.Why)
			continue
		}
		if d := a.Diagnostics[first]; want.Line > 0 && d.Pos.Line != want.Line || a.Path(d.Pos.File) != want.In {
			t.Errorf("%s: %v, want line %d of %q: %s", want.File, d, want.Line, want.In, want.Why)
		}
	}
}
