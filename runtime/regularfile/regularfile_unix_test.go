//go:build unix

package regularfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func TestOnlyRegularFilesAreOpened(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	if err := os.WriteFile(at("file"), []byte("text"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(at("pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	for link, to := range map[string]string{"good": at("file"), "bad": at("pipe"), "device": "/dev/zero"} {
		if err := os.Symlink(to, at(link)); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]error{"file": nil, "good": nil, "pipe": ErrNot, "bad": ErrNot, "device": ErrNot, ".": ErrNot, "none": fs.ErrNotExist} {
		text, err := Read(at(name), 100)
		if !errors.Is(err, want) || err == nil && string(text) != "text" {
			t.Errorf("%s: %q, %v; want %v", name, text, err, want)
		}
		// A pipe that nobody reads must not hold up who writes either.
		f, err := OpenFile(at(name), os.O_WRONLY|os.O_APPEND, 0)
		if !errors.Is(err, want) {
			t.Errorf("%s for writing: %v; want %v", name, err, want)
		}
		if err == nil {
			f.Close()
		}
	}
	if text, err := Read(at("file"), 2); err != nil || len(text) != 3 {
		t.Errorf("of a file larger than 2 bytes: %q, %v", text, err)
	}
	if f, err := OpenFile(at("new"), os.O_WRONLY|os.O_CREATE, 0o600); err != nil || f.Close() != nil {
		t.Error(err)
	}
}
