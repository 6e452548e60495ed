package pxl

import (
	"strings"
	"unicode/utf8"

	"gvpie/runtime/isa"
)

// lexer splits source into tokens a line at a time. What a word is depends on
// where it stands (FRAME the statement, frame the name), and where the text of a
// TXT begins depends on its operands, so the lexer knows the shape of a line:
// its first word, where an operand ends, and nothing of names.
type lexer struct {
	src  string
	pos  int     // next byte
	eol  int     // end of the current line, line end excluded
	toks []Token // of the current line, or of all lines for Lex
}

func (l *lexer) skipBOM() {
	if strings.HasPrefix(l.src, "\uFEFF") {
		l.pos = len("\uFEFF")
	}
}

// nextLine appends the tokens of one line; false at the end of the source.
func (l *lexer) nextLine() bool {
	if l.pos >= len(l.src) {
		return false
	}
	next := len(l.src)
	l.eol = next
	if i := strings.IndexByte(l.src[l.pos:], '\n'); i >= 0 {
		l.eol = l.pos + i
		next = l.eol + 1
	}
	for l.eol > l.pos && isSpace(l.src[l.eol-1]) {
		l.eol--
	}
	l.line()
	l.pos = next
	return true
}

func (l *lexer) line() {
	switch c := l.peek(); {
	case c == 0:
	case c == '#' || c == ';':
		l.add(Comment, l.eol)
	case c == '.' && l.pos+1 < l.eol && isLetter(l.src[l.pos+1]):
		from := l.pos
		l.add(Directive, l.wordEnd(l.pos+1))
		canvas := isWord(l.src[from:l.pos], ".CANVAS")
		for l.peek() != 0 {
			if w := l.word(); canvas && (isWord(w, "PIXEL") || isWord(w, "CELL")) {
				l.add(Keyword, l.pos+len(w))
				continue
			}
			l.token()
		}
	default:
		l.statement()
	}
}

// statement lexes from where a label or the first word of a statement may stand
// to the end of the line.
func (l *lexer) statement() {
	for {
		w := l.word()
		if w == "" {
			l.rest()
			return
		}
		end := l.pos + len(w)
		colon := end
		for colon < l.eol && isSpace(l.src[colon]) {
			colon++
		}
		if colon < l.eol && l.src[colon] == ':' {
			l.add(LabelName, end)
			l.pos = colon
			l.add(Punctuation, colon+1)
			if l.peek() == 0 {
				return
			}
			continue
		}
		known, ok := lookupWord(w)
		switch {
		case !ok:
			l.add(Unknown, end)
			l.rest()
			return
		case known.spec == nil:
			l.add(Keyword, end)
			if known.key == kwElse {
				if w := l.word(); isWord(w, "IF") {
					l.add(Keyword, l.pos+len(w))
					known.key = kwIf
				}
			}
			switch known.key {
			case kwIf:
				if l.condition() {
					continue
				}
			case kwFor:
				l.forParts()
			}
			l.rest()
			return
		}
		l.add(Mnemonic, end)
		switch known.spec.Op {
		case isa.TXT:
			if l.operands(2) {
				l.text()
			}
		case isa.LOG:
			l.text()
		case isa.JMP, isa.CALL:
			if w := l.word(); w != "" {
				l.add(LabelName, l.pos+len(w))
			}
		}
		l.rest()
		return
	}
}

// rest lexes the rest of the line as an expression or operand list.
func (l *lexer) rest() {
	for l.peek() != 0 {
		l.token()
	}
}

// condition lexes the condition of an IF; true if a statement follows it: a word
// where the condition cannot go on.
func (l *lexer) condition() bool {
	depth, operand := 0, false
	for {
		switch l.peek() {
		case 0:
			return false
		case '(', '[':
			depth++
			operand = false
		case ')', ']':
			depth = max(0, depth-1)
		}
		if w := l.word(); w != "" && depth == 0 && (operand || l.verbHere(w)) {
			return true
		}
		operand = l.token()
	}
}

// verbHere says whether the word where a value should stand is rather the
// statement after an unfinished condition, as in IF x > JMP start: a value is
// never followed by another.
func (l *lexer) verbHere(w string) bool {
	if _, ok := lookupWord(w); !ok {
		return false
	}
	next := l.after(l.pos + len(w))
	if next == "" {
		return false
	}
	_, verb := lookupWord(next)
	return !verb
}

// forParts lexes FOR's parts up to the end of the line, TO and STEP among them.
func (l *lexer) forParts() {
	operand := false
	for l.peek() != 0 {
		if w := l.word(); isPart(w) && (operand || l.partHere(w)) {
			l.add(Keyword, l.pos+len(w))
			operand = false
			continue
		}
		operand = l.token()
	}
}

func isPart(w string) bool { return isWord(w, "TO") || isWord(w, "STEP") }

// partHere says whether TO or STEP where a value should stand is no name, as in
// FOR i = TO 3: a value is never followed by another.
func (l *lexer) partHere(w string) bool {
	next := l.after(l.pos + len(w))
	return next != "" && !isPart(next)
}

// after gives the word or number at the next byte from at that is no space, or "".
func (l *lexer) after(at int) string {
	for at < l.eol && isSpace(l.src[at]) {
		at++
	}
	return l.src[at:l.wordEnd(at)]
}

// operands lexes n operands of a list and a comma right behind the last; true if
// it found them. The rule where an operand ends is operandEnds, which the parser
// shares.
func (l *lexer) operands(n int) bool {
	depth, operand := 0, false
	for {
		from := l.pos
		c := l.peek()
		if operand && depth == 0 {
			if c == 0 || operandEnds(l.toks[len(l.toks)-1].Kind, c, l.pos > from) {
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

// operandEnds says whether an operand of a list, complete so far, ends before
// the character c, or goes on with it: an operator or an index goes on when no
// space stands before it, a parenthesis only after a function's name.
func operandEnds(last TokenKind, c byte, spaced bool) bool {
	switch c {
	case '(':
		return last != Function && (spaced || last != Name)
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

// closingQuote finds the quote that closes the one at pos, or -1.
func (l *lexer) closingQuote() int {
	depth := 0
	for i := l.pos + 1; i < l.eol; i++ {
		switch c := l.src[i]; {
		case c == '\\' && depth == 0:
			i++
		case c == '\'' && depth > 0:
			if _, end, ok := charLiteral(l.src[i:l.eol]); ok {
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

// token lexes one token of an expression; true if it ends an operand.
func (l *lexer) token() bool { return l.tokenTo(l.eol) }

func (l *lexer) tokenTo(end int) bool {
	rest := l.src[l.pos:end]
	c := rest[0]
	switch {
	case isLetter(c):
		e := min(l.wordEnd(l.pos), end)
		kind := Name
		if b, ok := builtins[l.src[l.pos:e]]; ok {
			kind = b.kind
		}
		l.add(kind, e)
		return true
	case isDigit(c):
		l.add(Number, min(l.wordEnd(l.pos), end))
		return true
	case c == '\'':
		if _, n, ok := charLiteral(rest); ok {
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

// charLiteral reads the character in quotes that s starts with; a quote and a
// backslash stand in it behind a backslash.
func charLiteral(s string) (value rune, length int, ok bool) {
	if len(s) < 3 {
		return 0, 0, false
	}
	r, n := utf8.DecodeRuneInString(s[1:])
	at := 1 + n
	if r == '\\' && (s[2] == '\'' || s[2] == '\\') && len(s) > 3 && s[3] == '\'' {
		return rune(s[2]), 4, true
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

// word gives the word at the next byte that is no space, or "".
func (l *lexer) word() string {
	if !isLetter(l.peek()) {
		return ""
	}
	return l.src[l.pos:l.wordEnd(l.pos)]
}

func (l *lexer) wordEnd(at int) int {
	for at < l.eol && (isLetter(l.src[at]) || isDigit(l.src[at])) {
		at++
	}
	return at
}

func (l *lexer) add(k TokenKind, end int) {
	l.toks = append(l.toks, Token{k, l.pos, end})
	l.pos = end
}

func isSpace(c byte) bool  { return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v' }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' }
