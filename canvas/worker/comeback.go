package worker

import (
	"context"
	"errors"

	"gvpie/runtime/engine"
	"gvpie/runtime/machine"
)

// How a machine that is on the CPU returns to a worker.

// comeBack runs a frame in a worker that is ready, and leaves the machine there.
// Only when that has worked is the CPU's machine given up. done says whether it
// has; an error is the caller's.
func (e *Survivor) comeBack(ctx context.Context, in machine.Input, budget uint32) (report machine.Report, done bool, err error) {
	r := e.wayBack()
	if r == nil {
		return report, false, nil
	}
	s, err := e.cpu.Snapshot(ctx)
	if err != nil {
		r.drop()
		return report, false, err
	}
	if err = r.Restore(ctx, s); err == nil {
		report, err = r.Frame(ctx, in, budget)
	}
	if err != nil {
		return machine.Report{}, false, e.stay(r, err)
	}
	e.journal.rebase(s, e.s.config.Clock.Now())
	e.move(r, nil)
	e.ran(in, budget, report)
	return report, true, nil
}

// comeBackEnded moves a machine that has come to its end, and so has no next
// frame, to a worker that is ready: by running its frames there, when that is
// quick, because a snapshot does not hold the last frame's commands.
func (e *Survivor) comeBackEnded(ctx context.Context) error {
	if !e.journal.short() {
		return nil
	}
	r := e.wayBack()
	if r == nil {
		return nil
	}
	if err := e.journal.replay(ctx, r, e.differ); err != nil {
		return e.stay(r, err)
	}
	e.move(r, nil)
	return nil
}

// wayBack is a place in a worker for the machine that is on the CPU, or nil.
func (e *Survivor) wayBack() *remote {
	if e.cpu == nil || e.cannot != nil {
		return nil
	}
	return e.candidate(e.journal.program)
}

// stay leaves the machine on the CPU, after an attempt to move it to r that
// failed. It returns err when that is the caller's.
func (e *Survivor) stay(r *remote, err error) error {
	r.drop()
	switch {
	case callers(err):
		return err
	case errors.Is(err, engine.ErrUnsupported):
		e.cannot = err
	default:
		e.strike(e.journal.program, err)
	}
	return nil
}
