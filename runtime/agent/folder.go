package agent

import (
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/fsnotify/fsnotify"

	"gvpie/runtime/watch"
)

// ScriptFolder is where a data folder keeps scripts that are files.
func ScriptFolder(data string) string { return filepath.Join(data, "scripts") }

const (
	scriptExt  = ".pxl"
	scriptMost = 1 << 20 // bytes of a script file
	// bytesAtOnce is how much of files one look reads, and takes in in one transaction.
	// There may be ten thousand files, and the cycle is not to wait long for them.
	bytesAtOnce = 8 << 20
	// filesNamed is how many files a person is told of one by one.
	filesNamed = 10
)

// A folder is the scripts that are files. Every cycle looks through it, so a
// change is never missed; where the system tells of changes, they are taken in
// at once. What the system tells is only a reason to look.
type folder struct {
	a     *Agent
	dir   string
	files map[string]*scriptFile // by path
	gone  map[string]int         // the cycle since which a file is missing that was taken in, by its script

	bytes int // that this look has read

	contents *watch.Watcher    // of the files that are known; nil: cannot be had
	names    *fsnotify.Watcher // of new ones
	done     sync.WaitGroup

	mu    sync.Mutex
	dirty bool
	quiet map[string]bool // paths that a watcher found quiet after a change
}

// A scriptFile is what is known of one file.
type scriptFile struct {
	info    os.FileInfo            // when it was last read
	beside  map[string]os.FileInfo // the files that it includes, by their paths, when it was last read
	taken   string                 // hash of what was taken in last
	doubt   string                 // hash of what did not assemble, and may be half a file
	refused bool                   // it was said that this file cannot be taken in
	watched map[string]bool        // it, and what it includes
}

// openFolder makes the folder and watches it as far as the system can.
func openFolder(a *Agent) *folder {
	f := &folder{a: a, dir: ScriptFolder(a.cfg.Data), files: map[string]*scriptFile{}, gone: map[string]int{}, quiet: map[string]bool{}}
	err := os.MkdirAll(f.dir, 0o755)
	if err != nil {
		a.warn("the scripts folder cannot be made: " + err.Error())
		return f
	}
	if f.contents, err = watch.New(watch.Options{}); err == nil {
		f.done.Add(1)
		go f.watchContents()
		if f.names, err = fsnotify.NewWatcher(); err == nil {
			f.done.Add(1)
			go f.watchNames()
			err = f.names.Add(f.dir)
		}
	}
	if err != nil {
		a.log.Warn("the scripts folder cannot be watched; each cycle looks into it", "error", err)
	}
	return f
}

func (f *folder) close() {
	if f.contents != nil {
		f.contents.Close()
	}
	if f.names != nil {
		f.names.Close()
	}
	f.done.Wait()
}

func (f *folder) watchContents() {
	defer f.done.Done()
	for e := range f.contents.Events() {
		if e.Kind == watch.Changed {
			f.hint(e.Path, true)
		}
	}
}

func (f *folder) watchNames() {
	defer f.done.Done()
	events, errs := f.names.Events, f.names.Errors
	for events != nil || errs != nil {
		select {
		case e, ok := <-events:
			switch {
			case !ok:
				events = nil
			case e.Has(fsnotify.Create) && filepath.Ext(e.Name) == scriptExt:
				f.hint(e.Name, false)
			}
		case _, ok := <-errs:
			if !ok {
				errs = nil
			} else { // the queue overflowed: something was missed
				f.hint("", false)
			}
		}
	}
}

// hint notes that there is a reason to look, and wakes the loop.
func (f *folder) hint(path string, quiet bool) {
	f.mu.Lock()
	f.dirty = true
	if quiet {
		f.quiet[path] = true
	}
	f.mu.Unlock()
	wakeUp(f.a)
}

// changed says whether there is a reason to look.
func (f *folder) changed() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.dirty
}

// purpose is what a program says of itself in the comment it begins with.
func purpose(text, name string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	if strings.HasPrefix(line, "#") || strings.HasPrefix(line, ";") {
		if said := firstLine(strings.TrimLeft(line, "#; ")); said != "" {
			return said
		}
	}
	return "scripts/" + name + scriptExt
}
