package agent

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gvpie/runtime/store"
	"gvpie/runtime/store/storetest"
)

// TestNoRowStopsTheLoop makes one edit that sqlite3 would make, between two cycles
// or while a script runs. Every good script runs in each cycle after it.
func TestNoRowStopsTheLoop(t *testing.T) {
	const last = math.MaxInt64
	for name, edit := range map[string]string{
		"enabled 2":                               `UPDATE improvement_scripts SET enabled = 2 WHERE name = 'odd'`,
		"enabled -1":                              `UPDATE improvement_scripts SET enabled = -1 WHERE name = 'odd'`,
		"enabled text":                            `UPDATE improvement_scripts SET enabled = 'yes' WHERE name = 'odd'`,
		"enabled blob":                            `UPDATE improvement_scripts SET enabled = x'00ff' WHERE name = 'odd'`,
		"code of 100 MB":                          `UPDATE improvement_scripts SET code = zeroblob(100000000) WHERE name = 'odd'`,
		"text in run_count":                       `UPDATE improvement_scripts SET run_count = 'many', success_count = x'01'`,
		"run_count at its end":                    fmt.Sprintf(`UPDATE improvement_scripts SET run_count = %d, success_count = -%[1]d`, last),
		"success 2":                               `UPDATE improvement_runs SET success = 2`,
		"success text":                            `UPDATE improvement_runs SET success = 'yes', duration_ms = 'long', script_id = script_id`,
		"duration beyond any":                     `UPDATE improvement_runs SET duration_ms = 1e308`,
		"details 2 and text":                      `UPDATE run_details SET slow = 2, outcome = 'none', map_id = 'none'`,
		"text in what is known":                   `UPDATE script_state SET consecutive_failures = 'few', last_run = 'none', not_before = 'soon', tried_hash = x'00'`,
		"failures at their end":                   fmt.Sprintf(`UPDATE script_state SET consecutive_failures = %d, not_before = NULL`, last),
		"no heartbeat":                            `DELETE FROM heartbeat`,
		"no map_head":                             `DELETE FROM map_head`,
		"map_head text":                           `UPDATE map_head SET seq = 'end', map_id = 'end', hash = 'end'`,
		"iteration at its end":                    fmt.Sprintf(`INSERT INTO infinite_map (iteration) VALUES (%d)`, last),
		"iteration text":                          `INSERT INTO infinite_map (iteration, parent_iteration) VALUES ('last', 'first')`,
		"id of the map at its end":                fmt.Sprintf(`INSERT INTO infinite_map (id, iteration) VALUES (%d, 1)`, last),
		"id of the runs at its end":               fmt.Sprintf(`INSERT INTO improvement_runs (id, script_id) VALUES (%d, 1)`, last),
		"id of the figures at its end":            fmt.Sprintf(`INSERT INTO system_metrics (id, metric_name) VALUES (%d, 'x')`, last),
		"sequences at their end":                  fmt.Sprintf(`UPDATE sqlite_sequence SET seq = %d`, last),
		"a chain ahead of the map":                `INSERT INTO map_chain SELECT n, n, x'00' FROM generate_series(1, 99) WHERE true ON CONFLICT DO NOTHING`,
		"details ahead of the runs":               `INSERT INTO run_details SELECT n, 0, 0, NULL, NULL, NULL FROM generate_series(1, 99) WHERE true ON CONFLICT DO NOTHING`,
		"in hand ahead of the runs":               `INSERT INTO runs_in_hand SELECT n, 'me' FROM generate_series(1, 99) WHERE true ON CONFLICT DO NOTHING`,
		"setting without a name":                  `INSERT INTO settings (key, value) VALUES (NULL, x'00')`,
		"contents and map before their beginning": `INSERT INTO contents VALUES (-1, 'x', 'x'); INSERT INTO infinite_map (id, iteration) VALUES (-1, 1)`,
		"settings gone":                           `DELETE FROM settings`,
		"runs gone":                               `DELETE FROM run_details; DELETE FROM runs_in_hand; DELETE FROM improvement_runs`,
		"what is known gone":                      `DELETE FROM script_state`,
	} {
		edit = strings.ReplaceAll(edit, "generate_series(1, 99)", "(WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 99) SELECT n FROM c)")
		if testing.Short() && strings.HasPrefix(name, "code of ") {
			continue // the race detector would hold the database for longer than a run waits for it
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.cfg.Limit = time.Hour // the edit is made within a run, and a large one takes a busy computer long
			r.only("good", "pixel", "HALT")
			r.add("odd", "pixel", "HALT")
			hand := r.sql()
			r.clock.onSleep = func(n int) {
				if n == 3 {
					_, _ = hand.Exec(edit) // a row may be there already
				}
			}
			const cycles = 5
			r.cfg.Cycles = cycles
			a := New(r.cfg)
			runs := map[string]int{}
			pixel := a.runners["pixel"]
			a.runners["pixel"] = func(ctx context.Context, x *resources, s store.Script, m *scriptHistory) outcome {
				runs[s.Name]++
				if a.cycles == 2 && s.Name == "good" {
					if _, err := hand.Exec(edit); err != nil {
						t.Error(err)
					}
				}
				return pixel(ctx, x, s, m)
			}
			if err := a.Run(t.Context()); err != nil {
				t.Fatal(err)
			}
			if runs["good"] != cycles {
				t.Errorf("the good script ran %d times in %d cycles:\n%s", runs["good"], cycles, r.console)
			}
			s := a.Status()
			if s.Unsaved != 0 || s.DeadLetters != 0 || s.LastError != "" || s.Runs != runs["good"]+runs["odd"] {
				t.Errorf("%v; status %+v", runs, s)
			}
			told := 0
			for _, row := range r.rows() {
				if row.Task == "good" || row.Task == "odd" {
					told++
				}
			}
			if told != runs["good"]+runs["odd"] {
				t.Errorf("the map tells of %d runs of %v", told, runs)
			}
		})
	}
}

func TestRowThatCannotBeReadIsNamedUntilItCan(t *testing.T) {
	r := newRig(t)
	r.only("good", "pixel", "HALT")
	odd := r.add("odd", "pixel", "HALT")
	hand := r.sql()
	edit := func(query string) {
		if _, err := hand.Exec(query); err != nil {
			t.Error(err)
		}
	}
	r.cfg.Cycles = 9
	a := New(r.cfg)
	var seen []store.Skipped
	r.clock.onSleep = func(n int) {
		switch n {
		case 2:
			edit(`UPDATE improvement_scripts SET enabled = 'yes' WHERE name = 'odd'`)
		case 5:
			seen = a.Status().Skipped
			edit(`UPDATE improvement_scripts SET enabled = 1 WHERE name = 'odd'`)
		}
	}
	if err := a.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(seen) != 1 || seen[0].Table != "improvement_scripts" || seen[0].ID != odd.ID || seen[0].Name != "odd" || !strings.Contains(seen[0].Why, `"yes"`) {
		t.Errorf("skipped %+v", seen)
	}
	if s := a.Status(); len(s.Skipped) != 0 || len(r.runs("odd")) != 6 || len(r.runs("good")) != 9 {
		t.Errorf("afterwards %+v", s)
	}
	if n := strings.Count(r.console.String(), `row `+fmt.Sprint(odd.ID)+` of improvement_scripts (odd) is skipped`); n != 1 {
		t.Errorf("it was said %d times:\n%s", n, r.console)
	}
}

// TestRunThatCannotBeSavedIsADeadLetter has a trigger of another program refuse
// the runs of one script.
func TestRunThatCannotBeSavedIsADeadLetter(t *testing.T) {
	r := newRig(t)
	r.only("good", "pixel", "HALT")
	r.add("bad", "pixel", "LOG lost words\nHALT")
	r.exec(`CREATE TRIGGER no BEFORE INSERT ON infinite_map WHEN NEW.task_description = 'bad' BEGIN SELECT RAISE(ABORT, 'not this one'); END`)
	a := r.run(12)
	if n := len(r.runs("good")); n != 12 {
		t.Errorf("the good script ran %d times:\n%s", n, r.console)
	}
	text, err := os.ReadFile(filepath.Join(r.dir, deadLetterFile))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	if s := a.Status(); s.DeadLetters != len(lines) || s.Unsaved != 0 {
		t.Errorf("%d dead letters, status %+v", len(lines), s)
	}
	var letter deadLetter
	if err := json.Unmarshal([]byte(lines[0]), &letter); err != nil {
		t.Fatal(err)
	}
	if letter.Script != "bad" || !strings.Contains(letter.Why, "not this one") || letter.Stdout != "lost words" ||
		letter.Code != "LOG lost words\nHALT" || !letter.StartedAt.Equal(epoch) || letter.Tries != saveTries {
		t.Errorf("%s", lines[0])
	}
	if len(lines) > 4 {
		t.Errorf("a script whose runs cannot be saved ran to %d dead letters in 12 cycles", len(lines))
	}
	r.said("is in " + deadLetterFile)
}

// TestScriptThatCannotBeBegunStarvesNobody has more of them than a cycle takes.
func TestScriptThatCannotBeBegunStarvesNobody(t *testing.T) {
	r := newRig(t)
	r.only("good", "pixel", "HALT")
	for n := range 5 {
		r.add(fmt.Sprint("bad", n), "pixel", "HALT")
	}
	r.exec(`CREATE TRIGGER no BEFORE INSERT ON improvement_runs WHEN NEW.script_id > 2 BEGIN SELECT RAISE(ABORT, 'not this one'); END`)
	a := r.run(10)
	if n := len(r.runs("good")); n < 8 {
		t.Errorf("the good script ran %d times in 10 cycles:\n%s", n, r.console)
	}
	if s := a.Status(); len(s.Skipped) != 5 {
		t.Errorf("status %+v", s)
	}
}

// TestEveryOtherScriptStillRuns edits the database at random while the loop runs:
// 300 cycles, or, with GVPIE_SOAK=1, ten thousand with another seed each time. With
// GVPIE_SEED the same edits come again.
func TestEveryOtherScriptStillRuns(t *testing.T) {
	cycles, seed := 300, uint64(1)
	if testing.Short() { // under the race detector
		cycles = 60
	}
	if os.Getenv("GVPIE_SOAK") == "1" {
		cycles, seed = 10_000, rand.Uint64()
	}
	seed, err := storetest.Seed(seed)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("seed %d", seed)
	r := newRig(t)
	good := []string{"good1", "good2", "good3"}
	for _, name := range good {
		r.add(name, "pixel", "TXT 1 1 "+name+"\nHALT")
	}
	db := r.sql()
	if _, err := db.Exec("PRAGMA foreign_keys = off"); err != nil { // as in sqlite3
		t.Fatal(err)
	}
	e, err := storetest.NewEditor(db, seed, []string{"good"})
	if err != nil {
		t.Fatal(err)
	}
	edit := func() {
		if err := e.Edit(); err != nil {
			t.Error(err)
		}
	}
	r.cfg.Cycles = cycles
	a := New(r.cfg)
	runs, last := map[string]int{}, map[string]int{}
	pixel := a.runners["pixel"]
	a.runners["pixel"] = func(ctx context.Context, x *resources, s store.Script, m *scriptHistory) outcome {
		runs[s.Name]++
		last[s.Name] = a.cycles
		if e.IntN(4) == 0 {
			edit()
		}
		return pixel(ctx, x, s, m)
	}
	python := func(context.Context, *resources, store.Script, *scriptHistory) (o outcome) { return o }
	a.runners["python"] = python
	const rounds = 20 // cycles in which every script's turn comes, of so few
	r.clock.onSleep = func(int) {
		for _, name := range good {
			if a.cycles-last[name] > rounds {
				t.Fatalf("%s has not run since cycle %d, and this is %d; status %+v; the last edits:\n%s", name, last[name], a.cycles, a.Status(), e.Last())
			}
		}
		for range 3 {
			edit()
		}
		if _, err := db.Exec("DELETE FROM improvement_scripts WHERE name NOT LIKE 'good%' AND id NOT IN (SELECT id FROM improvement_scripts ORDER BY id DESC LIMIT 6)"); err != nil {
			t.Error(err)
		}
	}
	if err := a.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	told := map[string]int{}
	for _, row := range r.rows() {
		told[row.Task]++
	}
	for _, name := range good {
		if runs[name] < cycles/rounds {
			t.Errorf("%s ran %d times in %d cycles", name, runs[name], cycles)
		}
		if told[name] < runs[name] && a.Status().DeadLetters == 0 {
			t.Errorf("%s ran %d times, the map tells of %d", name, runs[name], told[name])
		}
	}
	t.Logf("%d edits in %d cycles; runs %v; %d dead letters", e.Made, cycles, runs, a.Status().DeadLetters)
}
