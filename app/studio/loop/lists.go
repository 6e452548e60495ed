package loop

import (
	"cmp"
	"context"
	"reflect"
	"slices"
	"sync/atomic"
	"time"

	"gvpie/app/studio/mailbox"
	"gvpie/runtime/store"
)

// ScriptRow is a script as a list shows it: without its code.
type ScriptRow struct{ store.Script }

// Rate is the share of all its runs that succeeded, 0 to 1; ok is false when it
// never ran.
func (r *ScriptRow) Rate() (rate float64, ok bool) {
	if r.RunCount == 0 {
		return 0, false
	}
	return float64(r.SuccessCount) / float64(r.RunCount), true
}

// Wait is how long it is left alone yet after failures; 0 when it is not.
func (r *ScriptRow) Wait(now time.Time) time.Duration {
	if !r.Enabled || r.Fresh() {
		return 0
	}
	return max(0, r.NotBefore.Sub(now))
}

// lists are the short lists whole, and the long ones as pagers. A refresh reads
// them again.
type lists struct {
	listed
	read      bool // once at least
	runs      *Pager[store.Run]
	rows      *Pager[store.MapRow]
	refreshes mailbox.Latest[bool] // whether it was asked for, not only looked after
	writes    mailbox.Latest[bool] // the database may have changed: whether the window is to be told anyway
	rests     atomic.Bool          // the lists are long, and writes wait until they are read again
}

// listed is what a refresh brings.
type listed struct {
	counts     store.Counts
	scripts    []ScriptRow
	goals      []store.Goal
	carts      []store.Cartridge
	askToClose bool  // whether to ask before a window closes that the loop stops with
	run        int64 // newest ids
	row        int64
}

func newLists() lists { return lists{refreshes: mailbox.New[bool](), writes: mailbox.New[bool]()} }

// refresh asks for the short lists and for how long the long ones have become.
// What is shown is put right even when nothing has changed in the database. The
// window's goroutine calls it.
func (l *lists) refresh() { l.refreshes.Put(true) }

// serve answers refreshes, and has the window's goroutine call took with what each
// brought; one goroutine. What was written is looked at when rest lets it.
//
// ahead is told the newest row of the map, and says whether the window will be told of
// something else in a moment: the frame that brings that brings the lists too.
func (l *lists) serve(b *background, s *store.Store, rest func(scripts int) <-chan time.Time, ahead func(row int64) bool, took func(listed, error)) {
	var before listed
	writes := l.writes.C
	var rested <-chan time.Time
	for {
		var asked bool
		select {
		case <-b.ctx.Done():
			return
		case asked = <-l.refreshes.C:
		case asked = <-writes:
		case <-rested:
			writes, rested = l.writes.C, nil
			continue
		}
		now, err := readLists(b.ctx, s)
		if rested = rest(len(now.scripts)); rested != nil {
			writes = nil
		}
		l.rests.Store(rested != nil)
		if !asked && err == nil && reflect.DeepEqual(now, before) {
			continue // no frame for nothing
		}
		before = now
		before.scripts, before.goals = slices.Clone(now.scripts), slices.Clone(now.goals) // the window's may be changed ahead of the database
		tell := b.window.Post
		if err == nil && ahead(now.row) {
			tell = b.window.Queue
		}
		tell(func() { took(now, err) })
	}
}

// restAfter is how long lists are not read again for what was written, after they were
// read. Thousands of scripts take a tenth of a second each time, of which the loop
// would have one for each run.
func restAfter(scripts int) <-chan time.Time {
	if scripts < manyScripts {
		return nil
	}
	return time.After(time.Duration(scripts) * restEach)
}

const (
	manyScripts = 500
	restEach    = 2 * time.Millisecond
)

// readLists reads the lists, in as many queries as there are lists.
func readLists(ctx context.Context, s *store.Store) (l listed, err error) {
	newest := store.Page{Limit: 1}
	runs, err := s.RunList(ctx, newest)
	if err != nil {
		return l, err
	}
	rows, err := s.MapList(ctx, newest)
	if err != nil {
		return l, err
	}
	if l.counts, err = s.Counts(ctx); err != nil {
		return l, err
	}
	if len(runs) > 0 {
		l.run = runs[0].ID
	}
	if len(rows) > 0 {
		l.row = rows[0].ID
	}
	all, err := s.ScriptList(ctx)
	if err != nil {
		return l, err
	}
	for _, script := range all {
		l.scripts = append(l.scripts, ScriptRow{script})
	}
	if l.goals, err = s.Goals(ctx, store.Page{Limit: 500, Text: 4096}); err != nil {
		return l, err
	}
	slices.SortStableFunc(l.goals, byGoal)
	if l.carts, err = s.Cartridges(ctx, store.Page{Limit: 500}); err != nil {
		return l, err
	}
	asks, err := s.Setting(ctx, store.AskToCloseSetting, "1")
	l.askToClose = store.SettingOn(asks)
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

// mayChange is how many of the newest rows may still change: runs that have begun.
const mayChange = 8

// take takes in what a refresh brought.
func (l *lists) take(now listed) {
	l.listed, l.read = now, true
	l.runs.grown(int(now.counts.Runs), now.run, mayChange)
	l.rows.grown(int(now.counts.Map), now.row, 0)
}

// Listed says whether the lists have been read once.
func (l *lists) Listed() bool { return l.read }

// Counts are how many rows there are.
func (l *lists) Counts() store.Counts { return l.counts }

// Scripts are all scripts, by name.
func (l *lists) Scripts() []ScriptRow { return l.scripts }

// Script is the script with that id.
func (l *lists) Script(id int64) (ScriptRow, bool) {
	for _, s := range l.scripts {
		if s.ID == id {
			return s, true
		}
	}
	return ScriptRow{}, false
}

// Goals are the goals: those open first, by priority, then those done.
func (l *lists) Goals() []store.Goal { return l.goals }

// Cartridges are those registered, newest first.
func (l *lists) Cartridges() []store.Cartridge { return l.carts }

// Runs are all runs, newest first; nil until the database is open.
func (l *lists) Runs() *Pager[store.Run] { return l.runs }

// Rows are the rows of the infinite map, newest first; nil until the database is
// open.
func (l *lists) Rows() *Pager[store.MapRow] { return l.rows }
