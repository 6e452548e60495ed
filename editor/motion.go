package editor

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/image/math/fixed"
)

// moveCaret moves the caret; extend keeps the other end of the selection.
func (e *document) moveCaret(at int, extend bool) {
	s := selection{at, at}
	if extend {
		s.anchor = e.sel.anchor
	}
	e.moveTo(s)
	e.hist.sealed = true
	e.reveal = revealNear
}

// moveChar moves by one caret stop. With text selected and extend unset it
// goes to the selection's edge, as editors do.
func (e *document) moveChar(forward, extend bool) {
	switch {
	case !extend && !e.sel.empty() && forward:
		e.moveCaret(e.sel.end(), false)
	case !extend && !e.sel.empty():
		e.moveCaret(e.sel.start(), false)
	case forward:
		e.moveCaret(e.buf.next(e.sel.caret), extend)
	default:
		e.moveCaret(e.buf.prev(e.sel.caret), extend)
	}
}

// moveLines moves up or down, keeping to the x where the movement began.
func (e *view) moveLines(n int, extend bool) {
	line := e.buf.lineAt(e.sel.caret)
	x := e.goal
	if !e.hasGoal {
		x = e.xOf(e.sel.caret)
	}
	to := line + n
	switch {
	case to < 0:
		e.moveCaret(0, extend)
	case to >= e.buf.Lines():
		e.moveCaret(len(e.buf.text), extend)
	default:
		e.moveCaret(e.buf.lineStart(to)+e.row(to).at(x), extend)
	}
	e.goal, e.hasGoal = x, true
}

func (e *view) page(n int, extend bool) {
	lines := max(1, e.geometry.text.Dy()/max(1, e.geometry.lineHeight)-1)
	e.scroll.Y += n * lines * e.geometry.lineHeight
	e.moveLines(n*lines, extend)
}

// xOf gives the x of an offset within its row.
func (e *view) xOf(offset int) fixed.Int26_6 {
	line := e.buf.lineAt(offset)
	return e.row(line).xs[offset-e.buf.lineStart(line)]
}

// home goes to the first character of the line that is not blank, or from
// there to the line's start.
func (e *document) home(extend bool) {
	line := e.buf.lineAt(e.sel.caret)
	start := e.buf.lineStart(line)
	first := start + len(indentOf(e.buf.Line(line)))
	if e.sel.caret == first {
		first = start
	}
	e.moveCaret(first, extend)
}

func (e *document) end(extend bool) {
	e.moveCaret(e.buf.lineEnd(e.buf.lineAt(e.sel.caret)), extend)
}

// indentOf gives the blanks a line begins with.
func indentOf(line string) string {
	i := 0
	for i < len(line) && (line[i] == ' ' || line[i] == '\t') {
		i++
	}
	return line[:i]
}

// kindOf sorts characters for moving by words.
func kindOf(r rune) int {
	switch {
	case r == '\n':
		return 0
	case unicode.IsSpace(r):
		return 1
	case r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
		return 2
	}
	return 3
}

// nextWord gives the end of the word after an offset.
func (b *buffer) nextWord(at int) int {
	skip := func(kind int) {
		for at < len(b.text) {
			r, size := utf8.DecodeRuneInString(b.text[at:])
			if kindOf(r) != kind {
				return
			}
			at += size
		}
	}
	if at < len(b.text) && b.text[at] == '\n' {
		return at + 1
	}
	skip(1)
	if at < len(b.text) {
		r, _ := utf8.DecodeRuneInString(b.text[at:])
		if k := kindOf(r); k > 1 {
			skip(k)
		}
	}
	return at
}

// prevWord gives the start of the word before an offset.
func (b *buffer) prevWord(at int) int {
	skip := func(kind int) {
		for at > 0 {
			r, size := utf8.DecodeLastRuneInString(b.text[:at])
			if kindOf(r) != kind {
				return
			}
			at -= size
		}
	}
	if at > 0 && b.text[at-1] == '\n' {
		return at - 1
	}
	skip(1)
	if at > 0 {
		r, _ := utf8.DecodeLastRuneInString(b.text[:at])
		if k := kindOf(r); k > 1 {
			skip(k)
		}
	}
	return at
}

// wordAt gives the run of one kind of characters around an offset.
func (b *buffer) wordAt(at int) (from, to int) {
	line := b.lineAt(at)
	start, end := b.lineStart(line), b.lineEnd(line)
	if start == end {
		return at, at
	}
	probe := at
	if probe == end {
		probe = b.prev(end)
	}
	r, _ := utf8.DecodeRuneInString(b.text[probe:])
	// Just after a word and before something else, the word is what is meant.
	if probe > start && kindOf(r) != 2 {
		if p, _ := utf8.DecodeLastRuneInString(b.text[:probe]); kindOf(p) == 2 {
			probe = b.prev(probe)
			r = p
		}
	}
	k := kindOf(r)
	from, to = probe, probe
	for from > start {
		r, size := utf8.DecodeLastRuneInString(b.text[:from])
		if kindOf(r) != k {
			break
		}
		from -= size
	}
	for to < end {
		r, size := utf8.DecodeRuneInString(b.text[to:])
		if kindOf(r) != k {
			break
		}
		to += size
	}
	return from, to
}
