package pxl

import (
	"fmt"
	"strings"

	"gvpie/runtime/isa"
)

// Hover says what stands at a byte offset; false where there is nothing to say.
func Hover(src string, offset int) (string, bool) {
	t, ok := tokenAt(src, offset)
	if !ok {
		return "", false
	}
	text := src[t.Offset:t.End]
	switch t.Kind {
	case Mnemonic:
		w, _ := lookupWord(text)
		return w.spec.Syntax + "\n" + w.spec.Doc, true
	case Keyword:
		return describeWord(Keywords, strings.ToUpper(text))
	case Directive:
		return describeWord(Directives, strings.ToLower(text))
	case Function:
		f := Functions[builtins[text].value]
		return f.signature() + "\n" + f.Doc, true
	case ColorName:
		return fmt.Sprintf("%s\nThe colour 0x%06X.", text, builtins[text].value), true
	case ReadOnly:
		for _, n := range ReadOnlyNames {
			if n.Name == text {
				return text + "\n" + n.Doc, true
			}
		}
	case Number:
		if v, ok := parseNumber(text); ok {
			return fmt.Sprintf("%s\n%d, 0x%X", text, v, uint32(v)), true
		}
	case Char:
		r, _, _ := charLiteral(text)
		return fmt.Sprintf("%s\nThe character code %d.", text, r), true
	case Name, LabelName:
		c, ok := outline(src)
		if !ok {
			return "", false
		}
		if t.Kind == LabelName {
			if i, ok := c.labels[text]; ok {
				return fmt.Sprintf("%s\nlabel on line %d", text, c.lineOf(int(c.order[i].off))), true
			}
			return "", false
		}
		if e, ok := c.names[text]; ok {
			return text + "\n" + c.describe(e), true
		}
	}
	return "", false
}

func describeWord(list []KeywordDoc, name string) (string, bool) {
	for _, k := range list {
		if k.Name == name {
			return k.Syntax + "\n" + k.Doc, true
		}
	}
	return "", false
}

// tokenAt gives the token that holds a byte offset or ends there; between two the
// word.
func tokenAt(src string, offset int) (Token, bool) {
	if offset < 0 || offset > len(src) {
		return Token{}, false
	}
	from := strings.LastIndexByte(src[:offset], '\n') + 1
	l := lexer{src: src, pos: from}
	if from == 0 {
		l.skipBOM()
	}
	l.nextLine()
	found, ok := Token{}, false
	for _, t := range l.toks {
		glue := t.Kind == Punctuation || t.Kind == Operator
		if t.Offset <= offset && offset <= t.End && !(ok && glue) {
			found, ok = t, true
		}
	}
	return found, ok
}

// SignatureHelp is how the statement or call at a place is written.
type SignatureHelp struct {
	Text       string // "RECT x y w h [color]", "min(a, b)"
	Doc        string // one line
	ActiveFrom int    // bytes of Text: the operand the place is in; an
	ActiveTo   int    // empty range when it is in none
}

// Signature gives how the statement or function call at a byte offset is
// written, and which of its operands the offset is in.
func Signature(src string, offset int) (SignatureHelp, bool) {
	p := placeAt(src, offset)
	if f, argument, ok := p.call(); ok {
		s := SignatureHelp{Text: f.signature(), Doc: f.Doc}
		at := len(f.Name) + 1
		for i, name := range f.Params {
			if i == argument {
				s.ActiveFrom, s.ActiveTo = at, at+len(name)
			}
			at += len(name) + len(", ")
		}
		return s, true
	}
	h := p.head()
	if h < 0 {
		return SignatureHelp{}, false
	}
	word := p.word(h)
	var s SignatureHelp
	active := ""
	switch t := p.toks[h]; t.Kind {
	case Mnemonic:
		w, _ := lookupWord(word)
		s.Text, s.Doc = w.spec.Syntax, w.spec.Doc
		active = p.activeOperand(w.spec)
	case Keyword:
		k, _ := describeWord(Keywords, strings.ToUpper(word))
		s.Text, s.Doc, _ = strings.Cut(k, "\n")
		active = p.activePart(strings.ToUpper(word))
	default:
		k, ok := describeWord(Directives, strings.ToLower(word))
		if !ok {
			return s, false
		}
		s.Text, s.Doc, _ = strings.Cut(k, "\n")
		fields := strings.Fields(s.Text)[1:]
		if n := p.operand(); n < len(fields) {
			active = fields[n]
		}
	}
	s.mark(active)
	return s, true
}

// mark makes active, a word of the text behind the first, the active range.
func (s *SignatureHelp) mark(active string) {
	if active == "" {
		return
	}
	head := strings.IndexByte(s.Text, ' ')
	if head < 0 {
		return
	}
	isName := func(i int) bool { return i < len(s.Text) && (isLetter(s.Text[i]) || isDigit(s.Text[i])) }
	for at := head; at < len(s.Text); at++ {
		if strings.HasPrefix(s.Text[at:], active) && !isName(at-1) && !isName(at+len(active)) {
			s.ActiveFrom, s.ActiveTo = at, at+len(active)
			return
		}
	}
}

// activeOperand names the operand of a statement that the place is in, as its
// syntax spells it.
func (p *place) activeOperand(spec *isa.Spec) string {
	h := p.head()
	if n := len(p.toks); n-1 > h {
		switch p.toks[n-1].Kind {
		case Text, Escape, Quote, Brace:
			return "text…"
		}
	}
	switch {
	case spec.Op == isa.SET:
		if len(p.toks) > h+2 || len(p.toks) == h+2 && p.toks[h+1].End < p.from {
			return "expr"
		}
		return "name"
	case spec.Op == isa.LOG:
		return "text…"
	}
	n := p.operand()
	if len(spec.Operands) == 1 {
		n = 0
	}
	switch {
	case n < len(spec.Operands):
		return spec.Operands[n].Name
	case spec.Tail == isa.TextTail:
		return "text…"
	}
	return ""
}

// activePart names the part of a keyword's statement that the place is in.
func (p *place) activePart(word string) string {
	switch word {
	case "IF", "WHILE":
		return "cond"
	case "FOR":
		part := "name"
		for _, t := range p.toks[p.head():] {
			switch text := p.text(t); {
			case text == "=" && part == "name":
				part = "a"
			case t.Kind == Keyword && isWord(text, "TO"):
				part = "b"
			case t.Kind == Keyword && isWord(text, "STEP"):
				part = "s"
			}
		}
		return part
	}
	return ""
}

// Definition gives where the name at a byte offset is declared, or first given a
// value.
func Definition(a *Assembly, offset int) (Pos, bool) {
	t, ok := tokenAt(a.Source, offset)
	if !ok || t.Kind != Name && t.Kind != LabelName {
		return Pos{}, false
	}
	name := a.Source[t.Offset:t.End]
	for _, s := range a.Symbols {
		if s.Name == name && (s.Kind == LabelSymbol) == (t.Kind == LabelName) {
			return s.Pos, true
		}
	}
	return Pos{}, false
}

// MatchEnd gives, for a line that opens a block or holds its ELSE, the line of
// the END, and for a line with an END the one that opens. Lines count from 1.
func MatchEnd(src string, line int) (int, bool) {
	c, ok := outline(src)
	if !ok {
		return 0, false
	}
	for i := range c.stmts {
		s := &c.stmts[i]
		at := c.lineOf(int(s.off))
		if at > line {
			break
		}
		if at != line || s.match == none {
			continue
		}
		for s.match != none && s.kind != endStmt && c.stmts[s.match].kind != endStmt {
			s = &c.stmts[s.match]
		}
		if s.match != none {
			return c.lineOf(int(c.stmts[s.match].off)), true
		}
	}
	return 0, false
}
