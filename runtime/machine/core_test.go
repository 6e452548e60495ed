package machine

import (
	"context"
	"errors"
	"reflect"
	"testing"

	"gvpie/runtime/isa"
)

func TestHelloTakesTwoCycles(t *testing.T) {
	m := load(t, newAsm(128, 64, false, 0).op(isa.TXT, 10, 10).text("HELLO GPU").op(isa.HALT).program())
	r := frame(t, m)
	if r.Status != isa.Halted || r.Cycles != 2 || r.Commands != 1 {
		t.Fatalf("halted after 2 cycles and 1 command, not %+v", r)
	}
	if got, want := at(m, 10, 10), isa.Word('H', 0, 0, 255); got != want {
		t.Errorf("texel 10,10 is %08x, not %08x", got, want)
	}
	if got := m.Page(WriterPage)[10*128+10]; got != isa.HeaderWords {
		t.Errorf("texel 10,10 was written by address %d, not %d", got, isa.HeaderWords)
	}
}

// TestFaults has one program for each way a frame can fail.
func TestFaults(t *testing.T) {
	const head = isa.HeaderWords
	deep := newAsm(4, 4, false, 0)
	deep.op(isa.CALL, head)
	flood := newAsm(4, 4, false, 0)
	flood.op(isa.PLOT, 0, 0).op(isa.JMP, head)
	for _, c := range []struct {
		name    string
		program isa.Program
		want    Fault
		cycles  uint32
	}{
		{"no such opcode", newAsm(4, 4, false, 0).op(isa.NOP).op(0xEE).program(),
			Fault{Code: isa.BadOpcode, PC: head + 1, A: 0xEE}, 2},
		{"PUT outside EACH", newAsm(4, 4, false, 0).op(isa.PUT, 1).program(),
			Fault{Code: isa.BadOpcode, PC: head, A: int32(isa.InstrHeader(isa.PUT, 1, 0))}, 1},
		{"divide by zero", newAsm(4, 4, false, 1).op(isa.DIV, out(0), 10, v(0)).program(),
			Fault{Code: isa.DivByZero, PC: head, A: 10}, 1},
		{"remainder by zero", newAsm(4, 4, false, 1).op(isa.MOD, out(0), -7, 0).program(),
			Fault{Code: isa.DivByZero, PC: head, A: -7}, 1},
		{"read past the data page", newAsm(4, 4, false, 1).op(isa.SET, out(0), v(1)).program(),
			Fault{Code: isa.AddressOutOfRange, PC: head, A: 9, B: 9}, 1},
		{"write past the data page", newAsm(4, 4, false, 1).op(isa.SET, out(7), v(8)).program(),
			Fault{Code: isa.AddressOutOfRange, PC: head, A: 15, B: 9}, 1},
		{"array index below", newAsm(4, 4, false, 4).op(isa.ST, out(0), 4, -1, 5).program(),
			Fault{Code: isa.AddressOutOfRange, PC: head, A: -1, B: 4}, 1},
		{"array index above", newAsm(4, 4, false, 5).op(isa.LD, out(4), out(0), 4, 4).program(),
			Fault{Code: isa.AddressOutOfRange, PC: head, A: 4, B: 4}, 1},
		{"array past the data page", newAsm(4, 4, false, 1).op(isa.LD, out(0), 8, 100, 50).program(),
			Fault{Code: isa.AddressOutOfRange, PC: head, A: 58, B: 9}, 1},
		{"array that wraps around", newAsm(4, 4, false, 1).op(isa.LD, out(0), uint32(0xFFFFFFF0), 100, 50).program(),
			Fault{Code: isa.AddressOutOfRange, PC: head, A: 34, B: 9}, 1},
		{"table past the program", newAsm(4, 4, false, 1).op(isa.LDT, out(0), head, 100, 5).program(),
			Fault{Code: isa.AddressOutOfRange, PC: head, A: 13, B: 13}, 1},
		{"jump out of the code", newAsm(4, 4, false, 0).op(isa.JMP, 100).program(),
			Fault{Code: isa.AddressOutOfRange, PC: head, A: 100, B: head + 2}, 1},
		{"jump into the header", newAsm(4, 4, false, 0).op(isa.JNZ, 1, 3).program(),
			Fault{Code: isa.AddressOutOfRange, PC: head, A: 3, B: head + 3}, 1},
		{"call out of the code", newAsm(4, 4, false, 0).op(isa.CALL, 100).program(),
			Fault{Code: isa.AddressOutOfRange, PC: head, A: 100, B: head + 2}, 1},
		{"call without end", deep.program(),
			Fault{Code: isa.StackOverflow, PC: head, A: isa.StackDepth}, isa.StackDepth + 1},
		{"return without call", newAsm(4, 4, false, 0).op(isa.RET).program(),
			Fault{Code: isa.StackUnderflow, PC: head}, 1},
		{"an endless loop", newAsm(4, 4, false, 0).op(isa.JMP, head).program(),
			Fault{Code: isa.CycleLimit, PC: head, A: isa.DefaultBudget}, isa.DefaultBudget},
		{"too many commands", flood.program(),
			Fault{Code: isa.CommandLimit, PC: head, A: isa.MaxCommands}, 2*isa.MaxCommands + 1},
		{"an assertion", newAsm(4, 4, false, 1).op(isa.ASSERT, 1).op(isa.ASSERT, v(0)).program(),
			Fault{Code: isa.AssertFailed, PC: head + 2}, 2},
		{"text of no such word", newAsm(4, 4, false, 1).op(isa.TXT, 0, 0).text("a", ref(9)).program(),
			Fault{Code: isa.AddressOutOfRange, PC: head, A: 9, B: 9}, 1},
		{"EACH that ends before it begins", newAsm(4, 4, false, 0).op(isa.EACH, 0, 0, 4, 4, head).tail().program(),
			Fault{Code: isa.AddressOutOfRange, PC: head, A: head, B: head + 7}, 1},
		{"EACH with too many captures", newAsm(4, 4, false, 0).op(isa.EACH, 0, 0, 4, 4, head+7+255).tail(make([]uint32, 255)...).program(),
			Fault{Code: isa.BadOpcode, PC: head, A: int32(isa.InstrHeader(isa.EACH, 5, 0))}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := load(t, c.program)
			r := frame(t, m)
			c.want.X, c.want.Y = -1, -1
			if r.Status != isa.Faulted || r.Fault == nil || *r.Fault != c.want {
				t.Fatalf("%v %+v, not %+v", r.Status, r.Fault, c.want)
			}
			if r.Cycles != c.cycles {
				t.Errorf("%d cycles, not %d", r.Cycles, c.cycles)
			}
			if pc := m.Page(StatePage)[isa.StPC]; int(pc) != c.want.PC {
				t.Errorf("the pc is %d, not at the fault", pc)
			}
			before := m.Snapshot()
			again := frame(t, m)
			if again.Status != isa.Faulted || again.Cycles != 0 || *again.Fault != *r.Fault || !reflect.DeepEqual(before, m.Snapshot()) {
				t.Errorf("a frame after the fault did something: %+v", again)
			}
		})
	}
}

func TestPayloadLimit(t *testing.T) {
	a := newAsm(4, 4, false, 1)
	var words []uint32
	for range 1000 {
		words = append(words, isa.TextValue|uint32(v(0)))
	}
	a.op(isa.LOG).tail(words...).op(isa.JMP, isa.HeaderWords)
	m := load(t, a.program())
	r := frame(t, m)
	if r.Fault == nil || r.Fault.Code != isa.CommandLimit || r.Fault.A != isa.MaxPayload {
		t.Fatalf("%+v, not a command limit of %d", r.Fault, isa.MaxPayload)
	}
	if n := len(m.Payload()); n != isa.MaxPayload/1000*1000 {
		t.Errorf("the text that did not fit left a payload of %d words", n)
	}
}

func TestBudgetThatJustSuffices(t *testing.T) {
	p := newAsm(4, 4, false, 0).op(isa.NOP).op(isa.NOP).program()
	m := load(t, p)
	if r, _ := m.Frame(context.Background(), Input{}, 2); r.Status != isa.Halted || r.Cycles != 2 {
		t.Errorf("two instructions in a budget of two: %+v", r)
	}
	m = load(t, p)
	if r, _ := m.Frame(context.Background(), Input{}, 1); r.Fault == nil || r.Fault.Code != isa.CycleLimit || r.Fault.PC != isa.HeaderWords+1 || r.Fault.A != 1 {
		t.Errorf("two instructions in a budget of one: %+v", r.Fault)
	}
}

func TestJumpIntoAnInstruction(t *testing.T) {
	// The operand of the SET spells a HALT.
	a := newAsm(4, 4, false, 1)
	a.op(isa.JMP, isa.HeaderWords+4).op(isa.SET, uint32(isa.HALT), 1)
	m := load(t, a.program())
	if r := frame(t, m); r.Status != isa.Halted || r.Cycles != 2 {
		t.Errorf("halted after 2 cycles, not %+v", r)
	}
}

func TestFrameCountsAndGoesOn(t *testing.T) {
	a := newAsm(4, 4, false, 2)
	loop := a.here()
	a.op(isa.ADD, out(0), v(0), 1).op(isa.SET, out(1), ref(isa.SysFrame)).op(isa.FRAME).op(isa.JMP, loop)
	m := load(t, a.program())
	for i := range 3 {
		r := frame(t, m)
		if r.Status != isa.Framed || r.Frame != uint32(i+1) {
			t.Fatalf("frame %d: %+v", i, r)
		}
		if d := m.Page(DataPage); d[v(0)] != uint32(i+1) || d[v(1)] != uint32(i) || d[isa.SysFrame] != uint32(i+1) {
			t.Fatalf("frame %d: data %v", i, d)
		}
	}
}

func TestInputReachesTheProgram(t *testing.T) {
	a := newAsm(9, 5, false, 5)
	a.op(isa.SET, out(0), ref(isa.SysMouseX)).op(isa.SET, out(1), ref(isa.SysMouseB)).op(isa.SET, out(2), ref(isa.SysW)).
		op(isa.KEY, out(3), 'A').op(isa.KEY, out(4), 256)
	m := load(t, a.program())
	in := Input{MouseX: -3, MouseY: 4, Buttons: 5}
	in.Keys['A'>>5] |= 1 << ('A' & 31)
	if _, err := m.Frame(context.Background(), in, 0); err != nil {
		t.Fatal(err)
	}
	if got, want := m.Page(DataPage)[isa.SysWords:], []uint32{0xFFFFFFFD, 5, 9, 1, 0}; !reflect.DeepEqual(got, want) {
		t.Errorf("the program saw %v, not %v", got, want)
	}
}

// TestEveryAluOp holds the core's own arithmetic, and the blocks', to isa.Alu.
func TestEveryAluOp(t *testing.T) {
	values := []int32{0, 1, -1, 2, 7, -7, 31, 33, 255, 1000, -1000, 1 << 30, -1 << 31, 1<<31 - 1}
	for _, spec := range isa.Specs {
		if _, _, ok := isa.Alu(spec.Op, 1, 1, 1); !ok {
			continue
		}
		for _, x := range values {
			for _, y := range values {
				want, fault, _ := isa.Alu(spec.Op, x, y, 9)
				args := []any{int(x), int(y), 9}[:len(spec.Operands)-1]
				m := load(t, newAsm(1, 1, true, 1).op(spec.Op, append([]any{out(0)}, args...)...).program())
				r := frame(t, m)
				if (r.Fault != nil) != (fault != 0) || r.Fault != nil && (r.Fault.Code != fault || r.Fault.A != x) {
					t.Fatalf("%v %d %d: %+v, not %v", spec.Op, x, y, r.Fault, fault)
				}
				if got := m.Page(DataPage)[v(0)]; fault == 0 && got != uint32(want) {
					t.Fatalf("%v %d %d is %d in the core, not %d", spec.Op, x, y, int32(got), want)
				}
				a := newAsm(1, 1, true, 0)
				a.each(0, 0, 1, 1, nil, func() {
					a.op(spec.Op, append([]any{laneOut(2)}, args...)...).op(isa.PUT, laneRef(2))
				})
				m = load(t, a.program())
				r = frame(t, m)
				if (r.Fault != nil) != (fault != 0) || r.Fault != nil && (r.Fault.Code != fault || r.Fault.A != x || r.Fault.X != 0) {
					t.Fatalf("%v %d %d: %+v in a block, not %v", spec.Op, x, y, r.Fault, fault)
				}
				if got := at(m, 0, 0); fault == 0 && got != pixelTexel(uint32(want)&0xFFFFFF) {
					t.Fatalf("%v %d %d puts %08x", spec.Op, x, y, got)
				}
			}
		}
	}
}

func TestEndedContextLeavesTheMachineAsItWas(t *testing.T) {
	a := newAsm(8, 8, false, 1)
	a.op(isa.ADD, out(0), v(0), 1).op(isa.CLS, 0xFF0000).op(isa.FRAME)
	loop := a.here()
	a.op(isa.ADD, out(0), v(0), 1).op(isa.RND, out(0), 9).op(isa.COLOR, 1).
		each(0, 0, 8, 8, nil, func() { a.op(isa.PUT, 0x00FF00) }).
		op(isa.ST, out(0), 1, 0, 7).op(isa.JMP, loop)
	m := load(t, a.program())
	frame(t, m)
	before, commands := m.Snapshot(), append([]isa.Command(nil), m.Commands()...)

	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := m.Frame(ctx, Input{}, 0); !errors.Is(err, context.Canceled) {
		t.Fatalf("a context ended before the frame: %v", err)
	}
	late := &endsAfter{Context: context.Background(), looks: 100}
	if _, err := m.Frame(late, Input{MouseX: 3}, 0); !errors.Is(err, context.Canceled) {
		t.Fatalf("a context ended within the frame: %v", err)
	}
	if !reflect.DeepEqual(before, m.Snapshot()) {
		t.Error("the machine changed")
	}
	if !reflect.DeepEqual(commands, m.Commands()) {
		t.Error("the last frame's commands are gone")
	}
}

// endsAfter is a context that ends after so many looks at it.
type endsAfter struct {
	context.Context
	looks int
}

func (c *endsAfter) Err() error {
	if c.looks--; c.looks < 0 {
		return context.Canceled
	}
	return nil
}
