package machine

import (
	"context"
	"testing"

	"gvpie/runtime/isa"
)

// asm is a program written by hand: words that helpers below append.
type asm struct {
	h     isa.Header
	words []uint32
}

// newAsm starts a program for a w × h canvas with room for data words.
func newAsm(w, h int, pixel bool, data int) *asm {
	a := &asm{h: isa.Header{W: w, H: h, Pixel: pixel, DataWords: isa.SysWords + data}}
	a.words = make([]uint32, isa.HeaderWords)
	return a
}

// here is the address of the next instruction.
func (a *asm) here() uint32 { return uint32(len(a.words)) }

// ref is an operand that is read from a word.
type ref uint32

// v is the index of the program's i-th own data word.
func v(i int) ref { return ref(isa.SysWords + i) }

// out is the same word as a destination.
func out(i int) uint32 { return uint32(isa.SysWords + i) }

// lane is word i of the texel's own, as an operand; laneOut as a destination.
func laneRef(i int) ref    { return ref(isa.LaneFlag | i) }
func laneOut(i int) uint32 { return isa.LaneFlag | uint32(i) }

// op appends an instruction; operands are int, uint32 (values) or ref.
func (a *asm) op(op isa.Op, operands ...any) *asm {
	at := len(a.words)
	a.words = append(a.words, 0)
	var mask uint8
	for i, o := range operands {
		switch o := o.(type) {
		case int:
			a.words = append(a.words, uint32(int32(o)))
		case rune:
			a.words = append(a.words, uint32(o))
		case uint32:
			a.words = append(a.words, o)
		case ref:
			mask |= 1 << i
			a.words = append(a.words, uint32(o))
		default:
			panic("an operand is an int, a rune, a uint32 or a ref")
		}
	}
	a.words[at] = isa.InstrHeader(op, len(operands), mask)
	return a
}

// tail appends a count and the words it counts.
func (a *asm) tail(words ...uint32) *asm {
	a.words = append(append(a.words, uint32(len(words))), words...)
	return a
}

// text appends a text tail; a ref is a value reference.
func (a *asm) text(parts ...any) *asm {
	var words []uint32
	for _, p := range parts {
		switch p := p.(type) {
		case string:
			for i := range len(p) {
				words = append(words, uint32(p[i]))
			}
		case ref:
			words = append(words, isa.TextValue|uint32(p))
		}
	}
	return a.tail(words...)
}

// each appends an EACH whose block body is what body appends.
func (a *asm) each(x, y, w, h any, captures []uint32, body func()) *asm {
	at := len(a.words)
	a.op(isa.EACH, x, y, w, h, 0).tail(captures...)
	body()
	a.words[at+5] = a.here()
	return a
}

// program ends the code, and puts table words behind it.
func (a *asm) program(table ...uint32) isa.Program {
	a.h.CodeEnd = len(a.words)
	head := isa.NewHeader(a.h)
	copy(a.words, head[:])
	return append(a.words, table...)
}

// load makes a machine, and fails the test if that cannot be.
func load(t testing.TB, p isa.Program) *Machine {
	t.Helper()
	m, err := New(p, 1)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// frame runs one, with no input and the default budget.
func frame(t testing.TB, m *Machine) Report {
	t.Helper()
	r, err := m.Frame(context.Background(), Input{}, 0)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// at is the display texel at (x, y).
func at(m *Machine, x, y int) uint32 { return m.Page(DisplayPage)[y*m.Header().W+x] }
