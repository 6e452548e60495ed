package agent

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/fsnotify/fsnotify"

	"gvpie/runtime/pxl"
	"gvpie/runtime/store"
	"gvpie/runtime/watch"
)

// ScriptFolder is where a data folder keeps scripts that are files.
func ScriptFolder(data string) string { return filepath.Join(data, "scripts") }

const (
	scriptExt  = ".pxl"
	scriptMost = 1 << 20 // bytes of a script file
	// takenSetting, with the script's name, is the setting that holds the hash of
	// the file's contents as they were last taken in. A script edited in the
	// database stays so until its file changes.
	takenSetting = "script_file:"
)

// A folder is the scripts that are files. Every cycle looks through it, so a
// change is never missed; where the system tells of changes, they are taken in
// at once. What the system tells is only a reason to look.
type folder struct {
	a     *Agent
	dir   string
	files map[string]*scriptFile // by path

	contents *watch.Watcher    // of the files that are known; nil: cannot be had
	names    *fsnotify.Watcher // of new ones
	done     sync.WaitGroup

	mu    sync.Mutex
	dirty bool
	quiet map[string]bool // paths that a watcher found quiet after a change
}

// A scriptFile is what is known of one file.
type scriptFile struct {
	info    os.FileInfo // when it was last read
	taken   string      // hash of what was taken in last
	doubt   string      // hash of what did not assemble, and may be half a file
	refused bool        // it was said that this file cannot be taken in
}

// openFolder makes the folder and watches it as far as the system can.
func openFolder(a *Agent) *folder {
	f := &folder{a: a, dir: ScriptFolder(a.cfg.Data), files: map[string]*scriptFile{}, quiet: map[string]bool{}}
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
	f.a.wakeUp()
}

// changed says whether there is a reason to look.
func (f *folder) changed() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.dirty
}

// take looks through the folder, takes in what has changed, and gives the scripts
// that are other than before. Its error is the database's; a file that is no
// script is told of once and left alone.
func (f *folder) take(ctx context.Context) (changed []store.Script, err error) {
	f.mu.Lock()
	f.dirty = false
	quiet := f.quiet
	f.quiet = map[string]bool{}
	f.mu.Unlock()
	entries, err := os.ReadDir(f.dir)
	if errors.Is(err, fs.ErrNotExist) { // deleted while the loop runs
		if err = os.MkdirAll(f.dir, 0o755); err == nil && f.names != nil {
			err = f.names.Add(f.dir)
		}
	}
	if err != nil {
		f.a.log.Warn("looking into the scripts folder", "error", err)
		return nil, nil
	}
	for _, e := range entries {
		if filepath.Ext(e.Name()) != scriptExt || strings.HasPrefix(e.Name(), ".") || e.IsDir() {
			continue
		}
		path := filepath.Join(f.dir, e.Name())
		s, err := f.read(ctx, path, quiet[path])
		if err != nil {
			return changed, err
		}
		if s != nil {
			changed = append(changed, *s)
		}
	}
	return changed, nil
}

// forget lets every file be taken in again, into another database.
func (f *folder) forget() { clear(f.files) }

// read takes in one file if it has changed, and then gives its script.
func (f *folder) read(ctx context.Context, path string, quiet bool) (*store.Script, error) {
	a := f.a
	name := strings.TrimSuffix(filepath.Base(path), scriptExt)
	known := f.files[path]
	if known == nil {
		taken, err := a.store.Setting(ctx, takenSetting+name, "")
		if err != nil {
			return nil, fmt.Errorf("reading what is known of %s: %w", path, err)
		}
		known = &scriptFile{taken: taken}
		f.files[path] = known
		if f.contents != nil {
			if err := f.contents.Add(path); err != nil {
				a.log.Warn("a script file cannot be watched; each cycle looks at it", "file", path, "error", err)
			}
		}
	}
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return nil, nil // gone again, or no file
	}
	if same(known.info, info) && known.doubt == "" {
		return nil, nil
	}
	known.info = info
	refuse := func(why string) (*store.Script, error) {
		if !known.refused {
			known.refused = true
			a.warn(path + " is not taken in: " + why)
		}
		return nil, nil
	}
	if info.Size() > scriptMost {
		return refuse("it is larger than 1 MB, which no script is")
	}
	text, err := os.ReadFile(path)
	switch {
	case err != nil:
		return refuse(err.Error())
	case !utf8.Valid(text) || !utf8.ValidString(name):
		return refuse("it is not text")
	}
	sum := hash(string(text))
	if sum == known.taken || len(text) == 0 {
		known.doubt = ""
		return nil, nil
	}
	if !quiet && known.doubt != sum && !pxl.Assemble(path, string(text)).OK() {
		known.doubt = sum // perhaps it is still being written: look again first
		return nil, nil
	}
	known.doubt = ""
	s, err := f.takeIn(ctx, name, string(text))
	if errors.Is(err, errOtherLanguage) {
		return refuse(err.Error())
	}
	if err != nil {
		known.info = nil // once more in the next cycle
		return nil, fmt.Errorf("taking in %s: %w", path, err)
	}
	known.taken, known.refused = sum, false
	return s, nil
}

func same(a, b os.FileInfo) bool {
	return a != nil && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
}

var errOtherLanguage = errors.New("a script of this name in another language is in the database")

// takeIn writes a file's text into the database; the script is nil when it is in
// there already.
func (f *folder) takeIn(ctx context.Context, name, text string) (*store.Script, error) {
	s, err := f.a.store.Script(ctx, name)
	switch {
	case errors.Is(err, store.ErrNotFound):
		s = store.Script{Name: name, Lang: "pixel", Purpose: purpose(text, name), Enabled: true, CreatedAt: f.a.clock.Now()}
	case err != nil:
		return nil, err
	case s.Lang != "pixel":
		return nil, errOtherLanguage
	}
	s.Code = text
	_, changed, err := f.a.store.UpsertScript(ctx, s)
	if err == nil {
		err = f.a.store.SetSetting(ctx, takenSetting+name, hash(text))
	}
	if err != nil || !changed {
		return nil, err
	}
	f.a.log.Info("taken in from the scripts folder", "script", name)
	s, err = f.a.store.Script(ctx, name)
	return &s, err
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
