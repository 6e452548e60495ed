package store

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gvpie/runtime/store/chain"
)

// foreign is the database of a program that has the same tables with keys, checks,
// indices, triggers and views of its own, and names that ours have as well.
var foreign = []string{
	`CREATE TABLE improvement_scripts (id INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR(40) NOT NULL, lang TEXT CHECK (lang <> 'cobol'), purpose TEXT NOT NULL DEFAULT '', code TEXT, enabled BOOLEAN NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)), created_at DATETIME, last_run_at DATETIME CHECK (last_run_at IS NULL), run_count INTEGER CHECK (run_count < 2), success_count INTEGER, author TEXT DEFAULT 'them', UNIQUE (name))`,
	`CREATE TABLE improvement_runs (id INTEGER PRIMARY KEY, script_id INTEGER NOT NULL, started_at TIMESTAMP, finished_at TIMESTAMP, success BOOLEAN, stdout TEXT, stderr TEXT, duration_ms INTEGER CHECK (typeof(duration_ms) <> 'real'), backend TEXT CHECK (backend IN ('wgpu')), cartridge_path TEXT, score REAL NOT NULL, UNIQUE (script_id, backend))`,
	`CREATE TABLE development_goals (id INTEGER PRIMARY KEY, goal TEXT)`,
	`CREATE TABLE infinite_map (id INTEGER PRIMARY KEY AUTOINCREMENT, iteration INTEGER NOT NULL UNIQUE, task_description TEXT, code TEXT, result TEXT CHECK (result IS NULL OR length(result) < 20), analysis TEXT, timestamp DATETIME DEFAULT CURRENT_TIMESTAMP, parent_iteration INTEGER, twice AS (iteration * 2), FOREIGN KEY (parent_iteration) REFERENCES infinite_map (id))`,
	`CREATE TABLE cartridge_registry (id TEXT PRIMARY KEY, path TEXT, kind TEXT) WITHOUT ROWID`,
	`CREATE VIEW system_metrics AS SELECT 1 AS id, '2025-01-01' AS timestamp, 'm' AS metric_name, 2.5 AS metric_value`,
	`CREATE INDEX improvement_runs_by_script ON improvement_runs (id)`,
	`CREATE INDEX infinite_map_by_time ON development_goals (goal)`,
	`CREATE UNIQUE INDEX one_time ON infinite_map (timestamp)`,
	`CREATE TRIGGER no_more AFTER INSERT ON infinite_map BEGIN SELECT RAISE(ABORT, 'no more'); END`,
	`CREATE TABLE settings (name TEXT, key TEXT, value TEXT)`,
	`CREATE TABLE schema_version (v TEXT)`,
	`CREATE TABLE contents (mine TEXT)`,
	`CREATE VIEW map_head AS SELECT max(iteration) AS top FROM infinite_map`,
	`CREATE VIEW latest AS SELECT max(iteration) AS top FROM infinite_map`,
	`CREATE TABLE ratings (script INTEGER REFERENCES improvement_scripts (id), stars INTEGER)`,
	`INSERT INTO settings VALUES ('x', 'interval', '7s'), ('y', NULL, NULL)`,
	`INSERT INTO contents VALUES ('theirs')`,
	`INSERT INTO improvement_scripts (id, name, lang, code, run_count) VALUES (3, 'theirs', 'pixel', 'HALT', 1), (4, 'odd', NULL, NULL, NULL)`,
	`INSERT INTO improvement_scripts (id, name, lang, code) VALUES (90, 'gone', 'pixel', 'HALT')`,
	`DELETE FROM improvement_scripts WHERE id = 90`,
	`INSERT INTO improvement_runs VALUES (7, 3, 1735689600, '2025-01-01 00:00:02', 1, 'hi', '', 12, 'wgpu', NULL, 0.5), (8, 99, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1)`,
	`INSERT INTO cartridge_registry VALUES ('a-b', 'x.png', 'pixel'), ('c-d', 'x.png', 'odd')`,
	`INSERT INTO ratings VALUES (3, 5)`,
}

// takenIn opens the database that the statements make, and mapRows rows of the map
// whose iterations run ahead of their ids.
func takenIn(t *testing.T, mapRows int, statements ...string) (*Store, Opened) {
	t.Helper()
	dir := t.TempDir()
	must(t, os.MkdirAll(filepath.Join(dir, "db"), 0o700))
	db, err := sql.Open("sqlite", filepath.Join(dir, "db", "daemon.db"))
	must(t, err)
	db.SetMaxOpenConns(1)
	for _, q := range statements {
		sqlExec(t, db, q)
	}
	if mapRows > 0 {
		sqlExec(t, db, "DROP TRIGGER IF EXISTS no_more")
		for i := range mapRows {
			sqlExec(t, db, "INSERT INTO infinite_map (id, iteration, code, timestamp, parent_iteration) VALUES (?, ?, 'HALT', ?, ?)",
				i+1, 1000+i, 1735689600+i, nullID(int64(i)))
		}
		sqlExec(t, db, "CREATE TRIGGER no_more AFTER INSERT ON infinite_map BEGIN SELECT RAISE(ABORT, 'no more'); END")
	}
	must(t, db.Close())
	return open(t, dir)
}

func TestAForeignDatabaseIsTakenInWithEveryRow(t *testing.T) {
	ctx := t.Context()
	s, done := takenIn(t, 5, foreign...)
	if !done.Migrated || done.Backup == "" {
		t.Fatalf("%+v", done)
	}
	// A second run has the first's iteration for its parent: no id that there is.
	for i := range 3 {
		last, err := s.Map(ctx, Page{Limit: 1})
		must(t, err)
		f := hello()
		f.Parent, f.ResultJSON = last[0].Iteration, `{"status":"halted","cycles":2,"frames":1}`
		_, id := run(t, s, 3, start.Add(time.Duration(i)*time.Second), f)
		m, err := s.MapRow(ctx, id)
		must(t, err)
		if m.Iteration != int64(1005+i) || m.Parent != int64(1004+i) {
			t.Errorf("%+v", m)
		}
	}
	verified(t, s, 8)
	if m, err := s.MapRow(ctx, 2); err != nil || m.Timestamp.Year() != 2025 || m.Parent != 1 {
		t.Errorf("%+v %v", m, err)
	}
	r, err := s.Run(ctx, 7)
	if err != nil || !r.Success || r.Stdout != "hi" || r.Duration != 12*time.Millisecond || !r.StartedAt.Equal(time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("%+v %v", r, err)
	}
	if r, err = s.Run(ctx, 8); err != nil || r.ScriptID != 99 {
		t.Errorf("a run whose script is gone: %+v %v", r, err)
	}
	id, _, err := s.UpsertScript(ctx, Script{Name: "new", Lang: "pixel", Code: "HALT"})
	if err != nil || id != 91 {
		t.Errorf("a new script is %d, %v: an id that was given is given for ever", id, err)
	}
	first, err := s.AddCartridge(ctx, Cartridge{Path: "x.png", Kind: "pixel", Checksum: "ff"})
	if err != nil || first != 1 {
		t.Error(first, err)
	}
	if v, err := s.Setting(ctx, "interval", ""); v != "7s" || err != nil {
		t.Error("their setting:", v, err)
	}
	db := beside(t, s)
	for query, want := range map[string]string{
		"SELECT group_concat(author) FROM improvement_scripts WHERE id < 5":                                   "them,them",
		"SELECT group_concat(score) FROM improvement_runs WHERE id < 9":                                       "0.5,1.0",
		"SELECT group_concat(twice) FROM infinite_map WHERE id < 3":                                           "2000,2002",
		"SELECT group_concat(earlier_id || path || kind) FROM cartridge_registry":                             "a-bx.pngpixel,c-dx.pngodd",
		"SELECT metric_name || metric_value || typeof(id) FROM system_metrics WHERE id = 1":                   "m2.5integer",
		"SELECT mine FROM earlier_contents":                                                                   "theirs",
		"SELECT top FROM latest":                                                                              "1007",
		"SELECT count(*) FROM earlier_schema_version":                                                         "0",
		"SELECT count(*) FROM pragma_foreign_key_list('infinite_map')":                                        "0",
		`SELECT group_concat("table") FROM pragma_foreign_key_list('ratings')`:                                "improvement_scripts",
		"SELECT group_concat(name, ' ') FROM (SELECT name FROM pragma_index_list('infinite_map') ORDER BY 1)": "infinite_map_by_iteration infinite_map_by_time",
	} {
		var got string
		if err := db.QueryRow(query).Scan(&got); err != nil || got != want {
			t.Errorf("%s: %q, %v; want %q", query, got, err, want)
		}
	}
	if _, err := db.Exec("DELETE FROM infinite_map WHERE id = 2"); err == nil {
		t.Error("a rebuilt map may be deleted from")
	}
	must(t, s.Close())
	if s, done = open(t, s.Dir()); done.Migrated {
		t.Errorf("migrated twice: %+v", done)
	}
	verified(t, s, 8)
	must(t, s.wholeCheck(ctx))
}

// A version before this one left another program's tables as they were and chained
// their rows: what the hashes are of stays so.
func TestTablesThatWereTakenInAsTheyWereAreRebuilt(t *testing.T) {
	dir := t.TempDir()
	must(t, os.MkdirAll(filepath.Join(dir, "db"), 0o700))
	db, err := sql.Open("sqlite", filepath.Join(dir, "db", "daemon.db"))
	must(t, err)
	db.SetMaxOpenConns(1)
	for _, q := range slices.Concat(slices.DeleteFunc(slices.Clone(foreign), func(q string) bool {
		return !strings.Contains(q, "TABLE improvement_scripts (") && !strings.Contains(q, "TABLE infinite_map (")
	}), steps[:2], []string{
		"DROP TRIGGER infinite_map_no_replace",
		"INSERT INTO infinite_map (iteration, code, timestamp) VALUES (7, 'HALT', 1735689600), (8, 5, 1735689600.25), (9, x'00', '2025-01-01')",
		"CREATE TABLE schema_version (one INTEGER PRIMARY KEY CHECK (one = 1), version INTEGER NOT NULL); INSERT INTO schema_version VALUES (1, 2)",
		"INSERT INTO improvement_scripts (name, lang) VALUES ('theirs', 'pixel')",
		"INSERT INTO script_state (script_id, last_run) VALUES (1, 5)",
	}) {
		sqlExec(t, db, q)
	}
	conn, err := db.Conn(t.Context())
	must(t, err)
	n, err := chain.AppendAll(t.Context(), conn, func(int64) {})
	if err != nil || n != 3 {
		t.Fatal(n, err)
	}
	must(t, conn.Close())
	must(t, db.Close())
	s, done := open(t, dir)
	if !done.Migrated {
		t.Fatalf("%+v", done)
	}
	verified(t, s, 3)
	f := hello()
	f.Parent = 9
	run(t, s, 1, start, f)
	run(t, s, 1, start, f)
	verified(t, s, 5)
	var last int
	must(t, beside(t, s).QueryRow("SELECT last_run FROM script_state").Scan(&last))
	if last == 5 || last == 0 {
		t.Error("what was known of the script is lost, or not brought up to date:", last)
	}
	if _, err := beside(t, s).Exec("INSERT OR REPLACE INTO infinite_map (id, iteration) VALUES (2, 9)"); err == nil {
		t.Error("a rebuilt map's rows may be replaced")
	}
}

// Two rebuilt tables are left as they are by a program of ours: its own columns stay.
func TestNamesThatAreThereTwiceStay(t *testing.T) {
	s, _ := takenIn(t, 0, "CREATE TABLE improvement_scripts (id INTEGER PRIMARY KEY, name TEXT, lang TEXT, code TEXT)",
		"INSERT INTO improvement_scripts VALUES (1, 'a', 'pixel', 'HALT'), (2, 'a', 'pixel', 'NOP')")
	all, err := s.ScriptList(t.Context())
	if err != nil || len(all) != 2 {
		t.Fatal(all, err)
	}
	for _, sc := range all {
		run(t, s, sc.ID, start, hello())
	}
	verified(t, s, 2)
}

// What an earlier program writes beside us is counted apart, and is no fault.
func TestRowsThatAnEarlierProgramGoesOnWritingAreFromOutside(t *testing.T) {
	s, _ := takenIn(t, 3, foreign...)
	db := beside(t, s)
	sqlExec(t, db, "PRAGMA foreign_keys = ON")
	for i := range 4 {
		sqlExec(t, db, fmt.Sprintf("INSERT INTO infinite_map (iteration, code, parent_iteration) VALUES (%d, 'HALT', %d)", 2000+i, i%3+1))
		run(t, s, 3, start, hello())
	}
	rep, err := s.Verify(t.Context())
	must(t, err)
	if !rep.OK() || rep.Rows != 7 || rep.Outside != 4 || len(rep.OutsideIDs) != 4 || rep.OutsideIDs[1] != (Span{First: 6, Last: 6}) {
		t.Errorf("%+v", rep)
	}
}
