package files

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWhatOpenRefusesIsNeverWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "p.pxl")
	if err := os.WriteFile(path, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ text, want string }{
		"too large":      {strings.Repeat("x", MaxFile+1), "a program text may have up to 4 MB"},
		"a control byte": {"a\x00", "its text is not text: there is a NUL byte at 1"},
		"no UTF-8":       {"a\xff", "is not UTF-8"},
	} {
		if err := WriteProgram(path, Program{Text: c.text}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if b, _ := os.ReadFile(path); string(b) != "old" {
			t.Errorf("%s: the file holds %.20q", name, b)
		}
	}
	if err := WriteProgram(path, Program{Text: strings.Repeat("x", MaxFile)}); err != nil {
		t.Error(err)
	}
}
