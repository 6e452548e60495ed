package studio

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestSavingAnIncludedFileRunsWhatIncludesIt: by this window or another program, also
// a file that was missed.
func TestSavingAnIncludedFileRunsWhatIncludesIt(t *testing.T) {
	dir := t.TempDir()
	main, lib := filepath.Join(dir, "main.pxl"), filepath.Join(dir, "lib.pxl")
	save := func(text string) {
		t.Helper()
		if err := os.WriteFile(lib, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	s := newHandDocuments()
	s.OpenText("main.pxl", main, "INCLUDE \"lib.pxl\"\nLOG {N}\nHALT")
	d := s.Active()
	if d.Live() != nil || len(d.Assembly().Diagnostics) != 1 {
		t.Fatalf("%v", d.Assembly().Diagnostics)
	}
	save(".const N 1\n")
	s.fileChanged(readFile(lib))
	if d.Live() == nil || !s.watched[lib] {
		t.Fatalf("the file is there now: %v, watched %v", d.Assembly().Diagnostics, s.watched)
	}
	before, rev := d.Live(), d.liveRev
	save(".const N 22\n")
	s.fileChanged(readFile(lib))
	if d.liveRev == rev || slices.Equal(d.Live().Program, before.Program) {
		t.Error("the program is what it was")
	}
	save("SET = 3\n")
	s.fileChanged(readFile(lib))
	problems := d.Assembly().Diagnostics
	if len(problems) == 0 || d.Elsewhere(problems[0].Pos.File) != lib || d.Elsewhere("main.pxl") != "" || d.Live() == nil {
		t.Errorf("%v", problems)
	}
	s.Edit("HALT")
	if s.watched[lib] {
		t.Error("a file is watched that no program includes")
	}
	s.Edit("INCLUDE \"lib.pxl\"\n")
	s.Close(0)
	if len(s.watched) != 0 {
		t.Errorf("watched after the end: %v", s.watched)
	}
}

// TestADocumentWithoutAFileHasTheFilesThatCameWithIt: as the code of a script of the
// loop has them.
func TestADocumentWithoutAFileHasTheFilesThatCameWithIt(t *testing.T) {
	s := newHandDocuments()
	s.OpenText("script", "", "INCLUDE \"a.pxl\"\nLOG {N}\n;= FILE a.pxl\n;| .const N 3\n")
	if d := s.Active(); d.Live() == nil || d.Elsewhere("a.pxl") != "" {
		t.Errorf("%v", d.Assembly().Diagnostics)
	}
	s.Edit(strings.Replace(s.Active().Text(), "N 3", "N 33", 1))
	if d := s.Active(); !d.Current() {
		t.Errorf("%v", d.Assembly().Diagnostics)
	}
	s.OpenText("other", "", "INCLUDE \"a.pxl\"\n")
	if d := s.Active(); d.Live() != nil || !strings.Contains(d.Assembly().Diagnostics[0].Message, "without a folder") {
		t.Errorf("%v", d.Assembly().Diagnostics)
	}
}
