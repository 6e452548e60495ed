package editor

import (
	"image"
	"strings"
	"time"
	"unicode/utf8"

	"gioui.org/io/key"
	"gioui.org/layout"
	"gioui.org/unit"
	"golang.org/x/image/math/fixed"

	"gvpie/runtime/pxl/service"
)

// MaxText is the largest text, in bytes, that the editor stays quick with and
// takes from the clipboard. A window should refuse to open a larger file: the
// program page holds 65 535 words, so no program needs one.
const MaxText = 2 << 20

// Editor is the state of one document's editor. Its methods are for the
// window's goroutine alone.
//
// Every method that changes the text or moves the caret may be called at any
// time between frames; the next [Editor.Update] reports what came of it.
type Editor struct {
	buf      buffer
	code     *service.Document // what the language says of the text
	sel      selection
	hist     history
	readOnly bool

	goal    fixed.Int26_6 // the x that moving up and down keeps to
	hasGoal bool

	reported struct { // what Update's events have said already
		version      uint64
		line, column int
	}

	rows     map[int]*row
	rowsOf   uint64 // version of the text that rows belong to
	face     face
	metric   unit.Metric
	geometry geometry
	scroll   image.Point
	reveal   reveal
	blink    time.Time // when the caret last began to show

	marks   []mark
	lit     []int
	hover   hover
	pointer pointerState
	ime     imeState
	find    findBar
	notice  string
	matched matched

	completion completion
	typedOn    int // line, from 1, last typed on; 0 when the caret has left it
}

// reveal says how the next Layout brings the caret into view.
type reveal uint8

const (
	revealNot reveal = iota
	revealNear
	revealCentre
)

// New gives an editor with an empty text.
func New() *Editor {
	e := &Editor{buf: newBuffer(""), rows: make(map[int]*row)}
	e.code = service.NewDocument(&e.buf)
	e.reported.version = e.buf.version
	e.find.init()
	return e
}

// Event is something that happened in an editor.
type Event interface{ isEvent() }

// Changed says that the text is another one: typed, pasted, undone, replaced.
// SetText alone does not cause it.
type Changed struct{}

// CaretMoved says where the caret is now, line and column from 1.
type CaretMoved struct{ Line, Column int }

func (Changed) isEvent()    {}
func (CaretMoved) isEvent() {}

// SetText replaces the whole text, puts the caret at its start and forgets the
// undo history, the diagnostics and the lit lines. "\r\n" and "\r" become "\n".
func (e *Editor) SetText(s string) {
	e.buf.set(normalise(s))
	e.code.Reset()
	e.sel = selection{}
	e.hasGoal = false
	e.hist = history{}
	e.marks, e.lit = nil, nil
	e.scroll = image.Point{}
	e.notice = ""
	e.completion, e.typedOn, e.hover = completion{}, 0, hover{}
	e.reported.version = e.buf.version
}

// Text gives the whole text, its lines ending in "\n".
func (e *Editor) Text() string { return e.buf.text }

// Lines gives the number of lines, at least 1.
func (e *Editor) Lines() int { return e.buf.Lines() }

// Caret gives the caret's line and column, from 1.
func (e *Editor) Caret() (line, column int) { return e.buf.position(e.sel.caret) }

// Offset gives the caret's byte offset.
func (e *Editor) Offset() int { return e.sel.caret }

// Selection gives the byte offsets of the selected text; equal when there is none.
func (e *Editor) Selection() (start, end int) { return e.sel.start(), e.sel.end() }

// SetSelection selects [anchor, caret), in either order, and brings the caret
// into view.
func (e *Editor) SetSelection(anchor, caret int) {
	e.moveTo(selection{e.buf.clamp(anchor), e.buf.clamp(caret)})
	e.reveal = revealNear
}

// Goto moves the caret to a line and column, from 1, and brings it into view,
// in the middle if it was out of sight. A place outside the text gives the
// nearest one inside it.
func (e *Editor) Goto(line, column int) {
	at := e.buf.offset(line, column)
	e.moveTo(selection{at, at})
	e.reveal = revealCentre
}

// Focus asks for the keyboard.
func (e *Editor) Focus(gtx layout.Context) { gtx.Execute(key.FocusCmd{Tag: e}) }

// Focused reports whether the text or the find bar has the keyboard.
func (e *Editor) Focused(gtx layout.Context) bool {
	return gtx.Focused(e) || e.find.focused(gtx)
}

// ReadOnly sets whether a person can change the text. Text can always be
// selected and copied.
func (e *Editor) ReadOnly(on bool) { e.readOnly = on }

// SetLit sets the lines, from 1, that are lit from outside.
func (e *Editor) SetLit(lines []int) { e.lit = append(e.lit[:0], lines...) }

// CanUndo reports whether Undo would do anything.
func (e *Editor) CanUndo() bool { return !e.readOnly && len(e.hist.done) > 0 }

// CanRedo reports whether Redo would do anything.
func (e *Editor) CanRedo() bool { return !e.readOnly && len(e.hist.undone) > 0 }

// Undo takes the last step back.
func (e *Editor) Undo() {
	if !e.CanUndo() {
		return
	}
	s, _ := e.hist.popUndo()
	e.swap(edit{at: s.at, old: s.new, new: s.old})
	e.moveTo(s.before)
	e.reveal = revealNear
}

// Redo makes the step again that Undo took back.
func (e *Editor) Redo() {
	if !e.CanRedo() {
		return
	}
	s, _ := e.hist.popRedo()
	e.swap(s.edit)
	e.moveTo(s.after)
	e.reveal = revealNear
}

// Replace puts s in the place of the bytes [offset, end), as one undo step. The
// caret stays on the text it was on; inside the replaced text it goes to the
// end of s. It works on a read-only text too.
func (e *Editor) Replace(offset, end int, s string) {
	offset, end = e.buf.clamp(min(offset, end)), e.buf.clamp(max(offset, end))
	s = normalise(s)
	after := selection{
		moved(e.sel.anchor, offset, end, len(s)),
		moved(e.sel.caret, offset, end, len(s)),
	}
	e.change(editAlone, offset, end, s, after)
}

// moved gives where a place is after [from, to) became n bytes.
func moved(at, from, to, n int) int {
	switch {
	case at <= from:
		return at
	case at < to:
		return from + n
	}
	return at + n - (to - from)
}

// change replaces [from, to) by s as an undo step and sets the selection.
func (e *Editor) change(kind editKind, from, to int, s string, after selection) {
	ed := edit{at: from, old: strings.Clone(e.buf.text[from:to]), new: s}
	if ed.old == ed.new {
		e.moveTo(after)
		return
	}
	before := e.sel
	e.swap(ed)
	e.moveTo(after)
	e.hist.push(step{edit: ed, before: before, after: after, kind: kind})
	e.reveal = revealNear
	e.notice = ""
}

// swap changes the text and moves what is tied to it.
func (e *Editor) swap(ed edit) {
	from, to := ed.at, ed.at+len(ed.old)
	first := e.buf.lineAt(from)
	removed := e.buf.lineAt(to) - first + 1
	e.buf.replace(from, to, ed.new)
	e.code.Edited(first, removed, strings.Count(ed.new, "\n")+1)
	for i := range e.marks {
		m := &e.marks[i]
		m.from, m.to = moved(m.from, from, to, len(ed.new)), moved(m.to, from, to, len(ed.new))
		m.fixFrom, m.fixTo = moved(m.fixFrom, from, to, len(ed.new)), moved(m.fixTo, from, to, len(ed.new))
	}
}

// moveTo sets the selection. A caret that moves starts another undo step.
func (e *Editor) moveTo(s selection) {
	if s != e.sel {
		e.hasGoal = false
	}
	e.sel = s
	e.blink = time.Time{}
}

// insert puts s in the place of the selection.
func (e *Editor) insert(s string) {
	if e.readOnly {
		return
	}
	from, to := e.sel.start(), e.sel.end()
	if len(e.buf.text)-(to-from)+len(s) > MaxText && len(s) > utf8.UTFMax {
		e.notice = "That would make the text larger than 2 MB, more than any program needs. Nothing was inserted."
		return
	}
	kind := editType
	if from != to || len(s) > 16 {
		kind = editAlone
	}
	at := from + len(s)
	e.change(kind, from, to, s, selection{at, at})
}
