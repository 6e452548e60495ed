package files

import (
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
)

// Entry is one line of a folder's listing.
type Entry struct {
	Name string
	Dir  bool
}

// Folder is the listing of one directory, read away from the window's
// goroutine. Only folders and files of some endings are listed; hidden ones are left out.
type Folder struct {
	Exts    []string // in lower case: ".pxl"
	Dir     string
	Entries []Entry
	Err     error
	Loading bool
	asked   int
	done    chan listing
	wake    func()
}

type listing struct {
	asked   int
	entries []Entry
	err     error
}

// maxEntries bounds a listing; more than a person scrolls through.
const maxEntries = 2000

// NewFolder makes one of programs that lists nothing yet. wake is called, from any goroutine, when a
// listing is there to be pumped.
func NewFolder(wake func()) *Folder {
	return &Folder{Exts: []string{".pxl"}, done: make(chan listing, 4), wake: wake}
}

// Open begins to list a directory.
func (f *Folder) Open(dir string) {
	if abs, err := filepath.Abs(dir); err == nil {
		dir = abs
	}
	f.Dir, f.Loading = dir, true
	f.asked++
	l, exts := listing{asked: f.asked}, f.Exts
	go func() {
		l.entries, l.err = list(dir, exts)
		f.done <- l
		f.wake()
	}()
}

// Pump takes a finished listing in; the window calls it each frame.
func (f *Folder) Pump() {
	for {
		select {
		case l := <-f.done:
			if l.asked == f.asked {
				f.Entries, f.Err, f.Loading = l.entries, l.err, false
			}
		default:
			return
		}
	}
}

func list(dir string, exts []string) ([]Entry, error) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var out []Entry
	for _, f := range files {
		name := f.Name()
		if strings.HasPrefix(name, ".") {
			continue
		}
		isDir := f.IsDir()
		if f.Type()&os.ModeSymlink != 0 {
			if info, err := os.Stat(filepath.Join(dir, name)); err == nil {
				isDir = info.IsDir()
			}
		}
		if isDir || slices.Contains(exts, strings.ToLower(filepath.Ext(name))) {
			out = append(out, Entry{Name: name, Dir: isDir})
		}
		if len(out) == maxEntries {
			break
		}
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].Dir != out[j].Dir {
			return out[i].Dir
		}
		return strings.ToLower(out[i].Name) < strings.ToLower(out[j].Name)
	})
	return out, nil
}
