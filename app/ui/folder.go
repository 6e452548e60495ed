package ui

import (
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// entry is one line of a folder's listing.
type entry struct {
	Name string
	Dir  bool
}

// folder is the listing of one directory, read away from the window's
// goroutine. Only folders and programs are listed; hidden ones are left out.
type folder struct {
	dir     string
	entries []entry
	err     error
	loading bool
	asked   int
	done    chan listing
	wake    func()
}

type listing struct {
	asked   int
	entries []entry
	err     error
}

// maxEntries bounds a listing; more than a person scrolls through.
const maxEntries = 2000

func newFolder(wake func()) *folder { return &folder{done: make(chan listing, 4), wake: wake} }

// open begins to list a directory.
func (f *folder) open(dir string) {
	if abs, err := filepath.Abs(dir); err == nil {
		dir = abs
	}
	f.dir, f.loading = dir, true
	f.asked++
	l := listing{asked: f.asked}
	go func() {
		l.entries, l.err = list(dir)
		f.done <- l
		f.wake()
	}()
}

// pump takes a finished listing in; the window calls it each frame.
func (f *folder) pump() {
	for {
		select {
		case l := <-f.done:
			if l.asked == f.asked {
				f.entries, f.err, f.loading = l.entries, l.err, false
			}
		default:
			return
		}
	}
}

func list(dir string) ([]entry, error) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var out []entry
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
		if isDir || strings.EqualFold(filepath.Ext(name), ".pxl") {
			out = append(out, entry{Name: name, Dir: isDir})
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
