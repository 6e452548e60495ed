package worker

import (
	"fmt"
	"log/slog"
	"os"
	"time"

	"gvpie/runtime/isa"
)

// Config says how a worker is started and how patient its supervisor is. The
// zero value is what the program uses.
type Config struct {
	Command []string // default: this executable, gpu-worker
	Env     []string // added to this process's environment
	Logger  *slog.Logger
	Clock   Clock

	// StartTimeout is how long opening the GPU may take. Default 30 s: a driver
	// that compiles its own shaders first is slow.
	StartTimeout time.Duration
	// CallTimeout is how long a call other than Frame may go without a sign of
	// life. Default 10 s: a picture of 50 million pixels takes a software driver
	// on a busy computer a while.
	CallTimeout time.Duration
	// FrameTimeout is how long a frame may go without a sign of life. Default:
	// 10 s, and 1 s for every 500 000 cycles, a quarter of the slowest software
	// driver seen.
	FrameTimeout func(budget uint32) time.Duration
	// CancelGrace is how long a call may go on once its context has ended.
	// Default 2 s.
	CancelGrace time.Duration
	// Backoff is the wait before the nth restart in a row, from 1. Default: none
	// before the first, then 250 ms, doubled up to 30 s.
	Backoff func(n int) time.Duration
	// Healthy is how long a worker must live to count as well. Default 1 min.
	Healthy time.Duration
	// RetryUnavailable is when to look again where there was no GPU. Default
	// 10 min.
	RetryUnavailable time.Duration

	progressEvery time.Duration
	noShared      bool // payloads in frames, as where there is no shared memory
}

// closeGrace is how long a worker may take to end by itself when it is let go.
const closeGrace = 300 * time.Millisecond

// startsBeforeUnavailable is how many times in a row a worker may die before it
// is ready until the GPU counts as not to be had: some drivers end the process
// instead of saying that there is no adapter.
const startsBeforeUnavailable = 3

func (c *Config) fillIn() error {
	if len(c.Command) == 0 {
		exe, err := os.Executable()
		if err != nil {
			return fmt.Errorf("finding this program's own file: %w", err)
		}
		c.Command = []string{exe, "gpu-worker"}
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	if c.Clock == nil {
		c.Clock = systemClock{}
	}
	if c.FrameTimeout == nil {
		c.FrameTimeout = frameTimeout
	}
	if c.Backoff == nil {
		c.Backoff = backoff
	}
	for _, d := range []struct {
		at    *time.Duration
		value time.Duration
	}{
		{&c.StartTimeout, 30 * time.Second}, {&c.CallTimeout, 10 * time.Second}, {&c.CancelGrace, 2 * time.Second},
		{&c.Healthy, time.Minute}, {&c.RetryUnavailable, 10 * time.Minute}, {&c.progressEvery, 250 * time.Millisecond},
	} {
		if *d.at == 0 {
			*d.at = d.value
		}
	}
	return nil
}

func frameTimeout(budget uint32) time.Duration {
	if budget == 0 {
		budget = isa.DefaultBudget
	}
	return 10*time.Second + time.Duration(budget/500_000)*time.Second
}

func backoff(n int) time.Duration {
	if n <= 1 {
		return 0
	}
	return min(250*time.Millisecond<<min(n-2, 10), 30*time.Second)
}
