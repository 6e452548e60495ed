package format

import (
	"fmt"
	"strings"

	"gvpie/runtime/flow"
	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/check"
	"gvpie/runtime/pxl/codegen"
	"gvpie/runtime/pxl/syntax"
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
// code, and a page that is no program, come out as single words. a is what the
// page was assembled from; of nil, names are numbers.
func Disassemble(p isa.Program, a *codegen.Assembly) []Line {
	var n names
	var tables []codegen.Symbol
	if a != nil {
		n, tables = namesOf(a)
	}
	h, err := p.Header()
	if err != nil {
		return loose(p, 0, len(p), nil)
	}
	out := []Line{{Words: p[:isa.HeaderWords], OK: true, Text: canvasText(h)}}
	blockEnd := 0
	for in, ok := range flow.Linear(p, h) {
		at := in.Addr
		if at >= blockEnd {
			n.lanes = nil
		}
		n.at(at)
		if !ok {
			out = loose(p, at, at+1, out)
			continue
		}
		out = append(out, Line{Addr: at, Words: p[at : at+in.Size], Text: n.instruction(&in), Op: in.Spec.Op, OK: true})
		if in.Spec.Op == isa.EACH {
			blockEnd = int(in.Args[4])
			n.lanes = n.captured(in.Tail)
		}
	}
	at := h.CodeEnd
	for _, t := range tables {
		if t.Addr != at || t.Addr+t.Len > len(p) {
			continue
		}
		if t.Kind == check.TextSymbol {
			end := textsEnd(p, t)
			out = append(out, Line{Addr: at, Words: p[at:end], Text: fmt.Sprintf(".text %s, %s", t.Name, syntax.Plural(t.Len, "text")), OK: true})
			at = end
			continue
		}
		if t.Kind == check.SpriteSymbol {
			out = append(out, spriteLines(p, a.Sprites, t)...)
		} else {
			out = append(out, Line{Addr: at, Words: p[at : at+t.Len], Text: fmt.Sprintf(".table %s, %s", t.Name, syntax.Plural(t.Len, "word")), OK: true})
		}
		at += t.Len
	}
	return loose(p, at, len(p), out)
}

// spriteLines are the rows of a sprite, the first with how it is declared.
func spriteLines(p isa.Program, sprites []check.Sprite, t codegen.Symbol) (out []Line) {
	for _, s := range sprites {
		if s.Name != t.Name {
			continue
		}
		head := fmt.Sprintf(".sprite %s %d %d", s.Name, s.W, s.H)
		for y, row := range s.Rows {
			at, text := t.Addr+y*s.W, head+"  "+row
			if y > 0 {
				text = strings.Repeat(" ", len(head)) + "  " + row
			}
			out = append(out, Line{Addr: at, Words: p[at : at+s.W], Text: text, OK: true})
		}
	}
	return out
}

// textsEnd is the address behind a table of texts and its characters.
func textsEnd(p isa.Program, t codegen.Symbol) int {
	end := t.Addr + t.Len
	for _, w := range p[t.Addr:end] {
		end = max(end, int(w&0xFFFF+w>>16))
	}
	return min(end, len(p))
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
	args := in.Args
	if n.data != nil && (in.Spec.Op == isa.INVOKE || in.Spec.Op == isa.RETURN) {
		args = args[:len(args)-4] // where the activation is says the head of the procedure
	}
	for i, w := range args {
		b.WriteByte(' ')
		b.WriteString(n.operand(in.Spec.Operands[i], w, in.Mask>>i&1 == 1))
	}
	switch in.Spec.Tail {
	case isa.TextTail:
		b.WriteString(" \"")
		for _, p := range isa.TextParts(in.Tail) {
			b.WriteString(n.part(p))
		}
		b.WriteByte('"')
	case isa.ArgTail:
		for i := 0; i < len(in.Tail); i += 2 {
			b.WriteByte(' ')
			b.WriteString(n.operand(isa.Operand{Kind: isa.In}, in.Tail[i+1], in.Tail[i] == 1))
		}
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
