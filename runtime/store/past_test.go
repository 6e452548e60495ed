package store

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"gvpie/runtime/store/chain"
	"gvpie/runtime/store/sqlquery"
)

// A past is made-up history, as long as wanted, with a valid chain: for what must
// not depend on how long a loop has run.
type past struct {
	scripts, runs int
	changing      bool // the code is another in every run
}

// write puts the past into a new database. A million runs take half a minute.
func (p past) write(t testing.TB, s *Store) {
	t.Helper()
	sqlExec(t, s.h.w, "PRAGMA synchronous = OFF; PRAGMA cache_size = -100000")
	must(t, s.write(context.Background(), "write the scripts", func(ctx context.Context, q querier) error {
		if _, err := q.ExecContext(ctx, "CREATE TABLE past_scripts (id INTEGER PRIMARY KEY, code TEXT, result TEXT, whole BLOB); CREATE TABLE past_codes (n INTEGER PRIMARY KEY, code TEXT, whole BLOB)"); err != nil {
			return err
		}
		for n := 1; n <= p.scripts; n++ {
			code := fmt.Sprintf("TXT 10 10 SCRIPT %d\nHALT", n)
			result, whole, err := keep(ctx, q, resultJSON(chain.HashText(code)), tellResult)
			if err != nil {
				return err
			}
			if _, err := q.ExecContext(ctx, "INSERT INTO past_scripts VALUES (?, ?, ?, ?)", n, code, result, whole); err != nil {
				return err
			}
		}
		_, err := q.ExecContext(ctx, `INSERT INTO improvement_scripts (id, name, lang, purpose, code, enabled, created_at, last_run_at, run_count, success_count)
			SELECT id, printf('script_%05d', id), 'pixel', 'one of many', code, 1, ?1, ?1, ?2 / ?3, ?2 / ?3 FROM past_scripts WHERE true
			ON CONFLICT (id) DO UPDATE SET last_run_at = ?1`, sqlquery.FormatTime(start), p.runs, p.scripts)
		return err
	}))
	const piece = 200_000
	for first := 1; first <= p.runs; first += piece {
		must(t, s.write(context.Background(), "write runs", func(ctx context.Context, q querier) error {
			return p.piece(ctx, q, first, min(first+piece-1, p.runs))
		}))
		sqlExec(t, s.h.w, "PRAGMA wal_checkpoint(TRUNCATE)")
	}
	must(t, s.write(context.Background(), "chain the map", func(ctx context.Context, q querier) error {
		if _, err := chain.AppendAll(ctx, q, func(int64) {}); err != nil {
			return err
		}
		_, err := q.ExecContext(ctx, `INSERT INTO script_state (script_id, last_run, tried_hash) SELECT id, ?1 - (?1 - id) % ?2, '' FROM past_scripts WHERE true
			ON CONFLICT (script_id) DO NOTHING; DROP TABLE past_scripts; DROP TABLE past_codes`, p.runs, p.scripts)
		return err
	}))
	sqlExec(t, s.h.w, "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA synchronous = FULL; PRAGMA cache_size = -"+strconv.Itoa(pageCache))
}

// piece writes the runs from first to last, three and a third of a second apart, the
// scripts in turn, and their rows of the map.
func (p past) piece(ctx context.Context, q querier, first, last int) error {
	const each = `WITH RECURSIVE c(n) AS (SELECT ?1 UNION ALL SELECT n + 1 FROM c WHERE n < ?2),
		r AS (SELECT n, 1 + (n - 1) % ?3 AS script, strftime('%Y-%m-%d %H:%M:%f', ?5 - (?4 - n) * 10.0 / 3, 'unixepoch') AS at FROM c) `
	args := []any{first, last, p.scripts, p.runs, start.Unix()}
	code, whole := "s.code", "NULL"
	if p.changing {
		for n := first; n <= last; n++ {
			column, hash, err := keep(ctx, q, fmt.Sprintf("; attempt %d\n%sHALT", n, strings.Repeat("TXT 10 10 ANOTHER LINE\n", 20)), tellOpening)
			if err != nil {
				return err
			}
			if _, err := q.ExecContext(ctx, "INSERT OR REPLACE INTO past_codes VALUES (?, ?, ?)", n, column, hash); err != nil {
				return err
			}
		}
		code, whole = "(SELECT code FROM past_codes WHERE n = r.n)", "(SELECT whole FROM past_codes WHERE n = r.n)"
	}
	for _, statement := range []string{
		`INSERT INTO improvement_runs (id, script_id, started_at, finished_at, success, stdout, stderr, duration_ms, backend)
			SELECT n, script, at, at, n % 20 <> 0, '', iif(n % 20 <> 0, '', 'division by zero in line 2'), 1 + n % 17 / 10.0, 'GPU' FROM r WHERE true`,
		`INSERT INTO infinite_map (id, iteration, task_description, code, result, analysis, timestamp, parent_iteration)
			SELECT n, n, printf('script_%05d', script), ` + code + `, s.result, printf('succeeded as in %d of %d runs; 1.5 ms', n / ?3, n / ?3), at, iif(n > ?3, n - ?3, NULL)
			FROM r CROSS JOIN past_scripts s ON s.id = r.script`,
		`INSERT INTO map_texts (map_id, code, result) SELECT n, ` + whole + `, s.whole FROM r CROSS JOIN past_scripts s ON s.id = r.script`,
		`INSERT INTO run_details (run_id, outcome, slow, map_id) SELECT n, 0, 0, n FROM r WHERE true`,
		`INSERT INTO system_metrics (timestamp, metric_name, metric_value) SELECT at, 'cycle_ms', 2.5 FROM r WHERE n % 90 = 0`,
	} {
		if _, err := q.ExecContext(ctx, each+statement, args...); err != nil {
			return fmt.Errorf("%.60s: %w", statement, err)
		}
	}
	return nil
}

// TestSoakPast makes a data folder with a past, GVPIE_PAST=FOLDER,SCRIPTS,RUNS[,changing],
// to measure with.
func TestSoakPast(t *testing.T) {
	given := strings.Split(os.Getenv("GVPIE_PAST"), ",")
	if len(given) < 3 {
		t.Skip("makes a folder to measure with; GVPIE_PAST=FOLDER,SCRIPTS,RUNS[,changing] is not set")
	}
	scripts, err := strconv.Atoi(given[1])
	must(t, err)
	runs, err := strconv.Atoi(given[2])
	must(t, err)
	s, done := open(t, given[0])
	if !done.Created {
		t.Fatalf("%s has a database already", given[0])
	}
	began := time.Now()
	past{scripts, runs, len(given) > 3}.write(t, s)
	t.Logf("%d runs of %d scripts in %v, %d MB", runs, scripts, time.Since(began).Round(time.Second), size(t, s)>>20)
}
