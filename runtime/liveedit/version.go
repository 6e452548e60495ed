package liveedit

import (
	"slices"
	"sort"
	"strings"

	"gvpie/runtime/flow"
	"gvpie/runtime/isa"
	"gvpie/runtime/pxl"
)

// version is one version of a program as a list of instructions with names: what
// two versions are compared by, since an edit moves every address after it.
type version struct {
	program isa.Program
	header  isa.Header
	list    []isa.Instr
	ordinal map[uint32]int    // of the instruction at an address; the code's end counts as one
	words   []pxl.Symbol      // variables and arrays, by address
	tables  map[uint32]string // and sprites
	labels  map[uint32]string
}

func newVersion(a *pxl.Assembly) *version {
	v := &version{
		program: a.Program, header: a.Header, ordinal: map[uint32]int{},
		tables: map[uint32]string{}, labels: map[uint32]string{},
	}
	for in, ok := range flow.Linear(a.Program, a.Header) {
		if !ok {
			break
		}
		v.ordinal[uint32(in.Addr)] = len(v.list)
		v.list = append(v.list, in)
	}
	v.ordinal[uint32(a.Header.CodeEnd)] = len(v.list)
	for _, sym := range a.Symbols {
		switch sym.Kind {
		case pxl.VarSymbol, pxl.ArraySymbol:
			if !strings.Contains(sym.Name, ".") { // those of calls share their words
				v.words = append(v.words, sym)
			}
		case pxl.TableSymbol, pxl.SpriteSymbol:
			v.tables[uint32(sym.Addr)] = sym.Name
		case pxl.LabelSymbol:
			v.labels[uint32(sym.Addr)] = sym.Name
		case pxl.ProcSymbol:
			v.labels[uint32(sym.Addr)] = sym.Name + "()"
		}
	}
	slices.SortFunc(v.words, func(a, b pxl.Symbol) int { return a.Addr - b.Addr })
	return v
}

// name is what a data word is called: a name and the index in its array; system
// words have no name but their index. ok is false for a word without a name.
func (v *version) name(index uint32) (name string, offset uint32, ok bool) {
	if index < isa.SysWords {
		return "", index, true
	}
	i := sort.Search(len(v.words), func(i int) bool { return uint32(v.words[i].Addr) > index }) - 1
	if i < 0 || index >= uint32(v.words[i].Addr+v.words[i].Len) {
		return "", 0, false
	}
	return v.words[i].Name, index - uint32(v.words[i].Addr), true
}

// nth is the ordinal of the n-th instruction with an opcode, from 0; -1 if there
// is none.
func (v *version) nth(op isa.Op, n int) int {
	for i, in := range v.list {
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
func (v *version) before(op isa.Op, addr uint32) (ordinal, n int, ok bool) {
	for i, in := range v.list {
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

// target is the ordinal that an instruction may jump to, -1 for those that do
// not, CALL and INVOKE among them: they come back.
func (v *version) target(in isa.Instr) int {
	addr, ok := flow.Target(in)
	if !ok || in.Spec.Op == isa.CALL || in.Spec.Op == isa.INVOKE {
		return -1
	}
	if i, ok := v.ordinal[addr]; ok {
		return i
	}
	return -1
}

// head is where the outermost loop around the instruction begins: the smallest
// target of a jump from it or behind it back to it or before it. Without a loop
// it is the ordinal after the instruction.
func (v *version) head(ordinal int) int {
	head := ordinal + 1
	for _, in := range v.list[ordinal:] {
		if t := v.target(in); t >= 0 && t <= ordinal {
			head = min(head, t)
		}
	}
	return head
}

// loops are the FOR loops around an instruction, from the outermost: their LOOPs.
func (v *version) loops(ordinal int) []isa.Instr {
	var out []isa.Instr
	for _, in := range v.list[:ordinal] {
		if in.Spec.Op == isa.LOOP && v.target(in) > ordinal {
			out = append(out, in)
		}
	}
	return out
}

// kept is where the activations are of procedures that call themselves, and behind them
// the copies that are kept of them: the first word, and how many there are. What has
// those before a call is brought back after it, so that they are live though nothing
// reads them. There are none in most programs.
func (v *version) kept() (from, words uint32) {
	end := uint32(0)
	for _, in := range v.list {
		if in.Spec.Op != isa.INVOKE || in.Args[3] == 0 {
			continue
		}
		if end == 0 || in.Args[1] < from {
			from = in.Args[1]
		}
		end = in.Args[3] + isa.StackDepth*in.Args[4]
	}
	return from, end - from
}
