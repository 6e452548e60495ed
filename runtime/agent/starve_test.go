package agent

import (
	"context"
	"fmt"
	"testing"
	"time"

	"gvpie/runtime/store"
)

// onRun calls what is given whenever a pixel script is run, and runs it then.
func onRun(a *Agent, do func(s store.Script)) {
	pixel := a.runners["pixel"]
	a.runners["pixel"] = func(ctx context.Context, x *resources, s store.Script, m *scriptHistory) outcome {
		do(s)
		return pixel(ctx, x, s, m)
	}
}

// TestAskingAgainAndAgainHoldsUpNoCycle has a script that asks for itself whenever it
// runs, and takes a second, as a client does that never stops.
func TestAskingAgainAndAgainHoldsUpNoCycle(t *testing.T) {
	r := newRig(t)
	r.only("good", "pixel", "HALT")
	greedy := r.add("greedy", "pixel", "HALT")
	if err := r.store.SetEnabled(t.Context(), greedy.ID, false); err != nil { // it runs because it is asked for, alone
		t.Fatal(err)
	}
	const cycles = 30
	r.cfg.Cycles = cycles
	a := New(r.cfg)
	asked, good := 0, 0
	onRun(a, func(s store.Script) {
		if s.Name == "good" {
			good++
			return
		}
		asked++
		r.clock.jump(time.Second)
		a.RunNow(greedy.ID)
	})
	a.RunNow(greedy.ID)
	if err := a.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if good != cycles || asked != cycles-1 { // the clock's sleeps are over at once: one run in each
		t.Errorf("in %d cycles the good script ran %d times, the one that is asked for %d times", cycles, good, asked)
	}
}

// TestManyThatAreAskedForTakeTurnsWithTheCycles asks for more scripts than a cycle
// runs, all at once.
func TestManyThatAreAskedForTakeTurnsWithTheCycles(t *testing.T) {
	r := newRig(t)
	r.only("good", "pixel", "HALT")
	const many, cycles = 20, 12
	var ids []int64
	for n := range many {
		s := r.add(fmt.Sprint("asked", n), "pixel", "HALT")
		if err := r.store.SetEnabled(t.Context(), s.ID, false); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, s.ID)
	}
	r.cfg.Cycles = cycles
	a := New(r.cfg)
	asked, good, since := 0, 0, 0
	onRun(a, func(s store.Script) {
		if s.Name == "good" {
			good++
			since = 0
			return
		}
		asked++
		if since++; since > a.settings.scripts {
			t.Errorf("%d scripts that were asked for ran before the cycle that was due", since)
		}
	})
	for _, id := range ids {
		a.RunNow(id)
	}
	if err := a.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if good != cycles || asked != many {
		t.Errorf("in %d cycles the good script ran %d times; %d of the %d asked for ran", cycles, good, asked, many)
	}
}

// TestManyAreAllRunWhileTheLoopIsPaused asks for them of a loop that has no cycles.
func TestManyAreAllRunWhileTheLoopIsPaused(t *testing.T) {
	r := newRig(t)
	const many = 10
	r.only("first", "pixel", "HALT")
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	a := New(r.cfg)
	ran := 0
	onRun(a, func(store.Script) {
		if ran++; ran == many {
			stop()
		}
	})
	for n := range many {
		a.RunNow(r.add(fmt.Sprint("asked", n), "pixel", "HALT").ID)
	}
	a.Pause()
	if err := a.Run(ctx); err != nil {
		t.Fatal(err)
	}
	if s := a.Status(); ran != many || s.Cycle != 0 {
		t.Errorf("%d of %d ran, in %d cycles", ran, many, s.Cycle)
	}
}

// TestScriptsThatAreAlwaysFirstStarveNobody clears when they ran last, in every cycle,
// of more scripts than a cycle takes.
func TestScriptsThatAreAlwaysFirstStarveNobody(t *testing.T) {
	for _, most := range []string{"1", "2", "3"} {
		t.Run(most+" a cycle", func(t *testing.T) {
			r := newRig(t)
			r.only("good", "pixel", "HALT")
			r.exec(`UPDATE settings SET value = ? WHERE key = 'scripts_per_cycle'`, most)
			for n := range 4 {
				r.add(fmt.Sprint("first", n), "pixel", "HALT")
			}
			hand := r.sql()
			r.clock.onSleep = func(int) {
				if _, err := hand.Exec(`UPDATE improvement_scripts SET last_run_at = NULL WHERE name LIKE 'first%'`); err != nil {
					t.Error(err)
				}
			}
			const cycles = 16
			r.run(cycles)
			if n := len(r.runs("good")); n < cycles/2-4 {
				t.Errorf("the good script ran %d times in %d cycles", n, cycles)
			}
			for n := range 4 {
				if name := fmt.Sprint("first", n); len(r.runs(name)) == 0 {
					t.Errorf("%s never ran", name)
				}
			}
		})
	}
}
