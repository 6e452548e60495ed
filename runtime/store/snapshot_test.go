package store

import (
	"bytes"
	"context"
	"database/sql"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// hand is a clock that stands still until a test moves it.
type hand struct{ now time.Time }

// checked is a check of a store, and the snapshot that it began.
func checked(t *testing.T, s *Store) {
	t.Helper()
	must(t, s.Check(t.Context()))
	s.snapshots.task.done.Wait()
}

func made(t *testing.T, s *Store) (all []string) {
	t.Helper()
	list, err := Snapshots(s.Dir())
	must(t, err)
	for _, x := range list {
		all = append(all, strings.TrimPrefix(x.Name, "snapshot-2026-11-"))
	}
	return all
}

func TestSnapshotsAreMadeByTheHourAndTheOldestGo(t *testing.T) {
	h := hand{start}
	s, _, err := Open(t.Context(), t.TempDir(), Options{Now: func() time.Time { return h.now }})
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	run(t, s, 1, start, hello())
	step := func(d time.Duration, want ...string) {
		t.Helper()
		h.now = h.now.Add(d)
		checked(t, s)
		if got := made(t, s); !slices.Equal(got, want) {
			t.Errorf("at %s: %q, want %q", h.now.Format("02 15:04"), got, want)
		}
	}
	step(0)
	step(9 * time.Minute)
	step(time.Minute, "22T202500Z")
	step(59*time.Minute, "22T202500Z")
	step(time.Minute, "22T212500Z", "22T202500Z")
	step(time.Hour, "22T222500Z", "22T212500Z", "22T202500Z")
	step(time.Hour, "22T232500Z", "22T222500Z", "22T212500Z")
	must(t, s.SetSetting(t.Context(), "snapshots", "2"))
	must(t, s.SetSetting(t.Context(), "snapshot_interval", "30m"))
	step(30*time.Minute, "22T235500Z", "22T232500Z")
	must(t, s.SetSetting(t.Context(), "snapshots", "many"))
	must(t, s.SetSetting(t.Context(), "snapshot_interval", "-1s"))
	step(30*time.Minute, "22T235500Z", "22T232500Z")
	step(30*time.Minute, "23T005500Z", "22T235500Z", "22T232500Z")
	must(t, s.SetSetting(t.Context(), "snapshots", "0"))
	step(24*time.Hour, "23T005500Z", "22T235500Z", "22T232500Z")

	// The loop's clock was set back: what seems to be of the future stops nothing.
	must(t, s.SetSetting(t.Context(), "snapshots", "3"))
	step(-48*time.Hour, "23T005500Z", "22T235500Z", "22T005500Z")
}

// A tenth of the disk is for snapshots; the newest stays.
func TestSnapshotsThatDoNotFitGo(t *testing.T) {
	for _, c := range []struct {
		room int64
		keep int
		left int
	}{{-1, 3, 3}, {100, 3, 3}, {29, 3, 2}, {10, 3, 1}, {1, 3, 1}, {100, 1, 1}} {
		var all []Snapshot
		dir := t.TempDir()
		for _, name := range []string{"a", "b", "c"} {
			path := filepath.Join(dir, name)
			must(t, os.WriteFile(path, nil, 0o600))
			all = append(all, Snapshot{Path: path, Size: 10})
		}
		must(t, prune(all, c.keep, c.room))
		left, err := os.ReadDir(dir)
		must(t, err)
		if len(left) != c.left || left[0].Name() != "a" {
			t.Errorf("%+v: %d are left", c, len(left))
		}
	}
}

func TestASnapshotIsRestoredAndNothingIsOverwritten(t *testing.T) {
	ctx := t.Context()
	s := lineage(t, 4)
	x, err := s.snapshot(ctx, start)
	must(t, err)
	run(t, s, 1, start, hello())
	must(t, s.Close())
	now, err := os.ReadFile(s.Path())
	must(t, err)

	damaged := filepath.Join(t.TempDir(), "damaged.db")
	b, err := os.ReadFile(x.Path)
	must(t, err)
	var page int // which no query of ours meets when it looks what the file is
	must(t, beside(t, s).QueryRow("SELECT rootpage FROM sqlite_schema WHERE name = 'infinite_map_by_time'").Scan(&page))
	copy(b[(page-1)*pageSize:page*pageSize], strings.Repeat("?", pageSize))
	must(t, os.WriteFile(damaged, b, 0o600))
	_, err = Restore(ctx, s.Dir(), damaged, start)
	isErr(t, err, ErrCorrupt)
	_, err = Restore(ctx, s.Dir(), "nothing", start)
	isErr(t, err, ErrNotFound)
	if b, err := os.ReadFile(s.Path()); err != nil || !bytes.Equal(b, now) {
		t.Error("a restore that failed changed the database", err)
	}

	aside, err := Restore(ctx, s.Dir(), x.Name, start)
	must(t, err)
	if b, err := os.ReadFile(aside); err != nil || !bytes.Equal(b, now) {
		t.Error("what was there is not put aside", err)
	}
	old, done := open(t, s.Dir())
	if done.Quarantined != "" || done.Created || done.Migrated {
		t.Errorf("%+v", done)
	}
	verified(t, old, 4)
	run(t, old, 1, start, hello())
	verified(t, old, 5)
}

func TestTheEndOfTheMapIsLoggedOnceADay(t *testing.T) {
	var log bytes.Buffer
	h := hand{start}
	s, _, err := Open(t.Context(), t.TempDir(), Options{Now: func() time.Time { return h.now }, Logger: slog.New(slog.NewTextHandler(&log, nil))})
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	_, id := run(t, s, 1, start, hello())
	m, err := s.MapRow(t.Context(), id)
	must(t, err)
	for day := range 3 {
		for range 3 {
			checked(t, s)
			h.now = h.now.Add(7 * time.Hour)
		}
		h.now = h.now.Add(3 * time.Hour)
		if n := strings.Count(log.String(), "row=1 number=1 hash="+m.Hash+"\n"); n != day+1 {
			t.Errorf("after %d days it was logged %d times:\n%s", day+1, n, log.String())
		}
	}
}

func TestALargeDatabaseIsCopiedDaily(t *testing.T) {
	for size, want := range map[int64]time.Duration{0: time.Hour, 200<<20 - 1: time.Hour, 200 << 20: 24 * time.Hour} {
		if got := snapshotEvery(size); got != want {
			t.Errorf("of %d bytes every %v", size, got)
		}
	}
}

// What else lies in the folder of snapshots is none, and a half one is written anew.
func TestOnlySnapshotsAreSnapshots(t *testing.T) {
	s := lineage(t, 2)
	folder := snapshotFolder(s.Dir())
	must(t, os.MkdirAll(filepath.Join(folder, "snapshot-folder.db"), 0o700))
	for _, name := range []string{"notes.db", "snapshot-1.txt", "snapshot-" + stamp(start) + ".db.part"} {
		must(t, os.WriteFile(filepath.Join(folder, name), []byte("of a process that was killed"), 0o600))
	}
	if all := made(t, s); len(all) != 0 {
		t.Errorf("%q", all)
	}
	x, err := s.snapshot(t.Context(), start)
	must(t, err)
	must(t, checkSnapshot(t.Context(), x.Path))
	if all := made(t, s); !slices.Equal(all, []string{"22T201500Z"}) {
		t.Errorf("%q", all)
	}
	must(t, s.Close())
	if s.snapshots.task.begin(func(context.Context) {}) {
		t.Error("a snapshot is begun of a store that was closed")
	}
}

func TestWhatIsNoSnapshotIsNotRestored(t *testing.T) {
	ctx := t.Context()
	s := lineage(t, 2)
	dir := t.TempDir()
	altered := func(name, statement string) string {
		t.Helper()
		path := filepath.Join(dir, name)
		db, err := sql.Open("sqlite", path+"?_pragma=busy_timeout(60000)")
		must(t, err)
		_, err = db.Exec(statement)
		must(t, err)
		must(t, db.Close())
		return path
	}
	newer := filepath.Join(dir, "newer.db")
	sqlExec(t, beside(t, s), "VACUUM INTO ?", newer)
	altered("newer.db", "UPDATE schema_version SET version = 99")
	_, err := Restore(ctx, s.Dir(), newer, start)
	isErr(t, err, ErrNewer)
	_, err = Restore(ctx, s.Dir(), altered("other.db", "CREATE TABLE notes (text)"), start)
	if err == nil || !strings.Contains(err.Error(), "it is no database of a loop") {
		t.Error(err)
	}
	_, err = Restore(ctx, s.Dir(), dir, start)
	if err == nil || !strings.Contains(err.Error(), "it is no file") {
		t.Error(err)
	}
	verified(t, s, 2)
}

func TestAnEmptyMapHasNoEndToLog(t *testing.T) {
	var log bytes.Buffer
	s, _, err := Open(t.Context(), t.TempDir(), Options{Now: func() time.Time { return start }, Logger: slog.New(slog.NewTextHandler(&log, nil))})
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	checked(t, s)
	if strings.Contains(log.String(), "ends here") {
		t.Error(log.String())
	}
}
