package format

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/check"
	"gvpie/runtime/pxl/codegen"
)

// names gives words and addresses their names; nil maps give bare numbers.
type names struct {
	data   map[int]string
	labels map[int]string
	tables map[int]string
	texts  map[int]string
	hidden int // first data word without a name, past the last with one
	lanes  []string

	procs  []codegen.Procedure
	bodies map[int]*codegen.Procedure // by the address where they begin
	body   *codegen.Procedure         // that the instruction stands in, or nil
}

// namesOf gives the program's own names, and its tables and sprites in the order of their addresses.
func namesOf(a *codegen.Assembly) (names, []codegen.Symbol) {
	n := names{data: map[int]string{}, labels: map[int]string{}, tables: map[int]string{}, texts: map[int]string{}, hidden: isa.SysWords, procs: a.Procedures, bodies: map[int]*codegen.Procedure{}}
	for i := range n.procs {
		n.bodies[n.procs[i].From] = &n.procs[i]
	}
	for i, name := range isa.SysNames {
		n.data[i] = name
	}
	var tables []codegen.Symbol
	for _, s := range a.Symbols {
		switch s.Kind {
		case check.VarSymbol:
			if strings.Contains(s.Name, ".") {
				continue // of an activation: see local
			}
			n.data[s.Addr] = s.Name
			n.hidden = max(n.hidden, s.Addr+1)
		case check.ArraySymbol:
			n.data[s.Addr] = s.Name
		case check.LabelSymbol:
			if old, ok := n.labels[s.Addr]; !ok || old == "" {
				n.labels[s.Addr] = s.Name
			}
		case check.TextSymbol:
			n.texts[s.Addr] = s.Name
			tables = append(tables, s)
		case check.TableSymbol, check.SpriteSymbol:
			n.tables[s.Addr] = s.Name
			tables = append(tables, s)
		}
	}
	slices.SortFunc(tables, func(a, b codegen.Symbol) int { return a.Addr - b.Addr })
	return n, tables
}

func (n *names) operand(o isa.Operand, w uint32, ref bool) string {
	switch {
	case ref || o.Kind == isa.Out:
		return n.word(w)
	case o.Kind == isa.Addr:
		if p := n.bodies[int(w)]; p != nil {
			return p.Name
		}
		if l, ok := n.labels[int(w)]; ok {
			return l
		}
		return "@" + strconv.Itoa(int(w))
	case o.Name == "size":
		return fmt.Sprintf("%dx%d", w&0xFFFF, w>>16)
	case o.InProgram():
		if t, ok := n.tables[int(w)]; ok {
			return t
		}
		return "@" + strconv.Itoa(int(w))
	case o.Kind == isa.Base:
		return n.word(w)
	case o.Kind == isa.In && (o.Name == "color" || o.Name == "ink" || o.Name == "paper"):
		return fmt.Sprintf("0x%06X", w)
	}
	return strconv.Itoa(int(int32(w)))
}

// at says at which address the next instruction stands.
func (n *names) at(addr int) {
	if p := n.bodies[addr]; p != nil {
		n.body = p
	}
	if n.body != nil && addr >= n.body.To {
		n.body = nil
	}
}

// local names a word of the activation of the procedure that the instruction stands in.
func (n *names) local(index int) (string, bool) {
	p := n.body
	if p == nil || index < p.Act || index >= p.Act+p.Words {
		return "", false
	}
	switch k := index - p.Act; {
	case k < len(p.Params):
		return p.Params[k], true
	case k < len(p.Params)+len(p.Locals):
		return p.Locals[k-len(p.Params)], true
	default:
		return p.Name + ".t" + strconv.Itoa(k-len(p.Params)-len(p.Locals)), true
	}
}

// word names a data word or a lane.
func (n *names) word(index uint32) string {
	if index&isa.LaneFlag != 0 && index>>17 == 0 {
		lane := int(index &^ isa.LaneFlag)
		switch {
		case n.data == nil || n.lanes == nil:
			return "l" + strconv.Itoa(lane)
		case lane < len(n.lanes):
			return n.lanes[lane]
		}
		return "t" + strconv.Itoa(lane-len(n.lanes))
	}
	if name, ok := n.local(int(index)); ok {
		return name
	}
	if name, ok := n.data[int(index)]; ok {
		return name
	}
	if n.data != nil && int(index) >= n.hidden {
		return "t" + strconv.Itoa(int(index)-n.hidden)
	}
	return "d" + strconv.Itoa(int(index))
}

// part spells a part of a text as source does.
func (n *names) part(p isa.TextPart) string {
	switch {
	case p.IsValue:
		value := n.word(p.Index)
		if p.Format&isa.FormatText != 0 {
			table, ok := n.texts[int(p.Table)]
			if !ok {
				table = "@" + strconv.Itoa(int(p.Table))
			}
			value = table + "[" + value + "]"
		}
		if f := p.Format.String(); f != "" {
			value += ":" + f
		}
		return "{" + value + "}"
	case p.Char < 32 || p.Char > 126:
		return "?"
	case strings.IndexByte(`{}"\`, byte(p.Char)) >= 0:
		return `\` + string(rune(p.Char))
	}
	return string(rune(p.Char))
}
