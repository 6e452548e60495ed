package syntax

import "gvpie/runtime/isa"

func (p *parser) mnemonic(t Token, spec *isa.Spec, after bool) {
	switch spec.Op {
	case isa.SET:
		p.assignments(t)
		return
	case isa.EACH:
		if after {
			p.oneLineBlock(t, "EACH")
		}
		nested := p.blocks.InEach()
		s := p.open(OpStmt, t)
		s.Op = isa.EACH
		if nested {
			p.Errorf(CodeNotInEach, s.Pos, s.End, "EACH cannot stand inside EACH: a texel has no texels of its own")
			s.InEach = false
		}
		if _, ok := p.peek(); ok {
			p.operands(s, spec, 4, 4)
		}
		p.close(s)
		p.push(s)
		return
	case isa.JMP, isa.CALL:
		s := p.open(OpStmt, t)
		s.Op = spec.Op
		label, ok := p.peek()
		if !ok || label.Kind != LabelName {
			p.fail(CodeOperands, s.Pos, s.End, "%s needs a label: %s", spec.Mnemonic, spec.Syntax)
		} else {
			p.at++
			s.Name, s.NameEnd = p.pos(label.Offset), p.pos(label.End)
			if spec.Op == isa.CALL {
				p.noMore("a subroutine takes no values; a procedure does: make one of it with DEF and END")
			}
		}
		p.close(s)
		return
	}
	s := p.open(OpStmt, t)
	s.Op = spec.Op
	if spec.Op == isa.SPR {
		p.sprite(s, spec)
		p.close(s)
		return
	}
	least, most := spec.Min, len(spec.Operands)
	if _, ok := p.peek(); ok && spec.Whole {
		least = most
	}
	if most == 1 {
		if _, ok := p.peek(); ok {
			p.arg(p.expr(false))
			p.noMore(spec.Mnemonic + " takes at most 1 value, and here are more: " + spec.Syntax)
		} else if least == 1 {
			p.fail(CodeOperands, s.Pos, s.End, "%s needs a value: %s", spec.Mnemonic, spec.Syntax)
		}
	} else if most > 0 {
		p.operands(s, spec, least, most)
	}
	if spec.Tail == isa.TextTail && !p.failed {
		p.textTail(s, spec)
	}
	p.close(s)
}

// noMore reports a value where a statement has all that it takes.
func (p *exprParser) noMore(why string) {
	next, ok := p.peek()
	if !ok || p.failed {
		return
	}
	if _, statement := LookupVerb(p.text(next)); statement {
		return
	}
	switch next.Kind {
	case Number, Name, ColorName, ReadOnly, Function, Char:
		p.fail(CodeOperands, p.pos(next.Offset), p.pos(p.lex.eol), "%s", why)
	}
}

// operands parses a list of least to most operands.
func (p *exprParser) operands(s *Stmt, spec *isa.Spec, least, most int) {
	n := 0
	for ; n < most && !p.failed; n++ {
		if n > 0 {
			if next, ok := p.peek(); ok && p.text(next) == "," {
				p.at++
				if _, ok := p.peek(); !ok {
					p.expected("a value after the comma")
					return
				}
			}
		}
		next, ok := p.peek()
		if !ok || spec.Tail == isa.TextTail && (next.Kind == Text || next.Kind == Quote) {
			break
		}
		p.arg(p.expr(true))
	}
	if p.failed {
		return
	}
	if n < least {
		p.fail(CodeOperands, s.Pos, p.pos(p.lex.eol), "%s needs %s, and here %s: %s", spec.Mnemonic, Plural(least, "value"), isAre(n), spec.Syntax)
		return
	}
	if next, ok := p.peek(); ok && spec.Tail == isa.NoTail && next.Kind != Unknown {
		p.fail(CodeOperands, p.pos(next.Offset), p.pos(p.lex.eol), "%s takes at most %s, and here are more: %s", spec.Mnemonic, Plural(most, "value"), spec.Syntax)
	}
}

// sprite parses the sprite of a SPR, its frame in brackets if there is one, and
// the operands behind it.
func (p *exprParser) sprite(s *Stmt, spec *isa.Spec) {
	name, ok := p.peek()
	switch {
	case ok && name.Kind == Number:
		p.fail(CodeSyntax, p.pos(name.Offset), p.pos(name.End), "a sprite has a name, from its .sprite line, and no number: %s", spec.Syntax)
		return
	case !ok || !IsLetter(p.src[name.Offset]):
		p.expected("the name of a sprite", spec.Syntax)
		return
	}
	p.at++
	s.Name, s.NameEnd = p.pos(name.Offset), p.pos(name.End)
	if next, ok := p.peek(); ok && p.text(next) == "[" {
		p.at++
		s.Index = p.expr(false)
		p.expect("]")
	}
	if next, ok := p.peek(); ok && p.text(next) == "," && !p.failed {
		p.at++
	}
	if !p.failed {
		p.operands(s, spec, 2, 3)
	}
}

func (p *exprParser) arg(n int32) { p.Args = append(p.Args, n) }

// textTail parses the text of TXT and LOG, which the lexer has cut up.
func (p *exprParser) textTail(s *Stmt, spec *isa.Spec) {
	if p.at > 0 {
		if t, ok := p.peek(); ok && p.text(t) == "," && t.Kind == Punctuation {
			p.at++
		}
	}
	t, ok := p.peek()
	if !ok {
		if spec.Op == isa.TXT {
			p.fail(CodeOperands, s.Pos, p.pos(p.lex.eol), "TXT needs a text: %s", spec.Syntax)
		}
		return
	}
	for ; ok && !p.failed; t, ok = p.peek() {
		p.at++
		switch t.Kind {
		case Quote:
		case Text:
			p.Parts = append(p.Parts, TextPart{Pos: p.pos(t.Offset), End: p.pos(t.End), Expr: None})
		case Escape:
			p.Parts = append(p.Parts, TextPart{Pos: p.pos(t.Offset + 1), End: p.pos(t.End), Expr: None})
		case Brace:
			next, ok := p.peek()
			if ok && next.Kind == Brace {
				fix := p.Replacing(p.pos(t.Offset), p.pos(next.End), "\\{\\}")
				p.failFix(CodeSyntax, p.pos(t.Offset), p.pos(next.End), fix, "there is no expression between the braces; literal braces are \\{ and \\}")
				return
			}
			if !ok {
				p.failFix(CodeSyntax, p.pos(t.Offset), p.pos(t.End), p.Replacing(p.pos(t.Offset), p.pos(t.End), "\\{"), "this { has no }; a literal brace is \\{")
				return
			}
			n := p.expr(false)
			end, ok := p.peek()
			if p.failed {
				return
			}
			if !ok || end.Kind == Quote {
				at := p.here()
				p.failFix(CodeSyntax, p.pos(t.Offset), p.pos(p.lex.eol), p.Replacing(at, at, "}"), "this { has no }; a literal brace is \\{")
				return
			}
			part := TextPart{Pos: p.pos(t.Offset), Expr: n}
			if p.text(end) == ":" {
				p.at++
				if part.Format, end, ok = p.format(); !ok {
					return
				}
			}
			if end.Kind != Brace {
				p.expected("}")
				return
			}
			p.at++
			part.End = p.pos(end.End)
			p.Parts = append(p.Parts, part)
		default:
			p.at--
			p.expected("text")
		}
	}
}
