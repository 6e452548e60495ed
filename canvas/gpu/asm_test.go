package gpu

import (
	"testing"

	"gvpie/runtime/isa"
)

// asm assembles machine code by hand, an instruction a call.
type asm struct {
	t      testing.TB
	header isa.Header
	words  []uint32
	tables []uint32
}

func cells(t testing.TB, w, h int) *asm {
	return &asm{t: t, header: isa.Header{W: w, H: h, DataWords: 64}}
}

func pixels(t testing.TB, w, h int) *asm {
	a := cells(t, w, h)
	a.header.Pixel = true
	return a
}

// at is the address of the next instruction.
func (a *asm) at() uint32 { return uint32(isa.HeaderWords + len(a.words)) }

// v is an operand that reads a data word; other operands are values.
type v uint32

// op adds an instruction. A string is its text, in which a v follows a '\x00'.
func (a *asm) op(op isa.Op, args ...any) uint32 {
	at := a.at()
	var operands, tail []uint32
	mask := uint8(0)
	text := false
	for _, arg := range args {
		switch x := arg.(type) {
		case int:
			operands = append(operands, uint32(int32(x)))
		case uint32:
			operands = append(operands, x)
		case v:
			if text {
				tail = append(tail, isa.TextValue|uint32(x))
				continue
			}
			mask |= 1 << len(operands)
			operands = append(operands, uint32(x))
		case string:
			text = true
			for i := range len(x) {
				tail = append(tail, uint32(x[i]))
			}
		default:
			a.t.Fatalf("operand %v of type %T", arg, arg)
		}
	}
	a.words = append(a.words, isa.InstrHeader(op, len(operands), mask))
	a.words = append(a.words, operands...)
	if text {
		a.words = append(a.words, uint32(len(tail)))
		a.words = append(a.words, tail...)
	}
	return at
}

// set changes an operand that was not known when its instruction was added.
func (a *asm) set(instr uint32, operand int, value uint32) {
	a.words[int(instr)-isa.HeaderWords+1+operand] = value
}

func (a *asm) program() isa.Program {
	h := a.header
	h.CodeEnd = isa.HeaderWords + len(a.words)
	head := isa.NewHeader(h)
	p := append(isa.Program{}, head[:]...)
	p = append(p, a.words...)
	return append(p, a.tables...)
}
