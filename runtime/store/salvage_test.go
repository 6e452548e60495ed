package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"gvpie/runtime/store/sqlquery"
)

// lived is a database with rows in every table, and how many they were. It is made once.
func lived(t *testing.T) (path string, was map[string]int64) {
	t.Helper()
	livedOnce.Do(func() {
		s := fresh(t)
		live(t, s)
		db := beside(t, s)
		sqlExec(t, db, "CREATE TABLE theirs (name TEXT, n); INSERT INTO theirs VALUES ('a', 1.5), ('b', x'00ff')")
		must(t, db.Close())
		livedRows = rowsOf(t, s)
		must(t, s.Close())
		b, err := os.ReadFile(s.Path())
		must(t, err)
		livedFile = b
	})
	path = filepath.Join(t.TempDir(), "db", "daemon.db")
	must(t, os.Mkdir(filepath.Dir(path), 0o700))
	must(t, os.WriteFile(path, livedFile, 0o600))
	return path, maps.Clone(livedRows)
}

var (
	livedOnce sync.Once
	livedFile []byte
	livedRows map[string]int64
)

// livedRuns is how many runs of it have finished; one is in hand.
const livedRuns = 300

func live(t *testing.T, s *Store) {
	t.Helper()
	ctx := t.Context()
	for i := range 30 {
		code := "HALT"
		if i < 5 {
			code = withFiles(i)
		}
		_, _, err := s.UpsertScript(ctx, Script{Name: fmt.Sprint("script ", i), Lang: "pixel", Code: code, Enabled: i%2 == 0})
		must(t, err)
	}
	_, err := s.AddGoal(ctx, "a goal", 3)
	must(t, err)
	must(t, s.SetSetting(ctx, ScriptsSetting, "7"))
	picture, err := s.PutPicture([]byte("a picture"))
	must(t, err)
	liveOffers(t, s, picture)
	must(t, s.AddMetrics(ctx, []Metric{{Name: "free", Value: 1.5, Timestamp: start}, {Name: "free", Value: 2, Timestamp: start}}))
	must(t, s.write(ctx, "fill", func(ctx context.Context, q querier) error {
		for i := range livedRuns {
			if _, err := q.ExecContext(ctx, "INSERT INTO improvement_runs (script_id, started_at, backend) VALUES (?, ?, 'GPU')", i%31+1, sqlquery.FormatTime(start)); err != nil {
				return err
			}
			if _, err := q.ExecContext(ctx, "INSERT INTO runs_in_hand VALUES (?, ?)", i+1, s.session); err != nil {
				return err
			}
			f := hello()
			f.FinishedAt, f.Analysis, f.Stdout, f.HumanPNG = start, fmt.Sprintf("row %04d", i+1), strings.Repeat(fmt.Sprint(i, " "), i%50*20), picture
			if i%10 == 0 {
				f.Code = withFiles(i / 50)
			}
			if _, err := s.endRun(ctx, q, int64(i+1), f, finished); err != nil {
				return err
			}
		}
		return nil
	}))
	_, err = s.BeginRun(ctx, 1, start, "CPU") // its process will be killed
	must(t, err)
}

// liveOffers fills the tables of what improving keeps.
func liveOffers(t *testing.T, s *Store, picture string) {
	t.Helper()
	ctx := t.Context()
	goal, err := s.AddGoalWith(ctx, Goal{Goal: "draw it", Aim: GoalAim{Target: picture, Check: "ASSERT peek(0, 0) == red", MaxCost: 5000, ScriptID: 4}})
	must(t, err)
	for i := range 3 {
		_, _, err = s.AddOffer(ctx, Offer{ScriptID: int64(i) + 3, GoalID: goal, Claim: "passes", Evidence: "complete", Source: withFiles(i + 20), HumanPNG: picture, CostBefore: 9, CostAfter: 5, Steps: []string{"less"}, Seed: 7})
		must(t, err)
	}
	must(t, second(s.RejectOffer(ctx, 3, "no")))
	must(t, s.SaveCampaign(ctx, 3, []byte(`{"generation":1}`), 1000))
	must(t, second(s.KeepCheapest(ctx, Cheapest{Picture: picture, Source: "HALT", Cost: 7})))
}

// offersAre wants what liveOffers made.
func offersAre(t *testing.T, s *Store, picture string) {
	t.Helper()
	ctx := t.Context()
	all, err := s.Offers(ctx, OfferFilter{}, Page{})
	must(t, err)
	if len(all) != 3 {
		t.Fatalf("%+v", all)
	}
	for i := range 3 {
		o, err := s.Offer(ctx, all[2-i].ID)
		must(t, err)
		script, err := s.Script(ctx, fmt.Sprint("script ", i+1))
		must(t, err)
		goal, err := s.Goal(ctx, o.GoalID)
		must(t, err)
		if o.Fault != "" || o.ScriptID != script.ID || o.Before != script.Code || o.Source != withFiles(i+20) || o.HumanPNG != picture || o.Seed != 7 || len(o.Steps) != 1 {
			t.Errorf("%+v is not of %+v", o, script)
		}
		if goal.Goal != "draw it" || goal.Aim.Target != picture || goal.Aim.Check == "" || goal.Aim.MaxCost != 5000 || goal.Aim.Script != "script 2" {
			t.Errorf("%+v", goal)
		}
	}
	script, err := s.Script(ctx, "script 1")
	must(t, err)
	if state, err := s.Campaign(ctx, script.ID); err != nil || string(state) != `{"generation":1}` {
		t.Errorf("%s %v", state, err)
	}
	if c, err := s.CheapestOf(ctx, picture); err != nil || c.Cost != 7 {
		t.Errorf("%+v %v", c, err)
	}
	must(t, second(s.ApproveOffer(ctx, all[2].ID)))
	if again, err := s.Script(ctx, "script 1"); err != nil || again.Code != withFiles(20) {
		t.Errorf("%+v %v", again, err)
	}
}

// rowsOf counts the rows of all tables.
func rowsOf(t *testing.T, s *Store) map[string]int64 {
	t.Helper()
	n := map[string]int64{}
	must(t, s.read(t.Context(), "count", func(ctx context.Context, q querier) error {
		tables, err := sqlquery.Collect(ctx, q, sqlquery.One[string], "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
		for _, table := range tables {
			var rows int64
			must(t, q.QueryRowContext(ctx, "SELECT count(*) FROM "+sqlquery.Quote(table)).Scan(&rows))
			n[table] = rows
		}
		return err
	}))
	return n
}

// salvage opens a data folder whose database is damaged, and waits until all that can
// be read is in the new one.
func salvage(t *testing.T, path string) (*Store, Salvage) {
	t.Helper()
	s, done := open(t, filepath.Dir(filepath.Dir(path)))
	if done.Quarantined == "" || !done.Created {
		t.Fatalf("%+v", done)
	}
	return s, salvaged(t, s)
}

func salvaged(t *testing.T, s *Store) Salvage {
	t.Helper()
	must(t, s.Check(t.Context()))
	s.salvaging.done.Wait()
	v, err := s.Salvaged(t.Context())
	must(t, err)
	if v.FinishedAt.IsZero() || v.Done != 100 {
		t.Errorf("it is not over: %+v", v)
	}
	return v
}

// overwrite puts other bytes over a page of a file.
func overwrite(t *testing.T, path string, page int64) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	must(t, err)
	var head [18]byte // https://sqlite.org/fileformat.html#the_database_header
	_, err = f.ReadAt(head[:], 0)
	must(t, err)
	size := int64(binary.BigEndian.Uint16(head[16:]))
	_, err = f.WriteAt(bytes.Repeat([]byte("?"), int(size)), (page-1)*size)
	must(t, err)
	must(t, f.Close())
}

// pagesOf are the pages of a table or an index by their kind: interior or leaf.
func pagesOf(t *testing.T, path, name, kind string) (all []int64) {
	t.Helper()
	s, _, err := Open(t.Context(), filepath.Dir(filepath.Dir(path)), Options{})
	must(t, err)
	defer func() { must(t, s.Close()) }()
	must(t, s.h.w.QueryRow("SELECT rootpage FROM sqlite_schema WHERE name = ?", name).Scan(new(int64)))
	var root int64
	must(t, s.h.w.QueryRow("SELECT rootpage FROM sqlite_schema WHERE name = ?", name).Scan(&root))
	b, err := os.ReadFile(path)
	must(t, err)
	var walk func(n int64)
	walk = func(n int64) {
		p := b[(n-1)*pageSize : n*pageSize]
		cells := int(p[3])<<8 | int(p[4])
		number := func(b []byte) int64 { return int64(b[0])<<24 | int64(b[1])<<16 | int64(b[2])<<8 | int64(b[3]) }
		if p[0] == 0x05 || p[0] == 0x02 {
			if kind == "interior" {
				all = append(all, n)
			}
			for i := range cells {
				walk(number(p[int(p[12+2*i])<<8|int(p[13+2*i]):]))
			}
			walk(number(p[8:]))
		} else if kind == "leaf" {
			all = append(all, n)
		}
	}
	walk(root)
	return all
}

// same wants the tables to have as many rows as before, beside those that say something
// of one database alone.
func same(t *testing.T, s *Store, was map[string]int64) {
	t.Helper()
	now := rowsOf(t, s)
	for table, n := range was {
		switch table {
		case "runs_in_hand", "row_counts", "imports":
			continue
		case "run_details":
			n++ // of the run that was in hand
		}
		if now[table] != n {
			t.Errorf("%s: %d rows, there were %d", table, now[table], n)
		}
	}
}

// With all tables whole the map goes on as if nothing had been.
func TestWhatIsDamagedBesideTheRowsLosesNone(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(t *testing.T, path string)
	}{
		{"the header", func(t *testing.T, path string) {
			f, err := os.OpenFile(path, os.O_RDWR, 0)
			must(t, err)
			_, err = f.Write(make([]byte, 100))
			must(t, err)
			must(t, f.Close())
		}},
		{"an index", func(t *testing.T, path string) {
			overwrite(t, path, pagesOf(t, path, "improvement_runs_by_script", "leaf")[0])
		}},
		{"the first page", func(t *testing.T, path string) { overwrite(t, path, 1) }},
		{"the root of the map", func(t *testing.T, path string) {
			overwrite(t, path, pagesOf(t, path, "infinite_map", "interior")[0])
		}},
		{"the root of the runs", func(t *testing.T, path string) {
			overwrite(t, path, pagesOf(t, path, "improvement_runs", "interior")[0])
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx := t.Context()
			path, was := lived(t)
			c.spoil(t, path)
			s, v := salvage(t, path)
			same(t, s, was)
			verified(t, s, livedRuns)
			if len(v.Report.Refused) > 0 || v.Report.Orphans > 0 || v.Report.Missing > 0 || v.Report.Sealed > 0 || v.Report.Proven != livedRuns {
				t.Errorf("%+v", v.Report)
			}
			r, err := s.Run(ctx, 77)
			if err != nil || r.ScriptID != 77-1-2*31+1 || r.MapID != 77 || r.HumanPNG == "" || r.Stdout != strings.Repeat("76 ", 26*20) {
				t.Errorf("%+v %v", r, err)
			}
			if r, err = s.Run(ctx, livedRuns+1); err != nil || !r.Interrupted {
				t.Errorf("the run that was in hand: %+v %v", r, err)
			}
			if v, err := s.Setting(ctx, ScriptsSetting, ""); err != nil || v != "7" {
				t.Errorf("a setting is %q, %v", v, err)
			}
			if runID, mapID := run(t, s, 1, start, hello()); runID != livedRuns+2 || mapID != livedRuns+1 {
				t.Errorf("the next run is %d, its row %d", runID, mapID)
			}
			verified(t, s, livedRuns+1)
		})
	}
}

// The loop has its scripts at once, but for those whose files have yet to come, and its
// first runs come after all of before.
func TestTheLoopGoesOnBeforeTheRowsAreThere(t *testing.T) {
	path, _ := lived(t)
	overwrite(t, path, pagesOf(t, path, "improvement_runs_by_script", "leaf")[0])
	s, done := open(t, filepath.Dir(filepath.Dir(path)))
	due, skipped, err := s.DueScripts(t.Context(), start.AddDate(0, 0, 1), 100)
	if err != nil || len(due) != 13 || len(skipped) != 3 || done.Quarantined == "" {
		t.Fatalf("%d scripts are due, %v; %+v", len(due), err, done)
	}
	rep, err := s.Verify(t.Context())
	if err != nil || !rep.OK() || !rep.Unsettled {
		t.Errorf("while rows come: %+v %v", rep, err)
	}
	runID, mapID := run(t, s, due[0].ID, start, hello())
	if runID != livedRuns+2 || mapID != livedRuns+1 {
		t.Errorf("run %d, row %d", runID, mapID)
	}
	salvaged(t, s)
	due, skipped, err = s.DueScripts(t.Context(), start.AddDate(0, 0, 1), 100)
	if err != nil || len(due) != 16 || len(skipped) != 0 {
		t.Errorf("later %d scripts are due, %v, %v", len(due), skipped, err)
	}
	verified(t, s, livedRuns+1)
	if n := rowsOf(t, s)["improvement_runs"]; n != livedRuns+2 {
		t.Errorf("%d runs", n)
	}
}

func TestLostRowsOfTheMapAreToldApart(t *testing.T) {
	for _, c := range []struct {
		name          string
		spoil         func(t *testing.T, path string)
		missing, zero bool // rows are lost; none is
	}{
		{"a leaf of the map", func(t *testing.T, path string) {
			overwrite(t, path, pagesOf(t, path, "infinite_map", "leaf")[3])
		}, true, false},
		{"a leaf of the chain", func(t *testing.T, path string) {
			overwrite(t, path, pagesOf(t, path, "map_chain", "leaf")[1])
		}, false, true},
		{"both", func(t *testing.T, path string) {
			all := pagesOf(t, path, "map_chain", "leaf")
			overwrite(t, path, pagesOf(t, path, "infinite_map", "leaf")[3])
			overwrite(t, path, all[0])
		}, true, false},
		{"the end of the file", func(t *testing.T, path string) {
			info, err := os.Stat(path)
			must(t, err)
			must(t, os.Truncate(path, info.Size()*2/3+100))
		}, true, false},
		{"where the map ends", func(t *testing.T, path string) {
			overwrite(t, path, pagesOf(t, path, "map_head", "leaf")[0])
		}, false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			path, _ := lived(t)
			c.spoil(t, path)
			s, v := salvage(t, path)
			rep, err := s.Verify(t.Context())
			must(t, err)
			if !rep.OK() || rep.Unsettled || rep.Rows+rep.Imported+rep.Outside != rowsOf(t, s)["infinite_map"] || rep.Outside != 0 {
				t.Fatalf("%+v of %d rows; %+v", rep, rowsOf(t, s)["infinite_map"], v.Report)
			}
			if v.Report.Missing > 0 != c.missing || rep.Lost != v.Report.Missing || c.zero && rep.Rows != livedRuns {
				t.Errorf("%+v; %+v", rep, v.Report)
			}
			if c, err := s.Counts(t.Context()); err != nil || c.Outside != 0 {
				t.Errorf("%+v %v", c, err)
			}
			sqlExec(t, beside(t, s), "INSERT INTO infinite_map (iteration) VALUES (1)")
			if c, err := s.Counts(t.Context()); err != nil || c.Outside != 1 {
				t.Errorf("with one from outside: %+v %v", c, err)
			}
			if rep, err = s.Verify(t.Context()); err != nil || !rep.OK() || rep.Outside != 1 {
				t.Errorf("%+v %v", rep, err)
			}
			good := rep.Rows
			run(t, s, 1, start, hello())
			if rep, err = s.Verify(t.Context()); err != nil || !rep.OK() || rep.Rows != good+1 {
				t.Errorf("with one row more: %+v %v", rep, err)
			}

			// A change after that shows, of whichever row.
			db := beside(t, s)
			disarm(t, db)
			var ids []int64
			rows, err := db.Query("SELECT id FROM infinite_map")
			must(t, err)
			for rows.Next() {
				var id int64
				must(t, rows.Scan(&id))
				ids = append(ids, id)
			}
			must(t, rows.Err())
			for _, i := range []int{0, len(ids) / 3, len(ids) / 2, len(ids) - 2, len(ids) - 1} {
				id := ids[i]
				var was string
				must(t, db.QueryRow("SELECT analysis FROM infinite_map WHERE id = ?", id).Scan(&was))
				sqlExec(t, db, "UPDATE infinite_map SET analysis = 'x' WHERE id = ?", id)
				named(t, s, id, "altered")
				sqlExec(t, db, "UPDATE infinite_map SET analysis = ? WHERE id = ?", was, id)
			}
			if rep.Imported > 0 {
				sqlExec(t, db, "DELETE FROM infinite_map WHERE id = (SELECT min(map_id) FROM imported_rows)")
				if rep, err := s.Verify(t.Context()); err != nil || rep.OK() {
					t.Errorf("a row is gone: %+v %v", rep, err)
				}
				sqlExec(t, db, "DELETE FROM imported_rows WHERE map_id = (SELECT min(map_id) FROM imported_rows)")
				if rep, err := s.Verify(t.Context()); err != nil || rep.OK() {
					t.Errorf("a row is gone, with its hash: %+v %v", rep, err)
				}
			}
		})
	}
}

// A row that was altered before the damage is not as it was written, and stays so.
func TestARowThatWasAlteredBeforeIsNotVouchedFor(t *testing.T) {
	path, _ := lived(t)
	s, _ := open(t, filepath.Dir(filepath.Dir(path)))
	db := beside(t, s)
	disarm(t, db)
	sqlExec(t, db, "UPDATE infinite_map SET analysis = 'x' WHERE id = 50")
	must(t, db.Close())
	must(t, s.Close())
	overwrite(t, path, pagesOf(t, path, "improvement_runs_by_script", "leaf")[0])
	s, v := salvage(t, path)
	rep, err := s.Verify(t.Context())
	if err != nil || !rep.OK() || rep.Rows != livedRuns-1 || rep.Imported != 1 || v.Report.Sealed != 1 {
		t.Errorf("%+v %v; %+v", rep, err, v.Report)
	}
}

// A process that is killed leaves the salvage to the next, which begins where it was.
func TestAnInterruptedSalvageGoesOn(t *testing.T) {
	path, was := lived(t)
	overwrite(t, path, pagesOf(t, path, "improvement_runs_by_script", "leaf")[0])
	dir := filepath.Dir(filepath.Dir(path))
	s, _ := open(t, dir)
	for step := 0; ; step++ {
		in := &intake{s: s.core}
		var from string
		must(t, s.read(t.Context(), "look", func(ctx context.Context, q querier) error {
			return q.QueryRowContext(ctx, "SELECT id, path, map_end, page FROM imports").Scan(&in.id, &from, &in.end, &in.page)
		}))
		ctx, stop := context.WithCancel(t.Context())
		s.o.Logger = slog.New(stopAt{slog.DiscardHandler, stop}) // after each tenth
		if err := in.salvage(ctx, from); err == nil {
			if step < 2 {
				t.Errorf("it was done after %d steps", step)
			}
			break
		}
		stop()
		must(t, s.Close())
		s, _ = open(t, dir)
	}
	same(t, s, was)
	verified(t, s, livedRuns)
	salvaged(t, s)
}

// stopAt is a log that ends a context when it is told of progress.
type stopAt struct {
	slog.Handler
	stop func()
}

func (stopAt) Enabled(context.Context, slog.Level) bool { return true }
func (h stopAt) Handle(_ context.Context, r slog.Record) error {
	if strings.Contains(r.Message, "are being brought in") {
		h.stop()
	}
	return nil
}

// What the loop has made under a name or a number meanwhile stays, and so does the row.
func TestRowsWhoseNumberIsTakenGetAnother(t *testing.T) {
	ctx := t.Context()
	path, was := lived(t)
	overwrite(t, path, pagesOf(t, path, "improvement_runs_by_script", "leaf")[0])
	s, _ := open(t, filepath.Dir(filepath.Dir(path)))
	db := beside(t, s)
	sqlExec(t, db, "INSERT INTO improvement_runs (id, started_at, backend) VALUES (20, '2020-01-01 00:00:00', 'theirs')")
	sqlExec(t, db, "INSERT INTO pictures (id, hash) VALUES (1, 'theirs')")
	salvaged(t, s)
	was["improvement_runs"]++
	was["pictures"]++
	was["imported_ids"] = 2
	same(t, s, was)
	r, err := s.Run(ctx, 20)
	if err != nil || r.Backend != "theirs" || r.MapID != 0 {
		t.Errorf("%+v %v", r, err)
	}
	m, err := s.MapRow(ctx, 20)
	must(t, err)
	if r, err = s.Run(ctx, m.RunID); err != nil || m.RunID != livedRuns+2 || r.HumanPNG == "" || r.HumanPNG == "theirs" {
		t.Errorf("row 20 tells of run %d: %+v %v", m.RunID, r, err)
	}
}

// A file that somebody took away ends the salvage.
func TestADamagedFileThatIsTakenAwayIsSaid(t *testing.T) {
	path, _ := lived(t)
	overwrite(t, path, pagesOf(t, path, "improvement_runs_by_script", "leaf")[0])
	s, done := open(t, filepath.Dir(filepath.Dir(path)))
	must(t, os.Remove(done.Quarantined))
	must(t, s.Check(t.Context()))
	s.salvaging.done.Wait()
	v, err := s.Salvaged(t.Context())
	if err != nil || v.FinishedAt.IsZero() || len(v.Report.Why) != 1 {
		t.Errorf("%+v %v", v, err)
	}
	run(t, s, 1, start, hello())
	rep, err := s.Verify(t.Context())
	// The scripts are there, which the loop is to have at once, and not what some include.
	if err != nil || len(rep.Faults) != 5 || rep.Rows != 1 || rep.Lost != livedRuns {
		t.Errorf("%+v %v", rep, err)
	}
}

// How a table was made is input: one statement is, and nothing besides.
func TestATableIsMadeByOneStatement(t *testing.T) {
	for sql, want := range map[string]bool{
		"CREATE TABLE a (b)": true, "CREATE TABLE a (b DEFAULT ';')": true, "CREATE TABLE a (b -- c; d\n)": true,
		"CREATE TABLE [a;] (\"b;\"\"\")": true, "CREATE TABLE a (b /* ; */)": true,
		"CREATE TABLE a (b); ATTACH 'x' AS y": false, "CREATE TABLE a (b /* */);--": false, "CREATE TABLE a (b ';');;": false,
	} {
		if got := oneStatement(sql); got != want {
			t.Errorf("%s: %v", sql, got)
		}
	}
}
