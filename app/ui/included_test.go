package ui

import (
	"os"
	"path/filepath"
	"testing"
)

// TestAProblemOfAnIncludedFileOpensIt: at its line, and it is not underlined in the
// program that includes it.
func TestAProblemOfAnIncludedFileOpensIt(t *testing.T) {
	dir := t.TempDir()
	lib := filepath.Join(dir, "lib.pxl")
	if err := os.WriteFile(lib, []byte("NOP\nNOP\n  PLOT 1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	d := newDesk(t, 1000, 700, 1)
	d.model.OpenText("main.pxl", filepath.Join(dir, "main.pxl"), "INCLUDE \"lib.pxl\"\nHALT\n")
	d.Until("the problem is known", func() bool { return len(d.model.Problems()) == 1 })
	d.Click("1 error") // what opens the panel
	d.Frame()
	if o := d.bench.code.front(); len(o.problems) != 0 {
		t.Errorf("underlined in the program: %v", o.problems)
	}
	d.Click("problem " + d.model.Problems()[0].Message)
	d.Until("the file is in front", func() bool { return d.model.Active().Path == lib })
	d.Frame()
	if line, _, _ := d.bench.code.caret(); line != 3 {
		t.Errorf("the caret is on line %d", line)
	}
}
