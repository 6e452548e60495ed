package worker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"sync"
	"time"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
)

// errClosed is why nothing works after Close.
var errClosed = errors.New("the GPU worker was closed")

// Config says how a worker is started and how patient its supervisor is. The
// zero value is what the program uses.
type Config struct {
	Command []string // default: this executable, gpu-worker
	Env     []string // added to this process's environment
	Logger  *slog.Logger
	Clock   Clock
	// CPU makes the engines that machines go on with when there is no worker.
	// Default engine.NewCPU.
	CPU func() engine.Engine

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
	// 10 min; Retry looks at once.
	RetryUnavailable time.Duration

	progressEvery time.Duration
	noShared      bool // bulk in frames, as where there is no shared memory
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
	if c.CPU == nil {
		c.CPU = engine.NewCPU
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

// State is what a worker is doing.
type State uint8

const (
	Starting    State = iota // the process is starting, or the GPU is being opened
	Ready                    // machines run on the GPU
	Lost                     // it ended and will be restarted
	Off                      // not wanted, or closed
	Unavailable              // there is no GPU to be had
)

func (s State) String() string {
	return [...]string{"starting", "ready", "lost", "off", "unavailable"}[s]
}

// Status is what a person may want to know about the worker.
type Status struct {
	State    State
	Adapter  string // when Ready
	Reason   string // when Lost, Off, Unavailable: why, for a person; when Starting again: why the last one ended
	Restarts int    // processes started after the first
}

// Supervisor keeps a worker process alive. All methods may be called from any
// goroutine; none but Close and WaitReady waits for the worker.
type Supervisor struct {
	config  Config
	closing chan struct{}
	closed  chan struct{} // closed when the run goroutine has ended
	retry   chan struct{} // holds one
	once    sync.Once

	mu       sync.Mutex
	status   Status
	process  *process // set when Ready
	machines uint32   // the newest machine's number
	watchers map[chan Status]struct{}
	changed  chan struct{} // closed, and made anew, on every change of status
}

func newSupervisor(c Config, first Status) *Supervisor {
	return &Supervisor{
		config: c, status: first,
		closing: make(chan struct{}), closed: make(chan struct{}), retry: make(chan struct{}, 1),
		watchers: map[chan Status]struct{}{}, changed: make(chan struct{}),
	}
}

// Start starts a worker and returns at once. With GVPIE_GPU=off in the
// environment, it starts none and says so.
func Start(c Config) *Supervisor {
	if os.Getenv("GVPIE_GPU") == "off" {
		return off(c, "GVPIE_GPU=off")
	}
	err := c.fillIn()
	s := newSupervisor(c, Status{State: Starting})
	if err != nil {
		return off(c, err.Error())
	}
	go s.run()
	return s
}

// StartOff is a Supervisor that never starts a worker, for the reason given:
// "--backend cpu".
func StartOff(reason string) *Supervisor { return off(Config{}, reason) }

func off(c Config, reason string) *Supervisor {
	_ = c.fillIn() // the command, which alone can fail, is never started
	s := newSupervisor(c, Status{State: Off, Reason: reason})
	close(s.closed)
	return s
}

// run is the goroutine that starts workers, one after the other. It keeps its
// thread: Linux kills the child when the thread that started it ends, and Go may
// end any other.
func (s *Supervisor) run() {
	defer close(s.closed)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	deaths, unready := 0, 0 // in a row; of them, before they were ready
	for {
		ready, lived, end := s.serve()
		switch {
		case end.unavailable:
			deaths, unready = 0, 0
			s.config.Logger.Warn("no GPU", "reason", end.reason)
			s.set(Status{State: Unavailable, Reason: end.reason})
			if !s.pause(s.config.RetryUnavailable) {
				return
			}
		case errors.Is(end.err, errClosed):
			return
		default:
			if deaths++; ready && lived >= s.config.Healthy {
				deaths = 1
			}
			if unready++; ready {
				unready = 0
			}
			s.config.Logger.Warn("GPU worker lost", "reason", end.reason, "in a row", deaths)
			if unready >= startsBeforeUnavailable {
				deaths, unready = 0, 0
				s.set(Status{State: Unavailable, Reason: fmt.Sprintf("%d attempts to open the GPU ended the worker: %s", startsBeforeUnavailable, end.reason)})
				if !s.pause(s.config.RetryUnavailable) {
					return
				}
				break
			}
			s.set(Status{State: Lost, Reason: end.reason})
			if !s.pause(s.config.Backoff(deaths)) {
				return
			}
		}
		select {
		case <-s.retry: // one that came too late
		default:
		}
		s.mu.Lock()
		s.status.Restarts++
		s.setLocked(Status{State: Starting, Reason: s.status.Reason})
		s.mu.Unlock()
	}
}

// ending is how a worker ended.
type ending struct {
	err         error
	reason      string
	unavailable bool
}

// serve starts one worker and waits for its end.
func (s *Supervisor) serve() (ready bool, lived time.Duration, end ending) {
	fail := func(err error) (bool, time.Duration, ending) {
		return ready, lived, ending{err: err, reason: err.Error()}
	}
	p, err := spawn(&s.config)
	if err != nil {
		return fail(fmt.Errorf("the GPU worker did not start: %w", err))
	}
	t := s.config.Clock.AfterFunc(s.config.StartTimeout, func() {
		p.fail(fmt.Errorf("%w: opening the GPU took longer than %v", errHung, s.config.StartTimeout))
	})
	defer t.Stop()
	var hello *message
	select {
	case hello = <-p.ready:
	case <-p.dead:
		<-p.gone
		select {
		case hello = <-p.ready: // it said why, and ended
		default:
			return fail(p.failure)
		}
	case <-s.closing:
		p.fail(errClosed) // nothing is lost by killing a worker that has not begun
		<-p.gone
		return fail(errClosed)
	}
	t.Stop()
	d := decoder{b: hello.body}
	magic, version, text := d.u32(), d.u32(), d.str()
	switch {
	case magic != helloMagic || !d.end():
		p.fail(protocolError("a hello that does not read"))
		<-p.gone
		return fail(p.failure)
	case hello.code != codeOK:
		p.end(closeGrace)
		return ready, lived, ending{unavailable: true, reason: text}
	case version != helloVersion:
		p.end(closeGrace)
		return ready, lived, ending{unavailable: true, reason: fmt.Sprintf("the GPU worker speaks version %d of its protocol, this gvpie version %d: restart it", version, helloVersion)}
	}
	p.adapter = text
	ready = true
	from := s.config.Clock.Now()
	s.hand(p, Status{State: Ready, Adapter: text})
	select {
	case <-p.dead:
		s.hand(nil, Status{State: Lost, Reason: p.failure.Error()})
		<-p.gone
		lived = s.config.Clock.Now().Sub(from)
		return fail(p.failure)
	case <-s.closing:
		s.hand(nil, Status{State: Off, Reason: errClosed.Error()})
		p.end(closeGrace)
		return fail(errClosed)
	}
}

// pause waits for d, a Retry, or, giving false, Close.
func (s *Supervisor) pause(d time.Duration) bool {
	over := make(chan struct{})
	if d > 0 {
		t := s.config.Clock.AfterFunc(d, func() { close(over) })
		defer t.Stop()
	} else {
		close(over)
	}
	select {
	case <-s.closing:
		return false
	case <-over:
	case <-s.retry:
	}
	return true
}

// Retry starts a lost or unavailable worker again without waiting further.
func (s *Supervisor) Retry() {
	if st := s.Status().State; st != Lost && st != Unavailable {
		return
	}
	select {
	case s.retry <- struct{}{}:
	default:
	}
}

// set changes the status, but for the count of restarts, and tells everyone.
func (s *Supervisor) set(st Status) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.setLocked(st)
}

// hand makes p the process that machines are put in, and st the status.
func (s *Supervisor) hand(p *process, st Status) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.process = p
	s.setLocked(st)
}

func (s *Supervisor) setLocked(st Status) {
	st.Restarts = s.status.Restarts
	s.status = st
	close(s.changed)
	s.changed = make(chan struct{})
	for w := range s.watchers {
		offer(w, st)
	}
}

// offer puts st into w, in place of what is there unread.
func offer(w chan Status, st Status) {
	select {
	case <-w:
	default:
	}
	w <- st
}

// Status is the worker's state now.
func (s *Supervisor) Status() Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.status
}

// Watch gives the status now, and whenever it changes. The channel holds the
// newest alone; cancel closes it.
func (s *Supervisor) Watch() (statuses <-chan Status, cancel func()) {
	w := make(chan Status, 1)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.watchers[w] = struct{}{}
	w <- s.status
	return w, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if _, ok := s.watchers[w]; ok {
			delete(s.watchers, w)
			close(w)
		}
	}
}

// WaitReady waits until the worker is ready. It returns engine.ErrUnavailable,
// with the reason, when there will be none, and ctx's error when it ends first.
func (s *Supervisor) WaitReady(ctx context.Context) error {
	for {
		s.mu.Lock()
		st, changed := s.status, s.changed
		alive := s.process != nil && s.process.alive()
		s.mu.Unlock()
		switch st.State {
		case Ready:
			if alive { // else it is about to be Lost
				return nil
			}
		case Off, Unavailable:
			return fmt.Errorf("%w: %s", engine.ErrUnavailable, st.Reason)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-changed:
		}
	}
}

// New makes a machine that runs on the GPU while there is a worker, and on the
// CPU when there is none or it cannot run the program, without a difference but
// in Kind, Adapter and speed. See [Survivor].
func (s *Supervisor) New() engine.Engine { return newSurvivor(s) }

// NewStrict makes a machine that runs on the GPU alone. Load and Restore wait
// for the worker; they return engine.ErrUnavailable when there is none, and
// engine.ErrUnsupported for a program the GPU does not run. When the worker is
// lost, every method returns engine.ErrLost until the next Load or Restore.
func (s *Supervisor) NewStrict() engine.Engine { return &strict{s: s} }

// remote makes a machine in the worker, or nil when it is not ready.
func (s *Supervisor) remote() *remote {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.process == nil || !s.process.alive() {
		return nil
	}
	s.machines++
	return &remote{p: s.process, number: s.machines, config: &s.config}
}

// Close ends the worker and returns when nothing of it is left. Engines go on
// on the CPU.
func (s *Supervisor) Close() error {
	s.once.Do(func() {
		close(s.closing)
		<-s.closed
		if s.Status().State != Off {
			s.set(Status{State: Off, Reason: errClosed.Error()})
		}
	})
	<-s.closed
	return nil
}
