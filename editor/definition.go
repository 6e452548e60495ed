package editor

import (
	"strings"

	"gvpie/runtime/pxl"
	"gvpie/runtime/pxl/syntax"
)

// GotoDefinition goes to where the name at the caret is declared: a label's own
// line, the directive of a table, array or constant, or the first statement
// that gives a variable a value. It reports whether there is such a place.
func (e *Editor) GotoDefinition() bool {
	at, ok := e.definition(e.sel.caret)
	if ok {
		e.moveTo(selection{at, at})
		e.hist.sealed = true
		e.reveal = revealCentre
	}
	return ok
}

// definition gives the offset of the declaration of the name at an offset.
func (e *Editor) definition(offset int) (int, bool) {
	line := e.buf.lineAt(offset)
	name, kind := "", syntax.Unknown
	for _, t := range e.tokensOn(line) {
		if from := e.buf.lineStart(line); from+t.Offset <= offset && offset <= from+t.End && (t.Kind == syntax.Name || t.Kind == syntax.LabelName) {
			name, kind = e.buf.text[from+t.Offset:from+t.End], t.Kind
		}
	}
	if name == "" {
		return 0, false
	}
	for i := range e.buf.lines() {
		if !strings.Contains(e.buf.line(i), name) {
			continue
		}
		if k, ok := declares(e.buf.line(i), e.tokensOn(i), name, kind); ok {
			return e.buf.lineStart(i) + k, true
		}
	}
	return 0, false
}

func (e *Editor) tokensOn(line int) []pxl.Token {
	if s := e.buf.line(line); len(s) <= longLine {
		return lex(s)
	}
	return nil
}

// declares gives the byte of a line where it declares the name. A variable has
// no declaration but the first value it is given, and what a directive declares
// is given none, so the first line of either kind is the one.
func declares(s string, tokens []pxl.Token, name string, kind syntax.TokenKind) (int, bool) {
	for k, t := range tokens {
		if t.Kind != kind || s[t.Offset:t.End] != name {
			continue
		}
		if kind == syntax.LabelName {
			if k+1 < len(tokens) && s[tokens[k+1].Offset] == ':' {
				return t.Offset, true
			}
			continue
		}
		if k == 0 {
			continue
		}
		before := tokens[k-1]
		if word := s[before.Offset:before.End]; before.Kind == syntax.Directive || strings.EqualFold(word, "SET") || strings.EqualFold(word, "FOR") {
			return t.Offset, true
		}
	}
	return 0, false
}
