//go:build cgo

package worker

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"log/slog"
	"os"
	"testing"

	"gvpie/runtime/difftest"
	"gvpie/runtime/engine"
	"gvpie/runtime/machine"
)

// withGPU starts the real worker; without a driver the test is skipped, as the
// program goes on without one.
func withGPU(t testing.TB) *Supervisor {
	t.Helper()
	s := Start(Config{
		Command: []string{os.Args[0]}, Env: []string{standInEnv + "=real", "GORACE=atexit_sleep_ms=0"},
		Logger: slog.New(slog.NewTextHandler(t.Output(), nil)),
	})
	t.Cleanup(func() { s.Close() })
	err := s.WaitReady(t.Context())
	if errors.Is(err, engine.ErrUnavailable) {
		difftest.SkipWithoutGPU(t, err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestGPUWorkerAgreesWithTheReference(t *testing.T) {
	s := withGPU(t)
	difftest.Cases(t, opener(machines(s)))
	difftest.Corpus(t, opener(machines(s)), nil)
	difftest.Random(t, opener(machines(s)), 20, 2, false)
	if st := s.Status(); st.State != engine.Ready || st.Restarts != 0 {
		t.Fatalf("%+v", st)
	}
}

func TestABatchCrossesThePipe(t *testing.T) {
	m := withGPU(t).NewMachine()
	t.Cleanup(func() { m.Close() })
	difftest.Batches(t, m.(engine.Batcher), 60, 3)
}

func TestAnimationOutlivesKilledGPUAndComesBack(t *testing.T) {
	s := withGPU(t)
	e, ref := load(t, failover(s), bounce, 7), reference(t, bounce, 7)
	first := 0
	for kills := range 3 {
		wantReports(t, run(t, e, first, 20), run(t, ref, first, 20))
		wantKind(t, e, engine.GPU)
		kill(t, s)
		wantReports(t, run(t, e, first+20, 5), run(t, ref, first+20, 5))
		wantSame(t, e, ref)
		until(t, s, readyAgain(kills+1))
		first += 25
	}
	run(t, e, first, 1)
	run(t, ref, first, 1)
	wantKind(t, e, engine.GPU)
	wantSame(t, e, ref)
}

// TestFramesOutliveAWorkerKilledAroundABuild: whenever it is, before the pipeline of the
// frame's block is built, meanwhile, or after.
func TestFramesOutliveAWorkerKilledAroundABuild(t *testing.T) {
	s := withGPU(t)
	for kills, open := range []func(*Supervisor) *engine.Failover{failover, live, failover, live} {
		e := open(s)
		t.Cleanup(func() { e.Close() })
		source := fmt.Sprintf("loop:\nEACH\nPUT sin(px * %d) * py + frame\nEND\nFRAME\nJMP loop", 3+kills) // one more pipeline
		if err := e.Load(t.Context(), assemble(t, source), 1); err != nil {
			t.Fatal(err)
		}
		ref := reference(t, source, 1)
		framed := make(chan error)
		var report machine.Report
		go func() {
			var err error
			report, err = e.Frame(t.Context(), machine.Input{}, 0)
			framed <- err
		}()
		kill(t, s)
		if err := <-framed; err != nil {
			t.Fatal(err)
		}
		wantReports(t, []machine.Report{report}, run(t, ref, 0, 1))
		wantSame(t, e, ref)
		until(t, s, readyAgain(kills+1))
		wantReports(t, run(t, e, 1, 2), run(t, ref, 1, 2))
		wantSame(t, e, ref)
	}
}

// TestALiveMachineComesToTheGPU when its pipelines are built, and is the same all the while.
func TestALiveMachineComesToTheGPU(t *testing.T) {
	s := withGPU(t)
	e, ref := live(s), engine.NewCPU()
	t.Cleanup(func() { e.Close(); ref.Close() })
	view := machine.View{Texture: machine.HumanTexture, Width: 90, Height: 50, Scale: 2}
	picture, want := image.NewRGBA(image.Rect(0, 0, 90, 50)), image.NewRGBA(image.Rect(0, 0, 90, 50))
	for i := range 2 {
		p := assemble(t, fmt.Sprintf(".canvas 40 20\nloop:\nEACH\nPUT sin(px * %d) * py + frame\nEND\nIF frame > 3 RECT 2 2 9 9 red\nFRAME\nJMP loop", 31+i))
		for _, m := range []engine.Engine{e, ref} {
			if err := m.Load(t.Context(), p, 1); err != nil {
				t.Fatal(err)
			}
		}
		cpu, onGPU := 0, 0
		for frame := 0; onGPU < 8; frame++ {
			wantReports(t, run(t, e, frame, 1), run(t, ref, frame, 1))
			wantSame(t, e, ref)
			if err := errors.Join(e.Render(t.Context(), view, picture), ref.Render(t.Context(), view, want)); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(picture.Pix, want.Pix) {
				t.Fatal("it looks otherwise")
			}
			if e.Kind() == engine.GPU {
				onGPU++
			} else {
				cpu++
			}
		}
		if cpu == 0 {
			t.Error("its first frame waited for a pipeline")
		}
	}
	if st := s.Status(); st.State != engine.Ready || st.Restarts != 0 {
		t.Fatalf("%+v", st)
	}
}

// BenchmarkKeystroke is a number in a block changed, and the picture that follows, with a
// pipeline that the GPU has never built.
func BenchmarkKeystroke(b *testing.B) {
	s := withGPU(b)
	view := machine.View{Texture: machine.HumanTexture, Width: 700, Height: 500, Scale: 3}
	dst := image.NewRGBA(image.Rect(0, 0, 700, 500))
	n := os.Getpid() * 100_000 // drivers keep shaders on disk
	for name, e := range map[string]engine.Engine{"waits": failover(s), "live": live(s)} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				n++
				p := assemble(b, fmt.Sprintf(".canvas 240 136 pixel\nloop:\nEACH\nFOR i = 0 TO 9\nSET k = k + sin(px * 6 + i * 40) / 90 + px * %d\nIF k > 1000 SET k = k / (i + 1)\nEND\nPUT k\nEND\nFRAME\nJMP loop", n))
				if err := e.Load(b.Context(), p, 1); err != nil {
					b.Fatal(err)
				}
				run(b, e, 0, 1)
				if err := e.Render(b.Context(), view, dst); err != nil {
					b.Fatal(err)
				}
			}
		})
		e.Close()
	}
}

// BenchmarkHello is source text assembled already to human texture in hand.
func BenchmarkHello(b *testing.B) {
	s := withGPU(b)
	e := load(b, s.NewMachine(), "TXT 10 10 HELLO GPU\nHALT", 1)
	p := assemble(b, "TXT 10 10 HELLO GPU\nHALT")
	for b.Loop() {
		if err := e.Load(b.Context(), p, 1); err != nil {
			b.Fatal(err)
		}
		run(b, e, 0, 1)
		if _, err := e.Human(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}
