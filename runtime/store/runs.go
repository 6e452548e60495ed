package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"gvpie/runtime/store/bundle"
	"gvpie/runtime/store/chain"
	"gvpie/runtime/store/sqlquery"
)

// Run is a row of improvement_runs, and what is kept beside it.
type Run struct {
	ID, ScriptID          int64
	Script                string    // the script's name, also when that was removed and ScriptID is 0
	StartedAt, FinishedAt time.Time // FinishedAt zero: in hand
	Success               bool
	Stdout, Stderr        string // in a list their beginnings
	StdoutBytes           int64  // of the whole text
	StderrBytes           int64
	Duration              time.Duration // kept to the microsecond
	Backend               string
	CartridgePath         string
	Confined              string // the layers that held a script, as "landlock, seccomp", or Unconfined; "": it needs none, or that is not known
	MapID                 int64  // the map row that tells of it; 0: none
	HumanPNG, MachinePNG  string // content hashes, for Picture; "": none
	Interrupted           bool   // its process ended before it did
	Cancelled             bool   // it was stopped
	Slow                  bool   // much slower than the script's own history
}

// Unconfined is said of a run that was held by nothing, though it is one of a script
// that nobody vouches for.
const Unconfined = "nothing"

// Running says that the run has begun and not finished.
func (r *Run) Running() bool { return r.FinishedAt.IsZero() && !r.Interrupted }

// What became of a run (run_details.outcome).
const (
	finished = iota
	interrupted
	cancelled
)

// runColumns is the query for runs, with expressions for their two texts, how long
// those are, and all that is short.
func runColumns(stdout, stderr, stdoutBytes, stderrBytes string, short func(string) string) string {
	return "SELECT " + sqlquery.Columns("r.id", sqlquery.Integer("r.script_id"), short("coalesce(s.name, g.name)"), "CAST(r.started_at AS TEXT)", "CAST(r.finished_at AS TEXT)",
		sqlquery.Truth("r.success"), stdout, stderr, stdoutBytes, stderrBytes, sqlquery.Decimal("r.duration_ms"), short("r.backend"), short("r.cartridge_path"), short("l.layers"),
		sqlquery.Integer("d.map_id"), sqlquery.Text("h.hash"), sqlquery.Text("m.hash"), sqlquery.Integer("d.outcome"), sqlquery.Truth("d.slow")) + `
	FROM improvement_runs r
	LEFT JOIN improvement_scripts s ON s.id = r.script_id
	LEFT JOIN orphaned_runs o ON o.run_id = r.id
	LEFT JOIN removed_scripts g ON g.id = o.removed_id
	LEFT JOIN run_texts w ON w.run_id = r.id
	LEFT JOIN run_confinements c ON c.run_id = r.id
	LEFT JOIN confinements l ON l.id = c.confinement_id
	LEFT JOIN run_details d ON d.run_id = r.id
	LEFT JOIN pictures h ON h.id = d.human_png
	LEFT JOIN pictures m ON m.id = d.machine_png `
}

var runQuery = runColumns(wholeOutput("stdout"), wholeOutput("stderr"), "0", "0", sqlquery.Text)

// wholeOutput is an SQL expression for one of a run's two texts.
func wholeOutput(column string) string {
	return "coalesce((SELECT body FROM contents_full WHERE hash = " + longOutput(column).hash() + "), r." + column + ", '')"
}

func scanRun(scan func(...any) error) (r Run, err error) {
	var start, end sql.NullString
	var ms float64
	var outcome int
	err = scan(&r.ID, &r.ScriptID, &r.Script, &start, &end, &r.Success, &r.Stdout, &r.Stderr, &r.StdoutBytes, &r.StderrBytes, &ms, &r.Backend, &r.CartridgePath, &r.Confined,
		&r.MapID, &r.HumanPNG, &r.MachinePNG, &outcome, &r.Slow)
	r.StartedAt, r.FinishedAt = sqlquery.ParseTime(start), sqlquery.ParseTime(end)
	r.StdoutBytes, r.StderrBytes = max(r.StdoutBytes, int64(len(r.Stdout))), max(r.StderrBytes, int64(len(r.Stderr)))
	r.Duration = runTime(ms)
	r.Interrupted, r.Cancelled = outcome == interrupted, outcome == cancelled
	return r, err
}

// Runs is a page of the runs.
func (s *runTable) Runs(ctx context.Context, p Page) ([]Run, error) {
	return s.runs(ctx, runQuery+"WHERE r.id < ? ORDER BY r.id DESC LIMIT ?", p.args()...)
}

func (s *runTable) runs(ctx context.Context, query string, args ...any) (all []Run, err error) {
	err = s.read(ctx, "read the runs", func(ctx context.Context, q querier) (err error) {
		all, err = sqlquery.Collect(ctx, q, scanRun, query, args...)
		return err
	})
	return all, err
}

// Run is the run with that id; ErrNotFound.
func (s *runTable) Run(ctx context.Context, id int64) (r Run, err error) {
	err = s.read(ctx, fmt.Sprintf("run %d", id), func(ctx context.Context, q querier) (err error) {
		r, err = scanRun(q.QueryRowContext(ctx, runQuery+"WHERE r.id = ?", id).Scan)
		return err
	})
	return r, err
}

// BeginRun writes down that a script's run has begun: it is seen as in hand from now
// on, and the script counts as run, so that one that ends the process gives way to
// the others after the restart. ErrNotFound when there is no such script.
func (s *runTable) BeginRun(ctx context.Context, scriptID int64, startedAt time.Time, backend string) (runID int64, err error) {
	err = s.write(ctx, fmt.Sprintf("begin a run of script %d", scriptID), func(ctx context.Context, q querier) error {
		code, err := codeOf(ctx, q, scriptID)
		if err != nil {
			return err
		}
		free, err := sqlquery.FreeID(ctx, q, "improvement_runs")
		if err != nil {
			return err
		}
		res, err := q.ExecContext(ctx, "INSERT INTO improvement_runs (id, script_id, started_at, backend) VALUES (?, ?, ?, ?)", free, scriptID, sqlquery.FormatTime(startedAt), backend)
		if err != nil {
			return err
		}
		if runID, err = res.LastInsertId(); err != nil {
			return err
		}
		// What a hand put beside a run that there was not is no part of this one.
		if _, err := q.ExecContext(ctx, "DELETE FROM run_details WHERE run_id = ?", runID); err != nil {
			return err
		}
		if _, err := q.ExecContext(ctx, "INSERT OR REPLACE INTO runs_in_hand (run_id, session) VALUES (?, ?)", runID, s.session); err != nil {
			return err
		}
		if _, err := q.ExecContext(ctx, "UPDATE improvement_scripts SET last_run_at = ? WHERE id = ?", sqlquery.FormatTime(startedAt), scriptID); err != nil {
			return err
		}
		_, err = q.ExecContext(ctx, `INSERT INTO script_state (script_id, last_run, tried_hash) VALUES (?1, ?2, ?3)
			ON CONFLICT (script_id) DO UPDATE SET last_run = ?2, tried_hash = ?3`, scriptID, runID, chain.HashText(code))
		return err
	})
	if err == nil {
		s.newestRun.Store(runID)
	}
	return runID, err
}

// Finished is what is known at the end of a run.
type Finished struct {
	FinishedAt     time.Time // zero: now
	Success        bool
	Cancelled      bool // stopped: neither a success nor a failure of the script
	Slow           bool
	Stdout, Stderr string
	Duration       time.Duration
	Backend        string // the engine that ran it; "": as at BeginRun
	CartridgePath  string
	Confined       string    // as in Run
	NotBefore      time.Time // after a failure: when it may be tried again; a success clears it

	// For the case that the row of the run is deleted by hand while it runs: it is
	// made again.
	ScriptID  int64
	StartedAt time.Time

	// What goes into the infinite map.
	Iteration                        int64  // 0: the one after the latest
	Task, Code, ResultJSON, Analysis string // Code: what was run, which may since have changed
	Parent                           int64  // the iteration it came from; 0: none

	HumanPNG, MachinePNG string // hashes that PutPicture gave; "": none

	Metrics []Metric // written along with it; zero times are FinishedAt
}

// FinishRun writes the end of a run, in one transaction: its row, the script's
// counters and back-off, the map row with its hash, and the metrics. When it returns
// nil all of that is on the disk. ErrNotRunning when the run has finished before or was
// marked interrupted; nothing is written then.
func (s *runTable) FinishRun(ctx context.Context, runID int64, f Finished) (mapID int64, err error) {
	if f.FinishedAt.IsZero() {
		f.FinishedAt = s.o.Now()
	}
	err = s.write(ctx, fmt.Sprintf("finish run %d", runID), func(ctx context.Context, q querier) error {
		outcome := finished
		if f.Cancelled {
			outcome = cancelled
		}
		mapID, err = s.endRun(ctx, q, runID, f, outcome)
		if err != nil {
			return err
		}
		return addMetrics(ctx, q, f.Metrics, f.FinishedAt)
	})
	return mapID, err
}

// endRun ends a run and writes all that is to be kept of it.
func (s *runTable) endRun(ctx context.Context, q querier, runID int64, f Finished, outcome int) (mapID int64, err error) {
	// Its details are written with its end, when it is in hand no more. A hand may
	// have deleted the one or written the other.
	err = changedOne(q.ExecContext(ctx, "DELETE FROM runs_in_hand WHERE run_id = ?", runID))
	if errors.Is(err, ErrNotFound) {
		var ended bool
		err = q.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM run_details WHERE run_id = ?)", runID).Scan(&ended)
		if err == nil && ended {
			return 0, ErrNotRunning
		}
	} else if err == nil {
		_, err = q.ExecContext(ctx, "DELETE FROM run_details WHERE run_id = ?", runID)
	}
	if err != nil {
		return 0, err
	}
	if err := remakeRun(ctx, q, runID, f); err != nil {
		return 0, err
	}
	var stdout, stderr any
	if f.Stdout, stdout, err = keep(ctx, q, f.Stdout, tellOpening); err != nil {
		return 0, err
	}
	if f.Stderr, stderr, err = keep(ctx, q, f.Stderr, tellErrors); err != nil {
		return 0, err
	}
	var scriptID int64
	err = q.QueryRowContext(ctx, `UPDATE improvement_runs SET finished_at = ?, success = ?, stdout = ?, stderr = ?, duration_ms = ?,
		backend = coalesce(nullif(?, ''), backend), cartridge_path = nullif(?, '') WHERE id = ? RETURNING `+sqlquery.Integer("script_id"),
		sqlquery.FormatTime(f.FinishedAt), f.Success, f.Stdout, f.Stderr, milliseconds(f.Duration), f.Backend, f.CartridgePath, runID).Scan(&scriptID)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, ErrNotRunning
	}
	if err != nil {
		return 0, err
	}
	if err := keepEntries(ctx, q, runID, stdout, stderr); err != nil {
		return 0, err
	}
	if err := keepConfinement(ctx, q, runID, f.Confined); err != nil {
		return 0, err
	}
	if err := s.countRun(ctx, q, scriptID, f, outcome); err != nil {
		return 0, err
	}
	mapID, err = s.addMap(ctx, q, MapRow{Iteration: f.Iteration, Task: f.Task, Code: f.Code, Result: f.ResultJSON,
		Analysis: f.Analysis, Timestamp: f.FinishedAt, Parent: f.Parent})
	if err != nil {
		return 0, err
	}
	human, err := pictureID(ctx, q, f.HumanPNG)
	if err != nil {
		return 0, err
	}
	machine, err := pictureID(ctx, q, f.MachinePNG)
	if err != nil {
		return 0, err
	}
	for _, picture := range []any{human, machine} {
		if err := usePicture(ctx, q, picture, runID, !f.Success); err != nil {
			return 0, err
		}
	}
	_, err = q.ExecContext(ctx, "INSERT INTO run_details (run_id, outcome, slow, map_id, human_png, machine_png) VALUES (?, ?, ?, ?, ?, ?)",
		runID, outcome, f.Slow, mapID, human, machine)
	return mapID, err
}

// keepEntries writes down which of a run's two texts have only a part in its row, once
// that has been written.
func keepEntries(ctx context.Context, q querier, runID int64, stdout, stderr any) error {
	if stdout == nil && stderr == nil { // a hand may have put something there
		_, err := q.ExecContext(ctx, "DELETE FROM run_texts WHERE run_id = ?", runID)
		return err
	}
	_, err := q.ExecContext(ctx, "INSERT OR REPLACE INTO run_texts (run_id, stdout, stderr) VALUES (?, ?, ?)", runID, stdout, stderr)
	return err
}

// keepConfinement writes down what held a run.
func keepConfinement(ctx context.Context, q querier, runID int64, layers string) error {
	if layers == "" { // a hand may have put something there
		_, err := q.ExecContext(ctx, "DELETE FROM run_confinements WHERE run_id = ?", runID)
		return err
	}
	if _, err := q.ExecContext(ctx, "INSERT INTO confinements (layers) VALUES (?) ON CONFLICT DO NOTHING", layers); err != nil {
		return err
	}
	_, err := q.ExecContext(ctx, "INSERT OR REPLACE INTO run_confinements (run_id, confinement_id) SELECT ?, id FROM confinements WHERE layers = ?", runID, layers)
	return err
}

// remakeRun puts the row of a run back that was deleted by hand while it ran. Its
// script may be gone with it.
func remakeRun(ctx context.Context, q querier, runID int64, f Finished) error {
	if f.StartedAt.IsZero() {
		return nil
	}
	_, err := q.ExecContext(ctx, `INSERT INTO improvement_runs (id, script_id, started_at) VALUES (?, (SELECT id FROM improvement_scripts WHERE id = ?), ?)
		ON CONFLICT (id) DO NOTHING`, runID, f.ScriptID, nullTime(f.StartedAt))
	return err
}

// countRun writes what a run says of its script. tried_hash becomes that of the code
// that was really run, which may not be what BeginRun found.
func (s *runTable) countRun(ctx context.Context, q querier, scriptID int64, f Finished, outcome int) error {
	_, err := q.ExecContext(ctx, "UPDATE improvement_scripts SET run_count = "+sqlquery.Integer("run_count")+" + 1, success_count = "+sqlquery.Integer("success_count")+" + ? WHERE id = ?", f.Success, scriptID)
	if err != nil || outcome == cancelled {
		return err
	}
	if outcome == finished {
		code, err := codeOf(ctx, q, scriptID)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		var tried any // none: code that was edited meanwhile is not what was tried
		if err == nil && code == f.Code {
			tried = chain.HashText(code)
		}
		if _, err := q.ExecContext(ctx, "UPDATE script_state SET tried_hash = ? WHERE script_id = ?", tried, scriptID); err != nil {
			return err
		}
	}
	if f.Success {
		_, err = q.ExecContext(ctx, "UPDATE script_state SET consecutive_failures = 0, not_before = NULL WHERE script_id = ?", scriptID)
		return err
	}
	_, err = q.ExecContext(ctx, "UPDATE script_state SET consecutive_failures = min("+sqlquery.Integer("consecutive_failures")+", 1000000) + 1, not_before = ? WHERE script_id = ?", nullTime(f.NotBefore), scriptID)
	return err
}

// Interrupted marks the runs that an earlier process left running, each exactly once,
// and returns how many there were: they get an end, a place in the map that says so,
// and count as failures of their scripts.
//
// Whoever starts a loop calls it first. It takes the loop lock of the data
// folder until Close; ErrLoopLocked, and nothing is marked, while another one is: its runs are
// running, not interrupted.
func (s *runTable) Interrupted(ctx context.Context) (n int, err error) {
	err = s.write(ctx, "mark the runs that were interrupted", func(ctx context.Context, q querier) error {
		if err := s.lockLoop(); err != nil {
			return err
		}
		type left struct {
			run                        int64
			name, purpose, code, tried string
		}
		all, err := sqlquery.Collect(ctx, q, func(scan func(...any) error) (l left, err error) {
			err = scan(&l.run, &l.name, &l.purpose, &l.code, &l.tried)
			return l, err
		}, "SELECT "+sqlquery.Columns("i.run_id", sqlquery.Text("s.name"), sqlquery.Text("s.purpose"), sqlquery.Text("s.code"), sqlquery.Text("t.tried_hash"))+`
			FROM runs_in_hand i JOIN improvement_runs r ON r.id = i.run_id
			LEFT JOIN improvement_scripts s ON s.id = r.script_id
			LEFT JOIN script_state t ON t.script_id = s.id
			WHERE i.session <> ? ORDER BY i.run_id`, s.session)
		if err != nil {
			return err
		}
		files := &bundle.Reader{Q: q}
		for _, l := range all {
			if l.code, _, err = wholeCode(ctx, files, l.code); err != nil {
				return err
			}
			f := Finished{
				FinishedAt: s.o.Now(), Stderr: "interrupted: the program ended while this run was in hand",
				Task: l.name + ": " + l.purpose, Code: l.code, ResultJSON: `{"status":"interrupted"}`,
				Analysis: "The program ended before this run did.",
			}
			if chain.HashText(l.code) != l.tried {
				f.Code, f.Analysis = "", "The program ended before this run did; the script has been changed since."
			}
			err := nested(ctx, q, func() error {
				_, err := s.endRun(ctx, q, l.run, f, interrupted)
				return err
			})
			if Whole(err) {
				return err
			}
			if err != nil { // this one cannot be marked; the others are
				s.o.Logger.Warn("a run that was interrupted could not be marked as such", "run", l.run, "error", err)
			}
		}
		n = len(all)
		// Rows whose run was deleted by hand.
		_, err = q.ExecContext(ctx, "DELETE FROM runs_in_hand WHERE session <> ?", s.session)
		return err
	})
	return n, err
}
