package store

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"
)

// long is a text of so many bytes that no other i has.
func long(i, n int) string {
	one := fmt.Sprintf("line %d of many\n", i)
	return strings.Repeat(one, n/len(one)+1)
}

// A run of every kind of text, each far too long for a list.
func lengthy(i, size int) Finished {
	f := hello()
	f.Stdout, f.Stderr = long(i, size), "é"+long(-i, size)
	f.Task, f.Analysis, f.Code = "hello_gpu: "+long(i, size), long(2*i, size), long(i/2, size)
	f.ResultJSON = fmt.Sprintf(`{"lang":"python","status":"exited","exit":%d}`, i)
	return f
}

// lists are all lists that the window, the API and the assistants' tools show, with
// how many rows each has.
func lists(s *Store) map[string]func(context.Context) (int, error) {
	short := Page{Limit: 200}
	wide := Page{Limit: 200, Text: 4096, Code: 16 << 10}
	return map[string]func(context.Context) (int, error){
		"runs":       func(ctx context.Context) (int, error) { all, err := s.RunList(ctx, short); return len(all), err },
		"runs, wide": func(ctx context.Context) (int, error) { all, err := s.RunList(ctx, wide); return len(all), err },
		"runs before one": func(ctx context.Context) (int, error) {
			all, err := s.RunList(ctx, Page{Before: 50})
			return len(all), err
		},
		"runs of a script":   func(ctx context.Context) (int, error) { all, err := s.RunListOf(ctx, 1, short); return len(all), err },
		"map":                func(ctx context.Context) (int, error) { all, err := s.MapList(ctx, short); return len(all), err },
		"map, wide":          func(ctx context.Context) (int, error) { all, err := s.MapList(ctx, wide); return len(all), err },
		"points":             func(ctx context.Context) (int, error) { all, err := s.MapPoints(ctx, 0, short); return len(all), err },
		"points that follow": func(ctx context.Context) (int, error) { all, err := s.MapPoints(ctx, 80, short); return len(all), err },
		"scripts":            func(ctx context.Context) (int, error) { all, err := s.ScriptList(ctx); return len(all), err },
		"a page of scripts":  func(ctx context.Context) (int, error) { all, err := s.ScriptPage(ctx, wide); return len(all), err },
		"goals":              func(ctx context.Context) (int, error) { all, err := s.Goals(ctx, wide); return len(all), err },
		"metrics":            func(ctx context.Context) (int, error) { all, err := s.Metrics(ctx, short); return len(all), err },
		"metrics of a name":  func(ctx context.Context) (int, error) { all, err := s.MetricsOf(ctx, "m", short); return len(all), err },
		"cartridges":         func(ctx context.Context) (int, error) { all, err := s.Cartridges(ctx, short); return len(all), err },
	}
}

// What is not shown is not read: neither into memory nor from the file.
func TestListsReadNoLongTexts(t *testing.T) {
	ctx, s := t.Context(), fresh(t)
	const n, size = 100, 90 << 10
	for i := range n {
		run(t, s, 1, start, lengthy(i, size))
	}
	for name, list := range lists(s) {
		var rows int
		var memory uint64
		read := bytesRead(t, func() {
			memory = allocated(func() {
				var err error
				rows, err = list(ctx)
				must(t, err)
			})
		})
		if strings.HasPrefix(name, "runs") && rows < 49 || strings.HasPrefix(name, "map") && rows != n {
			t.Errorf("%s: %d rows", name, rows)
		}
		if read > size*n/4 || memory > 2<<20 {
			t.Errorf("%s: %d bytes are read and %d allocated, of %d rows with %d bytes of each text", name, read, memory, rows, size)
		}
	}
}

func TestListsHaveHowTextsBeginAndHowLongTheyAre(t *testing.T) {
	ctx, s := t.Context(), fresh(t)
	const size = 90 << 10
	run(t, s, 1, start, lengthy(0, size))
	middle := lengthy(1, 1000)
	middle.ResultJSON = fmt.Sprintf(`{"lang":"python","log":%q,"status":"exited","exit":3}`, long(1, size))
	run(t, s, 1, start, middle)
	run(t, s, 1, start, hello())
	check := func(what, got, whole string, bytes int64, most int) {
		t.Helper()
		if bytes != int64(len(whole)) || !utf8.ValidString(got) || utf8.RuneCountInString(got) > most {
			t.Errorf("%s: %.60q of %d bytes, want the beginning of %d", what, got, bytes, len(whole))
		}
		begin, _, _ := strings.Cut(got, "…") // its last line may follow
		if !strings.HasPrefix(whole, strings.TrimSuffix(begin, "\n")) || len(whole) > 0 && got == "" {
			t.Errorf("%s begins %.60q, want %.60q", what, got, whole)
		}
	}
	for _, most := range []int{0, 1000} {
		n := max(most, listText)
		if most == 0 {
			n = listText
		}
		runs, err := s.RunList(ctx, Page{Text: most, Code: 2000})
		must(t, err)
		rows, err := s.MapList(ctx, Page{Text: most, Code: 2000})
		must(t, err)
		if len(runs) != 3 || len(rows) != 3 {
			t.Fatalf("%d runs, %d rows", len(runs), len(rows))
		}
		for i := range runs {
			r, err := s.Run(ctx, runs[i].ID)
			must(t, err)
			check("stdout", runs[i].Stdout, r.Stdout, runs[i].StdoutBytes, n)
			check("stderr", runs[i].Stderr, r.Stderr, runs[i].StderrBytes, n)
			if r.StdoutBytes != runs[i].StdoutBytes || r.StderrBytes != runs[i].StderrBytes {
				t.Errorf("run %d: %d and %d bytes", r.ID, r.StdoutBytes, r.StderrBytes)
			}
			got := rows[i]
			row, err := s.MapRow(ctx, got.ID)
			must(t, err)
			check("task", got.Task, row.Task, got.TaskBytes, n)
			check("analysis", got.Analysis, row.Analysis, got.AnalysisBytes, n)
			if got.CodeBytes != int64(len(row.Code)) || got.CodeBytes != row.CodeBytes || got.Code != row.Code && got.CodeBytes <= 2000 || got.Code != "" && got.CodeBytes > 2000 {
				t.Errorf("row %d: code %.20q of %d bytes", got.ID, got.Code, got.CodeBytes)
			}
			if got.RunID != r.ID || got.Hash != row.Hash || got.Hash == "" || !got.Timestamp.Equal(row.Timestamp) || got.ResultBytes != int64(len(row.Result)) {
				t.Errorf("%+v", got)
			}
		}
		if got := rows[1].Result; got != `{"lang":"python","status":"exited","exit":3}` {
			t.Errorf("a long result is %.80q", got)
		}
	}
}

// Of a traceback that is longer than a list shows, it shows how it ends.
func TestAListShowsHowATracebackEnds(t *testing.T) {
	s := fresh(t)
	const end = "ZeroDivisionError: division by zero"
	f := hello()
	f.Stderr = "Traceback (most recent call last):\n" + strings.Repeat("  File \"<string>\", line 1, in f\n", 30) + end
	run(t, s, 1, start, f)
	for most, whole := range map[int]bool{0: false, 300: false, 4096: true} {
		runs, err := s.RunList(t.Context(), Page{Text: most})
		must(t, err)
		if got := runs[0].Stderr; !strings.HasSuffix(got, end) || (got == f.Stderr) != whole {
			t.Errorf("with %d characters: %q", most, got)
		}
	}
}

// A list of scripts reads no code, and yet knows whether it was tried.
func TestAListOfScriptsKnowsWhatWasEdited(t *testing.T) {
	ctx, s := t.Context(), fresh(t)
	db := beside(t, s)
	listed := func(fresh bool, code string, bytes int64) {
		t.Helper()
		all, err := s.ScriptList(ctx)
		must(t, err)
		page, err := s.ScriptPage(ctx, Page{Code: 100})
		must(t, err)
		whole, err := s.ScriptByID(ctx, 1)
		must(t, err)
		if len(all) != 1 || len(page) != 1 || all[0].Code != "" || page[0].Code != code || all[0].CodeBytes != bytes || whole.CodeBytes != bytes {
			t.Errorf("%+v %+v", all, page)
		}
		if all[0].Fresh() != fresh || page[0].Fresh() != fresh || whole.Fresh() != fresh {
			t.Errorf("fresh is %v in the list and %v of the row, want %v", all[0].Fresh(), whole.Fresh(), fresh)
		}
	}
	ran := func(code string) {
		t.Helper()
		f := hello()
		f.Code = code
		run(t, s, 1, start, f)
	}
	listed(true, firstScript.Code, int64(len(firstScript.Code)))
	ran(firstScript.Code)
	listed(false, firstScript.Code, int64(len(firstScript.Code)))
	sqlExec(t, db, "UPDATE improvement_scripts SET code = 'HALT', purpose = 'other'")
	listed(true, "HALT", 4)
	ran("HALT")
	listed(false, "HALT", 4)
	sqlExec(t, db, "UPDATE improvement_scripts SET code = 'HALT'")
	listed(false, "HALT", 4)
	sqlExec(t, db, "PRAGMA foreign_keys = OFF; INSERT OR REPLACE INTO improvement_scripts (id, name, lang, code) VALUES (1, 'x', 'pixel', 'NOP')")
	listed(true, "NOP", 3)
	// Edited while it runs: what was run is not what there is.
	id, err := s.BeginRun(ctx, 1, start, "CPU")
	must(t, err)
	must(t, s.EditScript(ctx, 1, ScriptEdit{Code: new(long(1, 5000))}))
	f := hello()
	f.Code = "NOP"
	_, err = s.FinishRun(ctx, id, f)
	must(t, err)
	listed(true, "", int64(len(long(1, 5000))))
}

// A list is one query, however many rows it has, and is found by an index.
func TestAListIsOneQueryAndScansNothing(t *testing.T) {
	ctx, s := t.Context(), listening(t)
	run(t, s, 1, start, hello())
	db := beside(t, s)
	sqlExec(t, db, "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 5002) INSERT INTO improvement_scripts (id, name, lang, code) SELECT i, 'script ' || i, 'pixel', 'HALT' FROM n")
	ids := make([]int64, 5002)
	for i := range ids {
		ids[i] = int64(i + 1)
	}
	all := lists(s)
	for name, one := range map[string]func(context.Context) error{
		"figures":       func(ctx context.Context) error { _, err := s.ScriptStats(ctx, ids, 0); return err },
		"a run":         func(ctx context.Context) error { _, err := s.Run(ctx, 1); return err },
		"a row":         func(ctx context.Context) error { _, err := s.MapRow(ctx, 1); return err },
		"an iteration":  func(ctx context.Context) error { _, err := s.MapIteration(ctx, 1); return err },
		"a script":      func(ctx context.Context) error { _, err := s.ScriptByID(ctx, 1); return err },
		"a name":        func(ctx context.Context) error { _, err := s.Script(ctx, "hello_gpu"); return err },
		"a parent":      func(ctx context.Context) error { _, err := s.LastMapOf(ctx, 1); return err },
		"the last goal": func(ctx context.Context) error { _, err := s.Goals(ctx, Page{Limit: 1}); return err },
	} {
		all[name] = func(ctx context.Context) (int, error) { return 0, one(ctx) }
	}
	for name, list := range all {
		got := queries(func() {
			_, err := list(ctx)
			must(t, err)
		})
		if len(got) != 1 {
			t.Errorf("%s: %d queries", name, len(got))
		}
		for _, a := range got {
			for _, step := range plan(t, db, a) {
				allowed := step == "SCAN CONSTANT ROW" || step == "SCAN i VIRTUAL TABLE INDEX 1:" || // json_each
					strings.HasPrefix(step, "SCAN part") || strings.HasPrefix(step, "SCAN (subquery-") || // the lines of one text
					name == "scripts" && strings.HasPrefix(step, "SCAN s USING INDEX") || // all of them, by name
					name == "figures" && step == "USE TEMP B-TREE FOR ORDER BY"
				if !allowed && (strings.HasPrefix(step, "SCAN") || strings.Contains(step, "TEMP B-TREE")) {
					t.Errorf("%s: %s in\n%s", name, step, a.query)
				}
			}
		}
	}
	// Of counts, a large table is counted once, and then what has come since; the small
	// ones always.
	_, err := s.Counts(ctx)
	must(t, err)
	got := queries(func() {
		_, err := s.Counts(ctx)
		must(t, err)
	})
	if len(got) > 7 {
		t.Errorf("counting takes %d queries", len(got))
	}
}

// allocated is how many bytes f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func TestPointsKnowEqualCode(t *testing.T) {
	ctx, s := t.Context(), fresh(t)
	for _, code := range []string{"HALT", "NOP", long(1, 5000), long(1, 5000), long(1, 5000) + "x", "HALT"} {
		_, err := s.AddMap(ctx, MapRow{Task: "by hand", Code: code, Result: `{"status":"halted"}`, Parent: 3})
		must(t, err)
	}
	all, err := s.MapPoints(ctx, 0, Page{Limit: 10})
	must(t, err)
	at := func(i int) uint64 { return all[len(all)-1-i].Code } // oldest first
	if len(all) != 6 || at(0) != at(5) || at(2) != at(3) || at(0) == at(1) || at(3) == at(4) {
		t.Fatalf("%+v", all)
	}
	if p := all[0]; p.ID == 0 || p.Iteration == 0 || p.Parent != 3 || p.Task != "by hand" || p.Result != `{"status":"halted"}` {
		t.Errorf("%+v", p)
	}
}

func TestOddResultsAreListed(t *testing.T) {
	ctx, s := t.Context(), fresh(t)
	for _, value := range []string{"NULL", "12", "x'00ff'", "zeroblob(9000)", "'{'", "'[' || hex(zeroblob(9000))", "'[1,' || printf('%5000d', 7) || ']'", "1.5"} {
		must(t, s.write(ctx, "by hand", func(ctx context.Context, q querier) error {
			_, err := q.ExecContext(ctx, "INSERT INTO infinite_map (iteration, task_description, code, result, analysis) VALUES (1, "+value+", "+value+", "+value+", "+value+")")
			return err
		}))
	}
	rows, err := s.MapList(ctx, Page{})
	must(t, err)
	points, err := s.MapPoints(ctx, 0, Page{})
	must(t, err)
	if len(rows) != 8 || len(points) != 8 {
		t.Errorf("%d rows and %d points of 8", len(rows), len(points))
	}
}
