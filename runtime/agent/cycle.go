package agent

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"gvpie/runtime/store"
)

// cycle is one cycle: health, scripts, save, learn. Its error is why it was left
// before its end.
func (a *Agent) cycle(ctx context.Context) error {
	a.cycles++
	began, turn := time.Now(), a.clock.Now()
	a.console.cycle(a.cycles)
	a.tell(CycleStarted, nil, func(s *Status) {
		s.Cycle, s.Phase, s.Script, s.interval = a.cycles, Checking, "", a.interval()
	})
	ran, asked := 0, false
	defer func() {
		if len(a.took) < metricsEvery { // they are taken by the next roll-up, when the database can have one
			a.took = append(a.took, time.Since(began))
		}
		a.log.Info("cycle", "cycle", a.cycles, "scripts", ran, "took", time.Since(began).Round(time.Microsecond))
		a.tell(CycleFinished, nil, func(s *Status) {
			s.Script = ""
			if !asked { // what is due is not known, so something may be
				s.owe(true, turn)
			}
		})
	}()
	h := a.checkHealth(ctx)
	if ctx.Err() != nil {
		return nil
	}
	a.console.health(h)
	a.tell(StatusChanged, nil, func(s *Status) {
		s.health = h
		if len(a.unsaved) == 0 {
			s.full = nil // else the next try to save them tells
		}
	})
	if store.Whole(h.database) {
		return fmt.Errorf("no script is run in this cycle: %w", h.database)
	}
	if err := a.prepare(ctx); err != nil {
		return err
	}
	_, err := a.folder.take(ctx) // what it brings is due by itself
	if err = a.tolerate("looking through the scripts folder", err); err != nil {
		return err
	}
	due, err := a.due(ctx)
	if err != nil {
		return err
	}
	asked = true
	a.console.scripts(min(len(due), a.settings.scripts))
	for _, s := range due {
		if ctx.Err() != nil {
			return nil
		}
		begun, err := a.execute(ctx, s)
		if err != nil {
			return err
		}
		if begun {
			ran++
		}
		if ran == a.settings.scripts {
			break
		}
	}
	if a.cycles%metricsEvery == 1 {
		if err := a.tolerate("writing the figures", a.writeMetrics(ctx)); err != nil {
			return err
		}
	}
	if err := a.tolerate("rolling up the figures", rollUp(ctx, a.store)); err != nil {
		return err
	}
	return a.tolerate("dropping old pictures", dropPictures(ctx, a))
}

// between runs scripts outside of a cycle: those asked for by id, and those whose
// files were saved.
func (a *Agent) between(ctx context.Context, asked []int64) error {
	scripts, err := a.wanted(ctx, asked)
	if err != nil {
		a.mu.Lock()
		a.asked = append(asked, a.asked...) // when the database answers again
		a.mu.Unlock()
		return err
	}
	for _, s := range scripts {
		if ctx.Err() != nil {
			return nil
		}
		if _, err := a.execute(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// wanted are the scripts whose files were saved, and those asked for.
func (a *Agent) wanted(ctx context.Context, asked []int64) ([]store.Script, error) {
	if err := a.prepare(ctx); err != nil {
		return nil, err
	}
	scripts, err := a.folder.take(ctx)
	if err = a.tolerate("looking through the scripts folder", err); err != nil {
		return nil, err
	}
	if len(scripts) > a.settings.scripts { // more than a cycle's: they are due by themselves
		scripts = nil
	}
	for _, id := range asked {
		s, err := a.store.ScriptByID(ctx, id)
		if errors.Is(err, store.ErrNotFound) {
			a.warn(fmt.Sprintf("there is no script %d to run", id))
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("looking for a script to run: %w", err)
		}
		if s.Fault != "" {
			a.warn(fmt.Sprintf("script %d (%s) cannot be run: %s", id, s.Name, s.Fault))
			continue
		}
		if !slices.ContainsFunc(scripts, func(have store.Script) bool { return have.ID == id }) {
			scripts = append(scripts, s)
		}
	}
	return scripts, nil
}

// prepare does what must come before any run: runs of an earlier process are
// marked, runs that could not be saved are, and the settings are read.
func (a *Agent) prepare(ctx context.Context) error {
	if !a.marked {
		n, err := a.store.Interrupted(ctx)
		if err = a.tolerate("marking runs that were interrupted", err); err != nil {
			return err
		}
		a.marked = true
		if n > 0 {
			a.warn(fmt.Sprintf("%s of an earlier process had not been finished: marked as interrupted", plural(int64(n), "run")))
		}
	}
	if err := a.saveAgain(ctx); err != nil {
		return err
	}
	return takeSettings(ctx, a)
}

// execute runs one script and saves its run, unless it cannot be begun. The error is
// the database's.
func (a *Agent) execute(ctx context.Context, s store.Script) (begun bool, err error) {
	reading := "reading what is known of " + s.Name
	m, err := a.history(ctx, s)
	if err = a.tolerate(reading, err); err != nil {
		return false, err
	}
	last, err := parentOf(ctx, a.store, s)
	if err = a.tolerate(reading, err); err != nil {
		return false, err
	}
	a.console.script(s)
	a.tell(StatusChanged, nil, func(t *Status) {
		t.Phase, t.Script, t.limit = Running, s.Name, runLimit(a.cfg, a.settings, s.Lang)+a.patience
	})
	started := a.clock.Now()
	id, err := a.store.BeginRun(ctx, s.ID, started, "")
	switch {
	case errors.Is(err, store.ErrNotFound):
		a.log.Info("a script was deleted before it could be run", "script", s.Name)
		return false, nil
	case store.Whole(err):
		return false, fmt.Errorf("recording the start of %s: %w", s.Name, err)
	case err != nil:
		a.refuse(s, "its runs cannot be begun: "+err.Error())
		return false, nil
	}
	o := a.run(ctx, s, m)
	if o.abandoned { // what it has belongs to the runner that has not come back
		m = newScriptHistory(s.Name)
	}
	a.tell(StatusChanged, nil, func(t *Status) {
		t.Phase = Saving
		t.excuse(a.clock.Now()) // while it ran nothing else could be saved
	})
	v := m.learn(s, &o, last, a.interval())
	line := summary(&o, v.slow)
	run := RunEvent{
		ID: id, ScriptID: s.ID, Script: s.Name, Lang: s.Lang, Success: o.success, Slow: v.slow, Cancelled: o.cancelled,
		Backend: o.backend, Duration: o.duration, Summary: line,
	}
	err = a.save(ctx, unsaved{run: run, started: started, script: s, finished: finished(started, a.clock.Now(), s, &o, v)})
	a.console.outcome(line) // said when it is on the disk, or when there is a word to follow about why not
	a.log.Info(s.Name+" "+line, "run", id, "script", s.ID, "lang", s.Lang, "success", o.success, "backend", o.backend,
		"took", o.duration.Round(time.Microsecond), "slow", v.slow)
	return true, err
}

// panicked tells of a panic that a guard has caught.
func (a *Agent) panicked(what string, p any) {
	a.log.Error(what+" panicked", "panic", p, "stack", string(debug.Stack()))
	text := plainLine(fmt.Sprintf("%s met an error of its own: %v; the loop goes on", what, p))
	a.console.notice("%s", text)
	a.tell(StatusChanged, nil, func(s *Status) { s.LastError = text })
}
