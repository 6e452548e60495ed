package studio

import (
	"cmp"
	"reflect"
	"slices"
	"time"

	"gvpie/runtime/store"
)

// ScriptRow is a script with what its runs have shown.
type ScriptRow struct {
	store.Script
	Stats []store.ScriptStats // over its latest runs, one for each engine
	Last  store.Run           // ID 0: it never ran
}

// Rate is the share of all its runs that succeeded, 0 to 1; ok is false when it
// never ran.
func (r *ScriptRow) Rate() (rate float64, ok bool) {
	if r.RunCount == 0 {
		return 0, false
	}
	return float64(r.SuccessCount) / float64(r.RunCount), true
}

// Main is the engine it ran on most, of its latest runs.
func (r *ScriptRow) Main() store.ScriptStats {
	var most store.ScriptStats
	for _, s := range r.Stats {
		if s.Runs > most.Runs {
			most = s
		}
	}
	return most
}

// Wait is how long it is left alone yet after failures; 0 when it is not.
func (r *ScriptRow) Wait(now time.Time) time.Duration {
	if !r.Enabled || r.Fresh() {
		return 0
	}
	return max(0, r.NotBefore.Sub(now))
}

// refresh asks for the short lists and for how long the long ones have become.
// What is shown is put right even when nothing has changed in the database. The
// window's goroutine calls it.
func (a *Agent) refresh() { a.refreshes.put(true) }

// offer leaves a value unless one waits already; any number of senders.
func (l latest[T]) offer(v T) {
	select {
	case l.ch <- v:
	default:
	}
}

// statRuns is how many of a script's runs its figures are of.
const statRuns = 120

// lists is what a refresh brings.
type lists struct {
	counts  store.Counts
	scripts []ScriptRow
	goals   []store.Goal
	carts   []store.Cartridge
	run     int64 // newest ids
	row     int64
}

// listen answers refreshes; one goroutine.
func (a *Agent) listen(s *store.Store) {
	known := map[int64]ScriptRow{}
	var before lists
	for {
		var asked bool
		select {
		case <-a.ctx.Done():
			return
		case asked = <-a.refreshes.ch:
		}
		l, err := a.list(s, known)
		if a.ctx.Err() != nil {
			return
		}
		if !asked && err == nil && reflect.DeepEqual(l, before) {
			continue // no frame for nothing
		}
		before = l
		before.scripts, before.goals = slices.Clone(l.scripts), slices.Clone(l.goals) // the window's may be changed ahead of the database
		a.tell(func(a *Agent) { a.took(l, err) })
	}
}

// list reads the lists. Figures of scripts that have not run since are kept.
func (a *Agent) list(s *store.Store, known map[int64]ScriptRow) (l lists, err error) {
	newest := store.Page{Limit: 1}
	runs, err := s.Runs(a.ctx, newest)
	if err != nil {
		return l, err
	}
	rows, err := s.Map(a.ctx, newest)
	if err != nil {
		return l, err
	}
	if l.counts, err = s.Counts(a.ctx); err != nil {
		return l, err
	}
	if len(runs) > 0 {
		l.run = runs[0].ID
	}
	if len(rows) > 0 {
		l.row = rows[0].ID
	}
	all, err := s.Scripts(a.ctx)
	if err != nil {
		return l, err
	}
	for _, script := range all {
		r := ScriptRow{Script: script}
		if old, ok := known[script.ID]; ok && old.RunCount == script.RunCount && old.LastRunAt.Equal(script.LastRunAt) {
			r.Stats, r.Last = old.Stats, old.Last
		} else if script.RunCount > 0 {
			if r.Stats, err = s.ScriptStats(a.ctx, script.ID, statRuns); err != nil {
				return l, err
			}
			last, err := s.RunsOf(a.ctx, script.ID, newest)
			if err != nil {
				return l, err
			}
			if len(last) > 0 {
				r.Last = last[0]
			}
		}
		known[script.ID] = r
		l.scripts = append(l.scripts, r)
	}
	if l.goals, err = s.Goals(a.ctx, store.Page{Limit: 500}); err != nil {
		return l, err
	}
	slices.SortStableFunc(l.goals, byGoal)
	l.carts, err = s.Cartridges(a.ctx, store.Page{Limit: 500})
	return l, err
}

// byGoal puts what is open before what is done, and what matters most first.
func byGoal(a, b store.Goal) int {
	if a.Completed != b.Completed {
		if a.Completed {
			return 1
		}
		return -1
	}
	if a.Completed {
		return b.CompletedAt.Compare(a.CompletedAt)
	}
	return cmp.Or(cmp.Compare(b.Priority, a.Priority), cmp.Compare(a.ID, b.ID))
}

// inHand is how many of the newest rows may still change: runs that have begun.
const inHand = 8

func (a *Agent) took(l lists, err error) {
	if err != nil {
		a.trouble = err.Error()
		return
	}
	a.trouble, a.listed = "", true
	a.counts, a.scripts, a.goals, a.carts = l.counts, l.scripts, l.goals, l.carts
	a.runs.grown(int(l.counts.Runs), l.run, inHand)
	a.rows.grown(int(l.counts.Map), l.row, 0)
	if a.tracing {
		a.traces.put(l.row)
	}
	if d := a.detail; a.shown.script != 0 || a.shown.run != 0 && d != nil && d.of == a.shown && d.Run.InHand() {
		a.wishes.put(a.shown)
	}
}

// Listed says whether the lists have been read once.
func (a *Agent) Listed() bool { return a != nil && a.listed }

// Counts are how many rows there are.
func (a *Agent) Counts() store.Counts {
	if a == nil {
		return store.Counts{}
	}
	return a.counts
}

// Scripts are all scripts, by name.
func (a *Agent) Scripts() []ScriptRow {
	if a == nil {
		return nil
	}
	return a.scripts
}

// Script is the script with that id.
func (a *Agent) Script(id int64) (ScriptRow, bool) {
	for _, s := range a.Scripts() {
		if s.ID == id {
			return s, true
		}
	}
	return ScriptRow{}, false
}

// Goals are the goals: those open first, by priority, then those done.
func (a *Agent) Goals() []store.Goal {
	if a == nil {
		return nil
	}
	return a.goals
}

// Cartridges are those registered, newest first.
func (a *Agent) Cartridges() []store.Cartridge {
	if a == nil {
		return nil
	}
	return a.carts
}

// Runs are all runs, newest first.
func (a *Agent) Runs() *Pager[store.Run] {
	if a == nil {
		return nil
	}
	return a.runs
}

// Rows are the rows of the infinite map, newest first.
func (a *Agent) Rows() *Pager[store.MapRow] {
	if a == nil {
		return nil
	}
	return a.rows
}
