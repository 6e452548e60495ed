package agent

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"gvpie/runtime/store"
)

func TestALoopMovesWhileItIsWhereItMayBe(t *testing.T) {
	const patience = 5 * time.Minute
	for _, c := range []struct {
		name   string
		status Status
		limit  time.Duration
		after  time.Duration
		moves  bool
	}{
		{"asleep", Status{Phase: Sleeping, NextAt: epoch.Add(24 * time.Hour)}, 0, 23 * time.Hour, true},
		{"overslept", Status{Phase: Sleeping, NextAt: epoch.Add(time.Hour)}, 0, time.Hour + patience, false},
		{"asleep again after a pause", Status{Phase: Sleeping, NextAt: epoch.Add(-time.Hour)}, 0, patience - 1, true},
		{"paused", Status{Phase: Paused}, 0, 1000 * time.Hour, true},
		{"running", Status{Phase: Running, Script: "a"}, 0, patience - 1, true},
		{"running for too long", Status{Phase: Running, Script: "a"}, 0, patience, false},
		{"running within its limit", Status{Phase: Running, Script: "a"}, time.Hour, time.Hour + patience - 1, true},
		{"running beyond its limit", Status{Phase: Running, Script: "a"}, time.Hour, time.Hour + patience, false},
		{"saving for too long", Status{Phase: Saving}, time.Hour, patience, false},
		{"stopped", Status{Phase: Stopped}, 0, 0, false},
	} {
		s := c.status
		s.limit = c.limit
		s.follow(Status{}, epoch)
		later := s
		later.Paused = true // which changes nothing of what it does
		later.follow(s, epoch.Add(c.after))
		if got := later.Moves(epoch.Add(c.after), patience); got != c.moves {
			t.Errorf("%s: moves %v", c.name, got)
		}
	}
	if !(Status{}).Moves(epoch, patience) {
		t.Error("a loop that was not told to run yet stands still")
	}
}

// moody is a database that can be made to refuse.
type moody struct {
	*store.Store
	saving func(store.Finished) error // nil: it saves
	room   error
	check  error
}

func (m *moody) FinishRun(ctx context.Context, id int64, f store.Finished) (int64, error) {
	if m.saving != nil {
		if err := m.saving(f); err != nil {
			return 0, err
		}
	}
	return m.Store.FinishRun(ctx, id, f)
}

func (m *moody) Room() error { return m.room }
func (m *moody) Check(ctx context.Context) error {
	if m.check != nil {
		return m.check
	}
	return m.Store.Check(ctx)
}

func (r *rig) moody() *moody {
	m := &moody{Store: r.store}
	r.cfg.Store = m
	return m
}

// unready runs a loop and gives what its status said at the end of each cycle, and at
// others in the time that followed. between is called after each cycle.
func (r *rig) unready(cycles int, between func(a *Agent, cycle int)) (said []string) {
	r.t.Helper()
	r.cfg.Cycles = cycles
	a := New(r.cfg)
	r.clock.onSleep = func(n int) {
		said = append(said, a.Status().Unready)
		between(a, n)
	}
	if err := a.Run(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
	if got := a.Status().Unready; got != "the loop has stopped" {
		r.t.Errorf("after its end: %q", got)
	}
	return said
}

func full() error { return &store.Error{Op: "finish run", Path: "db", Kind: store.ErrFull} }

// red gives the cycles, from 1, after which the loop was not ready.
func red(said []string) (all []int) {
	for i, text := range said {
		if text != "" {
			all = append(all, i+1)
		}
	}
	return all
}

// A sleep is told of when it is over: ten seconds after the end of its cycle.
func TestLoopIsUnreadyWhenNothingDueWasSavedForThreeIntervals(t *testing.T) {
	for name, c := range map[string]struct {
		interval time.Duration
		red      []int // after so many cycles
	}{
		"of ten seconds": {10 * time.Second, []int{4, 5, 6, 7, 8}},
		"of a minute":    {time.Minute, []int{4, 5, 6, 7, 8}},
		"of five":        {5 * time.Second, []int{7, 8}}, // half a minute at least
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.cfg.Interval = c.interval
			m := r.moody()
			said := r.unready(11, func(_ *Agent, n int) {
				m.saving = func(store.Finished) error { return &store.Error{Op: "finish run", Kind: store.ErrLocked} }
				if n >= 8 {
					m.saving = nil
				}
			})
			if got := red(said); !slices.Equal(got, c.red) {
				t.Errorf("unready after the cycles %v, not %v", got, c.red)
			}
			if text := said[7]; !strings.HasPrefix(text, "scripts are due and none was saved for ") || !strings.Contains(text, "saving a run of hello_gpu") || !strings.Contains(text, "locked by another program") {
				t.Errorf("it says %q", text)
			}
		})
	}
}

// Whether something is due is not known, so something may be.
func TestLoopThatCannotAskWhatIsDueIsUnready(t *testing.T) {
	r := newRig(t)
	r.exec("UPDATE improvement_scripts SET enabled = 0")
	m := r.moody()
	said := r.unready(8, func(_ *Agent, n int) {
		m.check = &store.Error{Op: "check the database", Kind: store.ErrLocked}
		if n == 6 {
			m.check = nil
		}
	})
	if got := red(said); !slices.Equal(got, []int{4, 5, 6}) || !strings.Contains(said[5], "locked by another program") {
		t.Errorf("it says %q", said)
	}
}

func TestLoopThatHasNothingToDoIsReady(t *testing.T) {
	t.Run("nothing is due", func(t *testing.T) {
		r := newRig(t)
		r.exec("UPDATE improvement_scripts SET enabled = 0")
		if said := r.unready(9, func(*Agent, int) { r.clock.jump(time.Hour) }); red(said) != nil {
			t.Errorf("it says %q", said)
		}
	})
	t.Run("paused", func(t *testing.T) {
		r := newRig(t)
		m := r.moody()
		r.cfg.Cycles = 3
		a := New(r.cfg)
		r.clock.onSleep = func(n int) {
			switch n {
			case 1: // from now on nothing that is due is saved
				m.saving = func(store.Finished) error { return &store.Error{Op: "finish run", Kind: store.ErrLocked} }
			case 2:
				a.Pause()
			}
		}
		events, leave := a.Watch()
		defer leave()
		ended := make(chan error, 1)
		go func() { ended <- a.Run(t.Context()) }()
		await(t, events, inPhase(Paused))
		r.clock.jump(time.Hour)
		if s := a.Status(); s.Unready != "" {
			t.Errorf("paused: %q", s.Unready)
		}
		a.Resume()
		e := await(t, events, inPhase(Sleeping))
		if e.Status.Unready != "" {
			t.Errorf("just resumed: %q", e.Status.Unready)
		}
		if s := e.Status.At(e.At.Add(unreadyLeast)); s.Unready == "" {
			t.Error("half a minute after it was resumed nothing was saved, and it is ready")
		}
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
	})
}

func TestRunWithinItsLimitKeepsTheLoopReady(t *testing.T) {
	r := newRig(t)
	r.cfg.Limit, r.cfg.Cycles = 10*time.Minute, 2
	a := New(r.cfg)
	pixel := a.runners["pixel"]
	within := r.cfg.Limit + a.patience
	a.runners["pixel"] = func(ctx context.Context, x *resources, s store.Script, m *scriptHistory) outcome {
		r.clock.jump(within - 1)
		if s := a.Status(); s.Unready != "" {
			t.Errorf("within its limit: %q", s.Unready)
		}
		if a.cycles == 2 {
			r.clock.jump(1)
			if s := a.Status(); !strings.HasPrefix(s.Unready, "scripts are due and none was saved for ") {
				t.Errorf("beyond its limit: %q", s.Unready)
			}
			r.clock.jump(unreadyLeast)
			if s := a.Status(); s.Unready != "the loop has not moved for 10m35s: it is running hello_gpu" {
				t.Errorf("long beyond its limit: %q", s.Unready)
			}
		}
		return pixel(ctx, x, s, m)
	}
	events, leave := a.Watch()
	defer leave()
	if err := a.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	for {
		select {
		case e := <-events:
			if e.Status.Unready != "" && e.Status.Phase != Stopped {
				t.Errorf("%s: %q", e.Status.Phase, e.Status.Unready)
			}
			continue
		default:
		}
		break
	}
}

func TestScriptThatCannotBeReadOrSavedIsNoReadiness(t *testing.T) {
	r := newRig(t)
	r.add("odd", "pixel", "HALT")
	m := r.moody()
	said := r.unready(12, func(_ *Agent, n int) {
		switch n {
		case 2:
			r.exec(`UPDATE improvement_scripts SET enabled = 'yes' WHERE name = 'odd'`)
		case 4:
			r.exec(`UPDATE improvement_scripts SET enabled = 1 WHERE name = 'odd'`)
			m.saving = func(f store.Finished) error {
				if f.Task == "odd" {
					return errors.New("refused by a trigger")
				}
				return nil
			}
		case 8:
			m.saving = nil
			r.exec(`UPDATE improvement_scripts SET code = 'NOP' || char(10) || 'HALT' WHERE name = 'odd'`)
		}
	})
	if !slices.Equal(red(said[:4]), []int{3, 4}) || !strings.Contains(said[2], "odd") || !strings.Contains(said[2], `enabled is "yes"`) {
		t.Errorf("it says %q", said[:4])
	}
	if !strings.Contains(said[7], "odd") || !strings.Contains(said[7], "its runs cannot be saved: refused by a trigger") {
		t.Errorf("it says %q", said[7])
	}
	if got := red(said[9:]); got != nil { // saved in the cycle before, seen in this one
		t.Errorf("it says %q", said[9:])
	}
}

// What was given up is history.
func TestDeadLettersAreWarnings(t *testing.T) {
	r := newRig(t)
	m := r.moody()
	m.saving = func(store.Finished) error { return errors.New("refused by a trigger") }
	said := r.unready(8, func(a *Agent, n int) {
		if n == 4 {
			m.saving = nil
			r.exec(`UPDATE improvement_scripts SET enabled = 0`)
		}
		if w := a.Status().Warnings(); n >= 4 && (len(w) != 1 || !strings.Contains(w[0], deadLetterFile)) {
			t.Errorf("cycle %d warns %q", n, w)
		}
	})
	if said[3] == "" || red(said[4:]) != nil {
		t.Errorf("it says %q", said)
	}
}

func TestFullDiskIsNoReadiness(t *testing.T) {
	r := newRig(t)
	m := r.moody()
	said := r.unready(6, func(a *Agent, n int) {
		switch n {
		case 1: // no cycle must be waited for
			m.room = full()
			s := a.Status()
			if !strings.Contains(s.Unready, "the disk is full") || s.Healthy || s.Database != s.Unready || !strings.Contains(s.Health, "the disk is full") {
				t.Errorf("%+v", s)
			}
			m.room = nil
			if s := a.Status(); s.Unready != "" || !s.Healthy || s.Database != "" || !strings.HasSuffix(s.Health, "database ok") {
				t.Errorf("%+v", s)
			}
		case 2: // though there is some room: a quota, a file as large as it may be
			tries := 0
			m.saving = func(store.Finished) error {
				if tries++; tries > 1 && a.Status().Unready == "" {
					t.Error("it is ready while the run is tried again that there was no room for")
				}
				return full()
			}
		case 4:
			m.saving = nil
		}
	})
	if got := red(said); !slices.Equal(got, []int{3, 4}) || !strings.Contains(said[2], "the disk is full") {
		t.Errorf("it says %q", said)
	}
}

func TestLoopThatStandsStillIsUnready(t *testing.T) {
	r := newRig(t)
	r.exec("UPDATE improvement_scripts SET enabled = 0") // nothing is due
	r.unready(2, func(a *Agent, n int) {
		if n == 1 {
			before := a.Status()
			if s := before.At(r.clock.Now().Add(unreadyLeast)); !strings.HasPrefix(s.Unready, "the loop has not moved for ") {
				t.Errorf("asleep for too long: %q", s.Unready)
			}
		}
	})
}
