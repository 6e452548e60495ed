package syntax

import (
	"strings"
	"unicode/utf8"
)

// token lexes one token of an expression; true if it ends an operand.
func (l *lexer) token() bool { return l.tokenTo(l.eol) }

func (l *lexer) tokenTo(end int) bool {
	rest := l.src[l.pos:end]
	c := rest[0]
	switch {
	case IsLetter(c):
		e := min(l.identEnd(l.pos), end)
		kind := Name
		if b, ok := builtins[l.src[l.pos:e]]; ok {
			kind = b.Kind
		} else if e < end && l.src[e] == '(' {
			kind = Procedure
			if _, ok := functions[l.src[l.pos:e]]; ok {
				kind = Function
			}
		}
		l.add(kind, e)
		return true
	case IsDigit(c):
		l.add(Number, min(l.identEnd(l.pos), end))
		return true
	case c == '\'':
		if _, n, ok := CharLiteral(rest); ok {
			l.add(Char, l.pos+n)
			return true
		}
	case c == ';' && end == l.eol:
		l.add(Comment, end)
		return false
	case strings.IndexByte("()[],:", c) >= 0:
		l.add(Punctuation, l.pos+1)
		return c == ')' || c == ']'
	}
	if n := operatorLen(rest); n > 0 {
		l.add(Operator, l.pos+n)
		return false
	}
	_, n := utf8.DecodeRuneInString(rest)
	l.add(Unknown, l.pos+n)
	return false
}

// operatorLen is the length of the operator s starts with, or 0.
func operatorLen(s string) int {
	switch {
	case strings.HasPrefix(s, ">>>"):
		return 3
	case len(s) >= 2:
		switch s[:2] {
		case ">>", "<<", "<=", ">=", "==", "!=", "&&", "||":
			return 2
		}
	}
	if s != "" && strings.IndexByte("+-*/%&|^~<>!=", s[0]) >= 0 {
		return 1
	}
	return 0
}

// CharLiteral reads the character in quotes that s starts with; a quote and a
// backslash stand in it behind a backslash, and n for the end of a line.
func CharLiteral(s string) (value rune, length int, ok bool) {
	if len(s) < 3 {
		return 0, 0, false
	}
	r, n := utf8.DecodeRuneInString(s[1:])
	at := 1 + n
	if r == '\\' && (s[2] == '\'' || s[2] == '\\') && len(s) > 3 && s[3] == '\'' {
		return rune(s[2]), 4, true
	}
	if len(s) > 3 && s[:4] == `'\n'` {
		return '\n', 4, true
	}
	if r == '\'' || at >= len(s) || s[at] != '\'' {
		return 0, 0, false
	}
	return r, at + 1, true
}

// peek skips spaces and gives the next byte of the line; 0 at its end, and 1 for
// a NUL, which means as little.
func (l *lexer) peek() byte {
	for l.pos < l.eol && isSpace(l.src[l.pos]) {
		l.pos++
	}
	if l.pos >= l.eol {
		return 0
	}
	return max(1, l.src[l.pos])
}

// ident gives the name at the next byte that is no space, or "".
func (l *lexer) ident() string {
	if !IsLetter(l.peek()) {
		return ""
	}
	return l.src[l.pos:l.identEnd(l.pos)]
}

func (l *lexer) identEnd(at int) int {
	for at < l.eol && (IsLetter(l.src[at]) || IsDigit(l.src[at])) {
		at++
	}
	return at
}

func (l *lexer) add(k TokenKind, end int) {
	l.toks = append(l.toks, Token{k, l.pos, end})
	l.pos = end
}

func isSpace(c byte) bool  { return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v' }
func IsDigit(c byte) bool  { return '0' <= c && c <= '9' }
func IsLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' }
