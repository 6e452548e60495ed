package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheMendsFitTheToolkit(t *testing.T) {
	dir := t.TempDir()
	for range 2 { // the second time over what is there
		if err := mend(dir); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(filepath.Join(dir, "overlay.json"))
	if err != nil {
		t.Fatal(err)
	}
	var overlay struct{ Replace map[string]string }
	if err := json.Unmarshal(b, &overlay); err != nil {
		t.Fatal(err)
	}
	for was, is := range overlay.Replace {
		differ(t, was, is)
	}
	from, _, err := locate(toolkit)
	if err != nil {
		t.Fatal(err)
	}
	for name := range mends {
		differ(t, filepath.Join(from, name), filepath.Join(dir, toolkit, name))
	}
}

func differ(t *testing.T, was, is string) {
	t.Helper()
	a, errA := os.ReadFile(was)
	b, errB := os.ReadFile(is)
	if errA != nil || errB != nil || string(a) == string(b) {
		t.Errorf("%s is as %s: %v, %v", is, was, errA, errB)
	}
}

func TestAFileThatIsAlreadyRightKeepsItsAge(t *testing.T) {
	file := filepath.Join(t.TempDir(), "folder", "file")
	if err := write(file, []byte("text")); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(file, 0o444); err != nil {
		t.Fatal(err)
	}
	before, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := write(file, []byte("text")); err != nil {
		t.Fatal(err)
	}
	if after, err := os.Stat(file); err != nil || !after.ModTime().Equal(before.ModTime()) {
		t.Errorf("it is written again: %v", err)
	}
}

func TestALineThatHasChangedIsAnError(t *testing.T) {
	from, to := t.TempDir(), t.TempDir()
	changes := map[string][]change{"a.go": {{"old", "new"}, {"", "end\n"}}}
	for _, tt := range []struct{ name, text, want, why string }{
		{"a.go", "an old line\n", "an new line\nend\n", ""},
		{"a.go", "a line\n", "", "this is there 0 times, and was once:\nold"},
		{"a.go", "old and old\n", "", "this is there 2 times, and was once:\nold"},
		{"b.go", "an old line\n", "", "a.go is not there any more, and was to be mended"},
	} {
		if err := write(filepath.Join(from, tt.name), []byte(tt.text)); err != nil {
			t.Fatal(err)
		}
		err := copyMended(from, to, changes)
		if tt.why != "" && (err == nil || !strings.Contains(err.Error(), tt.why)) {
			t.Errorf("%s, %q: %v", tt.name, tt.text, err)
		}
		if got, _ := os.ReadFile(filepath.Join(to, tt.name)); tt.why == "" && (err != nil || string(got) != tt.want) {
			t.Errorf("%q becomes %q, %v", tt.text, got, err)
		}
		os.Remove(filepath.Join(from, tt.name))
	}
}
