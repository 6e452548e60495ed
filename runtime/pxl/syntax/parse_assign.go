package syntax

import "strings"

// assignsHere says whether the line goes on with an assignment without its SET.
func (p *lineReader) assignsHere() bool {
	if p.at+1 >= len(p.lex.toks) || !IsLetter(p.src[p.lex.toks[p.at].Offset]) {
		return false
	}
	next := p.text(p.lex.toks[p.at+1])
	return next == "[" || assignLen(next) == len(next)
}

// assignments parses name = expr, name[i] = expr, with an operator before the = or
// not, and those behind commas. Behind SET, which t may be, the = may be left out.
func (p *parser) assignments(t Token) {
	set := t.Kind == Mnemonic
	for {
		s := p.open(SetStmt, t)
		p.assignment(s, set)
		p.close(s)
		next, ok := p.peek()
		if p.failed || !ok || p.text(next) != "," {
			return
		}
		p.at++
		if t, ok = p.peek(); !ok {
			p.expected("name = value after the comma")
			return
		}
		s.Chained = true
	}
}

func (p *parser) assignment(s *Stmt, set bool) {
	name, ok := p.peek()
	if !ok || !IsLetter(p.src[name.Offset]) {
		p.expected("a name", "SET name = value")
		return
	}
	p.at++
	s.Name, s.NameEnd = p.pos(name.Offset), p.pos(name.End)
	if next, ok := p.peek(); ok && p.text(next) == "[" {
		s.Index, s.Index2, _ = p.index()
	}
	if p.failed {
		return
	}
	next, ok := p.peek()
	assigns := ok && next.Kind == Operator && assignLen(p.text(next)) == next.End-next.Offset
	if !assigns && !set {
		p.expected("`=`", "name = value")
		return
	}
	op, joins := binaryOp{}, false
	if assigns {
		p.at++
		op, joins = binaryOps[strings.TrimSuffix(p.text(next), "=")]
	}
	if _, ok := p.peek(); !ok {
		p.fail(CodeOperands, s.Pos, p.pos(p.lex.eol), "SET needs a value: SET name = value")
		return
	}
	if joins && s.Index != None {
		s.Op = op.op
	}
	if !joins || s.Index != None {
		p.arg(p.expr(false))
		return
	}
	// x += expr is x = x + (expr).
	was := p.add(Expr{Kind: NameExpr, A: None, B: None, C: None, Pos: s.Name, End: s.NameEnd})
	e := p.expr(false)
	p.arg(p.add(Expr{Kind: BinaryExpr, Op: op.op, A: was, B: e, C: None, Pos: s.Name, End: p.Exprs[e].End}))
}

// verbAssigned reports a statement's name that is given a value without SET.
func (p *lineReader) verbAssigned(verb Token) bool {
	w := p.text(verb)
	end := verb.End
	for end < p.lex.eol && isSpace(p.src[end]) {
		end++
	}
	if assignLen(p.src[end:p.lex.eol]) == 0 || EqualFold(w, "SET") {
		return false
	}
	off := p.pos(verb.Offset)
	fix := p.Replacing(off, off, "SET ")
	if fix != nil {
		fix.Title = "write SET " + w
	}
	p.failFix(CodeSyntax, off, p.pos(verb.End), fix, "%s is a statement: to give a name of that spelling a value, write SET %s = …", strings.ToUpper(w), w)
	return true
}
