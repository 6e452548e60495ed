package worker

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"time"

	"gvpie/runtime/engine"
)

// errClosed is why nothing works after Close.
var errClosed = errors.New("the GPU worker was closed")

var _ engine.Source = (*Supervisor)(nil)

// Supervisor keeps a worker process alive. It is an engine.Source. All methods
// may be called from any goroutine; none but Close and WaitReady waits for the
// worker.
type Supervisor struct {
	config  Config
	closing chan struct{}
	closed  chan struct{} // closed when the run goroutine has ended
	once    sync.Once

	mu       sync.Mutex
	status   engine.Status
	process  *process // set when Ready
	machines uint32   // the newest machine's number
	watchers map[chan engine.Status]struct{}
	changed  chan struct{} // closed, and made anew, on every change of status
}

func newSupervisor(c Config, first engine.Status) *Supervisor {
	return &Supervisor{
		config: c, status: first,
		closing: make(chan struct{}), closed: make(chan struct{}),
		watchers: map[chan engine.Status]struct{}{}, changed: make(chan struct{}),
	}
}

// Start starts a worker and returns at once. With GVPIE_GPU=off in the
// environment, it starts none and says so.
func Start(c Config) *Supervisor {
	if os.Getenv("GVPIE_GPU") == "off" {
		return off(c, "GVPIE_GPU=off")
	}
	err := c.fillIn()
	s := newSupervisor(c, engine.Status{State: engine.Starting})
	if err != nil {
		return off(c, err.Error())
	}
	go s.run()
	return s
}

// off is a Supervisor that never starts a worker.
func off(c Config, reason string) *Supervisor {
	_ = c.fillIn() // the command, which alone can fail, is never started
	s := newSupervisor(c, engine.Status{State: engine.Off, Reason: reason})
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
			s.set(engine.Status{State: engine.Unavailable, Reason: end.reason})
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
				s.set(engine.Status{State: engine.Unavailable, Reason: fmt.Sprintf("%d attempts to open the GPU ended the worker: %s", startsBeforeUnavailable, end.reason)})
				if !s.pause(s.config.RetryUnavailable) {
					return
				}
				break
			}
			s.set(engine.Status{State: engine.Lost, Reason: end.reason})
			if !s.pause(s.config.Backoff(deaths)) {
				return
			}
		}
		s.mu.Lock()
		s.status.Restarts++
		s.setLocked(engine.Status{State: engine.Starting, Reason: s.status.Reason})
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
	s.setProcess(p, engine.Status{State: engine.Ready, Adapter: text})
	select {
	case <-p.dead:
		s.setProcess(nil, engine.Status{State: engine.Lost, Reason: p.failure.Error()})
		<-p.gone
		lived = s.config.Clock.Now().Sub(from)
		return fail(p.failure)
	case <-s.closing:
		s.setProcess(nil, engine.Status{State: engine.Off, Reason: errClosed.Error()})
		p.end(closeGrace)
		return fail(errClosed)
	}
}

// pause waits for d or, giving false, Close.
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
	}
	return true
}

// set changes the status, but for the count of restarts, and tells everyone.
func (s *Supervisor) set(st engine.Status) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.setLocked(st)
}

// setProcess makes p the process that machines are put in, and st the status.
func (s *Supervisor) setProcess(p *process, st engine.Status) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.process = p
	s.setLocked(st)
}

func (s *Supervisor) setLocked(st engine.Status) {
	st.Restarts = s.status.Restarts
	s.status = st
	close(s.changed)
	s.changed = make(chan struct{})
	for w := range s.watchers {
		offer(w, st)
	}
}

// offer puts st into w, in place of what is there unread.
func offer(w chan engine.Status, st engine.Status) {
	select {
	case <-w:
	default:
	}
	w <- st
}

// Status is the worker's state now.
func (s *Supervisor) Status() engine.Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.status
}

// Watch gives the status now, and whenever it changes. The channel holds the
// newest alone; cancel closes it.
func (s *Supervisor) Watch() (statuses <-chan engine.Status, cancel func()) {
	w := make(chan engine.Status, 1)
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
		case engine.Ready:
			if alive { // else it is about to be Lost
				return nil
			}
		case engine.Off, engine.Unavailable:
			return fmt.Errorf("%w: %s", engine.ErrUnavailable, st.Reason)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-changed:
		}
	}
}

// NewMachine makes a machine in the worker, to be lost with it.
func (s *Supervisor) NewMachine() engine.Machine {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.process == nil || !s.process.alive() {
		return engine.NoGPU(s.status.Reason).NewMachine()
	}
	s.machines++
	return &remote{p: s.process, number: s.machines, config: &s.config}
}

// Close ends the worker and returns when nothing of it is left. Its machines are
// lost.
func (s *Supervisor) Close() error {
	s.once.Do(func() {
		close(s.closing)
		<-s.closed
		if s.Status().State != engine.Off {
			s.set(engine.Status{State: engine.Off, Reason: errClosed.Error()})
		}
	})
	<-s.closed
	return nil
}
