package editor

import (
	"sort"

	"gvpie/runtime/pxl"
	"gvpie/runtime/pxl/syntax"
	"gvpie/runtime/textfile"
)

// mark is a diagnostic tied to a range of bytes that moves with the text.
type mark struct {
	from, to       int
	severity       syntax.Severity
	code           string
	message        string
	fix            *pxl.Fix
	fixFrom, fixTo int
}

// follow moves a mark after [from, to) became n bytes. A fix of text that was changed
// is none any more: it was made for what stood there.
func (m *mark) follow(from, to, n int) {
	if from < m.fixTo && to > m.fixFrom {
		m.fix = nil
	}
	m.from, m.to = moved(m.from, from, to, n), moved(m.to, from, to, n)
	m.fixFrom, m.fixTo = moved(m.fixFrom, from, to, n), moved(m.fixTo, from, to, n)
}

func (e *document) markOf(d pxl.Diagnostic) mark {
	from := e.buf.clamp(d.Pos.Offset)
	end := e.buf.lineEnd(e.buf.lineAt(from))
	m := mark{
		from:     from,
		to:       from + forward(e.buf.text[from:end], max(d.Length, 1)),
		severity: d.Severity,
		code:     d.Code,
		message:  d.Message,
	}
	if d.Fix != nil {
		m.fix, m.fixFrom, m.fixTo = d.Fix, e.buf.clamp(d.Fix.Offset), e.buf.clamp(d.Fix.End)
	}
	return m
}

// maxMarks bounds the problems shown: a file that is no program at all has more
// than anyone reads, and a frame should not pay for them.
const maxMarks = 10_000

// SetDiagnostics replaces the problems shown, of which the first 10 000 by
// place are kept. They must be of the text as it is.
func (e *Editor) SetDiagnostics(d []pxl.Diagnostic) {
	e.marks = e.marks[:0]
	for _, d := range d[:min(len(d), maxMarks)] {
		e.marks = append(e.marks, e.markOf(d))
	}
	sort.SliceStable(e.marks, func(i, j int) bool { return e.marks[i].from < e.marks[j].from })
	e.hover = hover{}
}

// marksOn gives the marks that begin on the lines from first to last. Marks are
// in order of place, and edits keep them so.
func (e *view) marksOn(first, last int) []mark {
	from, to := e.buf.lineStart(first), e.buf.lineEnd(last)
	lo := sort.Search(len(e.marks), func(i int) bool { return e.marks[i].from >= from })
	hi := sort.Search(len(e.marks), func(i int) bool { return e.marks[i].from > to })
	return e.marks[lo:max(lo, hi)]
}

// markOn gives the first of the worst marks that begin on a line.
func (e *view) markOn(line int) (m mark, ok bool) {
	for _, k := range e.marksOn(line, line) {
		if !ok || k.severity < m.severity {
			m, ok = k, true
		}
	}
	return m, ok
}

// ApplyFix applies the fix of the problem at the caret, or else of the first
// one on the caret's line that has a fix. It reports whether there was one.
func (e *document) ApplyFix() bool {
	if e.readOnly {
		return false
	}
	line := e.buf.lineAt(e.sel.caret)
	from, to := e.buf.lineStart(line), e.buf.lineEnd(line)
	best := -1
	for i, m := range e.marks {
		if m.fix == nil || m.from < from || m.from > to {
			continue
		}
		at := m.from <= e.sel.caret && e.sel.caret <= m.to
		if best < 0 || at {
			best = i
		}
		if at {
			break
		}
	}
	if best < 0 {
		return false
	}
	m := e.marks[best]
	e.marks = append(e.marks[:best:best], e.marks[best+1:]...)
	s, _ := textfile.Clean(m.fix.Replace)
	after := selection{moved(e.sel.anchor, m.fixFrom, m.fixTo, len(s)), moved(e.sel.caret, m.fixFrom, m.fixTo, len(s))}
	e.change(editAlone, m.fixFrom, m.fixTo, s, after)
	return true
}
