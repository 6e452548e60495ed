package atomicfile

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

func text(s string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	}
}

// folder says what is in the file and beside it.
func folder(t *testing.T, path string) (content string, files int) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	return string(b), len(entries)
}

func TestAFileIsMadeAndReplaced(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a")
	for _, want := range []string{"one", "the other"} {
		if err := Write(path, 0o640, text(want)); err != nil {
			t.Fatal(err)
		}
		if got, files := folder(t, path); got != want || files != 1 {
			t.Errorf("%q among %d files", got, files)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o640 && os.PathSeparator == '/' {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

func TestWhatFailsLeavesTheOldFileAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a")
	if err := Write(path, 0o600, text("old")); err != nil {
		t.Fatal(err)
	}
	full := errors.New("the disk is full")
	err := Write(path, 0o600, func(w io.Writer) error { return errors.Join(text("half")(w), full) })
	if !errors.Is(err, full) || err.Error() != full.Error() {
		t.Errorf("the error is %v", err)
	}
	if got, files := folder(t, path); got != "old" || files != 1 {
		t.Errorf("%q among %d files", got, files)
	}
	if err := os.Mkdir(path+"dir", 0o700); err != nil {
		t.Fatal(err)
	}
	if err := Write(path+"dir", 0o600, text("new")); err == nil {
		t.Error("a folder was replaced")
	}
	if _, files := folder(t, path); files != 2 {
		t.Errorf("%d files are left", files)
	}
}

func TestWhatCannotBeWrittenIsAnError(t *testing.T) {
	dir := t.TempDir()
	if err := Write(filepath.Join(dir, "none", "a"), 0o600, text("new")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file in no folder: %v", err)
	}
	path := filepath.Join(dir, "a")
	if err := Write(path, 0o600, text("old")); err != nil {
		t.Fatal(err)
	}
	closed := func(w io.Writer) error { return w.(io.Closer).Close() } // it cannot be finished
	if err := Write(path, 0o600, closed); !errors.Is(err, os.ErrClosed) {
		t.Errorf("a file that was closed: %v", err)
	}
	if got, files := folder(t, path); got != "old" || files != 1 {
		t.Errorf("%q among %d files", got, files)
	}
}

func TestACopyReplacesAndAFailedOneDoesNot(t *testing.T) {
	dir := t.TempDir()
	from, to := filepath.Join(dir, "from"), filepath.Join(dir, "to")
	for _, want := range []string{"one", "the other"} {
		if err := os.WriteFile(from, []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := Copy(from, to, 0o600); err != nil {
			t.Fatal(err)
		}
		if got, files := folder(t, to); got != want || files != 2 {
			t.Errorf("%q among %d files", got, files)
		}
	}
	if err := Copy(filepath.Join(dir, "none"), to, 0o600); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	if err := Copy(dir, to, 0o600); err == nil {
		t.Error("a folder was copied")
	}
	if got, files := folder(t, to); got != "the other" || files != 2 {
		t.Errorf("after copies that failed: %q among %d files", got, files)
	}
}
