package studio

import (
	"gvpie/app/studio/files"
	"gvpie/runtime/pxl"
	"gvpie/runtime/textfile"
)

// Document is one open program. The window reads it; only Documents changes it.
type Document struct {
	ID      int
	Name    string // file name, example name, or "untitled 1"
	Path    string // absolute; "" until it has been saved
	Example string // the example it was opened from, "" if none or since it has a file

	// Preview is set while the document's tab makes way for the next example that is
	// opened.
	Preview bool

	// TextRev changes when Documents, not the editor, has changed the text: the
	// window then puts Text into the editor widget.
	TextRev int
	// Conflict is set while the file on disk differs from unsaved edits here.
	Conflict bool
	// New is set until a document that was asked for by the name of a file that there is
	// not yet has made it.
	New bool
	// Missing is set while the file is not on disk any more.
	Missing bool
	// ReadError says why the file's new content on disk could not be taken in.
	ReadError string

	// Recorded is the run that the document was opened from; nil: none.
	Recorded *Recorded

	text    string
	saved   string        // text as it is on disk, or as the document began
	form    textfile.Form // how the file writes its text
	theirs  files.Program // the content on disk that Conflict is about
	version int           // counts edits, so that late assemblies are known as late
	saving  bool

	recoveryName string // names the recovery file of a document without a path

	assembly *pxl.Assembly // of the text as it stands; nil until assembled
	live     *pxl.Assembly // the last one without errors: what runs
	liveRev  int           // counts changes of live
	included []string      // paths of the files that assembly is made of, beside its own
}

// Text is the document's text as last edited.
func (d *Document) Text() string { return d.text }

// Dirty says whether there are edits that are not on disk.
func (d *Document) Dirty() bool {
	return d.text != d.saved || d.Missing
}

// Theirs is the text on disk that a Conflict is about.
func (d *Document) Theirs() string { return d.theirs.Text }

// Assembly is that of the text as it stands, with its diagnostics; nil while a
// long text is still being assembled for the first time.
func (d *Document) Assembly() *pxl.Assembly { return d.assembly }

// Live is the last assembly without errors, the one that runs; nil if there has
// been none.
func (d *Document) Live() *pxl.Assembly { return d.live }

// Current says whether the running program is that of the text as it stands.
func (d *Document) Current() bool { return d.live != nil && d.live == d.assembly }
