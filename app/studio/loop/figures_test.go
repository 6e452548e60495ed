package loop

import (
	"testing"
	"time"

	"gvpie/runtime/store"
)

func TestFiguresAreReadOfScriptsInSightAlone(t *testing.T) {
	d := newDesk(t, Config{Data: history(t, 300)})
	d.until("the lists are there", d.Listed)
	all := d.Scripts()
	if len(d.figures.known) != 0 {
		t.Fatalf("figures of %d scripts are read, none is in sight", len(d.figures.known))
	}
	for i := range all {
		if all[i].Code != "" {
			t.Errorf("the list holds the code of %s", all[i].Name)
		}
	}
	d.until("those of two are read", func() bool { return d.Figures(&all[0]) != nil && d.Figures(&all[1]) != nil })
	if got := len(d.figures.known); got != 2 {
		t.Errorf("figures of %d scripts are read, two are in sight", got)
	}
	runs := 0
	for _, s := range d.Figures(&all[0]) {
		if runs += s.Runs; s.ScriptID != all[0].ID {
			t.Errorf("the figures of %d are those of %d", all[0].ID, s.ScriptID)
		}
	}
	if want := min(statRuns, int(all[0].RunCount)); runs == 0 || runs > want {
		t.Errorf("they are of %d runs, want some and at most %d", runs, want)
	}
}

func TestFiguresAreAskedForOnceUntilTheScriptHasRun(t *testing.T) {
	f := newFigures()
	r := ScriptRow{store.Script{ID: 7, RunCount: 3, LastRunAt: time.Unix(9, 0)}}
	f.Figures(&r)
	asked, ok := taken(f.asks)
	if !ok || len(asked) != 1 {
		t.Fatalf("%v is asked for", asked)
	}
	f.Figures(&r)
	if again, ok := taken(f.asks); ok {
		t.Errorf("%v is asked for while the answer is on its way", again)
	}
	f.took(asked, map[int64][]store.ScriptStats{7: {{Runs: 3}}})
	if got := f.Figures(&r); len(got) != 1 || got[0].Runs != 3 {
		t.Errorf("%v is shown", got)
	}
	if again, ok := taken(f.asks); ok {
		t.Errorf("%v is asked for, and is known", again)
	}
	for _, edit := range []func(){func() { r.RunCount++ }, func() { r.LastRunAt = r.LastRunAt.Add(time.Second) }} {
		edit()
		if got := f.Figures(&r); len(got) != 1 {
			t.Error("the figures of before are not shown while newer ones are read")
		}
		if asked, ok = taken(f.asks); !ok {
			t.Error("a script that has run is not read again")
		}
		f.took(asked, nil) // could not be read
		f.Figures(&r)
		if _, ok := taken(f.asks); ok {
			t.Error("what could not be read is asked for in each frame")
		}
	}
	if f.Figures(&ScriptRow{store.Script{ID: 8}}); len(f.asked) != 1 {
		t.Error("figures of a script that never ran are asked for")
	}
}

func TestFiguresAreBounded(t *testing.T) {
	f := newFigures()
	for i := range 5000 {
		f.Figures(&ScriptRow{store.Script{ID: int64(i + 1), RunCount: 1}})
		if i%20 == 19 {
			asked, _ := taken(f.asks)
			read := map[int64][]store.ScriptStats{}
			for id := range asked {
				read[id] = []store.ScriptStats{{Runs: 1}}
			}
			f.took(asked, read)
		}
		if len(f.known) > maxFigures || len(f.asked) > maxFigures {
			t.Fatalf("after %d scripts %d are known and %d asked for", i, len(f.known), len(f.asked))
		}
	}
}

func TestScriptsAndRowsAreOpenedAsTheyAre(t *testing.T) {
	d := newDesk(t, Config{Data: history(t, 300)})
	d.until("the lists are there", d.Listed)
	d.OpenScript(d.Scripts()[0].ID)
	d.until("its code is open", func() bool { return len(d.opened) == 1 })
	d.OpenRow(300)
	d.OpenRow(1 << 40)
	d.until("one is open and the other is not there", func() bool { return len(d.opened)+len(d.notices) == 3 })
	if len(d.notices) != 1 || d.opened[1] == "" {
		t.Errorf("opened %q, told %q", d.opened, d.notices)
	}
}
