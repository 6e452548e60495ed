package pxl

import "sort"

// SourceMap ties program addresses to the statements they came from.
type SourceMap struct {
	entries []mapEntry // by Addr, ascending; each covers up to the next one's Addr
	end     int        // address after the last instruction
}

type mapEntry struct {
	addr int
	at   Range
}

// At gives the statement that the instruction holding address pc came from.
func (m *SourceMap) At(pc int) (Range, bool) {
	i := sort.Search(len(m.entries), func(i int) bool { return m.entries[i].addr > pc }) - 1
	if i < 0 || pc >= m.end {
		return Range{}, false
	}
	return m.entries[i].at, true
}

// Span is a half-open range of program addresses.
type Span struct{ From, To int }

// Line gives the address spans of the instructions that came from a line.
func (m *SourceMap) Line(line int) []Span {
	var out []Span
	for i, e := range m.entries {
		if e.at.Pos.Line != line {
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
