package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"gvpie/runtime/store/sqlquery"
)

// Script is a row of improvement_scripts, and what the loop knows of it.
type Script struct {
	ID                        int64
	Name, Lang, Purpose, Code string // Lang: "pixel", "cartridge" or "python"
	Enabled                   bool
	CreatedAt, LastRunAt      time.Time // zero: not known, never
	RunCount, SuccessCount    int64

	Fault string // why the loop cannot use the row as it is; "": it can

	ConsecutiveFailures int
	NotBefore           time.Time // back-off: not due before this while the code is what failed; zero: none
	CodeBytes           int64     // of the whole code
	CodeHash            string    // SHA-256 of Code, hexadecimal; "" in a list
	TriedHash           string    // that of the code that was run last; "": never was any, or it was edited since
}

// Fresh says that the code is not what was run last, or never was run. A list, which
// does not know the code, knows it by the trigger that forgets what was tried.
func (s *Script) Fresh() bool {
	return s.TriedHash == "" || s.CodeHash != "" && s.CodeHash != s.TriedHash
}

// Script is the script of that name; ErrNotFound.
func (s *scriptTable) Script(ctx context.Context, name string) (Script, error) {
	return s.script(ctx, fmt.Sprintf("script %q", name), "WHERE s.name = ?", name)
}

// ScriptByID is the script with that id; ErrNotFound.
func (s *scriptTable) ScriptByID(ctx context.Context, id int64) (Script, error) {
	return s.script(ctx, fmt.Sprintf("script %d", id), "WHERE s.id = ?", id)
}

func (s *scriptTable) script(ctx context.Context, op, where string, arg any) (one Script, err error) {
	err = s.read(ctx, op, func(ctx context.Context, q querier) (err error) {
		one, err = readScript(ctx, q, where, arg)
		return err
	})
	return one, err
}

// DueScripts are at most max enabled scripts that may run now, least recently run
// first; those never run come before all others, and so does one whose last_run_at was
// cleared. Where those never run are very many, or some were cleared, the three kinds
// take turns, also in who comes first: it may be cleared again and again, and must
// starve nobody. A script that backs off is due at once when its code changes, and when
// the clock was set back past its last run: a wrong clock must not silence it.
//
// The order is that of the runs themselves, which no clock can upset. skipped are all
// rows that are not off and cannot be used.
func (s *scriptTable) DueScripts(ctx context.Context, now time.Time, max int) (due []Script, skipped []Skipped, err error) {
	err = s.read(ctx, "find the scripts that are due", func(ctx context.Context, q querier) (err error) {
		if skipped, err = skippedScripts(ctx, q); err != nil {
			return err
		}
		var kinds [kindsOfDue][]Script
		fresh := 0
		err = s.inTurn(ctx, q, func(kind int, id int64) (more bool, err error) {
			if kind != dueRun {
				fresh++
			}
			if len(kinds[kind]) == max {
				return kind != dueRun, nil
			}
			one, err := readScript(ctx, q, "WHERE s.id = ?", id)
			switch {
			case err != nil:
			case one.Fault != "": // skippedScripts has all but those of files, which are read here alone
				if s := one.skip(); !slices.Contains(skipped, s) {
					skipped = append(skipped, s)
				}
			case one.due(now):
				kinds[kind] = append(kinds[kind], one)
			}
			return true, err
		})
		if err != nil {
			return err
		}
		if fresh >= manyFresh*max || len(kinds[dueCleared]) > 0 {
			due = takeTurns(kinds, int(s.turn.Add(1)-1), max)
		} else {
			all := append(kinds[dueNew], kinds[dueRun]...)
			due = all[:min(len(all), max)]
		}
		return err
	})
	return due, skipped, err
}

// Kinds of scripts that may be due.
const (
	dueCleared = iota // last_run_at was cleared
	dueNew            // never run
	dueRun            // run before
	kindsOfDue
)

// inTurn gives the scripts that are not off to each, until that says there need be no
// more: by kind, and in the order in which they are due. Only what says so is read of
// all of them, since there may be thousands.
func (s *scriptTable) inTurn(ctx context.Context, q querier, each func(kind int, id int64) (more bool, err error)) error {
	// A last_run that is no run's so far was written by hand, and is none.
	newest := int64(sqlquery.LastID)
	if n := s.newestRun.Load(); n != 0 {
		newest = n
	}
	rows, err := q.QueryContext(ctx, `SELECT s.id, CASE WHEN s.last_run_at IS NOT NULL THEN ?1
			WHEN coalesce(t.tried_hash, '') <> '' OR coalesce(s.run_count, 0) <> 0 THEN ?2 ELSE ?3 END AS kind
		FROM improvement_scripts s LEFT JOIN script_state t ON t.script_id = s.id WHERE s.enabled
		ORDER BY kind, CASE WHEN typeof(t.last_run) = 'integer' AND t.last_run <= ?4 THEN t.last_run ELSE 0 END, s.last_run_at, s.id`,
		dueRun, dueCleared, dueNew, newest)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var kind int
		var id int64
		if err := rows.Scan(&id, &kind); err != nil {
			return err
		}
		if more, err := each(kind, id); err != nil || !more {
			return err
		}
	}
	return rows.Err()
}

// manyFresh, times as many as are asked for, is how many scripts that never ran come
// before all others. More take turns with them, so that thousands of new scripts do not
// keep the others from running.
const manyFresh = 10

// takeTurns gives max scripts, one of each kind in turn, beginning with the kind whose
// turn it is.
func takeTurns(kinds [kindsOfDue][]Script, turn, max int) (all []Script) {
	for i := 0; len(all) < max; i++ {
		left := false
		for k := range kinds {
			if from := kinds[(k+turn)%len(kinds)]; i < len(from) && len(all) < max {
				all = append(all, from[i])
				left = true
			}
		}
		if !left {
			break
		}
	}
	return all
}

// skippedScripts are the scripts that are not off and cannot be used.
func skippedScripts(ctx context.Context, q querier) (all []Skipped, err error) {
	odd, err := readScripts(ctx, q, "WHERE "+oddScript+" LIMIT 1000")
	for i := range odd {
		if odd[i].Fault != "" {
			all = append(all, odd[i].skip())
		}
	}
	return all, err
}

// oddScript finds the rows that may have a Fault.
var oddScript = fmt.Sprintf("typeof(s.enabled) IN ('text', 'blob') OR octet_length(s.code) > %d AND s.enabled", codeMost)

func (s *Script) due(now time.Time) bool {
	return !now.Before(s.NotBefore) || s.Fresh() || s.LastRunAt.After(now)
}

// UpsertScript makes the script of that name, or gives an existing one this language,
// purpose and code. Enabled counts for a new one only; SetEnabled changes it. changed
// says whether anything was written. A script without a name, or of a language that
// there is not, is refused.
func (s *scriptTable) UpsertScript(ctx context.Context, script Script) (id int64, changed bool, err error) {
	err = s.write(ctx, fmt.Sprintf("save script %q", script.Name), func(ctx context.Context, q querier) (err error) {
		id, changed, err = s.upsertScript(ctx, q, script)
		return err
	})
	return id, changed, err
}

func (s *core) upsertScript(ctx context.Context, q querier, script Script) (id int64, changed bool, err error) {
	switch script.Lang {
	case "pixel", "cartridge", "python":
	default:
		return 0, false, fmt.Errorf("unknown language %q: it may be pixel, cartridge or python", script.Lang)
	}
	if script.Name == "" {
		return 0, false, errors.New("a script needs a name")
	}
	old, err := readScript(ctx, q, "WHERE s.name = ?", script.Name)
	code := script.Code
	if err == nil && old.Lang == script.Lang && old.Purpose == script.Purpose && old.Code == code {
		return old.ID, false, nil
	}
	if err == nil || errors.Is(err, sql.ErrNoRows) {
		var kept error
		if code, _, kept = keepFiles(ctx, q, code); kept != nil {
			return 0, false, kept
		}
	}
	switch {
	case errors.Is(err, sql.ErrNoRows):
		free, err := sqlquery.FreeID(ctx, q, "improvement_scripts")
		if err != nil {
			return 0, false, err
		}
		res, err := q.ExecContext(ctx, `INSERT INTO improvement_scripts (id, name, lang, purpose, code, enabled, created_at, run_count, success_count)
			VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0)`, free, script.Name, script.Lang, script.Purpose, code, script.Enabled, s.now())
		if err != nil {
			return 0, false, err
		}
		id, err = res.LastInsertId()
		return id, true, err
	case err != nil:
		return 0, false, err
	}
	_, err = q.ExecContext(ctx, "UPDATE improvement_scripts SET lang = ?, purpose = ?, code = ? WHERE id = ?", script.Lang, script.Purpose, code, old.ID)
	return old.ID, true, err
}

// SetEnabled lets the loop run a script, or not; ErrNotFound.
func (s *scriptTable) SetEnabled(ctx context.Context, id int64, enabled bool) error {
	return s.write(ctx, fmt.Sprintf("switch script %d", id), func(ctx context.Context, q querier) error {
		return changedOne(q.ExecContext(ctx, "UPDATE improvement_scripts SET enabled = ? WHERE id = ?", enabled, id))
	})
}

// changedOne makes ErrNotFound of an update that found no row.
func changedOne(res sql.Result, err error) error {
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n > 0 {
		return err
	}
	return ErrNotFound
}

// ErrTaken is wrapped by the error of EditScript for a name that another script has.
var ErrTaken = errors.New("there is a script of that name already")

// ScriptEdit is what is to be other about a script; nil: it stays as it is.
type ScriptEdit struct {
	Name, Purpose, Code *string
	Enabled             *bool
}

// EditScript changes a script; its runs, counters and id stay. ErrNotFound, ErrTaken.
func (s *scriptTable) EditScript(ctx context.Context, id int64, e ScriptEdit) error {
	return s.write(ctx, fmt.Sprintf("edit script %d", id), func(ctx context.Context, q querier) error {
		if e.Name != nil {
			if *e.Name == "" {
				return errors.New("a script needs a name")
			}
			var taken bool
			if err := q.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM improvement_scripts WHERE name = ? AND id <> ?)", *e.Name, id).Scan(&taken); err != nil {
				return err
			}
			if taken {
				return fmt.Errorf("%q: %w", *e.Name, ErrTaken)
			}
		}
		if e.Code != nil {
			code, _, err := keepFiles(ctx, q, *e.Code)
			if err != nil {
				return err
			}
			e.Code = &code
		}
		return changedOne(q.ExecContext(ctx, `UPDATE improvement_scripts SET name = coalesce(?, name), purpose = coalesce(?, purpose),
			code = coalesce(?, code), enabled = coalesce(?, enabled) WHERE id = ?`, e.Name, e.Purpose, e.Code, e.Enabled, id))
	})
}

// AskRun lets a script be the first to run in the loop's next cycle, whatever kept it
// from being due; only one that is not enabled is not run. ErrNotFound.
func (s *scriptTable) AskRun(ctx context.Context, id int64) error {
	return s.write(ctx, fmt.Sprintf("ask for a run of script %d", id), func(ctx context.Context, q querier) error {
		if _, err := q.ExecContext(ctx, "UPDATE script_state SET not_before = NULL WHERE script_id = ?", id); err != nil {
			return err
		}
		return changedOne(q.ExecContext(ctx, "UPDATE improvement_scripts SET last_run_at = NULL WHERE id = ?", id))
	})
}

// RemoveScript removes a script. Its runs stay, with no script and with its name beside
// them; a run that is under way ends like any other. ErrNotFound.
func (s *scriptTable) RemoveScript(ctx context.Context, id int64) error {
	return s.write(ctx, fmt.Sprintf("remove script %d", id), func(ctx context.Context, q querier) error {
		var removed int64
		err := q.QueryRowContext(ctx, `INSERT INTO removed_scripts (name, removed_at)
			SELECT coalesce(name, ''), ? FROM improvement_scripts WHERE id = ? RETURNING id`, s.now(), id).Scan(&removed)
		if err != nil {
			return err
		}
		for _, statement := range []string{
			"INSERT INTO orphaned_runs (run_id, removed_id) SELECT id, ?2 FROM improvement_runs WHERE script_id = ?1",
			"UPDATE improvement_runs SET script_id = NULL WHERE script_id = ?1",
			"DELETE FROM script_state WHERE script_id = ?1",
			"DELETE FROM improvement_scripts WHERE id = ?1",
		} {
			if _, err := q.ExecContext(ctx, statement, id, removed); err != nil {
				return err
			}
		}
		return nil
	})
}
