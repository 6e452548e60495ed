//go:build cgo

package worker

import (
	"errors"
	"fmt"
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
	e := failover(s)
	t.Cleanup(func() { e.Close() })
	for kills := range 3 {
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
