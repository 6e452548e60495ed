package engine

import (
	"context"
	"errors"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// How a frame is run, before which a machine may move.

// Frame runs one frame. It is the call before which the machine moves to where
// it belongs; one that has ended returns to the GPU in Frame or Render.
func (f *Failover) Frame(ctx context.Context, in machine.Input, budget uint32) (machine.Report, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.log == nil {
		return machine.Report{}, ErrNoProgram
	}
	if err := ctx.Err(); err != nil {
		return machine.Report{}, err
	}
	if f.ended {
		if err := f.failBackEnded(ctx); err != nil {
			return machine.Report{}, err
		}
	} else if f.o.Backend == Auto {
		if err := f.consider(ctx); err != nil {
			return machine.Report{}, err
		}
	}
	f.trial.timing = nil
	r, err := f.frame(ctx, in, budget)
	if errors.Is(err, errTooSlow) {
		if err = f.giveUpTrial(ctx); err == nil {
			r, err = f.frame(ctx, in, budget)
		}
	}
	if err != nil {
		return machine.Report{}, err
	}
	if !f.ended && !f.warmer.busy() {
		f.trial.count(f.gpu != nil)
	}
	f.append(in, budget, r)
	return r, nil
}

// frame runs a frame where the machine belongs, if that can be had.
func (f *Failover) frame(ctx context.Context, in machine.Input, budget uint32) (r machine.Report, err error) {
	if !f.ended {
		if r, done, err := f.failBack(ctx, in, budget); done || err != nil {
			return r, err
		}
	}
	if err := f.refresh(ctx); err != nil {
		return r, err
	}
	if err := f.warm(ctx, in, budget); err != nil {
		return r, err
	}
	limited, stop := f.warmer.untilWarm(ctx)
	err = f.call(limited, func(e Engine) (err error) {
		r, err = f.timed(limited, e, in, budget)
		return err
	})
	interrupted := err != nil && limited.Err() != nil && ctx.Err() == nil
	stop()
	if errors.Is(err, ErrCold) {
		if err = f.cool(ctx); err != nil {
			return r, err
		}
		interrupted = true
	}
	if interrupted {
		return f.frame(ctx, in, budget)
	}
	return r, err
}

// errTooSlow ends a trial: a frame took far longer than on the other processor.
var errTooSlow = errors.New("the processor on trial is too slow")

// timed runs a frame and notes how long it took. On trial it has a limit.
func (f *Failover) timed(ctx context.Context, e Engine, in machine.Input, budget uint32) (machine.Report, error) {
	limited, done := f.trial.limit(ctx, f.timeout, f.ended)
	defer done()
	from := f.o.Now()
	r, err := e.Frame(limited, in, budget)
	f.trial.took = f.o.Now().Sub(from)
	if err != nil && limited.Err() != nil && ctx.Err() == nil {
		err = errTooSlow
	}
	return r, err
}

// Of a machine on the CPU only a short past is kept, with which a program that
// ends soon can go to the GPU after its end.
const (
	shortFrames = 8
	shortCycles = 100_000
)

// append records a frame.
func (f *Failover) append(in machine.Input, budget uint32, r machine.Report) {
	switch {
	case f.ended:
	case f.gpu == nil && f.log.Len() >= shortFrames:
		f.log.Forget()
	default:
		f.log.Append(in, budget, r)
	}
	f.ended = r.Status != isa.Framed
}

// failBack runs a frame on the GPU, when the machine belongs there and that is
// ready, and leaves the machine there. Only when that has worked is the CPU's
// machine given up. done says whether it has; an error is the caller's.
func (f *Failover) failBack(ctx context.Context, in machine.Input, budget uint32) (r machine.Report, done bool, err error) {
	m, err := f.wayBack()
	if m == nil {
		return r, false, err
	}
	s, err := f.cpu.Snapshot(ctx)
	if err != nil {
		f.drop(m)
		return r, false, err
	}
	if err = m.Restore(ctx, s); err == nil {
		r, err = f.timed(ctx, m, in, budget)
	}
	if err != nil {
		return machine.Report{}, false, f.stay(m, err)
	}
	f.log.Keyframe(s)
	f.keyframe.at = f.o.Now()
	f.move(m, nil)
	return r, true, nil
}

// failBackEnded moves a machine that has come to its end, and so has no next
// frame, to a GPU that is ready: by running its frames there, when that is
// quick, because a snapshot does not hold the last frame's commands.
func (f *Failover) failBackEnded(ctx context.Context) error {
	if f.log == nil || !f.log.Within(shortFrames, shortCycles) {
		return nil
	}
	m, err := f.wayBack()
	if err != nil {
		return err
	}
	if m == nil {
		return f.warm(ctx, machine.Input{}, 0)
	}
	if err := f.log.Replay(ctx, m, diverged(f.o.Logger)); err != nil {
		return f.stay(m, err)
	}
	f.move(m, nil)
	return nil
}

// candidate is a machine on the GPU that p may go to, or nil.
func (f *Failover) candidate(p isa.Program) Machine {
	if f.strikes.out(p) {
		return nil
	}
	m := f.o.GPU.NewMachine()
	if !m.Alive() {
		f.drop(m)
		return nil
	}
	return m
}

// comesBack says whether the machine is on the CPU and belongs on the GPU.
func (f *Failover) comesBack() bool {
	return f.cpu != nil && f.cannot == nil && f.trial.home == GPU
}

// wayBack is a machine on the GPU for the one that is on the CPU and does not
// belong there, or nil: for a live one, when what it needs is built.
func (f *Failover) wayBack() (Machine, error) {
	switch m, err := f.warmer.warmed(); {
	case !f.comesBack():
		if m != nil {
			f.drop(m)
		}
		return nil, nil
	case err != nil:
		return nil, f.stay(m, err)
	case f.o.Live:
		return m, nil
	}
	return f.candidate(f.log.Program()), nil
}

// stay leaves the machine on the CPU, after an attempt to move it to m that
// failed. It returns err when that is the caller's.
func (f *Failover) stay(m Machine, err error) error {
	f.drop(m)
	switch {
	case errors.Is(err, ErrCold): // this frame needs other pipelines than that which was tried
		return nil
	case callers(err):
		return err
	case errors.Is(err, ErrUnsupported):
		f.cannot = err
	default:
		f.strikes.add(f.o.Logger, f.log.Program(), err, f.o.Now())
	}
	return nil
}

// toCPU moves the machine to the CPU, where it belongs.
func (f *Failover) toCPU(ctx context.Context) error {
	if f.gpu == nil {
		return nil
	}
	var s *machine.Snapshot
	err := f.call(ctx, func(e Engine) (err error) {
		s, err = e.Snapshot(ctx)
		return err
	})
	if err != nil || f.gpu == nil { // the GPU was lost, and the machine is on the CPU by now
		return err
	}
	c := f.o.CPU()
	if err := c.Restore(ctx, s); err != nil {
		f.drop(c)
		return err
	}
	f.move(nil, c)
	return nil
}
