package syntax

import "strings"

func (p *parser) keyword(t Token, k KeywordKind, after bool) {
	switch k {
	case KwIf:
		s := p.open(IfStmt, t)
		p.condition(s, "IF")
		p.resume()
		if next, ok := p.peek(); ok && !p.failed && p.startsStatement(next) {
			s.Inline = true
			if p.chain++; p.chain > maxChain {
				p.fail(CodeTooDeep, p.pos(next.Offset), p.pos(next.End), "more than %d IFs on one line: join their conditions with &&", maxChain)
				return
			}
			p.statement(true)
			return
		}
		if after {
			p.oneLineBlock(t, "IF")
		}
		p.push(s)
	case KwWhile:
		if after {
			p.oneLineBlock(t, "WHILE")
		}
		s := p.open(WhileStmt, t)
		p.condition(s, "WHILE")
		p.push(s)
	case KwFor:
		if after {
			p.oneLineBlock(t, "FOR")
		}
		p.forLoop(t)
	case KwElse:
		p.otherwise(t, after)
	case KwDef:
		if after {
			p.oneLineBlock(t, "DEF")
		}
		p.define(t)
	case KwLocal:
		p.local(t)
	case KwReturn:
		p.returns(t)
	case KwEnd:
		s := p.open(EndStmt, t)
		p.close(s)
		if after {
			p.fail(CodeOneLineBlock, s.Pos, s.End, "END stands on a line of its own")
			s.Kind = BadStmt
		} else if opener, last, ok := p.blocks.Close(); !ok {
			p.unexpectedEnd(s)
			s.Kind = BadStmt
		} else if opener != None && p.Stmts[opener].Kind == LabelStmt {
			p.functionEnd(s)
		} else {
			s.Match = opener
			p.match(last)
			s.InEach, s.Def = p.blocks.InEach(), p.blocks.Def()
			p.noteDedent(opener, s.Pos)
		}
		p.endAlone(t)
	case KwInclude:
		p.includeLine(t, after)
	case KwBreak, KwContinue:
		kind := BreakStmt
		if k == KwContinue {
			kind = ContinueStmt
		}
		s := p.open(kind, t)
		p.close(s)
		if !p.blocks.InLoop() {
			p.fail(CodeOutsideLoop, s.Pos, s.End, "%s stands inside a FOR or WHILE, and none is open here", strings.ToUpper(p.text(t)))
			s.Kind = BadStmt
		}
	}
}

// resume goes on, after a condition that could not be read, with the statement
// behind it if there is one.
func (p *parser) resume() {
	for at := p.at; p.failed && at < len(p.lex.toks); at++ {
		if k := p.lex.toks[at].Kind; k == Mnemonic || k == Keyword {
			p.at, p.failed, p.depth = at, false, 0
		}
	}
}

// endAlone reports END IF and its like.
func (p *lineReader) endAlone(end Token) {
	next, ok := p.peek()
	if !ok {
		return
	}
	if _, verb := LookupVerb(p.text(next)); verb {
		fix := &Fix{Title: "leave " + p.text(next) + " out", Offset: end.End, End: next.End}
		p.failFix(CodeSyntax, p.pos(next.Offset), p.pos(next.End), fix, "END stands alone: it closes the nearest block that is open")
	}
}

// push opens the block of the statement that was opened last.
func (p *parser) push(s *Stmt) { p.blocks.Open(s.Kind, int32(len(p.Stmts)-1)) }

// match makes the statement that was opened last the next part of a block.
func (p *parser) match(before int32) {
	if before != None {
		p.Stmts[before].Match = int32(len(p.Stmts) - 1)
	}
}

func (p *parser) oneLineBlock(t Token, verb string) {
	p.Errorf(CodeOneLineBlock, p.pos(t.Offset), p.pos(t.End), "%s opens a block and cannot follow IF on its line: put IF … END around it, on lines of their own", verb)
}

func (p *parser) condition(s *Stmt, verb string) {
	if _, ok := p.peek(); !ok {
		p.fail(CodeOperands, s.Pos, s.End, "%s needs a condition", verb)
	} else {
		p.arg(p.expr(false))
		p.comparison()
	}
	p.close(s)
}

// comparison reports the slip = for == behind a condition.
func (p *lineReader) comparison() {
	if t, ok := p.peek(); ok && p.text(t) == "=" {
		off, end := p.pos(t.Offset), p.pos(t.End)
		p.failFix(CodeSyntax, off, end, p.Replacing(off, end, "=="), "`=` belongs to SET and FOR; to compare, write `==`")
	}
}

// otherwise parses ELSE and ELSE IF.
func (p *parser) otherwise(t Token, after bool) {
	s := p.open(ElseStmt, t)
	if next, ok := p.peek(); ok && next.Kind == Keyword && EqualFold(p.text(next), "IF") {
		p.at++
		s.Kind = ElseIfStmt
		p.condition(s, "ELSE IF")
	}
	p.close(s)
	i := int32(len(p.Stmts) - 1)
	before, inIf, ok := None, false, false
	if !after {
		before, inIf, ok = p.blocks.Next(i, s.Kind == ElseStmt)
	}
	switch {
	case !inIf:
		p.unexpectedElse(s)
	case !ok:
		p.fail(CodeUnexpectedEnd, s.Pos, s.End, "the ELSE of this IF was before; nothing can follow it but END")
	}
	if !ok {
		s.Kind = BadStmt
		return
	}
	p.match(before)
	if next, ok := p.peek(); ok && !p.failed {
		p.fail(CodeSyntax, p.pos(next.Offset), p.pos(p.lex.eol), "what ELSE does goes on a line of its own")
	}
}

func (p *parser) forLoop(t Token) {
	s := p.open(ForStmt, t)
	defer func() {
		p.close(s)
		p.push(s)
	}()
	name, ok := p.peek()
	if !ok || !IsLetter(p.src[name.Offset]) {
		p.expected("a name", "FOR name = a TO b")
		return
	}
	p.at++
	s.Name, s.NameEnd = p.pos(name.Offset), p.pos(name.End)
	if _, ok := p.expect("="); !ok {
		return
	}
	p.arg(p.expr(false))
	for _, part := range [...]string{"TO", "STEP"} {
		next, ok := p.peek()
		if p.failed || !ok && part == "STEP" {
			return
		}
		if !ok || !EqualFold(p.text(next), part) {
			p.expected(part)
			return
		}
		p.at++
		p.arg(p.expr(false))
	}
}

// startsStatement says whether the token behind a condition begins the statement that
// depends on it.
func (p *lineReader) startsStatement(t Token) bool {
	switch t.Kind {
	case Mnemonic, Keyword:
		return true
	}
	return IsLetter(p.src[t.Offset]) && (t.Kind == Procedure || p.assignsHere())
}
