package liveedit

import (
	"slices"

	"gvpie/runtime/isa"
)

// match compares two versions of a program, and learns which of their nameless
// words, which hold intermediate values and the limits of loops, correspond.
type match struct {
	old, new *version
	to, from map[uint32]uint32 // nameless words of old in new, and back
	learnt   []uint32          // the keys of to, in order, and some that were forgotten
}

func newMatch(old, new *version) *match {
	return &match{old: old, new: new, to: map[uint32]uint32{}, from: map[uint32]uint32{}}
}

// pair makes two nameless words correspond, unless one of them does to another.
func (m *match) pair(a, b uint32) bool {
	x, okA := m.to[a]
	y, okB := m.from[b]
	if okA || okB {
		return okA && okB && x == b && y == a
	}
	m.to[a], m.from[b] = b, a
	m.learnt = append(m.learnt, a)
	return true
}

// word says whether two data words are the same one.
func (m *match) word(a, b uint32) bool {
	nameA, offsetA, okA := m.old.name(a)
	nameB, offsetB, okB := m.new.name(b)
	if !okA && !okB {
		return m.pair(a, b)
	}
	return okA == okB && nameA == nameB && offsetA == offsetB
}

// table says whether two tables of one length are the same, contents and all.
func (m *match) table(a, b, length uint32) bool {
	return m.old.tables[a] == m.new.tables[b] &&
		slices.Equal(m.old.program[a:a+length], m.new.program[b:b+length])
}

// jump says whether two addresses are the same: those of the same instruction, or
// both at or behind the ordinal `open`, where they need only share their label.
func (m *match) jump(a, b uint32, open int) bool {
	i, j := m.old.ordinal[a], m.new.ordinal[b]
	if i >= open && j >= open {
		return m.old.labels[a] == m.new.labels[b]
	}
	return i == j
}

// instr says whether two instructions mean the same. From two that do not, no
// pair is learnt.
func (m *match) instr(a, b isa.Instr, open int) bool {
	known := len(m.learnt)
	if m.same(a, b, open) {
		return true
	}
	for _, a := range m.learnt[known:] {
		delete(m.from, m.to[a])
		delete(m.to, a)
	}
	return false
}

func (m *match) same(a, b isa.Instr, open int) bool {
	if a.Spec != b.Spec || a.Mask != b.Mask || len(a.Args) != len(b.Args) || len(a.Tail) != len(b.Tail) {
		return false
	}
	for i, x := range a.Args {
		y := b.Args[i]
		kind := a.Spec.Operands[i].Kind
		same := x == y
		switch {
		case kind == isa.Addr:
			same = m.jump(x, y, open)
		case a.Spec.Op == isa.SPR && kind == isa.Base: // its picture decides nothing
			same = m.old.tables[x] == m.new.tables[y]
		case kind == isa.Base && a.Spec.Op == isa.LDT2:
			same = a.Args[i+1] == b.Args[i+1] && a.Args[i+2] == b.Args[i+2] && m.table(x, y, a.Args[i+1]*a.Args[i+2])
		case a.Spec.Operands[i].InProgram():
			same = a.Args[i+1] == b.Args[i+1] && m.table(x, y, a.Args[i+1])
		case kind == isa.Base && (a.Spec.Op == isa.INVOKE || a.Spec.Op == isa.RETURN):
			same = a.Args[i+1] == b.Args[i+1] && (a.Args[i+1] == 0 || m.word(x, y))
		case kind == isa.Base, kind == isa.Out && x&isa.LaneFlag == 0, kind == isa.In && a.Mask>>i&1 == 1 && x&isa.LaneFlag == 0:
			same = m.word(x, y)
		}
		if !same {
			return false
		}
	}
	if a.Spec.Tail == isa.TextTail {
		return m.text(a.Tail, b.Tail)
	}
	for i, x := range a.Tail {
		same := x == b.Tail[i]
		if a.Spec.Tail == isa.CaptureTail || a.Spec.Tail == isa.ArgTail && i%2 == 1 && a.Tail[i-1] == 1 {
			same = m.word(x, b.Tail[i])
		}
		if !same {
			return false
		}
	}
	return true
}

// text says whether two texts of as many texels are the same, values and all.
func (m *match) text(a, b []uint32) bool {
	for i, x := range isa.TextParts(a) {
		y, _ := isa.DecodeText(b[i:])
		known := x.IsValue == y.IsValue && x.Char == y.Char && x.Format == y.Format && x.Count == y.Count
		word := func() bool {
			if x.Index&isa.LaneFlag != 0 {
				return x.Index == y.Index // of a block's own lanes
			}
			return m.word(x.Index, y.Index)
		}
		if !known || x.IsValue && !word() || x.Format&isa.FormatText != 0 && !m.texts(x, y) {
			return false
		}
	}
	return true
}

// texts says whether two tables of as many texts hold the same ones.
func (m *match) texts(a, b isa.TextPart) bool {
	for i := range a.Count {
		if !slices.Equal(m.old.textAt(a.Table+i), m.new.textAt(b.Table+i)) {
			return false
		}
	}
	return true
}

// textAt is the text that a word of a table of texts names.
func (v *version) textAt(word uint32) []uint32 {
	page := uint64(len(v.program))
	if uint64(word) >= page {
		return nil
	}
	from, n := uint64(v.program[word]&0xFFFF), uint64(v.program[word]>>16)
	if from+n > page {
		return nil
	}
	return v.program[from : from+n]
}

// around compares the instructions before an edit, and those behind it, for as
// far as same says that they are.
func around(old, new *version, same func(was, is int) bool) {
	n := min(len(old.list), len(new.list))
	first := 0
	for first < n && same(first, first) {
		first++
	}
	for k := 1; k <= n-first && same(len(old.list)-k, len(new.list)-k); k++ {
	}
}

// learn pairs the nameless words that the two versions use in the same way around
// the edit.
func (m *match) learn() {
	around(m.old, m.new, func(was, is int) bool { return m.instr(m.old.list[was], m.new.list[is], 0) })
}

// addresses says which instructions of the new program those of the old one
// became: the same at the start, and the same at the end, around the edit.
func addresses(old, new *version) map[uint32]uint32 {
	out := map[uint32]uint32{}
	around(old, new, func(was, is int) bool {
		a, b := old.list[was], new.list[is]
		// Jumps over the edit and nameless words of their own do not tell.
		same := newMatch(old, new).instr(a, b, 0)
		if same {
			out[uint32(a.Addr)] = uint32(b.Addr)
		}
		return same
	})
	return out
}
