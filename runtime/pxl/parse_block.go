package pxl

import "strings"

func (p *parser) keyword(t Token, k keyword, after bool) {
	switch k {
	case kwIf:
		s := p.open(ifStmt, t)
		p.condition(s, "IF")
		p.resume()
		if next, ok := p.peek(); ok && !p.failed && (next.Kind == Mnemonic || next.Kind == Keyword || next.Kind == Unknown && isLetter(p.src[next.Offset])) {
			s.inline = true
			if p.chain++; p.chain > maxChain {
				p.fail(CodeTooDeep, int32(next.Offset), int32(next.End), "more than %d IFs on one line: join their conditions with &&", maxChain)
				return
			}
			p.statement(true)
			return
		}
		if after {
			p.oneLineBlock(t, "IF")
		}
		p.push(s)
	case kwWhile:
		if after {
			p.oneLineBlock(t, "WHILE")
		}
		s := p.open(whileStmt, t)
		p.condition(s, "WHILE")
		p.push(s)
	case kwFor:
		if after {
			p.oneLineBlock(t, "FOR")
		}
		p.forLoop(t)
	case kwElse:
		p.otherwise(t, after)
	case kwEnd:
		s := p.open(endStmt, t)
		p.close(s)
		switch n := len(p.blocks); {
		case after:
			p.fail(CodeOneLineBlock, s.off, s.end, "END stands on a line of its own")
			s.kind = badStmt
		case n == 0:
			p.fail(CodeUnexpectedEnd, s.off, s.end, "END closes an IF, WHILE, FOR or EACH, and none is open here")
			s.kind = badStmt
		default:
			b := p.blocks[n-1]
			s.match = b.opener
			p.stmts[b.last].match = int32(len(p.stmts) - 1)
			p.blocks = p.blocks[:n-1]
			s.inEach = p.inEach()
		}
		p.endAlone(t)
	case kwBreak, kwContinue:
		kind := breakStmt
		if k == kwContinue {
			kind = continueStmt
		}
		s := p.open(kind, t)
		p.close(s)
		if !p.inLoop() {
			p.fail(CodeOutsideLoop, s.off, s.end, "%s stands inside a FOR or WHILE, and none is open here", strings.ToUpper(p.text(t)))
			s.kind = badStmt
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
func (p *parser) endAlone(end Token) {
	next, ok := p.peek()
	if !ok {
		return
	}
	if _, verb := lookupWord(p.text(next)); verb {
		fix := &Fix{Title: "leave " + p.text(next) + " out", Offset: end.End, End: p.lex.eol}
		p.failFix(CodeSyntax, int32(next.Offset), int32(next.End), fix, "END stands alone: it closes the nearest block that is open")
	}
}

func (p *parser) inLoop() bool {
	for i := len(p.blocks) - 1; i >= 0; i-- {
		if p.blocks[i].each {
			return false
		}
		if k := p.stmts[p.blocks[i].opener].kind; k == forStmt || k == whileStmt {
			return true
		}
	}
	return false
}

// push opens the block of the statement that was opened last.
func (p *parser) push(s *stmt) {
	i := int32(len(p.stmts) - 1)
	each := s.kind == opStmt
	p.blocks = append(p.blocks, block{opener: i, last: i, each: each, inEach: each || p.inEach()})
}

func (p *parser) oneLineBlock(t Token, word string) {
	p.errorf(CodeOneLineBlock, int32(t.Offset), int32(t.End), "%s opens a block and cannot follow IF on its line: put IF … END around it, on lines of their own", word)
}

func (p *parser) condition(s *stmt, word string) {
	if _, ok := p.peek(); !ok {
		p.fail(CodeOperands, s.off, s.end, "%s needs a condition", word)
	} else {
		p.arg(p.expr(false))
		p.comparison()
	}
	p.close(s)
}

// comparison reports the slip = for == behind a condition.
func (p *parser) comparison() {
	if t, ok := p.peek(); ok && p.text(t) == "=" {
		off, end := int32(t.Offset), int32(t.End)
		p.failFix(CodeSyntax, off, end, replacing(off, end, "=="), "`=` belongs to SET and FOR; to compare, write `==`")
	}
}

// otherwise parses ELSE and ELSE IF.
func (p *parser) otherwise(t Token, after bool) {
	s := p.open(elseStmt, t)
	if next, ok := p.peek(); ok && next.Kind == Keyword && isWord(p.text(next), "IF") {
		p.at++
		s.kind = elseIfStmt
		p.condition(s, "ELSE IF")
	}
	p.close(s)
	n := len(p.blocks)
	if after || n == 0 || p.stmts[p.blocks[n-1].opener].kind != ifStmt {
		p.fail(CodeUnexpectedEnd, s.off, s.end, "ELSE belongs to an IF whose block is open, and none is here")
		s.kind = badStmt
		return
	}
	if last := &p.stmts[p.blocks[n-1].last]; last.kind == elseStmt {
		p.fail(CodeUnexpectedEnd, s.off, s.end, "the ELSE of this IF was before; nothing can follow it but END")
		s.kind = badStmt
		return
	}
	i := int32(len(p.stmts) - 1)
	p.stmts[p.blocks[n-1].last].match = i
	p.blocks[n-1].last = i
	if next, ok := p.peek(); ok && !p.failed {
		p.fail(CodeSyntax, int32(next.Offset), int32(p.lex.eol), "what ELSE does goes on a line of its own")
	}
}

func (p *parser) forLoop(t Token) {
	s := p.open(forStmt, t)
	defer func() {
		p.close(s)
		p.push(s)
	}()
	name, ok := p.peek()
	if !ok || !isLetter(p.src[name.Offset]) {
		p.expected("a name", "FOR name = a TO b")
		return
	}
	p.at++
	s.name, s.nameEnd = int32(name.Offset), int32(name.End)
	if _, ok := p.expect("="); !ok {
		return
	}
	p.arg(p.expr(false))
	for _, word := range [...]string{"TO", "STEP"} {
		next, ok := p.peek()
		if p.failed || !ok && word == "STEP" {
			return
		}
		if !ok || !isWord(p.text(next), word) {
			p.expected(word)
			return
		}
		p.at++
		p.arg(p.expr(false))
	}
}
