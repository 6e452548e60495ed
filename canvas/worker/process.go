package worker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"time"

	"gvpie/runtime/engine"
)

// errHung is why a process is killed that does not answer.
var errHung = errors.New("the GPU worker did not answer in time")

// process is one living child. Calls of any number of goroutines share it; one
// goroutine of its own reads what the child says. When it ends, for whatever
// reason, every call that waits on it returns engine.ErrLost at once.
type process struct {
	link    *link
	cmd     *exec.Cmd
	stdin   io.Closer
	clock   Clock
	grace   time.Duration // a cancelled call has this long to stop
	stderr  *stderrLines
	adapter string // set before the process is handed out

	ready chan *message // the answer to the hello
	dead  chan struct{} // closed when failure is set
	gone  chan struct{} // closed when the child is reaped and its memory unmapped

	mu      sync.Mutex
	pending map[uint32]*pending
	last    uint32         // the newest request number
	failure error          // why it ended; nil while it lives
	reaping bool           // the process number may be another's soon
	users   sync.WaitGroup // calls that may look at shared memory; added to under mu while failure is nil
}

// pending is a request that waits for its reply.
type pending struct {
	reply     chan *message // holds one
	watchdog  Timer
	patience  time.Duration
	moved     time.Time // when it was sent, or last showed progress of its own
	cancelled bool
}

// besidePatience is how many times its patience a call may wait that shows no
// progress itself while another machine's does.
const besidePatience = 12

// spawn starts a child and says hello. The answer comes in ready.
func spawn(c *Config) (*process, error) {
	cmd := exec.Command(c.Command[0], c.Command[1:]...)
	cmd.Env = append(os.Environ(), c.Env...)
	cmd.SysProcAttr = childAttributes()
	cmd.WaitDelay = time.Second
	lines := &stderrLines{logger: c.Logger}
	cmd.Stderr = lines
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		stdin.Close()
		return nil, err
	}
	p := &process{
		link: newLink(stdout, stdin), cmd: cmd, stdin: stdin, clock: c.Clock, grace: c.CancelGrace, stderr: lines,
		ready: make(chan *message, 1), dead: make(chan struct{}), gone: make(chan struct{}), pending: map[uint32]*pending{},
	}
	if haveShared && !c.noShared {
		if cmd.ExtraFiles, err = p.link.shareNew(); err != nil {
			c.Logger.Warn("no shared memory with the GPU worker: pictures go through its pipe", "reason", err)
		}
	}
	if err := cmd.Start(); err != nil {
		p.link.close()
		return nil, err
	}
	go p.read(stdout)
	var hello encoder
	hello.u32(helloMagic)
	hello.u32(helloVersion)
	hello.bool(p.link.out != nil)
	hello.i64(int64(c.progressEvery))
	_ = p.link.send(&message{kind: kindHello, body: hello}) // a child that is dead already is noticed by read
	return p, nil
}

// read is the goroutine that listens to the child, and buries it.
func (p *process) read(stdout io.Closer) {
	var err error
	for err == nil {
		var m *message
		if m, err = p.link.receive(); err == nil {
			err = p.dispatch(m)
		}
	}
	if errors.Is(err, errProtocol) {
		p.fail(err)
	}
	p.kill()
	p.mu.Lock()
	p.reaping = true
	p.mu.Unlock()
	waited := p.cmd.Wait()
	p.fail(p.obituary(waited))
	p.stdin.Close()
	stdout.Close()
	p.users.Wait()
	p.link.close()
	close(p.gone)
}

// obituary says in a sentence how the child ended by itself. What it wrote last
// is part of it, unless it was killed, of which it could know nothing.
func (p *process) obituary(waited error) error {
	how := "it exited"
	if waited != nil {
		how = waited.Error()
	}
	if said := p.stderr.telling(); said != "" && !killed(p.cmd.ProcessState) {
		how += ": " + said
	}
	return fmt.Errorf("the GPU worker ended: %s", how)
}

// dispatch hands a frame to whom it is for.
func (p *process) dispatch(m *message) error {
	switch m.kind {
	case kindReady:
		select {
		case p.ready <- m:
			return nil
		default:
			return protocolError("a second hello")
		}
	case kindProgress:
		p.mu.Lock()
		defer p.mu.Unlock()
		if c := p.pending[m.request]; c != nil && !c.cancelled {
			d := decoder{b: m.body}
			now := p.clock.Now()
			if d.bool() {
				c.moved = now
			}
			if now.Sub(c.moved) < besidePatience*c.patience {
				c.watchdog.Reset(c.patience)
			}
		}
		return nil
	case kindReply:
		p.mu.Lock()
		defer p.mu.Unlock()
		c := p.pending[m.request]
		if c == nil {
			return protocolError("a reply to request %d, which nobody waits for", m.request)
		}
		delete(p.pending, m.request)
		c.watchdog.Stop()
		c.reply <- m
		return nil
	}
	return protocolError("a %v frame from the child", m.kind)
}

// fail ends the process for the reason given; only the first counts.
func (p *process) fail(reason error) {
	p.mu.Lock()
	if p.failure != nil {
		p.mu.Unlock()
		return
	}
	p.failure = reason
	for _, c := range p.pending {
		c.watchdog.Stop()
	}
	p.mu.Unlock()
	close(p.dead)
	p.kill()
}

func (p *process) kill() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.reaping {
		killGroup(p.cmd.Process)
	}
}

func (p *process) alive() bool {
	select {
	case <-p.dead:
		return false
	default:
		return true
	}
}

// lost is the error of calls the process did not live to answer.
func (p *process) lost() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return fmt.Errorf("%w: %v", engine.ErrLost, p.failure)
}

// do sends a request and waits for its reply, which use may look at until it
// returns. A child that is silent for longer than patience is killed; so is one
// that does not stop within its grace when ctx ends. Errors: ctx's, the child's
// (a *remoteError), engine.ErrLost.
func (p *process) do(ctx context.Context, m *message, patience time.Duration, use func(reply *message) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if deadline, ok := ctx.Deadline(); ok {
		m.timeout = max(time.Until(deadline), 1)
	}
	return p.guarded(func() error { return p.exchange(ctx, m, patience, use) })
}

// guarded runs f, during which shared memory stays mapped.
func (p *process) guarded(f func() error) error {
	p.mu.Lock()
	if p.failure != nil {
		p.mu.Unlock()
		return p.lost()
	}
	p.users.Add(1)
	p.mu.Unlock()
	defer p.users.Done()
	return f()
}

func (p *process) exchange(ctx context.Context, m *message, patience time.Duration, use func(reply *message) error) error {
	p.mu.Lock()
	if p.failure != nil {
		p.mu.Unlock()
		return p.lost()
	}
	p.last++
	m.request = p.last
	c := &pending{reply: make(chan *message, 1), patience: patience, moved: p.clock.Now()}
	c.watchdog = p.clock.AfterFunc(patience, func() {
		p.fail(fmt.Errorf("%w: %v was silent for longer than %v", errHung, m.kind, patience))
	})
	p.pending[m.request] = c
	p.mu.Unlock()

	if err := p.link.send(m); err != nil {
		// The child is dying. read learns how, and says so.
		<-p.dead
	}
	ended := ctx.Done()
	for {
		select {
		case reply := <-c.reply:
			return p.finish(ctx, reply, use)
		case <-p.dead:
			select {
			case reply := <-c.reply: // it came in time
				return p.finish(ctx, reply, use)
			default:
				return p.lost()
			}
		case <-ended:
			ended = nil
			p.mu.Lock()
			if p.pending[m.request] == c {
				c.cancelled, c.patience = true, p.grace
				c.watchdog.Reset(p.grace)
			}
			p.mu.Unlock()
			_ = p.link.send(&message{kind: kindCancel, request: m.request, machine: m.machine})
		}
	}
}

func (p *process) finish(ctx context.Context, reply *message, use func(*message) error) error {
	if reply.code == codeOK {
		if use == nil {
			return nil
		}
		err := use(reply)
		if errors.Is(err, errProtocol) {
			p.fail(err)
			return p.lost()
		}
		return err
	}
	switch _, limited := ctx.Deadline(); {
	case reply.code == codeDeadline && limited: // its clock may be a little ahead of ours
		return context.DeadlineExceeded
	case reply.code == codeCanceled && ctx.Err() != nil:
		return ctx.Err()
	case reply.code == codeCanceled || reply.code == codeDeadline: // it stops all calls before it ends
		p.fail(errors.New("the GPU worker stopped by itself"))
		return p.lost()
	}
	d := decoder{b: reply.body}
	err := &remoteError{code: reply.code, text: d.str()}
	if reply.code == codeLost { // the device is gone, and with it all machines
		p.fail(err)
		return p.lost()
	}
	return err
}

// drop forgets a machine in the child, if the child still lives. It waits for
// no answer, but a child that does not even read is killed.
func (p *process) drop(machine uint32) {
	if !p.alive() {
		return
	}
	t := p.clock.AfterFunc(p.grace, func() { p.fail(fmt.Errorf("%w: drop took longer than %v", errHung, p.grace)) })
	_ = p.link.send(&message{kind: kindDrop, machine: machine})
	t.Stop()
}

// end lets the child go by closing its stdin, and kills it if it has not gone
// after patience. It returns when nothing of it is left.
func (p *process) end(patience time.Duration) {
	p.stdin.Close()
	t := p.clock.AfterFunc(patience, func() { p.fail(errClosed) })
	<-p.gone
	t.Stop()
}
