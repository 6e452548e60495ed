package lint

import (
	"regexp"
	"strings"

	"gvpie/runtime/pxl/slip"
	"gvpie/runtime/pxl/syntax"
)

// text warns of what a TXT or LOG writes and was hardly meant to.
func (l *linter) text(i int32) {
	s := &l.Stmts[i]
	if s.Part == s.PartEnd {
		return
	}
	from, end := l.textRange(s)
	raw := l.Text(from, end)
	fixed := func(text string) *syntax.Fix { return titled(l.replacing(from, end, text), "write "+text) }
	if l.otherwise(i, from, raw) {
		return
	}
	last := len(raw) - 1
	switch {
	case raw[0] == '"' && quoteEnd(raw) < 0:
		l.warn(syntax.CodeTextQuotes, from, from+1, fixed(raw+`"`), "this text has no closing quote, so that the quote is written too")
	case raw[0] == '"' && quoteEnd(raw) < last:
		l.afterQuote(from, end, raw)
	case raw[0] == '\'' && last > 1 && raw[last] == '\'' && strings.Count(raw, "'") == 2 && !strings.Contains(raw, `"`):
		l.warn(syntax.CodeTextQuotes, from, end, fixed(`"`+raw[1:last]+`"`), "single quotes are written with the text: double quotes around all of it are not")
	case strings.HasPrefix(strings.ToLower(raw), `f"`) && quoteEnd(raw[1:]) == last-1:
		l.warn(syntax.CodeTextQuotes, from, from+1, fixed(raw[1:]), "the f is written with the text: braces are replaced in every text")
	case strings.HasPrefix(raw, `("`) && strings.HasSuffix(raw, `")`) && quoteEnd(raw[1:last]) == last-2:
		l.warn(syntax.CodeTextQuotes, from, end, fixed(raw[1:last]), "the parentheses are written with the text")
	default:
		l.lookalikes(from, end)
	}
}

// textRange gives the text of a statement, its quotes included.
func (l *linter) textRange(s *syntax.Stmt) (from, end syntax.Pos) {
	from, end = l.Parts[s.Part].Pos, s.End
	for c := l.byteAt(from - 1); c == '"' || c == '\\'; c = l.byteAt(from - 1) {
		from--
	}
	return from, end
}

// quoteEnd finds the quote that closes the one a text begins with, or -1.
func quoteEnd(raw string) int {
	depth := 0
	for i := 1; i < len(raw); i++ {
		switch raw[i] {
		case '\\':
			i++
		case '{':
			depth++
		case '}':
			depth = max(0, depth-1)
		case '"':
			if depth == 0 {
				return i
			}
		}
	}
	return -1
}

// afterQuote warns of what follows a closing quote.
func (l *linter) afterQuote(from, end syntax.Pos, raw string) {
	close1 := quoteEnd(raw)
	rest := strings.TrimSpace(raw[close1+1:])
	at := from + syntax.Pos(len(raw)-len(strings.TrimLeft(raw[close1+1:], " \t")))
	const say = "text goes up to the end of the line, so that the quotes and this are written too"
	for _, mark := range [...]string{";", "//", "#", "--"} {
		comment, ok := strings.CutPrefix(rest, mark)
		if !ok {
			continue
		}
		// The comment goes to a line of its own, before this one.
		line, begin := l.lineOf(from)
		indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
		text := indent + "; " + strings.TrimSpace(comment) + "\n" + line[:int(from-begin)+close1+1]
		l.warn(syntax.CodeTextQuotes, at, end, titled(l.replacing(begin, end, text), "write the comment on a line of its own"), "%s: a comment stands on a line of its own", say)
		return
	}
	if joined, ok := slip.Joined(raw); ok && l.reads("LOG "+joined) {
		l.warn(syntax.CodeTextQuotes, at, end, titled(l.replacing(from, end, joined), "write "+joined), "%s: a value in a text stands in braces, {x}", say)
		return
	}
	l.warn(syntax.CodeTextQuotes, at, end, nil, "%s: write all of it between the quotes", say)
}

var elseInText = regexp.MustCompile(`\s+(?:ELSE|else)\s+([A-Za-z]+)\b`)

// otherwise warns of an ELSE in the text of an IF on one line.
func (l *linter) otherwise(i int32, from syntax.Pos, raw string) bool {
	if i == 0 || !l.Stmts[i-1].Inline {
		return false
	}
	m := elseInText.FindStringSubmatchIndex(raw)
	if m == nil {
		return false
	}
	if _, ok := syntax.LookupVerb(raw[m[2]:m[3]]); !ok || !l.reads(raw[m[2]:]) {
		return false
	}
	s, head := &l.Stmts[i], &l.Stmts[i-1]
	line, _ := l.lineOf(from)
	indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
	at := from + syntax.Pos(m[2]-len("ELSE")-1)
	for l.byteAt(at) != 'E' && l.byteAt(at) != 'e' {
		at--
	}
	var fix *syntax.Fix
	if i < 2 || !l.Stmts[i-2].Inline {
		in := "\n" + indent + "  "
		text := strings.TrimRight(l.Text(head.Pos, s.Pos), " ") + in + l.Text(s.Pos, from) + raw[:m[0]] + "\n" + indent + "ELSE" + in + raw[m[2]:] + "\n" + indent + "END"
		fix = titled(l.replacing(head.Pos, s.End, text), "write it over five lines, with END")
	}
	l.warn(syntax.CodeElseInText, at, at+4, fix, "text goes up to the end of the line, and this ELSE with it: put IF, ELSE and END on lines of their own")
	return true
}
