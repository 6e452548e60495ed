package loop

import (
	"cmp"
	"context"
	"reflect"
	"slices"
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
}

// listed is what a refresh brings.
type listed struct {
	counts     store.Counts
	scripts    []ScriptRow
	goals      []store.Goal
	carts      []store.Cartridge
	offers     []store.Offer
	report     store.ImproveFigures
	improving  bool  // the setting is
	askToClose bool  // whether to ask before a window closes that the loop stops with
	run        int64 // newest ids
	row        int64
	edits      int64 // of scripts, as store.ScriptEdits counts them
}

func newLists() lists { return lists{refreshes: mailbox.New[bool](), writes: mailbox.New[bool]()} }

// refresh asks for the short lists and for how long the long ones have become.
// What is shown is put right even when nothing has changed in the database. The
// window's goroutine calls it.
func (l *lists) refresh() { l.refreshes.Put(true) }

// serve answers refreshes, and has the window's goroutine call took with what each
// brought; one goroutine.
//
// ahead is told the newest row of the map, and says whether the window will be told of
// something else in a moment: the frame that brings that brings the lists too.
func (l *lists) serve(b *background, s *store.Store, ahead func(row int64) bool, took func(listed, error)) {
	var before listed
	for {
		var asked, told bool
		select {
		case <-b.ctx.Done():
			return
		case asked = <-l.refreshes.C:
		case told = <-l.writes.C:
		}
		now, err := before.reread(b.ctx, s, asked)
		if !asked && !told && err == nil && now.same(before) {
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

// same says whether nothing in the lists is other.
func (l listed) same(other listed) bool {
	scripts := slices.Equal(l.scripts, other.scripts)
	l.scripts, other.scripts = nil, nil
	return scripts && reflect.DeepEqual(l, other)
}

// reread reads the lists, in as many queries as there are lists. Of scripts, of which
// there may be thousands, it reads those that ran since l was read, unless one was
// edited since; whole has it read them all.
func (l *listed) reread(ctx context.Context, s *store.Store, whole bool) (now listed, err error) {
	newest := store.Page{Limit: 1}
	runs, err := s.RunList(ctx, newest)
	if err != nil {
		return now, err
	}
	rows, err := s.MapList(ctx, newest)
	if err != nil {
		return now, err
	}
	if now.counts, err = s.Counts(ctx); err != nil {
		return now, err
	}
	if len(runs) > 0 {
		now.run = runs[0].ID
	}
	if len(rows) > 0 {
		now.row = rows[0].ID
	}
	if now.edits, err = s.ScriptEdits(ctx); err != nil {
		return now, err
	}
	if whole || l.scripts == nil || now.edits < 0 || now.edits != l.edits {
		now.scripts, err = allScripts(ctx, s)
	} else {
		now.scripts, err = l.ranSince(ctx, s)
	}
	if err != nil {
		return now, err
	}
	if now.goals, err = s.Goals(ctx, store.Page{Limit: 500, Text: 4096}); err != nil {
		return now, err
	}
	slices.SortStableFunc(now.goals, byGoal)
	if now.carts, err = s.Cartridges(ctx, store.Page{Limit: 500}); err != nil {
		return now, err
	}
	if now.offers, now.report, err = readOffers(ctx, s); err != nil {
		return now, err
	}
	on, err := s.Setting(ctx, store.ImproveSetting, "0")
	if err != nil {
		return now, err
	}
	now.improving = store.SettingOn(on)
	asks, err := s.Setting(ctx, store.AskToCloseSetting, "1")
	now.askToClose = store.SettingOn(asks)
	return now, err
}

func allScripts(ctx context.Context, s *store.Store) (rows []ScriptRow, err error) {
	all, err := s.ScriptList(ctx)
	for _, script := range all {
		rows = append(rows, ScriptRow{script})
	}
	return rows, err
}

// ranSince are the scripts with what those that ran since have become.
func (l *listed) ranSince(ctx context.Context, s *store.Store) ([]ScriptRow, error) {
	ran, err := s.ScriptsOfRuns(ctx, max(0, l.run-mayChange))
	if err != nil {
		return nil, err
	}
	byID := make(map[int64]store.Script, len(ran))
	for _, script := range ran {
		byID[script.ID] = script
	}
	rows := slices.Clone(l.scripts)
	for i := range rows {
		if script, ok := byID[rows[i].ID]; ok {
			rows[i].Script = script
		}
	}
	return rows, nil
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
