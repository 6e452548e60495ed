package editor

import (
	"strings"

	"gvpie/runtime/pxl/service"
)

// indentWidth is how many spaces a level of indentation is.
const indentWidth = 2

// SelectAll selects the whole text.
func (e *document) SelectAll() { e.moveTo(selection{0, len(e.buf.text)}) }

// Indent moves the lines of the selection one level in.
func (e *document) Indent() {
	e.mapLines(func(line string) string {
		if line == "" {
			return line
		}
		return strings.Repeat(" ", indentWidth) + line
	})
}

// Outdent moves the lines of the selection one level out.
func (e *document) Outdent() {
	e.mapLines(func(line string) string {
		if strings.HasPrefix(line, "\t") {
			return line[1:]
		}
		n := 0
		for n < indentWidth && n < len(line) && line[n] == ' ' {
			n++
		}
		return line[n:]
	})
}

// ToggleComment puts "; " before the lines of the selection, at their common
// indentation, or takes it away if all of them have it.
func (e *document) ToggleComment() {
	first, last := e.selectedLines()
	all, any, depth := true, false, -1
	for i := first; i <= last; i++ {
		line := e.buf.Line(i)
		in := indentOf(line)
		rest := line[len(in):]
		if rest == "" {
			continue
		}
		any = true
		if rest[0] != ';' && rest[0] != '#' {
			all = false
		}
		if depth < 0 || len(in) < depth {
			depth = len(in)
		}
	}
	if !any {
		return
	}
	e.mapLines(func(line string) string {
		in := indentOf(line)
		rest := line[len(in):]
		switch {
		case rest == "":
			return line
		case all:
			return in + strings.TrimPrefix(rest[1:], " ")
		}
		return line[:depth] + "; " + line[depth:]
	})
}

// selectedLines gives the first and last line, from 0, of the selection. A
// selection that ends at a line's start does not take that line in.
func (e *document) selectedLines() (first, last int) {
	first, last = e.buf.lineAt(e.sel.start()), e.buf.lineAt(e.sel.end())
	if last > first && e.sel.end() == e.buf.lineStart(last) {
		last--
	}
	return first, last
}

// mapLines replaces each selected line by f of it, as one undo step. f may
// change a line's front only: both ends of the selection keep their distance
// from the end of their line, but an end at a line's first byte stays there when
// text is selected.
func (e *document) mapLines(f func(string) string) {
	if e.readOnly {
		return
	}
	first, last := e.selectedLines()
	from, to := e.buf.lineStart(first), e.buf.lineEnd(last)
	after := e.sel
	var b strings.Builder
	for i := first; i <= last; i++ {
		start, end := e.buf.lineStart(i), e.buf.lineEnd(i)
		line := f(e.buf.Line(i))
		newStart := from + b.Len()
		b.WriteString(line)
		newEnd := from + b.Len()
		follow := func(at int) int {
			if at == start && !e.sel.empty() {
				return newStart
			}
			return max(newStart, newEnd-(end-at))
		}
		if e.sel.anchor >= start && e.sel.anchor <= end {
			after.anchor = follow(e.sel.anchor)
		}
		if e.sel.caret >= start && e.sel.caret <= end {
			after.caret = follow(e.sel.caret)
		}
		if i < last {
			b.WriteByte('\n')
		}
	}
	grown := b.Len() - (to - from)
	if e.sel.anchor > to {
		after.anchor = e.sel.anchor + grown
	}
	if e.sel.caret > to {
		after.caret = e.sel.caret + grown
	}
	e.change(editAlone, from, to, b.String(), after)
}

// newline breaks the line, keeps its indentation, and goes a level deeper after
// a line that opens a block.
func (e *document) newline() {
	if e.readOnly {
		return
	}
	from := e.sel.start()
	line := e.buf.lineAt(from)
	before := e.buf.text[e.buf.lineStart(line):from]
	in := indentOf(before)
	if service.Opens(before) {
		in += strings.Repeat(" ", indentWidth)
	}
	s := "\n" + in
	// Blanks after the caret would add to the new indentation.
	to := e.sel.end()
	for to < e.buf.lineEnd(e.buf.lineAt(to)) && e.buf.text[to] == ' ' {
		to++
	}
	at := from + len(s)
	e.change(editAlone, from, to, s, selection{at, at})
}

// tab indents the selected lines, or goes to the next level's column.
func (e *document) tab() {
	if e.readOnly {
		return
	}
	if e.buf.lineAt(e.sel.start()) != e.buf.lineAt(e.sel.end()) {
		e.Indent()
		return
	}
	_, column := e.buf.position(e.sel.start())
	e.insert(strings.Repeat(" ", indentWidth-(column-1)%indentWidth))
}

// deleteTo deletes the selection, or from the caret to an offset.
func (e *document) deleteTo(at int) {
	if e.readOnly {
		return
	}
	from, to, kind := e.sel.start(), e.sel.end(), editAlone
	if e.sel.empty() {
		from, to, kind = min(at, e.sel.caret), max(at, e.sel.caret), editDelete
	}
	if from == to {
		return
	}
	e.change(kind, from, to, "", selection{from, from})
}

// backspace deletes a caret stop back, or in a line's indentation a level.
func (e *document) backspace() {
	at := e.buf.prev(e.sel.caret)
	line := e.buf.lineAt(e.sel.caret)
	before := e.buf.text[e.buf.lineStart(line):e.sel.caret]
	if n := len(before); n > 0 && strings.Trim(before, " ") == "" {
		at = e.sel.caret - ((n-1)%indentWidth + 1)
	}
	e.deleteTo(at)
}

// outdentClosing moves a line that has just become END or ELSE to the column of
// the line that opened its block.
func (e *document) outdentClosing() {
	line := e.buf.lineAt(e.sel.caret)
	s := e.buf.Line(line)
	in := indentOf(s)
	word := s[len(in):]
	if !strings.EqualFold(word, "END") && !strings.EqualFold(word, "ELSE") {
		return
	}
	opener, ok := e.code.Opener(line)
	if !ok {
		return
	}
	want := indentOf(e.buf.Line(opener))
	if len(want) >= len(in) {
		return
	}
	start := e.buf.lineStart(line)
	after := e.sel.caret - (len(in) - len(want))
	e.change(editAlone, start, start+len(in), want, selection{after, after})
}

// clip gives the text of the selected lines, or of the caret's line with
// its end, which is what copy and cut take when nothing is selected.
func (e *document) clip() (s string, from, to int) {
	if !e.sel.empty() {
		return e.buf.text[e.sel.start():e.sel.end()], e.sel.start(), e.sel.end()
	}
	line := e.buf.lineAt(e.sel.caret)
	from, to = e.buf.lineStart(line), e.buf.lineEnd(line)
	if to < len(e.buf.text) {
		to++
	}
	s = e.buf.text[from:to]
	if s == "" {
		return "", from, to
	}
	if !strings.HasSuffix(s, "\n") {
		s += "\n"
	}
	return s, from, to
}
