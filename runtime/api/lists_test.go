package api

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gvpie/runtime/agent"
	"gvpie/runtime/store"
)

// edit changes a database as somebody with sqlite3 does.
func edit(t *testing.T, s *store.Store, query string, args ...any) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.ToSlash(s.Path())+"?_pragma=busy_timeout(60000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(query, args...); err != nil {
		t.Fatal(err)
	}
}

// Every list is bounded in bytes, whatever is in the database, and its pages lead to
// every row.
func TestEveryListIsBoundedInBytes(t *testing.T) {
	c := withStore(t)
	s := c.Store
	const rows = 70
	long := strings.Repeat("a log\x01\n", 13<<10) // 90 KB, and more in JSON
	medium := strings.Repeat("\x01", 4000)        // six times as long in JSON
	for i := range rows {
		id, err := s.BeginRun(t.Context(), 1, time.Now(), "CPU")
		if err != nil {
			t.Fatal(err)
		}
		f := store.Finished{Stdout: medium + fmt.Sprint(i), Stderr: medium, Task: "x: " + medium, Code: medium, ResultJSON: "{}", Analysis: medium}
		if i%10 == 0 {
			f = store.Finished{Stdout: long + fmt.Sprint(i), Stderr: long, Task: "x: " + long, Code: long, ResultJSON: "{}", Analysis: long}
		}
		if _, err := s.FinishRun(t.Context(), id, f); err != nil {
			t.Fatal(err)
		}
	}
	const count = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2) "
	edit(t, s, count+"INSERT INTO improvement_scripts (name, lang, purpose, code) SELECT 's' || i || ?1, 'pixel', ?1, ?1 FROM n", medium, rows-1)
	edit(t, s, count+"INSERT INTO development_goals (goal) SELECT ?1 FROM n", long, rows)
	edit(t, s, count+"INSERT INTO system_metrics (metric_name, context) SELECT ?1, ?1 FROM n", long, rows)
	d := open(t, c)
	for name, path := range map[string]string{"runs": "/api/runs", "map": "/api/map", "scripts": "/api/scripts", "goals": "/api/goals", "metrics": "/api/metrics"} {
		seen, before := map[float64]bool{}, ""
		for {
			res, b := d.do("GET", path+"?limit=50"+before, nil)
			if res.StatusCode != 200 || len(b) > pageBytes+1000 {
				t.Fatalf("%s: %s, %d bytes", path, res.Status, len(b))
			}
			var v m
			if err := json.Unmarshal(b, &v); err != nil {
				t.Fatal(err)
			}
			for _, row := range v[name].([]any) {
				seen[row.(m)["id"].(float64)] = true
			}
			if v["next"] == 0.0 {
				break
			}
			before = fmt.Sprintf("&before=%.0f", v["next"])
		}
		if len(seen) != rows {
			t.Errorf("%s: the pages have %d rows of %d", path, len(seen), rows)
		}
	}
}

// A list has how a text begins and how long it is; the row itself has it whole.
func TestARowHasWhatItsListLeavesOut(t *testing.T) {
	c := withStore(t)
	seed(t, c.Store)
	long := strings.Repeat("a log\n", 15<<10)
	id, err := c.Store.BeginRun(t.Context(), 1, time.Now(), "CPU")
	if err != nil {
		t.Fatal(err)
	}
	row, err := c.Store.FinishRun(t.Context(), id, store.Finished{Stdout: long, Stderr: "short", Task: "x", Code: long, ResultJSON: "{}", Analysis: "fine"})
	if err != nil {
		t.Fatal(err)
	}
	d := open(t, c)
	listed := d.want(200, "GET", "/api/runs", nil)["runs"].([]any)[0].(m)
	if text := listed["stdout"].(string); !strings.HasPrefix(text, "a log") || len(text) > 4*listText || listed["stdout_bytes"] != float64(len(long)) || listed["stderr"] != "short" {
		t.Errorf("a run in a list: %.300v", listed)
	}
	whole := d.want(200, "GET", fmt.Sprint("/api/runs/", id), nil)
	run := whole["run"].(m)
	if whole["success"] != true || run["stdout"] != long || run["stderr"] != "short" || run["stdout_bytes"] != float64(len(long)) || run["map_id"] != float64(row) {
		t.Errorf("a run: %.300v", run)
	}
	listed = d.want(200, "GET", "/api/map", nil)["map"].([]any)[0].(m)
	if listed["code"] != "" || listed["code_bytes"] != float64(len(long)) || listed["analysis"] != "fine" {
		t.Errorf("a row in a list: %.300v", listed)
	}
	if r := d.want(200, "GET", fmt.Sprint("/api/map/", row), nil)["row"].(m); r["code"] != long || r["run_id"] != float64(id) || r["hash"] != listed["hash"] {
		t.Errorf("a row: %.300v", r)
	}
	for _, none := range []string{"99", "0", "-1", "9223372036854775807", "x"} {
		d.want(404, "GET", "/api/runs/"+none, nil)
		d.want(404, "GET", "/api/map/"+none, nil)
	}
	// What is too long for any answer is not read.
	edit(t, c.Store, "UPDATE improvement_runs SET stdout = hex(zeroblob(?)) WHERE id = ?", wholeMost/2+1, id)
	d.want(413, "GET", fmt.Sprint("/api/runs/", id), nil)
	edit(t, c.Store, "INSERT INTO infinite_map (id, iteration, analysis) VALUES (50, 50, hex(zeroblob(?)))", wholeMost/2+1)
	d.want(413, "GET", "/api/map/50", nil)
	d.want(200, "GET", "/api/map", nil)
}

// What somebody wrote into the database makes no event and no status long.
func TestTheLoopsStatusIsBounded(t *testing.T) {
	long := strings.Repeat("x", 1<<20)
	s := agent.Status{Script: long, Health: long, LastError: long}
	for i := range 1000 {
		s.Skipped = append(s.Skipped, store.Skipped{ID: int64(i), Name: long, Why: long})
	}
	b, err := marshal(loopOf(s, skippedShown))
	if err != nil || len(b) > 200<<10 || strings.Count(string(b), `"why"`) != skippedShown {
		t.Errorf("a status has %d bytes: %v", len(b), err)
	}
	b, err = marshal(eventOf(agent.Event{Kind: agent.RunFinished, Status: s, Run: &agent.RunEvent{Script: long, Summary: long}}))
	if err != nil || len(b) > 20<<10 {
		t.Errorf("an event has %d bytes: %v", len(b), err)
	}
}
