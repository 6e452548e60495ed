package syntax

import (
	"path"
	"strings"
)

// findProcedures finds the names behind the DEFs of a source and of the files that it
// includes: a line that begins with one of them calls it, also before the DEF.
func (p *filesParser) findProcedures(src, at string) {
	if p.procedures == nil {
		p.procedures = make(map[string]bool)
	}
	for line := range strings.Lines(src) {
		p.lines++
		line = strings.TrimPrefix(line, byteOrderMark)
		for {
			line = strings.TrimLeft(line, " \t\r\f\v")
			n := wordEnd(line)
			rest := strings.TrimLeft(line[n:], " \t\r\f\v")
			if n > 0 && strings.HasPrefix(rest, ":") {
				line = rest[1:] // behind a label
				continue
			}
			switch {
			case rest == "":
			case definesHere(line[:n]) && IsLetter(rest[0]):
				p.procedures[rest[:wordEnd(rest)]] = true
			case EqualFold(line[:n], "INCLUDE") && rest[0] == '"' && p.folder != nil && len(p.scanned) < MaxIncludes:
				if written, _, ok := strings.Cut(rest[1:], `"`); ok {
					p.proceduresOf(path.Join(path.Dir(at), written))
				}
			}
			break
		}
	}
}

// proceduresOf does so of an included file. What is wrong with it is said where it is
// read.
func (p *filesParser) proceduresOf(name string) {
	resolved, text, err := p.folder.Open(name)
	if err != nil || p.scanned[resolved] {
		return
	}
	if p.scanned == nil {
		p.scanned = make(map[string]bool)
	}
	p.scanned[resolved] = true
	p.findProcedures(text, resolved)
}

// definesHere says whether a word is DEF, or what other languages have for it.
func definesHere(w string) bool {
	switch string(upper(nil, w)) {
	case "DEF", "SUB", "FUNCTION", "FUNC", "FUN", "FN", "PROC", "PROCEDURE", "VOID":
		return true
	}
	return false
}

// isProcedure says whether a line that begins with a word may be a call.
func (p *exprParser) isProcedure(w string) bool {
	if !p.single {
		return p.procedures[w]
	}
	// Any name may have its DEF on another line, but for what is a slip.
	_, elsewhere := foreign[string(upper(nil, w))]
	return !elsewhere && !definesHere(w)
}

// define parses DEF name(a, b) and DEF name a b.
func (p *parser) define(t Token) {
	s := p.open(DefStmt, t)
	s.Def, s.InEach = None, false
	defer func() {
		p.close(s)
		p.push(s)
	}()
	name, ok := p.peek()
	if !ok || !IsLetter(p.src[name.Offset]) {
		p.expected("a name", "DEF name(a, b)")
		return
	}
	p.at++
	s.Name, s.NameEnd = p.pos(name.Offset), p.pos(name.End)
	next, ok := p.peek()
	list := ok && p.text(next) == "("
	if list {
		p.at++
	}
	if next, ok := p.peek(); !list || !ok || p.text(next) != ")" {
		p.declaredNames("the name of a parameter", "DEF name(a, b)")
	}
	if list {
		p.expect(")")
	}
}

// declaredNames parses the names that DEF and LOCAL declare.
func (p *exprParser) declaredNames(what, usage string) {
	for first := true; !p.failed; first = false {
		next, ok := p.peek()
		if ok && p.text(next) == "," && !first {
			p.at++
			if next, ok = p.peek(); !ok {
				p.expected(what, usage)
				return
			}
		}
		if !ok || p.text(next) == ")" || p.text(next) == "=" {
			return
		}
		if !IsLetter(p.src[next.Offset]) {
			p.expected(what, usage)
			return
		}
		p.at++
		p.Parts = append(p.Parts, TextPart{Pos: p.pos(next.Offset), End: p.pos(next.End), Expr: None})
	}
}

// local parses LOCAL a b.
func (p *parser) local(t Token) {
	s := p.open(LocalStmt, t)
	defer func() { p.close(s) }()
	p.declaredNames("a name", "LOCAL name…")
	if p.failed {
		return
	}
	n := len(p.Parts) - int(s.Part)
	if n == 0 {
		p.fail(CodeOperands, s.Pos, s.End, "LOCAL needs a name: LOCAL name…")
		return
	}
	next, gives := p.peek()
	gives = gives && p.text(next) == "="
	first := p.Parts[s.Part]
	if s.Def == None && !p.single {
		fix := p.Replacing(s.Pos, first.Pos, "")
		if fix != nil {
			fix.Title = "leave LOCAL out"
		}
		if !gives || n > 1 {
			fix = nil
		}
		p.failFix(CodeOutsideDef, s.Pos, s.End, fix, "LOCAL declares what a call of a DEF has for itself, and no DEF is open here: a name of the program needs no declaration, %s = …", p.Text(first.Pos, first.End))
		return
	}
	if gives {
		last := p.Parts[len(p.Parts)-1]
		indent, _ := p.indentAt(s.Pos)
		name := p.Text(last.Pos, last.End)
		fix := p.Replacing(last.End, last.End, "\n"+indent+name)
		if fix != nil {
			fix.Title = "give the value on a line of its own"
		}
		p.failFix(CodeSyntax, p.pos(next.Offset), p.pos(next.End), fix, "LOCAL only declares, and %s starts at 0: it gets its value on the next line, %s = …", Quoted(name), name)
	}
}

// returns parses RETURN and RETURN expr.
func (p *parser) returns(t Token) {
	s := p.open(ReturnStmt, t)
	if _, ok := p.peek(); ok {
		p.arg(p.expr(false))
	}
	p.close(s)
	switch {
	case p.single || p.failed:
	case s.Def == None && s.Arg == s.ArgEnd:
		p.failFix(CodeOutsideDef, s.Pos, s.End, p.Replacing(s.Pos, s.Pos+Pos(len("RETURN")), "RET"), "RETURN leaves a DEF, and none is open here: RET goes back from a CALL")
	case s.Def == None:
		p.fail(CodeOutsideDef, s.Pos, s.End, "RETURN gives the value of a DEF, and none is open here")
	case s.InEach:
		p.fail(CodeNotInEach, s.Pos, s.End, "RETURN cannot stand inside EACH: the texels of a block do not leave the procedure around it")
	}
}

// callStatement parses a call of a procedure that is a statement.
func (p *parser) callStatement(t Token) {
	s := p.open(CallStmt, t)
	s.Name, s.NameEnd = p.pos(t.Offset), p.pos(t.End)
	defer func() { p.close(s) }()
	if t.End < p.lex.eol && p.src[t.End] == '(' {
		p.arg(p.procedureCall(t))
		return
	}
	p.at++
	var args []int32
	for !p.failed {
		next, ok := p.peek()
		if ok && p.text(next) == "," && len(args) > 0 {
			p.at++
			if next, ok = p.peek(); !ok {
				p.expected("a value after the comma")
				return
			}
		}
		if !ok || next.Kind == Unknown {
			break
		}
		if p.splits(next, args) {
			return
		}
		args = append(args, p.expr(true))
	}
	end := s.NameEnd
	if n := len(args); n > 0 {
		end = p.Exprs[args[n-1]].End
	}
	p.arg(p.addCall(t, args, true, end))
}

// splits reports x + 1 in a list, where a space ends an operand.
func (p *exprParser) splits(next Token, args []int32) bool {
	if _, ok := binaryOps[p.text(next)]; next.Kind != Operator || !ok || len(args) == 0 {
		return false
	}
	if _, ok := unaryOps[p.text(next)]; ok {
		return false
	}
	from := p.Exprs[args[len(args)-1]].Pos
	for p.at > 0 && p.pos(p.lex.toks[p.at-1].Offset) >= from {
		p.at--
	}
	for open := p.at - 1; open > 0 && p.text(p.lex.toks[open]) == "("; open-- {
		p.at--
	}
	from = p.here()
	p.expr(false)
	if p.failed {
		return true
	}
	end := p.pos(p.lex.toks[p.at-1].End)
	text := "(" + p.Text(from, end) + ")"
	p.failFix(CodeSyntax, from, end, p.Replacing(from, end, text), "a space ends an operand of a list: one expression is %s", Quoted(text))
	return true
}

// procedureCall parses name(a, b), from the name on.
func (p *exprParser) procedureCall(t Token) int32 {
	p.at += 2
	var args []int32
	end, ok := p.arguments(func(a int32) { args = append(args, a) })
	if !ok {
		return p.bad()
	}
	return p.addCall(t, args, false, p.pos(end.End))
}

// addCall appends a ProcExpr.
func (p *exprParser) addCall(t Token, args []int32, spaced bool, end Pos) int32 {
	height := uint16(0)
	for _, a := range args {
		height = max(height, p.Exprs[a].Height)
	}
	c := Call{NameEnd: p.pos(t.End), Spaced: spaced, Arg: int32(len(p.Actuals)), Proc: None}
	p.Actuals = append(p.Actuals, args...)
	c.ArgEnd = int32(len(p.Actuals))
	c.Expr = p.add(Expr{Kind: ProcExpr, A: None, B: None, C: None, Val: int32(len(p.Calls)), Pos: p.pos(t.Offset), End: end})
	x := &p.Exprs[c.Expr]
	if x.Height = height + 1; x.Height > maxHeight {
		x.Height = 1
		if !p.failed {
			p.fail(CodeTooDeep, x.Pos, x.End, "this expression is too long: at most %d operators deep; split it over several SETs", maxHeight)
		}
	}
	p.Calls = append(p.Calls, c)
	return c.Expr
}
