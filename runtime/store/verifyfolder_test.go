package store

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// crashed is a copy of a store's files as a killed process leaves them: what was
// written last is in the log alone.
func crashed(t *testing.T, s *Store) (dir string) {
	t.Helper()
	dir = t.TempDir()
	must(t, os.Mkdir(filepath.Join(dir, "db"), 0o700))
	for _, c := range []string{"", "-wal"} {
		b, err := os.ReadFile(s.Path() + c)
		must(t, err)
		must(t, os.WriteFile(filepath.Join(dir, "db", "daemon.db"+c), b, 0o600))
	}
	return dir
}

func TestVerifyReadsTheLogOfAKilledProcessAndLeavesIt(t *testing.T) {
	dir := crashed(t, lineage(t, 5))
	path := filepath.Join(dir, "db", "daemon.db")
	var before [2][]byte
	for i, c := range []string{"", "-wal"} {
		before[i], _ = os.ReadFile(path + c)
	}
	rep, err := VerifyFolder(t.Context(), dir, nil)
	must(t, err)
	if !rep.OK() || rep.Rows != 5 {
		t.Errorf("%+v", rep)
	}
	for i, c := range []string{"", "-wal"} {
		if b, err := os.ReadFile(path + c); err != nil || !bytes.Equal(b, before[i]) || len(b) == 0 {
			t.Errorf("daemon.db%s was changed: %v", c, err)
		}
	}
}

func TestVerifySaysThatAFileIsDamagedAndLeavesIt(t *testing.T) {
	s := lineage(t, 60)
	must(t, s.Close())
	b, err := os.ReadFile(s.Path())
	must(t, err)
	copy(b[8192:], strings.Repeat("?", len(b)-8192))
	must(t, os.WriteFile(s.Path(), b, 0o600))
	_, err = VerifyFolder(t.Context(), s.Dir(), nil)
	isErr(t, err, ErrCorrupt)
	after, err := os.ReadFile(s.Path())
	must(t, err)
	entries, err := os.ReadDir(filepath.Dir(s.Path()))
	must(t, err)
	if !bytes.Equal(b, after) || len(entries) != 1 {
		t.Error("something was written", entries)
	}
}
