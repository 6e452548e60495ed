// Package atomicfile writes files whole or not at all: who reads one sees the old
// contents or the new, also after a crash or on a full disk. It knows nothing of
// what is in them, follows no links, and leaves its errors as the system gave them.
package atomicfile

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Copy copies a file whole or not at all, replacing what is there.
func Copy(from, to string, mode fs.FileMode) error {
	f, err := os.Open(from)
	if err != nil {
		return err
	}
	defer f.Close()
	return Write(to, mode, func(w io.Writer) error {
		_, err := io.Copy(w, f)
		return err
	})
}

// Write makes or replaces the file at path with what fill writes: it goes to a
// temporary file in the same folder, which is synced and then takes path's place.
func Write(path string, mode fs.FileMode, fill func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	if err = fill(f); err == nil {
		err = f.Chmod(mode)
	}
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
