package watch

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// clock stands still until told otherwise.
type clock struct {
	mu    sync.Mutex
	now   time.Time
	waits []wait
	armed chan struct{} // has an element after a wait was set
}

type wait struct {
	at time.Time
	ch chan time.Time
}

func newClock() *clock {
	return &clock{now: time.Unix(1, 0), armed: make(chan struct{}, 1)}
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) After(d time.Duration) <-chan time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	ch := make(chan time.Time, 1)
	c.waits = append(c.waits, wait{c.now.Add(d), ch})
	select {
	case c.armed <- struct{}{}:
	default:
	}
	return ch
}

// advance moves the time and fires what is due.
func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	rest := c.waits[:0]
	for _, w := range c.waits {
		if w.at.After(c.now) {
			rest = append(rest, w)
		} else {
			w.ch <- c.now
		}
	}
	c.waits = rest
}

// furthest is how far off the last wait is.
func (c *clock) furthest() (d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, w := range c.waits {
		d = max(d, w.at.Sub(c.now))
	}
	return d
}

// bench is a watcher, a folder, and the time in hand.
type bench struct {
	*testing.T
	w     *Watcher
	clock *clock
	dir   string
}

func newBench(t *testing.T) *bench {
	b := &bench{T: t, clock: newClock()}
	// The temporary folder itself may lie behind a link, as on macOS.
	dir, err := filepath.EvalSymlinks(t.TempDir())
	b.ok(err)
	b.dir = dir
	b.w, err = New(Options{Debounce: 40 * time.Millisecond, Grace: 400 * time.Millisecond, Clock: b.clock})
	b.ok(err)
	t.Cleanup(func() { b.ok(b.w.Close()) })
	return b
}

func (b *bench) ok(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func (b *bench) path(name string) string { return filepath.Join(b.dir, name) }

func (b *bench) write(name, text string) string {
	b.Helper()
	b.ok(os.WriteFile(b.path(name), []byte(text), 0o644))
	return b.path(name)
}

// watch writes a file and watches it.
func (b *bench) watch(name, text string) string {
	b.Helper()
	p := b.write(name, text)
	b.ok(b.w.Add(p))
	return p
}

// next moves the time on whenever the watcher waits for it,
// until there is an event.
func (b *bench) next() Event {
	b.Helper()
	stuck := time.After(2 * time.Minute)
	for {
		select {
		case e := <-b.w.Events():
			return e
		case <-b.clock.armed:
			b.clock.advance(b.clock.furthest())
		case <-stuck:
			b.Fatal("no event")
		}
	}
}

func (b *bench) want(path string, kind Kind) {
	b.Helper()
	if e := b.next(); e != (Event{path, kind}) {
		b.Fatalf("got %s of %s, want %s of %s", e.Kind, e.Path, kind, path)
	}
}

// quiet claims that nothing is to be told: another file, changed now, is told
// of next.
func (b *bench) quiet() {
	b.Helper()
	p := b.watch("sentinel", "a")
	b.write("sentinel", "changed")
	b.want(p, Changed)
	b.w.Remove(p)
}

// until asks the watcher's goroutine again and again whether something is so.
// Each time the watcher waits for the time, it moves on by step.
func (b *bench) until(step time.Duration, so func() bool) {
	b.Helper()
	stuck := time.Now().Add(2 * time.Minute)
	for yes := false; ; {
		if b.w.inLoop(func() { yes = so() }); yes {
			return
		}
		select {
		case <-b.clock.armed:
			b.clock.advance(step)
		default:
			runtime.Gosched()
		}
		if time.Now().After(stuck) {
			b.Fatal("it never came to pass")
		}
	}
}

// hinted makes sure the watcher has taken a hint about a file at this time.
func (b *bench) hinted(path string) {
	b.Helper()
	b.until(0, func() bool { return b.w.files[path].due.Equal(b.clock.Now().Add(b.w.opts.Debounce)) })
}

// told counts the events that wait to be taken.
func (b *bench) told() (n int) {
	b.w.inLoop(func() { n = len(b.w.queue) })
	return n
}

// saves are the ways in which editors write a file.
var saves = map[string]func(b *bench, path, text string){
	"in place": func(b *bench, path, text string) {
		b.ok(os.WriteFile(path, []byte(text), 0o644))
	},
	"renamed over": func(b *bench, path, text string) {
		b.ok(os.WriteFile(path+".tmp", []byte(text), 0o644))
		b.ok(os.Rename(path+".tmp", path))
	},
	"backup, then new": func(b *bench, path, text string) {
		b.ok(os.Rename(path, path+"~"))
		b.ok(os.WriteFile(path, []byte(text), 0o644))
	},
	"deleted and created": func(b *bench, path, text string) {
		b.ok(os.Remove(path))
		b.ok(os.WriteFile(path, []byte(text), 0o644))
	},
	"in pieces": func(b *bench, path, text string) {
		f, err := os.Create(path)
		b.ok(err)
		for i := range text {
			_, err = f.WriteString(text[i : i+1])
			b.ok(err)
			b.ok(f.Sync())
		}
		b.ok(f.Close())
	},
}

func TestEveryWayOfSavingIsSeenAgainAndAgain(t *testing.T) {
	for name, save := range saves {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			p := b.watch("a.pxl", "HALT")
			for i := range 3 {
				save(b, p, fmt.Sprintf("TXT 1 1 save %d", i))
				b.want(p, Changed)
			}
		})
	}
}

func TestSavingTheSameIsNoEvent(t *testing.T) {
	for name, save := range saves {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			p := b.watch("a.pxl", "HALT")
			save(b, p, "HALT")
			b.quiet()
		})
	}
}

func TestSaveThroughLinkIsSeen(t *testing.T) {
	for name, save := range saves {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			b.ok(os.Mkdir(b.path("real"), 0o755))
			b.ok(os.Mkdir(b.path("links"), 0o755))
			target := b.write("real/a.pxl", "HALT")
			link := b.path("links/a.pxl")
			if err := os.Symlink(target, link); err != nil {
				t.Skipf("no symbolic links here: %v", err)
			}
			b.ok(b.w.Add(link))
			save(b, target, "TXT 1 1 one")
			b.want(link, Changed)
			save(b, target, "TXT 1 1 two")
			b.want(link, Changed)
		})
	}
}

func TestLinkTurnedToAnotherFileIsSeen(t *testing.T) {
	b := newBench(t)
	for _, d := range []string{"v1", "v2"} {
		b.ok(os.Mkdir(b.path(d), 0o755))
		b.write(d+"/a.pxl", d)
	}
	if err := os.Symlink("v1", b.path("now")); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
	p := b.path("now/a.pxl")
	b.ok(b.w.Add(p))
	b.ok(os.Symlink("v2", b.path("now.tmp")))
	b.ok(os.Rename(b.path("now.tmp"), b.path("now")))
	b.want(p, Changed)
	b.write("v2/a.pxl", "v2 changed")
	b.want(p, Changed)
	b.write("v1/a.pxl", "of no concern now")
	b.quiet()
}

func TestLinksInACircleAreAFileThatIsGone(t *testing.T) {
	b := newBench(t)
	p := b.path("a.pxl")
	if err := os.Symlink("b.pxl", p); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
	b.ok(os.Symlink("a.pxl", b.path("b.pxl")))
	b.ok(b.w.Add(p))
	b.ok(os.Remove(b.path("b.pxl")))
	b.write("b.pxl", "HALT")
	b.want(p, Changed)
}

func TestRemovedIsToldOnceAndTheReturnToo(t *testing.T) {
	b := newBench(t)
	p := b.watch("a.pxl", "HALT")
	b.ok(os.Remove(p))
	b.want(p, Removed)
	b.quiet()
	b.write("a.pxl", "HALT")
	b.want(p, Changed)
}

func TestFileThatIsNotThereYet(t *testing.T) {
	b := newBench(t)
	p := b.path("later/on/a.pxl")
	b.ok(b.w.Add(p))
	b.quiet()
	b.ok(os.MkdirAll(filepath.Dir(p), 0o755))
	b.ok(os.WriteFile(p, []byte("HALT"), 0o644))
	b.want(p, Changed)
}

func TestFolderMayVanishAndReturn(t *testing.T) {
	for name, vanish := range map[string]func(b *bench, dir string){
		"deleted":    func(b *bench, dir string) { b.ok(os.RemoveAll(dir)) },
		"moved away": func(b *bench, dir string) { b.ok(os.Rename(dir, dir+".old")) },
	} {
		t.Run(name, func(t *testing.T) {
			if runtime.GOOS == "windows" && name == "moved away" {
				t.Skip("Windows moves no folder that is being watched")
			}
			b := newBench(t)
			dir := b.path("work")
			b.ok(os.Mkdir(dir, 0o755))
			p := b.watch("work/a.pxl", "HALT")
			vanish(b, dir)
			b.want(p, Removed)
			b.ok(os.Mkdir(dir, 0o755))
			b.write("work/a.pxl", "TXT 1 1 back")
			b.want(p, Changed)
			b.write("work/a.pxl", "TXT 1 1 and alive")
			b.want(p, Changed)
		})
	}
}

func TestNothingIsToldBeforeAFileIsQuiet(t *testing.T) {
	b := newBench(t)
	p := b.watch("a.pxl", "HALT")
	for i := range 4 {
		b.write("a.pxl", fmt.Sprintf("half a save %d", i))
		b.hinted(p)
		b.clock.advance(b.w.opts.Debounce * 3 / 4)
		if n := b.told(); n != 0 {
			t.Fatalf("%d events %v after a write", n, b.w.opts.Debounce*3/4)
		}
	}
	b.clock.advance(b.w.opts.Debounce)
	b.want(p, Changed)
	b.quiet()
}

func TestEmptyFileIsBelievedOnlyAfterAWhile(t *testing.T) {
	b := newBench(t)
	p := b.watch("a.pxl", "HALT")
	b.write("a.pxl", "")
	b.until(b.w.opts.Debounce, func() bool { return !b.w.files[p].missing.IsZero() })
	if n := b.told(); n != 0 {
		t.Fatalf("%d events of a file that was just truncated", n)
	}
	b.write("a.pxl", "TXT 1 1 whole")
	b.want(p, Changed)
	b.quiet()
	b.write("a.pxl", "")
	b.want(p, Changed)
}

func TestSlowReceiverGetsTheLastOfSeveralChanges(t *testing.T) {
	b := newBench(t)
	p := b.watch("a.pxl", "HALT")
	b.write("a.pxl", "TXT 1 1 one")
	b.until(b.w.opts.Debounce, func() bool { return len(b.w.queue) == 1 })
	b.ok(os.Remove(p))
	b.until(b.w.opts.Grace, func() bool { return b.w.files[p].seen.gone })
	b.want(p, Removed)
	b.quiet()
}

func TestManyFilesInManyFolders(t *testing.T) {
	b := newBench(t)
	want := map[string]bool{}
	for d := range 10 {
		b.ok(os.Mkdir(b.path(fmt.Sprint(d)), 0o755))
		for f := range 20 {
			want[b.watch(fmt.Sprintf("%d/%d.pxl", d, f), "HALT")] = true
		}
	}
	for p := range want {
		b.ok(os.WriteFile(p, []byte("TXT 1 1 new"), 0o644))
	}
	for len(want) > 0 {
		e := b.next()
		if e.Kind != Changed || !want[e.Path] {
			t.Fatalf("%s of %s", e.Kind, e.Path)
		}
		delete(want, e.Path)
	}
}

func TestRemoveEndsWatchingAndLeavesNothingBehind(t *testing.T) {
	b := newBench(t)
	p, q := b.watch("a.pxl", "HALT"), b.watch("b.pxl", "HALT")
	b.write("a.pxl", "TXT 1 1 new")
	b.hinted(p)
	b.w.Remove(p)
	b.clock.advance(b.w.opts.Debounce)
	b.quiet()
	b.write("b.pxl", "TXT 1 1 new")
	b.want(q, Changed)
	b.w.Remove(q)
	b.w.Remove(q)
	b.w.inLoop(func() {
		if n := len(b.w.dirs) + len(b.w.names) + len(b.w.files) + len(b.w.fs.WatchList()); n != 0 {
			t.Errorf("%d entries are left: %v %v", n, b.w.dirs, b.w.fs.WatchList())
		}
	})
}

func TestPathIsReportedAsGiven(t *testing.T) {
	b := newBench(t)
	t.Chdir(b.dir)
	b.write("a.pxl", "HALT")
	b.ok(b.w.Add("./a.pxl"))
	b.write("a.pxl", "TXT 1 1 new")
	b.want("./a.pxl", Changed)
}

func TestFolderIsNotAFile(t *testing.T) {
	b := newBench(t)
	p := b.watch("a.pxl", "HALT")
	b.ok(os.Remove(p))
	b.ok(os.Mkdir(p, 0o755))
	b.want(p, Removed)
}

func TestCloseEndsEverything(t *testing.T) {
	b := newBench(t)
	b.watch("a.pxl", "HALT")
	b.ok(b.w.Close())
	b.ok(b.w.Close())
	if _, open := <-b.w.Events(); open {
		t.Error("an event after Close")
	}
	if err := b.w.Add(b.path("a.pxl")); !errors.Is(err, ErrClosed) {
		t.Errorf("Add after Close: %v", err)
	}
	b.w.Remove(b.path("a.pxl"))
}

func TestFolderThatCannotBeWatchedIsPolled(t *testing.T) {
	b := newBench(t)
	p := b.watch("a.pxl", "HALT")
	// A watcher whose queue is gone can watch no folder.
	b.ok(b.w.fs.Close())
	b.ok(b.w.Add(p))
	b.write("a.pxl", "TXT 1 1 new")
	b.want(p, Changed)
	b.write("a.pxl", "TXT 1 1 newer")
	b.want(p, Changed)
}
