package worker

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// Survivor is the engine of [Supervisor.New]: a machine that outlives the worker
// it runs in. It is in one of two places, a worker or a CPU engine of its own,
// and moves between them only between two calls: to the CPU when the worker
// ends, by replaying its journal, and then doing there what failed; to the GPU
// before a frame, by a snapshot, as soon as a worker is ready. Calls never wait
// for a worker to start.
//
// Two kinds of program stay on the CPU: one the GPU cannot run, and one during
// whose calls the worker ended strikesToStay times.
//
// Kind, Adapter and Why may be called at any time, also during another call.
type Survivor struct {
	s    *Supervisor
	seen atomic.Pointer[host]

	mu      sync.Mutex    // guards the rest, through every call
	journal *journal      // nil: no program
	remote  *remote       // the machine, when it is in a worker
	cpu     engine.Engine // the machine, when not; both nil: to be replayed
	ended   bool          // the program halted or failed: frames do nothing
	strikes strikes
	cannot  error // why the GPU does not run this program
}

// host is what the last call ran on.
type host struct {
	kind         engine.Kind
	adapter, why string
}

var _ engine.Engine = (*Survivor)(nil)

func newSurvivor(s *Supervisor) *Survivor {
	e := &Survivor{s: s}
	e.seen.Store(&host{kind: engine.CPU, why: s.Status().Reason})
	return e
}

// Kind is the processor that ran the last call.
func (e *Survivor) Kind() engine.Kind { return e.seen.Load().kind }

// Adapter names the processor that ran the last call.
func (e *Survivor) Adapter() string { return e.seen.Load().adapter }

// Why says, for a person, why the last call ran on the CPU; "" when it did not.
func (e *Survivor) Why() string { return e.seen.Load().why }

// Load replaces the machine. A program the GPU cannot run is loaded on the CPU.
func (e *Survivor) Load(ctx context.Context, p isa.Program, seed int32) error {
	if _, err := p.Header(); err != nil {
		return err
	}
	return e.begin(ctx, beginning{
		program:  p,
		inWorker: func(r *remote) error { return r.Load(ctx, p, seed) },
		onCPU:    func(c engine.Engine) error { return c.Load(ctx, p, seed) },
		journal:  func() *journal { return loaded(p, seed, e.s.config.Clock.Now()) },
	})
}

// Restore makes the machine equal to s.
func (e *Survivor) Restore(ctx context.Context, s *machine.Snapshot) error {
	return e.begin(ctx, beginning{
		program:  s.Program,
		ended:    snapshotEnded(s),
		inWorker: func(r *remote) error { return r.Restore(ctx, s) },
		onCPU:    func(c engine.Engine) error { return c.Restore(ctx, s) },
		journal:  func() *journal { return restored(cloneSnapshot(s), e.s.config.Clock.Now()) },
	})
}

// beginning is how a new machine begins, in either place.
type beginning struct {
	program  isa.Program
	ended    bool
	inWorker func(*remote) error
	onCPU    func(engine.Engine) error
	journal  func() *journal
}

func (e *Survivor) begin(ctx context.Context, b beginning) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	var cannot error
	r := e.remote
	if r == nil || !r.p.alive() {
		r = e.candidate(b.program)
	}
	if r != nil {
		err := b.inWorker(r)
		if err == nil {
			e.settle(r, nil, b, nil)
			return nil
		}
		own := r == e.remote
		if !own || !callers(err) {
			r.drop()
		}
		if callers(err) {
			return err
		}
		if own {
			e.remote = nil // what it was is in the journal
		}
		if errors.Is(err, engine.ErrUnsupported) {
			cannot = err
		} else {
			e.strike(b.program, err)
		}
	}
	c := e.cpu
	if c == nil {
		c = e.s.config.CPU()
	}
	if err := b.onCPU(c); err != nil {
		if c != e.cpu {
			err = errors.Join(err, c.Close())
		}
		return err
	}
	e.settle(nil, c, b, cannot)
	return nil
}

// settle makes the machine that has begun in r or in c the machine.
func (e *Survivor) settle(r *remote, c engine.Engine, b beginning, cannot error) {
	e.journal, e.ended, e.cannot = b.journal(), b.ended, cannot
	e.move(r, c)
}

// move lets go of the place the machine has left.
func (e *Survivor) move(r *remote, c engine.Engine) {
	if e.remote != nil && e.remote != r {
		e.remote.drop()
	}
	if e.cpu != nil && e.cpu != c {
		_ = e.cpu.Close() // nothing of it is needed any more
	}
	e.remote, e.cpu = r, c
	e.look()
}

// look notes where the machine is.
func (e *Survivor) look() {
	if e.remote != nil {
		e.seen.Store(&host{kind: engine.GPU, adapter: e.remote.p.adapter})
		return
	}
	h := &host{kind: engine.CPU, adapter: e.cpu.Adapter()}
	switch st := e.s.Status(); {
	case e.cannot != nil:
		h.why = e.cannot.Error()
	case e.strikes.out(e.journal.program):
		h.why = fmt.Sprintf("this program ended the GPU worker %d times", e.strikes.count)
	case st.State == Starting && st.Reason == "":
		h.why = "the GPU is being opened"
	default:
		h.why = st.Reason
	}
	e.seen.Store(h)
}

// candidate is a place in a worker that p may go to, or nil.
func (e *Survivor) candidate(p isa.Program) *remote {
	if e.strikes.out(p) {
		return nil
	}
	return e.s.remote()
}

// callers says whether err is the caller's, not the worker's.
func callers(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) ||
		errors.Is(err, isa.ErrProgram) || errors.Is(err, engine.ErrNoProgram) || errors.Is(err, errArgument)
}

func (e *Survivor) strike(p isa.Program, reason error) {
	e.s.config.Logger.Warn("a machine goes on on the CPU", "reason", reason)
	e.strikes.add(p, e.s.config.Clock.Now(), e.s.config.Healthy)
}

// run runs a call where the machine is, and again on the CPU when it fails for a
// reason that is the worker's.
func (e *Survivor) run(ctx context.Context, inWorker func(*remote) error, onCPU func(engine.Engine) error) error {
	if e.journal == nil {
		return engine.ErrNoProgram
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if r := e.remote; r != nil {
		alive := r.p.alive()
		err := inWorker(r)
		if err == nil || callers(err) {
			e.look()
			return err
		}
		r.drop()
		e.remote = nil
		switch {
		case errors.Is(err, engine.ErrUnsupported):
			e.cannot = err
		case alive: // it ended, or failed, during this call
			e.strike(e.journal.program, err)
		}
	}
	if e.cpu == nil {
		c := e.s.config.CPU()
		if err := e.journal.replay(ctx, c, e.differ); err != nil {
			return errors.Join(err, c.Close())
		}
		e.cpu = c
	}
	e.look()
	return onCPU(e.cpu)
}

// differ reports what must not be: engines that do not agree.
func (e *Survivor) differ(was entry, is machine.Report) {
	e.s.config.Logger.Error("a replayed frame differs", "frame", is.Frame,
		"status", is.Status, "status before", was.status, "cycles", is.Cycles, "cycles before", was.cycles)
}

// Frame runs one frame. It is the call before which the machine returns to the
// GPU; one that has ended returns in Frame or Render.
func (e *Survivor) Frame(ctx context.Context, in machine.Input, budget uint32) (report machine.Report, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return machine.Report{}, err
	}
	if e.ended {
		err = e.comeBackEnded(ctx)
	} else {
		var done bool
		if report, done, err = e.comeBack(ctx, in, budget); done {
			return report, nil
		}
	}
	if err != nil {
		return machine.Report{}, err
	}
	if err := e.refresh(ctx); err != nil {
		return report, err
	}
	err = e.run(ctx, func(r *remote) (err error) {
		report, err = r.Frame(ctx, in, budget)
		return err
	}, func(c engine.Engine) (err error) {
		report, err = c.Frame(ctx, in, budget)
		return err
	})
	if err != nil {
		return machine.Report{}, err
	}
	e.ran(in, budget, report)
	return report, nil
}

// ran records a frame.
func (e *Survivor) ran(in machine.Input, budget uint32, r machine.Report) {
	switch {
	case e.ended:
	case e.remote != nil:
		e.journal.add(in, budget, r)
	default:
		e.journal.addShort(in, budget, r)
	}
	e.ended = r.Status != isa.Framed
}

// refresh begins the journal anew when that is worth it. A worker that fails
// here fails again, and is dealt with, in the frame.
func (e *Survivor) refresh(ctx context.Context) error {
	now := e.s.config.Clock.Now
	if e.remote == nil || e.ended || !e.journal.due(now()) {
		return nil
	}
	from := now()
	s, err := e.remote.snapshot(ctx)
	if err != nil {
		return ctx.Err()
	}
	to := now()
	e.journal.cost = to.Sub(from)
	e.journal.rebase(s, to)
	return nil
}
