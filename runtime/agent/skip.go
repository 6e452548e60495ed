package agent

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"gvpie/runtime/store"
)

// tolerate gives the errors of the whole database back, which end a cycle. Others
// are of what somebody wrote into it: they are told of, and the cycle goes on.
func (a *Agent) tolerate(doing string, err error) error {
	if err == nil {
		return nil
	}
	if store.Whole(err) {
		return fmt.Errorf("%s: %w", doing, err)
	}
	a.warn(doing + ": " + sentence(err))
	return nil
}

// A refusal is a script whose runs the database does not take. It is tried again
// after longer and longer waits, as one that fails.
type refusal struct {
	script store.Script
	why    string
	times  int
	until  time.Time
}

func (a *Agent) refuse(s store.Script, why string) {
	r := a.refusals[s.ID]
	if r == nil {
		r = &refusal{}
		a.refusals[s.ID] = r
	}
	r.times++
	r.script, r.why, r.until = s, why, a.clock.Now().Add(backoff(r.times+1, a.interval()))
}

// waits says whether a script is not to be run now because of what became of its
// last run, though it is due.
func (a *Agent) waits(s store.Script) bool {
	if r := a.refusals[s.ID]; r != nil && a.clock.Now().Before(r.until) && r.script.CodeHash == s.CodeHash {
		return true
	}
	return slices.ContainsFunc(a.unsaved, func(u unsaved) bool { return u.script.ID == s.ID })
}

// due gives the scripts of this cycle, in their order, with some more in case they
// cannot be begun; and it tells of rows that cannot be used.
func (a *Agent) due(ctx context.Context) ([]store.Script, error) {
	all, skipped, err := a.store.DueScripts(ctx, a.clock.Now(), a.settings.scripts+len(a.refusals)+len(a.unsaved))
	if err != nil {
		return nil, fmt.Errorf("looking for scripts to run: %w", err)
	}
	a.tell(StatusChanged, nil, func(s *Status) {
		s.interval = a.interval()
		s.owe(len(all) > 0, a.clock.Now())
	})
	all = slices.DeleteFunc(all, a.waits)
	for _, id := range slices.Sorted(maps.Keys(a.refusals)) {
		s, err := a.store.ScriptByID(ctx, id)
		if errors.Is(err, store.ErrNotFound) || err == nil && !s.Enabled {
			delete(a.refusals, id)
			continue
		}
		r := a.refusals[id]
		skipped = append(skipped, store.Skipped{Table: "improvement_scripts", ID: id, Name: r.script.Name, Why: r.why})
	}
	a.tellSkipped(skipped)
	return all, nil
}

// tellSkipped tells of each row that cannot be used, once, and of each that can
// again.
func (a *Agent) tellSkipped(now []store.Skipped) {
	before := a.skipped
	a.skipped = now
	for _, row := range now {
		if !slices.Contains(before, row) {
			a.warn(row.String())
		}
	}
	for _, row := range before {
		same := func(other store.Skipped) bool { return other.Table == row.Table && other.ID == row.ID }
		if !slices.ContainsFunc(now, same) {
			a.log.Info("a row is no longer skipped", "table", row.Table, "row", row.ID, "name", row.Name)
		}
	}
	if !slices.Equal(now, before) {
		a.tell(StatusChanged, nil, func(s *Status) { s.Skipped = slices.Clip(now) })
	}
}
