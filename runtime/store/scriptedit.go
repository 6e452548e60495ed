package store

import (
	"context"
	"errors"
	"fmt"
)

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
