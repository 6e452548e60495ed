package studio

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"gvpie/app/studio/files"
	"gvpie/app/studio/notice"
)

// Open reads a file in the background and opens it in a tab, or brings the tab
// it is in to the front. What goes wrong becomes a notice.
func (m *Model) Open(path string) {
	abs, err := filepath.Abs(path)
	if err != nil {
		m.Notify(notice.Problem, files.Error("open", path, err).Error())
		return
	}
	for i, d := range m.docs {
		if d.Path == abs {
			m.SetActive(i)
			return
		}
	}
	m.background(func() message {
		text, err := files.ReadProgram(abs)
		return openedMsg{path: abs, text: text, err: err}
	})
}

type openedMsg struct {
	path, text string
	err        error
}

func (o openedMsg) apply(m *Model) {
	if o.err != nil {
		m.Notify(notice.Problem, o.err.Error())
		return
	}
	for i, d := range m.docs {
		if d.Path == o.path {
			m.SetActive(i)
			return
		}
	}
	m.addDocument(&Document{Name: filepath.Base(o.path), Path: o.path, text: o.text, saved: o.text})
	m.watch(o.path)
}

// Save writes document i to its file, in the background. A document without a
// path is the window's to ask about, with SaveAs.
func (m *Model) Save(i int) {
	if i < 0 || i >= len(m.docs) || m.docs[i].Path == "" {
		return
	}
	m.SaveAs(i, m.docs[i].Path)
}

// SaveAs writes document i to a path, which becomes its own. A file that is
// there already is replaced: the window asks first.
func (m *Model) SaveAs(i int, path string) {
	if i < 0 || i >= len(m.docs) || m.docs[i].saving {
		return
	}
	d := m.docs[i]
	abs, err := filepath.Abs(path)
	if err != nil {
		m.Notify(notice.Problem, files.Error("save", path, err).Error())
		return
	}
	d.saving = true
	id, text := d.ID, d.text
	m.background(func() message {
		return savedMsg{doc: id, path: abs, text: text, err: files.WriteProgram(abs, text)}
	})
}

type savedMsg struct {
	doc        int
	path, text string
	err        error
}

func (s savedMsg) apply(m *Model) {
	d := m.document(s.doc)
	if d == nil {
		if s.err != nil {
			m.Notify(notice.Problem, s.err.Error())
		}
		return
	}
	d.saving = false
	if s.err != nil {
		m.Notify(notice.Problem, s.err.Error())
		return
	}
	if d.Path != s.path {
		if d.Path != "" && m.watcher != nil {
			m.watcher.Remove(d.Path)
		}
		d.Path, d.Name, d.Example = s.path, filepath.Base(s.path), ""
		m.watch(s.path)
		m.assemble(d)
	}
	d.saved, d.Missing, d.Conflict, d.ReadError = s.text, false, false, ""
	if !d.Dirty() {
		m.forgetRecovery(d)
	}
	m.Notify(notice.Done, "Saved "+d.Name)
	if m.onSaved != nil {
		m.onSaved(d)
	}
}

// Saving says whether document i is being written now.
func (m *Model) Saving(i int) bool { return i >= 0 && i < len(m.docs) && m.docs[i].saving }

// OnSaved is called on the window goroutine after each save that worked.
func (m *Model) OnSaved(f func(*Document)) { m.onSaved = f }

// Revert throws the edits of document i away for the file as it is on disk.
func (m *Model) Revert(i int) {
	if i < 0 || i >= len(m.docs) || m.docs[i].Path == "" {
		return
	}
	d := m.docs[i]
	id, path := d.ID, d.Path
	m.background(func() message {
		text, err := files.ReadProgram(path)
		return diskMsg{doc: id, text: text, err: err, force: true}
	})
}

// KeepMine settles a conflict for the edits here: the next save replaces what is
// on disk.
func (m *Model) KeepMine(i int) {
	if i < 0 || i >= len(m.docs) {
		return
	}
	d := m.docs[i]
	if d.Conflict {
		d.Conflict, d.saved = false, d.onDisk
	}
}

// diskMsg brings a file's content after another program changed it.
type diskMsg struct {
	doc   int
	text  string
	err   error
	force bool // take it whatever edits there are
}

func (c diskMsg) apply(m *Model) {
	d := m.document(c.doc)
	if d == nil {
		return
	}
	switch {
	case errors.Is(c.err, fs.ErrNotExist):
		if !d.Missing {
			d.Missing = true
			m.Notify(notice.Warning, d.Name+" is gone from the disk; its text is still here")
		}
	case c.err != nil:
		if d.ReadError != c.err.Error() {
			d.ReadError = c.err.Error()
			m.Notify(notice.Problem, d.ReadError)
		}
	case c.text == d.text:
		d.saved, d.Missing, d.Conflict, d.ReadError = c.text, false, false, ""
	case !c.force && d.text != d.saved && c.text == d.saved:
		d.Missing, d.ReadError = false, "" // our own last save, seen late
	case !c.force && d.text != d.saved:
		d.Missing, d.ReadError = false, ""
		d.Conflict, d.onDisk = true, c.text
	default:
		d.saved, d.Missing, d.Conflict, d.ReadError = c.text, false, false, ""
		m.replaceText(d, c.text)
		m.forgetRecovery(d)
	}
}

func (m *Model) watch(path string) {
	if m.watcher == nil {
		return
	}
	if err := m.watcher.Add(path); err != nil {
		m.Notify(notice.Warning, fmt.Sprintf("changes to %s by other programs will not be seen: %v", filepath.Base(path), err))
	}
}
