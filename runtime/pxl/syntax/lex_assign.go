package syntax

import "strings"

// assignOps are the operators that an assignment may have before its =.
var assignOps = [...]string{"<<", ">>", "+", "-", "*", "/", "%", "&", "|", "^"}

// assignLen is the length of the = or op= that s starts with, or 0.
func assignLen(s string) int {
	if strings.HasPrefix(s, "=") && !strings.HasPrefix(s, "==") {
		return 1
	}
	for _, op := range assignOps {
		if strings.HasPrefix(s, op) && strings.HasPrefix(s[len(op):], "=") {
			return len(op) + 1
		}
	}
	return 0
}

// assigns says whether the name that ends at a byte is given a value there.
func (l *lexer) assigns(end int) bool {
	for end < l.eol && isSpace(l.src[end]) {
		end++
	}
	rest := l.src[end:l.eol]
	return strings.HasPrefix(rest, "[") || assignLen(rest) > 0
}

// assignments lexes the assignments of a line, from the name of the first on.
func (l *lexer) assignments() {
	for l.peek() != 0 {
		l.target()
		if !l.value() {
			return
		}
	}
}

// target lexes what is given a value, and the = or op= behind it if it stands there.
func (l *lexer) target() {
	if l.ident() == "" {
		return
	}
	l.token()
	if l.peek() == '[' {
		for depth := 0; l.peek() != 0; {
			switch l.src[l.pos] {
			case '[', '(':
				depth++
			case ']', ')':
				depth--
			}
			if l.token(); depth <= 0 {
				break
			}
		}
	}
	if l.peek() != 0 {
		if n := assignLen(l.src[l.pos:l.eol]); n > 0 {
			l.add(Operator, l.pos+n)
		}
	}
}

// value lexes an expression up to the comma behind it; false if there is none.
func (l *lexer) value() bool {
	for depth := 0; l.peek() != 0; {
		c := l.src[l.pos]
		switch c {
		case '[', '(':
			depth++
		case ']', ')':
			depth = max(0, depth-1)
		}
		if l.token(); c == ',' && depth == 0 {
			return true
		}
	}
	return false
}
