package editor

import "gvpie/runtime/pxl/service"

// GotoDefinition goes to where the name at the caret is declared: a label's own
// line, the directive of a table, array or constant, or the first statement
// that gives a variable a value. It reports whether there is such a place.
func (e *Editor) GotoDefinition() bool { return e.gotoDefinition(e.sel.caret) }

func (e *Editor) gotoDefinition(offset int) bool {
	at, ok := e.code.Definition(e.cursor(offset))
	if ok {
		to := e.buf.lineStart(at.Line) + at.Byte
		e.moveTo(selection{to, to})
		e.hist.sealed = true
		e.reveal = revealCentre
	}
	return ok
}

// cursor gives an offset as the language service counts.
func (e *Editor) cursor(offset int) service.Cursor {
	line := e.buf.lineAt(offset)
	return service.Cursor{Line: line, Byte: offset - e.buf.lineStart(line)}
}
