package store

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// names are those of the scripts due at a time.
func names(t *testing.T, s *Store, now time.Time, max int) []string {
	t.Helper()
	due, _, err := s.DueScripts(t.Context(), now, max)
	must(t, err)
	all := []string{}
	for _, d := range due {
		all = append(all, d.Name)
	}
	return all
}

func TestLeastRecentlyRunComesFirst(t *testing.T) {
	s := fresh(t)
	for _, name := range []string{"a", "b", "c"} {
		_, _, err := s.UpsertScript(t.Context(), Script{Name: name, Lang: "pixel", Code: "HALT", Enabled: name != "c"})
		must(t, err)
	}
	if got := names(t, s, start, 2); !slices.Equal(got, []string{"hello_gpu", "a"}) {
		t.Error(got)
	}
	run(t, s, 2, start, Finished{Success: true, Code: "HALT"})
	run(t, s, 1, start, hello())
	if got := names(t, s, start, 9); !slices.Equal(got, []string{"b", "a", "hello_gpu"}) {
		t.Error(got)
	}
	must(t, s.SetEnabled(t.Context(), 2, false))
	if got := names(t, s, start, 9); !slices.Equal(got, []string{"b", "hello_gpu"}) {
		t.Error(got)
	}
	isErr(t, s.SetEnabled(t.Context(), 99, true), ErrNotFound)
	// Clearing last_run_at by hand asks for a run.
	sqlExec(t, beside(t, s), "UPDATE improvement_scripts SET last_run_at = NULL WHERE name = 'hello_gpu'")
	if got := names(t, s, start, 1); !slices.Equal(got, []string{"hello_gpu"}) {
		t.Error(got)
	}
}

func TestAFailingScriptBacksOffUntilItsCodeChanges(t *testing.T) {
	ctx := t.Context()
	s := fresh(t)
	fail := hello()
	fail.Success, fail.NotBefore = false, start.Add(time.Hour)
	for range 3 {
		run(t, s, 1, start, fail)
	}
	sc, err := s.ScriptByID(ctx, 1)
	must(t, err)
	if sc.ConsecutiveFailures != 3 || !sc.NotBefore.Equal(start.Add(time.Hour)) || sc.SuccessCount != 0 || sc.RunCount != 3 {
		t.Errorf("%+v", sc)
	}
	stop := hello()
	stop.Success, stop.Cancelled = false, true
	runID, _ := run(t, s, 1, start, stop)
	if r, err := s.Run(ctx, runID); err != nil || !r.Cancelled || r.Success {
		t.Errorf("%+v %v", r, err)
	}
	if sc, _ = s.ScriptByID(ctx, 1); sc.ConsecutiveFailures != 3 {
		t.Error("a cancelled run counts as a failure")
	}
	for _, c := range []struct {
		now time.Time
		due int
	}{{start, 0}, {start.Add(time.Hour - 1), 0}, {start.Add(time.Hour), 1}, {start.Add(-24 * time.Hour), 1}} {
		if got := names(t, s, c.now, 9); len(got) != c.due {
			t.Errorf("at %v: %v", c.now, got)
		}
	}
	sqlExec(t, beside(t, s), "UPDATE improvement_scripts SET code = 'HALT' WHERE id = 1")
	if got := names(t, s, start, 9); len(got) != 1 {
		t.Error("a script whose code was changed is not tried at once")
	}
	good := hello()
	good.Code = "HALT"
	run(t, s, 1, start, good)
	if sc, _ = s.ScriptByID(ctx, 1); sc.ConsecutiveFailures != 0 || !sc.NotBefore.IsZero() {
		t.Errorf("%+v", sc)
	}
}

func TestCodeEditedWhileTheOldRanIsStillNew(t *testing.T) {
	s := fresh(t)
	sqlExec(t, beside(t, s), "UPDATE improvement_scripts SET code = 'HALT' WHERE id = 1") // after it was read
	fail := hello()
	fail.Success, fail.NotBefore = false, start.Add(time.Hour)
	run(t, s, 1, start, fail)
	if got := names(t, s, start, 9); len(got) != 1 {
		t.Error("the new code was taken for tried")
	}
}

func TestUpsertSaysWhetherAnythingChanged(t *testing.T) {
	ctx := t.Context()
	s := fresh(t)
	sc := Script{Name: "s", Lang: "pixel", Purpose: "p", Code: "HALT", Enabled: true}
	for i, c := range []struct {
		edit    func()
		changed bool
	}{{func() {}, true}, {func() {}, false}, {func() { sc.Code = "CLS\nHALT" }, true}, {func() { sc.Enabled = false }, false}, {func() { sc.Lang = "python" }, true}} {
		c.edit()
		id, changed, err := s.UpsertScript(ctx, sc)
		if err != nil || id != 2 || changed != c.changed {
			t.Errorf("%d: %d %v %v", i, id, changed, err)
		}
	}
	if got, _ := s.Script(ctx, "s"); !got.Enabled || got.Code != "CLS\nHALT" || got.Lang != "python" {
		t.Errorf("%+v", got)
	}
	if _, _, err := s.UpsertScript(ctx, Script{Name: "t", Lang: "cobol"}); err == nil || !strings.Contains(err.Error(), "pixel, cartridge or python") {
		t.Error(err)
	}
	if _, _, err := s.UpsertScript(ctx, Script{Lang: "pixel"}); err == nil {
		t.Error("a script without a name was taken")
	}
	_, err := s.Script(ctx, "nobody")
	isErr(t, err, ErrNotFound)
}

func TestInterruptedRunsAreMarkedOnceAndNeverOurs(t *testing.T) {
	ctx := t.Context()
	dir := t.TempDir()
	dead, _ := open(t, dir)
	id, err := dead.BeginRun(ctx, 1, start, "GPU")
	must(t, err)
	if n, err := dead.Interrupted(ctx); n != 0 || err != nil {
		t.Error("its own run was taken for interrupted", n, err)
	}
	next, _ := open(t, dir)
	_, err = next.Interrupted(ctx)
	isErr(t, err, ErrLoopLocked) // while the other has the lock, its run goes on
	must(t, dead.unlockLoop())
	for want := 1; want >= 0; want-- {
		if n, err := next.Interrupted(ctx); n != want || err != nil {
			t.Error(n, err)
		}
	}
	r, err := next.Run(ctx, id)
	must(t, err)
	if !r.Interrupted || r.Success || r.Running() || r.Backend != "GPU" || !strings.HasPrefix(r.Stderr, "interrupted") {
		t.Errorf("%+v", r)
	}
	m, err := next.MapRow(ctx, r.MapID)
	if err != nil || m.Result != `{"status":"interrupted"}` || m.Code != firstScript.Code {
		t.Errorf("%+v %v", m, err)
	}
	if sc, _ := next.ScriptByID(ctx, 1); sc.RunCount != 1 || sc.ConsecutiveFailures != 1 {
		t.Errorf("%+v", sc)
	}
	_, err = dead.FinishRun(ctx, id, hello())
	isErr(t, err, ErrNotRunning)
	verified(t, next, 1)
}

func TestScriptStatsTellEnginesAndTrendApart(t *testing.T) {
	s := fresh(t)
	for i := range 20 {
		f := hello()
		f.Duration = 10 * time.Millisecond
		if i >= 10 {
			f.Duration = 15 * time.Millisecond
		}
		run(t, s, 1, start, f)
	}
	for i := range 3 {
		f := hello()
		f.Backend, f.Success = "CPU", i == 0
		run(t, s, 1, start, f)
	}
	figures, err := s.ScriptStats(t.Context(), []int64{1, 1 << 40}, 0)
	must(t, err)
	all := figures[1]
	if len(figures) != 1 {
		t.Errorf("a script that there is not has figures: %+v", figures)
	}
	if len(all) != 2 || all[0].Backend != "CPU" || all[0].Runs != 3 || all[0].Successes != 1 || all[0].Trend != 0 || all[0].Median != 1500*time.Microsecond {
		t.Fatalf("%+v", all)
	}
	if g := all[1]; g.Rate() != 1 || g.Median != 12500*time.Microsecond || g.Trend != 0.5 || len(g.Durations) != 20 || g.Durations[0] != 10*time.Millisecond {
		t.Errorf("%+v", g)
	}
}

func TestGoalsCartridgesAndMetricsAreKept(t *testing.T) {
	ctx := t.Context()
	s := fresh(t)
	for _, g := range []struct {
		goal     string
		priority int64
	}{{"low", 1}, {"plain", 0}, {"high", 9}} {
		_, err := s.AddGoal(ctx, g.goal, g.priority)
		must(t, err)
	}
	must(t, s.DoneGoal(ctx, 1))
	isErr(t, s.DoneGoal(ctx, 9), ErrNotFound)
	goals, err := s.OpenGoals(ctx)
	must(t, err)
	if len(goals) != 2 || goals[0].Goal != "high" || goals[1].Priority != 5 {
		t.Errorf("%+v", goals)
	}

	id, err := s.AddCartridge(ctx, Cartridge{Path: "c.png", Kind: "pixel", Checksum: "aa", Width: 3, Height: 4})
	must(t, err)
	must(t, s.CountExecuted(ctx, id))
	again, err := s.AddCartridge(ctx, Cartridge{Path: "c.png", Kind: "pixel", Checksum: "bb", Width: 3, Height: 4})
	must(t, err)
	for _, name := range []string{"c.png", "1"} {
		c, err := s.CartridgeByIDOrPath(ctx, name)
		if err != nil || c.ID != id || again != id || c.Checksum != "bb" || c.ExecutedCount != 1 || !c.CreatedAt.Equal(start) {
			t.Errorf("%+v %v", c, err)
		}
	}
	_, err = s.CartridgeByIDOrPath(ctx, "d.png")
	isErr(t, err, ErrNotFound)
	isErr(t, s.CountExecuted(ctx, 9), ErrNotFound)
	if all, err := s.Cartridges(ctx, Page{}); len(all) != 1 || err != nil {
		t.Error(all, err)
	}

	must(t, s.AddMetrics(ctx, []Metric{{Name: "a", Value: 1}, {Name: "b", Value: 2, Context: "c"}, {Name: "a", Value: 3}}))
	all, err := s.MetricsOf(ctx, "a", Page{Limit: 1})
	if err != nil || len(all) != 1 || all[0] != (Metric{ID: 3, Timestamp: start, Name: "a", Value: 3}) {
		t.Errorf("%+v %v", all, err)
	}
	if all, err = s.Metrics(ctx, Page{Before: 3}); err != nil || len(all) != 2 || all[0].Context != "c" {
		t.Errorf("%+v %v", all, err)
	}
}

func TestPicturesAreKeptOnceAndChecked(t *testing.T) {
	s := fresh(t)
	hash, err := s.PutPicture([]byte("png"))
	must(t, err)
	again, err := s.PutPicture([]byte("png"))
	if err != nil || again != hash {
		t.Error(again, err)
	}
	path := s.PicturePath(hash)
	if filepath.Base(filepath.Dir(path)) != hash[:2] || filepath.Base(path) != hash+".png" {
		t.Error(path)
	}
	files, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(files) != 1 {
		t.Error(files, err)
	}
	for _, none := range []string{"", "../../etc/passwd", strings.Repeat("0", 64), strings.ToUpper(hash)} {
		_, err = s.Picture(none)
		isErr(t, err, ErrNotFound)
	}
	must(t, os.WriteFile(path, []byte("gnp"), 0o600))
	_, err = s.Picture(hash)
	isErr(t, err, ErrCorrupt)
	must(t, s.Check(t.Context())) // a picture is not the database
}

func TestAnExportHoldsEverything(t *testing.T) {
	ctx := t.Context()
	s := lineage(t, 4)
	hash, err := s.PutPicture([]byte("png"))
	must(t, err)
	dir := filepath.Join(t.TempDir(), "new", "export")
	_, err = s.Export(ctx, dir, nil, nil)
	must(t, err)
	b, err := os.ReadFile(filepath.Join(dir, "infinite_map.jsonl"))
	must(t, err)
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	var row map[string]any
	must(t, json.Unmarshal([]byte(lines[1]), &row))
	if len(lines) != 4 || row["code"] != firstScript.Code || row["id"] != 2.0 || row["parent_iteration"] != nil || !strings.HasPrefix(lines[1], `{"id":2,"iteration":2,`) {
		t.Errorf("%d lines, %v", len(lines), row)
	}
	for _, table := range []string{"improvement_scripts", "improvement_runs", "development_goals", "cartridge_registry", "system_metrics", "settings", "contents", "map_chain", "run_details", "pictures"} {
		if _, err := os.Stat(filepath.Join(dir, table+".jsonl")); err != nil {
			t.Error(err)
		}
	}
	if b, err := os.ReadFile(filepath.Join(dir, "pictures", hash[:2], hash+".png")); err != nil || string(b) != "png" {
		t.Error(string(b), err)
	}
	_, err = s.Export(ctx, dir, nil, nil)
	isErr(t, err, os.ErrExist)
	left, err := os.ReadDir(filepath.Dir(dir))
	if err != nil || len(left) != 1 {
		t.Error(left, err)
	}
}

func TestARemovedScriptLeavesItsRuns(t *testing.T) {
	ctx := t.Context()
	s := fresh(t)
	done, _ := run(t, s, 1, start, hello())
	running, err := s.BeginRun(ctx, 1, start, "CPU")
	must(t, err)
	must(t, s.RemoveScript(ctx, 1))
	isErr(t, s.RemoveScript(ctx, 1), ErrNotFound)
	if _, err := s.Script(ctx, "hello_gpu"); err == nil {
		t.Error("the script is still there")
	}
	_, err = s.FinishRun(ctx, running, hello()) // it was under way when its script went
	must(t, err)
	// Another script of the name is another script.
	again, _, err := s.UpsertScript(ctx, firstScript)
	must(t, err)
	for _, id := range []int64{done, running} {
		r, err := s.Run(ctx, id)
		must(t, err)
		if r.ScriptID != 0 || r.Script != "hello_gpu" || !r.Success {
			t.Errorf("run %d: %+v", id, r)
		}
	}
	if of, err := s.RunListOf(ctx, again, Page{}); err != nil || len(of) != 0 {
		t.Errorf("the new script's runs: %+v %v", of, err)
	}
}

func TestAnEditChangesWhatItNamesAlone(t *testing.T) {
	ctx := t.Context()
	s := fresh(t)
	run(t, s, 1, start, hello())
	was, err := s.ScriptByID(ctx, 1)
	must(t, err)
	code, off, name := "NOP", false, "renamed"
	must(t, s.EditScript(ctx, 1, ScriptEdit{Code: &code}))
	must(t, s.EditScript(ctx, 1, ScriptEdit{Enabled: &off}))
	must(t, s.EditScript(ctx, 1, ScriptEdit{Name: &name}))
	got, err := s.ScriptByID(ctx, 1)
	must(t, err)
	if got.Code != "NOP" || got.Enabled || got.Name != name || got.Purpose != was.Purpose || got.RunCount != 1 || !got.LastRunAt.Equal(was.LastRunAt) || !got.Fresh() {
		t.Errorf("%+v", got)
	}
	_, _, err = s.UpsertScript(ctx, firstScript)
	must(t, err)
	isErr(t, s.EditScript(ctx, 1, ScriptEdit{Name: &firstScript.Name}), ErrTaken)
	isErr(t, s.EditScript(ctx, 99, ScriptEdit{Enabled: &off}), ErrNotFound)
	// What was switched off stays so over later saves.
	_, _, err = s.UpsertScript(ctx, Script{Name: name, Lang: "pixel", Code: "HALT", Enabled: true})
	must(t, err)
	if got, err = s.ScriptByID(ctx, 1); err != nil || got.Enabled || got.Code != "HALT" {
		t.Errorf("%+v %v", got, err)
	}
}

func TestAScriptAskedForIsDueAtOnce(t *testing.T) {
	s := fresh(t)
	_, _, err := s.UpsertScript(t.Context(), Script{Name: "a", Lang: "pixel", Code: "HALT", Enabled: true})
	must(t, err)
	fail := hello()
	fail.Success, fail.NotBefore = false, start.Add(time.Hour)
	run(t, s, 1, start, fail)
	if got := names(t, s, start, 9); !slices.Equal(got, []string{"a"}) {
		t.Error(got)
	}
	must(t, s.AskRun(t.Context(), 1))
	if got := names(t, s, start, 1); !slices.Equal(got, []string{"hello_gpu"}) {
		t.Error(got)
	}
	isErr(t, s.AskRun(t.Context(), 99), ErrNotFound)
}

// Whoever edits scripts is counted, and no run is.
func TestEditsOfScriptsAreCounted(t *testing.T) {
	s := fresh(t)
	ctx, db := t.Context(), beside(t, s)
	var last int64
	edits := func(what string, edited bool) {
		t.Helper()
		n, err := s.ScriptEdits(ctx)
		must(t, err)
		if (n > last) != edited {
			t.Errorf("%s: %d edits after %d", what, n, last)
		}
		last = n
	}
	edits("hello_gpu was added", true)
	run(t, s, 1, start, hello())
	edits("a run", false)
	must(t, s.AskRun(ctx, 1))
	edits("a run that is asked for", false)
	must(t, s.SetEnabled(ctx, 1, false))
	edits("a switch", true)
	for _, by := range []string{
		"INSERT INTO improvement_scripts (name, lang, code, enabled) VALUES ('by hand', 'pixel', 'HALT', 1)",
		"UPDATE improvement_scripts SET name = 'other' WHERE name = 'by hand'",
		"UPDATE improvement_scripts SET purpose = 'none'",
		"INSERT OR REPLACE INTO improvement_scripts (id, name, lang, code, enabled) VALUES (1, 'replaced', 'pixel', 'HALT', 1)",
		"DELETE FROM improvement_scripts WHERE name = 'other'",
	} {
		sqlExec(t, db, by)
		edits(by, true)
	}
	sqlExec(t, db, "DELETE FROM script_edits")
	if n, err := s.ScriptEdits(ctx); n != -1 || err != nil {
		t.Errorf("%d edits where nobody counts: %v", n, err)
	}
}

func TestScriptsOfRunsAreThoseThatRan(t *testing.T) {
	s := fresh(t)
	for _, name := range []string{"b", "a"} {
		_, _, err := s.UpsertScript(t.Context(), Script{Name: name, Lang: "pixel", Code: "HALT", Enabled: true})
		must(t, err)
	}
	run(t, s, 3, start, hello())
	run(t, s, 1, start, hello())
	run(t, s, 2, start, hello())
	for after, want := range []string{"a b hello_gpu", "b hello_gpu", "b", ""} {
		ran, err := s.ScriptsOfRuns(t.Context(), int64(after))
		must(t, err)
		var names []string
		for _, one := range ran {
			names = append(names, one.Name)
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("after run %d: %q, want %q", after, got, want)
		}
	}
}
