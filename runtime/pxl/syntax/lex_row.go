package syntax

import (
	"strings"
	"unicode/utf8"
)

// Below a .sprite line stand its rows, up to the first line that is neither one
// nor a comment. What can be a row is one: no statement and no directive looks
// like it, but for the call of a procedure with a name of hexadecimal letters.

// row lexes a line below .sprite; false if it is no part of the sprite any more.
func (l *lexer) row() bool {
	switch c := l.peek(); c {
	case ';', '#':
		l.add(Comment, l.eol)
		return true
	}
	end := rowEnd(l.src[l.pos:l.eol])
	if l.rows = end > 0; !l.rows {
		return false
	}
	l.add(Row, l.pos+end)
	if l.peek() == ';' {
		l.add(Comment, l.eol)
	}
	return true
}

// IsRow says whether a line would be a row of a sprite below a .sprite line.
func IsRow(line string) bool {
	for len(line) > 0 && isSpace(line[0]) {
		line = line[1:]
	}
	return rowEnd(line) > 0
}

// rowEnd is the length of the row that a line begins with; 0 if it is none.
func rowEnd(line string) int {
	end := 0
	for end < len(line) && (line[end] == '.' || Digit(line[end]) >= 0) {
		end++
	}
	for i := end; i < len(line) && line[i] != ';'; i++ {
		if !isSpace(line[i]) {
			return 0
		}
	}
	return end
}

// Digit is the value of a digit of a sprite's row; -1 if it is none.
func Digit(c byte) int {
	switch {
	case IsDigit(c):
		return int(c - '0')
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	}
	return -1
}

// row takes a row into the sprite that was declared last; false of a line that is
// none.
func (p *exprParser) row(t Token) bool {
	if t.Kind != Row && (t.Kind != Directive && p.text(t) != "." || p.declares(t)) {
		return false
	}
	n := len(p.Stmts)
	if n == 0 || p.Stmts[n-1].Kind != SpriteStmt {
		return t.Kind == Row // below a .sprite that was no such line
	}
	end := t.Offset
	for end < p.lex.eol && (p.src[end] == '.' || Digit(p.src[end]) >= 0) {
		end++
	}
	if t.Kind != Row && end < p.lex.eol {
		_, size := utf8.DecodeRuneInString(p.src[end:])
		p.fail(CodeSprite, p.pos(end), p.pos(end+size), "a row of a sprite holds the digits 0 to F and dots, not %s", Quoted(p.src[end:end+size]))
		p.Stmts[n-1].Failed = true
	}
	p.at = len(p.lex.toks)
	p.Parts = append(p.Parts, TextPart{Pos: p.pos(t.Offset), End: p.pos(end), Expr: None})
	p.Stmts[n-1].PartEnd = int32(len(p.Parts))
	return true
}

// declares says whether a token is a directive that there is.
func (p *exprParser) declares(t Token) bool {
	for _, d := range Directives {
		if EqualFold(p.text(t), strings.ToUpper(d.Name)) {
			return true
		}
	}
	return false
}
