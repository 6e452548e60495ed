package store

import (
	"embed"
	"io/fs"
	"slices"
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
