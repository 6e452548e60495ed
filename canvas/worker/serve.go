package worker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"gvpie/runtime/engine"
)

// Device is the processor a worker serves. Engines made by New may be called
// at the same time as each other; each alone is called one call at a time.
type Device interface {
	// Adapter names the processor for a person.
	Adapter() string
	// New makes a machine with no program loaded.
	New() engine.Engine
	// Close gives the processor up, after every engine has been closed.
	Close()
}

// drainTime is how long Serve waits, once the parent is gone, for calls that
// were told to stop.
const drainTime = 2 * time.Second

// errStuck is returned by Serve when calls did not stop: the process can only
// be ended.
var errStuck = errors.New("the GPU did not stop what it was doing")

// Serve is the child's loop: it answers the requests that come from in until in
// ends. open is called once, after the hello; its error is what the parent shows
// for "no GPU", and then Serve ends too.
func Serve(in io.Reader, out io.Writer, open func() (Device, error)) error {
	return serve(newLink(in, out), inheritedFile, open)
}

// serve is Serve; inherit gives the files that the parent handed over.
func serve(l *link, inherit func(n int, name string) *os.File, open func() (Device, error)) error {
	s := &server{link: l, sessions: map[uint32]*session{}, active: map[uint32]*job{}, busy: make(chan struct{}, 1)}
	s.ctx, s.stop = context.WithCancel(context.Background())
	defer s.stop()
	interval, err := s.hello(inherit)
	if err != nil {
		return err
	}
	device, err := open()
	if err != nil {
		return errors.Join(err, s.ready(codeUnavailable, strings.TrimPrefix(err.Error(), engine.ErrUnavailable.Error()+": ")))
	}
	s.device = device
	if err := s.ready(codeOK, device.Adapter()); err != nil {
		return err
	}
	s.running.Go(func() { s.tellProgress(interval) })
	err = s.read()
	s.stop()
	for _, session := range s.sessions {
		close(session.queue)
	}
	drained := make(chan struct{})
	go func() {
		s.running.Wait()
		close(drained)
	}()
	select {
	case <-drained:
		device.Close()
		s.link.close()
		return err
	case <-time.After(drainTime):
		return errors.Join(err, errStuck)
	}
}

type server struct {
	link     *link
	device   Device
	ctx      context.Context // ends with the connection
	stop     context.CancelFunc
	sessions map[uint32]*session // by machine; only the reader uses it
	running  sync.WaitGroup      // every goroutine of the server
	busy     chan struct{}       // holds one: there was a request

	mu     sync.Mutex
	active map[uint32]*job // by request: queued or running
}

// job is one request, from when it is read to when it is answered.
type job struct {
	message *message
	ctx     *pulse
	cancel  context.CancelFunc
}

// pulse is the context of a running call. An engine that is getting on looks at
// its context between pieces of work; so looking is the proof of life that keeps
// a long frame from being taken for a hung one.
type pulse struct {
	context.Context
	beats atomic.Uint64
	told  uint64 // beats when the parent last heard of it
}

func (p *pulse) Done() <-chan struct{} {
	p.beats.Add(1)
	return p.Context.Done()
}

func (p *pulse) Err() error {
	p.beats.Add(1)
	return p.Context.Err()
}

// hello reads the first frame and takes the shared memory over.
func (s *server) hello(inherit func(n int, name string) *os.File) (progress time.Duration, err error) {
	m, err := s.link.receive()
	if err != nil {
		return 0, fmt.Errorf("no hello from a parent (gvpie starts this process itself): %w", err)
	}
	d := decoder{b: m.body}
	magic, version, shared, interval := d.u32(), d.u32(), d.bool(), time.Duration(d.i64())
	if m.kind != kindHello || magic != helloMagic || version == helloVersion && (!d.end() || interval <= 0) {
		return 0, protocolError("a %v frame of %d bytes in place of the hello", m.kind, len(m.body))
	}
	if version != helloVersion {
		text := fmt.Sprintf("the GPU worker speaks version %d of its protocol and its parent version %d: restart gvpie, which was replaced while it ran", helloVersion, version)
		return 0, errors.Join(errProtocol, s.ready(codeUnavailable, text))
	}
	if shared {
		in, out := inherit(0, "requests"), inherit(1, "replies")
		if in == nil || out == nil {
			return 0, protocolError("a hello that speaks of shared memory, and none handed over")
		}
		s.link.share(newAllocator(out), newMapping(in))
	}
	return interval, nil
}

func (s *server) ready(c code, text string) error {
	var body encoder
	body.u32(helloMagic)
	body.u32(helloVersion)
	body.str(cut(text))
	return s.link.send(&message{kind: kindReady, code: c, body: body})
}

// read takes requests until the parent closes the pipe, which is no error.
func (s *server) read() error {
	for {
		m, err := s.link.receive()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := s.take(m); err != nil {
			return err
		}
	}
}

// take starts one request. It never waits for an engine.
func (s *server) take(m *message) error {
	switch m.kind {
	case kindCancel:
		s.mu.Lock()
		j := s.active[m.request]
		s.mu.Unlock()
		if j != nil { // else it has been answered meanwhile
			j.cancel()
		}
		return nil
	case kindDrop:
		if session := s.sessions[m.machine]; session != nil {
			close(session.queue)
			delete(s.sessions, m.machine)
		}
		return nil
	case kindLoad, kindFrame, kindRead, kindCommands, kindHuman, kindRender, kindSnapshot, kindRestore, kindMany:
	default:
		return protocolError("a request of %v", m.kind)
	}
	t := s.sessions[m.machine]
	if t == nil {
		if m.machine == noMachine || len(s.sessions) >= maxMachines {
			return protocolError("machine %d beside %d others", m.machine, len(s.sessions))
		}
		t = &session{server: s, queue: make(chan *job, 1)}
		s.sessions[m.machine] = t
		s.running.Go(t.run)
	}
	j := &job{message: m}
	ctx, cancel := s.ctx, context.CancelFunc(nil)
	if m.timeout > 0 {
		ctx, cancel = context.WithTimeout(ctx, m.timeout)
	} else {
		ctx, cancel = context.WithCancel(ctx)
	}
	j.ctx, j.cancel = &pulse{Context: ctx}, cancel
	s.mu.Lock()
	twice := s.active[m.request] != nil
	s.active[m.request] = j
	s.mu.Unlock()
	s.wake()
	select {
	case t.queue <- j:
	default:
		twice = true
	}
	if twice {
		cancel()
		return protocolError("%v before the last request of machine %d was answered", m.kind, m.machine)
	}
	return nil
}

// answer sends the reply to a job and forgets it. That the parent is gone is
// noticed by the reader.
func (s *server) answer(j *job, reply *message) {
	s.mu.Lock()
	delete(s.active, j.message.request)
	s.mu.Unlock()
	j.cancel()
	_ = s.link.send(reply)
}

// tellProgress tells the parent, once an interval while there are requests, which
// of them are getting on.
func (s *server) tellProgress(interval time.Duration) {
	tick := time.NewTimer(interval)
	defer tick.Stop()
	for {
		select {
		case <-s.ctx.Done():
			return
		case <-s.busy:
		}
		tick.Reset(interval)
		select {
		case <-s.ctx.Done():
			return
		case <-tick.C:
		}
		if s.tellOnce() {
			s.wake()
		}
	}
}

// tellOnce tells of the requests whose engine has looked at its context since
// the last time, and, because machines of one processor take turns, of all
// others beside one that has. It says whether there are requests at all.
func (s *server) tellOnce() (active bool) {
	var own, beside []uint32
	s.mu.Lock()
	for request, j := range s.active {
		if beats := j.ctx.beats.Load(); beats != j.ctx.told {
			j.ctx.told = beats
			own = append(own, request)
		} else {
			beside = append(beside, request)
		}
	}
	s.mu.Unlock()
	if len(own) > 0 {
		for _, request := range own {
			_ = s.link.send(progress(request, true))
		}
		for _, request := range beside {
			_ = s.link.send(progress(request, false))
		}
	}
	return len(own)+len(beside) > 0
}

// wake makes tellProgress look after the next interval. A process with nothing
// to do does not wake up.
func (s *server) wake() {
	select {
	case s.busy <- struct{}{}:
	default:
	}
}

func progress(request uint32, own bool) *message {
	m := &message{kind: kindProgress, request: request}
	(*encoder)(&m.body).bool(own)
	return m
}
