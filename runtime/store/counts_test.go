package store

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestCountsOfLargeTablesFollowWhatIsAddedAndFindWhatIsDeleted(t *testing.T) {
	ctx := t.Context()
	now := start
	s, _, err := Open(ctx, t.TempDir(), Options{Now: func() time.Time { return now }})
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	db := beside(t, s)
	counts := func(runs, metrics int64) {
		t.Helper()
		c, err := s.Counts(ctx)
		must(t, err)
		if c.Runs != runs || c.Metrics != metrics || c.Scripts != 1 || c.EnabledScripts != 1 {
			t.Errorf("%+v, want %d runs, %d metrics", c, runs, metrics)
		}
	}
	counts(0, 0)
	const many = countedWhole + 5
	sqlExec(t, db, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) INSERT INTO system_metrics (metric_name) SELECT 'm' FROM n", many)
	sqlExec(t, db, "INSERT INTO improvement_runs (script_id) VALUES (1), (1), (1)")
	counts(3, many)
	sqlExec(t, db, "INSERT INTO system_metrics (metric_name) VALUES ('m'), ('m')")
	sqlExec(t, db, "DELETE FROM improvement_runs WHERE id = 2")
	counts(2, many+2)
	// Deleted at the end: at once. Before it: when it is time to count again.
	sqlExec(t, db, "DELETE FROM system_metrics WHERE id > ?", many)
	counts(2, many)
	sqlExec(t, db, "DELETE FROM system_metrics WHERE id = 7")
	must(t, s.Check(ctx))
	counts(2, many)
	now = now.Add(recountEvery)
	must(t, s.Check(ctx))
	counts(2, many-1)

	// A start goes on from there, and a count that somebody spoilt is made anew.
	must(t, s.Close())
	sqlExec(t, db, "DELETE FROM system_metrics WHERE id = 9")
	s, _ = openAt(t, s.Dir(), now)
	counts(2, many-1)
	must(t, s.Close())
	sqlExec(t, db, "UPDATE row_counts SET rows = 'many'")
	s, _ = openAt(t, s.Dir(), now)
	counts(2, many-2)
	sqlExec(t, db, "DROP TABLE row_counts")
	must(t, s.Check(ctx))
	counts(2, many-2)
}

// What people and the window ask for often is answered from an index, whose end is
// where the answer lies.
func TestQueriesThatAreAskedOftenScanNothing(t *testing.T) {
	s := lineage(t, 3)
	db := beside(t, s)
	for query, index := range map[string]string{
		"SELECT * FROM improvement_runs ORDER BY started_at DESC LIMIT 10":                    "improvement_runs_by_start",
		"SELECT * FROM infinite_map ORDER BY timestamp DESC LIMIT 10":                         "infinite_map_by_time",
		"SELECT * FROM system_metrics ORDER BY timestamp DESC LIMIT 10":                       "system_metrics_by_time",
		"SELECT count(*) FROM improvement_scripts WHERE enabled":                              "improvement_scripts_by_enabled",
		"SELECT count(*) FROM improvement_runs WHERE id > 5":                                  "INTEGER PRIMARY KEY (rowid>?)",
		"SELECT count(*) FROM improvement_runs WHERE started_at > datetime('now', '-1 hour')": "improvement_runs_by_start (started_at>?)",
	} {
		rows, err := db.Query("EXPLAIN QUERY PLAN " + query)
		must(t, err)
		var plan []string
		for rows.Next() {
			var id, parent, unused int
			var detail string
			must(t, rows.Scan(&id, &parent, &unused, &detail))
			plan = append(plan, detail)
		}
		must(t, rows.Err())
		if !strings.Contains(strings.Join(plan, "; "), index) || slices.ContainsFunc(plan, func(p string) bool { return strings.Contains(p, "TEMP B-TREE") }) {
			t.Errorf("%s: %q", query, plan)
		}
	}
}

// Damage in a large file does not hold up the start, and no call meets it: the checks
// of the loop do, after a while.
func TestDamageInALargeFileIsFoundWhileTheLoopRuns(t *testing.T) {
	s := fresh(t)
	db := beside(t, s)
	sqlExec(t, db, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) INSERT INTO contents (hash, body) SELECT i, hex(randomblob(1000)) FROM n", checkedWhole/2000)
	var size int64
	must(t, db.QueryRow("PRAGMA page_size").Scan(&size))
	must(t, db.Close())
	must(t, s.Close())
	f, err := os.OpenFile(s.Path(), os.O_RDWR, 0)
	must(t, err)
	info, err := f.Stat()
	must(t, err)
	if info.Size() <= checkedWhole {
		t.Fatal("the file is too small to prove anything:", info.Size())
	}
	_, err = f.WriteAt([]byte(strings.Repeat("?", int(3*size))), info.Size()/2/size*size)
	must(t, err)
	must(t, f.Close())
	s, done := open(t, filepath.Clean(s.Dir()))
	if done.Quarantined != "" {
		t.Fatalf("%+v", done)
	}
	for range 20_000 {
		if err = s.Check(t.Context()); err != nil {
			break
		}
	}
	isErr(t, err, ErrCorrupt)
	if done, err = s.Reopen(t.Context()); err != nil || done.Quarantined == "" {
		t.Errorf("%+v %v", done, err)
	}
}
