package engine

import (
	"context"
	"errors"
	"fmt"
	"image"
	"reflect"
	"testing"
	"time"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// clock is a time that only tests move.
type clock struct{ t time.Time }

func (c *clock) now() time.Time { return c.t }

// timed is a CPU engine that pretends: its frames and views take as long as it
// is told, and it fails as it is told.
type timed struct {
	Engine
	clock  *clock
	kind   Kind
	frame  time.Duration
	render time.Duration
	fail   error // what every call answers, when set
	hangs  bool  // a frame takes until its context ends
	frames int
}

func (f *timed) Kind() Kind { return f.kind }

func (f *timed) Frame(ctx context.Context, in machine.Input, budget uint32) (machine.Report, error) {
	if f.fail != nil {
		return machine.Report{}, f.fail
	}
	f.frames++
	if f.hangs {
		<-ctx.Done()
		return machine.Report{}, ctx.Err()
	}
	f.clock.t = f.clock.t.Add(f.frame)
	return f.Engine.Frame(ctx, in, budget)
}

func (f *timed) Render(ctx context.Context, v machine.View, dst *image.RGBA) error {
	if f.fail != nil {
		return f.fail
	}
	f.clock.t = f.clock.t.Add(f.render)
	return f.Engine.Render(ctx, v, dst)
}

func (f *timed) Read(ctx context.Context, p machine.Page) ([]uint32, error) {
	if f.fail != nil {
		return nil, f.fail
	}
	return f.Engine.Read(ctx, p)
}

func (f *timed) Snapshot(ctx context.Context) (*machine.Snapshot, error) {
	if f.fail != nil {
		return nil, f.fail
	}
	return f.Engine.Snapshot(ctx)
}

func (f *timed) Restore(ctx context.Context, s *machine.Snapshot) error {
	if f.fail != nil {
		return f.fail
	}
	return f.Engine.Restore(ctx, s)
}

// rig is an auto over two pretended engines.
type rig struct {
	*auto
	t        *testing.T
	clock    *clock
	cpu, gpu *timed
}

func newRig(t *testing.T, cpu, gpu time.Duration, src string) *rig {
	c := &clock{time.Unix(0, 0)}
	r := &rig{t: t, clock: c,
		cpu: &timed{Engine: NewCPU(), clock: c, kind: CPU, frame: cpu},
		gpu: &timed{Engine: NewCPU(), clock: c, kind: GPU, frame: gpu},
	}
	r.auto = newAuto(r.cpu, r.gpu, c.now)
	if err := r.Load(context.Background(), assemble(t, src).Program, 1); err != nil {
		t.Fatal(err)
	}
	return r
}

// run runs n frames.
func (r *rig) run(n int) {
	r.t.Helper()
	for range n {
		if _, err := r.Frame(context.Background(), machine.Input{}, 0); err != nil {
			r.t.Fatal(err)
		}
	}
}

const endless = ".canvas 8 8\nloop:\nSET x = x + rnd(9)\nTXT 0 0 {x}\nLOG {x}\nFRAME\nJMP loop\n"

func TestAutoKeepsTheFasterEngine(t *testing.T) {
	for _, c := range []struct {
		cpu, gpu time.Duration
		want     Kind
	}{
		{10 * time.Millisecond, 2 * time.Millisecond, GPU},
		{2 * time.Millisecond, 10 * time.Millisecond, CPU},
		{10 * time.Millisecond, 9 * time.Millisecond, CPU}, // not enough faster to move for
		{100 * time.Microsecond, time.Microsecond, CPU},    // fast enough
	} {
		t.Run(fmt.Sprintf("%v and %v", c.cpu, c.gpu), func(t *testing.T) {
			r := newRig(t, c.cpu, c.gpu, endless)
			r.run(50)
			if r.Kind() != c.want {
				t.Errorf("it is on the %v", r.Kind())
			}
			before := r.cpu.frames + r.gpu.frames
			if before != 50 {
				t.Errorf("50 frames took %d", before)
			}
		})
	}
}

func TestAutoCountsWhatShowingCosts(t *testing.T) {
	r := newRig(t, 3*time.Millisecond, 2*time.Millisecond, endless)
	r.gpu.render = 20 * time.Millisecond
	dst := image.NewRGBA(image.Rect(0, 0, 8, 8))
	for range 40 {
		r.run(1)
		if err := r.Render(context.Background(), machine.View{Width: 8, Height: 8, Scale: 1}, dst); err != nil {
			t.Fatal(err)
		}
	}
	if r.Kind() != CPU {
		t.Error("it chose the engine that is slow to show")
	}
}

func TestAutoMeasuresAgain(t *testing.T) {
	r := newRig(t, 10*time.Millisecond, 2*time.Millisecond, endless)
	r.run(50)
	if r.Kind() != GPU {
		t.Fatal("it is not on the GPU")
	}
	r.gpu.frame = 50 * time.Millisecond // the program came to another part
	r.run(settle + 50)
	if r.Kind() != CPU {
		t.Error("it stayed on what became the slower engine")
	}
}

func TestAutoLeavesASlowTrialAtOnce(t *testing.T) {
	r := newRig(t, 2*time.Millisecond, time.Second, endless)
	r.run(100)
	if r.gpu.frames > trialWarm+1 {
		t.Errorf("%d frames of a second each", r.gpu.frames)
	}
}

func TestAutoGivesUpATrialThatHangs(t *testing.T) {
	for _, first := range []Kind{CPU, GPU} {
		r := newRig(t, 10*time.Millisecond, 2*time.Millisecond, endless)
		hanging := r.gpu
		if first == GPU {
			r.run(50)
			hanging = r.cpu
		}
		hanging.hangs = true
		before := hanging.frames
		var allowed time.Duration
		r.timeout = func(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
			allowed = d
			ctx, cancel := context.WithCancel(ctx)
			cancel()
			return ctx, cancel
		}
		r.run(2 * settle)
		if r.Kind() != first || hanging.frames != before+1 {
			t.Errorf("from the %v: it is on the %v after %d hanging frames", first, r.Kind(), hanging.frames-before)
		}
		if allowed < trialSlack || allowed > time.Second {
			t.Errorf("a frame on trial may take %v", allowed)
		}
		s, err := r.Snapshot(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		want := uint32(2 * settle)
		if first == GPU {
			want += 50
		}
		if got := s.State[isa.StFrame]; got != want {
			t.Errorf("frame %d, not %d", got, want)
		}
	}
}

func TestAutoRunsAShortProgramOnceOnOneEngine(t *testing.T) {
	r := newRig(t, time.Second, time.Millisecond, "TXT 0 0 HELLO\nHALT\n")
	r.run(3)
	if r.gpu.frames != 0 || r.Kind() != CPU {
		t.Errorf("%d frames on the GPU", r.gpu.frames)
	}
}

// TestAutoGivesTheSameMachineWhereverItRan: over moves and losses, the pages and
// the log are those of a machine that stayed.
func TestAutoGivesTheSameMachineWhereverItRan(t *testing.T) {
	r := newRig(t, 10*time.Millisecond, 2*time.Millisecond, endless)
	m, err := machine.New(assemble(t, endless).Program, 1)
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[Kind]int{}
	for i := range 700 {
		r.gpu.fail = nil
		if i%97 == 13 {
			r.gpu.fail = fmt.Errorf("killed: %w", ErrLost)
		}
		got, err := r.Frame(context.Background(), machine.Input{MouseX: int32(i)}, 0)
		if err != nil {
			t.Fatal(err)
		}
		kinds[r.Kind()]++
		want, _ := m.Frame(context.Background(), machine.Input{MouseX: int32(i)}, 0)
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("frame %d: %+v, not %+v", i, got, want)
		}
	}
	s, err := r.Snapshot(context.Background())
	if err != nil || !reflect.DeepEqual(s, m.Snapshot()) {
		t.Errorf("the machines differ (%v)", err)
	}
	if kinds[CPU] < 50 || kinds[GPU] < 300 {
		t.Errorf("it did not use both engines: %v", kinds)
	}
}

func TestALostGPUIsMissedByNoCall(t *testing.T) {
	r := newRig(t, 10*time.Millisecond, 2*time.Millisecond, endless)
	r.run(30)
	before, err := r.Read(context.Background(), machine.DataPage)
	if err != nil || r.Kind() != GPU {
		t.Fatal(err, r.Kind())
	}
	r.gpu.fail = ErrLost
	after, err := r.Read(context.Background(), machine.DataPage)
	if err != nil || r.Kind() != CPU || !reflect.DeepEqual(before, after) {
		t.Fatalf("on the %v: %v", r.Kind(), err)
	}
	commands, _, err := r.Commands(context.Background())
	if err != nil || len(commands) != 2 {
		t.Errorf("%d commands of the last frame: %v", len(commands), err)
	}
	r.gpu.fail = nil
	r.run(300)
	if r.Kind() != GPU {
		t.Error("it did not go back to the GPU")
	}
}

func TestAutoWithoutAUsableGPU(t *testing.T) {
	for _, fail := range []error{ErrUnsupported, ErrUnavailable, ErrLost} {
		r := newRig(t, 10*time.Millisecond, 2*time.Millisecond, endless)
		r.gpu.fail = fmt.Errorf("no: %w", fail)
		r.run(100)
		if r.Kind() != CPU {
			t.Errorf("%v: on the %v", fail, r.Kind())
		}
	}
	a := NewAuto(NewCPU(), nil)
	if err := a.Load(context.Background(), assemble(t, endless).Program, 1); err != nil {
		t.Fatal(err)
	}
	for range 400 {
		if _, err := a.Frame(context.Background(), machine.Input{}, 0); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
}

func TestAutoKeepsItsChoiceOverAnEdit(t *testing.T) {
	r := newRig(t, 10*time.Millisecond, 2*time.Millisecond, endless)
	r.run(30)
	s, err := r.Snapshot(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Restore(context.Background(), s); err != nil || r.Kind() != GPU {
		t.Fatalf("on the %v: %v", r.Kind(), err)
	}
	r.gpu.fail = ErrUnsupported
	if err := r.Restore(context.Background(), s); err != nil || r.Kind() != CPU {
		t.Fatalf("on the %v: %v", r.Kind(), err)
	}
	r.gpu.fail = nil
	s.State = s.State[1:]
	if err := r.Restore(context.Background(), s); !errors.Is(err, machine.ErrSnapshot) {
		t.Errorf("a broken snapshot: %v", err)
	}
}

func TestNoProgram(t *testing.T) {
	for name, e := range map[string]Engine{"cpu": NewCPU(), "auto": NewAuto(NewCPU(), NewCPU())} {
		ctx := context.Background()
		_, frame := e.Frame(ctx, machine.Input{}, 0)
		_, read := e.Read(ctx, machine.DisplayPage)
		_, _, commands := e.Commands(ctx)
		_, human := e.Human(ctx)
		_, snapshot := e.Snapshot(ctx)
		for _, err := range []error{frame, read, commands, human, snapshot, e.Render(ctx, machine.View{}, nil)} {
			if !errors.Is(err, ErrNoProgram) {
				t.Errorf("%s without a program: %v", name, err)
			}
		}
		if err := e.Load(ctx, isa.Program{1, 2}, 1); !errors.Is(err, isa.ErrProgram) {
			t.Errorf("%s loaded two words: %v", name, err)
		}
	}
}

func TestATrialInWhichTheCPUStoodInIsVoid(t *testing.T) {
	r := newRig(t, 10*time.Millisecond, time.Millisecond, endless)
	r.gpu.kind = CPU // its process is still starting
	r.run(30)
	if r.on != r.cpu {
		t.Error("it took the CPU's time for the GPU's")
	}
	r.gpu.kind = GPU
	r.run(standInWait + 30)
	if r.Kind() != GPU {
		t.Error("it did not try again")
	}
}
