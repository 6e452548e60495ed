package pxl_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"gvpie/runtime/pxl"
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
		File, Why string
		Line      int // 0: not sure
	}
	if err := json.Unmarshal(text, &sources); err != nil || len(sources) == 0 {
		t.Fatal(len(sources), err)
	}
	for _, want := range sources {
		src, err := os.ReadFile(filepath.Join(folder, want.File))
		if err != nil {
			t.Fatal(err)
		}
		a := pxl.Assemble(want.File, string(src))
		if a.OK() || len(a.Diagnostics) == 0 {
			t.Errorf("%s assembles: %s", want.File, want.Why)
			continue
		}
		if d := a.Diagnostics[0]; d.Severity != pxl.Error || want.Line > 0 && d.Pos.Line != want.Line {
			t.Errorf("%s: %v, want line %d: %s", want.File, d, want.Line, want.Why)
		}
	}
}
