package record

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl/pxltest"
)

// counter is a program whose machine shows what every frame was given.
const counter = `
.canvas 8 8
.array seen 16
loop:
SET seen[frame & 15] = mx * 3 + rnd(100)
PLOT (frame & 7) 0 (seen[frame & 15])
FRAME
JMP loop
`

func assemble(t testing.TB, source string) isa.Program {
	t.Helper()
	return pxltest.Assemble(t, source).Program
}

// tape is a player: the reference machine, and a fault of its own.
type tape struct {
	*machine.Machine
	loads, restores, frames int
	failAt                  int // the frame that fails, from 1
	slow                    bool
}

var errTape = errors.New("the tape tore")

func (p *tape) Load(_ context.Context, w isa.Program, seed int32) (err error) {
	p.loads++
	p.Machine, err = machine.New(w, seed)
	return err
}

func (p *tape) Restore(_ context.Context, s *machine.Snapshot) (err error) {
	p.restores++
	p.Machine, err = machine.FromSnapshot(s)
	return err
}

func (p *tape) Frame(ctx context.Context, in machine.Input, budget uint32) (machine.Report, error) {
	if p.frames++; p.frames == p.failAt {
		return machine.Report{}, errTape
	}
	r, err := p.Machine.Frame(ctx, in, budget)
	if p.slow {
		r.Cycles++
	}
	return r, err
}

// recorded is a machine that has run n frames, and its log.
func recorded(t *testing.T, n int) (*machine.Machine, *Log) {
	t.Helper()
	p := assemble(t, counter)
	m, err := machine.New(slices.Clone(p), 7)
	if err != nil {
		t.Fatal(err)
	}
	l := Loaded(p, 7)
	clear(p) // it is the caller's
	run(t, m, l, 0, n)
	return m, l
}

func run(t *testing.T, m *machine.Machine, l *Log, from, n int) {
	t.Helper()
	for i := from; i < from+n; i++ {
		in := machine.Input{MouseX: int32(i * i)}
		r, err := m.Frame(context.Background(), in, 0)
		if err != nil {
			t.Fatal(err)
		}
		l.Append(in, 0, r)
	}
}

func noDivergence(t *testing.T) func(Frame, machine.Report) {
	return func(was Frame, is machine.Report) { t.Errorf("%+v became %+v", was, is) }
}

func wantSame(t *testing.T, got, want *machine.Machine) {
	t.Helper()
	if !reflect.DeepEqual(got.Snapshot(), want.Snapshot()) || !reflect.DeepEqual(got.Commands(), want.Commands()) {
		t.Error("the machines differ")
	}
}

func TestReplayFromTheLoadGivesTheSameMachine(t *testing.T) {
	m, l := recorded(t, 20)
	var p tape
	if err := l.Replay(context.Background(), &p, noDivergence(t)); err != nil {
		t.Fatal(err)
	}
	if p.loads != 1 || p.restores != 0 || p.frames != 20 {
		t.Errorf("%d loads, %d restores, %d frames", p.loads, p.restores, p.frames)
	}
	wantSame(t, p.Machine, m)
}

func TestReplayFromAKeyframeRunsOnlyWhatFollowed(t *testing.T) {
	m, l := recorded(t, 20)
	l.Keyframe(m.Snapshot())
	if l.Len() != 0 || !l.Within(0, 0) {
		t.Errorf("%d frames after a keyframe, or cycles", l.Len())
	}
	run(t, m, l, 20, 3)
	var p tape
	if err := l.Replay(context.Background(), &p, noDivergence(t)); err != nil {
		t.Fatal(err)
	}
	if p.loads != 0 || p.restores != 1 || p.frames != 3 {
		t.Errorf("%d loads, %d restores, %d frames", p.loads, p.restores, p.frames)
	}
	wantSame(t, p.Machine, m)
}

func TestARestoredLogBeginsAtItsSnapshot(t *testing.T) {
	m, _ := recorded(t, 5)
	s := m.Snapshot()
	l := Restored(s)
	*s = machine.Snapshot{} // it is the caller's, who may put other pages in it
	run(t, m, l, 5, 4)
	var p tape
	if err := l.Replay(context.Background(), &p, noDivergence(t)); err != nil {
		t.Fatal(err)
	}
	wantSame(t, p.Machine, m)
	if p.restores != 1 || p.frames != 4 || !slices.Equal(l.Program(), m.Page(machine.ProgramPage)) {
		t.Errorf("%d restores, %d frames", p.restores, p.frames)
	}
}

func TestALogWithAGapIsNotReplayedShort(t *testing.T) {
	m, l := recorded(t, 5)
	if !l.Within(5, 1000) || l.Within(4, 1000) || l.Within(5, 10) {
		t.Error("5 short frames are not within 5 frames, or are within 4, or within 10 cycles")
	}
	l.Forget()
	run(t, m, l, 5, 2)
	if l.Within(1000, 1e9) || l.Len() != 0 {
		t.Errorf("a log with a gap is short: %d frames", l.Len())
	}
	l.Keyframe(m.Snapshot())
	run(t, m, l, 7, 2)
	if !l.Within(2, 24) || l.Within(2, 10) {
		t.Error("a keyframe does not close the gap, or what was before counts")
	}
	var p tape
	if err := l.Replay(context.Background(), &p, noDivergence(t)); err != nil {
		t.Fatal(err)
	}
	wantSame(t, p.Machine, m)
}

func TestReplayTellsOfDivergenceAndGoesOn(t *testing.T) {
	m, l := recorded(t, 4)
	p := tape{slow: true}
	told := 0
	err := l.Replay(context.Background(), &p, func(was Frame, is machine.Report) {
		told++
		if is.Cycles != was.Cycles+1 {
			t.Errorf("%+v became %+v", was, is)
		}
	})
	if err != nil || told != 4 {
		t.Errorf("told of %d, %v", told, err)
	}
	wantSame(t, p.Machine, m)
}

func TestReplayEndsAtTheFirstError(t *testing.T) {
	_, l := recorded(t, 9)
	p := tape{failAt: 3}
	if err := l.Replay(context.Background(), &p, noDivergence(t)); !errors.Is(err, errTape) || p.frames != 3 {
		t.Errorf("%v after %d frames", err, p.frames)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	p = tape{}
	if err := l.Replay(ctx, &p, noDivergence(t)); !errors.Is(err, context.Canceled) || p.loads != 0 {
		t.Errorf("%v after %d loads", err, p.loads)
	}
}
