package store

import (
	"context"
	"database/sql"
	"errors"
	"gvpie/runtime/store/sqlquery"
)

// A FileScript is a script that a file holds.
type FileScript struct {
	Name, Purpose, Code string // Purpose is of a script that is new
	Sum                 string // SHA-256 of the file
	Enable              bool   // also a script that is there and disabled
}

// TakenIn is what was taken in last of a script's file. The zero value: nothing.
type TakenIn struct {
	Sum     string // SHA-256 of the file as it was then
	Removed bool   // it was removed, and the script disabled for it
}

// aSum finds the rows of script_files that can be used: one that a hand made otherwise
// must not have a script disabled for a file that never was.
const aSum = "typeof(name) = 'text' AND typeof(sum) = 'text' AND length(sum) = 64 AND sum NOT GLOB '*[^0-9a-f]*'"

// ScriptFiles is what was taken in of files, by the names of the scripts.
func (s *scriptTable) ScriptFiles(ctx context.Context) (map[string]TakenIn, error) {
	all := map[string]TakenIn{}
	err := s.read(ctx, "read what is known of script files", func(ctx context.Context, q querier) error {
		rows, err := q.QueryContext(ctx, "SELECT "+sqlquery.Columns(sqlquery.Text("name"), sqlquery.Text("sum"), sqlquery.Integer("removed"))+" FROM script_files WHERE "+aSum)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var name, sum string
			var removed int64
			if err := rows.Scan(&name, &sum, &removed); err != nil {
				return err
			}
			all[name] = TakenIn{sum, removed != 0}
		}
		return rows.Err()
	})
	return all, err
}

// ScriptFile is what was taken in of the file of that script.
func (s *scriptTable) ScriptFile(ctx context.Context, name string) (t TakenIn, err error) {
	err = s.read(ctx, "read what is known of a script file", func(ctx context.Context, q querier) error {
		var removed int64
		err := q.QueryRowContext(ctx, "SELECT "+sqlquery.Columns(sqlquery.Text("sum"), sqlquery.Integer("removed"))+" FROM script_files WHERE name = ? AND "+aSum, name).Scan(&t.Sum, &removed)
		t.Removed = removed != 0
		if errors.Is(err, sql.ErrNoRows) {
			err = nil
		}
		return err
	})
	return t, err
}

// SetScriptFile says what was taken in of the file of that script.
func (s *scriptTable) SetScriptFile(ctx context.Context, name string, t TakenIn) error {
	return s.write(ctx, "remember a script file", func(ctx context.Context, q querier) error {
		return setScriptFile(ctx, q, name, t)
	})
}

func setScriptFile(ctx context.Context, q querier, name string, t TakenIn) error {
	if t == (TakenIn{}) {
		_, err := q.ExecContext(ctx, "DELETE FROM script_files WHERE name = ?", name)
		return err
	}
	_, err := q.ExecContext(ctx, `INSERT INTO script_files (name, sum, removed) VALUES (?1, ?2, ?3)
		ON CONFLICT (name) DO UPDATE SET sum = ?2, removed = ?3`, name, t.Sum, t.Removed)
	return err
}

// A TakenFile is what became of a FileScript.
type TakenFile struct {
	Script  Script
	Changed bool  // it is new, or has other code than before
	Err     error // why it was not taken in
}

// ErrOtherLanguage is the error of a file whose name a script in another language has.
var ErrOtherLanguage = errors.New("a script of this name in another language is in the database")

// TakeFiles makes or changes pixel scripts, all in one transaction. One that cannot be
// taken in leaves the others be.
func (s *scriptTable) TakeFiles(ctx context.Context, all []FileScript) (done []TakenFile, err error) {
	err = s.write(ctx, "take in script files", func(ctx context.Context, q querier) error {
		done = make([]TakenFile, len(all))
		for i, f := range all {
			err := nested(ctx, q, func() error { return s.takeFile(ctx, q, f, &done[i]) })
			if Whole(err) {
				return err
			}
			done[i].Err = err
		}
		return nil
	})
	return done, err
}

// A RemovedFile is what became of a script whose file was removed.
type RemovedFile struct {
	Name     string
	Disabled bool  // it was enabled, and is no more
	Err      error // why it was left as it is
}

// RemoveFiles disables the pixel scripts of those names, whose files were removed, all
// in one transaction, and remembers it, for the files may come back. One that cannot be
// disabled leaves the others be.
func (s *scriptTable) RemoveFiles(ctx context.Context, names []string) (done []RemovedFile, err error) {
	err = s.write(ctx, "disable the scripts of removed files", func(ctx context.Context, q querier) error {
		done = make([]RemovedFile, len(names))
		for i, name := range names {
			done[i].Name = name
			err := nested(ctx, q, func() (err error) {
				done[i].Disabled, err = removeFile(ctx, q, name)
				return err
			})
			if Whole(err) {
				return err
			}
			done[i].Err = err
		}
		return nil
	})
	return done, err
}

func removeFile(ctx context.Context, q querier, name string) (disabled bool, err error) {
	var on bool
	err = q.QueryRowContext(ctx, "SELECT count(*) FROM improvement_scripts WHERE name = ? AND lang = 'pixel' AND enabled", name).Scan(&on)
	if err != nil {
		return false, err
	}
	if !on { // there is nothing to enable when the file comes back
		return false, setScriptFile(ctx, q, name, TakenIn{})
	}
	if _, err = q.ExecContext(ctx, "UPDATE improvement_scripts SET enabled = 0 WHERE name = ?", name); err == nil {
		_, err = q.ExecContext(ctx, "UPDATE script_files SET removed = 1 WHERE name = ?", name)
	}
	return err == nil, err
}

func (s *core) takeFile(ctx context.Context, q querier, f FileScript, to *TakenFile) error {
	find := func() (Script, error) {
		return readScript(ctx, q, "WHERE s.name = ?", f.Name)
	}
	old, err := find()
	script := Script{Name: f.Name, Lang: "pixel", Purpose: f.Purpose, Code: f.Code, Enabled: true}
	switch {
	case errors.Is(err, sql.ErrNoRows):
	case err != nil:
		return err
	case old.Lang != "pixel":
		return ErrOtherLanguage
	default:
		script.Purpose = old.Purpose
	}
	id, changed, err := s.upsertScript(ctx, q, script)
	if err == nil && f.Enable {
		_, err = q.ExecContext(ctx, "UPDATE improvement_scripts SET enabled = 1 WHERE id = ?", id)
	}
	if err == nil {
		err = setScriptFile(ctx, q, f.Name, TakenIn{Sum: f.Sum})
	}
	if err == nil {
		to.Script, err = find()
	}
	to.Changed = changed
	return err
}
