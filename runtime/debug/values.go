package debug

import (
	"strings"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
)

// Variable is a name with its value.
type Variable struct {
	Name  string
	Value int32
	Word  int // its word of the data page
}

// List is an array or a table.
type List struct {
	Name  string
	Table bool // read-only words of the program page
	Cols  int  // words in a row; 0 of one without rows
	Words []int32
	Base  int // its first word of the data page, or of the program page
}

// Variables are the names of the whole program, in the order of their declaration.
func (s *course) Variables() []Variable {
	var out []Variable
	data := s.m.Page(machine.DataPage)
	for _, sym := range s.Assembly().Symbols {
		if sym.Kind == pxl.VarSymbol && !strings.Contains(sym.Name, ".") {
			out = append(out, Variable{sym.Name, int32(data[sym.Addr]), sym.Addr})
		}
	}
	return out
}

// System are the names to read: frame, the canvas, the mouse, the seed.
func (s *course) System() []Variable {
	data, state := s.m.Page(machine.DataPage), s.m.Page(machine.StatePage)
	out := make([]Variable, 0, len(isa.SysNames)+2)
	for i, name := range isa.SysNames {
		out = append(out, Variable{name, int32(data[i]), i})
	}
	return append(out,
		Variable{"mbp", int32(state[isa.StMouseB] &^ state[isa.StButtonsBefore]), -1},
		Variable{"mw", int32(state[isa.StWheel]), -1})
}

// Lists are the arrays and tables, in the order of their declaration. Their words are
// copies.
func (s *course) Lists() []List {
	var out []List
	for _, sym := range s.Assembly().Symbols {
		if sym.Kind != pxl.ArraySymbol && sym.Kind != pxl.TableSymbol {
			continue
		}
		l := List{Name: sym.Name, Table: sym.Kind == pxl.TableSymbol, Cols: sym.Cols, Base: sym.Addr, Words: make([]int32, sym.Len)}
		page := s.m.Page(machine.DataPage)
		if l.Table {
			page = s.m.Page(machine.ProgramPage)
		}
		for i, w := range page[sym.Addr:][:sym.Len] {
			l.Words[i] = int32(w)
		}
		out = append(out, l)
	}
	return out
}

// locals are the parameters and locals of a call whose words begin at base.
func (s stand) locals(p *pxl.Procedure, base int) []Variable {
	data := s.core.Page(machine.DataPage)
	var out []Variable
	for _, names := range [...][]string{p.Params, p.Locals} {
		for _, name := range names {
			at := base + len(out)
			out = append(out, Variable{name, int32(data[at]), at})
		}
	}
	return out
}
