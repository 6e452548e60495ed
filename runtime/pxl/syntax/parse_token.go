package syntax

import (
	"fmt"
	"strings"
)

// peek gives the next token of the line.
func (p *parser) peek() (Token, bool) {
	if p.at < len(p.lex.toks) {
		return p.lex.toks[p.at], true
	}
	return Token{}, false
}

// spaced says whether a space stands before the next token.
func (p *parser) spaced() bool {
	return p.at > 0 && p.lex.toks[p.at-1].End < p.lex.toks[p.at].Offset
}

func (p *parser) text(t Token) string { return p.src[t.Offset:t.End] }

// here is the offset of the next token, or of the end of the line.
func (p *parser) here() Pos {
	if t, ok := p.peek(); ok {
		return p.pos(t.Offset)
	}
	return p.pos(p.lex.eol)
}

// expect takes the next token if it is s, and reports it missing if not.
func (p *parser) expect(s string) (Token, bool) {
	t, ok := p.peek()
	if ok && p.text(t) == s {
		p.at++
		return t, true
	}
	p.expected(Quoted(s))
	at := p.file.Offset(p.here())
	return Token{Unknown, at, at}, false
}

func (p *parser) fail(code string, from, end Pos, format string, args ...any) {
	p.failFix(code, from, end, nil, format, args...)
}

// failFix reports an error unless the line has one, and gives up the line.
func (p *parser) failFix(code string, from, end Pos, fix *Fix, format string, args ...any) {
	if !p.failed {
		p.Report(Error, code, from, end, fix, format, args...)
	}
	p.failed = true
}

// expected reports that what should stand here does not. usage, if there is any,
// says how the whole is written.
func (p *parser) expected(what string, usage ...string) {
	hint := ""
	if len(usage) > 0 {
		hint = ": " + strings.Join(usage, " ")
	}
	t, ok := p.peek()
	switch {
	case !ok:
		from := p.pos(p.lex.eol)
		if p.at > 0 {
			from = p.pos(p.lex.toks[p.at-1].Offset)
		}
		p.fail(CodeSyntax, from, p.pos(p.lex.eol), "%s is missing at the end of the line%s", what, hint)
	case t.Kind == Unknown && !IsLetter(p.src[t.Offset]):
		p.unknownChar(t)
	default:
		p.fail(CodeSyntax, p.pos(t.Offset), p.pos(t.End), "expected %s here, not %s%s", what, Quoted(p.text(t)), hint)
	}
}

func (p *parser) unknownChar(t Token) {
	s := p.text(t)
	if s == "'" {
		p.fail(CodeUnknownChar, p.pos(t.Offset), p.pos(t.End), "a character is written 'A', with one character between two quotes")
		return
	}
	if s == "\"" {
		p.fail(CodeUnknownChar, p.pos(t.Offset), p.pos(t.End), "text in double quotes stands in TXT and LOG alone")
		return
	}
	p.fail(CodeUnknownChar, p.pos(t.Offset), p.pos(t.End), "the character %s means nothing here", Quoted(s))
}

func (p *parser) badNumber(t Token) {
	s := p.text(t)
	digits := strings.TrimLeft(s, "0123456789")
	switch {
	case digits == "" || len(s) > 2 && (s[:2] == "0x" || s[:2] == "0X") && strings.Trim(s[2:], "0123456789abcdefABCDEF") == "":
		p.Errorf(CodeNumber, p.pos(t.Offset), p.pos(t.End), "%s is too large: numbers go up to 0xFFFFFFFF, which is -1", Quoted(s))
	default:
		p.Errorf(CodeNumber, p.pos(t.Offset), p.pos(t.End), "%s is not a number: write 42, 0xFF8800, 0b1010 or 'A'", Quoted(s))
	}
}

func isAre(n int) string {
	switch n {
	case 0:
		return "are none"
	case 1:
		return "is 1"
	}
	return fmt.Sprintf("are %d", n)
}
