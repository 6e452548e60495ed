//go:build unix

package sandbox

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestSweepRemovesWhatWasLeftBehind(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	running, free, err := newScratch()
	if err != nil {
		t.Fatal(err)
	}
	old := filepath.Join(tmp, scratchPrefix+"old")
	closed := filepath.Join(old, "closed") // a script took rights away
	outside := filepath.Join(tmp, "outside")
	for _, dir := range []string{closed, outside, filepath.Join(tmp, "other")} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(outside, filepath.Join(tmp, scratchPrefix+"link")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(closed, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(closed, 0); err != nil {
		t.Fatal(err)
	}
	theirs := filepath.Join(tmp, scratchPrefix+"theirs") // of another user
	if err := os.Mkdir(theirs, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(theirs, 1234, -1); err != nil {
		t.Logf("no folder of another user can be made here: %v", err)
		os.Remove(theirs)
	} else {
		defer os.Remove(theirs)
	}
	if n, err := Sweep(time.Now()); n != 0 || err != nil {
		t.Errorf("at once %d were removed, %v", n, err)
	}
	if n, err := Sweep(time.Now().Add(2 * scratchGrace)); n != 1 || err != nil {
		t.Errorf("%d were removed, %v", n, err)
	}
	for path, want := range map[string]bool{old: false, running: true, outside: true, filepath.Join(tmp, "other"): true} {
		if _, err := os.Stat(path); (err == nil) != want {
			t.Errorf("%s is there: %v", path, err == nil)
		}
	}
	if err := free(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(running); err == nil {
		t.Error("a scratch folder outlives its run")
	}
}
