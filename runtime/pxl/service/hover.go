package service

import (
	"fmt"
	"strings"

	"gvpie/runtime/pxl/check"
	"gvpie/runtime/pxl/syntax"
)

// HoverText is what there is to say about a token.
type HoverText struct {
	Title    string // as it is written, or the token itself
	Doc      string // one line
	From, To int    // bytes of the line: the token
}

// Hover says what stands at a cursor; false where there is nothing to say.
func (d *Document) Hover(at Cursor) (HoverText, bool) {
	line := d.line(at.Line)
	if h, ok := d.hoverRow(line, at); ok {
		return h, true
	}
	t, ok := tokenAt(line, at.Byte)
	if !ok {
		return HoverText{}, false
	}
	h := HoverText{From: t.Offset, To: t.End}
	text := line[t.Offset:t.End]
	h.Title = text
	if s, ok := d.named(at.Line, line, t); ok {
		h.Doc = d.describe(text, s)
		if s.kind == check.ProcSymbol {
			h.Title, h.Doc, _ = strings.Cut(h.Doc, ": ")
		}
		return h, true
	}
	switch t.Kind {
	case syntax.Mnemonic:
		v, _ := syntax.LookupVerb(text)
		h.Title, h.Doc = v.Spec.Syntax, v.Spec.Doc
	case syntax.Keyword:
		h.Title, h.Doc = describeKeyword(syntax.Keywords, strings.ToUpper(text))
	case syntax.Directive:
		h.Title, h.Doc = describeKeyword(syntax.Directives, strings.ToLower(text))
	case syntax.Function:
		at, _ := syntax.LookupFunction(text)
		f := syntax.Functions[at]
		h.Title, h.Doc = usage(f), f.Doc
	case syntax.ColorName:
		b, _ := syntax.LookupBuiltin(text)
		h.Doc = fmt.Sprintf("The colour 0x%06X.", b.Value)
	case syntax.ReadOnly:
		h.Doc = readOnly(text)
	case syntax.Number:
		if v, ok := syntax.ParseNumber(text); ok && number(v) != text {
			h.Doc = fmt.Sprintf("%d, 0x%X", v, uint32(v))
		}
	case syntax.Char:
		r, _, _ := syntax.CharLiteral(text)
		h.Doc = fmt.Sprintf("The character code %d.", r)
	default:
		if _, ok := syntax.LookupInput(text); ok {
			h.Doc = readOnly(text)
		}
	}
	return h, h.Doc != ""
}

// readOnly says what a read-only name is.
func readOnly(name string) string {
	for _, n := range syntax.ReadOnlyNames {
		if n.Name == name {
			return n.Doc
		}
	}
	return ""
}

// describeKeyword gives how a keyword or directive is written and what it does.
func describeKeyword(list []syntax.KeywordDoc, name string) (written, doc string) {
	for _, k := range list {
		if k.Name == name {
			return k.Syntax, k.Doc
		}
	}
	return "", ""
}

// tokenAt gives the token that holds a byte of a line or ends there; between two
// the name.
func tokenAt(line string, at int) (syntax.Token, bool) {
	found, ok := syntax.Token{}, false
	for _, t := range syntax.Lex(line) {
		glue := t.Kind == syntax.Punctuation || t.Kind == syntax.Operator
		if t.Offset <= at && at <= t.End && !(ok && glue) {
			found, ok = t, true
		}
	}
	return found, ok
}
