package engine_test

import (
	"context"
	"errors"
	"fmt"
	"image"
	"reflect"
	"strings"
	"testing"
	"time"

	"gvpie/runtime/engine"
	"gvpie/runtime/engine/enginetest"
	"gvpie/runtime/machine"
)

// both runs a frame on the machine and on its reference, which must agree.
func (r *rig) both(ref *machine.Machine, in machine.Input) {
	r.t.Helper()
	got, err := r.Frame(r.t.Context(), in, 0)
	if err != nil {
		r.t.Fatal(err)
	}
	r.atMostOneMachine()
	want, err := ref.Frame(r.t.Context(), in, 0)
	if err != nil || !reflect.DeepEqual(got, want) {
		r.t.Fatalf("%+v, not %+v (%v)", got, want, err)
	}
}

// Over moves and losses the pages, the commands and the log are those of a
// machine that stayed.
func TestSameMachineWhereverItRan(t *testing.T) {
	r, ref := newRig(t, engine.Auto, 10*ms, 2*ms, endless), reference(t, endless)
	kinds := map[engine.Kind]int{}
	for i := range 700 {
		if i%97 == 13 {
			r.source.Kill()
		}
		r.both(ref, machine.Input{MouseX: int32(i)})
		kinds[r.Kind()]++
		r.source.Recover()
	}
	r.wantSame(ref)
	if kinds[engine.CPU] < 10 || kinds[engine.GPU] < 300 {
		t.Errorf("it did not use both processors: %v", kinds)
	}
}

func TestLostGPUIsMissedByNoCall(t *testing.T) {
	dst := image.NewRGBA(image.Rect(0, 0, 9, 9))
	for name, call := range map[string]func(*rig) error{
		"Frame":    func(r *rig) error { _, err := r.Frame(r.t.Context(), machine.Input{}, 0); return err },
		"Read":     func(r *rig) error { _, err := r.Read(r.t.Context(), machine.DataPage); return err },
		"Commands": func(r *rig) error { _, _, err := r.Commands(r.t.Context()); return err },
		"Human":    func(r *rig) error { _, err := r.Human(r.t.Context()); return err },
		"Snapshot": func(r *rig) error { _, err := r.Snapshot(r.t.Context()); return err },
		"Render": func(r *rig) error {
			return r.Render(r.t.Context(), machine.View{Width: 9, Height: 9, Scale: 1}, dst)
		},
	} {
		t.Run(name, func(t *testing.T) {
			r, ref := newRig(t, engine.OnGPU, 10*ms, 2*ms, endless), reference(t, endless)
			for i := range 30 {
				r.both(ref, machine.Input{MouseX: int32(i)})
			}
			r.wantKind(engine.GPU)
			r.source.Kill()
			if err := call(r); err != nil {
				t.Fatal(err)
			}
			r.wantKind(engine.CPU)
			if r.Why() != "killed by a test" {
				t.Errorf("on the CPU because of %q", r.Why())
			}
			if name == "Frame" {
				if _, err := ref.Frame(t.Context(), machine.Input{}, 0); err != nil {
					t.Fatal(err)
				}
			}
			r.wantSame(ref) // with the commands of the last frame
			r.atMostOneMachine()
			r.source.Recover()
			r.both(ref, machine.Input{})
			r.wantKind(engine.GPU)
			r.wantSame(ref)
		})
	}
}

// A GPU that fails otherwise than by being lost is left as well; one that only
// refuses what the caller asked for is not.
func TestOnlyTheGPUsOwnErrorsLeaveIt(t *testing.T) {
	for _, c := range []struct {
		err  error
		want engine.Kind
	}{
		{errors.New("a validation error"), engine.CPU}, {engine.ErrUnsupported, engine.CPU},
		{machine.ErrView, engine.GPU}, {engine.ErrPage, engine.GPU}, {context.Canceled, engine.GPU},
	} {
		r := newRig(t, engine.OnGPU, ms, ms, endless)
		r.run(3)
		r.gpu.fail = c.err
		_, err := r.Read(t.Context(), machine.DataPage)
		if (err == nil) != (c.want == engine.CPU) {
			t.Errorf("%v: %v", c.err, err)
		}
		r.wantKind(c.want)
		r.gpu.fail = nil
		r.run(1)
	}
}

func TestLogBeginsAnewWhileTheGPULives(t *testing.T) {
	r, ref := newRig(t, engine.OnGPU, ms, 0, endless), reference(t, endless)
	r.gpu.snapshot = 15 * ms
	for range 50 {
		r.both(ref, machine.Input{})
	}
	if n := r.Replays(); n != 50 {
		t.Fatalf("%d frames to replay, before its time", n)
	}
	r.now = r.now.Add(engine.KeyframeAge)
	r.both(ref, machine.Input{})
	if n := r.Replays(); n != 1 {
		t.Fatalf("%d frames to replay, after its time", n)
	}
	r.source.Kill()
	r.wantSame(ref) // with the commands of frame 50
	r.source.Recover()
	r.both(ref, machine.Input{})

	// A snapshot that is dear is taken less often, but for ever it is not put off.
	r.gpu.snapshot = 300 * ms
	r.now = r.now.Add(engine.KeyframeAge)
	r.both(ref, machine.Input{}) // it is seen to be dear
	r.both(ref, machine.Input{})
	r.now = r.now.Add(2 * engine.KeyframeAge)
	r.both(ref, machine.Input{})
	if n := r.Replays(); n < 2 {
		t.Errorf("%d frames to replay after a second: that costs a sixth of the time", n)
	}
	for range engine.KeyframeFrames {
		r.both(ref, machine.Input{})
	}
	if n := r.Replays(); n >= engine.KeyframeFrames {
		t.Errorf("%d frames to replay", n)
	}
	r.source.Kill()
	r.wantSame(ref)
}

// What is replayed is bounded: a loss after a long run does not stop the picture.
func TestReplayAfterALongRunIsShort(t *testing.T) {
	for _, b := range []engine.Backend{engine.OnGPU, engine.Auto} {
		r := newRig(t, b, 20*ms, 16*ms/2, endless)
		r.run(1000)
		r.wantKind(engine.GPU)
		r.cpu.frames = 0
		r.source.Kill()
		r.run(1)
		if most := int(engine.KeyframeAge/(8*ms)) + 2; r.cpu.frames > most {
			t.Errorf("%v: %d frames were run again, of 1000", b, r.cpu.frames)
		}
	}
}

func TestProgramThatEndsTheGPUStaysOnTheCPU(t *testing.T) {
	r, ref := newRig(t, engine.OnGPU, ms, ms, endless), reference(t, endless)
	poison := func(_ context.Context, c enginetest.Call) error {
		if c == enginetest.Frame {
			r.source.Kill()
			return fmt.Errorf("%w: by this frame", engine.ErrLost)
		}
		return nil
	}
	r.source.Before = poison
	for i := range engine.StrikesToStay {
		r.both(ref, machine.Input{MouseX: int32(i)})
		r.wantKind(engine.CPU)
		r.source.Recover()
	}
	made, _ := r.source.Machines()
	for i := range 20 {
		r.both(ref, machine.Input{MouseX: int32(i)})
	}
	if again, _ := r.source.Machines(); again != made {
		t.Errorf("it was tried %d times more", again-made)
	}
	r.wantKind(engine.CPU)
	r.wantSame(ref)
	if why := r.Why(); !strings.Contains(why, "3 times") {
		t.Errorf("on the CPU because of %q", why)
	}
	r.source.Before = nil
	r.load("loop:\nFRAME\nJMP loop\n")
	r.run(1)
	r.wantKind(engine.GPU)
}

// Losses long apart, and those between two calls, are not the program's.
func TestLossesThatAreNotTheProgramsDoNotCount(t *testing.T) {
	r := newRig(t, engine.OnGPU, ms, ms, endless)
	for range 2 * engine.StrikesToStay {
		r.run(1)
		r.source.Kill()
		r.run(1)
		r.wantKind(engine.CPU)
		r.source.Recover()
		r.run(1)
		r.wantKind(engine.GPU)
	}
	for range 2 * engine.StrikesToStay {
		r.gpu.fail = engine.ErrLost
		r.run(1)
		r.wantKind(engine.CPU)
		r.gpu.fail = nil
		r.now = r.now.Add(time.Hour)
		r.run(1)
		r.wantKind(engine.GPU)
	}
}

// TestFallback: a machine that is on the CPU by choice has not fallen back to it.
func TestFallback(t *testing.T) {
	want := func(r *rig, reason string) {
		t.Helper()
		if got := r.Fallback(); (got == "") != (reason == "") || !strings.Contains(got, reason) {
			t.Errorf("it fell back because of %q, not %q", got, reason)
		}
	}
	r := newRig(t, engine.OnGPU, ms, ms, endless)
	r.run(1)
	want(r, "")
	r.source.Kill()
	r.run(1)
	want(r, "killed by a test")
	r.source.Set(engine.Status{State: engine.Unavailable, Reason: "no driver"})
	want(r, "no driver")

	r = newRig(t, engine.OnGPU, ms, ms, endless)
	r.gpu.fail = fmt.Errorf("%w: EACH", engine.ErrUnsupported)
	r.load(endless)
	want(r, "EACH")
	want(newRig(t, engine.Auto, ms, ms, endless), "")
}

func TestUnsupportedProgramRunsOnTheCPU(t *testing.T) {
	r, ref := newRig(t, engine.OnGPU, ms, ms, endless), reference(t, endless)
	r.run(1)
	r.gpu.fail = fmt.Errorf("%w: EACH", engine.ErrUnsupported)
	r.load(endless)
	made, _ := r.source.Machines()
	for range 3 {
		r.both(ref, machine.Input{})
	}
	if again, _ := r.source.Machines(); again != made {
		t.Error("it was tried again")
	}
	r.wantKind(engine.CPU)
	if !strings.Contains(r.Why(), "EACH") {
		t.Errorf("on the CPU because of %q", r.Why())
	}
	r.gpu.fail = nil
	r.load(endless)
	r.run(1)
	r.wantKind(engine.GPU)
}

const hello = "TXT 1 1 HELLO\nHALT\n"

// An ended program has no next frame before which it could move by a snapshot: it
// is run again on the GPU, for the sake of its last frame's commands.
func TestEndedProgramGoesToTheGPUWithItsCommands(t *testing.T) {
	r, ref := newRig(t, engine.OnGPU, ms, ms, endless), reference(t, hello)
	r.source.Kill()
	r.load(hello)
	r.both(ref, machine.Input{})
	r.wantKind(engine.CPU)
	r.source.Recover()
	if err := r.Render(t.Context(), machine.View{Width: 9, Height: 9, Scale: 1}, image.NewRGBA(image.Rect(0, 0, 9, 9))); err != nil {
		t.Fatal(err)
	}
	r.wantKind(engine.GPU)
	r.wantSame(ref)
	r.atMostOneMachine()
	r.both(ref, machine.Input{}) // it stays ended
	r.wantSame(ref)
}

// … if that is soon done. On the CPU only a short past is kept, however long the
// GPU is away.
func TestOnTheCPULittleIsRecorded(t *testing.T) {
	const hundred = "loop:\nSET n = n + 1\nTXT 0 0 {n}\nIF n == 100 HALT\nFRAME\nJMP loop\n"
	r, ref := newRig(t, engine.OnGPU, ms, ms, hello), reference(t, hundred)
	r.source.Kill()
	r.load(hundred)
	for range 100 {
		r.both(ref, machine.Input{})
		if n := r.Replays(); n > engine.ShortFrames {
			t.Fatalf("%d frames are kept", n)
		}
	}
	r.source.Recover()
	before := r.gpu.frames
	r.both(ref, machine.Input{})
	r.wantKind(engine.CPU)
	if r.gpu.frames != before {
		t.Error("it was run again")
	}
	r.wantSame(ref)
}

// A program that ended is not counted on: its frames do nothing, cost nothing and
// are not run again.
func TestEndedProgramStaysEnded(t *testing.T) {
	for _, b := range []engine.Backend{engine.OnGPU, engine.Auto} {
		r, ref := newRig(t, b, 10*ms, ms, hello), reference(t, hello)
		for range 500 { // time enough for many a trial
			r.both(ref, machine.Input{})
		}
		if n := r.Replays(); n != 1 {
			t.Errorf("%v: %d frames to replay", b, n)
		}
		if made, _ := r.source.Machines(); made > 1 || b == engine.Auto && made > 0 {
			t.Errorf("%v: %d machines on the GPU", b, made)
		}
		r.source.Kill()
		r.wantSame(ref)
		r.both(ref, machine.Input{})
		r.wantSame(ref)
	}
}

// … also one that had ended when it was restored.
func TestRestoredEndedProgramStaysEnded(t *testing.T) {
	for _, c := range []struct {
		b   engine.Backend
		src string
	}{{engine.OnGPU, hello}, {engine.Auto, hello}, {engine.Auto, "SET a = 0\nSET b = 1 / a\n"}} {
		b, ref := c.b, reference(t, c.src)
		if _, err := ref.Frame(t.Context(), machine.Input{}, 0); err != nil {
			t.Fatal(err)
		}
		r := newRig(t, b, 10*ms, ms, endless)
		if err := r.Restore(t.Context(), ref.Snapshot()); err != nil {
			t.Fatal(err)
		}
		for range 500 {
			r.both(ref, machine.Input{})
		}
		if n := r.Replays(); n != 0 {
			t.Errorf("%v: %d frames to replay", b, n)
		}
		if made, _ := r.source.Machines(); b == engine.Auto && made > 0 {
			t.Errorf("%d machines on the GPU", made)
		}
	}
}

func TestRestoredMachineOutlivesTheGPU(t *testing.T) {
	ref := reference(t, endless)
	for range 9 {
		if _, err := ref.Frame(t.Context(), machine.Input{}, 0); err != nil {
			t.Fatal(err)
		}
	}
	r := newRig(t, engine.OnGPU, ms, ms, hello)
	if err := r.Restore(t.Context(), ref.Snapshot()); err != nil {
		t.Fatal(err)
	}
	r.wantKind(engine.GPU)
	r.both(ref, machine.Input{MouseX: 3})
	r.source.Kill()
	r.both(ref, machine.Input{MouseX: 4})
	r.wantKind(engine.CPU)
	r.wantSame(ref)
}

// A load or a restore that fails leaves the machine as it was, wherever that is.
func TestFailedBeginningLeavesTheMachine(t *testing.T) {
	over, cancel := context.WithCancel(t.Context())
	cancel()
	for _, lost := range []bool{false, true} {
		r, ref := newRig(t, engine.OnGPU, ms, ms, endless), reference(t, endless)
		r.both(ref, machine.Input{})
		broken := ref.Snapshot()
		broken.State = broken.State[1:]
		if lost {
			r.source.Kill()
		}
		if err := r.Restore(t.Context(), broken); !errors.Is(err, machine.ErrSnapshot) {
			t.Error(err)
		}
		if err := r.Load(over, assemble(t, hello), 1); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		r.both(ref, machine.Input{})
		r.wantSame(ref)
		r.atMostOneMachine()
	}
}

// Kind, Adapter and Why answer while a frame runs.
func TestWhereItRunsIsToldDuringACall(t *testing.T) {
	r := newRig(t, engine.OnGPU, ms, ms, endless)
	asked := false
	r.source.Before = func(context.Context, enginetest.Call) error {
		asked = r.Kind() == engine.GPU && r.Adapter() == "stand-in" && r.Why() == ""
		return nil
	}
	r.run(1)
	if !asked {
		t.Error("it was not on the GPU")
	}
}

func TestFirstPictureDoesNotWaitForTheGPU(t *testing.T) {
	r := newRig(t, engine.OnGPU, ms, ms, endless)
	r.source.Set(engine.Status{State: engine.Starting})
	r.load(endless)
	r.run(1)
	r.wantKind(engine.CPU)
	if r.Why() != "the GPU is being opened" {
		t.Errorf("on the CPU because of %q", r.Why())
	}
	r.source.Recover()
	r.run(1)
	r.wantKind(engine.GPU)
}

// A move that fails leaves the machine where it is, and nothing where it was to go.
func TestAMoveThatFailsLeavesNothingBehind(t *testing.T) {
	r, ref := newRig(t, engine.OnGPU, ms, ms, endless), reference(t, endless)
	r.both(ref, machine.Input{})
	r.source.Kill()
	r.both(ref, machine.Input{})
	r.source.Recover()
	r.cpu.fail = errors.New("no memory")
	if _, err := r.Frame(t.Context(), machine.Input{}, 0); !errors.Is(err, r.cpu.fail) {
		t.Errorf("the machine went to the GPU without a snapshot: %v", err)
	}
	r.atMostOneMachine()
	r.cpu.fail = nil
	r.both(ref, machine.Input{})
	r.wantKind(engine.GPU)
	r.wantSame(ref)

	r.source.Kill()
	r.cpu.fail = errors.New("no memory")
	if _, err := r.Frame(t.Context(), machine.Input{}, 0); !errors.Is(err, r.cpu.fail) {
		t.Errorf("the machine went to the CPU without memory: %v", err)
	}
	if _, open := r.source.Machines(); open+r.cpus != 0 {
		t.Errorf("%d machines on the GPU and %d on the CPU are left", open, r.cpus)
	}
	r.cpu.fail = nil
	r.both(ref, machine.Input{})
	r.wantSame(ref)

	r = newRig(t, engine.Auto, 10*ms, 2*ms, endless)
	r.run(50)
	r.wantKind(engine.GPU)
	r.cpu.fail = errors.New("no memory")
	var err error
	for i := 0; i < 2*engine.WaitBetween && err == nil; i++ {
		_, err = r.Frame(t.Context(), machine.Input{}, 0)
	}
	if !errors.Is(err, r.cpu.fail) {
		t.Errorf("the machine went to the CPU on trial without memory: %v", err)
	}
	r.atMostOneMachine()
	r.cpu.fail = nil
	r.run(3)
}
