package syntax

import "strings"

// directive lexes what stands behind the name of a directive: to the end of the
// line, and of those after it that its list goes on over.
func (l *lexer) directive(name string) {
	for {
		l.list(name)
		for {
			if !l.listGoesOn(name) {
				return
			}
			c := l.peek()
			if c == '#' || c == ';' {
				l.add(Comment, l.eol)
			} else if c != 0 {
				break
			}
		}
	}
}

// list lexes the rest of a line of a directive's list.
func (l *lexer) list(name string) {
	canvas, texts := EqualFold(name, ".CANVAS"), EqualFold(name, ".TEXT")
	for {
		c := l.peek()
		if c == 0 {
			return
		}
		if w := l.ident(); canvas && (EqualFold(w, "PIXEL") || EqualFold(w, "CELL")) {
			l.add(Keyword, l.pos+len(w))
			continue
		}
		if texts && c == '"' && l.tableText() {
			continue
		}
		l.token()
	}
}

// tableText lexes a text of a .text, if its quote is closed.
func (l *lexer) tableText() bool {
	closing := -1
	for i := l.pos + 1; i < l.eol && closing < 0; i++ {
		switch l.src[i] {
		case '\\':
			if i+1 < l.eol && strings.IndexByte(`"\`, l.src[i+1]) >= 0 {
				i++
			}
		case '"':
			closing = i
		}
	}
	if closing < 0 {
		return false
	}
	l.add(Quote, l.pos+1)
	for l.pos < closing {
		if l.src[l.pos] == '\\' && l.pos+1 < closing && strings.IndexByte(`"\`, l.src[l.pos+1]) >= 0 {
			l.add(Escape, l.pos+2)
			continue
		}
		at := l.pos + 1
		for at < closing && l.src[at] != '\\' {
			at++
		}
		l.add(Text, at)
	}
	l.add(Quote, closing+1)
	return true
}

// listGoesOn says whether a directive's list goes on over the next line, and goes
// there if so: the line ends with a comma, or with the colon behind the width of a
// table, and the next is no directive. Empty lines and comments do not end it.
func (l *lexer) listGoesOn(name string) bool {
	if !l.endsOpen(name) || l.next >= len(l.src) {
		return false
	}
	rest := lexer{src: l.src, pos: l.next}
	rest.bounds()
	if rest.peek() == '.' {
		return false
	}
	l.pos, l.eol, l.next = rest.pos, rest.eol, rest.next
	return true
}

// endsOpen says whether what is lexed ends so that a list goes on.
func (l *lexer) endsOpen(name string) bool {
	last := len(l.toks) - 1
	for last >= 0 && l.toks[last].Kind == Comment {
		last--
	}
	if last < 0 || l.toks[last].Kind != Punctuation {
		return false
	}
	c := l.src[l.toks[last].Offset]
	return c == ',' || c == ':' && EqualFold(name, ".TABLE")
}

// ListGoesOn says whether a list goes on over the line after this one, a line of a
// directive: its first, or one that follows that.
func ListGoesOn(directive, line string) bool {
	l := lexer{src: line}
	l.bounds()
	if c := l.peek(); c == '.' && l.pos+1 < l.eol && IsLetter(l.src[l.pos+1]) {
		l.pos = l.identEnd(l.pos + 1)
	}
	l.list(directive)
	return l.endsOpen(directive)
}

// unquote gives a text of a .text as it is written there, from between its quotes.
func unquote(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\') {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// Unquoted gives a text of a .text, one of its parts.
func (t *Tree) Unquoted(p TextPart) string { return unquote(t.Text(p.Pos, p.End)) }
