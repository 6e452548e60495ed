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
}

func newMatch(old, new *version) *match {
	return &match{old, new, map[uint32]uint32{}, map[uint32]uint32{}}
}

// pair makes two nameless words correspond, unless one of them does to another.
func (m *match) pair(a, b uint32) bool {
	x, okA := m.to[a]
	y, okB := m.from[b]
	if okA || okB {
		return okA && okB && x == b && y == a
	}
	m.to[a], m.from[b] = b, a
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

// table says whether two tables are the same, contents and all.
func (m *match) table(a, b, length uint32) bool {
	if m.old.tables[a] != m.new.tables[b] {
		return false
	}
	endA, endB := uint64(a)+uint64(length), uint64(b)+uint64(length)
	return endA <= uint64(len(m.old.program)) && endB <= uint64(len(m.new.program)) &&
		slices.Equal(m.old.program[a:endA], m.new.program[b:endB])
}

// jump says whether two addresses are the same: those of the same instruction, or
// both at or behind the ordinal `open`, where they need only share their label.
func (m *match) jump(a, b uint32, open int) bool {
	i, okA := m.old.ordinal[a]
	j, okB := m.new.ordinal[b]
	if !okA || !okB {
		return false
	}
	if i >= open && j >= open {
		return m.old.labels[a] == m.new.labels[b]
	}
	return i == j
}

// instr says whether two instructions mean the same.
func (m *match) instr(a, b isa.Instr, open int) bool {
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
		case kind == isa.Base && a.Spec.Op == isa.LDT:
			same = a.Args[i+1] == b.Args[i+1] && m.table(x, y, a.Args[i+1])
		case kind == isa.Base, kind == isa.Out && x&isa.LaneFlag == 0, kind == isa.In && a.Mask>>i&1 == 1 && x&isa.LaneFlag == 0:
			same = m.word(x, y)
		}
		if !same {
			return false
		}
	}
	for i, x := range a.Tail {
		y := b.Tail[i]
		same := x == y
		switch {
		case a.Spec.Tail == isa.CaptureTail:
			same = m.word(x, y)
		case x&isa.TextValue == isa.TextValue && y&isa.TextValue == isa.TextValue:
			same = m.word(x&isa.TextValueIndex, y&isa.TextValueIndex)
		}
		if !same {
			return false
		}
	}
	return true
}

// addresses says which instructions of the new program those of the old one
// became: the same at the start, and the same at the end, around the edit.
func addresses(old, new *version) map[uint32]uint32 {
	out := map[uint32]uint32{}
	same := func(i, j int) bool {
		// Jumps over the edit and nameless words of their own do not tell.
		return newMatch(old, new).instr(old.list[i], new.list[j], 0)
	}
	n := min(len(old.list), len(new.list))
	first := 0
	for ; first < n && same(first, first); first++ {
		out[uint32(old.list[first].Addr)] = uint32(new.list[first].Addr)
	}
	for k := 1; k <= n-first; k++ {
		i, j := len(old.list)-k, len(new.list)-k
		if !same(i, j) {
			break
		}
		out[uint32(old.list[i].Addr)] = uint32(new.list[j].Addr)
	}
	return out
}
