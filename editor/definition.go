package editor

import "gvpie/runtime/pxl/service"

// GotoDefinition goes to where the name at the caret is declared: a label's own
// line, the directive of a table, array or constant, or the first statement
// that gives a variable a value. It reports whether there is such a place in the
// text; where there is none the next Update asks for it, with [Undefined].
func (e *document) GotoDefinition() bool { return e.gotoDefinition(e.sel.caret) }

// SetBeside gives the other files of the program that the text is of: what they declare
// is completed, described and told as the text's own is.
func (e *document) SetBeside(files []service.File) { e.code.SetBeside(files) }

func (e *document) gotoDefinition(offset int) bool {
	at, ok := e.code.Definition(e.buf.cursor(offset))
	if ok {
		to := e.buf.lineStart(at.Line) + at.Byte
		e.moveTo(selection{to, to})
		e.hist.sealed = true
		e.reveal = revealCentre
	} else {
		e.undefined = append(e.undefined, offset)
	}
	return ok
}
