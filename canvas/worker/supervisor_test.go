package worker

import (
	"context"
	"errors"
	"image"
	"strings"
	"sync"
	"testing"
	"time"

	"gvpie/runtime/engine"
	"gvpie/runtime/machine"
)

func TestNoAdapterIsUnavailableAndNotTriedAgain(t *testing.T) {
	s, clock := start(t, "none", nil)
	st := until(t, s, func(st engine.Status) bool { return st.State == engine.Unavailable })
	if st.Reason != "no adapter in this test" || st.Restarts != 0 {
		t.Fatalf("%+v", st)
	}
	err := s.WaitReady(t.Context())
	wantError(t, err, engine.ErrUnavailable)
	if !strings.Contains(err.Error(), st.Reason) {
		t.Fatalf("%v does not say why", err)
	}
	wantError(t, s.NewMachine().Load(t.Context(), assemble(t, "HALT"), 1), engine.ErrUnavailable)

	e, ref := load(t, failover(s), bounce, 7), reference(t, bounce, 7)
	wantReports(t, run(t, e, 0, 3), run(t, ref, 0, 3))
	wantKind(t, e, engine.CPU)
	if why := e.(*engine.Failover).Why(); why != st.Reason {
		t.Fatalf("on the CPU because of %q", why)
	}

	clock.await(s.config.RetryUnavailable)
	clock.advance(s.config.RetryUnavailable)
	until(t, s, func(st engine.Status) bool { return st.State == engine.Unavailable && st.Restarts == 1 })
}

func TestWorkerThatDiesAtStartIsUnavailable(t *testing.T) {
	for mode, want := range map[string]string{"die": "no adapter, says the driver", "garbage": errProtocol.Error()} {
		t.Run(mode, func(t *testing.T) {
			s, _ := start(t, mode, func(c *Config) { c.Backoff = func(int) time.Duration { return 0 } })
			st := until(t, s, func(st engine.Status) bool { return st.State == engine.Unavailable })
			if st.Restarts != startsBeforeUnavailable-1 || !strings.Contains(st.Reason, want) {
				t.Fatalf("%+v", st)
			}
		})
	}
}

func TestMissingProgramIsUnavailable(t *testing.T) {
	s, _ := start(t, "cpu", func(c *Config) {
		c.Command = []string{"/no/such/gvpie"}
		c.Backoff = func(int) time.Duration { return 0 }
	})
	st := until(t, s, func(st engine.Status) bool { return st.State == engine.Unavailable })
	if !strings.Contains(st.Reason, "/no/such/gvpie") {
		t.Fatalf("%+v", st)
	}
}

func TestBackoffGrowsAndIsForgottenByAHealthyWorker(t *testing.T) {
	var waits []int
	s, clock := started(t, "cpu", func(c *Config) {
		c.Backoff = func(n int) time.Duration {
			waits = append(waits, n)
			return 0
		}
	})
	for i := range 3 {
		kill(t, s)
		until(t, s, readyAgain(i+1))
	}
	clock.advance(s.config.Healthy)
	kill(t, s)
	until(t, s, readyAgain(4))
	s.Close()
	if want := []int{1, 2, 3, 1}; len(waits) != 4 || waits[0] != 1 || waits[2] != 3 || waits[3] != 1 {
		t.Fatalf("backoff asked for %v, want %v", waits, want)
	}
	if backoff(1) != 0 || backoff(2) != 250*time.Millisecond || backoff(4) != time.Second || backoff(100) != 30*time.Second {
		t.Fatal("backoff is not 0, 250 ms, doubled, 30 s at most")
	}
}

func TestOffInTheEnvironmentStartsNothing(t *testing.T) {
	t.Setenv("GVPIE_GPU", "off")
	s, _ := start(t, "cpu", func(c *Config) { c.Command = []string{"/no/such/gvpie"} })
	const reason = "GVPIE_GPU=off"
	if st := s.Status(); st != (engine.Status{State: engine.Off, Reason: reason}) {
		t.Fatalf("%+v", st)
	}
	wantError(t, s.WaitReady(t.Context()), engine.ErrUnavailable)
	e, ref := load(t, failover(s), bounce, 7), reference(t, bounce, 7)
	wantReports(t, run(t, e, 0, 2), run(t, ref, 0, 2))
	wantKind(t, e, engine.CPU)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if st := s.Status(); st.Reason != reason {
		t.Fatalf("%+v after Close", st)
	}
}

func TestCloseReleasesEveryone(t *testing.T) {
	s, clock := started(t, "cpu", nil)
	statuses, cancel := s.Watch()
	defer cancel()
	strict := load(t, s.NewMachine(), bounce, 7)
	done := make(chan error)
	go func() {
		_, err := strict.Frame(context.Background(), machine.Input{Buttons: waits}, 0)
		done <- err
	}()
	clock.await(frameTimeout(0))
	e, ref := load(t, failover(s), bounce, 7), reference(t, bounce, 7)
	run(t, e, 0, 3)
	run(t, ref, 0, 3)
	s.Close()
	if err := <-done; !errors.Is(err, engine.ErrLost) {
		t.Fatalf("the waiting call returned %v", err)
	}
	if st := <-statuses; st.State != engine.Off {
		t.Fatalf("%+v", st)
	}
	run(t, e, 3, 3)
	run(t, ref, 3, 3)
	wantKind(t, e, engine.CPU)
	wantSame(t, e, ref)
}

func TestCloseWhileStarting(t *testing.T) {
	s, _ := start(t, "cpu", nil)
	s.Close()
	if st := s.Status(); st.State != engine.Off {
		t.Fatalf("%+v", st)
	}
	wantError(t, s.WaitReady(t.Context()), engine.ErrUnavailable)
}

func TestWorkerThatDoesNotOpenIsKilled(t *testing.T) {
	s, clock := start(t, "silent", nil)
	clock.await(s.config.StartTimeout)
	clock.advance(s.config.StartTimeout)
	st := until(t, s, func(st engine.Status) bool { return st.Restarts == 1 })
	if !strings.Contains(st.Reason, errHung.Error()) {
		t.Fatalf("%+v", st)
	}
}

func TestLostWorkerIsStartedAgainAfterItsBackoff(t *testing.T) {
	s, clock := started(t, "cpu", func(c *Config) { c.Backoff = func(int) time.Duration { return time.Hour } })
	kill(t, s)
	clock.await(time.Hour)
	clock.advance(time.Hour - 1)
	if st := s.Status(); st.State != engine.Lost || !strings.Contains(st.Reason, "killed") {
		t.Fatalf("%+v", st)
	}
	clock.advance(1)
	until(t, s, readyAgain(1))
}

func TestWatchKeepsTheNewestAlone(t *testing.T) {
	s, _ := started(t, "cpu", func(c *Config) { c.Backoff = func(int) time.Duration { return 0 } })
	statuses, cancel := s.Watch()
	for i := range 3 {
		kill(t, s)
		until(t, s, readyAgain(i+1))
	}
	if st := <-statuses; !readyAgain(3)(st) {
		t.Fatalf("%+v", st)
	}
	cancel()
	cancel()
	if _, open := <-statuses; open {
		t.Fatal("the channel is open after cancel")
	}
}

func TestMachineSaysLostForEver(t *testing.T) {
	s, _ := started(t, "cpu", nil)
	m := s.NewMachine()
	load(t, m, bounce, 7)
	run(t, m, 0, 3)
	kill(t, s)
	if m.Alive() {
		t.Error("a machine is alive whose worker is not")
	}
	_, err := m.Frame(t.Context(), machine.Input{}, 0)
	wantError(t, err, engine.ErrLost)
	_, err = m.Human(t.Context())
	wantError(t, err, engine.ErrLost)
	until(t, s, readyAgain(1))
	wantError(t, m.Load(t.Context(), assemble(t, bounce), 7), engine.ErrLost)
	e, ref := load(t, s.NewMachine(), bounce, 7), reference(t, bounce, 7)
	wantReports(t, run(t, e, 0, 3), run(t, ref, 0, 3))
	wantSame(t, e, ref)
}

func TestMachinesOfOneWorkerRunSideBySide(t *testing.T) {
	both(t, func(t *testing.T, edit func(*Config)) {
		s, _ := started(t, "cpu", edit)
		var all sync.WaitGroup
		for seed := range int32(6) {
			e, ref := load(t, failover(s), bounce, seed), reference(t, bounce, seed)
			all.Go(func() {
				dst := image.NewRGBA(image.Rect(0, 0, 320, 200))
				for i := range 20 {
					in := input(i)
					if i == 10 && seed == 3 {
						in.Buttons = exits
					}
					if _, err := e.Frame(context.Background(), in, 0); err != nil {
						t.Error(err)
					}
					if _, err := ref.Frame(context.Background(), in, 0); err != nil {
						t.Error(err)
					}
					if err := e.Render(context.Background(), machine.View{Width: 320, Height: 200, Scale: 1}, dst); err != nil {
						t.Error(err)
					}
				}
			})
			defer func() { wantSame(t, e, ref) }()
		}
		all.Wait()
	})
}
