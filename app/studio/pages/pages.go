// Package pages says what the words of a machine's program, data and state pages mean,
// for a person: which instruction, variable or register one is, and what it holds.
package pages

import (
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
)

// Word is what a word of a page is.
type Word struct {
	Name  string // "trace[3]", "RECT", "RECT: x", "pc"; "" of a word of the assembler's own
	Short string // the same in few letters, where there is little room
	Value string // what it holds, as its kind is written
	PC    int    // the instruction that it belongs to; -1: none
}

// Names knows the words of a program's pages.
type Names struct {
	a      *pxl.Assembly
	code   []part       // by address
	data   []pxl.Symbol // variables and arrays, by address
	tables []pxl.Symbol // of the program page, by address
}

// part is what a word of the code is.
type part struct {
	pc   int
	name string
	in   bool // an operand that is the address of a data word
}

// Of reads a program.
func Of(a *pxl.Assembly) *Names {
	n := &Names{a: a, code: make([]part, len(a.Program))}
	for i := range n.code {
		n.code[i].pc = -1
	}
	for pc := isa.HeaderWords; pc < a.Header.CodeEnd; {
		in, ok := isa.Decode(a.Program, pc, a.Header.CodeEnd)
		if !ok {
			break
		}
		op := in.Spec.Op.String()
		for i := range in.Size {
			p := part{pc: pc, name: op + ": text"}
			switch k := i - 1; {
			case i == 0:
				p.name = op
			case k < len(in.Args):
				o := in.Spec.Operands[k]
				p.name, p.in = op+": "+o.Name, o.Kind == isa.Out || o.Kind == isa.In && in.Mask>>k&1 == 1
			case in.Spec.Tail != isa.TextTail:
				p.name = op + ": copies"
			}
			n.code[pc+i] = p
		}
		pc += in.Size
	}
	for _, s := range a.Symbols {
		switch s.Kind {
		case pxl.VarSymbol, pxl.ArraySymbol:
			n.data = append(n.data, s)
		case pxl.TableSymbol, pxl.SpriteSymbol, pxl.TextSymbol:
			n.tables = append(n.tables, s)
		}
	}
	byAddr := func(a, b pxl.Symbol) int { return a.Addr - b.Addr }
	slices.SortStableFunc(n.data, byAddr)
	slices.SortStableFunc(n.tables, byAddr)
	return n
}

// Word says what word i of a page is, which holds v. The page is none of the canvas.
func (n *Names) Word(page machine.Page, i int, v uint32) Word {
	switch page {
	case machine.ProgramPage:
		return n.program(i, v)
	case machine.DataPage:
		name := n.variable(i)
		return Word{Name: name, Short: name, Value: strconv.Itoa(int(int32(v))), PC: -1}
	}
	name := state(i)
	return Word{Name: name, Short: name, Value: register(i, v), PC: -1}
}

func (n *Names) program(i int, v uint32) Word {
	w := Word{Value: fmt.Sprintf("0x%X", v), PC: -1}
	switch {
	case i < isa.HeaderWords:
		w.Name = fmt.Sprintf("header %d", i)
	case i < len(n.code) && n.code[i].pc >= 0:
		p := n.code[i]
		w.Name, w.PC = p.name, p.pc
		if p.in {
			if w.Value = n.variable(int(v)); w.Value == "" {
				w.Value = fmt.Sprintf("word %d", v)
			}
		} else if i != p.pc {
			w.Value = strconv.Itoa(int(int32(v)))
		}
	default:
		w.Name = element(n.tables, i)
		w.Value = strconv.Itoa(int(int32(v)))
	}
	w.Short = w.Name
	if _, operand, ok := strings.Cut(w.Name, ": "); ok {
		w.Short = operand
	}
	return w
}

// variable is what the source calls a data word. Those of procedures have the first of
// the names that they share.
func (n *Names) variable(i int) string {
	if i < len(isa.SysNames) && i >= 0 {
		return isa.SysNames[i]
	}
	if i == isa.SysZero {
		return "zero"
	}
	if name := element(n.data, i); name != "" {
		return name
	}
	for k := range n.a.Procedures {
		p := &n.a.Procedures[k]
		own := slices.Concat(p.Params, p.Locals)
		if at := i - p.Act; at >= 0 && at < len(own) {
			return p.Name + "." + own[at]
		}
	}
	return ""
}

// element is the symbol that holds a word, with its place in it; "" for none.
func element(all []pxl.Symbol, word int) string {
	i := sort.Search(len(all), func(i int) bool { return all[i].Addr > word }) - 1
	switch {
	case i < 0 || word >= all[i].Addr+all[i].Len:
		return ""
	case all[i].Kind == pxl.VarSymbol:
		return all[i].Name
	}
	return fmt.Sprintf("%s[%d]", all[i].Name, word-all[i].Addr)
}

// state names a word of the state page.
func state(i int) string {
	for _, f := range isa.StateFields {
		switch name := strings.ToLower(strings.ReplaceAll(f.Name, "_", " ")); {
		case i < f.At || i >= f.At+f.Words:
		case f.Words == 1:
			return name
		default:
			return fmt.Sprintf("%s[%d]", name, i-f.At)
		}
	}
	return ""
}

// register is what a word of the state page holds.
func register(i int, v uint32) string {
	switch {
	case i == isa.StStatus:
		return isa.Status(v).String()
	case i == isa.StFault && v != 0:
		return isa.Fault(v).String()
	case i == isa.StInk || i == isa.StPaper || i == isa.StClip || i >= isa.StKeys && i < isa.StKeysBefore+8:
		return fmt.Sprintf("0x%08X", v)
	}
	return strconv.Itoa(int(int32(v)))
}
