package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"gvpie/runtime/atomicfile"
	"gvpie/runtime/store/disk"
)

// Restore puts a copy of a database in the place of a data folder's own: of a snapshot,
// by its name, or of any database of ours, by its path. What was there is moved aside
// under a dated name, which is returned; "" when nothing was there. Nothing is changed
// when the snapshot is damaged or no such database.
//
// The caller has the right to run the loop. Other processes that only read notice that
// the file was replaced.
func Restore(ctx context.Context, dir, snapshot string, now time.Time) (aside string, err error) {
	dir, err = filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	s := &core{dir: dir, o: Options{Now: func() time.Time { return now }}}
	from, err := findSnapshot(dir, snapshot)
	if err != nil {
		return "", err
	}
	const op = "restore the database"
	if err := checkSnapshot(ctx, from); err != nil {
		return "", wrap(op, from, err)
	}
	part := s.file().restoring()
	if err := os.MkdirAll(filepath.Dir(part), 0o700); err != nil {
		return "", wrap(op, filepath.Dir(part), err)
	}
	if err := atomicfile.Copy(from, part, 0o600); err != nil {
		return "", wrap(op, from, err)
	}
	aside = s.dated(replaced, ".db")
	moved, err := s.file().moveAside(aside)
	if err != nil {
		return "", wrap(op, s.Path(), errors.Join(err, os.RemoveAll(part)))
	}
	if err := errors.Join(os.Rename(part, s.Path()), disk.SyncFolder(filepath.Dir(s.Path()))); err != nil {
		return aside, wrap(op, s.Path(), err)
	}
	s.file().moved()
	if !moved {
		aside = ""
	}
	return aside, nil
}

func findSnapshot(dir, name string) (string, error) {
	all, err := Snapshots(dir)
	if err != nil {
		return "", err
	}
	if i := slices.IndexFunc(all, func(x Snapshot) bool { return name == x.Name || name == x.Name+".db" }); i >= 0 {
		return all[i].Path, nil
	}
	info, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return "", &Error{fmt.Sprintf("snapshot %q", name), snapshotFolder(dir), ErrNotFound, err}
	}
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("it is no file")
	}
	return name, wrap("restore the database", name, err)
}

// checkSnapshot says whether a file is a sound database that this program can use.
func checkSnapshot(ctx context.Context, path string) error {
	return readFile(ctx, path, "&immutable=1", func(ctx context.Context, q querier) error {
		if err := sound(ctx, q, "PRAGMA quick_check(1)"); err != nil {
			return err
		}
		version, tables, err := inspect(ctx, q)
		switch {
		case err != nil:
			return err
		case version > len(steps):
			return ErrNewer
		case !slices.Contains(tables, "improvement_scripts") && !slices.Contains(tables, "infinite_map"):
			return errors.New("it is no database of a loop")
		}
		return nil
	})
}
