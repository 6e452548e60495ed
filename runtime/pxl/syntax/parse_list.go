package syntax

// listParser is the parser of what directives list.
type listParser struct{ *parser }

// table parses the values of a table, behind its name: name w: value…
func (p listParser) table(s *Stmt) {
	if p.hasWidth() {
		p.arg(p.expr(false))
		if _, ok := p.expect(":"); !ok {
			return
		}
		s.Rows = true
	}
	p.values(-1)
	if int32(len(p.Args)) == s.Arg || s.Rows && int32(len(p.Args)) == s.Arg+1 {
		p.fail(CodeOperands, s.Pos, p.pos(p.lex.eol), "a table has at least one value: .table name value…")
	}
}

// hasWidth says whether a colon stands in the list that comes, behind its first
// value.
func (p *lineReader) hasWidth() bool {
	depth := 0
	for _, t := range p.lex.toks[p.at:] {
		switch p.text(t) {
		case "(", "[":
			depth++
		case ")", "]":
			depth--
		case ":":
			if depth == 0 {
				return true
			}
		case ",":
			if depth == 0 {
				return false
			}
		}
	}
	return false
}

// arraySizes parses the size of an array, or its width and height.
func (p listParser) arraySizes(s *Stmt) {
	if _, ok := p.peek(); !ok {
		p.fail(CodeOperands, s.Pos, p.pos(p.lex.eol), "an array has a size: .array name size")
		return
	}
	p.sizes = true
	defer func() { p.sizes = false }()
	p.arg(p.expr(false))
	next, ok := p.peek()
	if !ok || p.failed {
		return
	}
	if p.text(next) == "," {
		p.at++
	} else if next.Kind == Operator || next.Kind == Unknown {
		return // left over
	}
	p.arg(p.expr(false))
}

// texts parses the texts of a .text, behind its name.
func (p listParser) texts(s *Stmt) {
	for !p.failed {
		t, ok := p.peek()
		switch {
		case !ok:
			if int32(len(p.Parts)) == s.Part {
				p.fail(CodeOperands, s.Pos, p.pos(p.lex.eol), "a .text has at least one text: .text name \"text\"…")
			}
			return
		case p.text(t) == "," && t.Kind == Punctuation && int32(len(p.Parts)) > s.Part:
			p.at++
			if _, ok := p.peek(); !ok {
				p.expected("a text after the comma")
				return
			}
			continue
		case t.Kind == Unknown && p.text(t) == `"`:
			p.fail(CodeSyntax, p.pos(t.Offset), p.pos(p.lex.eol), "this text has no closing quote")
			return
		case t.Kind != Quote:
			p.expected("a text in quotes", `.text name "text"…`)
			return
		}
		p.at++
		from := t.End
		for p.lex.toks[p.at].Kind != Quote { // the lexer makes quotes in pairs
			p.at++
		}
		p.Parts = append(p.Parts, TextPart{Pos: p.pos(from), End: p.pos(p.lex.toks[p.at].Offset), Expr: None})
		p.at++
	}
}
