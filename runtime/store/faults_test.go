package store

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// lockFor takes the right to write away from everybody else until the returned function
// gives it back.
func lockFor(t *testing.T, db *sql.DB) (release func()) {
	t.Helper()
	sqlExec(t, db, "BEGIN EXCLUSIVE")
	return func() { sqlExec(t, db, "ROLLBACK") }
}

func TestALockedDatabaseIsSaidAndSurvived(t *testing.T) {
	ctx := t.Context()
	s, _, err := Open(ctx, t.TempDir(), Options{Patience: 30 * time.Millisecond})
	must(t, err)
	defer func() { must(t, s.Close()) }()
	id, err := s.BeginRun(ctx, 1, start, "CPU")
	must(t, err)
	release := lockFor(t, beside(t, s))
	_, err = s.FinishRun(ctx, id, hello())
	isErr(t, err, ErrLocked)
	if !strings.Contains(err.Error(), "finish run 1: the database is locked by another program") {
		t.Error(err)
	}
	if _, err := s.Runs(ctx, Page{}); err != nil {
		t.Errorf("reading waits for writers: %v", err)
	}
	release()
	_, err = s.FinishRun(ctx, id, hello())
	must(t, err)
	verified(t, s, 1)
}

func TestALockIsWaitedFor(t *testing.T) {
	s, _, err := Open(t.Context(), t.TempDir(), Options{Patience: time.Hour})
	must(t, err)
	defer func() { must(t, s.Close()) }()
	release := lockFor(t, beside(t, s))
	done := make(chan error)
	go func() {
		_, err := s.BeginRun(context.Background(), 1, start, "CPU")
		done <- err
	}()
	_, err = s.Runs(t.Context(), Page{})
	must(t, err)
	// A health check does not wait for ever: on a busy computer its time is over before
	// it wants to write, until it has enough.
	err = context.DeadlineExceeded
	for patience := 20 * time.Millisecond; errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, ErrLocked); patience *= 2 {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		err = s.Check(ctx)
		cancel()
	}
	release()
	isErr(t, err, ErrLocked)
	must(t, <-done)
}

func TestAWaitEndsWithItsContext(t *testing.T) {
	s, _, err := Open(t.Context(), t.TempDir(), Options{Patience: time.Hour})
	must(t, err)
	defer func() { must(t, s.Close()) }()
	defer lockFor(t, beside(t, s))()
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(10*time.Millisecond, cancel)
	_, err = s.BeginRun(ctx, 1, start, "CPU")
	isErr(t, err, context.Canceled)
}

func TestAFullDiskLosesNothingThatWasAcknowledged(t *testing.T) {
	ctx := t.Context()
	s := lineage(t, 5)
	id, err := s.BeginRun(ctx, 1, start, "CPU")
	must(t, err)
	var pages int
	must(t, s.h.w.QueryRow("PRAGMA page_count").Scan(&pages))
	must(t, s.h.w.QueryRow("PRAGMA max_page_count = 1").Scan(&pages)) // means: as it is
	f := hello()
	f.Stdout = strings.Repeat("x", 100_000)
	_, err = s.FinishRun(ctx, id, f)
	isErr(t, err, ErrFull)
	verified(t, s, 5)
	r, err := s.Run(ctx, id)
	if err != nil || !r.Running() {
		t.Fatalf("%+v %v", r, err)
	}
	must(t, s.h.w.QueryRow("PRAGMA max_page_count = 1000000").Scan(&pages))
	_, err = s.FinishRun(ctx, id, f)
	must(t, err)
	if r, err = s.Run(ctx, id); err != nil || r.Stdout != f.Stdout {
		t.Fatalf("%d bytes, %v", len(r.Stdout), err)
	}
	verified(t, s, 6)
}

func TestAClockThatJumpsUpsetsNothing(t *testing.T) {
	ctx := t.Context()
	dir := t.TempDir()
	s, _ := openAt(t, dir, start)
	for _, name := range []string{"a", "b", "c"} {
		_, _, err := s.UpsertScript(ctx, Script{Name: name, Lang: "pixel", Code: "HALT", Enabled: true})
		must(t, err)
	}
	now := start
	var order []string
	jump := map[int]time.Duration{4: -24 * time.Hour, 9: 48 * time.Hour, 14: -24 * time.Hour}
	for i := range 20 {
		now = now.Add(10*time.Second + jump[i])
		due, _, err := s.DueScripts(ctx, now, 1)
		must(t, err)
		if len(due) != 1 {
			t.Fatalf("nothing is due in cycle %d", i)
		}
		order = append(order, due[0].Name)
		f := hello()
		f.Code = due[0].Code
		run(t, s, due[0].ID, now, f)
	}
	want := slices.Repeat([]string{"hello_gpu", "a", "b", "c"}, 5)
	if !slices.Equal(order, want) {
		t.Errorf("%v", order)
	}
	verified(t, s, 20)
	all, err := s.Runs(ctx, Page{})
	must(t, err)
	if !slices.IsSortedFunc(all, func(a, b Run) int { return int(b.ID - a.ID) }) {
		t.Error("not newest first")
	}
}

func TestADeletedDatabaseIsNoticedAndWhatItHeldIsSaved(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(t *testing.T, s *Store)
		kept  int64 // runs in what lies at the path afterwards
	}{
		{"the file", func(t *testing.T, s *Store) { must(t, os.Remove(s.Path())) }, 0},
		{"the file and its log", func(t *testing.T, s *Store) {
			for _, c := range companions {
				os.Remove(s.Path() + c)
			}
		}, 0},
		{"the folder", func(t *testing.T, s *Store) { must(t, os.RemoveAll(filepath.Dir(s.Path()))) }, 0},
		{"replaced by a backup", func(t *testing.T, s *Store) {
			other := lineage(t, 2)
			must(t, other.Close())
			must(t, os.Rename(other.Path(), s.Path()))
			os.Remove(s.Path() + "-wal")
		}, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx := t.Context()
			s := lineage(t, 4)
			must(t, s.Check(ctx))
			c.spoil(t, s)
			run(t, s, 1, start, hello()) // written before anybody noticed
			isErr(t, s.Check(ctx), ErrGone)
			done, err := s.Reopen(ctx)
			must(t, err)
			if done.Salvaged == "" || done.Created != (c.kept == 0) || done.Quarantined != "" || len(done.Messages) == 0 {
				t.Errorf("%+v", done)
			}
			must(t, s.Check(ctx))
			verified(t, s, c.kept)
			run(t, s, 1, start, hello())
			verified(t, s, c.kept+1)

			saved := t.TempDir()
			must(t, os.Mkdir(filepath.Join(saved, "db"), 0o700))
			must(t, os.Rename(done.Salvaged, filepath.Join(saved, "db", "daemon.db")))
			old, _ := open(t, saved)
			verified(t, old, 5)
			if again, err := s.Reopen(ctx); err != nil || again.Salvaged != "" {
				t.Errorf("%+v %v", again, err)
			}
		})
	}
}

func TestADamagedDatabaseIsPutAsideAndNothingOverwritten(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "db", "daemon.db")
	must(t, os.Mkdir(filepath.Dir(path), 0o700))
	for i, junk := range []string{"this is no database, but somebody wrote it", strings.Repeat("SQLite format 3\x00", 300), "again"} {
		must(t, os.WriteFile(path, []byte(junk), 0o600))
		must(t, os.WriteFile(path+"-wal", []byte("its log"), 0o600))
		s, done := open(t, dir)
		if !done.Created || done.Quarantined == "" || !strings.Contains(strings.Join(done.Messages, " "), done.Quarantined) {
			t.Fatalf("%d: %+v", i, done)
		}
		b, err := os.ReadFile(done.Quarantined)
		if err != nil || string(b) != junk {
			t.Errorf("%d: what was put aside is not what was there: %v", i, err)
		}
		must(t, s.Check(t.Context()))
		must(t, s.Close())
	}
	aside, err := filepath.Glob(filepath.Join(dir, "db", "daemon-quarantined-2026-11-22T201500Z*.db"))
	if err != nil || len(aside) != 3 {
		t.Error(aside, err)
	}
}

func TestAFolderInTheDatabasesPlaceIsPutAside(t *testing.T) {
	dir := t.TempDir()
	must(t, os.MkdirAll(filepath.Join(dir, "db", "daemon.db", "x"), 0o700))
	_, done := open(t, dir)
	if _, err := os.Stat(filepath.Join(done.Quarantined, "x")); err != nil {
		t.Error(err)
	}
}

// TestDamageMetWhileRunningIsMended overwrites pages under an open store.
func TestDamageMetWhileRunningIsMended(t *testing.T) {
	ctx := t.Context()
	s := lineage(t, 60)
	var root, size int64
	must(t, s.h.w.QueryRow("SELECT rootpage FROM sqlite_schema WHERE name = 'improvement_runs'").Scan(&root))
	must(t, s.h.w.QueryRow("PRAGMA page_size").Scan(&size))
	sqlExec(t, s.h.w, "PRAGMA wal_checkpoint(TRUNCATE)")
	f, err := os.OpenFile(s.Path(), os.O_WRONLY, 0)
	must(t, err)
	_, err = f.WriteAt([]byte(strings.Repeat("?", int(size))), (root-1)*size)
	must(t, err)
	must(t, f.Close())
	var met error
	for range readers + 1 { // a connection with the page in its cache does not meet it
		if _, met = s.Runs(ctx, Page{}); met != nil {
			break
		}
	}
	isErr(t, met, ErrCorrupt)
	isErr(t, s.Check(ctx), ErrCorrupt)
	done, err := s.Reopen(ctx)
	must(t, err)
	if done.Quarantined == "" || !done.Created {
		t.Errorf("%+v", done)
	}
	must(t, s.Check(ctx))
	run(t, s, 1, start, hello())
}

func TestANewerDatabaseIsNotTouched(t *testing.T) {
	s := fresh(t)
	sqlExec(t, beside(t, s), "UPDATE schema_version SET version = 99")
	must(t, s.Close())
	_, done, err := Open(t.Context(), s.Dir(), Options{})
	isErr(t, err, ErrNewer)
	if done.Quarantined != "" || done.Backup != "" {
		t.Errorf("%+v", done)
	}
}

func TestAClosedStoreSaysSo(t *testing.T) {
	s := fresh(t)
	must(t, s.Close())
	must(t, s.Close())
	_, err := s.Runs(t.Context(), Page{})
	isErr(t, err, ErrClosed)
	isErr(t, s.SetSetting(t.Context(), "a", "b"), ErrClosed)
	isErr(t, s.Check(t.Context()), ErrClosed)
	_, err = s.Reopen(t.Context())
	isErr(t, err, ErrClosed)
}
