package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"gvpie/runtime/store/chain"
	"gvpie/runtime/store/sqlquery"
)

//go:embed schema/*.sql
var schema embed.FS

// steps are the schema files in order; a database at version n has had the first n.
// A step that has been released is never edited: what comes later is a new file.
var steps = func() []string {
	names, err := fs.Glob(schema, "schema/*.sql")
	if err != nil {
		panic(err)
	}
	slices.Sort(names)
	all := make([]string, len(names))
	for i, name := range names {
		b, err := schema.ReadFile(name)
		if err != nil {
			panic(err)
		}
		all[i] = string(b)
	}
	return all
}()

// sixTables are the columns of the six tables beside id, as they are in tables that
// another program made: without the constraints that its rows may not meet.
var sixTables = map[string][]string{
	"improvement_scripts": {"name TEXT", "lang TEXT", "purpose TEXT", "code TEXT", "enabled INTEGER DEFAULT 1", "created_at TEXT DEFAULT (datetime('now'))", "last_run_at TEXT", "run_count INTEGER DEFAULT 0", "success_count INTEGER DEFAULT 0"},
	"improvement_runs":    {"script_id INTEGER REFERENCES improvement_scripts (id)", "started_at TEXT", "finished_at TEXT", "success INTEGER", "stdout TEXT", "stderr TEXT", "duration_ms REAL", "backend TEXT", "cartridge_path TEXT"},
	"development_goals":   {"goal TEXT", "priority INTEGER DEFAULT 5", "completed INTEGER DEFAULT 0", "created_at TEXT DEFAULT (datetime('now'))", "completed_at TEXT"},
	"infinite_map":        {"iteration INTEGER", "task_description TEXT", "code TEXT", "result TEXT", "analysis TEXT", "timestamp TEXT DEFAULT (datetime('now'))", "parent_iteration INTEGER"},
	"cartridge_registry":  {"path TEXT", "kind TEXT", "checksum TEXT", "width INTEGER", "height INTEGER", "created_at TEXT DEFAULT (datetime('now'))", "parent_id INTEGER REFERENCES cartridge_registry (id)", "executed_count INTEGER DEFAULT 0"},
	"system_metrics":      {"timestamp TEXT DEFAULT (datetime('now'))", "metric_name TEXT", "metric_value REAL", "context TEXT"},
}

// firstScript is in every fresh database, so that the loop has something to run.
var firstScript = Script{
	Name: "hello_gpu", Lang: "pixel", Purpose: "Test GPU pipeline with simple text rendering",
	Code: "TXT 10 10 HELLO GPU\nHALT", Enabled: true,
}

// migrate brings a database, empty or of any earlier version, to this schema. The
// version is a row of our own (schema_version): user_version may be any program's.
func (s *core) migrate(ctx context.Context, db *sql.DB, done *Opened) (err error) {
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
	fresh, progress := len(tables) == 0, orSilent(s.o.Progress)
	if !fresh {
		backup := s.dated("backup", ".db")
		defer func() {
			if err != nil { // nothing was changed: the next try makes its own
				done.Backup = ""
				err = errors.Join(err, os.RemoveAll(backup))
			}
		}()
		progress("copying the database before bringing it up to date", 0, 0)
		if _, err := db.ExecContext(ctx, "VACUUM INTO ?", backup); err != nil {
			return wrap("back up the database before migrating it", backup, err)
		}
		done.Backup = backup
		s.o.Logger.Info("the database of an earlier version is being brought up to date; a copy is made", "copy", backup)
	}
	// Both can only be switched between transactions; connections are made with
	// keys on, and one that is lost meanwhile takes the change with it.
	if _, err := db.ExecContext(ctx, "PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = ON"); err != nil {
		return err
	}
	defer func() {
		_, back := db.ExecContext(context.WithoutCancel(ctx), "PRAGMA legacy_alter_table = OFF; PRAGMA foreign_keys = ON")
		err = errors.Join(err, back)
	}()
	var chained int64
	// It ends with ctx, and then nothing is changed: a large database takes minutes.
	err = transact(ctx, db, "BEGIN EXCLUSIVE", func(_ context.Context, q querier) error {
		if version < inOurForm {
			progress("rebuilding tables", 0, 0)
			if err := rebuild(ctx, q, version >= hasChain); err != nil {
				return err
			}
		}
		if err := setAside(ctx, q, version); err != nil {
			return err
		}
		for i := version; i < len(steps); i++ {
			if _, err := q.ExecContext(ctx, steps[i]); err != nil {
				return fmt.Errorf("schema step %d: %w", i+1, err)
			}
		}
		if err := takeSettings(ctx, q); err != nil {
			return err
		}
		const mark = `CREATE TABLE IF NOT EXISTS schema_version (one INTEGER PRIMARY KEY CHECK (one = 1), version INTEGER NOT NULL);
			INSERT INTO schema_version VALUES (1, ?1) ON CONFLICT (one) DO UPDATE SET version = ?1`
		if _, err := q.ExecContext(ctx, mark, len(steps)); err != nil {
			return err
		}
		if fresh && s.o.empty {
			_, err := q.ExecContext(ctx, "DELETE FROM map_head; DELETE FROM heartbeat; DELETE FROM earlier_texts; DELETE FROM script_edits")
			return err
		}
		for _, d := range SettingSpecs {
			if _, err := q.ExecContext(ctx, "INSERT INTO settings (key, value, updated_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", d.Name, d.Default, s.now()); err != nil {
				return err
			}
		}
		if fresh {
			scripts := false
			if done.Quarantined != "" {
				if scripts, err = s.beginSalvage(ctx, q, done.Quarantined); err != nil {
					return err
				}
			}
			if !scripts {
				_, _, err = s.upsertScript(ctx, q, firstScript)
			}
			return err
		}
		if version >= hasChain {
			return nil
		}
		var total int64
		if err := q.QueryRowContext(ctx, "SELECT count(*) FROM infinite_map").Scan(&total); err != nil {
			return err
		}
		chained, err = chain.AppendAll(ctx, q, func(rows int64) { progress("hashing rows", rows, total) })
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

// The versions from which on the map has its chain, the six tables our form, and there
// are offers.
const (
	hasChain  = 2
	inOurForm = 3
	hasOffers = 15
)

// inspect reads the schema version (0: not ours yet) and the names of all tables.
func inspect(ctx context.Context, q querier) (version int, tables []string, err error) {
	tables, err = sqlquery.Collect(ctx, q, sqlquery.One[string], `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\'`)
	if err != nil || !slices.Contains(tables, "schema_version") {
		return 0, tables, err
	}
	// Another program may have a table of that name.
	columns, err := columnsOf(ctx, q, "schema_version")
	if err != nil || !slices.Equal(columns, []string{"one", "version"}) {
		return 0, tables, err
	}
	err = q.QueryRowContext(ctx, "SELECT version FROM schema_version").Scan(&version)
	return version, tables, err
}

// columnsOf are the names of a table's columns; none where there is no such table.
func columnsOf(ctx context.Context, q querier, table string) ([]string, error) {
	return sqlquery.Collect(ctx, q, sqlquery.One[string], "SELECT name FROM pragma_table_info(?)", table)
}

// takeSettings takes over the settings that stood in another program's table of that
// name, which setAside renamed.
func takeSettings(ctx context.Context, q querier) error {
	columns, err := columnsOf(ctx, q, "earlier_settings")
	if err != nil || !slices.Contains(columns, "key") || !slices.Contains(columns, "value") {
		return err
	}
	_, err = q.ExecContext(ctx, "INSERT OR IGNORE INTO settings (key, value) SELECT key, value FROM earlier_settings WHERE key IS NOT NULL AND value IS NOT NULL")
	return err
}

// dated is a path beside the database that nothing has yet: prefix-2026-11-22T201500Z.
func (s *core) dated(prefix, ext string) string {
	return unused(filepath.Join(filepath.Dir(s.Path()), prefix+"-"+stamp(s.o.Now())), ext)
}

// stampForm is how times stand in names of files.
const stampForm = "2006-01-02T150405Z"

func stamp(t time.Time) string { return t.UTC().Format(stampForm) }
