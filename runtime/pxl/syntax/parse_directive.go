package syntax

import "strings"

// directive parses a line that declares. Its values are evaluated later, in
// order, by the scope.
func (p *parser) directive(t Token) {
	p.at++
	var s *Stmt
	name := strings.ToLower(p.text(t))
	switch name {
	case ".canvas":
		s = p.open(CanvasStmt, t)
		p.values(2)
		if next, ok := p.peek(); ok && !p.failed {
			switch w := p.text(next); {
			case EqualFold(w, "PIXEL"):
				s.Pixel = true
				p.at++
			case EqualFold(w, "CELL"):
				p.at++
			case Nearest(w, []string{"pixel", "cell"}, true) != "":
				off, end := p.pos(next.Offset), p.pos(next.End)
				near := Nearest(w, []string{"pixel", "cell"}, true)
				p.failFix(CodeSyntax, off, end, p.Replacing(off, end, near), "a canvas is pixel or cell, not %s: did you mean %s?", Quoted(w), Quoted(near))
			default:
				p.expected("pixel, cell or the end of the line")
			}
		}
		if n := int32(len(p.Args)) - s.Arg; n < 2 {
			p.fail(CodeOperands, s.Pos, p.pos(p.lex.eol), "a canvas has a width and a height: .canvas 128 64")
		}
	case ".const":
		s = p.open(ConstStmt, t)
		if p.declared(s, ".const NAME value") {
			if next, ok := p.peek(); ok && p.text(next) == "=" {
				p.at++
			}
			if _, ok := p.peek(); !ok {
				p.fail(CodeOperands, s.Pos, p.pos(p.lex.eol), "a constant has a value: .const NAME value")
			} else {
				p.arg(p.expr(false))
			}
		}
	case ".table":
		s = p.open(TableStmt, t)
		if p.declared(s, ".table name value…") {
			listParser{p}.table(s)
		}
	case ".text":
		s = p.open(TextStmt, t)
		if p.declared(s, `.text name "text"…`) {
			listParser{p}.texts(s)
		}
	case ".array":
		s = p.open(ArrayStmt, t)
		if p.declared(s, ".array name size") {
			listParser{p}.arraySizes(s)
		}
	case ".palette":
		s = p.open(PaletteStmt, t)
		p.values(-1)
		switch n := int32(len(p.Args)) - s.Arg; {
		case n == 0:
			p.fail(CodeOperands, s.Pos, p.pos(p.lex.eol), "a palette has at least one colour: .palette color…")
		case n > MaxPalette:
			p.fail(CodeOperands, p.Exprs[p.Args[s.Arg+MaxPalette]].Pos, p.pos(p.lex.eol), "a palette has at most %d colours, one for each digit from 0 to F, and here are %d", MaxPalette, n)
		}
	case ".sprite":
		s = p.open(SpriteStmt, t)
		if p.declared(s, ".sprite name [width height]") {
			p.values(2)
			if int32(len(p.Args))-s.Arg == 1 {
				p.fail(CodeOperands, s.Pos, p.pos(p.lex.eol), "a sprite has a width and a height, or neither: .sprite name [width height]")
			}
		}
	default:
		p.unknownDirective(t)
		s = p.open(BadStmt, t)
	}
	if p.blocks.InEach() {
		p.Errorf(CodeNotInEach, s.Pos, s.End, "%s declares for the whole program: put it outside EACH", name)
	}
	p.lineEnds()
	p.close(s)
}

// MaxPalette is how many colours a palette has at most.
const MaxPalette = 16

// declared parses the name a directive declares.
func (p *exprParser) declared(s *Stmt, syntax string) bool {
	t, ok := p.peek()
	if !ok || !IsLetter(p.src[t.Offset]) {
		p.expected("a name", syntax)
		return false
	}
	p.at++
	s.Name, s.NameEnd = p.pos(t.Offset), p.pos(t.End)
	return true
}

// values parses a list of up to n values, of any number for n < 0.
func (p *exprParser) values(n int) {
	for i := 0; i != n && !p.failed; i++ {
		next, ok := p.peek()
		if ok && i > 0 && p.text(next) == "," {
			p.at++
			next, ok = p.peek()
			if !ok {
				p.expected("a value after the comma")
			}
		}
		if !ok || next.Kind == Keyword {
			return
		}
		p.arg(p.expr(true))
	}
}

func (p *lineReader) unknownDirective(t Token) {
	names := make([]string, len(Directives))
	for i, d := range Directives {
		names[i] = d.Name
	}
	w := p.text(t)
	off, end := p.pos(t.Offset), p.pos(t.End)
	if near := Nearest(w, names, true); near != "" {
		p.failFix(CodeUnknownDir, off, end, p.Replacing(off, end, near), "unknown directive %s: did you mean %s?", Quoted(w), Quoted(near))
		return
	}
	p.fail(CodeUnknownDir, off, end, "unknown directive %s: there are %s", Quoted(w), strings.Join(names, ", "))
}

// foreign has the words of other languages for what is here.
var foreign = map[string]string{
	"ELSEIF": "ELSE IF", "ELIF": "ELSE IF", "ENDIF": "END", "ENDFOR": "END", "ENDWHILE": "END", "WEND": "END", "NEXT": "END",
	"GOTO": "JMP", "JUMP": "JMP", "GOSUB": "CALL", "LET": "SET", "VAR": "SET", "PRINT": "TXT", "TEXT": "TXT",
	"TRIANGLE": "TRI", "SPRITE": "SPR", "PSET": "PLOT", "PIXEL": "PLOT", "CIRCLE": "RING", "DISC": "CIRC", "STOP": "HALT", "EXIT": "HALT", "YIELD": "FRAME", "REM": ";",
}

// unknownStatement reports a line that starts with no statement.
func (p *parser) unknownStatement(t Token) {
	off, end := p.pos(t.Offset), p.pos(t.End)
	w := p.text(t)
	if !IsLetter(w[0]) {
		if t.Kind == Unknown {
			p.unknownChar(t)
			return
		}
		if p.at >= 2 && w == "=" {
			// x := 3 is the label x, and then = 3.
			label := p.lex.toks[p.at-2]
			set := "SET " + p.text(label) + " ="
			p.failFix(CodeUnknownOpcode, p.pos(label.Offset), end, p.Replacing(p.pos(label.Offset), end, set), "a value is given with SET: %s …", set)
			return
		}
		p.fail(CodeSyntax, off, end, "a line starts with a statement, a label or a directive, not with %s", Quoted(w))
		return
	}
	if p.at+2 < len(p.lex.toks) && p.text(p.lex.toks[p.at+1]) == ">>>" && p.text(p.lex.toks[p.at+2]) == "=" {
		end := p.pos(p.lex.toks[p.at+2].End)
		p.failFix(CodeUnknownOpcode, off, end, p.Replacing(off, end, w+" = "+w+" >>>"), "there is no >>>=: write %s = %s >>> …", w, w)
		return
	}
	if here, ok := foreign[string(upper(nil, w))]; ok {
		p.failFix(CodeUnknownOpcode, off, end, p.Replacing(off, end, here), "there is no %s here: write %s", strings.ToUpper(w), here)
		return
	}
	if EqualFold(w, "THEN") {
		fix := &Fix{Title: "leave THEN out", Offset: t.Offset, End: t.End}
		p.failFix(CodeUnknownOpcode, off, end, fix, "there is no THEN: the statement follows the condition")
		return
	}
	alone := len(p.lex.toks) == 1
	if m := machineOnly(w); m != "" && !alone {
		p.fail(CodeUnknownOpcode, off, end, "%s is an instruction of the machine, not a statement: %s", strings.ToUpper(w), m)
		return
	}
	if near := p.nearestStatement(w); near != "" {
		p.failFix(CodeUnknownOpcode, off, end, p.Replacing(off, end, near), "unknown opcode %s: did you mean %s?", Quoted(w), Quoted(near))
		return
	}
	if alone {
		p.failFix(CodeUnknownOpcode, off, end, p.Replacing(off, end, w+":"), "unknown opcode %s; a label ends with a colon, %s", Quoted(w), Quoted(w+":"))
		return
	}
	p.fail(CodeUnknownOpcode, off, end, "unknown opcode %s", Quoted(w))
}

// nearestStatement is Nearest over the words a statement starts with, as long as
// someone will read the suggestion.
func (p *parser) nearestStatement(w string) string {
	if p.Errors() > MaxDiagnostics {
		return ""
	}
	return Nearest(w, verbNames, true)
}
