package engine

import (
	"slices"
	"sort"

	"gvpie/runtime/isa"
	"gvpie/runtime/pxl"
)

// stream is a program as a list of instructions with names: what two versions of
// a program are compared by, since an edit moves every address after it.
type stream struct {
	program isa.Program
	list    []isa.Instr
	ordinal map[uint32]int // of the instruction at an address; the code's end counts as one
	words   []pxl.Symbol   // variables and arrays, by address
	tables  map[uint32]string
	labels  map[uint32]string
}

func newStream(a *pxl.Assembly) *stream {
	s := &stream{
		program: a.Program, ordinal: map[uint32]int{},
		tables: map[uint32]string{}, labels: map[uint32]string{},
	}
	for at := isa.HeaderWords; at < a.Header.CodeEnd; {
		in, ok := isa.Decode(a.Program, at, a.Header.CodeEnd)
		if !ok {
			break
		}
		s.ordinal[uint32(at)] = len(s.list)
		s.list = append(s.list, in)
		at += in.Size
	}
	s.ordinal[uint32(a.Header.CodeEnd)] = len(s.list)
	for _, sym := range a.Symbols {
		switch sym.Kind {
		case pxl.VarSymbol, pxl.ArraySymbol:
			s.words = append(s.words, sym)
		case pxl.TableSymbol:
			s.tables[uint32(sym.Addr)] = sym.Name
		case pxl.LabelSymbol:
			s.labels[uint32(sym.Addr)] = sym.Name
		}
	}
	slices.SortFunc(s.words, func(a, b pxl.Symbol) int { return a.Addr - b.Addr })
	return s
}

// name is what a data word is called: a name and the place in its array; system
// words have no name but their place. ok is false for a word without a name.
func (s *stream) name(index uint32) (name string, place uint32, ok bool) {
	if index < isa.SysWords {
		return "", index, true
	}
	i := sort.Search(len(s.words), func(i int) bool { return uint32(s.words[i].Addr) > index }) - 1
	if i < 0 || index >= uint32(s.words[i].Addr+s.words[i].Len) {
		return "", 0, false
	}
	return s.words[i].Name, index - uint32(s.words[i].Addr), true
}

// nth is the ordinal of the n-th instruction with an opcode, from 0; -1 if there
// is none.
func (s *stream) nth(op isa.Op, n int) int {
	for i, in := range s.list {
		if in.Spec.Op != op {
			continue
		}
		if n == 0 {
			return i
		}
		n--
	}
	return -1
}

// before finds the instruction with an opcode that ends at an address: its
// ordinal among all, and among those of its kind.
func (s *stream) before(op isa.Op, addr uint32) (ordinal, n int, ok bool) {
	for i, in := range s.list {
		if in.Spec.Op != op {
			continue
		}
		if uint32(in.Addr+in.Size) == addr {
			return i, n, true
		}
		n++
	}
	return 0, 0, false
}

// target is the ordinal that an instruction may jump to, CALL left out; -1 for
// those that do not jump.
func (s *stream) target(in isa.Instr) int {
	var addr uint32
	switch in.Spec.Op {
	case isa.JMP:
		addr = in.Args[0]
	case isa.JZ, isa.JNZ:
		addr = in.Args[1]
	case isa.LOOP:
		addr = in.Args[3]
	default:
		return -1
	}
	if i, ok := s.ordinal[addr]; ok {
		return i
	}
	return -1
}

// head is where the outermost loop around the instruction begins: the smallest
// target of a jump from it or behind it back to it or before it. Without a loop
// it is the ordinal after the instruction.
func (s *stream) head(ordinal int) int {
	head := ordinal + 1
	for _, in := range s.list[ordinal:] {
		if t := s.target(in); t >= 0 && t <= ordinal {
			head = min(head, t)
		}
	}
	return head
}

// loops are the FOR loops around an instruction, from the outermost: their LOOPs.
func (s *stream) loops(ordinal int) []isa.Instr {
	var out []isa.Instr
	for _, in := range s.list[:ordinal] {
		if in.Spec.Op == isa.LOOP && s.target(in) > ordinal {
			out = append(out, in)
		}
	}
	return out
}

// match compares two versions of a program, and learns which of their nameless
// words, which hold intermediate values and the limits of loops, correspond.
type match struct {
	old, new *stream
	to, from map[uint32]uint32 // nameless words of old in new, and back
}

func newMatch(old, new *stream) *match {
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
	nameA, placeA, okA := m.old.name(a)
	nameB, placeB, okB := m.new.name(b)
	if !okA && !okB {
		return m.pair(a, b)
	}
	return okA == okB && nameA == nameB && placeA == placeB
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

// jump says whether two addresses are the same place: the same instruction, or
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
func addresses(old, new *stream) map[uint32]uint32 {
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
