package studio

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"

	"gvpie/app/studio/files"
	"gvpie/app/studio/notice"
	"gvpie/app/studio/recovery"
)

// unsaved has the unsaved texts of documents on disk.
type unsaved struct {
	store *recovery.Store // nil: nothing is remembered
	now   func() time.Time
}

// remember has the unsaved text of a document on disk, or removes it from there when
// nothing is unsaved.
func (u unsaved) remember(d *Document) {
	if d.Dirty() {
		u.store.Put(u.key(d), recovery.Text{Name: d.Name, Path: d.Path, Base: digest(d.saved), Text: d.text, At: u.now()})
	} else {
		u.forget(d)
	}
}

// forget has a document's text removed, which is not unsaved any more.
func (u unsaved) forget(d *Document) { u.store.Forget(u.key(d)) }

// key names a document's text: by its path, so that it is found again after the document
// was closed and opened.
func (u unsaved) key(d *Document) string {
	name := d.Path
	if name == "" {
		if d.recoveryName == "" {
			d.recoveryName = d.Name + u.now().Format(time.RFC3339Nano)
		}
		name = d.recoveryName
	}
	return digest(name)[:16]
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// Recovered lists unsaved text that earlier processes left behind, oldest first.
func (s *Documents) Recovered() []recovery.Left { return s.unsaved.store.Left() }

// Recover opens text that an earlier process left behind, as unsaved edits of its file.
// Where the file has become another one since, both are there to choose from.
func (s *Documents) Recover(l recovery.Left) {
	d := s.openRecovered(l)
	if err := s.unsaved.store.Take(l, s.unsaved.key(d)); err != nil {
		s.notices.Add(notice.Warning, err.Error())
	}
	s.unsaved.remember(d)
}

func (s *Documents) openRecovered(l recovery.Left) *Document {
	if l.Path == "" {
		name := l.Name
		if slices.ContainsFunc(s.all, func(d *Document) bool { return d.Name == name }) {
			name = freeName(s) // another window had one of the same
		}
		return s.add(&Document{Name: name, text: l.Text.Text})
	}
	if s.activatePath(l.Path) {
		d := s.Active()
		if d.Dirty() { // the edits that are there stay what they are
			return s.add(&Document{Name: l.Name + " (recovered)", text: l.Text.Text})
		}
		s.replaceText(d, l.Text.Text)
		meetFile(d, l.Base)
		return d
	}
	f := readFile(l.Path)
	d := &Document{Name: l.Name, Path: l.Path, text: l.Text.Text, saved: f.Text, form: f.Form, Missing: f.err != nil}
	meetFile(d, l.Base)
	watchFile(s.watcher, d.Path, s.notices)
	return s.add(d)
}

// meetFile finds a conflict where the recovered text of a document was made from another
// one than its file holds.
func meetFile(d *Document, base string) {
	if !d.Missing && base != "" && base != digest(d.saved) && d.text != d.saved {
		d.Conflict, d.theirs = true, files.Program{Text: d.saved, Form: d.form}
	}
}

// Discard throws text away that an earlier process left behind.
func (s *Documents) Discard(l recovery.Left) {
	if err := s.unsaved.store.Drop(l); err != nil {
		s.notices.Add(notice.Warning, err.Error())
	}
}
