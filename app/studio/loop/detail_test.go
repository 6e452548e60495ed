package loop

import (
	"context"
	"testing"

	"gvpie/app/studio/loop/fixture"
	"gvpie/runtime/store"
)

// ran runs a script for the store.
func ran(t *testing.T, s *store.Store, script int64, f store.Finished) store.Run {
	t.Helper()
	run, err := s.Run(context.Background(), began(t, s, script))
	if err != nil {
		t.Fatal(err)
	}
	if run.MapID, err = s.FinishRun(context.Background(), run.ID, f); err != nil {
		t.Fatal(err)
	}
	return run
}

func began(t *testing.T, s *store.Store, script int64) int64 {
	t.Helper()
	id, err := s.BeginRun(context.Background(), script, newHandClock().now, "CPU")
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func written(t *testing.T, s *store.Store, name, code string) int64 {
	t.Helper()
	id, _, err := s.UpsertScript(context.Background(), store.Script{Name: name, Lang: "pixel", Purpose: "a test", Code: code, Enabled: true})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestADetailShowsWhatWasRunAndAScriptWhatWillBe(t *testing.T) {
	ctx, s := context.Background(), opened(t, t.TempDir())
	want := func(what string, of subject, script, run int64, code string) {
		t.Helper()
		if d := readDetail(ctx, s, of); d.Err != "" || d.Script.ID != script || d.Run.ID != run || d.Code != code {
			t.Errorf("%s: script %d, run %d, %q, error %q", what, d.Script.ID, d.Run.ID, d.Code, d.Err)
		}
	}
	id := written(t, s, "sky", "HALT")
	want("a script that never ran", subject{script: id}, id, 0, "HALT")
	first := began(t, s, id)
	want("one that runs", subject{script: id}, id, first, "HALT")
	want("its run", subject{run: first}, id, first, "HALT")
	if _, err := s.FinishRun(ctx, first, store.Finished{Code: "HALT", Success: true}); err != nil {
		t.Fatal(err)
	}
	written(t, s, "sky", "NOP\nHALT")
	want("a new version", subject{script: id}, id, first, "NOP\nHALT")
	want("the run of the old", subject{run: first}, id, first, "HALT")
	began(t, s, id)
	want("a script that runs again", subject{script: id}, id, first, "NOP\nHALT")
	for _, of := range []subject{{run: 999}, {script: 999}} {
		if d := readDetail(ctx, s, of); d.Err == "" {
			t.Errorf("%+v is there", of)
		}
	}
}

func TestTheRunOfARemovedScriptIsShown(t *testing.T) {
	dir := t.TempDir()
	s := opened(t, dir)
	id := written(t, s, "sky", "HALT")
	run := ran(t, s, id, store.Finished{Code: "NOP", Success: true})
	fixture.Exec(t, s.Path(), "DELETE FROM improvement_scripts")
	if d := readDetail(context.Background(), s, subject{run: run.ID}); d.Err != "" || d.Code != "NOP" || d.Script.ID != 0 {
		t.Errorf("%+v", d)
	}
	if d := readDetail(context.Background(), s, subject{script: id}); d.Err == "" {
		t.Error("the script is there")
	}
}

func TestTheLanguageIsThatOfTheRun(t *testing.T) {
	d := Detail{Script: store.Script{Lang: "pixel"}}
	if d.Lang() != "pixel" {
		t.Errorf("%q", d.Lang())
	}
	if d.Row.Result = `{"lang":"python"}`; d.Lang() != "python" {
		t.Errorf("%q", d.Lang())
	}
}

func TestWhatCannotBeComparedIsSaid(t *testing.T) {
	none := newComparisons()
	if x, y := none.Compared(); x != 0 || y != 0 || none.Comparison() != nil {
		t.Error("something is compared before it is asked for")
	}
	ctx, s := context.Background(), opened(t, history(t, 20))
	if c := readComparison(ctx, s, pair{8, 0}); c.Err != "" || c.A.Row.ID != 8 || c.PictureA == nil || c.B.Row.ID != 0 || c.Diff != nil || c.Picture != nil {
		t.Errorf("one alone: %+v", c)
	}
	for _, of := range []pair{{8, 999}, {999, 8}} {
		if c := readComparison(ctx, s, of); c.Err == "" {
			t.Errorf("%v are both there", of)
		}
	}
	byHand, err := s.AddMap(ctx, store.MapRow{Task: "by hand", Code: "HALT"})
	if err != nil {
		t.Fatal(err)
	}
	blind := ran(t, s, 1, store.Finished{Code: "NOP"}).MapID
	if c := readComparison(ctx, s, pair{byHand, blind}); c.Err != "" || c.Picture != nil || c.Pixels != 0 || len(c.Diff) != 2 {
		t.Errorf("two without a picture: %+v", c)
	}
}
