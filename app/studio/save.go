package studio

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"gvpie/app/studio/files"
	"gvpie/app/studio/notice"
)

// fileText is what a file on disk holds, or why it could not be read.
type fileText struct {
	path, text string
	err        error
}

func readFile(path string) fileText {
	text, err := files.ReadProgram(path)
	return fileText{path, text, err}
}

// Open reads a file in the background and opens it in a tab, or brings the tab
// it is in to the front. What goes wrong becomes a notice.
func (s *Documents) Open(path string) {
	abs, err := filepath.Abs(path)
	if err != nil {
		s.notify(notice.Problem, files.Error("open", path, err).Error())
		return
	}
	if !s.activatePath(abs) {
		background(s.inbox, func() fileText { return readFile(abs) }, s.opened)
	}
}

// activatePath brings the document of a file to the front, if it is open.
func (s *Documents) activatePath(path string) bool {
	for i, d := range s.all {
		if d.Path == path {
			s.SetActive(i)
			return true
		}
	}
	return false
}

func (s *Documents) opened(f fileText) {
	if f.err != nil {
		s.notify(notice.Problem, f.err.Error())
		return
	}
	if s.activatePath(f.path) {
		return // it was asked for twice
	}
	s.add(&Document{Name: filepath.Base(f.path), Path: f.path, text: f.text, saved: f.text})
	s.watch(f.path)
}

// Save writes document i to its file, in the background. A document without a
// path is the window's to ask about, with SaveAs.
func (s *Documents) Save(i int) {
	if i < 0 || i >= len(s.all) || s.all[i].Path == "" {
		return
	}
	s.SaveAs(i, s.all[i].Path)
}

// SaveAs writes document i to a path, which becomes its own. A file that is
// there already is replaced: the window asks first.
func (s *Documents) SaveAs(i int, path string) {
	if i < 0 || i >= len(s.all) || s.all[i].saving {
		return
	}
	d := s.all[i]
	abs, err := filepath.Abs(path)
	if err != nil {
		s.notify(notice.Problem, files.Error("save", path, err).Error())
		return
	}
	d.saving = true
	id, text := d.ID, d.text
	background(s.inbox, func() fileText { return fileText{abs, text, files.WriteProgram(abs, text)} }, func(f fileText) { s.written(id, f) })
}

// written takes in how a save ended. The document may have been edited since, or
// closed.
func (s *Documents) written(id int, f fileText) {
	d := s.byID(id)
	if d != nil {
		d.saving = false
	}
	if f.err != nil {
		s.notify(notice.Problem, f.err.Error())
		return
	}
	if d == nil {
		return
	}
	if d.Path != f.path {
		old := d.Path
		s.recovery.forget(d) // it is known by the path
		d.Path, d.Name, d.Example = f.path, filepath.Base(f.path), ""
		s.unwatch(old)
		s.watch(f.path)
		s.assemble(d)
	}
	s.onDisk(d, f.text)
	s.notify(notice.Done, "Saved "+d.Name)
	if s.onSaved != nil {
		s.onSaved(d)
	}
}

// onDisk takes in that the file holds this text.
func (s *Documents) onDisk(d *Document, text string) {
	d.saved, d.Missing, d.Conflict, d.ReadError = text, false, false, ""
	s.recovery.update(d)
}

// Saving says whether document i is being written now.
func (s *Documents) Saving(i int) bool { return i >= 0 && i < len(s.all) && s.all[i].saving }

// OnSaved is called on the window goroutine after each save that worked.
func (s *Documents) OnSaved(f func(*Document)) { s.onSaved = f }

// Revert throws the edits of document i away for the file as it is on disk.
func (s *Documents) Revert(i int) {
	if i < 0 || i >= len(s.all) || s.all[i].Path == "" {
		return
	}
	id, path := s.all[i].ID, s.all[i].Path
	background(s.inbox, func() fileText { return readFile(path) }, func(f fileText) {
		if d := s.byID(id); d != nil && d.Path == f.path {
			s.takeFile(d, f, true)
		}
	})
}

// KeepMine ends a conflict in favour of the edits here: the next save replaces
// what is on disk.
func (s *Documents) KeepMine(i int) {
	if i < 0 || i >= len(s.all) {
		return
	}
	d := s.all[i]
	if d.Conflict {
		d.Conflict, d.saved = false, d.theirs
	}
}

// fileChanged takes in that another program has changed a file.
func (s *Documents) fileChanged(f fileText) {
	for _, d := range s.all {
		if d.Path == f.path {
			s.takeFile(d, f, false)
		}
	}
}

// takeFile takes in what a document's file holds; force takes the text whatever
// edits there are.
func (s *Documents) takeFile(d *Document, f fileText, force bool) {
	switch edited := d.text != d.saved; {
	case errors.Is(f.err, fs.ErrNotExist):
		if !d.Missing {
			d.Missing = true
			s.notify(notice.Warning, d.Name+" is gone from the disk; its text is still here")
		}
	case f.err != nil:
		if d.ReadError != f.err.Error() {
			d.ReadError = f.err.Error()
			s.notify(notice.Problem, d.ReadError)
		}
	case !force && edited && f.text == d.saved: // our own last save, seen late, or what was there before
		d.Missing, d.Conflict, d.ReadError = false, false, ""
	case !force && edited && f.text != d.text:
		d.Missing, d.ReadError = false, ""
		d.Conflict, d.theirs = true, f.text
	default:
		s.replaceText(d, f.text)
		s.onDisk(d, f.text)
	}
}

func (s *Documents) watch(path string) {
	if path == "" || s.watcher == nil {
		return
	}
	if err := s.watcher.Add(path); err != nil {
		s.notify(notice.Warning, fmt.Sprintf("changes to %s by other programs will not be seen: %v", filepath.Base(path), err))
	}
}

// unwatch ends the watching of a file that no document has any more.
func (s *Documents) unwatch(path string) {
	if path != "" && s.watcher != nil && !slices.ContainsFunc(s.all, func(d *Document) bool { return d.Path == path }) {
		s.watcher.Remove(path)
	}
}

// Recover opens text that an earlier run left behind, as unsaved edits.
func (s *Documents) Recover(r Recovered) {
	s.Discard(r)
	d := &Document{Name: r.Name, Path: r.Path, text: r.Text}
	if r.Path != "" {
		f := readFile(r.Path)
		d.saved, d.Missing = f.text, f.err != nil
	}
	s.add(d)
	s.watch(d.Path)
	s.recovery.update(d)
}

// Discard throws recovered text away.
func (s *Documents) Discard(r Recovered) { os.Remove(r.file) }
