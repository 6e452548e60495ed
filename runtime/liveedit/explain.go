package liveedit

import (
	"fmt"
	"strconv"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
)

// Explain says in a sentence, without the place, what was true when a program
// failed. a is what the program was assembled from; nil if that is not known,
// and then arrays and statements have no names.
func Explain(f *machine.Fault, a *pxl.Assembly) string {
	text := explain(f, a)
	if f.X >= 0 && f.Y >= 0 {
		text += fmt.Sprintf(" (at texel %d, %d)", f.X, f.Y)
	}
	return text
}

func explain(f *machine.Fault, a *pxl.Assembly) string {
	switch f.Code {
	case isa.BadOpcode:
		return fmt.Sprintf("the word at address %d, 0x%08X, is no instruction", f.PC, uint32(f.A))
	case isa.DivByZero:
		if in, ok := instruction(a, f.PC); ok && in.Spec.Op == isa.MOD {
			return fmt.Sprintf("the remainder of %d by zero", f.A)
		}
		return fmt.Sprintf("%d is divided by zero", f.A)
	case isa.AddressOutOfRange:
		return explainRange(f, a)
	case isa.StackOverflow:
		return fmt.Sprintf("CALL inside CALL, %d deep: the call stack is full", isa.StackDepth)
	case isa.StackUnderflow:
		return "RET without a CALL to go back to"
	case isa.CycleLimit:
		if f.X >= 0 {
			return fmt.Sprintf("the block was not done after %s instructions", group(f.A))
		}
		return fmt.Sprintf("the frame was not over after %s cycles: a loop needs a FRAME or a way out", group(f.A))
	case isa.CommandLimit:
		if f.A == isa.MaxPayload {
			return fmt.Sprintf("the frame's texts and captures take more than %s words", group(f.A))
		}
		return fmt.Sprintf("more than %s draws and logs in one frame", group(f.A))
	case isa.AssertFailed:
		if s := statement(a, f.PC); s != "" {
			return "this does not hold: " + s
		}
		return "the assertion does not hold"
	}
	return f.Code.String()
}

// explainRange names the array or table that an index was outside of.
func explainRange(f *machine.Fault, a *pxl.Assembly) string {
	in, ok := instruction(a, f.PC)
	if !ok {
		return fmt.Sprintf("address %d, where there are %d words", f.A, f.B)
	}
	if in.Spec.Op == isa.SPR && in.Args[2] == uint32(f.B) {
		for _, s := range a.Symbols {
			if s.Kind == pxl.SpriteSymbol && s.Addr == int(in.Args[0]) {
				return fmt.Sprintf("frame %d of sprite %s, which has %s", f.A, s.Name, frames(int(f.B)))
			}
		}
	}
	if in.Spec.Tail == isa.TextTail {
		if said := explainText(f, a, in); said != "" {
			return said
		}
	}
	for i, o := range in.Spec.Operands {
		if in.Spec.Op == isa.LD2 || in.Spec.Op == isa.ST2 || in.Spec.Op == isa.LDT2 {
			return explainCell(f, a, in)
		}
		if o.Kind != isa.Base || i+1 >= len(in.Args) || in.Args[i+1] != uint32(f.B) {
			continue
		}
		kind, what := pxl.ArraySymbol, "array"
		if in.Spec.Op == isa.LDT {
			kind, what = pxl.TableSymbol, "table"
		}
		for _, s := range a.Symbols {
			if s.Kind == kind && s.Addr == int(in.Args[i]) {
				return fmt.Sprintf("index %d is outside %s %s, which has %s", f.A, what, s.Name, words(s.Len))
			}
		}
		return fmt.Sprintf("index %d is outside the %s's %s", f.A, what, words(int(f.B)))
	}
	return fmt.Sprintf("%s reaches address %d; there are %s", in.Spec.Mnemonic, f.A, words(int(f.B)))
}

func frames(n int) string {
	if n == 1 {
		return "1 frame (0)"
	}
	return fmt.Sprintf("%d frames (0 to %d)", n, n-1)
}

// explainCell names the array or table of two dimensions that an index was outside
// of.
func explainCell(f *machine.Fault, a *pxl.Assembly, in isa.Instr) string {
	base, kind, name := 0, pxl.ArraySymbol, "the array"
	if in.Spec.Op != isa.ST2 {
		base = 1
	}
	if in.Spec.Op == isa.LDT2 {
		kind, name = pxl.TableSymbol, "the table"
	}
	for _, s := range a.Symbols {
		if s.Kind == kind && s.Addr == int(in.Args[base]) {
			name = name[len("the "):] + " " + s.Name
		}
	}
	return fmt.Sprintf("index %d is outside %s, which has %d × %d words", f.A, name, in.Args[base+1], in.Args[base+2])
}

// explainText names the table of texts that an index was outside of, or gives "".
func explainText(f *machine.Fault, a *pxl.Assembly, in isa.Instr) string {
	for _, p := range isa.TextParts(in.Tail) {
		if p.Format&isa.FormatText == 0 || p.Count != uint32(f.B) {
			continue
		}
		for _, s := range a.Symbols {
			if s.Kind == pxl.TextSymbol && s.Addr == int(p.Table) {
				return fmt.Sprintf("index %d is outside .text %s, which has %d texts (0 to %d)", f.A, s.Name, s.Len, s.Len-1)
			}
		}
	}
	return ""
}

func words(n int) string {
	if n == 1 {
		return "1 word (0)"
	}
	return fmt.Sprintf("%d words (0 to %d)", n, n-1)
}

func instruction(a *pxl.Assembly, pc int) (isa.Instr, bool) {
	if a == nil || a.Program == nil {
		return isa.Instr{}, false
	}
	return isa.Decode(a.Program, pc, a.Header.CodeEnd)
}

// statement is the source text that the instruction at pc came from.
func statement(a *pxl.Assembly, pc int) string {
	if a == nil {
		return ""
	}
	at, ok := a.Map.At(pc)
	text := a.Text(at.Pos.File)
	if !ok || at.Pos.Offset > len(text) {
		return ""
	}
	n := 0
	for i := range text[at.Pos.Offset:] {
		if n == at.Length {
			return text[at.Pos.Offset:][:i]
		}
		n++
	}
	return text[at.Pos.Offset:]
}

// group writes a number with a space between thousands.
func group(n int32) string {
	s := strconv.Itoa(int(n))
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + " " + s[i:]
	}
	return s
}
