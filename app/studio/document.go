package studio

import (
	"fmt"
	"path/filepath"

	"gvpie/runtime/pxl"
)

// Document is one open program. The window reads it; only the Model changes it.
type Document struct {
	ID      int
	Name    string // file name, example name, or "untitled 1"
	Path    string // absolute; "" until it has been saved
	Example string // the example it was opened from, "" if none

	// TextRev changes when the Model, not the editor, has changed the text: the
	// window then puts Text into the editor widget.
	TextRev int
	// Conflict is set while the file on disk differs from unsaved edits here.
	Conflict bool
	// Missing is set while the file is not on disk any more.
	Missing bool
	// ReadError says why the file's new content on disk could not be taken in.
	ReadError string

	text    string
	saved   string // text as it is on disk, or as the document began
	onDisk  string // the content that Conflict is about
	version int    // counts edits, so that late assemblies are known as late
	saving  bool

	recoveryName string // names the recovery file of a document without a path

	latest *pxl.Assembly // of the text as it stands; nil until assembled
	live   *pxl.Assembly // the last one without errors: what runs
	liveN  int           // counts changes of live
}

// Text is the document's text as last edited.
func (d *Document) Text() string { return d.text }

// Dirty says whether there are edits that are not on disk.
func (d *Document) Dirty() bool {
	return d.text != d.saved || d.Missing
}

// Assembly is that of the text as it stands, with its diagnostics; nil while a
// long text is still being assembled for the first time.
func (d *Document) Assembly() *pxl.Assembly { return d.latest }

// Live is the last assembly without errors, the one that runs; nil if there has
// been none.
func (d *Document) Live() *pxl.Assembly { return d.live }

// Current says whether the running program is that of the text as it stands.
func (d *Document) Current() bool { return d.live != nil && d.live == d.latest }

// Docs lists the open documents in the order of their tabs.
func (m *Model) Docs() []*Document { return m.docs }

// Active is the document in front; nil if none is open.
func (m *Model) Active() *Document {
	if m.active < 0 || m.active >= len(m.docs) {
		return nil
	}
	return m.docs[m.active]
}

// ActiveIndex is the index of the document in front, -1 if none is open.
func (m *Model) ActiveIndex() int {
	if m.Active() == nil {
		return -1
	}
	return m.active
}

// SetActive brings a document to the front; its program goes on where it was.
func (m *Model) SetActive(i int) {
	if i < 0 || i >= len(m.docs) || i == m.active {
		return
	}
	m.active = i
	m.run.Notice = ""
	m.showProgram()
}

// MoveDocument puts the tab at index from at index to.
func (m *Model) MoveDocument(from, to int) {
	if from < 0 || to < 0 || from >= len(m.docs) || to >= len(m.docs) || from == to {
		return
	}
	front := m.Active()
	d := m.docs[from]
	m.docs = append(m.docs[:from], m.docs[from+1:]...)
	m.docs = append(m.docs[:to], append([]*Document{d}, m.docs[to:]...)...)
	for i, d := range m.docs {
		if d == front {
			m.active = i
		}
	}
}

// NewDocument opens an empty program and brings it to the front.
func (m *Model) NewDocument() *Document {
	m.untitled++
	return m.addDocument(&Document{Name: fmt.Sprintf("untitled %d", m.untitled)})
}

// OpenExample opens a copy of an example, or brings the one that is open and
// unchanged to the front.
func (m *Model) OpenExample(name, text string) *Document {
	for i, d := range m.docs {
		if d.Example == name && d.Path == "" && !d.Dirty() {
			m.SetActive(i)
			return d
		}
	}
	return m.addDocument(&Document{Name: name + ".pxl", Example: name, text: text, saved: text})
}

func (m *Model) addDocument(d *Document) *Document {
	m.nextID++
	d.ID = m.nextID
	d.TextRev = 1
	m.docs = append(m.docs, d)
	m.active = len(m.docs) - 1
	m.assemble(d)
	m.showProgram()
	return d
}

// Close closes a document. Unsaved edits go with it: the window asks first.
func (m *Model) Close(i int) {
	if i < 0 || i >= len(m.docs) {
		return
	}
	d := m.docs[i]
	if d.Path != "" && m.watcher != nil {
		m.watcher.Remove(d.Path)
	}
	m.forgetRecovery(d)
	m.docs = append(m.docs[:i], m.docs[i+1:]...)
	if m.active > i || m.active >= len(m.docs) {
		m.active--
	}
	if m.active < 0 && len(m.docs) > 0 {
		m.active = 0
	}
	m.player.box.change(func(o *orders) { o.forget = append(o.forget, d.ID) })
	m.showProgram()
}

// Edit takes the editor's text of the document in front. If it assembles, the
// program changes under the running picture; if not, the last good one runs on.
func (m *Model) Edit(text string) {
	d := m.Active()
	if d == nil || d.text == text {
		return
	}
	d.text = text
	m.assemble(d)
	m.keepRecovery(d)
}

// replaceText is Edit from the Model's side: the editor takes the text over.
func (m *Model) replaceText(d *Document, text string) {
	if d.text == text {
		return
	}
	d.text = text
	d.TextRev++
	m.assemble(d)
}

// Format lays the program in front out anew, as `gvpie fmt` does.
func (m *Model) Format() {
	if d := m.Active(); d != nil {
		m.replaceText(d, pxl.Format(d.text))
		m.keepRecovery(d)
	}
}

// assembleInline is the length in bytes up to which a text is assembled at once,
// in well under a frame; longer texts are assembled in the background.
const assembleInline = 32 << 10

func (m *Model) assemble(d *Document) {
	d.version++
	name := d.Path
	if name == "" {
		name = d.Name
	}
	name = filepath.Base(name)
	if len(d.text) <= assembleInline {
		m.assembled(d, pxl.Assemble(name, d.text))
		return
	}
	m.assembler.Put(assembleJob{doc: d.ID, version: d.version, name: name, text: d.text})
}

type assembleJob struct {
	doc, version int
	name, text   string
}

type assembledMsg struct {
	doc, version int
	result       *pxl.Assembly
}

func (a assembledMsg) apply(m *Model) {
	if d := m.document(a.doc); d != nil && d.version == a.version {
		m.assembled(d, a.result)
	}
}

func (m *Model) assembled(d *Document, a *pxl.Assembly) {
	d.latest = a
	if !a.OK() {
		return
	}
	d.live = a
	d.liveN++
	if d == m.Active() {
		m.showProgram()
	}
}

func (m *Model) document(id int) *Document {
	for _, d := range m.docs {
		if d.ID == id {
			return d
		}
	}
	return nil
}
