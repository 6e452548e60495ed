package pxl

import (
	"fmt"
	"strconv"
	"strings"

	"gvpie/runtime/isa"
)

// Line is one line of a disassembly: an instruction, a table, or a word that is
// neither.
type Line struct {
	Addr  int
	Words []uint32 // a view into the program
	Text  string   // "ADD d8 d8 1"; data words are dN, lanes lN, addresses @N
	Op    isa.Op   // of an instruction
	OK    bool     // an instruction or table that could be read
}

// Disassemble reads a program page from its header to its end. Code that is no
// code, and a page that is no program, come out as single words.
func Disassemble(p isa.Program) []Line {
	return disassemble(p, names{}, nil)
}

// names gives words and addresses their names; nil maps give bare numbers.
type names struct {
	data   map[int]string
	labels map[int]string
	tables map[int]string
	hidden int // first data word without a name, past the last with one
	lanes  []string
}

func disassemble(p isa.Program, n names, tables []Symbol) []Line {
	h, err := p.Header()
	if err != nil {
		return loose(p, 0, len(p), nil)
	}
	out := []Line{{Words: p[:isa.HeaderWords], OK: true, Text: canvasText(h)}}
	blockEnd := 0
	for at := isa.HeaderWords; at < h.CodeEnd; {
		if at >= blockEnd {
			n.lanes = nil
		}
		in, ok := isa.Decode(p, at, h.CodeEnd)
		if !ok {
			out = loose(p, at, at+1, out)
			at++
			continue
		}
		out = append(out, Line{Addr: at, Words: p[at : at+in.Size], Text: n.instruction(&in), Op: in.Spec.Op, OK: true})
		if in.Spec.Op == isa.EACH {
			blockEnd = int(in.Args[4])
			n.lanes = n.captured(in.Tail)
		}
		at += in.Size
	}
	at := h.CodeEnd
	for _, t := range tables {
		if t.Addr != at || t.Addr+t.Len > len(p) {
			continue
		}
		out = append(out, Line{Addr: at, Words: p[at : at+t.Len], Text: fmt.Sprintf(".table %s, %s", t.Name, plural(t.Len, "word")), OK: true})
		at += t.Len
	}
	return loose(p, at, len(p), out)
}

// loose appends words that are no instructions.
func loose(p isa.Program, from, to int, out []Line) []Line {
	for at := from; at < to; at++ {
		out = append(out, Line{Addr: at, Words: p[at : at+1], Text: fmt.Sprintf(".word 0x%08X", p[at])})
	}
	return out
}

func canvasText(h isa.Header) string {
	mode := ""
	if h.Pixel {
		mode = " pixel"
	}
	return fmt.Sprintf(".canvas %d %d%s", h.W, h.H, mode)
}

// captured names the lanes of an EACH block.
func (n *names) captured(tail []uint32) []string {
	out := []string{"px", "py"}
	for _, index := range tail {
		out = append(out, n.word(index))
	}
	return out
}

func (n *names) instruction(in *isa.Instr) string {
	var b strings.Builder
	b.WriteString(in.Spec.Mnemonic)
	for i, w := range in.Args {
		b.WriteByte(' ')
		b.WriteString(n.operand(in.Spec.Operands[i], w, in.Mask>>i&1 == 1))
	}
	switch in.Spec.Tail {
	case isa.TextTail:
		b.WriteString(" \"")
		for _, w := range in.Tail {
			b.WriteString(n.character(w))
		}
		b.WriteByte('"')
	case isa.CaptureTail:
		if len(in.Tail) > 0 {
			b.WriteString(" with")
		}
		for _, w := range in.Tail {
			b.WriteByte(' ')
			b.WriteString(n.word(w))
		}
	}
	return b.String()
}

func (n *names) operand(o isa.Operand, w uint32, ref bool) string {
	switch {
	case ref || o.Kind == isa.Out:
		return n.word(w)
	case o.Kind == isa.Addr:
		if l, ok := n.labels[int(w)]; ok {
			return l
		}
		return "@" + strconv.Itoa(int(w))
	case o.Kind == isa.Base && o.Name == "table":
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
	if name, ok := n.data[int(index)]; ok {
		return name
	}
	if n.data != nil && int(index) >= n.hidden {
		return "t" + strconv.Itoa(int(index)-n.hidden)
	}
	return "d" + strconv.Itoa(int(index))
}

// character spells a text word as source does.
func (n *names) character(w uint32) string {
	switch {
	case w&isa.TextValue == isa.TextValue:
		return "{" + n.word(w&isa.TextValueIndex) + "}"
	case w < 32 || w > 126:
		return "?"
	case strings.IndexByte(`{}"\`, byte(w)) >= 0:
		return `\` + string(rune(w))
	}
	return string(rune(w))
}

// listingWords is how many words stand on one row of a listing.
const listingWords = 4

// Listing shows an assembled program for a person: address, words, instruction
// with the program's names, and the source line each statement came from. Of a
// source with errors it lists those.
func Listing(a *Assembly) string {
	var b strings.Builder
	if !a.OK() {
		for _, d := range a.Diagnostics {
			fmt.Fprintln(&b, d)
		}
		return b.String()
	}
	fmt.Fprintf(&b, "; %s: %d words of program, %d of data\n", a.File, len(a.Program), a.Header.DataWords)
	n, tables := a.names()
	source := strings.Split(strings.TrimPrefix(a.Source, "\uFEFF"), "\n")
	shown := 0
	for _, l := range disassemble(a.Program, n, tables) {
		if name, ok := n.labels[l.Addr]; ok && l.Addr >= isa.HeaderWords {
			fmt.Fprintf(&b, "%s:\n", name)
		}
		text := l.Text
		if at, ok := a.Map.At(l.Addr); ok && l.Addr >= isa.HeaderWords && at.Pos.Line != shown {
			shown = at.Pos.Line
			text = fmt.Sprintf("%-36s %4d  %s", text, shown, strings.TrimSpace(source[shown-1]))
		}
		for row := 0; row < len(l.Words); row += listingWords {
			words := l.Words[row:min(len(l.Words), row+listingWords)]
			hex := fmt.Sprintf("%08X", words)
			line := fmt.Sprintf("%6d  %-35s  ", l.Addr+row, hex[1:len(hex)-1])
			if row == 0 {
				line += text
			}
			b.WriteString(strings.TrimRight(line, " "))
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// names gives the disassembler the program's own, and its tables in order.
func (a *Assembly) names() (names, []Symbol) {
	n := names{data: map[int]string{}, labels: map[int]string{}, tables: map[int]string{}, hidden: isa.SysWords}
	for i, name := range isa.SysNames {
		n.data[i] = name
	}
	var tables []Symbol
	for _, s := range a.Symbols {
		switch s.Kind {
		case VarSymbol:
			n.data[s.Addr] = s.Name
			n.hidden = max(n.hidden, s.Addr+1)
		case ArraySymbol:
			n.data[s.Addr] = s.Name
		case LabelSymbol:
			if old, ok := n.labels[s.Addr]; !ok || old == "" {
				n.labels[s.Addr] = s.Name
			}
		case TableSymbol:
			n.tables[s.Addr] = s.Name
			tables = append(tables, s)
		}
	}
	return n, tables
}
