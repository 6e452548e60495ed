package slip

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Lookalike is a character that comes in with pasted text and looks like another,
// or like nothing at all.
type Lookalike struct {
	Name  string
	ASCII string // what to write; "" is to leave it out
}

var lookalikes = map[rune]Lookalike{
	'\u00a0': {"a no-break space", " "}, '\u202f': {"a narrow no-break space", " "}, '\u2007': {"a figure space", " "},
	'\u2002': {"an en space", " "}, '\u2003': {"an em space", " "}, '\u2009': {"a thin space", " "}, '\u3000': {"an ideographic space", " "},
	'\u200b': {"a zero-width space", ""}, '\u200c': {"a zero-width non-joiner", ""}, '\u200d': {"a zero-width joiner", ""},
	'\u2060': {"a word joiner", ""}, '\ufeff': {"a byte order mark", ""}, '\u00ad': {"a soft hyphen", ""}, '\u200e': {"a left-to-right mark", ""}, '\u200f': {"a right-to-left mark", ""},
	'\u2212': {"a typographic minus", "-"}, '\u2010': {"a typographic hyphen", "-"}, '\u2011': {"a no-break hyphen", "-"}, '\u2013': {"an en dash", "-"}, '\u2014': {"an em dash", "-"},
	'\u201c': {"a curly quote", "\""}, '\u201d': {"a curly quote", "\""}, '\u201e': {"a low curly quote", "\""}, '\u00ab': {"an angle quote", "\""}, '\u00bb': {"an angle quote", "\""},
	'\u2018': {"a curly quote", "'"}, '\u2019': {"a curly quote", "'"}, '\u00b4': {"an accent", "'"},
	'\u00d7': {"a multiplication sign", "*"}, '\u00f7': {"a division sign", "/"}, '\u2260': {"a not-equal sign", "!="},
	'\u2264': {"a less-or-equal sign", "<="}, '\u2265': {"a greater-or-equal sign", ">="}, '\u2215': {"a division slash", "/"}, '\u2217': {"an asterisk operator", "*"},
	'\uff08': {"a full-width parenthesis", "("}, '\uff09': {"a full-width parenthesis", ")"}, '\uff0c': {"a full-width comma", ","},
	'\uff1a': {"a full-width colon", ":"}, '\uff1d': {"a full-width equals sign", "="}, '\uff0b': {"a full-width plus", "+"}, '\uff0d': {"a full-width minus", "-"},
	'\u2190': {"an arrow", "="}, '\u2026': {"an ellipsis", "..."},
}

// Looks gives what a character only looks like.
func Looks(r rune) (Lookalike, bool) {
	if r >= '\uff10' && r <= '\uff19' {
		return Lookalike{"a full-width digit", string(r - '\uff10' + '0')}, true
	}
	l, ok := lookalikes[r]
	return l, ok
}

// Sentence says what a character only looks like.
func (l Lookalike) Sentence(r rune) string {
	switch l.ASCII {
	case " ":
		return fmt.Sprintf("this is %s (U+%04X), not a space: write a space", l.Name, r)
	case "":
		return fmt.Sprintf("here stands %s (U+%04X), which cannot be seen: leave it out", l.Name, r)
	}
	return fmt.Sprintf("`%c` is %s (U+%04X): write `%s`", r, l.Name, r, l.ASCII)
}

// characters finds characters that only look like others, all of a line at once.
func characters(s *scan) (Slip, bool) {
	var out Slip
	end := s.Tail
	if i := strings.IndexByte(s.Text[:end], ';'); i >= 0 && !strings.ContainsAny(s.Text[:i], "\"'") {
		end = i
	}
	for at := 0; at < end; {
		r, n := utf8.DecodeRuneInString(s.Text[at:])
		if l, ok := Looks(r); r >= utf8.RuneSelf && ok {
			if len(out.Edits) == 0 {
				out.From, out.End, out.Say = at, at+n, l.Sentence(r)
			}
			out.Edits = append(out.Edits, Edit{at, at + n, l.ASCII})
		}
		at += n
	}
	return out, len(out.Edits) > 0
}

// comments finds the comments of other languages.
func comments(s *scan) (Slip, bool) {
	const say = "a comment starts with `;`"
	for i, t := range s.toks {
		from, end := t.from, t.end
		switch mark := s.str(i); {
		case i == 0 && strings.HasPrefix(s.Text[t.from:], `"""`):
			end = t.from + 3
		case i == 0 && (t.kind == text || mark == "'") && s.Text[t.from] == '\'', i == 0 && mark == "--", i == 0 && mark == "//", mark == "/*":
			if t.kind == text {
				end = t.from + 1
			} else if strings.HasPrefix(s.Text[t.from:], "--[[") {
				end = t.from + 4
			}
		case i == 0 && mark == "*/":
		case i > 0 && (mark == "--" || mark == "//") && s.remark(i):
		case i > 0 && t.kind == text && s.Text[t.from] == '\'' && s.spaced(i) && !closed(mark) && (s.ends(i-1) || s.verb(i-1)) && !s.is(0, "TXT", "LOG", "PRINT"):
			end = t.from + 1
		case i > 0 && mark == "#" && (s.ends(i-1) || s.verb(i-1)):
		default:
			continue
		}
		edits := []Edit{{from, end, ";"}}
		for _, closer := range [...]string{"*/", `"""`} {
			if k := strings.LastIndex(s.Text, closer); k >= end {
				edits = append(edits, Edit{k, k + len(closer), ""})
				break
			}
		}
		return Slip{From: from, End: end, Say: say, Edits: edits}, true
	}
	return Slip{}, false
}

// remark says whether -- or // at i begins a comment rather than goes on with an
// expression.
func (s *scan) remark(i int) bool {
	if i == s.last() {
		return true
	}
	if s.is(i, "--") {
		return s.spaced(i) && s.spaced(i+1)
	}
	switch {
	case s.lists(s.head(i)) || !s.ends(i-1) || !s.begins(i+1):
		return true
	case s.kindOf(i+1) != word:
		return false
	case i+1 < s.last() && s.kindOf(i+2) == word:
		return true
	}
	return !s.declares(s.str(i+1), "SET", "FOR", "LET", ".const", ".table", ".array", "local", "var")
}
