package machine

import (
	"context"
	"slices"
	"testing"

	"gvpie/runtime/isa"
)

// traced is a tracer of a program's first frame.
func traced(t *testing.T, p isa.Program, budget uint32) *Tracer {
	t.Helper()
	tr := NewTracer()
	if err := tr.Begin(load(t, p).Snapshot(), Input{}, budget); err != nil {
		t.Fatal(err)
	}
	return tr
}

// A trace has the addresses that the core stands at, one cycle after the other, and
// leaves it where an untraced run does.
func TestATraceIsWhatTheCoreExecutes(t *testing.T) {
	a := newAsm(8, 8, true, 20)
	loop := a.here()
	a.op(isa.ADD, out(0), v(0), 1).op(isa.ST, isa.SysWords+4, 10, v(0), v(0)).op(isa.PLOT, v(0), 1, 0xFF0000).
		op(isa.LT, out(1), v(0), 6).op(isa.JNZ, v(1), loop).op(isa.FRAME)
	p := a.program()
	ctx := context.Background()
	m := load(t, p)
	m.Begin(Input{}, 0)
	var want []uint16
	for cycle := uint32(1); ; cycle++ {
		want = append(want, uint16(m.state[isa.StPC]))
		if stands, err := m.RunTo(ctx, cycle); err != nil {
			t.Fatal(err)
		} else if !stands {
			break
		}
	}
	tr := traced(t, p, 0)
	var all, part Trace
	for _, from := range []uint32{0, 7, 3, uint32(len(want))} {
		if err := tr.Trace(ctx, from, ^uint32(0), &part); err != nil {
			t.Fatal(err)
		}
		if got := part.PCs; !slices.Equal(got, want[from:]) || part.From != from || part.Failed {
			t.Errorf("from %d: %v, want %v", from, got, want[from:])
		}
		if from == 0 {
			all.Where = slices.Clone(part.Where)
		}
	}
	if want := []uint16{13, 14, 15, 16, 17, 18}; !slices.Equal(all.Where, want) {
		t.Errorf("stored at %v, want %v", all.Where, want)
	}
	if !slices.Equal(tr.Page(DataPage), m.data()) || len(tr.Commands()) != len(m.commands) {
		t.Error("a traced core ends otherwise")
	}
	if stands, err := tr.GoTo(ctx, 9); !stands || err != nil || tr.Page(StatePage)[isa.StPC] != uint32(want[9]) {
		t.Errorf("at cycle 9 it is at %d: %v, %v", tr.Page(StatePage)[isa.StPC], stands, err)
	}
}

// What fails wrote nothing; what was never executed is not in the trace.
func TestATraceEndsAtTheError(t *testing.T) {
	a := newAsm(8, 8, true, 20)
	a.op(isa.SET, out(0), 3).op(isa.ST, isa.SysWords, 10, 99, v(0)).op(isa.SET, out(0), 4)
	var tr Trace
	if err := traced(t, a.program(), 0).Trace(context.Background(), 0, ^uint32(0), &tr); err != nil {
		t.Fatal(err)
	}
	if len(tr.PCs) != 2 || len(tr.Where) != 0 || !tr.Failed {
		t.Errorf("%+v", tr)
	}
	if err := traced(t, a.program(), 1).Trace(context.Background(), 0, ^uint32(0), &tr); err != nil {
		t.Fatal(err)
	}
	if len(tr.PCs) != 1 || tr.Failed { // it came to the end of its budget
		t.Errorf("%+v", tr)
	}
}

// A tracer that was stopped goes on as if it had not been.
func TestATracerThatWasStopped(t *testing.T) {
	a := newAsm(8, 8, true, 20)
	loop := a.here()
	a.op(isa.ADD, out(0), v(0), 1).op(isa.JMP, loop)
	tr := traced(t, a.program(), 1<<20)
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	var trace Trace
	if err := tr.Trace(ended, 0, 1<<20, &trace); err == nil {
		t.Fatal("nothing was stopped")
	}
	if stands, err := tr.GoTo(context.Background(), 11); !stands || err != nil || tr.Page(DataPage)[isa.SysWords] != 6 {
		t.Errorf("%v, %v, %d", stands, err, tr.Page(DataPage)[isa.SysWords])
	}
}
