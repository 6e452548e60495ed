package loop

import (
	"context"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"gvpie/app/studio/loop/fixture"
	"gvpie/runtime/store"
)

func TestAScriptsFigures(t *testing.T) {
	var never ScriptRow
	if _, ok := never.Rate(); ok {
		t.Error("a script that never ran has a rate")
	}
	r := ScriptRow{Script: store.Script{RunCount: 4, SuccessCount: 3}}
	if rate, ok := r.Rate(); !ok || rate != .75 {
		t.Errorf("rate %v, %v", rate, ok)
	}
	f := newFigures()
	f.known[0] = figure{stats: []store.ScriptStats{{Backend: "a", Runs: 2}, {Backend: "b", Runs: 5}, {Backend: "c", Runs: 3}}}
	if got := f.Main(&r).Backend; got != "b" {
		t.Errorf("it ran most on %s", got)
	}
	now := time.Unix(1000, 0)
	for _, c := range []struct {
		s    store.Script
		want time.Duration
	}{
		{store.Script{Enabled: true, TriedHash: "it", NotBefore: now.Add(time.Minute)}, time.Minute},
		{store.Script{Enabled: true, TriedHash: "it", NotBefore: now.Add(-time.Minute)}, 0},
		{store.Script{TriedHash: "it", NotBefore: now.Add(time.Minute)}, 0},
		{store.Script{Enabled: true, NotBefore: now.Add(time.Minute)}, 0}, // it was edited since
	} {
		if got := (&ScriptRow{Script: c.s}).Wait(now); got != c.want {
			t.Errorf("%+v waits %v, want %v", c.s, got, c.want)
		}
	}
}

func TestGoalsAreSortedByWhatMattersMost(t *testing.T) {
	ctx, s := context.Background(), opened(t, t.TempDir())
	for i, priority := range []int64{3, 9, 9, 1, 5} { // ids from 1
		if _, err := s.AddGoal(ctx, "goal", priority); err != nil {
			t.Fatal(i, err)
		}
	}
	if err := s.DoneGoal(ctx, 2); err != nil {
		t.Fatal(err)
	}
	l, err := new(listed).reread(ctx, s, true)
	if err != nil {
		t.Fatal(err)
	}
	var got []int64
	for _, g := range l.goals {
		got = append(got, g.ID)
	}
	if want := []int64{3, 5, 1, 4, 2}; !slices.Equal(got, want) {
		t.Errorf("goals %v, want %v", got, want)
	}
	done := func(id int64, at int64) store.Goal {
		return store.Goal{ID: id, Priority: id, Completed: true, CompletedAt: time.Unix(at, 0)}
	}
	all := []store.Goal{done(1, 5), done(2, 7), done(3, 6), {ID: 5, Priority: 2}, {ID: 4, Priority: 2}}
	slices.SortFunc(all, byGoal)
	for i, want := range []int64{4, 5, 2, 3, 1} {
		if all[i].ID != want {
			t.Errorf("goal %d is %d, want %d", i, all[i].ID, want)
		}
	}
}

func TestWhatCannotBeReadIsTold(t *testing.T) {
	s := opened(t, t.TempDir())
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	l := newLists()
	d := &desk{t: t, calls: make(chan func(), 64), closed: make(chan struct{})}
	b := newBackground(d)
	defer b.close()
	var told error
	b.spawn(func() { l.serve(b, s, alone, func(_ listed, err error) { told = err }) })
	l.refreshes.Put(false)
	(<-d.calls)()
	if told == nil {
		t.Error("nothing is wrong")
	}
	m := newDesk(t, Config{})
	m.took(listed{run: 7}, told)
	if m.LastError() != told.Error() || m.Listed() {
		t.Errorf("%q, listed %v", m.LastError(), m.Listed())
	}
	m.status.LastError = "of the loop"
	if m.took(listed{row: 7}, nil); m.LastError() != "of the loop" || !m.Listed() || m.newest != 7 {
		t.Errorf("%q, listed %v", m.LastError(), m.Listed())
	}
	m.ShowScript(3)
	taken(m.details.asks)
	m.took(listed{}, nil)
	if _, ok := taken(m.details.asks); !ok {
		t.Error("a script that is shown is not read again")
	}
}

func TestTheNewestRunsMayChange(t *testing.T) {
	l := newLists()
	l.runs = &Pager[store.Run]{pages: map[int][]store.Run{0: nil}, stale: map[int]bool{}}
	l.rows = &Pager[store.MapRow]{pages: map[int][]store.MapRow{0: nil}, stale: map[int]bool{}}
	now := listed{counts: store.Counts{Runs: pageRows, Map: pageRows}}
	l.take(now)
	clear(l.runs.stale)
	clear(l.rows.stale)
	if l.take(now); !l.runs.stale[0] || l.rows.stale[0] {
		t.Errorf("runs are read again: %v, rows: %v", l.runs.stale[0], l.rows.stale[0])
	}
}

// alone says of lists that nothing else tells the window of them.
func alone(int64) bool { return false }

// Lists are left for the frame that brings the lineage, where that is shown; a row it
// is read to already brings none.
func TestListsComeWithTheLineageThatIsShown(t *testing.T) {
	s := opened(t, history(t, 20))
	d := &desk{t: t, calls: make(chan func(), 64), closed: make(chan struct{})}
	b := newBackground(d)
	defer b.close()
	l := newLineages()
	if l.ahead(5) {
		t.Error("lists wait for a lineage that nobody has asked for")
	}
	l.known = true
	l.Lineage()
	if !l.ahead(5) || l.ahead(5) || len(l.traces.C) != 1 {
		t.Error("the lineage is not read once for a new row")
	}
	if l.grown(5); <-l.traces.C != 5 || len(l.traces.C) != 0 {
		t.Error("it is read again for a row that it is read to")
	}
	if l.grown(6); len(l.traces.C) != 1 {
		t.Error("it is not read for a newer row")
	}
	b.spawn(func() { l.serve(b, s) })
	(<-d.calls)()
	if n := len(l.lineage.Nodes); n == 0 {
		t.Error("nothing is read")
	}
}

// Scripts are read again one by one where only runs changed them, and all of them where
// one was edited, also by hand.
func TestScriptsThatRanAreReadAgain(t *testing.T) {
	ctx, dir := t.Context(), history(t, 20)
	s := opened(t, dir)
	before := &listed{}
	reread := func(whole bool) listed {
		t.Helper()
		now, err := before.reread(ctx, s, whole)
		if err != nil {
			t.Fatal(err)
		}
		return now
	}
	first := reread(false)
	if len(first.scripts) != 7 || !first.same(reread(true)) {
		t.Fatalf("%d scripts", len(first.scripts))
	}
	before = &first
	for range mayChange {
		ran(t, s, first.scripts[2].ID, store.Finished{Success: true})
	}
	second := reread(false)
	if second.scripts[2].RunCount != first.scripts[2].RunCount+mayChange || !second.same(reread(true)) || second.same(first) {
		t.Errorf("%+v", second.scripts[2])
	}
	second.scripts[2].Name = "of before"
	before = &second
	if third := reread(false); third.scripts[2].Name != first.scripts[2].Name || !slices.Equal(third.scripts[3:], second.scripts[3:]) {
		t.Errorf("%+v", third.scripts)
	}
	second.scripts[3].Purpose = "nothing has edited it"
	if third := reread(false); third.scripts[3] != second.scripts[3] {
		t.Error("scripts that did not run are read again")
	}
	if err := s.SetEnabled(ctx, second.scripts[4].ID, !second.scripts[4].Enabled); err != nil {
		t.Fatal(err)
	}
	if third := reread(false); third.scripts[4].Enabled == second.scripts[4].Enabled || third.scripts[3].Purpose != first.scripts[3].Purpose {
		t.Error("a script that was switched is not read again")
	}
}

// What the loop writes has only those scripts read again that ran; what a person asks for
// has all of them.
func TestTheLoopHasFewScriptsReadAgain(t *testing.T) {
	dir := history(t, 20)
	s := opened(t, dir)
	l := newLists()
	d := &desk{t: t, calls: make(chan func(), 64), closed: make(chan struct{})}
	b := newBackground(d)
	defer b.close()
	var now listed
	b.spawn(func() { l.serve(b, s, alone, func(got listed, _ error) { now = got }) })
	purpose := func(ask chan bool) string {
		ask <- true
		(<-d.calls)()
		return now.scripts[0].Purpose
	}
	before := purpose(l.refreshes.C)
	for range mayChange + 1 {
		ran(t, s, now.scripts[1].ID, store.Finished{Success: true})
	}
	purpose(l.writes.C) // those that ran before might still have changed
	fixture.Exec(t, filepath.Join(dir, "db", "daemon.db"), "DROP TRIGGER improvement_scripts_edited", "UPDATE improvement_scripts SET purpose = 'nobody counted this'")
	if got := purpose(l.writes.C); got != before {
		t.Errorf("all scripts are read again: %q", got)
	}
	if got := purpose(l.refreshes.C); got != "nobody counted this" {
		t.Errorf("they are not read again when that is asked for: %q", got)
	}
}
