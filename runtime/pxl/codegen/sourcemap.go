package codegen

import (
	"sort"
	"unicode/utf8"

	"gvpie/runtime/pxl/syntax"
)

// Range is where the statement that an instruction came from stands.
type Range struct {
	Pos    syntax.Position
	Length int // code points
}

// SourceMap ties program addresses to the statements they came from.
type SourceMap struct {
	files   *syntax.FileSet
	file    *syntax.File // the program's own
	entries []mapEntry   // by addr, ascending; each covers up to the next one's addr
	end     int          // address after the last instruction
}

type mapEntry struct {
	addr      int
	from, end syntax.Pos
}

// At gives the statement that the instruction holding address pc came from.
func (m *SourceMap) At(pc int) (Range, bool) {
	i := sort.Search(len(m.entries), func(i int) bool { return m.entries[i].addr > pc }) - 1
	if i < 0 || pc >= m.end {
		return Range{}, false
	}
	e := m.entries[i]
	return Range{m.files.Position(e.from), utf8.RuneCountInString(m.files.Text(e.from, e.end))}, true
}

// Text is the source of the statement that the word at an address came from, "" if none did.
func (m *SourceMap) Text(pc int) string {
	if _, ok := m.At(pc); !ok {
		return ""
	}
	i := sort.Search(len(m.entries), func(i int) bool { return m.entries[i].addr > pc }) - 1
	return m.files.Text(m.entries[i].from, m.entries[i].end)
}

func (m *SourceMap) included(path string) *syntax.File {
	for _, f := range m.files.Included() {
		if f.Path() == path {
			return f
		}
	}
	return nil
}

// Span is a half-open range of program addresses.
type Span struct{ From, To int }

// Statements gives the address spans of the statements, in order. One whose code others
// interrupt, as calls in a block do, has several.
func (m *SourceMap) Statements() []Span {
	out := make([]Span, len(m.entries))
	for i, e := range m.entries {
		out[i] = Span{e.addr, m.end}
		if i > 0 {
			out[i-1].To = e.addr
		}
	}
	return out
}

// Line gives the address spans of the instructions that came from a line of a file,
// by its path from the program's folder; "" is the program's own.
func (m *SourceMap) Line(path string, line int) []Span {
	f := m.file
	if f == nil {
		return nil
	}
	if path != "" && path != f.Path() {
		if f = m.included(path); f == nil {
			return nil
		}
	}
	var out []Span
	from, end := f.LineRange(line)
	for i, e := range m.entries {
		if e.from < from || e.from >= end {
			continue
		}
		to := m.end
		if i+1 < len(m.entries) {
			to = m.entries[i+1].addr
		}
		if n := len(out); n > 0 && out[n-1].To == e.addr {
			out[n-1].To = to
			continue
		}
		out = append(out, Span{e.addr, to})
	}
	return out
}
