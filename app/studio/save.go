package studio

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"

	"gvpie/app/studio/files"
	"gvpie/app/studio/notice"
)

// fileText is what a file on disk holds, or why it could not be read or written.
type fileText struct {
	path string
	files.Program
	err error

	recorded *Recorded // where it is a recording that can be run
	remark   string    // about one that is not whole
}

func readFile(path string) fileText {
	if isRecording(path) {
		return readRecording(path)
	}
	p, err := files.ReadProgram(path)
	return fileText{path: path, Program: p, err: err}
}

// Open reads a file in the background and opens it in a tab, or brings the tab
// it is in to the front. What goes wrong becomes a notice.
func (s *Documents) Open(path string) {
	abs, err := filepath.Abs(path)
	if err != nil {
		s.notices.Add(notice.Problem, files.Error("open", path, err).Error())
		return
	}
	if s.activatePath(abs) {
		return
	}
	background(s.inbox, func() fileText { return readFile(abs) }, s.opened)
}

// activatePath brings the document of a file to the front, if it is open.
func (s *Documents) activatePath(path string) bool {
	for i, d := range s.all {
		if d.Path == path || d.Recorded != nil && d.Recorded.Path == path {
			s.SetActive(i)
			return true
		}
	}
	return false
}

func (s *Documents) opened(f fileText) {
	about := "open " + f.path
	if f.err != nil {
		s.notices.About(about, notice.Problem, f.err.Error())
		return
	}
	s.notices.Over(about)
	if s.activatePath(f.path) {
		return // it was asked for twice
	}
	s.add(documentOf(s, f))
}

// documentOf makes the document of a file that was read.
func documentOf(s *Documents, f fileText) *Document {
	if isRecording(f.path) {
		return documentOfRecording(s, f)
	}
	watchFile(s.watcher, f.path, s.notices)
	return &Document{Name: filepath.Base(f.path), Path: f.path, text: f.Text, saved: f.Text, form: f.Form}
}

// Save writes document i to its file, in the background. A document without a
// path is the window's to ask about, with SaveAs. Where another program has written
// since the file was read, nothing is written: the document is then in Conflict, and
// OnConflict is called.
func (s *Documents) Save(i int) {
	if i < 0 || i >= len(s.all) || s.all[i].Path == "" || s.all[i].saving {
		return
	}
	d := s.all[i]
	if d.Conflict {
		s.onConflict(d)
		return
	}
	known := d.saved
	if d.New {
		known = "" // an empty file loses nothing
	}
	s.write(d, d.Path, func(path string, p files.Program) error { return files.UpdateProgram(path, p, known) })
}

// SaveAs writes document i to a path, which becomes its own. A file that is
// there already is replaced: the window asks first.
func (s *Documents) SaveAs(i int, path string) {
	if i < 0 || i >= len(s.all) || s.all[i].saving {
		return
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		s.notices.Add(notice.Problem, files.Error("save", path, err).Error())
		return
	}
	s.write(s.all[i], abs, files.WriteProgram)
}

func (s *Documents) write(d *Document, path string, how func(string, files.Program) error) {
	d.saving = true
	id, p := d.ID, files.Program{Text: d.text, Form: d.form}
	background(s.inbox, func() fileText {
		return fileText{path: path, Program: p, err: how(path, p)}
	}, func(f fileText) { s.written(id, f) })
}

// written takes in how a save ended. The document may have been edited since, or
// closed.
func (s *Documents) written(id int, f fileText) {
	d := s.byID(id)
	if d != nil {
		d.saving = false
	}
	var changed *files.ChangedError
	switch {
	case errors.As(f.err, &changed) && d != nil && d.Path == f.path:
		d.Conflict, d.theirs, d.New = true, changed.Theirs, false
		s.onConflict(d)
		return
	case f.err != nil:
		s.notices.About(aboutSaving(id), notice.Problem, f.err.Error())
		return
	case d == nil:
		return
	}
	if d.Path != f.path {
		old := d.Path
		s.unsaved.forget(d) // it is known by the path
		d.Path, d.Name, d.Example, d.Preview = f.path, filepath.Base(f.path), "", false
		s.unwatch(old)
		watchFile(s.watcher, f.path, s.notices)
		s.assemble(d)
	}
	s.onDisk(d, f.Program)
	s.notices.Over(aboutSaving(id))
	s.notices.Add(notice.Done, "Saved "+d.Name)
	if s.onSaved != nil {
		s.onSaved(d)
	}
}

// aboutSaving and aboutFile name what notices are about, so that they go when it is over.
func aboutSaving(id int) string { return fmt.Sprint("saving ", id) }
func aboutFile(id int) string   { return fmt.Sprint("file ", id) }

// onDisk takes in that the file holds this text.
func (s *Documents) onDisk(d *Document, p files.Program) {
	d.saved, d.form = p.Text, p.Form
	d.New, d.Missing, d.Conflict, d.ReadError = false, false, false, ""
	s.notices.Over(aboutFile(d.ID))
	s.unsaved.remember(d)
}

// Saving says whether document i is being written now.
func (s *Documents) Saving(i int) bool { return i >= 0 && i < len(s.all) && s.all[i].saving }

// OnSaved is called on the window goroutine after each save that worked.
func (s *Documents) OnSaved(f func(*Document)) { s.onSaved = f }

// OnConflict is called on the window goroutine when a save would have overwritten what
// another program wrote.
func (s *Documents) OnConflict(f func(*Document)) { s.onConflict = f }

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
		d.Conflict, d.saved, d.form = false, d.theirs.Text, d.theirs.Form
		s.unsaved.remember(d)
	}
}

// fileChanged takes in that another program has changed a file.
func (s *Documents) fileChanged(f fileText) {
	for _, d := range s.all {
		if d.Path == f.path {
			s.takeFile(d, f, false)
		}
	}
	includedChanged(s, f.path)
}

// takeFile takes in what a document's file holds; force takes the text whatever
// edits there are.
func (s *Documents) takeFile(d *Document, f fileText, force bool) {
	switch edited := d.text != d.saved; {
	case errors.Is(f.err, fs.ErrNotExist):
		if !d.Missing && !d.New {
			d.Missing = true
			s.notices.About(aboutFile(d.ID), notice.Warning, d.Name+" is gone from the disk; its text is still here")
			s.unsaved.remember(d)
		}
	case f.err != nil:
		if d.ReadError != f.err.Error() {
			d.ReadError = f.err.Error()
			s.notices.About(aboutFile(d.ID), notice.Problem, d.ReadError)
		}
	case !force && edited && f.Text == d.saved && !d.New: // our own last save, seen late, or what was there before
		d.Missing, d.Conflict, d.ReadError = false, false, ""
		s.notices.Over(aboutFile(d.ID))
	case !force && edited && f.Text != d.text:
		d.New, d.Missing, d.ReadError = false, false, ""
		d.Conflict, d.theirs = true, f.Program
		s.notices.Over(aboutFile(d.ID))
	default:
		s.replaceText(d, f.Text)
		s.onDisk(d, f.Program)
	}
}

// watchFile has a file watched, if it can be.
func watchFile(w watcher, path string, notices *notice.List) {
	if path == "" || w == nil {
		return
	}
	if err := w.Add(path); err != nil {
		notices.About("watch "+path, notice.Warning, fmt.Sprintf("changes to %s by other programs will not be seen: %v", filepath.Base(path), err))
	}
}

// unwatch ends the watching of a file that no document has, or includes, any more.
func (s *Documents) unwatch(path string) {
	if path != "" && s.watcher != nil && !slices.ContainsFunc(s.all, func(d *Document) bool { return d.Path == path || slices.Contains(d.included, path) }) {
		s.watcher.Remove(path)
		s.notices.Over("watch " + path)
	}
}
