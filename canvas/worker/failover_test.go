package worker

import (
	"context"
	"image"
	"strings"
	"testing"
	"time"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

func currentProcess(s *Supervisor) *process {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.process
}

// kill ends the worker as `kill -9` does.
func kill(t testing.TB, s *Supervisor) {
	t.Helper()
	p := currentProcess(s)
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-p.dead
}

func TestAnimationOutlivesKilledWorkerAndComesBack(t *testing.T) {
	both(t, func(t *testing.T, edit func(*Config)) {
		s, clock := started(t, "cpu", edit)
		e, ref := load(t, failover(s), bounce, 7), reference(t, bounce, 7)
		wantReports(t, run(t, e, 0, 30), run(t, ref, 0, 30))
		wantKind(t, e, engine.GPU)

		// No worker comes back while the clock stands: the second restart waits.
		kill(t, s)
		until(t, s, readyAgain(1))
		kill(t, s)
		clock.await(backoff(2))
		wantReports(t, run(t, e, 30, 30), run(t, ref, 30, 30))
		wantKind(t, e, engine.CPU)
		wantSame(t, e, ref)

		clock.advance(backoff(2))
		until(t, s, readyAgain(2))
		wantReports(t, run(t, e, 60, 30), run(t, ref, 60, 30))
		wantKind(t, e, engine.GPU)
		wantSame(t, e, ref)
		if e.(*engine.Failover).Why() != "" {
			t.Fatalf("on the GPU because of %q", e.(*engine.Failover).Why())
		}
	})
}

func TestFrameThatEndsTheWorkerIsRunOnTheCPU(t *testing.T) {
	for name, accident := range map[string]int32{"exit": exits, "abort": aborts, "garbage": babbles, "giant frame": inflates, "overrun": overruns, "device lost": breaks} {
		t.Run(name, func(t *testing.T) {
			s, _ := started(t, "cpu", nil)
			e, ref := load(t, failover(s), bounce, 7), reference(t, bounce, 7)
			run(t, e, 0, 3)
			run(t, ref, 0, 3)
			in := machine.Input{MouseX: 9, Buttons: accident}
			got, err := e.Frame(t.Context(), in, 0)
			if err != nil {
				t.Fatal(err)
			}
			wantKind(t, e, engine.CPU)
			want, err := ref.Frame(t.Context(), in, 0)
			if err != nil {
				t.Fatal(err)
			}
			wantReports(t, []machine.Report{got}, []machine.Report{want})
			wantSame(t, e, ref)
			st := until(t, s, readyAgain(1))
			if st.Restarts != 1 {
				t.Fatalf("%d restarts", st.Restarts)
			}
			run(t, e, 4, 1)
			run(t, ref, 4, 1)
			wantKind(t, e, engine.GPU)
			wantSame(t, e, ref)
		})
	}
}

func TestCallsOtherThanFrameOutliveTheWorker(t *testing.T) {
	s, _ := started(t, "cpu", nil)
	e, ref := load(t, failover(s), bounce, 7), reference(t, bounce, 7)
	run(t, e, 0, 5)
	run(t, ref, 0, 5)
	kill(t, s)
	wantSame(t, e, ref) // display first, then the rest, commands of the last frame too
	wantKind(t, e, engine.CPU)
	snap, err := e.Snapshot(t.Context())
	if err != nil || len(snap.Display) != isa.DefaultWidth*isa.DefaultHeight {
		t.Fatalf("snapshot of %d texels, %v", len(snap.Display), err)
	}
}

func TestHungFrameIsKilledAtItsDeadline(t *testing.T) {
	s, clock := started(t, "cpu", func(c *Config) {
		c.FrameTimeout = func(uint32) time.Duration { return 17 * time.Second }
	})
	e := load(t, failover(s), bounce, 7)
	done := make(chan error)
	go func() {
		_, err := e.Frame(context.Background(), machine.Input{Buttons: hangs}, 0)
		done <- err
	}()
	clock.await(17 * time.Second)
	clock.advance(17*time.Second - 1)
	if st := s.Status(); st.State != engine.Ready {
		t.Fatalf("%+v before the deadline", st)
	}
	clock.advance(1)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	wantKind(t, e, engine.CPU)
	until(t, s, readyAgain(1))
}

func TestLongFrameThatLivesIsNotKilled(t *testing.T) {
	s, clock := started(t, "cpu", func(c *Config) {
		c.FrameTimeout = func(uint32) time.Duration { return 17 * time.Second }
		c.progressEvery = time.Millisecond
	})
	e := load(t, failover(s), bounce, 7)
	p := currentProcess(s)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		_, err := e.Frame(ctx, machine.Input{Buttons: lives}, 0)
		done <- err
	}()
	clock.await(17 * time.Second)
	for range 10 {
		clock.advance(16 * time.Second)
		if !clock.awaitFresh(p, 17*time.Second) { // progress sets the watchdog back
			t.Fatal("killed though it lived")
		}
	}
	cancel()
	wantError(t, <-done, context.Canceled)
	if st := s.Status(); st.State != engine.Ready || st.Restarts != 0 {
		t.Fatalf("%+v", st)
	}
	run(t, e, 0, 1)
	wantKind(t, e, engine.GPU)
}

// A machine that waits for its turn shows no life; it is not killed while another
// does, unless it is for very long.
func TestCallBesideALivingOneHasMorePatience(t *testing.T) {
	const living, waiting = 11 * time.Second, 17 * time.Second
	s, clock := started(t, "cpu", func(c *Config) {
		c.FrameTimeout = func(budget uint32) time.Duration { return time.Duration(budget) * time.Second }
		c.progressEvery = time.Millisecond
	})
	a, b := load(t, s.NewMachine(), bounce, 1), load(t, s.NewMachine(), bounce, 2)
	p := currentProcess(s)
	done := make(chan error, 2)
	frame := func(e engine.Engine, accident int32, patience time.Duration) {
		_, err := e.Frame(context.Background(), machine.Input{Buttons: accident}, uint32(patience/time.Second))
		done <- err
	}
	go frame(a, lives, living)
	clock.await(living)
	go frame(b, waits, waiting)
	clock.await(waiting)
	from := clock.Now()
	for p.alive() {
		clock.advance(10 * time.Second)
		if clock.awaitFresh(p, living) && clock.Now().Sub(from) < besidePatience*waiting && !clock.awaitFresh(p, waiting) {
			t.Fatal("killed while another machine lived")
		}
	}
	wantError(t, <-done, engine.ErrLost)
	wantError(t, <-done, engine.ErrLost)
	if waited := clock.Now().Sub(from); waited < besidePatience*waiting || !strings.Contains(p.failure.Error(), waiting.String()) {
		t.Fatalf("%v after %v", p.failure, waited)
	}
}

func TestCancelledFrameStopsInTheWorkerAndLeavesTheMachine(t *testing.T) {
	s, clock := started(t, "cpu", func(c *Config) {
		c.FrameTimeout = func(uint32) time.Duration { return 17 * time.Second }
	})
	e, ref := load(t, failover(s), bounce, 7), reference(t, bounce, 7)
	run(t, e, 0, 3)
	run(t, ref, 0, 3)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		_, err := e.Frame(ctx, machine.Input{Buttons: waits}, 0)
		done <- err
	}()
	clock.await(17 * time.Second)
	cancel()
	wantError(t, <-done, context.Canceled)
	wantSame(t, e, ref)
	wantKind(t, e, engine.GPU)

	ctx, cancel = context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	_, err := e.Frame(ctx, machine.Input{Buttons: waits}, 0)
	wantError(t, err, context.DeadlineExceeded)
	wantReports(t, run(t, e, 3, 3), run(t, ref, 3, 3))
	wantSame(t, e, ref)
	if st := s.Status(); st.Restarts != 0 {
		t.Fatalf("%+v", st)
	}
}

func TestCallThatIgnoresItsCancellationIsKilled(t *testing.T) {
	s, clock := started(t, "cpu", nil)
	e, ref := load(t, failover(s), bounce, 7), reference(t, bounce, 7)
	run(t, e, 0, 3)
	run(t, ref, 0, 3)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		_, err := e.Frame(ctx, machine.Input{Buttons: hangs}, 0)
		done <- err
	}()
	clock.await(frameTimeout(0))
	cancel()
	clock.await(s.config.CancelGrace)
	clock.advance(s.config.CancelGrace)
	wantError(t, <-done, context.Canceled)
	wantReports(t, run(t, e, 3, 3), run(t, ref, 3, 3))
	wantSame(t, e, ref)
}

func TestFirstPictureDoesNotWaitForTheWorker(t *testing.T) {
	s, _ := start(t, "cpu", nil)
	e, ref := load(t, failover(s), bounce, 7), reference(t, bounce, 7)
	wantReports(t, run(t, e, 0, 2), run(t, ref, 0, 2))
	if err := s.WaitReady(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantReports(t, run(t, e, 2, 2), run(t, ref, 2, 2))
	wantKind(t, e, engine.GPU)
	wantSame(t, e, ref)
}

func TestUnsupportedProgramRunsOnTheCPU(t *testing.T) {
	s, _ := started(t, "cpu", nil)
	const plasma = "loop:\nEACH\nPUT px * py + frame\nEND\nFRAME\nJMP loop"
	e, ref := load(t, failover(s), plasma, 7), reference(t, plasma, 7)
	wantReports(t, run(t, e, 0, 3), run(t, ref, 0, 3))
	wantKind(t, e, engine.CPU)
	wantSame(t, e, ref)
	if why := e.(*engine.Failover).Why(); !strings.Contains(why, "EACH") {
		t.Fatalf("on the CPU because of %q", why)
	}
	if st := s.Status(); st.State != engine.Ready || st.Restarts != 0 {
		t.Fatalf("%+v", st)
	}
	load(t, e, bounce, 7)
	wantKind(t, e, engine.GPU)
}

// A pipeline is built when a block is first drawn: the frame that asks for it ends the
// worker, and comes from the CPU as if nothing had been.
func TestAWorkerThatDiesBuildingAPipelineChangesNothingSeen(t *testing.T) {
	s, _ := started(t, "builder", func(c *Config) { c.Backoff = func(int) time.Duration { return 0 } })
	const plasma = "loop:\nRECT (frame * 3) 2 9 9 red\nEACH\nIF px > frame PUT px * py + frame\nEND\nLOG {frame}\nFRAME\nJMP loop"
	e, ref := load(t, failover(s), bounce, 7), reference(t, bounce, 7)
	wantReports(t, run(t, e, 0, 3), run(t, ref, 0, 3))
	wantKind(t, e, engine.GPU)
	load(t, e, plasma, 7)
	ref = reference(t, plasma, 7)
	for i := range 6 {
		wantReports(t, run(t, e, i, 1), run(t, ref, i, 1))
		wantSame(t, e, ref)
		wantKind(t, e, engine.CPU)
		until(t, s, readyAgain(min(i+1, 3))) // from then on it is spared
	}
	load(t, e, bounce, 7)
	ref = reference(t, bounce, 7)
	wantReports(t, run(t, e, 0, 3), run(t, ref, 0, 3))
	wantKind(t, e, engine.GPU)
}

func TestPoisonProgramStaysOnTheCPU(t *testing.T) {
	s, _ := started(t, "cpu", func(c *Config) { c.Backoff = func(int) time.Duration { return 0 } })
	e, ref := load(t, failover(s), bounce, poisonSeed), reference(t, bounce, poisonSeed)
	for i := range 3 {
		wantReports(t, run(t, e, i, 1), run(t, ref, i, 1))
		wantKind(t, e, engine.CPU)
		until(t, s, readyAgain(i+1))
	}
	wantReports(t, run(t, e, 3, 20), run(t, ref, 3, 20))
	wantKind(t, e, engine.CPU)
	wantSame(t, e, ref)
	if st := s.Status(); st.State != engine.Ready || st.Restarts != 3 {
		t.Fatalf("%+v", st)
	}
	if why := e.(*engine.Failover).Why(); !strings.Contains(why, "3 times") {
		t.Fatalf("on the CPU because of %q", why)
	}
	load(t, e, "TXT 1 1 another\nHALT", poisonSeed+1)
	wantKind(t, e, engine.GPU)
}

func TestEndedProgramStaysEnded(t *testing.T) {
	s, _ := started(t, "cpu", nil)
	const hello = "TXT 10 10 HELLO GPU\nHALT"
	e, ref := load(t, failover(s), hello, 1), reference(t, hello, 1)
	wantReports(t, run(t, e, 0, 3), run(t, ref, 0, 3))
	kill(t, s)
	wantSame(t, e, ref)
	wantReports(t, run(t, e, 3, 2), run(t, ref, 3, 2))
	wantSame(t, e, ref)
}

func TestRestoredMachineOutlivesTheWorker(t *testing.T) {
	s, _ := started(t, "cpu", nil)
	ref := reference(t, bounce, 7)
	run(t, ref, 0, 9)
	snap, err := ref.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	e := failover(s)
	defer e.Close()
	if err := e.Restore(t.Context(), snap); err != nil {
		t.Fatal(err)
	}
	wantKind(t, e, engine.GPU)
	snap.Display = nil // it is the caller's, who may put another page in it
	run(t, e, 9, 3)
	run(t, ref, 9, 3)
	kill(t, s)
	run(t, e, 12, 3)
	run(t, ref, 12, 3)
	wantKind(t, e, engine.CPU)
	wantSame(t, e, ref)
}

func TestCallsWithoutProgramSaySo(t *testing.T) {
	s, _ := started(t, "cpu", nil)
	e := failover(s)
	defer e.Close()
	_, err := e.Frame(t.Context(), machine.Input{}, 0)
	wantError(t, err, engine.ErrNoProgram)
	_, err = e.Human(t.Context())
	wantError(t, err, engine.ErrNoProgram)
	wantError(t, e.Load(t.Context(), isa.Program{1}, 1), isa.ErrProgram)
}

func TestEndedProgramGoesToTheWorkerWithItsCommands(t *testing.T) {
	s, _ := start(t, "cpu", nil)
	const hello = "TXT 10 10 HELLO GPU\nHALT"
	e, ref := load(t, failover(s), hello, 1), reference(t, hello, 1)
	for e.Kind() == engine.CPU { // until the worker is ready, which it may be at once
		wantReports(t, run(t, e, 0, 1), run(t, ref, 0, 1))
		if err := s.WaitReady(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	kill(t, s)
	wantSame(t, e, ref)
	wantKind(t, e, engine.CPU)
	until(t, s, readyAgain(1))
	if err := e.Render(t.Context(), machine.View{Width: 9, Height: 9, Scale: 1}, image.NewRGBA(image.Rect(0, 0, 9, 9))); err != nil {
		t.Fatal(err)
	}
	wantKind(t, e, engine.GPU)
	wantSame(t, e, ref)
}
