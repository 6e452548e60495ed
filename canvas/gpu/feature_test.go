package gpu

import (
	"fmt"
	"testing"

	"gvpie/runtime/isa"
)

// bothCanvases runs a program built for each kind of canvas.
func bothCanvases(t *testing.T, w, h, frames int, build func(a *asm)) {
	t.Helper()
	for _, pixel := range []bool{false, true} {
		t.Run(fmt.Sprintf("pixel=%v", pixel), func(t *testing.T) {
			a := cells(t, w, h)
			a.header.Pixel = pixel
			build(a)
			same(t, a.program(), frames, 0)
		})
	}
}

func TestRectKeepsGlyphs(t *testing.T) {
	bothCanvases(t, 40, 20, 1, func(a *asm) {
		a.op(isa.TXT, 2, 2, "under")
		a.op(isa.RECT, 0, 0, 20, 10, 0xFF0000)
		a.op(isa.TXT, 2, 4, "over")
		a.op(isa.FILL, 3, 2, 2, 3)
		a.op(isa.RECT, -5, -5, 8, 8)
		a.op(isa.RECT, 36, 18, 8191, 8191, 0x00FF00)
		a.op(isa.RECT, 5, 5, 0, 4)
		a.op(isa.RECT, 5, 5, -3, 4)
	})
}

func TestTextOnBothCanvases(t *testing.T) {
	bothCanvases(t, 64, 24, 1, func(a *asm) {
		a.op(isa.SET, 8, -2147483648)
		a.op(isa.SET, 9, 1000000000)
		a.op(isa.SET, 10, 7)
		a.op(isa.TXT, -3, 1, "clipped at the left, and at the right as well, which is far away")
		a.op(isa.TXT, 0, 3, "a", v(8), "b", v(9), v(10), v(isa.SysZero), "c")
		a.op(isa.COLOR, 0xFF9900, 0x009999)
		a.op(isa.TXT, 1, 5, "odd \x00\x1f\x7f\x80\xff codes")
		a.op(isa.TXT, 1, 12, "")
		a.op(isa.TXT, 5, -7, "above")
		a.op(isa.TXT, 5, -6, "one row left")
		a.op(isa.TXT, 5, 24, "below")
		a.op(isa.RECT, 1, 20, 3, 2)
		a.op(isa.LOG, "x=", v(8), " \x01\xC3")
		a.op(isa.LOG, "plain")
	})
}

func TestGeometry(t *testing.T) {
	bothCanvases(t, 50, 40, 1, func(a *asm) {
		for i := range 12 {
			a.op(isa.LINE, 25, 20, 25+i*4-24, 0, 0x110000*i)
			a.op(isa.LINE, 49-i*4, 39, 25, 20, 0x001100*i)
			a.op(isa.LINE, 0, i*4, 49, 40-i*3, 0x000011*i)
		}
		a.op(isa.LINE, 3, 3, 3, 3)
		a.op(isa.LINE, -8192, -8192, 8191, 8190)
		a.op(isa.LINE, 5, 30, 5, 10)
		a.op(isa.LINE, 30, 5, 10, 5)
		for r := range 9 {
			a.op(isa.CIRC, r*6, r*4, r-1, 0x1F1F1F*r)
			a.op(isa.RING, 45-r*5, r*5, r, 0x0F3F1F*r)
		}
		a.op(isa.RING, 25, -8000, 8020, 0xFFFFFF)
		a.op(isa.BOX, 10, 10, 12, 7, 0xFF)
		a.op(isa.BOX, 11, 11, 1, 1, 0xFFFF)
		a.op(isa.BOX, 40, 30, 50, 2)
		a.op(isa.BOX, 4, 4, 0, 2)
		a.op(isa.PLOT, 49, 39, 0xFFFF00)
		a.op(isa.PLOT, 50, 39)
		a.op(isa.PLOT, 7, 7)
	})
}

func TestFramesSeeTheLastDisplay(t *testing.T) {
	bothCanvases(t, 33, 17, 6, func(a *asm) {
		a.op(isa.TXT, 1, 1, "blit me")
		a.op(isa.RECT, 0, 0, 9, 4, 0x00FF00)
		a.op(isa.FRAME)
		loop := a.op(isa.BLIT, 0, 0, 10, 6, v(isa.SysFrame), 5)
		a.op(isa.BLIT, 20, 10, 30, 30, -2, -3)
		a.op(isa.BLIT, -4, 0, 10, 10, 8, 9)
		a.op(isa.PEEK, 8, 1, 1)
		a.op(isa.PEEK, 9, -1, 1)
		a.op(isa.PEEK, 10, 33, 1)
		a.op(isa.TXT, 12, 12, v(8), " ", v(9), " ", v(10))
		a.op(isa.BLIT, 1, 1, 3, 3, 13, 12)
		a.op(isa.FRAME)
		a.op(isa.JMP, loop)
	})
}

func TestClearAndUntouched(t *testing.T) {
	bothCanvases(t, 20, 10, 5, func(a *asm) {
		a.op(isa.FRAME)
		a.op(isa.TXT, 1, 1, "text")
		a.op(isa.FRAME)
		a.op(isa.CLS, 0x123456)
		a.op(isa.TXT, 1, 2, "kept")
		a.op(isa.FRAME)
		a.op(isa.TXT, 1, 2, "gone")
		a.op(isa.CLS)
	})
}

// TestArithmetic computes every data instruction over operands that are hard.
func TestArithmetic(t *testing.T) {
	hard := []int{0, 1, -1, 2, -2, 7, -7, 31, 32, 33, 255, 256, 1023, 1024, 46340, 46341, 65535, 65536, 1 << 30, 2147483647, -2147483648, -2147483647}
	ops := []isa.Op{isa.SET, isa.ADD, isa.SUB, isa.MUL, isa.DIV, isa.MOD, isa.AND, isa.OR, isa.XOR, isa.SHL, isa.SHR, isa.USHR,
		isa.EQ, isa.NE, isa.LT, isa.LE, isa.GT, isa.GE, isa.NEG, isa.NOT, isa.ISZ, isa.MIN, isa.MAX, isa.ABS, isa.SGN, isa.CLAMP,
		isa.SIN, isa.COS, isa.SQRT, isa.RND, isa.KEY}
	a := cells(t, 8, 8)
	out := uint32(isa.SysWords)
	for _, op := range ops {
		n := len(isa.Table[op].Operands)
		for i, x := range hard {
			for j, y := range hard {
				if n == 2 && j > 0 || (op == isa.DIV || op == isa.MOD) && y == 0 {
					continue
				}
				args := []any{out, x, y, hard[(i+j)%len(hard)]}
				a.op(op, args[:n]...)
				out++
			}
		}
	}
	a.header.DataWords = int(out)
	same(t, a.program(), 1, 0)
}

func TestFlow(t *testing.T) {
	a := cells(t, 8, 8)
	a.op(isa.NOP)
	a.op(isa.SEED, 77)
	call := a.op(isa.CALL, 0)
	a.op(isa.SET, 8, 10)
	loop := a.op(isa.LOOP, v(8), 2, -3, 0)
	a.op(isa.RND, 9, 1000)
	a.op(isa.ST, 20, 8, v(8), v(9))
	a.op(isa.SUB, 8, v(8), 3)
	skip := a.op(isa.JZ, v(8), 0)
	a.op(isa.JMP, loop)
	after := a.op(isa.LD, 10, 20, 8, 7)
	a.set(loop, 3, after)
	a.set(skip, 1, after)
	table := a.op(isa.LDT, 11, 0, 3, 2)
	a.op(isa.KEY, 12, 65)
	a.op(isa.KEY, 13, 321)
	a.op(isa.ASSERT, v(12))
	a.op(isa.FRAME)
	a.op(isa.JNZ, 1, a.at()+3)
	sub := a.op(isa.RET)
	a.op(isa.HALT)
	a.set(call, 0, sub)
	a.set(table, 1, a.at())
	a.tables = []uint32{5, 6, 0xFFFFFFF9}
	same(t, a.program(), 3, 0)
}
