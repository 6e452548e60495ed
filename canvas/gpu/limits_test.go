package gpu

import (
	"strings"
	"testing"

	"gvpie/runtime/isa"
)

// TestManyCycles runs a million cycles, and long texts.
func TestManyCycles(t *testing.T) {
	a := cells(t, 16, 8)
	a.op(isa.SET, 9, -123456789)
	loop := a.op(isa.ADD, 8, v(8), 1)
	a.op(isa.MUL, 10, v(10), 1664525)
	a.op(isa.ADD, 10, v(10), v(8))
	a.op(isa.LT, 11, v(8), 200000)
	a.op(isa.JNZ, v(11), loop)
	long := strings.Repeat("abcdefghijklmnop", 1050)
	a.op(isa.TXT, -8192, 1, long)
	for i := range 3 {
		a.op(isa.TXT, -7000, i, long[:7000], v(9), long[:6000], v(10))
	}
	a.op(isa.FRAME)
	a.op(isa.SET, 8, 0)
	a.op(isa.JMP, loop)
	r := same(t, a.program(), 2, 0)
	if r.Cycles < 1000000 {
		t.Errorf("%d cycles", r.Cycles)
	}
}

func TestMostCommands(t *testing.T) {
	bothCanvases(t, 40, 30, 1, func(a *asm) {
		// 65 536 commands exactly: the last one fits.
		a.op(isa.TXT, 3, 3, "the oldest of them")
		a.op(isa.RECT, 0, 0, 12, 9, 0xFFFF00)
		loop := a.op(isa.MUL, 9, v(8), 37)
		a.op(isa.MOD, 9, v(9), 33)
		a.op(isa.MOD, 10, v(8), 23)
		a.op(isa.MUL, 11, v(8), 77)
		a.op(isa.PLOT, v(9), v(10), v(11))
		a.op(isa.ADD, 8, v(8), 1)
		a.op(isa.LT, 12, v(8), isa.MaxCommands-3)
		a.op(isa.JNZ, v(12), loop)
		a.op(isa.BLIT, 0, 0, 3, 3, 30, 20)
	})
}

// TestBatches has frames whose number of commands is at and around that of a batch,
// 16 384, and layers that settle in different batches.
func TestBatches(t *testing.T) {
	const batch = 1 << 14
	for _, n := range []int{batch - 1, batch, batch + 1, 2 * batch, 2*batch + 5} {
		a := cells(t, 24, 10)
		a.op(isa.TXT, 2, 2, "oldest")
		a.op(isa.RECT, 0, 0, 10, 5, 0x0000FF)
		loop := a.op(isa.PLOT, 3, 2, v(8))
		a.op(isa.ADD, 8, v(8), 1)
		a.op(isa.LT, 12, v(8), n-4)
		a.op(isa.JNZ, v(12), loop)
		a.op(isa.TXT, 4, 2, "new")
		a.op(isa.RECT, 9, 4, 2, 2)
		a.op(isa.FRAME)
		a.op(isa.PLOT, 1, 1)
		same(t, a.program(), 2, 0)
	}
}

func TestAMillionRectangles(t *testing.T) {
	a := cells(t, 32, 16)
	loop := a.op(isa.RECT, v(8), v(8), 3, 3, v(8))
	a.op(isa.ADD, 8, v(8), 1)
	a.op(isa.AND, 9, v(8), 15)
	a.op(isa.LT, 10, v(8), 1000000)
	a.op(isa.JNZ, v(10), loop)
	r := same(t, a.program(), 1, 0)
	if r.Fault == nil || r.Fault.Code != isa.CommandLimit || r.Fault.A != isa.MaxCommands {
		t.Errorf("fault %+v", r.Fault)
	}
}

func TestPayloadLimit(t *testing.T) {
	a := cells(t, 32, 16)
	loop := a.op(isa.TXT, 1, 1, "", v(8), strings.Repeat("x", 30000))
	a.op(isa.JMP, loop)
	r := same(t, a.program(), 1, 0)
	if r.Fault == nil || r.Fault.Code != isa.CommandLimit || r.Fault.A != isa.MaxPayload {
		t.Errorf("fault %+v", r.Fault)
	}
}

func TestCanvasSizes(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {7, 3}, {1024, 1}, {1, 1024}, {129, 65}} {
		bothCanvases(t, size[0], size[1], 2, func(a *asm) {
			a.op(isa.CIRC, 0, 0, 5, 0xFF00FF)
			a.op(isa.TXT, -1, 0, "edge")
			a.op(isa.FRAME)
			a.op(isa.BLIT, 0, 0, 4, 4, size[0]-2, size[1]-2)
		})
	}
}

func TestTheLargestCanvas(t *testing.T) {
	a := cells(t, 1024, 1024)
	a.op(isa.LINE, 0, 0, 1023, 1023, 0xFF0000)
	a.op(isa.TXT, 1000, 1023, "the last row of the canvas")
	a.op(isa.RING, 512, 512, 500)
	same(t, a.program(), 1, 0)
}

func TestTheLargestPages(t *testing.T) {
	a := cells(t, 8, 8)
	a.header.DataWords = isa.MaxDataWords
	a.op(isa.ST, 8, isa.MaxDataWords-8, isa.MaxDataWords-9, 77)
	a.op(isa.FRAME)
	a.op(isa.LD, 9, isa.MaxDataWords-1, 1, 0)
	last := a.op(isa.LDT, 10, isa.MaxProgramWords-1, 1, 0)
	a.op(isa.HALT)
	a.tables = make([]uint32, isa.MaxProgramWords-int(a.at()))
	a.tables[len(a.tables)-1] = last
	if r := same(t, a.program(), 2, 0); r.Status != isa.Halted {
		t.Errorf("%v, %+v", r.Status, r.Fault)
	}
}
