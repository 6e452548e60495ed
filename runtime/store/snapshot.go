package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"gvpie/runtime/store/disk"
)

// Snapshots are whole copies of the database, which the loop's process makes by itself
// in db/snapshots: hourly while the database is small, else daily. The settings
// snapshots (how many are kept, 0 for none) and snapshot_interval (auto, or a time as
// 6h) say otherwise. Together they never take more than a tenth of the room that there
// would be on the disk without them.

// Snapshot is one of them.
type Snapshot struct {
	Name string // of the file, without .db
	Path string
	Size int64
	Made time.Time
}

const (
	snapshotPrefix = "snapshot-"
	snapshotSmall  = 200 << 20        // a database under that is copied hourly
	snapshotFirst  = 10 * time.Minute // how old a process is that makes the first one
	snapshotLook   = time.Minute      // between two looks at whether one is due
)

// snapshots is what a process knows of making them.
type snapshots struct {
	mu            sync.Mutex
	first, looked time.Time // when Check was called first; when it was last looked
	noRoom        bool      // it was said
	task          task
}

// keepSnapshots begins to make a snapshot, if one is due, and returns at once.
func (s *core) keepSnapshots() {
	t, now := &s.snapshots, s.o.Now()
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.first.IsZero() {
		t.first = now
	}
	if since := now.Sub(t.looked); since >= 0 && since < snapshotLook {
		return
	}
	age := now.Sub(t.first)
	young := age >= 0 && age < snapshotFirst
	if t.task.begin(func(ctx context.Context) {
		if err := s.snapshotIfDue(ctx, now, young); err != nil && ctx.Err() == nil {
			s.o.Logger.Warn("no snapshot of the database was made", "error", s.noted(err))
		}
	}) {
		t.looked = now
	}
}

func (s *core) snapshotIfDue(ctx context.Context, now time.Time, young bool) error {
	keep, every, err := s.snapshotSettings(ctx)
	if err != nil || keep == 0 {
		return err
	}
	info, err := os.Stat(s.Path())
	if err != nil {
		return err
	}
	if every == 0 {
		every = snapshotEvery(info.Size())
	}
	all, err := Snapshots(s.dir)
	if err != nil {
		return err
	}
	// One from a clock that was ahead says nothing.
	i := slices.IndexFunc(all, func(x Snapshot) bool { return !x.Made.After(now) })
	if i < 0 && young || i >= 0 && now.Sub(all[i].Made) < every {
		return nil
	}
	room := int64(-1)
	if free, err := disk.FreeSpace(s.dir); err == nil {
		for _, x := range all {
			free += x.Size
		}
		room = free / 10
	}
	if room >= 0 && info.Size() > room {
		s.sayNoRoom(info.Size(), room)
		return nil
	}
	made, err := s.snapshot(ctx, now)
	if err != nil {
		return err
	}
	s.o.Logger.Info("a snapshot of the database was made", "path", made.Path)
	return prune(slices.Insert(all, 0, made), keep, room)
}

// snapshotEvery is the time between two snapshots of a database of that size.
func snapshotEvery(size int64) time.Duration {
	if size >= snapshotSmall {
		return 24 * time.Hour
	}
	return time.Hour
}

func (s *core) sayNoRoom(size, room int64) {
	t := &s.snapshots
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.noRoom {
		t.noRoom = true
		s.o.Logger.Warn(fmt.Sprintf("no snapshots of the database (%d MB) are made: they may take a tenth of the free disk, %d MB", size>>20, room>>20))
	}
}

// prune removes the oldest, the last, until keep are left that fit into room; -1 is
// any room. The newest stays.
func prune(all []Snapshot, keep int, room int64) error {
	var sum int64
	for i, x := range all {
		if sum += x.Size; i > 0 && (i >= keep || room >= 0 && sum > room) {
			if err := os.Remove(x.Path); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *core) snapshotSettings(ctx context.Context) (keep int, every time.Duration, err error) {
	rows, err := (&settingTable{s}).Settings(ctx)
	if err != nil {
		return 0, 0, err
	}
	value := func(name string) string {
		spec, _ := FindSetting(name)
		if v := rows[name]; spec.Check(v) == nil {
			return v
		}
		return spec.Default
	}
	keep, err = strconv.Atoi(value(SnapshotsSetting))
	if v := value(SnapshotTimeSetting); err == nil && v != "auto" {
		every, err = time.ParseDuration(v)
	}
	return keep, every, err
}

// snapshot makes one, through a connection of its own, while everybody reads and writes.
func (s *core) snapshot(ctx context.Context, now time.Time) (made Snapshot, err error) {
	folder := snapshotFolder(s.dir)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return made, err
	}
	path := unused(filepath.Join(folder, snapshotPrefix+stamp(now)), ".db")
	part := path + ".part"
	defer func() {
		if err != nil {
			err = wrap("make a snapshot", path, errors.Join(err, os.RemoveAll(part)))
		}
	}()
	db, err := sql.Open("sqlite", s.dsn("rw"))
	if err != nil {
		return made, err
	}
	defer db.Close()
	if err := os.RemoveAll(part); err != nil { // of a process that was killed
		return made, err
	}
	if _, err := db.ExecContext(ctx, "VACUUM INTO ?", part); err != nil {
		return made, err
	}
	if err := disk.SyncFile(part); err != nil {
		return made, err
	}
	if err := os.Rename(part, path); err != nil {
		return made, err
	}
	if err := disk.SyncFolder(folder); err != nil {
		return made, err
	}
	return snapshotAt(path)
}

func snapshotFolder(dir string) string { return filepath.Join(dir, "db", "snapshots") }

func snapshotAt(path string) (x Snapshot, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return x, err
	}
	x = Snapshot{Name: strings.TrimSuffix(filepath.Base(path), ".db"), Path: path, Size: info.Size(), Made: info.ModTime()}
	if text := strings.TrimPrefix(x.Name, snapshotPrefix); len(text) >= len(stampForm) {
		if made, err := time.Parse(stampForm, text[:len(stampForm)]); err == nil {
			x.Made = made
		}
	}
	return x, nil
}

// Snapshots are the snapshots of a data folder, the newest first.
func Snapshots(dir string) ([]Snapshot, error) {
	folder := snapshotFolder(dir)
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, wrap("list the snapshots", folder, err)
	}
	var all []Snapshot
	for _, e := range entries {
		if !e.Type().IsRegular() || !strings.HasPrefix(e.Name(), snapshotPrefix) || filepath.Ext(e.Name()) != ".db" {
			continue
		}
		x, err := snapshotAt(filepath.Join(folder, e.Name()))
		if err == nil { // else it was removed meanwhile
			all = append(all, x)
		}
	}
	slices.SortFunc(all, func(a, b Snapshot) int { return b.Made.Compare(a.Made) })
	return all, nil
}
