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

func TestListsLeaveLongTextsWhereTheyAre(t *testing.T) {
	ctx, s := t.Context(), fresh(t)
	const n, size = 100, 90 << 10
	for i := range n {
		f := hello()
		f.Stdout, f.Stderr = long(i, size), "é"+long(-i, size)
		f.Task, f.Analysis, f.Code = "hello_gpu: "+long(i, size), long(2*i, size), long(i/2, size)
		f.ResultJSON = fmt.Sprintf(`{"lang":"python","log":%q,"status":"exited","exit":3}`, long(i, size))
		run(t, s, 1, start, f)
	}
	must(t, s.write(ctx, "lengthen", func(ctx context.Context, q querier) error {
		_, err := q.ExecContext(ctx, "UPDATE improvement_scripts SET purpose = ?, code = ?", long(1, size), long(2, size))
		return err
	}))
	short := func(what, text string, most int) {
		t.Helper()
		if utf8.RuneCountInString(text) > most || !utf8.ValidString(text) {
			t.Errorf("%s has %d characters in a list, want at most %d", what, utf8.RuneCountInString(text), most)
		}
	}
	for what, read := range map[string]func() error{
		"runs": func() error {
			all, err := s.RunList(ctx, Page{})
			for _, r := range all {
				short("stdout", r.Stdout, 0)
				short("stderr", r.Stderr, listText)
				if !strings.HasPrefix(r.Stderr, "éline") {
					t.Errorf("stderr begins %.20q", r.Stderr)
				}
			}
			return wanted(err, len(all), n)
		},
		"runs of a script": func() error {
			all, err := s.RunListOf(ctx, 1, Page{})
			for _, r := range all {
				short("stdout", r.Stdout+r.Stderr, listText)
			}
			return wanted(err, len(all), n)
		},
		"map": func() error {
			all, err := s.MapList(ctx, Page{})
			for _, m := range all {
				short("code", m.Code, 0)
				short("task", m.Task, listText)
				short("analysis", m.Analysis, listText)
				if m.Result != `{"lang":"python","status":"exited","exit":3}` {
					t.Errorf("a long result is %.80q", m.Result)
				}
				if !strings.HasPrefix(m.Task, "hello_gpu: line") || m.RunID == 0 || m.Hash == "" {
					t.Errorf("%+v", m)
				}
			}
			return wanted(err, len(all), n)
		},
		"scripts": func() error {
			all, err := s.ScriptList(ctx)
			whole, e := s.ScriptByID(ctx, all[0].ID)
			if err == nil {
				err = e
			}
			short("code", all[0].Code, 0)
			short("purpose", all[0].Purpose, 4*listText)
			if all[0].CodeHash != whole.CodeHash || all[0].Fresh() != whole.Fresh() {
				t.Error("a list does not know a script's code by its hash")
			}
			return wanted(err, len(all), 1)
		},
	} {
		if err := read(); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if what == "map" || what == "scripts" {
			continue // their long texts are looked at, and let go
		}
		if got := allocated(func() { must(t, read()) }); got > 4<<20 {
			t.Errorf("a list of %s allocates %d bytes, of which its rows show a line each", what, got)
		}
	}
}

func wanted(err error, got, want int) error {
	if err == nil && got != want {
		err = fmt.Errorf("%d rows, want %d", got, want)
	}
	return err
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
	all, err := s.MapPoints(ctx, Page{Limit: 10})
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
	points, err := s.MapPoints(ctx, Page{})
	must(t, err)
	if len(rows) != 8 || len(points) != 8 {
		t.Errorf("%d rows and %d points of 8", len(rows), len(points))
	}
}
