package store

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gvpie/runtime/store/chain"
	"gvpie/runtime/store/sqlquery"
)

// beside opens the database as another program would.
func beside(t testing.TB, s *Store) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", s.Path()+"?_pragma=busy_timeout(60000)")
	must(t, err)
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { must(t, db.Close()) })
	return db
}

func sqlExec(t testing.TB, db *sql.DB, query string, args ...any) {
	t.Helper()
	if _, err := db.Exec(query, args...); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

// lineage is a store with n runs in its map, some with long texts.
func lineage(t testing.TB, n int) *Store {
	t.Helper()
	s := fresh(t)
	for i := range n {
		f := hello()
		f.Analysis = fmt.Sprintf("row %04d", i+1)
		f.Parent = int64(i / 2)
		if i%3 == 0 {
			f.Code = strings.Repeat("TXT 1 1 LONG\n", 20+i%2) + "HALT"
		}
		run(t, s, 1, start.Add(time.Duration(i)*time.Second), f)
	}
	return s
}

func TestTheMapRefusesToForget(t *testing.T) {
	s := lineage(t, 3)
	_, err := s.AddMap(t.Context(), MapRow{Code: withFiles(0)})
	must(t, err)
	db := beside(t, s)
	for _, q := range []string{
		"UPDATE infinite_map SET analysis = 'better' WHERE id = 2",
		"UPDATE OR REPLACE infinite_map SET id = 1 WHERE id = 2",
		"DELETE FROM infinite_map WHERE id = 2",
		"DELETE FROM infinite_map",
		"INSERT OR REPLACE INTO infinite_map (id, iteration) VALUES (2, 9)",
		"REPLACE INTO infinite_map (id, iteration) VALUES (2, 9)",
		"INSERT INTO infinite_map (id, iteration) VALUES (2, 9) ON CONFLICT (id) DO UPDATE SET iteration = 9",
		"UPDATE contents SET body = 'x'",
		"DELETE FROM contents",
		"INSERT OR REPLACE INTO contents SELECT id, hash, 'x' FROM contents",
		"UPDATE bundles SET bytes = 1",
		"DELETE FROM bundles",
		"INSERT OR REPLACE INTO bundles SELECT hash, 1 FROM bundles",
	} {
		if _, err := db.Exec(q); err == nil || !strings.Contains(err.Error(), "never") {
			t.Errorf("%s: %v", q, err)
		}
	}
	verified(t, s, 4)
}

func verified(t testing.TB, s *Store, rows int64) {
	t.Helper()
	rep, err := s.Verify(context.Background())
	must(t, err)
	if !rep.OK() || rep.Rows != rows {
		t.Fatalf("%+v, want %d good rows", rep, rows)
	}
}

// disarm removes what stands in a forger's way.
func disarm(t testing.TB, db *sql.DB) {
	for _, name := range []string{"infinite_map_no_update", "infinite_map_no_delete", "contents_no_update", "contents_no_delete"} {
		sqlExec(t, db, "DROP TRIGGER "+name)
	}
}

// TestAnyAlteredColumnOfAnyRowIsNamed changes one bit or type at a time and takes it back.
func TestAnyAlteredColumnOfAnyRowIsNamed(t *testing.T) {
	const rows = 12
	s := lineage(t, rows)
	db := beside(t, s)
	disarm(t, db)
	for id := int64(1); id <= rows; id++ {
		for column, forged := range map[string]string{
			"iteration":        "iteration + 1",
			"task_description": "'Hello_gpu' || substr(task_description, 10)",
			"code":             "code || ' '",
			"result":           "CAST(result AS BLOB)",
			"analysis":         "replace(analysis, 'w', 'v')",
			"timestamp":        "substr(timestamp, 1, 22) || '1'",
			"parent_iteration": "coalesce(parent_iteration, 0) + 4",
		} {
			var was any
			must(t, db.QueryRow("SELECT coalesce("+column+", NULL) FROM infinite_map WHERE id = ?", id).Scan(&was))
			sqlExec(t, db, "UPDATE infinite_map SET "+column+" = "+forged+" WHERE id = ?", id)
			named(t, s, id, "altered")
			sqlExec(t, db, "UPDATE infinite_map SET "+column+" = ? WHERE id = ?", was, id)
		}
	}
	verified(t, s, rows)
}

// named wants exactly one fault, of row id.
func named(t testing.TB, s *Store, id int64, why string) {
	t.Helper()
	faulty(t, s, why, id)
}

// faulty wants one fault for each of the rows, in order, and no other.
func faulty(t testing.TB, s *Store, why string, ids ...int64) {
	t.Helper()
	rep, err := s.Verify(context.Background())
	must(t, err)
	var got []int64
	for _, f := range rep.Faults {
		got = append(got, f.ID)
		if !strings.Contains(f.Why, why) {
			t.Errorf("%+v, want %q", f, why)
		}
	}
	if rep.OK() || !slices.Equal(got, ids) {
		t.Fatalf("%+v, want rows %d %s", rep, ids, why)
	}
}

func TestMissingRowsAreNamed(t *testing.T) {
	for _, c := range []struct {
		name, forge string
		ids         []int64
		why         string
		rows        int64 // good ones
	}{
		{"the first", "DELETE FROM infinite_map WHERE id = 1", []int64{1}, "missing", 8},
		{"one in the middle", "DELETE FROM infinite_map WHERE id = 5", []int64{5}, "missing", 8},
		{"one with its hash", "DELETE FROM infinite_map WHERE id = 5; DELETE FROM map_chain WHERE map_id = 5", []int64{5}, "missing", 7},
		{"the first with its hash", "DELETE FROM infinite_map WHERE id = 1; DELETE FROM map_chain WHERE map_id = 1", []int64{1}, "missing", 7},
		{"the last with its hash", "DELETE FROM infinite_map WHERE id = 9; DELETE FROM map_chain WHERE map_id = 9", []int64{9}, "missing", 8},
		{"the last three", "DELETE FROM infinite_map WHERE id > 6; DELETE FROM map_chain WHERE map_id > 6", []int64{7}, "3 rows after row 6 are missing, at the end", 6},
		{"all", "DELETE FROM infinite_map; DELETE FROM map_chain", []int64{1}, "missing", 0},
		{"a hash in the middle", "DELETE FROM map_chain WHERE map_id = 5", []int64{5}, "has no hash any more", 8},
		{"hashes at the end", "DELETE FROM map_chain WHERE map_id > 7", []int64{8, 9}, "has no hash any more", 7},
		{"two apart", "DELETE FROM infinite_map WHERE id IN (3, 7)", []int64{3, 7}, "missing", 7},
		{"two exchanged", "UPDATE infinite_map SET id = 100 WHERE id = 3; UPDATE infinite_map SET id = 3 WHERE id = 4; UPDATE infinite_map SET id = 4 WHERE id = 100", []int64{3, 4}, "altered", 7},
		{"a forged hash", "UPDATE map_chain SET hash = x'00' WHERE map_id = 8", []int64{8}, "altered", 8},
		{"the last hash forged", "UPDATE map_chain SET hash = x'00' WHERE map_id = 9", []int64{9}, "altered", 8},
		{"a forged number", "UPDATE map_chain SET seq = 77 WHERE map_id = 4", []int64{4}, "number", 8},
		{"a forged end", "UPDATE map_head SET hash = x'00'", []int64{9}, "end", 9},
		{"no end", "DELETE FROM map_head", []int64{9}, "end", 9},
		{"altered rows", "UPDATE infinite_map SET analysis = 'x' WHERE id IN (2, 3, 9)", []int64{2, 3, 9}, "altered", 6},
		{"an altered row, and one without its hash after it", "UPDATE infinite_map SET code = 'x' WHERE id = 2; DELETE FROM map_chain WHERE map_id = 3; UPDATE infinite_map SET code = 'x' WHERE id = 4", []int64{2, 3, 4}, "row", 6},
		{"a long text changed", "UPDATE contents SET body = body || ' '  WHERE id = 1", []int64{1, 7}, "altered", 7},
		{"a long text removed", "DELETE FROM contents WHERE id = 2", []int64{4}, "missing", 8},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := lineage(t, 9)
			verified(t, s, 9)
			db := beside(t, s)
			disarm(t, db)
			sqlExec(t, db, c.forge)
			faulty(t, s, c.why, c.ids...)
			if rep, _ := s.Verify(t.Context()); rep.Rows != c.rows || rep.Outside != 0 {
				t.Errorf("%+v", rep)
			}
		})
	}
}

// TestRowsPutInByHandDoNotStopTheChain: the loop goes on, Verify counts them apart.
func TestRowsPutInByHandDoNotStopTheChain(t *testing.T) {
	s := lineage(t, 2)
	db := beside(t, s)
	sqlExec(t, db, "INSERT INTO infinite_map (iteration, code) VALUES (3, 'HALT'), (4, 'HALT')")
	_, id := run(t, s, 1, start, hello())
	if id != 5 {
		t.Error(id)
	}
	sqlExec(t, db, "INSERT INTO infinite_map (id, iteration, code) VALUES (-3, 10, 'HALT'), (9, 9, NULL)")
	rep, err := s.Verify(t.Context())
	must(t, err)
	if !rep.OK() || rep.Rows != 3 || rep.Outside != 4 || !slices.Equal(rep.OutsideIDs, []Span{{First: -3, Last: -3}, {First: 3, Last: 4}, {First: 9, Last: 9}}) {
		t.Errorf("%+v", rep)
	}
	all, err := s.Map(t.Context(), Page{Limit: 3})
	must(t, err)
	if all[1].ID != 5 || all[1].Iteration != 5 || all[2].Hash != "" {
		t.Errorf("%+v", all)
	}
	// With a gap in the chain nobody can say which row lost its entry.
	disarm(t, db)
	sqlExec(t, db, "DELETE FROM map_chain WHERE map_id = 2")
	faulty(t, s, "removed, or it is from outside", 2, 3, 4)
}

// TestAFlippedByteInTheFileIsNamed flips bits where the row lies on the disk.
func TestAFlippedByteInTheFileIsNamed(t *testing.T) {
	s := lineage(t, 9)
	must(t, s.Close())
	b, err := os.ReadFile(s.Path())
	must(t, err)
	marker := []byte("row 0005")
	at := bytes.Index(b, marker)
	if at < 0 || bytes.Count(b, marker) != 1 {
		t.Fatal("the row's text is not in the file once")
	}
	for i := range marker {
		dir := t.TempDir()
		must(t, os.Mkdir(filepath.Join(dir, "db"), 0o700))
		c := bytes.Clone(b)
		c[at+i] ^= 1 << (i % 8)
		must(t, os.WriteFile(filepath.Join(dir, "db", "daemon.db"), c, 0o600))
		damaged, done := open(t, dir)
		if done.Quarantined != "" {
			t.Fatalf("%+v", done)
		}
		named(t, damaged, 5, "altered")
	}
}

func TestALongMapIsWalkedInStretches(t *testing.T) {
	s := fresh(t)
	n := 2*chain.Stretch + 5
	fill(t, s, n)
	verified(t, s, int64(n))
	db := beside(t, s)
	disarm(t, db)
	sqlExec(t, db, "UPDATE infinite_map SET code = 'x' WHERE id = ?", 2*chain.Stretch+1)
	named(t, s, int64(2*chain.Stretch+1), "altered")
	sqlExec(t, db, "DELETE FROM infinite_map WHERE id = ?", chain.Stretch)
	rep, err := s.Verify(t.Context())
	must(t, err)
	if len(rep.Faults) != 2 || rep.Faults[0].ID != chain.Stretch || rep.Faults[1].ID != int64(2*chain.Stretch+1) || rep.Rows != int64(n-2) {
		t.Errorf("%+v", rep)
	}
	// As many from outside, so that stretches of map and chain end elsewhere.
	sqlExec(t, db, "INSERT INTO infinite_map (iteration) SELECT 1 FROM infinite_map")
	fill(t, s, 3)
	if rep, err = s.Verify(t.Context()); err != nil || len(rep.Faults) != 2 || rep.Rows != int64(n+1) || rep.Outside != int64(n-1) || len(rep.OutsideIDs) != 1 {
		t.Errorf("%+v %v", rep, err)
	}
}

// fill adds n map rows and runs quickly, in transactions of many.
func fill(t testing.TB, s *Store, n int) {
	t.Helper()
	for n > 0 {
		some := min(n, 5000)
		n -= some
		must(t, s.write(context.Background(), "fill", func(ctx context.Context, q querier) error {
			for range some {
				res, err := q.ExecContext(ctx, "INSERT INTO improvement_runs (script_id, started_at, backend) VALUES (1, ?, 'GPU')", sqlquery.FormatTime(start))
				if err != nil {
					return err
				}
				id, err := res.LastInsertId()
				if err != nil {
					return err
				}
				if _, err := q.ExecContext(ctx, "INSERT INTO runs_in_hand VALUES (?, ?)", id, s.session); err != nil {
					return err
				}
				f := hello()
				f.FinishedAt = start
				if _, err := s.endRun(ctx, q, id, f, finished); err != nil {
					return err
				}
			}
			return nil
		}))
	}
}

func TestLineageIsFoundByIterationAndByScript(t *testing.T) {
	ctx := t.Context()
	s := lineage(t, 5)
	m, err := s.LastMapOf(ctx, 1)
	must(t, err)
	if m.ID != 5 || m.Parent != 2 {
		t.Errorf("%+v", m)
	}
	m, err = s.MapIteration(ctx, m.Parent)
	must(t, err)
	if m.ID != 2 || m.Analysis != "row 0002" {
		t.Errorf("%+v", m)
	}
	_, err = s.LastMapOf(ctx, 99)
	isErr(t, err, ErrNotFound)
	_, err = s.MapRow(ctx, 99)
	isErr(t, err, ErrNotFound)
	id, err := s.AddMap(ctx, MapRow{Task: "an idea", Parent: 5})
	must(t, err)
	if m, err = s.MapRow(ctx, id); err != nil || m.Iteration != 6 || m.RunID != 0 || !m.Timestamp.Equal(start) {
		t.Errorf("%+v %v", m, err)
	}
	verified(t, s, 6)
}

// TestARowFromOutsideMayHaveAnyID puts rows in further on than those of the loop.
func TestARowFromOutsideMayHaveAnyID(t *testing.T) {
	const end = 1 << 62
	for _, ids := range [][]int64{{end - 1}, {end - 2}, {end - 3, end - 1}, {end}, {1<<63 - 1}, {4, 5, 7}, {end, end + 1}, {-5, 0}, {end - 1, 4}} {
		t.Run(fmt.Sprint(ids), func(t *testing.T) {
			s := lineage(t, 3)
			for _, id := range ids {
				sqlExec(t, beside(t, s), fmt.Sprintf("INSERT INTO infinite_map (id, iteration) VALUES (%d, 1)", id))
			}
			for range 4 {
				run(t, s, 1, start, hello())
			}
			rep, err := s.Verify(t.Context())
			if err != nil || !rep.OK() || rep.Rows != 7 || rep.Outside != int64(len(ids)) {
				t.Errorf("%+v, %v", rep, err)
			}
		})
	}
}
