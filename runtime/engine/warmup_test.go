package engine_test

import (
	"context"
	"errors"
	"fmt"
	"image"
	"strings"
	"sync/atomic"
	"testing"

	"gvpie/runtime/engine"
	"gvpie/runtime/engine/enginetest"
	"gvpie/runtime/machine"
)

// liveRig is a rig whose machine is live, on a GPU that builds pipelines when the test
// lets it: each build takes a word from the channel, an error that the GPU ends with.
func liveRig(t *testing.T, b engine.Backend) (r *rig, builds chan error) {
	t.Helper()
	builds = make(chan error)
	r = newRig(t, b, ms, ms, endless)
	r.source.Build = func(ctx context.Context) error {
		select {
		case err := <-builds:
			if err != nil {
				r.source.Kill()
			}
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	r.source.Before = nil // the clock is the test's, not the GPU's
	r.live = true
	r.Close()
	r.open(b, nil)
	return r, builds
}

// built lets a build end, and waits until the machine knows.
func (r *rig) built(builds chan error, err error) {
	r.t.Helper()
	builds <- err
	<-r.WarmUp()
}

// frames runs n frames on the machine and on its reference.
func (r *rig) frames(ref *machine.Machine, n int) {
	r.t.Helper()
	for range n {
		got, err := r.Frame(r.t.Context(), machine.Input{MouseX: 3}, 0)
		want, wrong := ref.Frame(r.t.Context(), machine.Input{MouseX: 3}, 0)
		if err != nil || wrong != nil || fmt.Sprint(got) != fmt.Sprint(want) {
			r.t.Fatalf("%+v, not %+v (%v)", got, want, err)
		}
	}
}

func (r *rig) show(v machine.View) {
	r.t.Helper()
	if err := r.Render(r.t.Context(), v, image.NewRGBA(image.Rect(0, 0, v.Width, v.Height))); err != nil {
		r.t.Fatal(err)
	}
}

var smallView = machine.View{Texture: machine.HumanTexture, Width: 20, Height: 9, Scale: 1}

// TestNoPictureWaitsForAPipeline: frames go on on the CPU while the GPU builds one, and
// on the GPU when it has.
func TestNoPictureWaitsForAPipeline(t *testing.T) {
	r, builds := liveRig(t, engine.OnGPU)
	r.load(endless)
	ref := reference(t, endless)
	for range 2 {
		r.frames(ref, 3)
		r.show(smallView)
		r.wantKind(engine.CPU)
		if !strings.Contains(r.Why(), "pipelines") {
			t.Errorf("it is on the CPU because of %q", r.Why())
		}
		r.built(builds, nil)
		r.frames(ref, 2)
		r.show(smallView)
		r.wantKind(engine.GPU)
		r.wantSame(ref)
		r.source.Chill() // a block or a view that it has not met
	}
	if r.Fallback() != "" {
		t.Errorf("it may not go to the GPU: %s", r.Fallback())
	}
}

// TestNoFrameIsRunAgainForAPipeline that is needed in the middle of a run.
func TestNoFrameIsRunAgainForAPipeline(t *testing.T) {
	r, builds := liveRig(t, engine.OnGPU)
	r.load(endless)
	ref := reference(t, endless)
	r.frames(ref, 1)
	r.built(builds, nil)
	r.frames(ref, 3)
	r.source.Chill()
	before := r.cpu.frames
	r.frames(ref, 1)
	if ran := r.cpu.frames - before; ran != 1 {
		t.Errorf("the CPU ran %d frames for one", ran)
	}
	r.wantSame(ref)
	r.built(builds, nil)
}

// TestAViewThatTheGPUHasNotMet takes the machine to the CPU for as long as that is built.
func TestAViewThatTheGPUHasNotMet(t *testing.T) {
	r, builds := liveRig(t, engine.OnGPU)
	r.load(endless)
	ref := reference(t, endless)
	r.frames(ref, 1)
	r.built(builds, nil)
	r.frames(ref, 30)
	r.wantKind(engine.GPU)
	r.source.Chill()
	r.show(smallView)
	r.wantKind(engine.CPU)
	r.frames(ref, 1)
	r.built(builds, nil)
	r.frames(ref, 1)
	r.wantKind(engine.GPU)
	r.wantSame(ref)
}

// TestAFrameIsNotWaitedForOnTheCPU when the GPU is ready first.
func TestAFrameIsNotWaitedForOnTheCPU(t *testing.T) {
	r, builds := liveRig(t, engine.OnGPU)
	r.load(endless)
	r.cpu.hangs, r.expire = true, func() { builds <- nil }
	ref := reference(t, endless)
	r.frames(ref, 1)
	r.wantKind(engine.GPU)
	r.wantSame(ref)
}

// TestAGPUThatEndsWhileItBuilds changes nothing that a person sees.
func TestAGPUThatEndsWhileItBuilds(t *testing.T) {
	r, builds := liveRig(t, engine.OnGPU)
	r.load(endless)
	ref := reference(t, endless)
	for range engine.StrikesToStay {
		r.frames(ref, 2)
		r.built(builds, engine.ErrLost)
		r.source.Recover()
		r.frames(ref, 2)
		r.wantKind(engine.CPU)
	}
	if r.wantSame(ref); !strings.Contains(r.Why(), "ended the GPU worker 3 times") {
		t.Errorf("it stays on the CPU because of %q", r.Why())
	}
	if r.WarmUp() != nil {
		t.Error("it is built once more")
	}
}

// TestAProgramThatIsReplacedWhileItIsBuilt: the next one runs at once, on the CPU, and is
// built for when the GPU has come to the end of the first.
func TestAProgramThatIsReplacedWhileItIsBuilt(t *testing.T) {
	r, builds := liveRig(t, engine.OnGPU)
	next := strings.Replace(endless, "rnd(9)", "rnd(7)", 1)
	for _, restored := range []bool{false, true} {
		r.source.Chill()
		r.load(endless)
		r.frames(reference(t, endless), 2)
		ref := reference(t, next)
		r.load(next)
		r.wantKind(engine.CPU)
		if restored {
			s, err := r.Snapshot(t.Context())
			if err == nil {
				err = r.Restore(t.Context(), s)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		r.frames(ref, 2)
		r.wantKind(engine.CPU)
		r.built(builds, nil)
		r.frames(ref, 1) // begins anew, and finds all built
		if over := r.WarmUp(); over != nil {
			<-over
		}
		r.frames(ref, 1)
		r.wantKind(engine.GPU)
		r.wantSame(ref)
	}
}

// TestAGPUThatEndsOverAnotherProgram is no fault of the one that has taken its place.
func TestAGPUThatEndsOverAnotherProgram(t *testing.T) {
	r, builds := liveRig(t, engine.OnGPU)
	r.load(endless)
	r.frames(reference(t, endless), 1)
	next := strings.Replace(endless, "rnd(9)", "rnd(7)", 1)
	ref := reference(t, next)
	r.load(next)
	r.frames(ref, 1)
	r.built(builds, engine.ErrLost)
	r.source.Recover()
	r.frames(ref, 1)
	if r.Fallback() != "" {
		t.Errorf("it may not go to the GPU: %s", r.Fallback())
	}
	r.built(builds, nil)
	r.frames(ref, 1)
	r.wantKind(engine.GPU)
}

// TestAFrameThatNeedsMoreThanWasBuilt stays on the CPU until that is built, too.
func TestAFrameThatNeedsMoreThanWasBuilt(t *testing.T) {
	r, builds := liveRig(t, engine.OnGPU)
	r.load(endless)
	ref := reference(t, endless)
	r.frames(ref, 1)
	r.built(builds, nil)
	r.source.Chill()
	r.frames(ref, 1)
	r.wantKind(engine.CPU)
	if r.Fallback() != "" {
		t.Errorf("it may not go to the GPU: %s", r.Fallback())
	}
	r.built(builds, nil)
	r.frames(ref, 1)
	r.wantKind(engine.GPU)
	r.wantSame(ref)
}

// TestAProgramThatEndsWhileItIsBuilt goes to the GPU when it is looked at later.
func TestAProgramThatEndsWhileItIsBuilt(t *testing.T) {
	r, builds := liveRig(t, engine.OnGPU)
	const short = ".canvas 8 8\nTXT 0 0 {frame}\nHALT\n"
	r.load(short)
	ref := reference(t, short)
	r.frames(ref, 1)
	r.show(smallView)
	r.wantKind(engine.CPU)
	r.built(builds, nil)
	r.show(smallView)
	r.wantKind(engine.GPU)
	r.wantSame(ref)

	r.source.Chill() // and one that has ended on the GPU, by a view
	var loads atomic.Int32
	r.source.Before = func(_ context.Context, c enginetest.Call) error {
		if c == enginetest.Load {
			loads.Add(1)
		}
		return nil
	}
	r.show(smallView)
	r.wantKind(engine.CPU)
	r.wantSame(ref)
	r.show(smallView)
	if r.built(builds, nil); loads.Load() != 1 {
		t.Error("its frames were not run for what they need")
	}
	r.show(smallView)
	r.wantKind(engine.GPU)
	r.wantSame(ref)
}

// TestATrialWaitsForPipelines: Auto measures the GPU when it has built what it needs.
func TestATrialWaitsForPipelines(t *testing.T) {
	r, builds := liveRig(t, engine.Auto)
	r.cpu.frame = 20 * ms
	r.load(endless)
	ref := reference(t, endless)
	for r.WarmUp() == nil {
		r.frames(ref, 1)
	}
	r.frames(ref, 40)
	r.wantKind(engine.CPU)
	r.built(builds, nil)
	r.frames(ref, 20)
	r.wantKind(engine.GPU)
	r.wantSame(ref)
}

// TestCloseEndsABuild that nobody waits for any more.
func TestCloseEndsABuild(t *testing.T) {
	r, _ := liveRig(t, engine.OnGPU)
	r.load(endless)
	r.frames(reference(t, endless), 1)
	over := r.WarmUp()
	r.Close()
	<-over
}

// TestWhoIsNotWatchedWaits: a machine that is not live runs on the GPU from its first
// frame on.
func TestWhoIsNotWatchedWaits(t *testing.T) {
	r := newRig(t, engine.OnGPU, ms, ms, endless)
	r.source.Build = func(context.Context) error { return nil }
	ref := reference(t, endless)
	r.frames(ref, 1)
	r.wantKind(engine.GPU)
	r.gpu.fail = engine.ErrLost
	r.frames(ref, 2)
	if r.wantKind(engine.CPU); r.WarmUp() != nil {
		t.Error("it is warmed up for")
	}
}

// TestAnImpatientMachineSaysThatTheGPUIsCold holds the stand-in to what it stands for.
func TestAnImpatientMachineSaysThatTheGPUIsCold(t *testing.T) {
	r, builds := liveRig(t, engine.OnGPU)
	m := r.source.NewMachine()
	defer m.Close()
	m.Impatient(true)
	if err := m.Load(t.Context(), assemble(t, endless), 1); err != nil {
		t.Fatal(err)
	}
	frame := func() error { _, err := m.Frame(t.Context(), machine.Input{}, 0); return err }
	if err := frame(); !errors.Is(err, engine.ErrCold) {
		t.Error(err)
	}
	m.Impatient(false)
	go func() { builds <- nil }()
	if err := frame(); err != nil {
		t.Error(err)
	}
	if m.Impatient(true); frame() != nil {
		t.Error("it is cold still")
	}
}
