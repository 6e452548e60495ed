package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// pictured has a run with a picture of its own.
func pictured(t *testing.T, s *Store, text string, success bool) (hash string) {
	t.Helper()
	hash, err := s.PutPicture([]byte(text))
	must(t, err)
	f := hello()
	f.Success, f.HumanPNG = success, hash
	run(t, s, 1, start, f)
	return hash
}

// old are the pictures that may be dropped.
func old(t *testing.T, s *Store, newest int) (hashes []string) {
	t.Helper()
	all, err := s.OldPictures(t.Context(), newest, 100)
	must(t, err)
	for _, p := range all {
		if r, err := s.Run(t.Context(), p.Run); p.Run > 0 && (err != nil || r.HumanPNG != p.Hash) {
			t.Errorf("picture %.8s is not that of run %d, %v", p.Hash, p.Run, err)
		}
		hashes = append(hashes, p.Hash)
	}
	return hashes
}

func isFile(s *Store, hash string) bool {
	_, err := os.Stat(s.PicturePath(hash))
	return err == nil
}

func TestOldPicturesAreThoseNotUsedForLongest(t *testing.T) {
	s := fresh(t)
	a, b, c := pictured(t, s, "a", true), pictured(t, s, "b", true), pictured(t, s, "c", true)
	failed := pictured(t, s, "failed", false)
	if got := old(t, s, 1); !slices.Equal(got, []string{a, b}) {
		t.Errorf("%v", got)
	}
	if got := old(t, s, 3); got != nil {
		t.Errorf("%v", got)
	}
	sqlExec(t, beside(t, s), "UPDATE picture_files SET run_id = run_id - 2000")
	pictured(t, s, "a", true) // used again, long after
	if got := old(t, s, 1); len(got) != 2 || got[0] != b || got[1] != c {
		t.Errorf("%v", got)
	}
	must(t, s.DropPictures(t.Context(), []string{b}, []string{c}))
	if isFile(s, b) || !isFile(s, c) || !isFile(s, failed) {
		t.Error("other files are gone")
	}
	if got := old(t, s, 0); !slices.Equal(got, []string{a}) {
		t.Errorf("%v", got)
	}
	pictured(t, s, "b", true)
	pictured(t, s, "a", false) // one that failed shows the same
	if got := old(t, s, 0); !slices.Equal(got, []string{b}) {
		t.Errorf("%v", got)
	}
	sqlExec(t, beside(t, s), "INSERT OR REPLACE INTO picture_files VALUES (1, 'x', 'y'), (77, x'00', 0), (78, 'x', 0)")
	if got := old(t, s, 0); !slices.Equal(got, []string{b}) {
		t.Errorf("with odd rows: %v", got)
	}
	if _, err := s.PictureRun(t.Context(), "none"); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
}

func TestPicturesOfAnEarlierVersionAreKnown(t *testing.T) {
	s := fresh(t)
	a, failed := pictured(t, s, "a", true), pictured(t, s, "failed", false)
	b := pictured(t, s, "b", true)
	dir := s.Dir()
	must(t, s.Close())
	db := beside(t, s)
	sqlExec(t, db, "DROP TABLE picture_files; UPDATE schema_version SET version = 11; UPDATE run_details SET machine_png = 'odd' WHERE run_id = 1")
	s, _ = open(t, dir)
	if got := old(t, s, 0); !slices.Equal(got, []string{a, b}) || !isFile(s, failed) {
		t.Errorf("%v", got)
	}
}

func TestAnExportHasPicturesThatWereDropped(t *testing.T) {
	ctx := t.Context()
	s := fresh(t)
	a, b, lost := pictured(t, s, "a", true), pictured(t, s, "b", true), pictured(t, s, "lost", true)
	must(t, s.DropPictures(ctx, []string{a, lost}, nil))
	to := filepath.Join(t.TempDir(), "export")
	left, err := s.Export(ctx, to, func(_ context.Context, hash string) ([]byte, error) {
		if hash == a {
			return []byte("a"), nil
		}
		return nil, fmt.Errorf("%.8s is lost", hash)
	}, nil)
	if err != nil || !slices.Equal(left, []string{lost[:8] + " is lost"}) {
		t.Fatal(left, err)
	}
	into := t.TempDir()
	_, err = Import(ctx, into, to, Options{})
	must(t, err)
	s2, _ := open(t, into)
	if !isFile(s2, a) || !isFile(s2, b) || isFile(s2, lost) {
		t.Error("the pictures did not come along")
	}
	if got := old(t, s2, 0); !slices.Equal(got, []string{a, b}) {
		t.Errorf("what may be dropped again: %v", got)
	}
	_, err = Import(ctx, s.Dir(), to, Options{}) // into one that has dropped them
	must(t, err)
	if got := old(t, s, 0); !isFile(s, a) || !slices.Equal(got, []string{a, b}) {
		t.Errorf("what may be dropped again: %v", got)
	}
}
