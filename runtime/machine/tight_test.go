package machine

import (
	"context"
	"math"
	"reflect"
	"slices"
	"testing"

	"gvpie/runtime/isa"
)

// TestOpsAreWhatAluComputes: every data instruction, and a jump by its result, on values
// at the edges; with variables, with constants, and with constants that lie where
// tight code does not reach.
func TestOpsAreWhatAluComputes(t *testing.T) {
	edges := []int32{math.MinInt32, math.MinInt32 + 1, -1025, -2, -1, 0, 1, 2, 31, 32, 33, 255, 1023, 70000, math.MaxInt32}
	m := load(t, newAsm(1, 1, false, 4).program())
	for i := range isa.Specs {
		s := &isa.Specs[i]
		if _, _, ok := isa.Alu(s.Op, 1, 1, 1); !ok {
			continue
		}
		build := func(data int, operand func(i int) any) isa.Program {
			a := newAsm(1, 1, false, data)
			operands := []any{out(0)}
			for i := range len(s.Operands) - 1 {
				operands = append(operands, operand(i))
			}
			a.op(s.Op, operands...)
			a.op(isa.JZ, v(0), int(a.here())+3+3).op(isa.SET, out(4), 1)
			return a.program()
		}
		variables := build(5, func(i int) any { return v(1 + i) })
		for n, a := range edges {
			for _, b := range edges {
				args := []int32{a, b, edges[(n+int(uint32(b)%7))%len(edges)]}
				constant := func(i int) any { return int(args[i]) }
				programs := []isa.Program{variables, build(5, constant)}
				if n == 3 && b == 33 { // so large a page takes time
					programs = append(programs, build(isa.MaxDataWords-isa.SysWords, constant))
				}
				want, fault, _ := isa.Alu(s.Op, a, b, args[2])
				for k, p := range programs {
					if err := m.Reset(p, 1); err != nil {
						t.Fatal(err)
					}
					for i, v := range args {
						m.data()[isa.SysWords+1+i] = uint32(v)
					}
					r := frame(t, m)
					if got := int32(m.data()[isa.SysWords]); fault == isa.FaultNone && (got != want || r.Fault != nil) {
						t.Fatalf("%v %d is %d %v, want %d (program %d)", s.Op, args, got, r.Fault, want, k)
					}
					if jumped := m.data()[isa.SysWords+4] == 0; fault == isa.FaultNone && jumped != (want == 0) {
						t.Fatalf("%v %d: the jump if it is 0 is taken: %v (program %d)", s.Op, args, jumped, k)
					}
					if fault != isa.FaultNone && (r.Fault == nil || r.Fault.Code != fault) {
						t.Fatalf("%v %d gives %v, want %v (program %d)", s.Op, args, r.Fault, fault, k)
					}
				}
			}
		}
	}
}

// TestArraysOfTwoDimensions: each element is its own word, and each index outside is the
// error that element2 says, whether the array fits into its page or not.
func TestArraysOfTwoDimensions(t *testing.T) {
	m := load(t, newAsm(1, 1, false, 4).program())
	for _, size := range [][2]int{{3, 2}, {2, 3}, {1, 6}, {3, 3}, {1, 1 << 16}, {1 << 16, 1}, {1<<16 + 3, 0}, {0, 1<<16 + 3}} {
		for _, xy := range [][2]int{{0, 0}, {1, 0}, {0, 1}, {2, 0}, {2, 1}, {1, 2}, {0, 5}, {3, 0}, {0, 2}, {-1, 0}, {0, -1}, {2, 2}} {
			for _, op := range []isa.Op{isa.LD2, isa.LDT2, isa.ST2} {
				base := out(1) // the array is the last six words of the data page
				if op == isa.LDT2 {
					base = isa.HeaderWords + 7 // the table is the six words behind the code
				}
				array := []uint32{base, uint32(size[0]), uint32(size[1])}
				a := newAsm(1, 1, false, 1+6)
				if op == isa.ST2 {
					a.op(op, array[0], array[1], array[2], xy[0], xy[1], 99)
				} else {
					a.op(op, out(0), array[0], array[1], array[2], xy[0], xy[1])
				}
				p := a.program(20, 21, 22, 23, 24, 25)
				if err := m.Reset(p, 1); err != nil {
					t.Fatal(err)
				}
				data := m.data()[isa.SysWords:]
				for i := range uint32(6) {
					data[1+i] = 20 + i
				}
				page := uint32(len(p))
				if op != isa.LDT2 {
					page = uint32(len(m.data()))
				}
				at, fault := element2(array, uint32(int32(xy[0])), uint32(int32(xy[1])), page)
				r := frame(t, m)
				if fault != nil {
					if r.Fault == nil || r.Fault.Code != fault.Code || r.Fault.A != fault.A || r.Fault.B != fault.B || r.Cycles != 1 {
						t.Errorf("%v of %v at %v: %+v after %d cycles, not %+v", op, size, xy, r.Fault, r.Cycles, fault)
					}
					continue
				}
				got, want := data[0], at-base+20
				if op == isa.ST2 {
					got, want = data[1+at-base], 99
				}
				if r.Fault != nil || got != want {
					t.Errorf("%v of %v at %v: %d %v, not %d", op, size, xy, got, r.Fault, want)
				}
			}
		}
	}
}

// loops is a program of every jump, of comparisons that a JZ follows, and of arrays,
// that draws; it halts after some rounds.
func loops() isa.Program {
	a := newAsm(4, 4, false, 4+8)
	array := out(4)
	over := func(words int) int { return int(a.here()) + words } // where a jump over so many goes
	again := a.here()
	a.op(isa.ADD, out(0), v(0), 1).op(isa.AND, out(1), v(0), 7)
	for _, op := range []isa.Op{isa.EQ, isa.NE, isa.LT, isa.LE, isa.GT, isa.GE} {
		for _, jump := range []isa.Op{isa.JZ, isa.JNZ} {
			a.op(op, out(2), v(1), 4).op(jump, v(2), over(3+4)).op(isa.ADD, out(3), v(3), v(2))
			a.op(op, out(2), v(1), 4).op(jump, v(1), over(3+1)).op(isa.NOP) // by another word
		}
	}
	a.op(isa.ST, array, 8, v(1), v(3)).op(isa.LD, out(2), array, 8, v(1)).op(isa.LDT, out(2), 0, 8, v(1))
	a.op(isa.ST2, array, 4, 2, 1, 1, v(0)).op(isa.LD2, out(3), array, 4, 2, 1, 1).op(isa.LDT2, out(2), 0, 2, 4, 1, 3)
	a.op(isa.LOOP, v(1), 3, 1, over(5+1)).op(isa.NOP).op(isa.ASSERT, 1).op(isa.PLOT, v(1), v(1))
	// A jump from elsewhere to the JZ behind a comparison.
	a.op(isa.EQ, out(2), v(1), 7).op(isa.JZ, v(2), over(3+3))
	a.op(isa.SET, out(2), 1)
	a.op(isa.JMP, over(2+4)).op(isa.LT, out(2), v(0), 20).op(isa.JZ, v(2), over(3+2)).op(isa.JMP, again)
	a.op(isa.GT, out(2), v(0), 20).op(isa.JZ, v(2), again).op(isa.HALT)
	return a.program()
}

// TestStopsAtEveryCycle: a frame that stops at each cycle, at each second one and so on
// does what a frame does that never stops; so does one whose budget ends there.
func TestStopsAtEveryCycle(t *testing.T) {
	ctx := context.Background()
	type seen struct {
		data, state []uint32
		commands    int
	}
	look := func(m *Machine) seen {
		return seen{slices.Clone(m.data()), slices.Clone(m.state), len(m.commands)}
	}
	same := func(a, b seen) bool {
		for _, i := range []int{isa.StBudget, isa.StStatus, isa.StFault, isa.StFaultPC, isa.StFaultA} {
			a.state[i], b.state[i] = 0, 0 // of the budget's end
		}
		return slices.Equal(a.data, b.data) && slices.Equal(a.state, b.state) && a.commands == b.commands
	}
	p := loops()
	var steps []seen // by cycle, one at a time
	m := load(t, p)
	m.Begin(Input{}, 0)
	for c := uint32(0); ; c++ {
		stands, err := m.RunTo(ctx, c)
		if err != nil {
			t.Fatal(err)
		}
		if !stands {
			break
		}
		steps = append(steps, look(m))
	}
	if len(steps) < 1000 {
		t.Fatalf("the program's frame has only %d cycles", len(steps))
	}
	for c := 0; c < len(steps); c += 1 + c/300*12 {
		if err := m.Reset(p, 1); err != nil {
			t.Fatal(err)
		}
		m.Begin(Input{}, 0)
		if stands, err := m.RunTo(ctx, uint32(c)); err != nil || !stands {
			t.Fatal(stands, err)
		}
		if !same(look(m), steps[c]) {
			t.Fatalf("after %d cycles at once it is not as after one at a time", c)
		}
		if c == 0 {
			continue // a budget of 0 is the default
		}
		if err := m.Reset(p, 1); err != nil {
			t.Fatal(err)
		}
		if r, err := m.Frame(ctx, Input{}, uint32(c)); err != nil || r.Fault == nil || r.Fault.Code != isa.CycleLimit || r.Cycles != uint32(c) {
			t.Fatalf("a budget of %d gives %+v %v", c, r, err)
		}
		if !same(look(m), steps[c]) {
			t.Fatalf("a budget of %d does not end as a stop there", c)
		}
	}
}

// TestStopAt: a frame stops before the addresses it is told, once for each time it comes
// there, wherever a comparison and the jump behind it would run as one, and ends as if it
// had not.
func TestStopAt(t *testing.T) {
	a := newAsm(4, 4, false, 3)
	i, yes := out(0), out(1)
	loop := a.here()
	a.op(isa.ADD, i, v(0), 1)
	test := a.here()
	a.op(isa.LT, yes, v(0), 5)
	jump := a.here()
	a.op(isa.JZ, v(1), int(jump)+5).op(isa.JMP, int(loop))
	draw := a.here()
	a.op(isa.PLOT, 1, 1, 9).op(isa.FRAME)
	p := a.program()
	want := load(t, p)
	whole := frame(t, want)
	for _, stops := range [][]int{{int(test)}, {int(jump)}, {int(loop), int(draw)}, {int(loop), int(test), int(jump), int(draw)}, {0, 1 << 20}} {
		m := load(t, p)
		frame(t, m)
		if err := m.Reset(p, 1); err != nil { // what was decoded stays so
			t.Fatal(err)
		}
		NewProbe(&m.Core).StopAt(stops...)
		m.Begin(Input{}, 0)
		came := map[int]int{}
		for {
			stands, err := m.RunTo(t.Context(), math.MaxUint32)
			if err != nil {
				t.Fatal(err)
			}
			if !stands {
				break
			}
			came[int(m.state[isa.StPC])]++
		}
		if r, err := m.End(t.Context()); err != nil || !reflect.DeepEqual(r, whole) {
			t.Errorf("stops at %d: the frame ended %+v, %v; want %+v", stops, r, err, whole)
		}
		times := map[int]int{int(loop): 4, int(test): 5, int(jump): 5, int(draw): 1} // the frame begins at loop
		for _, at := range stops {
			if came[at] != times[at] {
				t.Errorf("stops at %d: it came to %d %d times, want %d", stops, at, came[at], times[at])
			}
		}
		if !slices.Equal(m.display, want.display) || !slices.Equal(m.data(), want.data()) {
			t.Errorf("stops at %d: the pages differ", stops)
		}
		m.Reset(p, 1)
		m.Begin(Input{}, 0)
		if r, err := m.End(t.Context()); err != nil || !reflect.DeepEqual(r, whole) {
			t.Errorf("End stopped: %+v, %v", r, err)
		}
		NewProbe(&m.Core).StopAt()
		m.Reset(p, 1)
		m.Begin(Input{}, 0)
		if stands, _ := m.RunTo(t.Context(), math.MaxUint32); stands {
			t.Errorf("it stops where it is no longer told")
		}
	}
}
