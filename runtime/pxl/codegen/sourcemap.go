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

// Span is a half-open range of program addresses.
type Span struct{ From, To int }

// Line gives the address spans of the instructions that came from a line of the
// program's own file.
func (m *SourceMap) Line(line int) []Span {
	if m.file == nil {
		return nil
	}
	var out []Span
	from, end := m.file.LineRange(line)
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
