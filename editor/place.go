package editor

// Place is where a person is in a text.
type Place struct {
	Anchor int // the other end of the selection, a byte offset
	Caret  int // a byte offset
	Top    int // the first line to be seen, from 1
}

// Place gives the place, to come back to with SetPlace, be it in another editor.
func (e *view) Place() Place { return Place{e.sel.anchor, e.sel.caret, e.Top()} }

// SetPlace goes to a place, as far as the text has it.
func (e *view) SetPlace(p Place) {
	e.moveTo(selection{e.buf.clamp(p.Anchor), e.buf.clamp(p.Caret)})
	e.reveal = revealNot
	e.topLine = min(max(p.Top, 1), e.buf.Lines())
}
