package store

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gvpie/runtime/store/archive"
	"gvpie/runtime/store/chain"
)

// exported is the folder of an export of a data folder.
func exported(t *testing.T, dir string) string {
	t.Helper()
	s, _, err := Open(t.Context(), dir, Options{})
	must(t, err)
	to := filepath.Join(t.TempDir(), "export")
	left, err := s.Export(t.Context(), to, nil, nil)
	if err != nil || len(left) > 0 {
		t.Fatal(left, err)
	}
	must(t, s.Close())
	return to
}

// alike wants two folders to hold the same files with the same bytes.
func alike(t *testing.T, a, b string) {
	t.Helper()
	files := func(dir string) map[string]string {
		all := map[string]string{}
		must(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			bytes, err := os.ReadFile(path)
			name, _ := filepath.Rel(dir, path)
			all[name] = string(bytes)
			return err
		}))
		return all
	}
	one, two := files(a), files(b)
	for name := range one {
		if one[name] != two[name] {
			t.Errorf("%s differs:\n%.300s\n%.300s", name, one[name], two[name])
		}
	}
	if len(one) != len(two) {
		t.Errorf("%d and %d files", len(one), len(two))
	}
}

// odd are values of all kinds that a person may have put into tables of theirs.
const odd = `CREATE TABLE theirs2 (id INTEGER PRIMARY KEY, v);
	INSERT INTO theirs2 (v) VALUES (2.0), (2), (-0.0), (1e300), (9223372036854775807), ('2'), (NULL), (x''), (x'ff'), (CAST(x'ff41' AS TEXT)), (char(0)), ('"\<é>'), (9e999), (-9e999);
	CREATE TABLE keyed (a TEXT, b, PRIMARY KEY (a, b)) WITHOUT ROWID;
	INSERT INTO keyed VALUES ('x', 1), ('x', 2.5);
	INSERT INTO infinite_map (iteration, code) VALUES (3, 'HALT'), (3, 'HALT')`

func TestAnExportThatIsImportedIsExportedTheSame(t *testing.T) {
	ctx := t.Context()
	path, _ := lived(t)
	dir := filepath.Dir(filepath.Dir(path))
	s, _ := open(t, dir)
	_, err := s.PutPicture([]byte("a picture"))
	must(t, err)
	db := beside(t, s)
	sqlExec(t, db, odd)
	must(t, db.Close())
	must(t, s.Close())
	first := exported(t, dir)
	to := filepath.Join(t.TempDir(), "data")
	r, err := Import(ctx, to, first, Options{})
	if err != nil || len(r.Why) > 0 || r.Known != 0 || r.Rows["infinite_map"] != livedRuns+2 || r.Rows["keyed"] != 2 {
		t.Fatalf("%+v %v", r, err)
	}
	alike(t, first, exported(t, to))
	s, done := open(t, to)
	rep, err := s.Verify(ctx)
	if err != nil || !rep.OK() || rep.Rows != livedRuns || rep.Outside != 2 || done.Created || done.Migrated {
		t.Errorf("%+v %v; %+v", rep, err, done)
	}
	var inf float64
	must(t, s.h.r.QueryRow("SELECT max(v) FROM theirs2 WHERE typeof(v) = 'real'").Scan(&inf))
	if !math.IsInf(inf, 1) {
		t.Error(inf)
	}
	left, err := os.ReadDir(to)
	if err != nil || len(left) != 2 {
		t.Error(left, err)
	}

	// Once more, and nothing is there twice.
	must(t, s.Close())
	r, err = Import(ctx, to, first, Options{})
	if err != nil || len(r.Why) > 0 || len(r.Rows) > 0 {
		t.Errorf("again: %+v %v", r, err)
	}
	alike(t, first, exported(t, to))
}

func TestAnImportIntoAMemoryThatLivesBringsWhatIsNew(t *testing.T) {
	ctx := t.Context()
	path, was := lived(t)
	from := exported(t, filepath.Dir(filepath.Dir(path)))
	s := fresh(t)
	for range 5 {
		run(t, s, 1, start.Add(time.Hour), hello())
	}
	must(t, s.Close())
	r, err := Import(ctx, s.Dir(), from, Options{})
	if err != nil || len(r.Why) > 0 || r.Rows["infinite_map"] != livedRuns || r.Rows["improvement_runs"] != livedRuns+1 || r.Rows["improvement_scripts"] != 30 {
		t.Fatalf("%+v %v", r, err)
	}
	s, _ = open(t, s.Dir())
	rep, err := s.Verify(ctx)
	if err != nil || !rep.OK() || rep.Rows != 5 || rep.Imported != livedRuns || rep.Outside != 0 {
		t.Errorf("%+v %v", rep, err)
	}
	if c, err := s.Counts(ctx); err != nil || c.Outside != 0 || c.Runs != livedRuns+6 || c.Scripts != was["improvement_scripts"] {
		t.Errorf("%+v %v", c, err)
	}
	// A run of the other memory has its script, its row and its picture under other ids.
	all, err := s.Runs(ctx, Page{Limit: 1000})
	must(t, err)
	found := false
	for _, r := range all {
		if r.Stdout != strings.Repeat("76 ", 26*20) {
			continue
		}
		m, err := s.MapRow(ctx, r.MapID)
		found = err == nil && m.Analysis == "row 0077" && m.RunID == r.ID && r.Script == "script 13" && r.HumanPNG != ""
		if !found {
			t.Errorf("%+v; %+v %v", r, m, err)
		}
	}
	if !found {
		t.Error("run 77 is not there")
	}
	if v, err := s.Setting(ctx, ScriptsSetting, ""); err != nil || v != "7" {
		t.Errorf("a setting that nobody had chosen here: %q %v", v, err)
	}
	_, id := run(t, s, 1, start, hello())
	if rep, err = s.Verify(ctx); err != nil || !rep.OK() || rep.Rows != 6 {
		t.Errorf("with one row more: %+v %v", rep, err)
	}
	db := beside(t, s)
	disarm(t, db)
	sqlExec(t, db, "UPDATE infinite_map SET code = 'x' WHERE id = ?", id-1)
	named(t, s, id-1, "altered after it was brought in")
	sqlExec(t, db, "UPDATE infinite_map SET code = (SELECT code FROM infinite_map WHERE id = ?) WHERE id = ?", id-2, id-1)
	must(t, db.Close())

	before := rowsOf(t, s)
	must(t, s.Close())
	r, err = Import(ctx, s.Dir(), from, Options{})
	if err != nil || len(r.Rows) > 0 || len(r.Why) > 0 {
		t.Errorf("again: %+v %v", r, err)
	}
	s, _ = open(t, s.Dir())
	for table, n := range rowsOf(t, s) {
		if before[table] != n {
			t.Errorf("%s: %d rows, there were %d", table, n, before[table])
		}
	}
}

func TestWhatIsNoExportIsRefused(t *testing.T) {
	dir := t.TempDir()
	half := filepath.Join(dir, "half")
	must(t, os.Mkdir(half, 0o700))
	must(t, os.WriteFile(filepath.Join(half, "infinite_map.jsonl"), nil, 0o600))
	for _, from := range []string{dir, half, filepath.Join(dir, "none")} {
		_, err := Import(t.Context(), filepath.Join(dir, "data"), from, Options{})
		isErr(t, err, archive.ErrNone)
	}
	must(t, os.WriteFile(filepath.Join(half, "export.json"), []byte(`{"export": 1, "schema": 99}`), 0o600))
	_, err := Import(t.Context(), filepath.Join(dir, "data"), half, Options{})
	isErr(t, err, ErrNewer)
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Error(left, err)
	}
}

func TestLinesThatCannotBeReadAreNamedAndSkipped(t *testing.T) {
	ctx := t.Context()
	path, _ := lived(t)
	from := exported(t, filepath.Dir(filepath.Dir(path)))
	edit := func(table string, change func(lines []string) []string) {
		t.Helper()
		file := filepath.Join(from, table+".jsonl")
		b, err := os.ReadFile(file)
		must(t, err)
		must(t, os.WriteFile(file, []byte(strings.Join(change(strings.Split(string(b), "\n")), "\n")), 0o600))
	}
	edit("development_goals", func([]string) []string {
		return []string{"}", `{"goal": true}`, `{"id": 1, "goal": null}`, `[]`, `{"nothing": 1}`, `{"goal":"a"}{}`}
	})
	edit("improvement_scripts", func(l []string) []string {
		l[2] = strings.Replace(l[2], `"pixel"`, `"cobol"`, 1)
		return l
	})
	edit("infinite_map", func(l []string) []string {
		l[99] = l[99][:20]
		return l[:200]
	})
	must(t, os.Remove(filepath.Join(from, "system_metrics.jsonl")))
	to := t.TempDir()
	r, err := Import(ctx, to, from, Options{})
	must(t, err)
	all := strings.Join(r.Why, "\n")
	for _, want := range []string{"line 1 of development_goals.jsonl: it is no JSON", "line 2 of development_goals.jsonl: goal: it is no value", "line 3 of development_goals.jsonl: ", "line 4 of development_goals.jsonl: it is no JSON object",
		"line 5 of development_goals.jsonl: it has none of the table's columns", "line 6 of development_goals.jsonl: it is no JSON object alone",
		"line 3 of improvement_scripts.jsonl: ", "line 1 of goal_aims.jsonl: ", "line 1 of improve_campaigns.jsonl: ", "line 100 of infinite_map.jsonl: it is no JSON", "line 201 of infinite_map.jsonl: the file ends here", "system_metrics: its file is missing"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not said", want)
		}
	}
	if len(r.Why) != 12 || r.Rows["infinite_map"] != 199 || r.Rows["improvement_scripts"] != 30 {
		t.Errorf("%+v", r)
	}
	s, _ := open(t, to)
	rep, err := s.Verify(ctx)
	if err != nil || rep.OK() || rep.Rows != 199 || len(rep.Faults) != 101 {
		t.Errorf("%d rows, %d faults, %v", rep.Rows, len(rep.Faults), err)
	}
}

// An import that is cancelled leaves no half of a memory.
func TestACancelledImportIsTakenUpAgain(t *testing.T) {
	path, _ := lived(t)
	from := exported(t, filepath.Dir(filepath.Dir(path)))
	for _, living := range []bool{false, true} {
		dir := filepath.Join(t.TempDir(), "data")
		if living {
			s, _ := open(t, dir)
			must(t, s.Close())
		}
		ctx, stop := context.WithCancel(t.Context())
		_, err := Import(ctx, dir, from, Options{Progress: func(_ string, done, total int64) {
			if done > total/2 {
				stop()
			}
		}})
		isErr(t, err, context.Canceled)
		if _, err := os.Stat(filepath.Join(dir, "db", "daemon.db")); living == errors.Is(err, fs.ErrNotExist) {
			t.Error(err)
		}
		if left, err := os.ReadDir(dir); err != nil || !living && len(left) != 0 {
			t.Error(left, err)
		}
		_, err = Import(t.Context(), dir, from, Options{})
		must(t, err)
		s, _ := open(t, dir)
		rep, err := s.Verify(t.Context())
		if err != nil || !rep.OK() || rep.Rows+rep.Imported != livedRuns {
			t.Errorf("%+v %v", rep, err)
		}
	}
}

// TestARowThatWasAlteredMeanwhileStaysAFault: texts that come with a later import do not
// make good what became of their row since.
func TestARowThatWasAlteredMeanwhileStaysAFault(t *testing.T) {
	ctx := t.Context()
	from, _, rows := including(t)
	must(t, from.Close())
	to := fresh(t)
	must(t, to.Close())
	_, err := Import(ctx, to.Dir(), exported(t, from.Dir()), Options{})
	must(t, err)
	to, _ = open(t, to.Dir())
	sqlExec(t, beside(t, to), "DROP TRIGGER infinite_map_no_update; UPDATE infinite_map SET analysis = 'better' WHERE id = ?", rows[0])
	must(t, to.write(ctx, "seal it again", func(ctx context.Context, q querier) error { return chain.Reseal(ctx, q, rows[0]) }))
	if rep, err := to.Verify(ctx); err != nil || len(rep.Faults) != 1 {
		t.Errorf("%+v %v", rep, err)
	}
}

func TestAnAlteredPictureIsNotExported(t *testing.T) {
	s := fresh(t)
	good, err := s.PutPicture([]byte("good"))
	must(t, err)
	bad, err := s.PutPicture([]byte("bad"))
	must(t, err)
	must(t, os.WriteFile(s.PicturePath(bad), []byte("other"), 0o600))
	to := filepath.Join(t.TempDir(), "export")
	left, err := s.Export(t.Context(), to, nil, nil)
	if err != nil || len(left) != 1 || !strings.Contains(left[0], bad) {
		t.Errorf("%q %v", left, err)
	}
	for hash, there := range map[string]bool{good: true, bad: false} {
		if _, err := os.Stat(filepath.Join(to, "pictures", hash[:2], hash+".png")); (err == nil) != there {
			t.Error(hash, err)
		}
	}
	var m archive.Manifest
	b, err := os.ReadFile(filepath.Join(to, archive.ManifestName))
	must(t, err)
	must(t, json.Unmarshal(b, &m))
	if m.Schema != len(steps) || len(m.Tables) == 0 {
		t.Errorf("%+v", m)
	}
}

func TestACancelledExportLeavesNothing(t *testing.T) {
	path, _ := lived(t)
	s, _ := open(t, filepath.Dir(filepath.Dir(path)))
	dir := t.TempDir()
	ctx, stop := context.WithCancel(t.Context())
	_, err := s.Export(ctx, filepath.Join(dir, "export"), nil, func(string, int64, int64) { stop() })
	isErr(t, err, context.Canceled)
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Error(left, err)
	}
}
