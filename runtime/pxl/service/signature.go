package service

import (
	"strings"

	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/check"
	"gvpie/runtime/pxl/syntax"
)

// SignatureHelp is how the statement or call at a cursor is written.
type SignatureHelp struct {
	Text       string // "RECT x y w h [color]", "min(a, b)"
	Doc        string // one line
	ActiveFrom int    // bytes of Text: the operand the cursor is in; an
	ActiveTo   int    // empty range when it is in none
}

// Signature gives how the statement or call at a cursor is written, and which of its
// operands the cursor is in.
func (d *Document) Signature(at Cursor) (SignatureHelp, bool) {
	line := d.line(at.Line)
	p := spotAt(line, at.Byte)
	if name, argument, ok := p.procedure(); ok {
		if s, _, ok := d.value(at.Line, name); ok && s.kind == check.ProcSymbol {
			help := SignatureHelp{Text: d.usage(s), Doc: "Procedure on " + d.where(s) + "."}
			from := len(name) + 1
			for i, decl := range s.in.lines[s.line].declares[s.index+1:] {
				end := from + len(s.in.spelling[decl.ident])
				if i == argument {
					help.ActiveFrom, help.ActiveTo = from, end
				}
				from = end + len(", ")
			}
			return help, true
		}
	}
	return Signature(line, at.Byte)
}

// Signature gives how the statement or function call at a byte of a line is
// written, and which of its operands the byte is in.
func Signature(line string, at int) (SignatureHelp, bool) {
	line = line[:min(len(line), maxLine)]
	p := spotAt(line, at)
	if f, argument, ok := p.call(); ok {
		s := SignatureHelp{Text: usage(f), Doc: f.Doc}
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
	verb := p.ident(h)
	var s SignatureHelp
	active := ""
	switch p.toks[h].Kind {
	case syntax.Mnemonic:
		v, _ := syntax.LookupVerb(verb)
		s.Text, s.Doc = v.Spec.Syntax, v.Spec.Doc
		active = p.activeOperand(v.Spec)
	case syntax.Keyword:
		s.Text, s.Doc = describeKeyword(syntax.Keywords, strings.ToUpper(verb))
		active = p.activePart(strings.ToUpper(verb))
	default:
		s.Text, s.Doc = describeKeyword(syntax.Directives, strings.ToLower(verb))
		if fields, n := strings.Fields(s.Text), p.operand()+1; n < len(fields) {
			active = fields[n]
		}
	}
	if s.Text == "" {
		return s, false
	}
	s.mark(active)
	return s, true
}

// mark makes active, a part of the text behind the verb, the active range.
func (s *SignatureHelp) mark(active string) {
	if active == "" {
		return
	}
	head := strings.IndexByte(s.Text, ' ')
	if head < 0 {
		return
	}
	isName := func(i int) bool { return i < len(s.Text) && (syntax.IsLetter(s.Text[i]) || syntax.IsDigit(s.Text[i])) }
	for at := head; at < len(s.Text); at++ {
		if strings.HasPrefix(s.Text[at:], active) && !isName(at-1) && !isName(at+len(active)) {
			s.ActiveFrom, s.ActiveTo = at, at+len(active)
			return
		}
	}
}

// activeOperand names the operand of a statement that the spot is in, as its
// syntax spells it.
func (p *spot) activeOperand(spec *isa.Spec) string {
	h := p.head()
	if n := len(p.toks); n-1 > h {
		switch p.toks[n-1].Kind {
		case syntax.Text, syntax.Escape, syntax.Quote, syntax.Brace:
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
	if spec.Op == isa.SPR {
		if n == 0 {
			return "name"
		}
		n += 3 // the sprite's own operands are its name
	}
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

// activePart names the part of a keyword's statement that the spot is in.
func (p *spot) activePart(verb string) string {
	switch verb {
	case "IF", "WHILE":
		return "cond"
	case "FOR":
		part := "name"
		for _, t := range p.toks[p.head():] {
			switch text := p.text(t); {
			case text == "=" && part == "name":
				part = "a"
			case t.Kind == syntax.Keyword && syntax.EqualFold(text, "TO"):
				part = "b"
			case t.Kind == syntax.Keyword && syntax.EqualFold(text, "STEP"):
				part = "s"
			}
		}
		return part
	}
	return ""
}
