// Package textfile reads and writes program texts without changing what their author
// did not: a byte order mark and the way lines end stay as the file had them, while
// the text itself has '\n' alone. It says what is no text, and nothing of what the
// text means; it touches no file. Start at [Decode].
package textfile

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// bom is UTF-8's byte order mark, which some editors put first.
const bom = "\ufeff"

// Form is how a file writes its text: what Decode takes off, Encode puts back. The
// zero Form is that of a new file: no mark, lines that end with '\n'.
type Form struct {
	bom     bool
	endings string // one letter a line end of text: n, r (a lone '\r') or w ("\r\n"); "" where all are '\n'
	text    string // the text that endings is of
}

// Decode gives the text of a file and its form. What is no text is an error, a
// sentence that a file's name can be put before.
func Decode(file []byte) (text string, f Form, err error) {
	s := string(file)
	if i := strings.IndexByte(s, 0); i >= 0 {
		return "", f, fmt.Errorf("is not text: there is a NUL byte at %d", i)
	}
	if !utf8.ValidString(s) {
		return "", f, errors.New("is not UTF-8 text: save it as UTF-8 first")
	}
	s, f.bom = strings.CutPrefix(s, bom)
	if !strings.Contains(s, "\r") {
		return s, f, nil
	}
	var b, ends strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\n':
			ends.WriteByte('n')
		case s[i] != '\r':
			b.WriteByte(s[i])
			continue
		case i+1 < len(s) && s[i+1] == '\n':
			ends.WriteByte('w')
			i++
		default:
			ends.WriteByte('r')
		}
		b.WriteByte('\n')
	}
	f.endings, f.text = ends.String(), b.String()
	return f.text, f, nil
}

// Encode writes a text in the form. Where a file mixed its line ends, those of the
// lines before and after what was edited stay, and what is new ends as most lines do.
func (f Form) Encode(text string) []byte {
	var b strings.Builder
	b.Grow(len(text) + len(f.endings) + len(bom))
	if f.bom {
		b.WriteString(bom)
	}
	if f.endings == "" {
		b.WriteString(text)
		return []byte(b.String())
	}
	head, tail := common(f.text, text)
	most, lines := f.usual(), strings.Count(text, "\n")
	for n := 0; ; n++ {
		line, rest, ended := strings.Cut(text, "\n")
		b.WriteString(line)
		if !ended {
			return []byte(b.String())
		}
		switch end := f.endingAt(n, lines, head, tail, most); end {
		case 'w':
			b.WriteString("\r\n")
		case 'r':
			b.WriteString("\r")
		default:
			b.WriteString("\n")
		}
		text = rest
	}
}

// endingAt is how line n of a text of so many line ends does: as it did before, when
// it is among the first head or the last tail of them.
func (f Form) endingAt(n, lines, head, tail int, most byte) byte {
	switch {
	case n < head:
		return f.endings[n]
	case n >= lines-tail:
		return f.endings[len(f.endings)-(lines-n)]
	}
	return most
}

// usual is how most lines end.
func (f Form) usual() byte {
	most := byte('n')
	for _, end := range []byte("wr") {
		if strings.Count(f.endings, string(end)) > strings.Count(f.endings, string(most)) {
			most = end
		}
	}
	return most
}

// common counts the line ends before and after which two texts are alike, none of
// them twice.
func common(a, b string) (head, tail int) {
	n := min(len(a), len(b))
	i := 0
	for i < n && a[i] == b[i] {
		if a[i] == '\n' {
			head++
		}
		i++
	}
	for k := 1; k <= n-i && a[len(a)-k] == b[len(b)-k]; k++ {
		if a[len(a)-k] == '\n' {
			tail++
		}
	}
	return head, tail
}

// Clean makes a text from elsewhere, such as the clipboard, one that Decode takes and
// an editor shows: lines end with '\n', and what is no letter of a text goes: control
// characters but the tab, and bytes that are no UTF-8. It says how many went.
func Clean(s string) (clean string, dropped int) {
	if strings.Contains(s, "\r") {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	if strings.IndexFunc(s, foreign) < 0 && utf8.ValidString(s) {
		return s, 0
	}
	var b strings.Builder
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		if foreign(r) || r == utf8.RuneError && n == 1 {
			dropped++
		} else {
			b.WriteString(s[:n])
		}
		s = s[n:]
	}
	return b.String(), dropped
}

// foreign says whether a letter has no place in a program's text: a control character,
// or a byte order mark.
func foreign(r rune) bool {
	return r != '\n' && r != '\t' && (unicode.IsControl(r) || r == '\ufeff')
}
