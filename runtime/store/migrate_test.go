package store

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gvpie/runtime/store/chain"
)

// earlier makes a database as an earlier program might have: the six tables, only their
// columns, types of its own choosing, no log, rows in all of them.
func earlier(t *testing.T, dir string, userVersion, rows int) {
	t.Helper()
	must(t, os.MkdirAll(filepath.Join(dir, "db"), 0o700))
	db, err := sql.Open("sqlite", filepath.Join(dir, "db", "daemon.db"))
	must(t, err)
	defer func() { must(t, db.Close()) }()
	db.SetMaxOpenConns(1)
	for _, q := range []string{
		fmt.Sprintf("PRAGMA user_version = %d", userVersion),
		`CREATE TABLE improvement_scripts (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, lang TEXT, purpose TEXT, code TEXT, enabled BOOLEAN DEFAULT 1, created_at DATETIME DEFAULT CURRENT_TIMESTAMP, last_run_at DATETIME, run_count INTEGER DEFAULT 0, success_count INTEGER DEFAULT 0)`,
		`CREATE TABLE improvement_runs (id INTEGER PRIMARY KEY AUTOINCREMENT, script_id INTEGER, started_at TIMESTAMP, finished_at TIMESTAMP, success BOOLEAN, stdout TEXT, stderr TEXT, duration_ms INTEGER, backend TEXT, cartridge_path TEXT, FOREIGN KEY (script_id) REFERENCES improvement_scripts(id))`,
		`CREATE TABLE development_goals (id INTEGER PRIMARY KEY, goal TEXT, priority INTEGER DEFAULT 5, completed BOOLEAN DEFAULT 0, created_at DATETIME, completed_at DATETIME)`,
		`CREATE TABLE infinite_map (id INTEGER PRIMARY KEY AUTOINCREMENT, iteration INTEGER, task_description TEXT, code TEXT, result TEXT, analysis TEXT, timestamp DATETIME DEFAULT CURRENT_TIMESTAMP, parent_iteration INTEGER)`,
		`CREATE TABLE cartridge_registry (id INTEGER PRIMARY KEY, path TEXT UNIQUE, kind TEXT, checksum TEXT, width INTEGER, height INTEGER, created_at DATETIME, parent_id INTEGER, executed_count INTEGER DEFAULT 0)`,
		`CREATE TABLE system_metrics (id INTEGER PRIMARY KEY, timestamp DATETIME, metric_name TEXT, metric_value REAL, context TEXT)`,
		`INSERT INTO improvement_scripts (name, lang, purpose, code, created_at, last_run_at, run_count, success_count) VALUES ('old', 'pixel', 'from before', 'HALT', '2025-01-02 03:04:05', '2025-01-03T00:00:00.123456', 7, 6)`,
		`INSERT INTO improvement_runs VALUES (41, 1, '2025-01-03 00:00:00', '2025-01-03 00:00:01', 1, 'hi', '', 12, 'CPU', NULL), (42, 1, '2025-01-03 00:01:00', NULL, NULL, NULL, NULL, NULL, NULL, NULL)`,
		`INSERT INTO development_goals VALUES (1, 'a goal', 9, 0, '2025-01-01', NULL), (2, 'done', NULL, 1, NULL, '2025-01-02')`,
		`INSERT INTO cartridge_registry VALUES (1, 'a.png', 'pixel', 'ff', 3, 4, '2025-01-01', NULL, 5)`,
		`INSERT INTO system_metrics VALUES (1, '2025-01-01', 'm', 0.5, NULL)`,
	} {
		sqlExec(t, db, q)
	}
	sqlExec(t, db, "BEGIN")
	for i := range rows {
		sqlExec(t, db, "INSERT INTO infinite_map (id, iteration, task_description, code, result, timestamp) VALUES (?, ?, 'task', ?, ?, '2025-01-01 00:00:00')",
			10*i-20, i, strings.Repeat("HALT\n", 100), []byte{1, 2}) // ids with gaps and below 0, long texts, a blob
	}
	sqlExec(t, db, "COMMIT")
}

func TestAnEarlierProgramsDatabaseIsMigratedAndLosesNothing(t *testing.T) {
	for _, version := range []int{0, 1, 42} {
		t.Run(fmt.Sprint("user_version ", version), func(t *testing.T) {
			ctx := t.Context()
			dir := t.TempDir()
			const rows = chain.Stretch + 7
			earlier(t, dir, version, rows)
			s, done := open(t, dir)
			if done.Created || !done.Migrated || len(done.Messages) < 2 || !strings.Contains(done.Messages[1], fmt.Sprint(rows)) {
				t.Fatalf("%+v", done)
			}
			sc, err := s.Script(ctx, "old")
			must(t, err)
			if sc.RunCount != 7 || sc.SuccessCount != 6 || !sc.Enabled || sc.LastRunAt.Year() != 2025 || !sc.CreatedAt.Equal(time.Date(2025, 1, 2, 3, 4, 5, 0, time.UTC)) {
				t.Errorf("%+v", sc)
			}
			if all, err := s.ScriptList(ctx); len(all) != 1 || err != nil {
				t.Errorf("%v %v: hello_gpu is for fresh databases", all, err)
			}
			r, err := s.Run(ctx, 41)
			must(t, err)
			if !r.Success || r.Duration != 12*time.Millisecond || r.Stdout != "hi" || r.FinishedAt.Sub(r.StartedAt) != time.Second {
				t.Errorf("%+v", r)
			}
			if n, err := s.Interrupted(ctx); n != 0 || err != nil {
				t.Error("an earlier program's unfinished run is not ours to end:", n, err)
			}
			goals, err := s.Goals(ctx, Page{})
			must(t, err)
			if len(goals) != 2 || goals[1].Priority != 9 || !goals[0].Completed {
				t.Errorf("%+v", goals)
			}
			c, err := s.CartridgeByIDOrPath(ctx, "a.png")
			if err != nil || c.ExecutedCount != 5 {
				t.Error(c, err)
			}
			verified(t, s, rows)
			m, err := s.Map(ctx, Page{Limit: 1})
			must(t, err)
			if m[0].Code != strings.Repeat("HALT\n", 100) || m[0].Iteration != rows-1 {
				t.Errorf("%+v", m)
			}
			run(t, s, sc.ID, start, hello())
			verified(t, s, rows+1)
			if _, err := beside(t, s).Exec("DELETE FROM infinite_map WHERE id = -20"); err == nil {
				t.Error("a migrated map may be deleted from")
			}

			// The copy is the database as it was.
			db, err := sql.Open("sqlite", done.Backup)
			must(t, err)
			defer db.Close()
			var n, tables int
			must(t, db.QueryRow("SELECT count(*), (SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%') FROM infinite_map").Scan(&n, &tables))
			if n != rows || tables != 6 {
				t.Errorf("the backup holds %d rows, %d tables", n, tables)
			}
			must(t, s.Close())
			if _, done := open(t, dir); done.Migrated || done.Backup != "" {
				t.Errorf("migrated twice: %+v", done)
			}
		})
	}
}

func TestMissingTablesAndColumnsAreAdded(t *testing.T) {
	dir := t.TempDir()
	must(t, os.MkdirAll(filepath.Join(dir, "db"), 0o700))
	db, err := sql.Open("sqlite", filepath.Join(dir, "db", "daemon.db"))
	must(t, err)
	sqlExec(t, db, "CREATE TABLE improvement_scripts (id INTEGER PRIMARY KEY, name TEXT UNIQUE, lang TEXT, code TEXT, mine TEXT)")
	sqlExec(t, db, "INSERT INTO improvement_scripts VALUES (3, 'old', 'pixel', 'HALT', 'kept')")
	must(t, db.Close())
	s, _ := open(t, dir)
	run(t, s, 3, start, hello())
	sc, err := s.Script(t.Context(), "old")
	must(t, err)
	if sc.RunCount != 1 || !sc.Enabled {
		t.Errorf("%+v", sc)
	}
	var mine string
	must(t, beside(t, s).QueryRow("SELECT mine FROM improvement_scripts").Scan(&mine))
	if mine != "kept" {
		t.Error(mine)
	}
}

// TestAMigrationThatFailsLeavesTheDatabaseAsItWas: the disk is full half-way.
func TestAMigrationThatFailsLeavesTheDatabaseAsItWas(t *testing.T) {
	dir := t.TempDir()
	earlier(t, dir, 0, 3)
	c := &core{dir: dir, o: Options{Now: time.Now, Logger: slog.New(slog.DiscardHandler)}}
	db, err := sql.Open("sqlite", c.Path()+"?_pragma=busy_timeout(60000)")
	must(t, err)
	defer db.Close()
	db.SetMaxOpenConns(1)
	var pages int
	must(t, db.QueryRow("PRAGMA max_page_count = 1").Scan(&pages)) // means: as it is
	var done Opened
	isErr(t, wrap("migrate", c.Path(), c.migrate(t.Context(), db, &done)), ErrFull)
	var n, keys, legacy int
	must(t, db.QueryRow("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").Scan(&n))
	must(t, db.QueryRow("PRAGMA foreign_keys").Scan(&keys))
	must(t, db.QueryRow("PRAGMA legacy_alter_table").Scan(&legacy))
	if n != 6 || done.Backup != "" || keys != 1 || legacy != 0 {
		t.Error(n, "tables", done, keys, legacy)
	}
	must(t, db.QueryRow(fmt.Sprint("PRAGMA max_page_count = ", 1<<20)).Scan(&pages))
	must(t, c.migrate(t.Context(), db, &done))
}

// A migration that is cancelled leaves the database as it was, and no copy of it.
func TestACancelledMigrationChangesNothing(t *testing.T) {
	dir := t.TempDir()
	must(t, os.Mkdir(filepath.Join(dir, "db"), 0o700))
	path := filepath.Join(dir, "db", "daemon.db")
	db, err := sql.Open("sqlite", path)
	must(t, err)
	_, err = db.Exec("CREATE TABLE infinite_map (id INTEGER PRIMARY KEY, iteration INTEGER, code TEXT); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < 3000) INSERT INTO infinite_map (iteration, code) SELECT i, 'HALT' FROM n")
	must(t, err)
	must(t, db.Close())
	was, err := os.ReadFile(path)
	must(t, err)
	ctx, stop := context.WithCancel(t.Context())
	var steps []string
	_, done, err := Open(ctx, dir, Options{Progress: func(what string, n, total int64) {
		steps = append(steps, what)
		if total > 0 && n >= 2000 {
			stop()
		}
	}})
	isErr(t, err, context.Canceled)
	if done.Backup != "" || len(steps) < 3 {
		t.Errorf("%+v %q", done, steps)
	}
	if left, err := filepath.Glob(filepath.Join(dir, "db", "backup*")); err != nil || len(left) > 0 {
		t.Error(left, err)
	}
	if now, err := os.ReadFile(path); err != nil || !bytes.Equal(was[100:], now[100:]) {
		t.Errorf("%d bytes, there were %d: %v", len(now), len(was), err)
	}
	s, done := open(t, dir)
	if !done.Migrated {
		t.Errorf("%+v", done)
	}
	verified(t, s, 3000)
}
