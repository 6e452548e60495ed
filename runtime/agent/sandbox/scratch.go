package sandbox

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// scratchPrefix begins the names of scratch folders, in the system's temporary folder.
const scratchPrefix = "gvpie-script-"

// scratchGrace is how old a folder must be before Sweep takes it for left behind: a
// new one is locked a moment after it is made.
const scratchGrace = time.Minute

// newScratch makes a scratch folder and locks it for as long as this process lives or
// until free is called, which removes it.
func newScratch() (dir string, free func() error, err error) {
	if dir, err = os.MkdirTemp("", scratchPrefix); err != nil {
		return "", nil, err
	}
	held, err := lockScratch(dir)
	if err != nil {
		return "", nil, errors.Join(err, os.Remove(dir))
	}
	return dir, func() error { return errors.Join(held.Close(), removeAll(dir)) }, nil
}

// Sweep removes the scratch folders that processes left behind which were killed, and
// says how many there were. Those of running ones, of others, and what only has such a
// name stay.
func Sweep(now time.Time) (removed int, err error) {
	entries, err := os.ReadDir(os.TempDir())
	if err != nil {
		return 0, err
	}
	var all []error
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), scratchPrefix) || !e.IsDir() {
			continue
		}
		path := filepath.Join(os.TempDir(), e.Name())
		info, err := os.Lstat(path)
		if err != nil || now.Sub(info.ModTime()) < scratchGrace || !ownScratch(info) {
			continue
		}
		held, err := lockScratch(path)
		if err != nil { // its process runs
			continue
		}
		err = errors.Join(held.Close(), removeAll(path))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			all = append(all, err)
			continue
		}
		removed++
	}
	return removed, errors.Join(all...)
}
