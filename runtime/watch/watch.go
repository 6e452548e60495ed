// Package watch tells when the contents of files have changed on disk.
//
// Notifications of the file system are taken as hints only: something may have
// happened to a file. When a file has been quiet for a while after a hint it is
// read, and an [Event] is sent if, and only if, its contents are others than
// before. So every way of saving looks the same: writing in place, in pieces,
// through a symbolic link, to a temporary file renamed over the old one, or
// deleting and creating anew; and a save that changes nothing is no event.
//
// Not files are watched but the directories in which a part of a file's path
// could be replaced (see route.go), because a watch on a file dies with the
// file that an editor replaces. The package knows nothing of what is in the
// files. Start reading at [New], then [Watcher].
package watch

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Kind is what happened to a file.
type Kind uint8

const (
	Changed Kind = iota // it has other contents than before, or is there again
	Removed             // it is gone, and did not come back for a while
)

func (k Kind) String() string {
	if k == Removed {
		return "removed"
	}
	return "changed"
}

// Event is one change of one file, reported once.
type Event struct {
	Path string // as given to Add
	Kind Kind
}

// Options are how long a Watcher waits. The zero value gives the defaults.
type Options struct {
	// Debounce is how long a file must be quiet before it is read: 40 ms.
	Debounce time.Duration
	// Grace is how long a file must be gone, or empty, before that is believed:
	// many editors delete, or truncate, and then write. 400 ms.
	Grace time.Duration
	// Poll is how often a file is read whose directories the system will not
	// watch (its limit is reached, the file system cannot): 1 s.
	Poll time.Duration
	// Clock is the time; nil is the real one.
	Clock Clock
}

// Clock is the time, for tests to hold.
type Clock interface {
	Now() time.Time
	After(time.Duration) <-chan time.Time
}

type wallClock struct{}

func (wallClock) Now() time.Time                         { return time.Now() }
func (wallClock) After(d time.Duration) <-chan time.Time { return time.After(d) }

// ErrClosed is returned by Add after Close.
var ErrClosed = errors.New("the watcher is closed")

// Watcher watches any number of files. Its methods may be called from any
// goroutine.
type Watcher struct {
	opts   Options
	fs     *fsnotify.Watcher
	hints  hints
	do     chan func()
	events chan Event
	quit   chan struct{}
	stop   sync.Once
	done   sync.WaitGroup

	// The rest belongs to the loop.
	files map[string]*file              // by path as given
	dirs  map[string]map[*file]struct{} // watched directory → files that need it
	names map[string]map[*file]struct{} // path → files whose route leads over it
	queue []*file                       // with an event to send, oldest first
}

// New starts a watcher of nothing. It fails when the system gives out no more
// notification queues.
func New(opts Options) (*Watcher, error) {
	if opts.Debounce == 0 {
		opts.Debounce = 40 * time.Millisecond
	}
	if opts.Grace == 0 {
		opts.Grace = 400 * time.Millisecond
	}
	if opts.Poll == 0 {
		opts.Poll = time.Second
	}
	if opts.Clock == nil {
		opts.Clock = wallClock{}
	}
	fs, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("watching files: %w", err)
	}
	w := &Watcher{
		opts: opts, fs: fs,
		hints:  hints{ready: make(chan struct{}, 1)},
		do:     make(chan func()),
		events: make(chan Event),
		quit:   make(chan struct{}),
		files:  map[string]*file{},
		dirs:   map[string]map[*file]struct{}{},
		names:  map[string]map[*file]struct{}{},
	}
	w.done.Add(2)
	go w.pump()
	go w.loop()
	return w, nil
}

// Events is where changes arrive; Close closes it. A receiver that is slow
// loses none: of several changes of one file it gets the last.
func (w *Watcher) Events() <-chan Event { return w.events }

// Add watches a file, which need not exist yet; its contents of now are what
// the next change is measured against. Adding a file twice starts anew.
func (w *Watcher) Add(path string) error {
	abs, err := filepath.Abs(path)
	if err != nil {
		return fmt.Errorf("watching %s: %w", path, err)
	}
	if !w.inLoop(func() {
		w.drop(path)
		f := &file{path: path, abs: abs}
		w.files[path] = f
		w.follow(f)
		f.seen, _ = contentOf(f.abs)
	}) {
		return fmt.Errorf("watching %s: %w", path, ErrClosed)
	}
	return nil
}

// Remove stops watching a file, by the path it was added with. No event of it
// is sent afterwards.
func (w *Watcher) Remove(path string) { w.inLoop(func() { w.drop(path) }) }

// Close stops everything and returns when it has stopped.
func (w *Watcher) Close() error {
	var err error
	w.stop.Do(func() {
		close(w.quit)
		err = w.fs.Close()
		w.done.Wait()
		close(w.events)
	})
	return err
}

// inLoop runs fn in the loop; false when there is none any more.
func (w *Watcher) inLoop(fn func()) bool {
	ran := make(chan struct{})
	select {
	case w.do <- func() { fn(); close(ran) }:
		<-ran
		return true
	case <-w.quit:
		return false
	}
}

// hints are the paths something may have happened to since they were last
// taken. They are a set, so a burst of notifications takes no more room than
// the files it is about.
type hints struct {
	mu    sync.Mutex
	paths map[string]struct{}
	all   bool // some were lost: look at everything
	ready chan struct{}
}

func (h *hints) add(path string, all bool) {
	h.mu.Lock()
	if h.paths == nil {
		h.paths = map[string]struct{}{}
	}
	if all {
		h.all = true
	} else {
		h.paths[path] = struct{}{}
	}
	h.mu.Unlock()
	select {
	case h.ready <- struct{}{}:
	default:
	}
}

func (h *hints) take() (paths map[string]struct{}, all bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	paths, all = h.paths, h.all
	h.paths, h.all = nil, false
	return paths, all
}

// pump empties the system's queue whatever the loop is doing: on Windows adding
// a directory waits for the goroutine that fills it.
func (w *Watcher) pump() {
	defer w.done.Done()
	for {
		select {
		case e, ok := <-w.fs.Events:
			if !ok {
				return
			}
			w.hints.add(e.Name, false)
		case _, ok := <-w.fs.Errors:
			if !ok {
				return
			}
			// The queue overflowed, or a watch broke.
			w.hints.add("", true)
		}
	}
}

func (w *Watcher) loop() {
	defer w.done.Done()
	var wake <-chan time.Time
	var at time.Time // when wake fires; zero for never
	for {
		if due := w.nextDue(); !due.Equal(at) {
			at, wake = due, nil
			if !due.IsZero() {
				wake = w.opts.Clock.After(max(due.Sub(w.opts.Clock.Now()), 0))
			}
		}
		var send chan<- Event
		var next Event
		if len(w.queue) > 0 {
			send, next = w.events, w.queue[0].event()
		}
		select {
		case <-w.quit:
			return
		case fn := <-w.do:
			fn()
		case <-w.hints.ready:
			w.look(w.hints.take())
		case <-wake:
			at, wake = time.Time{}, nil
			w.readDue()
		case send <- next:
			w.queue[0].queued = false
			w.queue = w.queue[1:]
		}
	}
}

// look makes the files that hints are about due.
func (w *Watcher) look(paths map[string]struct{}, all bool) {
	hit := map[*file]struct{}{}
	if all {
		for _, f := range w.files {
			hit[f] = struct{}{}
		}
	}
	for p := range paths {
		maps.Copy(hit, w.names[p])
		// A hint about a watched directory itself: it is gone, and the watch
		// with it.
		maps.Copy(hit, w.dirs[p])
	}
	now := w.opts.Clock.Now()
	for f := range hit {
		// Watch what the path leads over now, before the wait: a file in a new
		// directory may be written only after this.
		w.follow(f)
		f.due, f.missing = now.Add(w.opts.Debounce), time.Time{}
	}
}

func (w *Watcher) nextDue() time.Time {
	var due time.Time
	for _, f := range w.files {
		if !f.due.IsZero() && (due.IsZero() || f.due.Before(due)) {
			due = f.due
		}
	}
	return due
}

// readDue reads the files that are due and queues what became of them.
func (w *Watcher) readDue() {
	now := w.opts.Clock.Now()
	for _, f := range w.files {
		if f.due.IsZero() || f.due.After(now) {
			continue
		}
		f.due = time.Time{}
		if w.follow(f); f.unwatched {
			f.due = now.Add(w.opts.Poll)
		}
		is, ok := contentOf(f.abs)
		if !ok || is == f.seen {
			f.missing = time.Time{}
			continue
		}
		if is.doubtful() {
			if f.missing.IsZero() {
				f.missing = now
			}
			if believe := f.missing.Add(w.opts.Grace); believe.After(now) {
				f.due = believe
				continue
			}
		}
		f.seen, f.missing = is, time.Time{}
		if !f.queued {
			f.queued = true
			w.queue = append(w.queue, f)
		}
	}
}
