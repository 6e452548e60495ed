package agent

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"gvpie/runtime/store"
)

// finished is what the database is told of a run.
func finished(started, now time.Time, s store.Script, o *outcome, v verdict) store.Finished {
	f := store.Finished{
		FinishedAt: now, Success: o.success, Cancelled: o.cancelled, Slow: v.slow,
		ScriptID: s.ID, StartedAt: started, Stdout: o.stdout, Stderr: o.stderr, Duration: o.duration, Backend: o.backend, CartridgePath: o.cartridge, Confined: o.confined,
		Task: s.Name, Code: s.Code, ResultJSON: o.result.json(), Analysis: v.analysis, Parent: v.parent,
		HumanPNG: o.human, MachinePNG: o.screen,
	}
	if s.Purpose != "" {
		f.Task += ": " + s.Purpose
	}
	if v.wait > 0 {
		f.NotBefore = f.FinishedAt.Add(v.wait)
	}
	return f
}

// An unsaved run has ended and is not in the database yet.
type unsaved struct {
	run      RunEvent
	script   store.Script
	started  time.Time
	finished store.Finished
	orphaned bool  // the database it was begun in is gone
	tried    bool  // saving it has failed, perhaps after the database took it
	why      error // it could not be saved, when last tried
	tries    int   // that failed for what is in the database, not for the whole of it
}

// save writes a run that has ended. One that the database does not take is kept
// for the next try, which comes before any other run.
func (a *Agent) save(ctx context.Context, u unsaved) error {
	a.unsaved = append(a.unsaved, u)
	return a.saveAgain(ctx)
}

func (a *Agent) saveAgain(ctx context.Context) error {
	if ctx.Err() != nil { // stopping: what has run is saved all the same
		var done context.CancelFunc
		ctx, done = context.WithTimeout(context.WithoutCancel(ctx), stopPatience)
		defer done()
	}
	for i := 0; i < len(a.unsaved); {
		u := &a.unsaved[i]
		mapped, err := a.saveOne(ctx, u)
		if err != nil {
			u.tried, u.why = true, err
			n := len(a.unsaved)
			a.tell(StatusChanged, nil, func(s *Status) { s.Unsaved = n })
			if store.Whole(err) {
				return fmt.Errorf("saving a run of %s, which is kept and saved later: %w", u.run.Script, err)
			}
			if u.tries++; u.tries < saveTries || !a.giveUp(u, err) {
				i++ // the others may be taken
				continue
			}
		} else {
			delete(a.refusals, u.run.ScriptID)
		}
		u.run.MapID = mapped
		run, saved := u.run, err == nil
		a.unsaved = slices.Delete(a.unsaved, i, i+1)
		a.tell(RunFinished, &run, func(s *Status) {
			s.Unsaved = len(a.unsaved)
			if saved {
				s.full = nil
				s.excuse(a.clock.Now())
			}
			if run.Cancelled {
				return
			}
			s.Runs++
			if !run.Success {
				s.Failures++
			}
		})
	}
	return nil
}

// saveOne writes one run. One that was begun in a database that is gone is begun
// again in this one.
func (a *Agent) saveOne(ctx context.Context, u *unsaved) (mapped int64, err error) {
	if u.orphaned {
		id, _, err := a.store.UpsertScript(ctx, u.script)
		if err != nil {
			return 0, err
		}
		if u.run.ID, err = a.store.BeginRun(ctx, id, u.started, u.run.Backend); err != nil {
			return 0, err
		}
		u.orphaned, u.run.ScriptID, u.finished.Parent = false, id, 0
	}
	mapped, err = a.store.FinishRun(ctx, u.run.ID, u.finished)
	if errors.Is(err, store.ErrNotRunning) {
		if !u.tried {
			a.warn(fmt.Sprintf("run %d of %s was ended by another program", u.run.ID, u.run.Script))
		}
		return 0, nil
	}
	return mapped, err
}

// stopPatience is how long saving may take once the loop is being stopped.
const stopPatience = 3 * time.Second

// finish is the end of the loop: what is unsaved is tried once more, and told in
// full if that is in vain.
func (a *Agent) finish(ctx context.Context) {
	a.guard("stopping", func() error {
		ctx, done := context.WithTimeout(context.WithoutCancel(ctx), stopPatience)
		defer done()
		err := a.saveAgain(ctx)
		for i := range a.unsaved {
			if u := &a.unsaved[i]; !a.giveUp(u, u.why) {
				a.log.Error("this run could not be saved", "script", u.run.Script, "run", fmt.Sprintf("%+v", u.finished))
			}
		}
		if err == nil {
			err = a.writeMetrics(ctx)
		}
		return err
	})
	a.log.Info("the loop has stopped", "cycles", a.cycles)
	a.tell(StatusChanged, nil, func(s *Status) { s.Phase, s.Script = Stopped, "" })
}
