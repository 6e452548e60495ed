package store

import (
	"context"
	"database/sql"
	"errors"
)

// A FileScript is a script that a file holds.
type FileScript struct {
	Name, Purpose, Code string // Purpose is of a script that is new
	Key, Sum            string // the setting that remembers what was taken in, and its value
	Enable              bool   // also a script that is there and disabled
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

func (s *core) takeFile(ctx context.Context, q querier, f FileScript, to *TakenFile) error {
	find := func() (Script, error) {
		return scanScript(q.QueryRowContext(ctx, scriptQuery+"WHERE s.name = ?", f.Name).Scan)
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
		err = s.setSetting(ctx, q, f.Key, f.Sum)
	}
	if err == nil {
		to.Script, err = find()
	}
	to.Changed = changed
	return err
}
