package gpu

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
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

// TestFaults has every way to fault; each is checked to be the fault it says.
func TestFaults(t *testing.T) {
	cases := []struct {
		name   string
		fault  isa.Fault
		budget uint32
		build  func(a *asm)
	}{
		{"no such opcode", isa.BadOpcode, 0, func(a *asm) { a.words = append(a.words, 0xEE) }},
		{"too few operands", isa.BadOpcode, 0, func(a *asm) { a.op(isa.RECT, 1, 2, 3) }},
		{"too many operands", isa.BadOpcode, 0, func(a *asm) { a.op(isa.PLOT, 1, 2, 3, 4) }},
		{"255 operands", isa.BadOpcode, 0, func(a *asm) { a.words = append(a.words, 0xFF00|uint32(isa.RECT)) }},
		{"mask on a destination", isa.BadOpcode, 0, func(a *asm) { a.op(isa.SET, v(8), 1) }},
		{"mask beyond the operands", isa.BadOpcode, 0, func(a *asm) { a.words = append(a.words, isa.InstrHeader(isa.NOP, 0, 1)) }},
		{"A is not 0", isa.BadOpcode, 0, func(a *asm) { a.words = append(a.words, isa.Word(uint8(isa.NOP), 0, 0, 9)) }},
		{"cut off", isa.BadOpcode, 0, func(a *asm) { a.words = append(a.words, isa.InstrHeader(isa.JMP, 1, 0)) }},
		{"text cut off", isa.BadOpcode, 0, func(a *asm) { a.op(isa.TXT, 1, 1, "x"); a.words[3] = 2 }},
		{"text without count", isa.BadOpcode, 0, func(a *asm) { a.words = append(a.words, isa.InstrHeader(isa.LOG, 0, 0)) }},
		{"text of 2³² characters", isa.BadOpcode, 0, func(a *asm) { a.op(isa.LOG, "xx"); a.words[1] = 0xFFFFFFFF }},
		{"PUT in the core", isa.BadOpcode, 0, func(a *asm) { a.op(isa.PUT, 1) }},
		{"division", isa.DivByZero, 0, func(a *asm) { a.op(isa.DIV, 8, -5, v(isa.SysZero)) }},
		{"remainder", isa.DivByZero, 0, func(a *asm) { a.op(isa.MOD, 8, 5, 0) }},
		{"variable", isa.AddressOutOfRange, 0, func(a *asm) { a.op(isa.ADD, 8, 1, v(64)) }},
		{"destination", isa.AddressOutOfRange, 0, func(a *asm) { a.op(isa.ADD, 64, v(99), 1) }},
		{"fifth operand", isa.AddressOutOfRange, 0, func(a *asm) { a.op(isa.RECT, 1, 1, 1, 1, v(1<<20)) }},
		{"operand of a text", isa.AddressOutOfRange, 0, func(a *asm) { a.op(isa.TXT, 1, v(64), "x") }},
		{"value in a text", isa.AddressOutOfRange, 0, func(a *asm) { a.op(isa.LOG, "x", v(8), "y", v(64)) }},
		{"jump", isa.AddressOutOfRange, 0, func(a *asm) { a.op(isa.JMP, 7) }},
		{"jump far", isa.AddressOutOfRange, 0, func(a *asm) { a.op(isa.JNZ, 1, -1) }},
		{"call", isa.AddressOutOfRange, 0, func(a *asm) { a.op(isa.CALL, 1000) }},
		{"array below", isa.AddressOutOfRange, 0, func(a *asm) { a.op(isa.LD, 8, 10, 4, -1) }},
		{"array above", isa.AddressOutOfRange, 0, func(a *asm) { a.op(isa.ST, 10, 4, 4, 1) }},
		{"array beyond data", isa.AddressOutOfRange, 0, func(a *asm) { a.op(isa.LD, 8, 62, 4, 3) }},
		{"array at 2³²", isa.AddressOutOfRange, 0, func(a *asm) { a.op(isa.LD, 8, -1, -1, 5) }},
		{"table", isa.AddressOutOfRange, 0, func(a *asm) { a.op(isa.LDT, 8, 8, 100, 99) }},
		{"calls", isa.StackOverflow, 0, func(a *asm) { a.op(isa.CALL, isa.HeaderWords) }},
		{"return", isa.StackUnderflow, 0, func(a *asm) { a.op(isa.RET) }},
		{"loop", isa.CycleLimit, 1000, func(a *asm) { a.op(isa.JMP, isa.HeaderWords) }},
		{"budget of one", isa.CycleLimit, 1, func(a *asm) { a.op(isa.NOP); a.op(isa.NOP) }},
		{"assert", isa.AssertFailed, 0, func(a *asm) { a.op(isa.ASSERT, v(8)) }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			a := cells(t, 16, 8)
			c.build(a)
			r := same(t, a.program(), 2, c.budget)
			if r.Status != isa.Faulted || r.Fault.Code != c.fault {
				t.Errorf("%v, %+v, not %v", r.Status, r.Fault, c.fault)
			}
		})
	}
}

func TestWhatWasDrawnBeforeAFaultStands(t *testing.T) {
	bothCanvases(t, 16, 8, 2, func(a *asm) {
		a.op(isa.RECT, 1, 1, 3, 3, 0xFF)
		a.op(isa.TXT, 1, 1, "drawn")
		a.op(isa.DIV, 8, 1, 0)
		a.op(isa.CLS)
	})
}

// TestManySlices runs a million cycles, and texts that end in one slice what they
// began in another.
func TestManySlices(t *testing.T) {
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

// TestBatches has frames whose number of commands is at and around the number
// that one raster dispatch walks, and layers that settle in different batches.
func TestBatches(t *testing.T) {
	for _, n := range []int{rasterBatch - 1, rasterBatch, rasterBatch + 1, 2 * rasterBatch, 2*rasterBatch + 5} {
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

func TestEachIsRefused(t *testing.T) {
	a := cells(t, 8, 8)
	each := a.op(isa.EACH, 0, 0, 8, 8, 0, "")
	a.op(isa.PUT, 1)
	a.set(each, 4, a.at())
	plain := a.program()

	// The same words in the operands of another instruction, entered by a jump.
	b := cells(t, 8, 8)
	b.op(isa.JMP, 0)
	b.words = append(b.words, isa.InstrHeader(isa.LOG, 0, 0), uint32(len(plain)-isa.HeaderWords))
	b.set(isa.HeaderWords, 0, b.at())
	b.words = append(b.words, plain[isa.HeaderWords:]...)
	b.set(b.at()-9-1, 4, b.at()-2) // the block's end, moved

	for name, p := range map[string]isa.Program{"plain": plain, "in a text": b.program()} {
		e := device(t).New()
		if err := e.Load(t.Context(), p, 1); !errors.Is(err, engine.ErrUnsupported) {
			t.Errorf("%s: error %v", name, err)
		}
		if _, err := e.Frame(t.Context(), machine.Input{}, 0); !errors.Is(err, engine.ErrNoProgram) {
			t.Errorf("%s: error %v", name, err)
		}
		must(t, e.Close())
	}
}

func TestLoadRefusesWhatIsNoProgram(t *testing.T) {
	e := device(t).New()
	if err := e.Load(t.Context(), isa.Program{1, 2, 3}, 1); !errors.Is(err, isa.ErrProgram) {
		t.Errorf("error %v", err)
	}
	must(t, e.Close())
}

// TestLoadKeepsNothing loads programs into one machine, one after the other.
func TestLoadKeepsNothing(t *testing.T) {
	e := device(t).New()
	defer e.Close()
	for i, size := range [][2]int{{20, 10}, {20, 10}, {64, 64}, {20, 10}, {8, 80}} {
		a := cells(t, size[0], size[1])
		a.header.Pixel = i == 3
		a.header.DataWords = 64 + 900*i
		a.op(isa.TXT, 1, i, "program ", v(9), " ", v(isa.SysW))
		a.op(isa.SET, 9, i)
		a.op(isa.FRAME)
		a.op(isa.RECT, 2, 2, v(9), v(9))
		p := a.program()
		cpu := engine.NewCPU()
		must(t, cpu.Load(t.Context(), p, int32(i)))
		must(t, e.Load(t.Context(), p, int32(i)))
		compare(t, e, cpu)
		for range 2 {
			want, err := cpu.Frame(t.Context(), machine.Input{}, 0)
			must(t, err)
			got, err := e.Frame(t.Context(), machine.Input{}, 0)
			must(t, err)
			compareReports(t, got, want)
			compare(t, e, cpu)
		}
		must(t, cpu.Close())
	}
}

func TestSnapshotGoesOn(t *testing.T) {
	a := cells(t, 30, 12)
	call := a.op(isa.CALL, 0)
	a.op(isa.JMP, call)
	a.set(call, 0, a.at())
	a.op(isa.ADD, 8, v(8), 1)
	a.op(isa.RND, 9, 20)
	a.op(isa.TXT, v(9), v(8), "n", v(8))
	a.op(isa.FRAME)
	a.op(isa.RET)
	p := a.program()
	e, cpu := load(t, p), engine.NewCPU()
	defer cpu.Close()
	for range 3 {
		_, err := e.Frame(t.Context(), machine.Input{}, 0)
		must(t, err)
	}
	s, err := e.Snapshot(t.Context())
	must(t, err)
	must(t, cpu.Restore(t.Context(), s))
	other := device(t).New()
	defer other.Close()
	must(t, other.Restore(t.Context(), s))
	for range 3 {
		want, err := cpu.Frame(t.Context(), machine.Input{}, 0)
		must(t, err)
		got, err := other.Frame(t.Context(), machine.Input{}, 0)
		must(t, err)
		compareReports(t, got, want)
		compare(t, other, cpu)
	}
	s.Data = s.Data[1:]
	if err := other.Restore(t.Context(), s); !errors.Is(err, machine.ErrSnapshot) {
		t.Errorf("error %v", err)
	}
}

// ended is a context that ends once it has been asked a number of times.
type ended struct {
	context.Context
	asks int
}

func (c *ended) Err() error {
	if c.asks--; c.asks < 0 {
		return context.Canceled
	}
	return nil
}

func TestAnAbandonedFrameLeavesTheMachine(t *testing.T) {
	a := cells(t, 16, 8)
	a.op(isa.TXT, 1, 1, "kept ", v(8))
	a.op(isa.SET, 8, 5)
	a.op(isa.FRAME)
	a.op(isa.CLS)
	loop := a.op(isa.ADD, 8, v(8), 1)
	a.op(isa.RND, 9, 10)
	a.op(isa.JMP, loop)
	p := a.program()
	e, cpu := load(t, p), engine.NewCPU()
	defer cpu.Close()
	must(t, cpu.Load(t.Context(), p, isa.DefaultSeed))
	_, err := cpu.Frame(t.Context(), machine.Input{}, 0)
	must(t, err)
	_, err = e.Frame(t.Context(), machine.Input{}, 0)
	must(t, err)
	_, err = e.Frame(&ended{t.Context(), 3}, machine.Input{MouseX: 9}, 0)
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v", err)
	}
	compare(t, e, cpu)
}

func TestAClosedDeviceIsLost(t *testing.T) {
	device(t)
	d, err := Open(Options{Software: true})
	if errors.Is(err, engine.ErrUnavailable) {
		t.Skip(err)
	}
	must(t, err)
	a := cells(t, 8, 8)
	a.op(isa.HALT)
	e := d.New()
	must(t, e.Load(t.Context(), a.program(), 1))
	d.Close()
	d.Close()
	if _, err := e.Frame(t.Context(), machine.Input{}, 0); !errors.Is(err, engine.ErrLost) {
		t.Errorf("error %v", err)
	}
	must(t, e.Close())
}

// TestMachinesTakeTurns runs machines of one device from several goroutines.
func TestMachinesTakeTurns(t *testing.T) {
	p := animation(t)
	cpu := engine.NewCPU()
	defer cpu.Close()
	must(t, cpu.Load(t.Context(), p, 1))
	for range 5 {
		_, err := cpu.Frame(t.Context(), machine.Input{}, 0)
		must(t, err)
	}
	var machines []engine.Engine
	errs := make(chan error)
	for range 3 {
		e := load(t, p)
		machines = append(machines, e)
		go func() {
			var err error
			for i := 0; i < 5 && err == nil; i++ {
				_, err = e.Frame(t.Context(), machine.Input{}, 0)
			}
			errs <- err
		}()
	}
	for range machines {
		must(t, <-errs)
	}
	for _, e := range machines {
		compare(t, e, cpu)
	}
}
