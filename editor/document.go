package editor

import (
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/image/math/fixed"

	"gvpie/runtime/pxl/service"
	"gvpie/runtime/textfile"
)

// document is a text that is edited: its caret, its history, and what is tied to
// places of it. It knows nothing of how it is shown.
type document struct {
	buf      buffer
	code     *service.Document // what the language says of the text
	sel      selection
	hist     history
	readOnly bool
	marks    []mark
	lit      []int // lines lit from outside, from 1
	// Breaks are the lines that have a breakpoint.
	Breaks Breaks

	goal    fixed.Int26_6 // the x that moving up and down keeps to
	hasGoal bool

	reveal reveal    // what the next Layout is to bring into sight
	blink  time.Time // when the caret last began to show
	notice string    // why something was not done

	undefined []int // bytes whose definition was asked for in vain, since the last report
}

// set replaces the whole text and forgets all that was tied to it.
func (e *document) set(s string) {
	e.buf.set(normalise(s))
	e.code.Reset()
	e.sel = selection{}
	e.hasGoal = false
	e.hist = history{}
	e.marks, e.lit, e.undefined, e.Breaks = nil, nil, nil, Breaks{rev: e.Breaks.rev + 1}
	e.notice = ""
}

// Text gives the whole text, its lines ending in "\n".
func (e *document) Text() string { return e.buf.text }

// Lines gives the number of lines, at least 1.
func (e *document) Lines() int { return e.buf.Lines() }

// Caret gives the caret's line and column, from 1.
func (e *document) Caret() (line, column int) { return e.buf.position(e.sel.caret) }

// Offset gives the caret's byte offset.
func (e *document) Offset() int { return e.sel.caret }

// Selection gives the byte offsets of the selected text; equal when there is none.
func (e *document) Selection() (start, end int) { return e.sel.start(), e.sel.end() }

// SetSelection selects [anchor, caret), in either order, and brings the caret
// into view.
func (e *document) SetSelection(anchor, caret int) {
	e.moveTo(selection{e.buf.clamp(anchor), e.buf.clamp(caret)})
	e.reveal = revealNear
}

// Goto moves the caret to a line and column, from 1, and brings it into view,
// in the middle if it was out of sight. A place outside the text gives the
// nearest one inside it.
func (e *document) Goto(line, column int) {
	at := e.buf.offset(line, column)
	e.moveTo(selection{at, at})
	e.reveal = revealCentre
}

// ReadOnly sets whether a person can change the text. Text can always be
// selected and copied.
func (e *document) ReadOnly(on bool) { e.readOnly = on }

// SetLit sets the lines, from 1, that are lit from outside.
func (e *document) SetLit(lines []int) { e.lit = append(e.lit[:0], lines...) }

// CanUndo reports whether Undo would do anything.
func (e *document) CanUndo() bool { return !e.readOnly && len(e.hist.done) > 0 }

// CanRedo reports whether Redo would do anything.
func (e *document) CanRedo() bool { return !e.readOnly && len(e.hist.undone) > 0 }

// Undo takes the last step back.
func (e *document) Undo() {
	if !e.CanUndo() {
		return
	}
	s, _ := e.hist.popUndo()
	e.swap(edit{at: s.at, old: s.new, new: s.old})
	e.moveTo(s.before)
	e.reveal = revealNear
}

// Redo makes the step again that Undo took back.
func (e *document) Redo() {
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
func (e *document) Replace(offset, end int, s string) {
	offset, end = e.buf.clamp(min(offset, end)), e.buf.clamp(max(offset, end))
	s, _ = textfile.Clean(s)
	after := selection{
		moved(e.sel.anchor, offset, end, len(s)),
		moved(e.sel.caret, offset, end, len(s)),
	}
	e.change(editAlone, offset, end, s, after)
}

// moved gives where an offset is after [from, to) became n bytes.
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
func (e *document) change(kind editKind, from, to int, s string, after selection) {
	ed := edit{at: from, old: strings.Clone(e.buf.text[from:to]), new: s}
	if ed.old == ed.new {
		e.moveTo(after)
		return
	}
	before := e.sel
	e.swap(ed)
	e.moveTo(after)
	e.hist.push(undoStep{edit: ed, before: before, after: after, kind: kind})
	e.reveal = revealNear
	e.notice = ""
}

// swap changes the text and moves what is tied to it.
func (e *document) swap(ed edit) {
	from, to := ed.at, ed.at+len(ed.old)
	first := e.buf.lineAt(from)
	last := e.buf.lineAt(to)
	removed, added := last-first+1, strings.Count(ed.new, "\n")+1
	breaks := len(e.Breaks.list) > 0 && (removed > 1 || added > 1)
	var s swapped
	if breaks {
		s = swapped{first: first, old: e.buf.lines(first, removed), whole: from == e.buf.lineStart(first), tail: e.buf.text[to:e.buf.lineEnd(last)]}
	}
	e.buf.replace(from, to, ed.new)
	e.code.Edited(first, removed, added)
	if breaks {
		s.new = e.buf.lines(first, added)
		e.Breaks.follow(s)
	}
	for i := range e.marks {
		e.marks[i].follow(from, to, len(ed.new))
	}
}

// moveTo sets the selection. A caret that moves starts another undo step.
func (e *document) moveTo(s selection) {
	if s != e.sel {
		e.hasGoal = false
	}
	e.sel = s
	e.blink = time.Time{}
}

// insert puts s in the place of the selection.
func (e *document) insert(s string) {
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
