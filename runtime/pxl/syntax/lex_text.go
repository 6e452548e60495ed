package syntax

import "strings"

// operands lexes n operands of a list and a comma right behind the last; true if
// it found them. The rule where an operand ends is OperandEnds, which the parser
// shares.
func (l *lexer) operands(n int) bool {
	depth, operand := 0, false
	for {
		from := l.pos
		c := l.peek()
		if operand && depth == 0 {
			if c == 0 || OperandEnds(l.toks[len(l.toks)-1].Kind, c, l.pos > from) {
				n--
				operand = false
				if n == 0 {
					if c == ',' && l.pos == from {
						l.add(Punctuation, l.pos+1)
					}
					return true
				}
				if c == ',' {
					l.add(Punctuation, l.pos+1)
					continue
				}
			}
		}
		switch c {
		case 0:
			return false
		case '(', '[':
			depth++
		case ')', ']':
			depth = max(0, depth-1)
		case ',':
			if depth == 0 {
				return false
			}
		}
		operand = l.token()
	}
}

// OperandEnds says whether an operand of a list, complete so far, ends before
// the character c, or goes on with it: an operator or an index goes on when no
// space stands before it, a parenthesis only after a function's name.
func OperandEnds(last TokenKind, c byte, spaced bool) bool {
	switch c {
	case '(':
		return last != Function && last != Procedure
	case '[':
		return spaced || last != Name
	case '+', '-', '*', '/', '%', '&', '|', '^', '<', '>', '=', '!':
		return spaced
	}
	return true
}

// text lexes the text of TXT or LOG: the rest of the line, trimmed.
func (l *lexer) text() {
	if l.peek() == 0 {
		return
	}
	end := l.eol
	if l.src[l.pos] == '"' && l.closingQuote() == end-1 {
		l.add(Quote, l.pos+1)
		end--
	}
	for l.pos < end {
		switch c := l.src[l.pos]; {
		case c == '\\' && l.pos+1 < end && strings.IndexByte(`{}"\`, l.src[l.pos+1]) >= 0:
			l.add(Escape, l.pos+2)
		case c == '{':
			l.add(Brace, l.pos+1)
			for {
				for l.pos < end && isSpace(l.src[l.pos]) {
					l.pos++
				}
				if l.pos >= end {
					break
				}
				if l.src[l.pos] == '}' {
					l.add(Brace, l.pos+1)
					break
				}
				l.tokenTo(end)
				if l.src[l.pos-1] == ':' && l.toks[len(l.toks)-1].Kind == Punctuation {
					n := strings.IndexByte(l.src[l.pos:end], '}')
					if n < 0 {
						n = end - l.pos
					}
					if n > 0 {
						l.add(Escape, l.pos+n)
					}
				}
			}
		default:
			at := l.pos + 1
			for at < end && l.src[at] != '\\' && l.src[at] != '{' {
				at++
			}
			if n := len(l.toks); n > 0 && l.toks[n-1].Kind == Text && l.toks[n-1].End == l.pos {
				l.toks[n-1].End = at
				l.pos = at
				continue
			}
			l.add(Text, at)
		}
	}
	if end < l.eol {
		l.add(Quote, l.eol)
	}
}

// quoted lexes a text in double quotes that has no escapes: the path of INCLUDE.
func (l *lexer) quoted() {
	if l.peek() != '"' {
		return
	}
	l.add(Quote, l.pos+1)
	end := strings.IndexByte(l.src[l.pos:l.eol], '"')
	if end < 0 {
		if l.pos < l.eol {
			l.add(Text, l.eol)
		}
		return
	}
	if end > 0 {
		l.add(Text, l.pos+end)
	}
	l.add(Quote, l.pos+1)
}

// closingQuote finds the quote that closes the one at pos, or -1.
func (l *lexer) closingQuote() int {
	depth := 0
	for i := l.pos + 1; i < l.eol; i++ {
		switch c := l.src[i]; {
		case c == '\\' && depth == 0:
			i++
		case c == '\'' && depth > 0:
			if _, end, ok := CharLiteral(l.src[i:l.eol]); ok {
				i += end - 1
			}
		case c == '{':
			depth = 1
		case c == '}':
			depth = 0
		case c == '"' && depth == 0:
			return i
		}
	}
	return -1
}
