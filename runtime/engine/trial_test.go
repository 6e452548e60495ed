package engine_test

import (
	"context"
	"errors"
	"fmt"
	"image"
	"strings"
	"testing"
	"time"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

const ms = time.Millisecond

func TestAutoKeepsTheFasterProcessor(t *testing.T) {
	for _, c := range []struct {
		cpu, gpu time.Duration
		want     engine.Kind
		why      string
	}{
		{10 * ms, 2 * ms, engine.GPU, ""},
		{2 * ms, 10 * ms, engine.CPU, "it took 10 ms on the GPU and 2.0 ms on the CPU"},
		{10 * ms, 9 * ms, engine.CPU, "9.0 ms on the GPU"}, // not enough faster to move for
		{100 * time.Microsecond, time.Microsecond, engine.CPU, "it took 0.1 ms on the CPU: there is nothing to gain"},
	} {
		t.Run(fmt.Sprintf("%v and %v", c.cpu, c.gpu), func(t *testing.T) {
			r := newRig(t, engine.Auto, c.cpu, c.gpu, endless)
			r.run(50)
			r.wantKind(c.want)
			if !strings.Contains(r.Why(), c.why) {
				t.Errorf("because %q", r.Why())
			}
			if before := r.cpu.frames + r.gpu.frames; before != 50 {
				t.Errorf("50 frames took %d", before)
			}
			if made, _ := r.source.Machines(); c.cpu < ms && made > 0 {
				t.Error("the GPU was woken for it")
			}
		})
	}
}

func TestAutoCountsWhatShowingCosts(t *testing.T) {
	r := newRig(t, engine.Auto, 3*ms, 2*ms, endless)
	r.gpu.render = 20 * ms
	dst := image.NewRGBA(image.Rect(0, 0, 8, 8))
	for range 40 {
		r.run(1)
		if err := r.Render(t.Context(), machine.View{Width: 8, Height: 8, Scale: 1}, dst); err != nil {
			t.Fatal(err)
		}
	}
	r.wantKind(engine.CPU) // and not the one that is slow to show
}

func TestAutoDoesNotCountTheFirstFrameAfterAMove(t *testing.T) {
	r := newRig(t, engine.Auto, 10*ms, 100*ms, endless)
	for range 20 {
		if r.run(1); r.gpu.frames > 0 { // its pipelines are there
			r.gpu.frame = 2 * ms
		}
	}
	r.wantKind(engine.GPU)
}

// TestAutoTimesCompiledCode, and not the frames until it is there, on the processor
// where a program begins and on that to which it is moved.
func TestAutoTimesCompiledCode(t *testing.T) {
	r := newRig(t, engine.Auto, ms, 5*ms, endless)
	r.cpu.cold, r.cpu.slow = 30, 40*ms
	if r.Compiled() || !r.Warming() {
		t.Error("its code is there already")
	}
	r.run(100)
	r.wantKind(engine.CPU)
	if !r.Compiled() || r.Warming() || r.gpu.frames > engine.TrialWarm+4 {
		t.Errorf("%d frames ran on the GPU", r.gpu.frames)
	}

	r = newRig(t, engine.Auto, 50*ms, 5*ms, endless)
	r.run(50)
	r.wantKind(engine.GPU)
	r.cpu.frame, r.cpu.cold, r.cpu.slow = ms, 30, 40*ms
	r.run(2*engine.WaitBetween + 50)
	r.wantKind(engine.CPU)
}

func TestAutoMeasuresAgain(t *testing.T) {
	r := newRig(t, engine.Auto, 10*ms, 2*ms, endless)
	r.run(50)
	r.wantKind(engine.GPU)
	r.gpu.frame = 50 * ms // the program came to another part
	r.run(engine.WaitBetween + 50)
	r.wantKind(engine.CPU)
}

func TestAutoLeavesASlowTrialAtOnce(t *testing.T) {
	r := newRig(t, engine.Auto, 2*ms, time.Second, endless)
	r.run(100)
	if r.gpu.frames > engine.TrialWarm+1 {
		t.Errorf("%d frames of a second each", r.gpu.frames)
	}
}

func TestAutoGivesUpATrialThatHangs(t *testing.T) {
	for _, first := range []engine.Kind{engine.CPU, engine.GPU} {
		r, ref := newRig(t, engine.Auto, 10*ms, 2*ms, endless), reference(t, endless)
		hanging := &r.gpu
		ran := 0
		if first == engine.GPU {
			ran = 50
			r.run(ran)
			hanging = &r.cpu
		}
		hanging.hangs = true
		before := hanging.frames
		var allowed time.Duration
		r.SetTimeout(func(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
			allowed = d
			ctx, r.expire = context.WithCancel(ctx)
			return ctx, r.expire
		})
		ran += 2 * engine.WaitBetween
		r.run(2 * engine.WaitBetween)
		r.wantKind(first)
		if hanging.frames != before+1 {
			t.Errorf("from the %v: %d hanging frames", first, hanging.frames-before)
		}
		if allowed < engine.TrialSlack || allowed > time.Second {
			t.Errorf("a frame on trial may take %v", allowed)
		}
		for range ran {
			if _, err := ref.Frame(t.Context(), machine.Input{}, 0); err != nil {
				t.Fatal(err)
			}
		}
		r.wantSame(ref)
	}
}

// A frame on trial that does not even end with its time takes the GPU with it.
func TestAutoGivesUpATrialThatEndsTheGPU(t *testing.T) {
	r, ref := newRig(t, engine.Auto, 10*ms, 2*ms, endless), reference(t, endless)
	r.SetTimeout(func(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
		ctx, cancel := context.WithCancel(ctx)
		r.expire = func() {
			cancel()
			r.source.Kill()
		}
		return ctx, cancel
	})
	for i := range 100 {
		r.gpu.hangs = r.gpu.frames == 2
		r.run(1)
		r.source.Recover()
		if _, err := ref.Frame(t.Context(), machine.Input{}, 0); err != nil {
			t.Fatal(i, err)
		}
	}
	if r.gpu.frames != 3 {
		t.Errorf("%d frames on the GPU", r.gpu.frames)
	}
	r.wantKind(engine.CPU)
	r.wantSame(ref)
}

func TestAutoRunsAShortProgramOnceOnTheCPU(t *testing.T) {
	r := newRig(t, engine.Auto, time.Second, ms, "TXT 0 0 HELLO\nHALT\n")
	r.run(3)
	if made, _ := r.source.Machines(); made != 0 {
		t.Errorf("%d machines on the GPU", made)
	}
	r.wantKind(engine.CPU)
}

func TestAutoWithoutAUsableGPU(t *testing.T) {
	for _, fail := range []error{engine.ErrUnsupported, engine.ErrUnavailable, engine.ErrLost} {
		r := newRig(t, engine.Auto, 10*ms, 2*ms, endless)
		r.gpu.fail = fmt.Errorf("no: %w", fail)
		r.run(400)
		r.wantKind(engine.CPU)
		if made, _ := r.source.Machines(); made > engine.StrikesToStay {
			t.Errorf("%v: asked %d times", fail, made)
		}
	}
}

func TestAutoKeepsItsChoiceOverAnEdit(t *testing.T) {
	r := newRig(t, engine.Auto, 10*ms, 2*ms, endless)
	r.run(30)
	s, err := r.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Restore(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	r.wantKind(engine.GPU)
	r.gpu.fail = engine.ErrUnsupported
	if err := r.Restore(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	r.wantKind(engine.CPU)
	r.gpu.fail = nil
	s.State = s.State[1:]
	if err := r.Restore(t.Context(), s); !errors.Is(err, machine.ErrSnapshot) {
		t.Errorf("a broken snapshot: %v", err)
	}
	r.run(1)
}

func TestATrialWithoutTheGPUIsVoid(t *testing.T) {
	r := newRig(t, engine.Auto, 10*ms, ms, endless)
	r.source.Set(engine.Status{State: engine.Unavailable, Reason: "no adapter"})
	r.run(30)
	r.wantKind(engine.CPU)
	if r.Why() != "no adapter" {
		t.Errorf("on the CPU because %q", r.Why())
	}
	r.source.Recover()
	r.run(engine.WaitForGPU + 30)
	r.wantKind(engine.GPU)

	// Killed in the middle of a trial, it proves nothing either: what the CPU took
	// is not what the GPU takes.
	for frames := 5; frames < 10; frames++ {
		for _, gone := range []int{1, 20} {
			r := newRig(t, engine.Auto, 10*ms, 7900*time.Microsecond, endless)
			r.run(frames)
			r.source.Kill()
			r.run(gone)
			r.source.Recover()
			r.run(engine.WaitForGPU + 30)
			r.wantKind(engine.GPU)
		}
	}
}

// What was measured for a program holds when it is loaded again, and for other
// machines of the same Chooser.
func TestAutoRemembersAProgram(t *testing.T) {
	var c engine.Chooser
	r := newRig(t, engine.Auto, 10*ms, 2*ms, endless)
	r.Close()
	r.open(engine.Auto, &c)
	r.load(endless)
	r.run(20)
	r.wantKind(engine.GPU)
	r.Close()
	r.open(engine.Auto, &c)
	r.load(endless)
	r.run(1)
	r.wantKind(engine.GPU)
	r.load("loop:\nFRAME\nJMP loop\n") // another, of which nothing is known
	r.run(1)
	r.wantKind(engine.CPU)
}

func TestOnTheCPUAloneThereIsNoFailover(t *testing.T) {
	g := engine.NoGPU("--backend cpu")
	for _, o := range []engine.Options{{}, {Backend: engine.OnCPU, GPU: g}, {Backend: engine.OnGPU}} {
		e := engine.New(o)
		if _, is := e.(*engine.Failover); is || e.Kind() != engine.CPU {
			t.Errorf("%+v gives a %T", o, e)
		}
	}
}

func TestNoProgram(t *testing.T) {
	for name, e := range map[string]engine.Engine{
		"cpu":  engine.NewCPU(),
		"auto": engine.New(engine.Options{GPU: engine.NoGPU("a test")}),
		"gpu":  engine.New(engine.Options{Backend: engine.OnGPU, GPU: engine.NoGPU("a test")}),
	} {
		ctx := t.Context()
		_, frame := e.Frame(ctx, machine.Input{}, 0)
		_, read := e.Read(ctx, machine.DisplayPage)
		_, _, commands := e.Commands(ctx)
		_, human := e.Human(ctx)
		_, snapshot := e.Snapshot(ctx)
		for _, err := range []error{frame, read, commands, human, snapshot, e.Render(ctx, machine.View{}, nil)} {
			if !errors.Is(err, engine.ErrNoProgram) {
				t.Errorf("%s without a program: %v", name, err)
			}
		}
		if err := e.Load(ctx, isa.Program{1, 2}, 1); !errors.Is(err, isa.ErrProgram) {
			t.Errorf("%s loaded two words: %v", name, err)
		}
	}
}
