//go:build linux

package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"gvpie/canvas/worker"
	"gvpie/runtime/difftest"
	"gvpie/runtime/engine"
	"gvpie/runtime/host"
	"gvpie/runtime/store"
)

// A skipClock does not wait: whoever sleeps wakes at once, that much later.
type skipClock struct {
	now     time.Time
	sleeps  int
	onSleep func(n int)
}

func (c *skipClock) Now() time.Time { return c.now }
func (c *skipClock) After(d time.Duration) <-chan time.Time {
	c.now = c.now.Add(d)
	if c.sleeps++; c.onSleep != nil {
		c.onSleep(c.sleeps)
	}
	woken := make(chan time.Time, 1)
	woken <- c.now
	return woken
}

// cycles runs a loop with the first script for so many cycles on a backend. onSleep is
// called after each with their number and the GPU.
func cycles(t testing.TB, b engine.Backend, n int, onSleep func(int, *worker.Supervisor)) []store.Run {
	t.Helper()
	dir := t.TempDir()
	c := &invocation{Env: Env{Stdout: io.Discard, Stderr: io.Discard, Getenv: os.Getenv}, ctx: context.Background()}
	if bench, ok := t.(*testing.B); ok {
		bench.ResetTimer()
		defer bench.StopTimer()
	}
	clock := &skipClock{now: time.Now()}
	err := c.host(host.Config{
		Data: dir, Name: "a test", Backend: &b, Clock: clock, Interval: 10 * time.Second, Cycles: n,
		Limit: time.Hour, // a software driver has its time on a busy computer
	}, func(gpu *worker.Supervisor) {
		if onSleep != nil {
			clock.onSleep = func(n int) { onSleep(n, gpu) }
		}
	})
	if errors.As(err, new(unavailable)) {
		difftest.SkipWithoutGPU(t, err)
	}
	if err != nil {
		t.Fatal(err)
	}
	s, _, err := store.Open(context.Background(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	runs, err := s.Runs(context.Background(), store.Page{Limit: n})
	if err != nil {
		t.Fatal(err)
	}
	return runs
}

// BenchmarkCycle is a cycle with one hello script, its commits included.
func BenchmarkCycle(b *testing.B) {
	for _, backend := range []engine.Backend{engine.OnCPU, engine.OnGPU} {
		b.Run(backend.String(), func(b *testing.B) { cycles(b, backend, b.N, nil) })
	}
}

// workerPID finds this process's process of the GPU; 0 where it is not to be seen.
func workerPID() int { return workerOf(os.Getpid()) }

// workerOf finds that of any process.
func workerOf(parent int) int {
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", parent))
	for _, task := range tasks {
		children, _ := os.ReadFile(task)
		for _, pid := range strings.Fields(string(children)) {
			if line, _ := os.ReadFile("/proc/" + pid + "/cmdline"); strings.Contains(string(line), "gpu-worker") {
				n, _ := strconv.Atoi(pid)
				return n
			}
		}
	}
	return 0
}

// workerGauge is what the GPU's process holds: memory in KB, open files.
func workerGauge(t *testing.T) (kb int64, files int) {
	t.Helper()
	proc := fmt.Sprintf("/proc/%d/", workerPID())
	status, _ := os.ReadFile(proc + "status")
	_, rss, ok := strings.Cut(string(status), "VmRSS:")
	if !ok {
		t.Skip("what the GPU's process holds is not to be seen here")
	}
	kb, _ = strconv.ParseInt(strings.Fields(rss)[0], 10, 64)
	open, _ := os.ReadDir(proc + "fd")
	return kb, len(open)
}

// TestLoopOutlivesItsGPU kills the worker three times while scripts run in it.
func TestLoopOutlivesItsGPU(t *testing.T) {
	if testing.Short() {
		t.Skip("starts GPU processes")
	}
	const n = 30
	seen := true
	runs := cycles(t, engine.OnGPU, n, func(slept int, gpu *worker.Supervisor) {
		switch slept % 10 {
		case 4: // the next run is in a worker
			if err := gpu.WaitReady(t.Context()); err != nil {
				t.Error(err)
			}
		case 5:
			if pid := workerPID(); pid != 0 {
				go syscall.Kill(pid, syscall.SIGKILL) // while the next script runs, more or less
			} else {
				seen = false
			}
		}
	})
	if !seen {
		t.Skip("the GPU's process is not to be seen here")
	}
	onCPU := 0
	for _, r := range runs {
		if !r.Success {
			t.Errorf("run %+v", r)
		}
		if r.Backend == "CPU" {
			onCPU++
		}
	}
	t.Logf("%d of %d runs on the CPU", onCPU, len(runs)) // that follow a kill, unless the next worker comes at once
	if len(runs) != n || onCPU == n {
		t.Errorf("%d runs, %d of them on the CPU", len(runs), onCPU)
	}
}

// TestLoopOnTheGPUHoldsNoMoreThanItNeeds runs cycles in a worker and looks at what
// that process holds.
func TestLoopOnTheGPUHoldsNoMoreThanItNeeds(t *testing.T) {
	if testing.Short() {
		t.Skip("a long run")
	}
	n, warm := 120, 60
	if os.Getenv("GVPIE_SOAK") == "1" {
		n, warm = 3000, 500
	}
	var kb, kbLast int64
	var files, filesLast int
	began := time.Now()
	runs := cycles(t, engine.OnGPU, n, func(slept int, _ *worker.Supervisor) {
		switch slept {
		case warm:
			kb, files = workerGauge(t)
		case n - 1:
			kbLast, filesLast = workerGauge(t)
		}
	})
	took := time.Since(began)
	for _, r := range runs {
		if !r.Success || r.Backend != "GPU" {
			t.Fatalf("run %+v", r)
		}
	}
	t.Logf("%d cycles, %v each; the worker's memory %d to %d KB, its files %d to %d", n, (took / time.Duration(n)).Round(time.Microsecond), kb, kbLast, files, filesLast)
	if len(runs) != n || filesLast > files || float64(kbLast) > 1.05*float64(kb) {
		t.Errorf("%d runs; the worker grew", len(runs))
	}
}
