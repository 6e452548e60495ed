package syntax

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// lineReader reads the tokens of a file line by line and reports what is wrong
// with them.
type lineReader struct {
	*Reporter
	file   *File
	src    string // of the file
	lex    lexer
	at     int  // next token of the line
	failed bool // the rest of this line is not to be read
}

// checkText reports source that is no text, or too much of it.
func (p *lineReader) checkText() bool {
	if len(p.src) > MaxSource {
		p.Errorf(CodeSourceTooLarge, p.pos(0), p.pos(0), "the source has %d bytes; at most %d are read", len(p.src), MaxSource)
		return false
	}
	bad := strings.IndexByte(p.src, 0)
	if !utf8.ValidString(p.src) {
		for i := 0; i < len(p.src) && (bad < 0 || i < bad); {
			r, n := utf8.DecodeRuneInString(p.src[i:])
			if r == utf8.RuneError && n == 1 {
				bad = i
				break
			}
			i += n
		}
	}
	if bad >= 0 {
		p.Errorf(CodeNotText, p.pos(bad), p.pos(bad+1), "this is not text: byte 0x%02X at offset %d is no UTF-8 character; is it a picture or another binary file?", p.src[bad], bad)
	}
	return bad < 0
}

// nextLine reads the tokens of the next line, but for its comment.
func (p *lineReader) nextLine() bool {
	p.lex.toks = p.lex.toks[:0]
	if !p.lex.nextLine() {
		return false
	}
	p.at, p.failed = 0, false
	if n := len(p.lex.toks); n > 0 && (p.lex.toks[n-1].Kind == Comment || p.lex.toks[0].Kind == Directive) {
		p.lex.toks = slices.DeleteFunc(p.lex.toks, func(t Token) bool { return t.Kind == Comment })
	}
	return true
}

// pos gives the place of a byte offset.
func (p *lineReader) pos(offset int) Pos { return p.file.Pos(offset) }

// peek gives the next token of the line.
func (p *lineReader) peek() (Token, bool) {
	if p.at < len(p.lex.toks) {
		return p.lex.toks[p.at], true
	}
	return Token{}, false
}

// spaced says whether a space stands before the next token.
func (p *lineReader) spaced() bool {
	return p.at > 0 && p.lex.toks[p.at-1].End < p.lex.toks[p.at].Offset
}

func (p *lineReader) text(t Token) string { return p.src[t.Offset:t.End] }

// here is the offset of the next token, or of the end of the line.
func (p *lineReader) here() Pos {
	if t, ok := p.peek(); ok {
		return p.pos(t.Offset)
	}
	return p.pos(p.lex.eol)
}

// expect takes the next token if it is s, and reports it missing if not.
func (p *lineReader) expect(s string) (Token, bool) {
	t, ok := p.peek()
	if ok && p.text(t) == s {
		p.at++
		return t, true
	}
	p.expected(Quoted(s))
	at := p.file.Offset(p.here())
	return Token{Unknown, at, at}, false
}

func (p *lineReader) fail(code string, from, end Pos, format string, args ...any) {
	p.failFix(code, from, end, nil, format, args...)
}

// failFix reports an error unless the line has one, and gives up the line.
func (p *lineReader) failFix(code string, from, end Pos, fix *Fix, format string, args ...any) {
	if !p.failed {
		p.Report(Error, code, from, end, fix, format, args...)
	}
	p.failed = true
}

// expected reports that what should stand here does not. usage, if there is any,
// says how the whole is written.
func (p *lineReader) expected(what string, usage ...string) {
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

func (p *lineReader) unknownChar(t Token) {
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

func (p *lineReader) badNumber(t Token) {
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
