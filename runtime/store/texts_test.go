package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gvpie/runtime/store/chain"
)

const longTraceback = `Traceback (most recent call last):
  File "/scratch/script.py", line 41, in <module>
    main()
    ~~~~^^
  File "/scratch/script.py", line 12, in main
    return answer(reading("the first of them"), reading("the second of them"))
           ^^^^^^
NameError: name 'answer' is not defined. Did you mean: 'answers'?
`

func TestColumnsBeginWithTheTextItself(t *testing.T) {
	s := fresh(t)
	db := beside(t, s)
	noise := strings.Repeat("a warning that nobody asked for\n", 20)
	failed := resultJSON(strings.Repeat("ab", 32))
	failed = strings.Replace(failed, `"status":"halted",`, `"lang":"pixel","status":"faulted","error":{"code":"div_zero","line":3,"message":"division by zero"},`, 1)
	long := `{"lang":"python","status":"exited","exit":1,"error":{"code":"exit","message":"` + strings.Repeat("müde ", 60) + `"}}`
	for _, c := range []struct {
		what, query, whole string
		want               func(column string) bool
	}{
		{"a short error", "SELECT stderr FROM improvement_runs", "t.pxl:2:1: division by zero", nil},
		{"a traceback", "SELECT stderr FROM improvement_runs", longTraceback, func(c string) bool {
			return strings.HasPrefix(c, "NameError: name 'answer' is not defined. Did you mean: 'answers'?")
		}},
		{"a traceback and what became of it", "SELECT stderr FROM improvement_runs", noise + longTraceback + "the script was ended by SIGKILL", func(c string) bool {
			return strings.HasPrefix(c, "NameError: name 'answer'") && strings.HasSuffix(c, "\nthe script was ended by SIGKILL")
		}},
		{"long errors", "SELECT stderr FROM improvement_runs", noise + "the script was ended by SIGKILL\n\n", func(c string) bool {
			return strings.HasPrefix(c, "a warning that nobody asked for\na w") && strings.HasSuffix(c, "\n…\nthe script was ended by SIGKILL")
		}},
		{"one long line", "SELECT stderr FROM improvement_runs", strings.Repeat("x", 900), func(c string) bool { return strings.HasPrefix(c, "xxx") }},
		{"a long log", "SELECT stdout FROM improvement_runs", strings.Repeat("a log line\n", 40), func(c string) bool { return strings.HasPrefix(c, "a log line\na log line\n") }},
		{"code", "SELECT code FROM infinite_map", strings.Repeat("TXT 1 1 ÜBER\n", 40), func(c string) bool { return strings.HasPrefix(c, "TXT 1 1 ÜBER\nTXT 1 1 ÜBER\n") }},
		{"a result", "SELECT substr(result, 1, 100) FROM infinite_map", `{"status":"halted","cycles":2}`, nil},
		{"a long result", "SELECT result FROM infinite_map", resultJSON(strings.Repeat("ab", 32)), func(c string) bool {
			return strings.HasPrefix(c, `{"status":"halted","cycles":2,"frames":1}`) && json.Valid([]byte(c))
		}},
		{"a failure", "SELECT substr(result, 1, 100) FROM infinite_map", failed, func(c string) bool {
			return strings.HasPrefix(c, `{"lang":"pixel","status":"faulted","error":{"code":"div_zero","line":3,"message":"division by zero`)
		}},
		{"a long failure", "SELECT result FROM infinite_map", long, func(c string) bool {
			return strings.HasPrefix(c, `{"lang":"python","status":"exited","exit":1,"error":{"code":"exit","message":"müde müde `) && json.Valid([]byte(c))
		}},
		{"a status by its name", "SELECT result ->> '$.status' FROM infinite_map", long, func(c string) bool { return c == "exited" }},
		{"no JSON", "SELECT result FROM infinite_map", "{" + noise, func(c string) bool { return strings.HasPrefix(c, "{a warning") }},
		{"an analysis", "SELECT analysis FROM infinite_map", noise, func(c string) bool { return strings.HasPrefix(c, "a warning") }},
		{"a task", "SELECT task_description FROM infinite_map", noise, func(c string) bool { return strings.HasPrefix(c, "a warning") }},
	} {
		f := hello()
		field := map[string]*string{"stderr": &f.Stderr, "stdout": &f.Stdout, "code": &f.Code, "result": &f.ResultJSON, "analysis": &f.Analysis, "task": &f.Task}
		for name, to := range field {
			if strings.Contains(c.query, name) {
				*to = c.whole
			}
		}
		runID, mapID := run(t, s, 1, start, f)
		var column string
		must(t, db.QueryRow(c.query+" ORDER BY id DESC LIMIT 1").Scan(&column))
		if c.want == nil && column != c.whole || c.want != nil && !c.want(column) {
			t.Errorf("%s is %q", c.what, column)
		}
		if len(column) > inlineMax || strings.Contains(column, "sha256:") {
			t.Errorf("%s: %d bytes: %q", c.what, len(column), column)
		}
		sameWhole(t, s, c.what, runID, mapID, f)
	}
	verified(t, s, 15)
}

// sameWhole reads a run and its row of the map in every way there is, and wants the
// texts that were written.
func sameWhole(t *testing.T, s *Store, what string, runID, mapID int64, f Finished) {
	t.Helper()
	ctx := t.Context()
	r, err := s.Run(ctx, runID)
	must(t, err)
	page, err := s.Runs(ctx, Page{Before: runID + 1, Limit: 1})
	must(t, err)
	list, err := s.RunList(ctx, Page{Before: runID + 1, Limit: 1})
	must(t, err)
	if r.Stdout != f.Stdout || r.Stderr != f.Stderr || page[0] != r || !shows(list[0].Stderr, f.Stderr, tellErrors) || !shows(list[0].Stdout, f.Stdout, tellOpening) || list[0].StderrBytes != int64(len(f.Stderr)) {
		t.Errorf("%s: of stdout and stderr %q and %q is left, listed %q", what, r.Stdout, r.Stderr, list[0].Stderr)
	}
	m, err := s.MapRow(ctx, mapID)
	must(t, err)
	rows, err := s.Map(ctx, Page{Before: mapID + 1, Limit: 1})
	must(t, err)
	short, err := s.MapList(ctx, Page{Before: mapID + 1, Limit: 1})
	must(t, err)
	if m.Task != f.Task || m.Code != f.Code || m.Result != f.ResultJSON || m.Analysis != f.Analysis || rows[0] != m {
		t.Errorf("%s: %+v is left", what, m)
	}
	if !shows(short[0].Task, f.Task, tellOpening) || short[0].Result != f.ResultJSON || !shows(short[0].Analysis, f.Analysis, tellOpening) {
		t.Errorf("%s: listed as %+v", what, short[0])
	}
}

// shows says whether a list has of a text how it begins, or its telling part.
func shows(listed, text string, tell func(string) string) bool {
	return listed == tell(text) || listed == text || listed != "" && strings.HasPrefix(text, listed)
}

// What a text looks like says nothing: only what stands beside the row does.
func TestNoTextIsTakenForAnother(t *testing.T) {
	ctx, s := t.Context(), fresh(t)
	kept := strings.Repeat("kept in contents\n", 40)
	f := hello()
	f.Code = kept
	run(t, s, 1, start, f)
	looks := []string{
		"sha256:" + chain.HashText(kept), "sha256:" + chain.HashText(kept) + " kept", "SHA256:" + chain.HashText(kept),
		"sha256:" + chain.HashText("nothing") + " x", "sha256:" + chain.HashText(kept) + " " + strings.Repeat("x", 500),
	}
	for i, text := range looks {
		f := hello()
		f.Code, f.Analysis, f.Stderr, f.Stdout = text, text, text, text
		runID, mapID := run(t, s, 1, start, f)
		sameWhole(t, s, fmt.Sprint("text ", i), runID, mapID, f)
	}
	db := beside(t, s)
	for _, text := range looks {
		sqlExec(t, db, "INSERT INTO infinite_map (iteration, code, analysis) VALUES (1, ?1, ?1); INSERT INTO improvement_runs (script_id, stderr) VALUES (1, ?1)", text)
		m, err := s.Map(ctx, Page{Limit: 1})
		must(t, err)
		r, err := s.Runs(ctx, Page{Limit: 1})
		must(t, err)
		var viewed, stderr string
		must(t, db.QueryRow("SELECT code, (SELECT stderr FROM improvement_runs_full ORDER BY id DESC LIMIT 1) FROM infinite_map_full ORDER BY id DESC LIMIT 1").Scan(&viewed, &stderr))
		if m[0].Code != text || m[0].Analysis != text || r[0].Stderr != text || viewed != text || stderr != text {
			t.Errorf("%q written by hand is read as %q, %q, %q", text, m[0].Code, r[0].Stderr, viewed)
		}
	}
	rep, err := s.Verify(ctx)
	must(t, err)
	if !rep.OK() || rep.Rows != int64(1+len(looks)) || rep.Outside != int64(len(looks)) {
		t.Errorf("%+v", rep)
	}
}

func TestVerifyCoversTheWholeOfAShortenedText(t *testing.T) {
	s := fresh(t)
	f := hello()
	f.Code = strings.Repeat("TXT 1 1 LONG\n", 40)
	for range 6 {
		run(t, s, 1, start, f)
	}
	db := beside(t, s)
	disarm(t, db)
	var code []byte
	must(t, db.QueryRow("SELECT code FROM map_texts WHERE map_id = 3").Scan(&code))
	other := sha256.Sum256([]byte("another"))
	sqlExec(t, db, "UPDATE map_texts SET code = ? WHERE map_id = 3", other[:])
	named(t, s, 3, "altered")
	sqlExec(t, db, "UPDATE map_texts SET code = NULL WHERE map_id = 3")
	named(t, s, 3, "altered")
	sqlExec(t, db, "DELETE FROM map_texts WHERE map_id = 3")
	named(t, s, 3, "altered")
	sqlExec(t, db, "INSERT INTO map_texts (map_id, analysis) VALUES (3, ?)", code) // of another column
	named(t, s, 3, "altered")
	sqlExec(t, db, "INSERT OR REPLACE INTO map_texts (map_id, code) VALUES (3, ?)", code)
	verified(t, s, 6)
	sqlExec(t, db, "UPDATE contents SET body = body || ' '")
	faulty(t, s, "is altered", 1, 2, 3, 4, 5, 6)
	sqlExec(t, db, "DELETE FROM contents")
	faulty(t, s, "is missing", 1, 2, 3, 4, 5, 6)
}

// What a hand puts beside rows that are yet to come is no part of them.
func TestTextsAheadOfTheirRowsAreNoneOfThem(t *testing.T) {
	s := fresh(t)
	sqlExec(t, beside(t, s), "INSERT INTO map_texts VALUES (1, 'a', 2, x'00', 1.5), (2, 1, 1, 1, 1); INSERT INTO run_texts VALUES (1, x'11', 'b'), (2, 1, 1)")
	for range 2 {
		f := hello()
		runID, mapID := run(t, s, 1, start, f)
		sameWhole(t, s, "a run", runID, mapID, f)
	}
	verified(t, s, 2)
}

// A hand may write another text into a run's row, or take the row away.
func TestATextThatAHandWroteIsTheText(t *testing.T) {
	s := fresh(t)
	db := beside(t, s)
	f := hello()
	f.Stdout, f.Stderr = strings.Repeat("a line\n", 100), longTraceback
	id, _ := run(t, s, 1, start, f)
	sqlExec(t, db, "UPDATE improvement_runs SET stdout = 'by hand' WHERE id = ?", id)
	r, err := s.Run(t.Context(), id)
	must(t, err)
	list, err := s.RunList(t.Context(), Page{})
	must(t, err)
	if r.Stdout != "by hand" || r.Stderr != longTraceback || list[0].Stdout != "by hand" {
		t.Errorf("stdout %q, stderr %q, listed %q", r.Stdout, r.Stderr, list[0].Stdout)
	}
	sqlExec(t, db, "DELETE FROM improvement_runs; INSERT INTO improvement_runs (id, script_id, stderr) VALUES (?, 1, 'x')", id)
	if r, err = s.Run(t.Context(), id); err != nil || r.Stderr != "x" {
		t.Errorf("%q, %v", r.Stderr, err)
	}
}

// asBefore makes a database as it was at an earlier step of the schema, whose long
// texts are referred to in the columns themselves, and returns them.
func asBefore(t *testing.T, dir string, version int) (code, stderr string) {
	t.Helper()
	must(t, os.MkdirAll(filepath.Join(dir, "db"), 0o700))
	db, err := sql.Open("sqlite", filepath.Join(dir, "db", "daemon.db"))
	must(t, err)
	defer func() { must(t, db.Close()) }()
	db.SetMaxOpenConns(1)
	for _, step := range steps[:version] {
		sqlExec(t, db, step)
	}
	sqlExec(t, db, "CREATE TABLE schema_version (one INTEGER PRIMARY KEY CHECK (one = 1), version INTEGER NOT NULL); INSERT INTO schema_version VALUES (1, ?)", version)
	code, stderr = strings.Repeat("TXT 1 1 OLD\n", 40)+"HALT", longTraceback
	sqlExec(t, db, "INSERT INTO improvement_scripts (name, lang, code) VALUES ('old', 'pixel', 'HALT')")
	for _, text := range []string{code, stderr} {
		sqlExec(t, db, "INSERT INTO contents (hash, body) VALUES (?, ?)", chain.HashText(text), text)
	}
	var last []byte
	for i := range 3 {
		ref, at := "sha256:"+chain.HashText(code)+" TXT 1 1 OLD TXT 1 1 OLD…", "2026-01-02 03:04:05.000"
		sqlExec(t, db, "INSERT INTO infinite_map VALUES (?1, ?1, 'old: as before', ?2, '{\"status\":\"halted\"}', 'well', ?3, NULL)", i+1, ref, at)
		sqlExec(t, db, "INSERT INTO improvement_runs VALUES (?1, 1, ?2, ?2, 0, '', ?3, 1.5, 'CPU', NULL)", i+1, at, "sha256:"+chain.HashText(stderr)+" Traceback (most…")
		// The hash as it has always been made of a row.
		var b []byte
		add := func(kind byte, v []byte) {
			b = append(binary.BigEndian.AppendUint64(append(b, kind), uint64(len(v))), v...)
		}
		number := binary.BigEndian.AppendUint64(nil, uint64(i+1))
		add('t', []byte("gvpie map row 1"))
		add('i', number)
		add('b', last)
		add('i', number)
		add('i', number)
		for _, text := range []string{"old: as before", ref, `{"status":"halted"}`, "well", at} {
			add('t', []byte(text))
		}
		add('n', nil)
		sum := sha256.Sum256(b)
		last = slices.Clone(sum[:])
		sqlExec(t, db, "INSERT INTO map_chain VALUES (?1, ?1, ?2); UPDATE map_head SET map_id = ?1, seq = ?1, hash = ?2", i+1, last)
		sqlExec(t, db, "INSERT INTO run_details VALUES (?1, 0, 0, ?1, NULL, NULL)", i+1)
	}
	return code, stderr
}

func TestRowsOfBeforeAreReadAsEver(t *testing.T) {
	for _, version := range []int{2, 6} {
		dir := t.TempDir()
		code, stderr := asBefore(t, dir, version)
		rep, err := VerifyFolder(context.Background(), dir, nil) // not brought up to date
		must(t, err)
		if !rep.OK() || rep.Rows != 3 {
			t.Errorf("at step %d: %+v", version, rep)
		}
		s, done := open(t, dir)
		if !done.Migrated {
			t.Fatalf("%+v", done)
		}
		f := hello()
		f.Code, f.Stderr = code, stderr // kept already
		runID, mapID := run(t, s, 1, start, f)
		sameWhole(t, s, "a new run", runID, mapID, f)
		verified(t, s, 4)
		old := Finished{Code: code, Stderr: stderr, Task: "old: as before", ResultJSON: `{"status":"halted"}`, Analysis: "well"}
		for id := range int64(3) {
			sameWhole(t, s, "a run of before", id+1, id+1, old)
		}
		var n int
		must(t, beside(t, s).QueryRow("SELECT count(*) FROM improvement_runs_full r JOIN infinite_map_full m USING (id) WHERE r.stderr = ? AND m.code = ?", stderr, code).Scan(&n))
		if n != 4 {
			t.Errorf("the views show %d of 4 rows whole", n)
		}
		db := beside(t, s)
		disarm(t, db)
		sqlExec(t, db, "UPDATE contents SET body = body || ' ' WHERE hash = ?", chain.HashText(code))
		faulty(t, s, "is altered", 1, 2, 3, 4)
	}
}

// What is salvaged of a damaged database is read as its rows were written.
func TestTextsOfADamagedDatabaseAreReadAsEver(t *testing.T) {
	for _, version := range []int{6, len(steps)} {
		dir := t.TempDir()
		path := filepath.Join(dir, "db", "daemon.db")
		code, stderr := "", ""
		if version == len(steps) {
			s, _ := open(t, dir)
			code, stderr = strings.Repeat("TXT 1 1 NEW\n", 40), longTraceback
			for range 3 {
				f := hello()
				f.Code, f.Stderr, f.Confined = code, stderr, "landlock, seccomp"
				run(t, s, 1, start, f)
			}
			must(t, s.Close())
		} else {
			code, stderr = asBefore(t, dir, version)
		}
		db, err := sql.Open("sqlite", path)
		must(t, err)
		var page int64
		must(t, db.QueryRow("SELECT rootpage FROM sqlite_schema WHERE name = 'infinite_map_by_iteration'").Scan(&page))
		must(t, db.Close())
		overwrite(t, path, page)
		s, v := salvage(t, path)
		for id := range int64(3) {
			m, err := s.MapRow(t.Context(), id+1)
			must(t, err)
			r, err := s.Run(t.Context(), id+1)
			must(t, err)
			if m.Code != code || r.Stderr != stderr || (version == len(steps)) != (r.Confined == "landlock, seccomp") {
				t.Errorf("step %d: row %d: code %.60q, stderr %.60q, confined by %q; %s", version, id+1, m.Code, r.Stderr, r.Confined, v.Report.String())
			}
		}
		verified(t, s, 3)
	}
}
