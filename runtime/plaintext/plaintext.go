// Package plaintext makes texts that others wrote fit to be shown on a terminal, in a
// log or in a list: no name there may forge a line or move the cursor. It changes
// nothing that a person would see.
package plaintext

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Line is a text on one line: what is not printed, as an end of line, an escape, a
// letter that turns the direction of writing or a byte that is no UTF-8, is written as
// Go writes it in a string: \n, \x1b, \u202e, \xff.
func Line(s string) string {
	if strings.IndexFunc(s, hidden) < 0 && utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		if hidden(r) || r == utf8.RuneError && n == 1 {
			quoted := strconv.Quote(s[:n])
			b.WriteString(quoted[1 : len(quoted)-1])
		} else {
			b.WriteString(s[:n])
		}
		s = s[n:]
	}
	return b.String()
}

// hidden says whether a letter is one that a terminal acts on or does not show. The
// joiner and the selectors of emoji are part of what is seen.
func hidden(r rune) bool {
	return !unicode.IsPrint(r) && r != '\u200d' && !unicode.Is(unicode.Variation_Selector, r)
}
