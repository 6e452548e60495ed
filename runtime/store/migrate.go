package store

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// migrate brings a database, empty or of any earlier version, to this schema. The
// version is a row of our own (schema_version): user_version may be any program's.
func (s *core) migrate(ctx context.Context, db *sql.DB, done *Opened) error {
	version, tables, err := inspect(ctx, db)
	if err != nil {
		return err
	}
	if version > len(steps) {
		return fmt.Errorf("%w (schema %d, this version knows %d)", ErrNewer, version, len(steps))
	}
	if version == len(steps) {
		return nil
	}
	fresh := len(tables) == 0
	if !fresh {
		backup := s.dated("backup", ".db")
		if _, err := db.ExecContext(ctx, "VACUUM INTO ?", backup); err != nil {
			return wrap("back up the database before migrating it", backup, err)
		}
		done.Backup = backup
	}
	var chained int64
	err = transact(ctx, db, "BEGIN EXCLUSIVE", func(ctx context.Context, q querier) error {
		for i := version; i < len(steps); i++ {
			if _, err := q.ExecContext(ctx, steps[i]); err != nil {
				return fmt.Errorf("schema step %d: %w", i+1, err)
			}
			if i == 0 {
				if err := addMissingColumns(ctx, q); err != nil {
					return err
				}
			}
		}
		const mark = `CREATE TABLE IF NOT EXISTS schema_version (one INTEGER PRIMARY KEY CHECK (one = 1), version INTEGER NOT NULL);
			INSERT INTO schema_version VALUES (1, ?1) ON CONFLICT (one) DO UPDATE SET version = ?1`
		if _, err := q.ExecContext(ctx, mark, len(steps)); err != nil {
			return err
		}
		for _, d := range defaultSettings {
			if _, err := q.ExecContext(ctx, "INSERT INTO settings (key, value, updated_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", d.key, d.value, s.now()); err != nil {
				return err
			}
		}
		if fresh {
			_, _, err := s.upsertScript(ctx, q, firstScript)
			return err
		}
		if version > 0 {
			return nil
		}
		chained, err = chainAll(ctx, q)
		return err
	})
	if err != nil {
		return err
	}
	done.Created, done.Migrated = fresh, !fresh
	if fresh {
		done.say("A new database was made: %s.", s.Path())
		return nil
	}
	done.say("The database of an earlier version was brought up to date; a copy of it as it was is %s.", done.Backup)
	if chained > 0 {
		done.say("The %d rows of the infinite map that it held are part of the hash chain from now on.", chained)
	}
	return nil
}

// inspect reads the schema version (0: not ours yet) and the names of all tables.
func inspect(ctx context.Context, db *sql.DB) (version int, tables []string, err error) {
	tables, err = collect(ctx, db, one[string], "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
	if err != nil || !slices.Contains(tables, "schema_version") {
		return 0, tables, err
	}
	err = db.QueryRowContext(ctx, "SELECT version FROM schema_version").Scan(&version)
	return version, tables, err
}

// addMissingColumns gives an earlier program's tables the columns they lack.
func addMissingColumns(ctx context.Context, q querier) error {
	for table, columns := range sixTables {
		have, err := collect(ctx, q, one[string], "SELECT lower(name) FROM pragma_table_info(?)", table)
		if err != nil {
			return err
		}
		for _, column := range columns {
			name, _, _ := strings.Cut(column, " ")
			if slices.Contains(have, name) {
				continue
			}
			if _, err := q.ExecContext(ctx, fmt.Sprintf("ALTER TABLE %s ADD COLUMN %s", table, column)); err != nil {
				return err
			}
		}
	}
	return nil
}

// dated is a path beside the database that nothing has yet: prefix-2026-11-22T201500Z.
func (s *core) dated(prefix, ext string) string {
	stamp := s.o.Now().UTC().Format("2006-01-02T150405Z")
	return unused(filepath.Join(filepath.Dir(s.Path()), prefix+"-"+stamp), ext)
}
