package syntax

import (
	"strings"

	"gvpie/runtime/isa"
)

// lexer splits source into tokens a line at a time. What a name is depends on
// where it stands (FRAME the statement, frame the name), and where the text of a
// TXT begins depends on its operands, so the lexer knows the shape of a line:
// its verb, where an operand ends, and nothing of names.
type lexer struct {
	src  string
	pos  int     // next byte
	eol  int     // end of the current line, line end excluded
	next int     // where the next line begins
	toks []Token // of the current line, or of all lines for Lex
	rows bool    // the line may be a row of a sprite
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
	l.bounds()
	l.line()
	l.pos = l.next
	return true
}

// bounds finds the end of the line that begins at pos.
func (l *lexer) bounds() {
	l.next = len(l.src)
	l.eol = l.next
	if i := strings.IndexByte(l.src[l.pos:], '\n'); i >= 0 {
		l.eol = l.pos + i
		l.next = l.eol + 1
	}
	for l.eol > l.pos && isSpace(l.src[l.eol-1]) {
		l.eol--
	}
}

func (l *lexer) line() {
	if l.rows && l.row() {
		return
	}
	switch c := l.peek(); {
	case c == 0:
	case c == '#' || c == ';':
		l.add(Comment, l.eol)
	case c == '.' && l.pos+1 < l.eol && IsLetter(l.src[l.pos+1]):
		from := l.pos
		l.add(Directive, l.identEnd(l.pos+1))
		l.rows = EqualFold(l.src[from:l.pos], ".SPRITE")
		l.directive(l.src[from:l.pos])
	default:
		l.statement()
	}
}

// statement lexes from where a label or the verb of a statement may stand
// to the end of the line.
func (l *lexer) statement() {
	for {
		w := l.ident()
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
		known, ok := LookupVerb(w)
		switch {
		case !ok && l.assigns(end):
			l.assignments()
			return
		case !ok:
			l.add(Procedure, end)
			l.rest()
			return
		case known.Spec == nil:
			l.add(Keyword, end)
			if known.Keyword == KwElse {
				if w := l.ident(); EqualFold(w, "IF") {
					l.add(Keyword, l.pos+len(w))
					known.Keyword = KwIf
				}
			}
			switch known.Keyword {
			case KwIf:
				if l.condition() {
					continue
				}
			case KwFor:
				l.forParts()
			case KwInclude:
				l.quoted()
			case KwDef:
				if w := l.ident(); w != "" {
					l.add(Procedure, l.pos+len(w))
				}
			}
			l.rest()
			return
		}
		l.add(Mnemonic, end)
		switch known.Spec.Op {
		case isa.TXT:
			if l.operands(2) {
				l.text()
			}
		case isa.LOG:
			l.text()
		case isa.SET:
			l.assignments()
		case isa.JMP, isa.CALL:
			if w := l.ident(); w != "" {
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

// condition lexes the condition of an IF; true if a statement follows it: a name
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
		if w := l.ident(); w != "" && depth == 0 && (operand || l.verbHere(w)) {
			return true
		}
		operand = l.token()
	}
}

// verbHere says whether the name where a value should stand is rather the
// statement after an unfinished condition, as in IF x > JMP start: a value is
// never followed by another.
func (l *lexer) verbHere(w string) bool {
	if _, ok := LookupVerb(w); !ok {
		return false
	}
	if _, ok := builtins[w]; ok {
		return false // frame, seed
	}
	next := l.after(l.pos + len(w))
	if next == "" || l.assigns(strings.Index(l.src[l.pos+len(w):], next)+l.pos+len(w)+len(next)) {
		return false
	}
	_, verb := LookupVerb(next)
	return !verb
}

// forParts lexes FOR's parts up to the end of the line, TO and STEP among them.
func (l *lexer) forParts() {
	operand := false
	for l.peek() != 0 {
		if w := l.ident(); isPart(w) && (operand || l.partHere(w)) {
			l.add(Keyword, l.pos+len(w))
			operand = false
			continue
		}
		operand = l.token()
	}
}

func isPart(w string) bool { return EqualFold(w, "TO") || EqualFold(w, "STEP") }

// partHere says whether TO or STEP where a value should stand is no name, as in
// FOR i = TO 3: a value is never followed by another.
func (l *lexer) partHere(w string) bool {
	next := l.after(l.pos + len(w))
	return next != "" && !isPart(next)
}

// after gives the name or number at the next byte from at that is no space, or "".
func (l *lexer) after(at int) string {
	for at < l.eol && isSpace(l.src[at]) {
		at++
	}
	return l.src[at:l.identEnd(at)]
}
