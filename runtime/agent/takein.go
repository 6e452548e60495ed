package agent

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"gvpie/runtime/pxl"
	"gvpie/runtime/pxl/include"
	"gvpie/runtime/regularfile"
	"gvpie/runtime/store"
)

// A newText is a file that is other than what was taken in of it.
type newText struct {
	known *scriptFile
	path  string
	store.FileScript
}

// take looks through the folder, takes in what has changed, bytesAtOnce at most, and
// gives the scripts that are other than before. Its error is the database's; a file
// that is no script is told of once and left alone.
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
	taken, err := f.a.store.ScriptFiles(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading what is known of script files: %w", err)
	}
	var found []newText
	there := map[string]bool{}
	f.bytes = 0
	for _, e := range entries {
		if filepath.Ext(e.Name()) != scriptExt || strings.HasPrefix(e.Name(), ".") || e.IsDir() {
			continue
		}
		path, name := filepath.Join(f.dir, e.Name()), strings.TrimSuffix(e.Name(), scriptExt)
		there[name] = true
		if f.bytes >= f.a.bytesAtOnce {
			f.hint(path, quiet[path]) // the rest in the next look
			continue
		}
		if text := f.read(path, name, taken[name], quiet[path]); text != nil {
			found = append(found, *text)
		}
	}
	if changed, err = f.takeIn(ctx, found); err != nil {
		return changed, err
	}
	return changed, f.disableRemoved(ctx, taken, there)
}

// forget lets every file be taken in again, into another database.
func (f *folder) forget() { clear(f.files) }

// read reads one file if it has changed, and gives it if it is to be taken in. taken
// is what the database knows of it.
func (f *folder) read(path, name string, taken store.TakenIn, quiet bool) *newText {
	known := f.files[path]
	if known == nil {
		known = &scriptFile{taken: taken.Sum}
		f.files[path] = known
	}
	if taken.Removed { // and here it is again
		known.taken, known.info = "", nil
	}
	refuse := func(why string) *newText {
		if !known.refused {
			known.refused = true
			f.a.warn(path + " is not taken in: " + why)
		}
		return nil
	}
	info, err := f.stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist): // gone again
		return nil
	case err != nil:
		return refuse(err.Error())
	}
	f.watch(known, path)
	if same(known.info, info) && known.doubt == "" && known.besideSame() {
		return nil
	}
	known.info = info
	text, err := regularfile.Read(path, scriptMost)
	f.bytes += len(text)
	switch {
	case err != nil:
		return refuse(err.Error())
	case len(text) > scriptMost:
		return refuse("it is larger than 1 MB, which no script is")
	case !utf8.Valid(text) || !utf8.ValidString(name):
		return refuse("it is not text")
	}
	code, sum, asm := string(text), hash(string(text)), (*pxl.Assembly)(nil)
	if sum != known.taken {
		asm = pxl.AssembleIn(name+scriptExt, code, include.Of(path))
		known.note(path, asm)
		for p := range known.beside {
			f.watch(known, p)
		}
		code = pxl.Bundle(asm)
		sum = hash(code)
	}
	if sum == known.taken || len(text) == 0 {
		known.doubt = ""
		return nil
	}
	if !asm.OK() && !quiet && known.doubt != sum {
		known.doubt = sum // perhaps it is still being written: look again first
		return nil
	}
	known.doubt = ""
	for _, d := range asm.Diagnostics {
		if d.Code == pxl.CodeInclude {
			known.info = nil // the file may come
			return refuse(fmt.Sprintf("line %d of %s: %s", d.Pos.Line, d.Pos.File, d.Message))
		}
	}
	return &newText{known, path, store.FileScript{
		Name: name, Purpose: purpose(string(text), name), Code: code, Sum: sum, Enable: taken.Removed,
	}}
}

// note remembers what a script is made of beside its own file.
func (k *scriptFile) note(path string, asm *pxl.Assembly) {
	k.beside = nil
	for _, s := range asm.Included {
		if k.beside == nil {
			k.beside = make(map[string]os.FileInfo)
		}
		p := include.Of(path).Path(s.Path)
		k.beside[p], _ = os.Stat(p)
	}
}

// besideSame says whether the files that a script includes are as they were.
func (k *scriptFile) besideSame() bool {
	for path, was := range k.beside {
		if now, err := os.Stat(path); err != nil || !same(was, now) {
			return false
		}
	}
	return true
}

// watch has the loop told when a file is saved that a script is made of.
func (f *folder) watch(known *scriptFile, path string) {
	if known.watched[path] || f.contents == nil {
		return
	}
	if known.watched == nil {
		known.watched = make(map[string]bool)
	}
	known.watched[path] = true
	if err := f.contents.Add(path); err != nil {
		f.a.log.Warn("a script file cannot be watched; each cycle looks at it", "file", path, "error", err)
	}
}

// stat is what is known of a file without opening it. The error says why it is none
// that is taken in.
func (f *folder) stat(path string) (os.FileInfo, error) {
	info, err := os.Lstat(path)
	if err == nil && info.Mode()&fs.ModeSymlink != 0 {
		var to, dir string
		if to, err = filepath.EvalSymlinks(path); err != nil {
			return nil, err
		}
		if dir, err = filepath.EvalSymlinks(f.dir); err != nil {
			return nil, err
		}
		if within, err := filepath.Rel(dir, to); err != nil || !filepath.IsLocal(within) {
			return nil, fmt.Errorf("it is a link to %s, out of the folder", to)
		}
		info, err = os.Stat(path)
	}
	if err == nil && !info.Mode().IsRegular() {
		return nil, errors.New("it is not a regular file")
	}
	return info, err
}

func same(a, b os.FileInfo) bool {
	return a != nil && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
}

// takeIn writes the files' texts into the database, all at once, and gives the scripts
// that were not the same there already.
func (f *folder) takeIn(ctx context.Context, found []newText) (changed []store.Script, err error) {
	if len(found) == 0 {
		return nil, nil
	}
	files := make([]store.FileScript, len(found))
	for i := range found {
		files[i] = found[i].FileScript
	}
	done, err := f.a.store.TakeFiles(ctx, files)
	if err != nil {
		for i := range found {
			found[i].known.info = nil // once more in the next cycle
		}
		return nil, fmt.Errorf("taking in %s: %w", plural(int64(len(found)), "script file"), err)
	}
	for i, d := range done {
		known := found[i].known
		if d.Err != nil {
			if !known.refused {
				known.refused = true
				f.a.warn(found[i].path + " is not taken in: " + sentence(d.Err))
			}
			continue
		}
		known.taken, known.refused = found[i].Sum, false
		if d.Changed {
			f.a.log.Info("taken in from the scripts folder", "script", d.Script.Name)
			changed = append(changed, d.Script)
		}
	}
	return changed, nil
}

// disableRemoved disables the scripts whose files were taken in and have been missing
// for a whole cycle: an editor that saves may take one away for a moment.
func (f *folder) disableRemoved(ctx context.Context, taken map[string]store.TakenIn, there map[string]bool) error {
	var gone []string
	for _, name := range slices.Sorted(maps.Keys(taken)) {
		since, missing := f.gone[name]
		switch {
		case taken[name].Removed || there[name]:
			delete(f.gone, name)
		case !missing:
			f.gone[name] = f.a.cycles
		case since != f.a.cycles:
			gone = append(gone, name)
		}
	}
	if len(gone) == 0 {
		return nil
	}
	done, err := f.a.store.RemoveFiles(ctx, gone)
	if err != nil {
		return f.a.tolerate("disabling scripts whose files were removed", err)
	}
	disabled := 0
	for _, d := range done {
		path := filepath.Join(f.dir, d.Name+scriptExt)
		delete(f.files, path)
		if f.contents != nil {
			f.contents.Remove(path)
		}
		switch {
		case d.Err != nil:
			f.a.warn("disabling a script whose file was removed, " + path + ": " + sentence(d.Err))
			continue // and once more in the next cycle
		case d.Disabled:
			if disabled++; disabled <= filesNamed {
				f.a.warn(path + " was removed: its script is disabled")
			} else {
				f.a.log.Info("a script is disabled, for its file was removed", "file", path)
			}
		}
		delete(f.gone, d.Name)
	}
	if more := disabled - filesNamed; more > 0 {
		f.a.warn(fmt.Sprintf("%s removed: the scripts are disabled", plural(int64(more), "more script file")))
	}
	return nil
}
