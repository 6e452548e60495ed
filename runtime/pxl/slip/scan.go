package slip

import (
	"strings"
	"unicode/utf8"
)

// kind says what a token of a foreign line is.
type kind uint8

const (
	other  kind = iota // one character that is nothing else
	word               // a name or a keyword of any language
	number             // 42, 0.5, .5, 0xFF, 1e3
	text               // in quotes of either kind, or unclosed
	char               // 'A'
	hash               // #FF0000
	sign               // an operator of any language
)

// token is a stretch of a line.
type token struct {
	kind      kind
	from, end int
}

// scan is a line with its tokens, up to its comment or the text of a TXT or LOG.
type scan struct {
	Line
	toks []token
}

func newScan(l Line) *scan {
	s := &scan{Line: l}
	for at := 0; at < l.Tail; {
		c := l.Text[at]
		if c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v' {
			at++
			continue
		}
		if c == ';' {
			break
		}
		t := s.token(at)
		s.toks = append(s.toks, t)
		at = t.end
	}
	return s
}

// signs are the operators of more than one character, longest first.
var signs = [...]string{">>>", "===", "!==", "...", ">>", "<<", "<=", ">=", "==", "!=", "&&", "||", "<>", "~=", "=<", "=>", "**", "//", "--", "++", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", ":=", "<-", "..", "::", "/*", "*/"}

func (s *scan) token(at int) token {
	rest := s.Text[at:s.Tail]
	c := rest[0]
	switch {
	case isLetter(c):
		return token{word, at, at + wordLen(rest)}
	case isDigit(c), c == '.' && len(rest) > 1 && isDigit(rest[1]) && !s.after(at):
		return token{number, at, at + numberLen(rest)}
	case c == '"', c == '`':
		return token{text, at, at + quotedLen(rest)}
	case c == '\'':
		n := quotedLen(rest)
		if n == 3 || n == 4 && rest[1] == '\\' || n > 3 && utf8.RuneCountInString(rest[:n]) == 3 {
			return token{char, at, at + n}
		}
		return token{text, at, at + n}
	case c == '#' && len(rest) > 1 && (hexLen(rest[1:]) == 6 || hexLen(rest[1:]) == 3 || hexLen(rest[1:]) == 8):
		return token{hash, at, at + 1 + wordLen(rest[1:])}
	}
	for _, op := range signs {
		if strings.HasPrefix(rest, op) {
			return token{sign, at, at + len(op)}
		}
	}
	if strings.IndexByte("+-*/%&|^~<>!=", c) >= 0 {
		return token{sign, at, at + 1}
	}
	_, n := utf8.DecodeRuneInString(rest)
	return token{other, at, at + n}
}

// after says whether an operand ends right before a byte.
func (s *scan) after(at int) bool {
	n := len(s.toks)
	return n > 0 && s.toks[n-1].end == at && s.ends(n-1)
}

// ends says whether an operand may end with token i.
func (s *scan) ends(i int) bool {
	switch s.kindOf(i) {
	case word, number, char, text, hash:
		return true
	default:
		return s.is(i, ")") || s.is(i, "]")
	}
}

// begins says whether an operand may begin with token i.
func (s *scan) begins(i int) bool {
	switch s.kindOf(i) {
	case word, number, char, text, hash:
		return true
	default:
		return s.is(i, "(")
	}
}

// str gives a token as it is written; "" of none.
func (s *scan) str(i int) string {
	if i < 0 || i >= len(s.toks) {
		return ""
	}
	return s.Text[s.toks[i].from:s.toks[i].end]
}

// is says whether token i is one of these, in any case.
func (s *scan) is(i int, any ...string) bool {
	if w := s.str(i); w != "" {
		for _, a := range any {
			if strings.EqualFold(w, a) {
				return true
			}
		}
	}
	return false
}

// kindOf gives the kind of token i; other of none.
func (s *scan) kindOf(i int) kind {
	if i < 0 || i >= len(s.toks) {
		return other
	}
	return s.toks[i].kind
}

// spaced says whether a space stands before token i.
func (s *scan) spaced(i int) bool {
	return i > 0 && i < len(s.toks) && s.toks[i-1].end < s.toks[i].from
}

// span gives the line from the start of token i to the end of token j.
func (s *scan) span(i, j int) string {
	if i > j || i >= len(s.toks) {
		return ""
	}
	return s.Text[s.toks[i].from:s.toks[j].end]
}

// last is the index of the last token.
func (s *scan) last() int { return len(s.toks) - 1 }

// indent gives the blanks that the line begins with.
func (s *scan) indent() string {
	return s.Text[:len(s.Text)-len(strings.TrimLeft(s.Text, " \t"))]
}

// closing gives the index of the parenthesis that closes the one at i, or -1.
func (s *scan) closing(i int) int {
	depth := 0
	for k := i; k < len(s.toks); k++ {
		switch s.str(k) {
		case "(", "[", "{":
			depth++
		case ")", "]", "}":
			if depth--; depth == 0 {
				return k
			}
		}
	}
	return -1
}

// list cuts the tokens from i to j at the commas that are in no parentheses, into
// pairs of first and last.
func (s *scan) list(i, j int) (out [][2]int) {
	depth, from := 0, i
	for k := i; k <= j; k++ {
		switch s.str(k) {
		case "(", "[", "{":
			depth++
		case ")", "]", "}":
			depth--
		case ",":
			if depth == 0 {
				out = append(out, [2]int{from, k - 1})
				from = k + 1
			}
		}
	}
	if from <= j {
		out = append(out, [2]int{from, j})
	}
	return out
}

// first is the index of the first token that is part of no label.
func (s *scan) first() int {
	i := 0
	for s.kindOf(i) == word && s.is(i+1, ":") && !s.is(i, blockOpeners...) {
		i += 2
	}
	return i
}

// verb says whether a statement of any language begins with a word.
func (s *scan) verb(i int) bool {
	if s.kindOf(i) != word || i > 0 && (jumps[strings.ToUpper(s.str(i-1))] || s.is(i-1, ".")) {
		return false
	}
	w := strings.ToUpper(s.str(i))
	_, foreign := verbs[w]
	return s.Verb(w) || foreign || jumps[w] || w == "PRINT"
}

// head is the index of the statement that token i belongs to: the nearest verb at
// or before it, or -1.
func (s *scan) head(i int) int {
	for ; i >= 0; i-- {
		if s.verb(i) && (i == 0 || !s.is(i-1, "(", ",", "=") && s.toks[i-1].kind != sign) {
			return i
		}
	}
	return -1
}

// lists says whether what follows the verb at i is a list of operands, in which a
// space ends an operand.
func (s *scan) lists(i int) bool {
	return i >= 0 && !s.is(i, "IF", "ELSE", "ELSEIF", "ELIF", "WHILE", "FOR", "SET", "LET", "PUT", "CLS", "SEED", "ASSERT", "LOG", "UNTIL", "PRINT", "RETURN")
}

// declares says whether the program has a word elsewhere, behind one of others.
func (s *scan) declares(name string, before ...string) bool {
	for at := 0; ; {
		i := strings.Index(s.Source[at:], name)
		if i < 0 {
			return false
		}
		from := at + i
		at = from + len(name)
		if from > 0 && isWord(s.Source[from-1]) || at < len(s.Source) && isWord(s.Source[at]) {
			continue
		}
		head := strings.TrimRight(s.Source[:from], " \t")
		for _, b := range before {
			if n := len(head) - len(b); n >= 0 && strings.EqualFold(head[n:], b) {
				return true
			}
		}
	}
}

// hasLabel says whether the program has a label.
func (s *scan) hasLabel(name string) bool {
	for at := 0; ; {
		i := strings.Index(s.Source[at:], name+":")
		if i < 0 {
			return false
		}
		if from := at + i; from == 0 || !isWord(s.Source[from-1]) {
			return true
		}
		at += i + 1
	}
}

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isWord(c byte) bool   { return isLetter(c) || isDigit(c) }

func wordLen(s string) int {
	n := 0
	for n < len(s) && isWord(s[n]) {
		n++
	}
	return n
}

// hexLen is how many hexadecimal digits s begins with, 0 if a letter follows.
func hexLen(s string) int {
	n := 0
	for n < len(s) && (isDigit(s[n]) || 'a' <= s[n]|32 && s[n]|32 <= 'f') {
		n++
	}
	if n < len(s) && isWord(s[n]) {
		return 0
	}
	return n
}

// numberLen is the length of the number, with its fraction, that s begins with.
// Two dots are no fraction.
func numberLen(s string) int {
	n := wordLen(s)
	if n < len(s) && s[n] == '.' && !strings.HasPrefix(s[n:], "..") && (n+1 == len(s) || !isLetter(s[n+1])) {
		n++
		n += wordLen(s[n:])
	}
	return n
}

// quotedLen is the length of the text in quotes that s begins with; of one that is
// not closed all of s.
func quotedLen(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case s[0]:
			return i + 1
		}
	}
	return len(s)
}
