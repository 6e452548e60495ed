package studio

import (
	"fmt"
	"path/filepath"
	"slices"

	"gvpie/app/studio/notice"
	"gvpie/runtime/pxl"
)

// Documents are the open documents and their files. They know nothing of what
// runs: they tell the Model when another program is to.
type Documents struct {
	all      []*Document
	active   int
	lastID   int
	untitled int
	begin    string // the text of a new program

	onSaved    func(*Document)
	onConflict func(*Document)

	inbox     *inbox
	assembler *assembler
	watcher   watcher // nil: changes by other programs are not seen
	unsaved   unsaved
	notices   *notice.List
	front     func(d *Document, closed int) // the program to run is d's, nil: none; closed is a document that is no more, or 0
}

// watcher tells of changes to files by other programs, as watch.Watcher does.
type watcher interface {
	Add(path string) error
	Remove(path string)
	Close() error
}

// Docs lists the open documents in the order of their tabs.
func (s *Documents) Docs() []*Document { return s.all }

// Active is the document in front; nil if none is open.
func (s *Documents) Active() *Document {
	if s.active < 0 || s.active >= len(s.all) {
		return nil
	}
	return s.all[s.active]
}

// ActiveIndex is the index of the document in front, -1 if none is open.
func (s *Documents) ActiveIndex() int {
	if s.Active() == nil {
		return -1
	}
	return s.active
}

// SetActive brings a document to the front; its program goes on where it was.
func (s *Documents) SetActive(i int) {
	if i < 0 || i >= len(s.all) || i == s.active {
		return
	}
	s.active = i
	s.show()
}

// NewDocument opens a new program and brings it to the front.
func (s *Documents) NewDocument() *Document {
	return s.add(&Document{Name: freeName(s), text: s.begin, saved: s.begin})
}

// freeName is a name for a document without a file, which none that is open has.
func freeName(s *Documents) string {
	for {
		s.untitled++
		name := fmt.Sprintf("untitled %d", s.untitled)
		if !slices.ContainsFunc(s.all, func(d *Document) bool { return d.Name == name }) {
			return name
		}
	}
}

// OpenExample opens a copy of an example, or brings the one that is open and
// unchanged to the front. Its tab is a preview: the next example takes its place,
// unless it has been edited or kept.
func (s *Documents) OpenExample(name, text string) *Document {
	for i, d := range s.all {
		if d.Example == name && !d.Dirty() {
			s.SetActive(i)
			return d
		}
	}
	at := len(s.all)
	if old := slices.IndexFunc(s.all, func(d *Document) bool { return d.Preview }); old >= 0 {
		at = old
		s.Close(old)
	}
	d := &Document{Name: name + ".pxl", Example: name, Preview: true, text: text, saved: text}
	s.insert(at, d)
	s.active = at
	s.show()
	return d
}

// Keep makes the tab of document i one that stays.
func (s *Documents) Keep(i int) {
	if i >= 0 && i < len(s.all) {
		s.all[i].Preview = false
	}
}

// OpenText opens a text that is at the path, or will be once it is saved, or
// brings the document to the front that has it. A text without a path is known by
// its name.
func (s *Documents) OpenText(name, path, text string) {
	for i, d := range s.all {
		if path != "" && d.Path == path || path == "" && d.Path == "" && d.Name == name && d.text == text {
			s.SetActive(i)
			return
		}
	}
	s.add(&Document{Name: name, Path: path, text: text, saved: text})
	watchFile(s.watcher, path, s.notices)
}

func (s *Documents) add(d *Document) *Document {
	s.insert(len(s.all), d)
	s.active = len(s.all) - 1
	s.show()
	return d
}

// insert gives a document the tab at index i. What is in front stays there.
func (s *Documents) insert(i int, d *Document) {
	s.lastID++
	d.ID = s.lastID
	d.TextRev = 1
	s.all = slices.Insert(s.all, i, d)
	if s.active >= i {
		s.active++
	}
	s.assemble(d)
}

// Close closes a document. Unsaved edits go with it: the window asks first.
func (s *Documents) Close(i int) {
	if i < 0 || i >= len(s.all) {
		return
	}
	d := s.all[i]
	s.unsaved.forget(d)
	s.notices.Over(aboutSaving(d.ID))
	s.notices.Over(aboutFile(d.ID))
	s.all = slices.Delete(s.all, i, i+1)
	s.unwatch(d.Path)
	for _, path := range d.included {
		s.unwatch(path)
	}
	if s.active > i || s.active >= len(s.all) {
		s.active--
	}
	if s.active < 0 && len(s.all) > 0 {
		s.active = 0
	}
	s.front(s.Active(), d.ID)
}

// Edit takes the editor's text of the document in front. If it assembles, the
// program changes under the running picture; if not, the last good one runs on.
func (s *Documents) Edit(text string) {
	d := s.Active()
	if d == nil || d.text == text {
		return
	}
	d.text, d.Preview = text, false
	s.assemble(d)
	s.unsaved.remember(d)
}

// replaceText is Edit from the model's side: the editor takes the text over.
func (s *Documents) replaceText(d *Document, text string) {
	if d.text == text {
		return
	}
	d.text, d.Preview = text, false
	d.TextRev++
	s.assemble(d)
}

// Format lays the program in front out anew, as `gvpie fmt` does.
func (s *Documents) Format() {
	if d := s.Active(); d != nil {
		s.replaceText(d, pxl.Format(d.text))
		s.unsaved.remember(d)
	}
}

// assembleInline is the length in bytes up to which a text is assembled at once,
// in well under a frame; longer texts are assembled in the background.
const assembleInline = 32 << 10

func (s *Documents) assemble(d *Document) {
	d.version++
	name := d.Path
	if name == "" {
		name = d.Name
	}
	name = filepath.Base(name)
	if len(d.text) <= assembleInline {
		s.assembled(d, pxl.AssembleFile(name, d.Path, d.text))
		return
	}
	s.assembler.put(assembleJob{doc: d.ID, version: d.version, name: name, path: d.Path, text: d.text})
}

// assembledLate takes in what the assembler has done, unless the text has changed
// since.
func (s *Documents) assembledLate(j assembleJob, a *pxl.Assembly) {
	if d := s.byID(j.doc); d != nil && d.version == j.version {
		s.assembled(d, a)
	}
}

// show says that the program in front may be another.
func (s *Documents) show() { s.front(s.Active(), 0) }

func (s *Documents) assembled(d *Document, a *pxl.Assembly) {
	d.assembly = a
	noteIncluded(s, d)
	if !a.OK() {
		return
	}
	d.live = a
	d.liveRev++
	if front := s.Active(); d == front || d.has(front) {
		s.show()
	}
}

func (s *Documents) byID(id int) *Document {
	for _, d := range s.all {
		if d.ID == id {
			return d
		}
	}
	return nil
}
