package watch

import (
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"
	"time"
)

// hashed is up to what size a file's contents are compared; of a larger one
// only size and time are.
const hashed = 16 << 20

// A file is one watched path and what is known about it.
type file struct {
	path      string // as given
	abs       string
	way       route
	unwatched bool      // some directory of way could not be watched: poll
	seen      content   // what was last reported, or found at Add
	due       time.Time // when to read it; zero for not at all
	missing   time.Time // since when it is gone or empty; zero if it is not
	queued    bool      // an event waits to be sent
}

// event is the file's event as of now, which is the last one when several were
// due.
func (f *file) event() Event {
	if f.seen.gone {
		return Event{f.path, Removed}
	}
	return Event{f.path, Changed}
}

// A content is what is compared of a file: equal for equal bytes.
type content struct {
	gone bool
	size int64
	sum  [sha256.Size]byte
	time time.Time // of files too large to hash
}

// doubtful says whether this is what a file looks like half way through a save.
func (p content) doubtful() bool { return p.gone || p.size == 0 }

// contentOf reads a file. ok is false when it cannot be known what is in it,
// as when it may not be read; what is not a regular file counts as gone.
func contentOf(path string) (p content, ok bool) {
	// Not opened before it is known to be a file: opening a pipe would wait.
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular():
		return content{gone: true}, true
	case err != nil:
		return p, false
	case info.Size() > hashed:
		return content{size: info.Size(), time: info.ModTime()}, true
	}
	r, err := os.Open(path)
	if err != nil {
		return content{gone: true}, errors.Is(err, fs.ErrNotExist)
	}
	defer r.Close()
	h := sha256.New()
	if p.size, err = io.Copy(h, io.LimitReader(r, hashed)); err != nil {
		return p, false
	}
	h.Sum(p.sum[:0])
	return p, true
}

// follow watches the directories that the file's path leads over now, and no
// longer those it led over before.
func (w *Watcher) follow(f *file) {
	// A part of the path may be replaced between finding the way and watching
	// it; what is watched is right when the way is the same afterwards.
	for range maxLinks {
		way := trace(f.abs)
		w.walk(f, way)
		if again := trace(f.abs); slices.Equal(again, way) {
			return
		}
	}
}

// walk makes the directories and names of way those that concern f.
func (w *Watcher) walk(f *file, way route) {
	old := f.way
	f.way, f.unwatched = way, false
	for _, s := range way {
		join(w.names, s.path(), f)
		if len(w.dirs[s.dir]) == 0 || !w.watched(s.dir) {
			if err := w.fs.Add(s.dir); err != nil {
				f.unwatched = true
			}
		}
		join(w.dirs, s.dir, f)
	}
	for _, s := range old {
		if !slices.ContainsFunc(way, func(t component) bool { return t == s }) {
			part(w.names, s.path(), f)
		}
		if !slices.ContainsFunc(way, func(t component) bool { return t.dir == s.dir }) && part(w.dirs, s.dir, f) {
			// An error means that the watch went with its directory.
			_ = w.fs.Remove(s.dir)
		}
	}
	if f.unwatched && f.due.IsZero() {
		f.due = w.opts.Clock.Now().Add(w.opts.Poll)
	}
}

// watched says whether the system still watches a directory: it stops by
// itself when the directory goes.
func (w *Watcher) watched(dir string) bool { return slices.Contains(w.fs.WatchList(), dir) }

// drop forgets a file.
func (w *Watcher) drop(path string) {
	f := w.files[path]
	if f == nil {
		return
	}
	delete(w.files, path)
	w.walk(f, nil)
	w.queue = slices.DeleteFunc(w.queue, func(q *file) bool { return q == f })
}

func join(m map[string]map[*file]struct{}, key string, f *file) {
	if m[key] == nil {
		m[key] = map[*file]struct{}{}
	}
	m[key][f] = struct{}{}
}

// part says whether f was the last.
func part(m map[string]map[*file]struct{}, key string, f *file) (last bool) {
	if _, ok := m[key][f]; !ok {
		return false
	}
	delete(m[key], f)
	if len(m[key]) > 0 {
		return false
	}
	delete(m, key)
	return true
}
