package store

import (
	"fmt"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"
)

// byHand is what a person types, in sqlite3 where it is installed and through a
// connection of its own everywhere.
func byHand(t *testing.T, s *Store) map[string]func(query string) (string, error) {
	t.Helper()
	db := beside(t, s)
	ways := map[string]func(string) (string, error){
		"connection": func(query string) (string, error) {
			rows, err := db.Query(query)
			if err != nil {
				return "", err
			}
			defer rows.Close()
			columns, err := rows.Columns()
			if err != nil {
				return "", err
			}
			values, targets := make([]any, len(columns)), make([]any, len(columns))
			for i := range values {
				targets[i] = &values[i]
			}
			var lines []string
			for rows.Next() {
				if err := rows.Scan(targets...); err != nil {
					return "", err
				}
				cells := make([]string, len(values))
				for i, v := range values {
					if v != nil {
						cells[i] = fmt.Sprint(v)
					}
				}
				lines = append(lines, strings.Join(cells, "|"))
			}
			return strings.Join(lines, "\n"), rows.Err()
		},
	}
	if path, err := exec.LookPath("sqlite3"); err == nil {
		ways["sqlite3"] = func(query string) (string, error) {
			out, err := exec.Command(path, s.Path(), query).CombinedOutput()
			if err != nil {
				err = fmt.Errorf("%w: %s", err, out)
			}
			return strings.TrimSpace(string(out)), err
		}
	}
	return ways
}

func TestAScriptInsertedByHandIsDueAndRuns(t *testing.T) {
	ctx := t.Context()
	s := fresh(t)
	for way, sql := range byHand(t, s) {
		name := "test_rectangle_" + way
		_, err := sql(`INSERT INTO improvement_scripts (name, lang, purpose, code, enabled, created_at) VALUES ('` + name + `', 'pixel', 'Test rectangle rendering', 'RECT 10 10 50 30
HALT', 1, datetime('now'))`)
		must(t, err)
		sc, err := s.Script(ctx, name)
		must(t, err)
		if age := time.Since(sc.CreatedAt); age < -time.Minute || age > time.Minute {
			t.Errorf("made %v ago", age)
		}
		due, _, err := s.DueScripts(ctx, start, 10)
		must(t, err)
		if last := due[len(due)-1]; last.Name != name || last.Code != "RECT 10 10 50 30\nHALT" {
			t.Fatalf("%+v", due)
		}
		f := hello()
		f.Code = sc.Code
		run(t, s, sc.ID, start, f)

		_, err = sql("UPDATE improvement_scripts SET enabled = 0 WHERE name = '" + name + "'")
		must(t, err)
		due, _, err = s.DueScripts(ctx, start, 10)
		must(t, err)
		for _, d := range due {
			if d.Name == name {
				t.Error("a script that was disabled is due")
			}
		}
		if _, err = sql("INSERT INTO improvement_scripts (name, lang, code) VALUES ('x', 'cobol', '')"); err == nil {
			t.Error("a script in cobol was taken")
		}
	}
}

func TestTheQuestionsPeopleAskAreAnswered(t *testing.T) {
	s := lineage(t, 25)
	must(t, s.AddMetric(t.Context(), "cycle_ms", 2.5, "idle"))
	_, err := s.BeginRun(t.Context(), 1, start.Add(time.Minute), "GPU") // one in hand
	must(t, err)
	for way, sql := range byHand(t, s) {
		for _, c := range []struct {
			query, want string // want is a pattern for the first line
			lines       int
		}{
			{"SELECT s.name, r.success, r.duration_ms, r.backend, r.started_at FROM improvement_runs r JOIN improvement_scripts s ON s.id = r.script_id WHERE r.finished_at IS NOT NULL ORDER BY r.started_at DESC LIMIT 5",
				`^hello_gpu\|1\|1\.5\|GPU\|2026-11-22 20:15:24\.000$`, 5},
			{"SELECT name, run_count, success_count, 100.0 * success_count / run_count FROM improvement_scripts", `^hello_gpu\|25\|25\|100(\.0)?$`, 1},
			{"SELECT s.name, count(*), round(avg(r.success), 2) FROM improvement_runs r JOIN improvement_scripts s ON s.id = r.script_id GROUP BY s.name", `^hello_gpu\|26\|1(\.0)?$`, 1},
			{"SELECT id, iteration, task_description, replace(code, char(10), ' '), result, analysis, timestamp, parent_iteration FROM infinite_map ORDER BY id DESC LIMIT 20",
				`^25\|25\|hello_gpu: Test GPU pipeline with simple text rendering\|TXT 1 1 LONG TXT 1 1 LONG .*…\|\{"status":"halted","cycles":2\}\|row 0025\|2026-11-22 20:15:00\.000\|12$`, 20},
			{"SELECT length(code) FROM infinite_map_full ORDER BY id DESC LIMIT 1", `^264$`, 1},
			{"SELECT count(*) FROM infinite_map", `^25$`, 1},
			{"SELECT metric_name, metric_value, context FROM system_metrics ORDER BY timestamp DESC", `^cycle_ms\|2\.5\|idle$`, 1},
			{"SELECT count(*) FROM improvement_runs WHERE started_at < datetime('2026-11-22 20:15:10')", `^10$`, 1},
			{"SELECT strftime('%H:%M:%f', started_at), outcome FROM improvement_runs_full ORDER BY id DESC", `^20:16:00\.000\|in hand$`, 26},
			{"SELECT value FROM settings WHERE key = 'interval'", `^10s$`, 1},
		} {
			out, err := sql(c.query)
			if err != nil {
				t.Errorf("%s: %s: %v", way, c.query, err)
				continue
			}
			lines := strings.Split(out, "\n")
			if len(lines) != c.lines || !regexp.MustCompile(c.want).MatchString(lines[0]) {
				t.Errorf("%s: %s\n%d lines, the first %s", way, c.query, len(lines), lines[0])
			}
		}
		if _, err := sql("DELETE FROM infinite_map"); err == nil || !strings.Contains(err.Error(), "infinite_map forgets nothing") {
			t.Errorf("%s: %v", way, err)
		}
	}
}

// TestAnotherWriterBesideUs: both write at once, nobody loses anything.
func TestAnotherWriterBesideUs(t *testing.T) {
	s := fresh(t)
	db := beside(t, s)
	sqlExec(t, db, "PRAGMA busy_timeout = 60000")
	const each = 60
	done := make(chan error)
	go func() {
		var err error
		for i := 0; i < each && err == nil; i++ {
			_, err = db.Exec("INSERT INTO system_metrics (timestamp, metric_name, metric_value) VALUES (datetime('now'), 'by hand', ?)", i)
		}
		done <- err
	}()
	for range each {
		run(t, s, 1, start, hello())
	}
	must(t, <-done)
	c, err := s.Counts(t.Context())
	must(t, err)
	if c.Metrics != each || c.Runs != each {
		t.Errorf("%+v", c)
	}
	verified(t, s, each)
}
