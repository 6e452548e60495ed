package editor

import (
	"gioui.org/io/pointer"

	"gvpie/runtime/textfile"
)

// Selected says that a person has selected text, and lets go of it: the bytes [From, To).
type Selected struct{ From, To int }

// PasteAsked says that the middle button was clicked in the text: what is selected on the
// desktop is to be pasted at the caret, with PasteText.
type PasteAsked struct{}

func (Selected) isEvent()   {}
func (PasteAsked) isEvent() {}

// primary is what was done by hand that the desktop's selection has to know.
type primary struct {
	changed bool // the selection is another since it was reported
	asked   bool // to paste
}

// report takes what is to be said of it.
func (p *primary) report(e *Editor) (out []Event) {
	if p.changed && e.pointer.drag != dragText {
		p.changed = false
		if !e.sel.empty() {
			out = append(out, Selected{e.sel.start(), e.sel.end()})
		}
	}
	if p.asked {
		p.asked = false
		out = append(out, PasteAsked{})
	}
	return out
}

// press puts the caret where the middle button was pressed in the text, and asks for what is
// to be pasted there.
func (p *primary) press(e *Editor, at pointer.Event) {
	g, over := &e.geometry, at.Position.Round()
	if e.readOnly || !over.In(g.text) || over.In(g.vbar) || over.In(g.hbar) || e.completing() && over.In(e.completion.popup.area) {
		return
	}
	e.hover, e.completion, e.notice, e.typedOn = hover{}, completion{}, "", 0
	offset := e.offsetAt(at.Position)
	e.moveTo(selection{offset, offset})
	e.hist.sealed = true
	p.asked = true
}

// PasteText puts a text in the place of the selection, as one undo step and as what comes
// from the clipboard is.
func (e *Editor) PasteText(s string) {
	if e.readOnly || s == "" {
		return
	}
	e.hist.sealed = true
	text, dropped := textfile.Clean(s)
	from := e.sel.start()
	e.insert(text)
	if e.notice == "" {
		e.pasted = append(e.pasted, Pasted{from, from + len(text)})
		e.notice = leftOut(dropped)
	}
	e.hist.sealed = true
}
