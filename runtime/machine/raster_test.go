package machine

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gvpie/runtime/isa"
)

// picture draws the written texels of a small canvas as rows of # and dots.
func picture(m *Machine) string {
	var b strings.Builder
	for i, by := range m.Page(WriterPage) {
		if i > 0 && i%m.Header().W == 0 {
			b.WriteByte('\n')
		}
		b.WriteByte(".#"[min(by, 1)])
	}
	return b.String()
}

func TestShapes(t *testing.T) {
	for _, c := range []struct {
		name string
		op   isa.Op
		args []any
		want string
	}{
		{"disc of radius 2", isa.CIRC, []any{3, 2, 2}, "..###..\n.#####.\n.#####.\n.#####.\n..###.."},
		{"disc of radius 0", isa.CIRC, []any{3, 2, 0}, ".......\n.......\n...#...\n.......\n......."},
		{"disc of no radius", isa.CIRC, []any{3, 2, -1}, ".......\n.......\n.......\n.......\n......."},
		{"ring of radius 2", isa.RING, []any{3, 2, 2}, "..###..\n.#...#.\n.#...#.\n.#...#.\n..###.."},
		{"ring of radius 1", isa.RING, []any{3, 2, 1}, ".......\n..###..\n..#.#..\n..###..\n......."},
		{"box", isa.BOX, []any{1, 1, 4, 3}, ".......\n.####..\n.#..#..\n.####..\n......."},
		{"box that leaves the canvas", isa.BOX, []any{-1, -1, 4, 4}, "..#....\n..#....\n###....\n.......\n......."},
		{"flat line", isa.LINE, []any{0, 1, 6, 3}, ".......\n##.....\n..###..\n.....##\n......."},
		{"flat line, backwards", isa.LINE, []any{6, 3, 0, 1}, ".......\n##.....\n..###..\n.....##\n......."},
		{"steep line", isa.LINE, []any{2, 0, 4, 4}, "..#....\n...#...\n...#...\n....#..\n....#.."},
		{"rectangle of no width", isa.RECT, []any{1, 1, 0, 3}, ".......\n.......\n.......\n.......\n......."},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := load(t, newAsm(7, 5, true, 0).op(c.op, c.args...).program())
			frame(t, m)
			if got := picture(m); got != c.want {
				t.Errorf("drew\n%s\nnot\n%s", got, c.want)
			}
		})
	}
}

func TestRectKeepsGlyphsAndFillClearsThem(t *testing.T) {
	m := load(t, newAsm(4, 1, false, 0).op(isa.COLOR, 0xFF0000).op(isa.TXT, 0, 0).text("ab").
		op(isa.RECT, 0, 0, 1, 1, 0x0000FF).op(isa.FILL, 1, 0, 1, 1, 0x0000FF).program())
	frame(t, m)
	red, blue := uint8(isa.ColorCode(0xFF0000)), uint8(isa.ColorCode(0x0000FF))
	if got, want := at(m, 0, 0), isa.Word('a', red, blue, 255); got != want {
		t.Errorf("under the rectangle %08x, not %08x", got, want)
	}
	if got, want := at(m, 1, 0), isa.Word(0, 0, blue, 255); got != want {
		t.Errorf("filled %08x, not %08x", got, want)
	}
}

func TestCommandsKeepTheHistoryOfAFrame(t *testing.T) {
	a := newAsm(8, 8, false, 1)
	a.op(isa.SET, out(0), -12).op(isa.TXT, 1, 20000).text("v=", v(0)).op(isa.LOG).text("hi").op(isa.CLS).op(isa.CLS, 0xFFFFFF)
	p := a.program()
	m := load(t, p)
	r := frame(t, m)
	c := m.Commands()
	if len(c) != 4 || r.Commands != 4 {
		t.Fatalf("%d commands", len(c))
	}
	if c[0][isa.CmdB] != isa.CoordMax || string(runes(m.Text(&c[0]))) != "v=-12" || c[0].Flags() != isa.CmdFlagPayload {
		t.Errorf("TXT: %x", c[0])
	}
	if string(runes(m.Text(&c[1]))) != "hi" || c[1].Flags() != 0 || r.Log[0].Text != "hi" || r.Log[0].Cycle != 3 {
		t.Errorf("LOG: %x", c[1])
	}
	if c[2].Flags() != 0 || c[3].Flags() != isa.CmdFlagColor || c[3][isa.CmdColor] != 216 {
		t.Errorf("CLS: %x %x", c[2], c[3])
	}
}

func runes(words []uint32) (out []rune) {
	for _, w := range words {
		out = append(out, rune(w&0xFF))
	}
	return out
}

// TestBlocksDoNotDependOnTheWorkers: one goroutine, many, the same pages and the
// same first fault.
func TestBlocksDoNotDependOnTheWorkers(t *testing.T) {
	a := newAsm(97, 61, true, 0)
	a.each(0, 0, 97, 61, nil, func() {
		a.op(isa.MUL, laneOut(2), laneRef(0), laneRef(1)).op(isa.MOD, laneOut(3), laneRef(2), 7).op(isa.SUB, laneOut(3), laneRef(3), 5).
			op(isa.DIV, laneOut(3), 1000, laneRef(3)).op(isa.PUT, laneRef(3))
	})
	p := a.program()
	one := load(t, p)
	one.workers = 1
	want := frame(t, one)
	if want.Fault == nil || want.Fault.Code != isa.DivByZero || want.Fault.Y != 1 || want.Fault.X != 5 {
		t.Fatalf("the first texel with a remainder of 5 is 5,1: %+v", want.Fault)
	}
	for _, workers := range []int{2, 3, 16, 200} {
		m := load(t, p)
		m.workers = workers
		if got := frame(t, m); !reflect.DeepEqual(got, want) || !reflect.DeepEqual(m.Snapshot(), one.Snapshot()) {
			t.Errorf("with %d workers: %+v", workers, got.Fault)
		}
	}
}

// TestBlockFaults has one block for each way a texel can fail.
func TestBlockFaults(t *testing.T) {
	for _, c := range []struct {
		name string
		body func(a *asm)
		want Fault // PC counts from the block's start; -1 is the EACH
	}{
		{"a draw", func(a *asm) { a.op(isa.PLOT, 0, 0) }, Fault{Code: isa.BadOpcode, A: int32(isa.InstrHeader(isa.PLOT, 2, 0))}},
		{"a word of the data page", func(a *asm) { a.op(isa.NOP).op(isa.PUT, v(0)) }, Fault{Code: isa.AddressOutOfRange, PC: 1, A: int32(v(0)), B: isa.MaxLanes}},
		{"a lane too far", func(a *asm) { a.op(isa.SET, laneOut(256), 1) }, Fault{Code: isa.AddressOutOfRange, A: int32(laneOut(256)), B: isa.MaxLanes}},
		{"a jump out", func(a *asm) { a.op(isa.JMP, isa.HeaderWords) }, Fault{Code: isa.AddressOutOfRange, A: isa.HeaderWords, B: isa.HeaderWords + 7 + 2}},
		{"no end", func(a *asm) { a.op(isa.JMP, a.here()) }, Fault{Code: isa.CycleLimit, PC: -1, A: isa.LaneBudget}},
		{"outside an array", func(a *asm) { a.op(isa.LD, laneOut(2), isa.SysWords, 3, -1) }, Fault{Code: isa.AddressOutOfRange, A: -1, B: 3}},
		{"an array outside its page", func(a *asm) { a.op(isa.LD, laneOut(2), isa.SysWords, 9, 5) }, Fault{Code: isa.AddressOutOfRange, A: 13, B: 9}},
		{"by zero", func(a *asm) { a.op(isa.MOD, laneOut(2), 6, laneRef(9)) }, Fault{Code: isa.DivByZero, A: 6}},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := newAsm(3, 2, true, 1)
			a.each(1, 1, 9, 9, nil, func() { c.body(a) })
			m := load(t, a.program())
			r := frame(t, m)
			c.want.X, c.want.Y = 1, 1
			if c.want.PC += isa.HeaderWords + 7; c.want.Code == isa.CycleLimit {
				c.want.PC = isa.HeaderWords
			}
			if r.Fault == nil || *r.Fault != c.want {
				t.Errorf("%+v, not %+v", r.Fault, c.want)
			}
			if picture(m) != "...\n..." {
				t.Error("a texel was written")
			}
		})
	}
}

func TestABlockThatJustSuffices(t *testing.T) {
	// 1 instruction before, 3 a round, 3 after: with 21844 rounds they are 65536.
	a := newAsm(1, 1, true, 0)
	a.each(0, 0, 1, 1, nil, func() {
		a.op(isa.SET, laneOut(2), 21844)
		loop := a.here()
		a.op(isa.SUB, laneOut(2), laneRef(2), 1).op(isa.NOP).op(isa.JNZ, laneRef(2), loop).op(isa.NOP).op(isa.NOP).op(isa.PUT, 0xFF)
	})
	m := load(t, a.program())
	if r := frame(t, m); r.Fault != nil || at(m, 0, 0) != pixelTexel(0xFF) {
		t.Errorf("65536 instructions: %+v", r.Fault)
	}
}

func TestDoneEndsABlockForItsTexel(t *testing.T) {
	a := newAsm(3, 1, true, 0)
	a.each(0, 0, 3, 1, nil, func() {
		a.op(isa.PUT, 0x111111).op(isa.JNZ, laneRef(0), a.here()+4).op(isa.DONE).op(isa.PUT, 0x222222)
	})
	m := load(t, a.program())
	if r := frame(t, m); r.Fault != nil || at(m, 0, 0) != pixelTexel(0x111111) || at(m, 1, 0) != pixelTexel(0x222222) {
		t.Errorf("%+v: %08x %08x", r.Fault, at(m, 0, 0), at(m, 1, 0))
	}
}

func TestSnapshotsAreWholeAndChecked(t *testing.T) {
	a := newAsm(6, 4, true, 2)
	loop := a.here()
	a.op(isa.CALL, a.here()+4).op(isa.JMP, loop).
		op(isa.RND, out(0), 6).op(isa.COLOR, v(0), 0xFF).op(isa.PLOT, v(0), ref(isa.SysFrame)).op(isa.FRAME).op(isa.RET)
	m := load(t, a.program())
	for range 3 {
		frame(t, m)
	}
	s := m.Snapshot()
	twin, err := FromSnapshot(s)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if a, b := frame(t, m), frame(t, twin); !reflect.DeepEqual(a, b) {
			t.Fatalf("%+v, and %+v", a, b)
		}
	}
	if !reflect.DeepEqual(m.Snapshot(), twin.Snapshot()) {
		t.Error("the twins drifted apart")
	}
	for name, spoil := range map[string]func(*Snapshot){
		"display": func(s *Snapshot) { s.Display = s.Display[1:] },
		"writer":  func(s *Snapshot) { s.Writer = append(slices.Clone(s.Writer), 0) },
		"data":    func(s *Snapshot) { s.Data = nil },
		"state":   func(s *Snapshot) { s.State = s.State[:9] },
		"pc":      func(s *Snapshot) { s.State[isa.StPC] = 3 },
		"stack":   func(s *Snapshot) { s.State[isa.StSP] = isa.StackDepth + 1 },
		"return":  func(s *Snapshot) { s.State[isa.StSP], s.State[isa.StStack] = 1, 1<<31 },
		"status":  func(s *Snapshot) { s.State[isa.StStatus] = 9 },
	} {
		bad := m.Snapshot()
		bad.State = slices.Clone(bad.State)
		spoil(bad)
		if _, err := FromSnapshot(bad); !errors.Is(err, ErrSnapshot) {
			t.Errorf("%s: %v", name, err)
		}
	}
	bad := m.Snapshot()
	bad.Program = slices.Clone(bad.Program[:4])
	if _, err := FromSnapshot(bad); !errors.Is(err, isa.ErrProgram) {
		t.Errorf("program: %v", err)
	}
}
