-- The six tables that other programs know, with exactly their columns. Whatever
-- else this program keeps lies in tables of its own (002_beside_them.sql).
-- Times are UTC text, as datetime('now') writes them, with milliseconds in ours.

CREATE TABLE IF NOT EXISTS improvement_scripts (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  name          TEXT NOT NULL UNIQUE,
  lang          TEXT NOT NULL CHECK (lang IN ('pixel', 'cartridge', 'python')),
  purpose       TEXT,
  code          TEXT NOT NULL,
  enabled       INTEGER NOT NULL DEFAULT 1,
  created_at    TEXT DEFAULT (datetime('now')),
  last_run_at   TEXT,
  run_count     INTEGER NOT NULL DEFAULT 0,
  success_count INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE IF NOT EXISTS improvement_runs (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  script_id      INTEGER REFERENCES improvement_scripts (id),
  started_at     TEXT,
  finished_at    TEXT,    -- NULL while the run is in hand
  success        INTEGER, -- NULL while the run is in hand
  stdout         TEXT,
  stderr         TEXT,
  duration_ms    REAL,
  backend        TEXT,
  cartridge_path TEXT
);

CREATE TABLE IF NOT EXISTS development_goals (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  goal         TEXT NOT NULL,
  priority     INTEGER NOT NULL DEFAULT 5,
  completed    INTEGER NOT NULL DEFAULT 0,
  created_at   TEXT DEFAULT (datetime('now')),
  completed_at TEXT
);

CREATE TABLE IF NOT EXISTS infinite_map (
  id               INTEGER PRIMARY KEY AUTOINCREMENT,
  iteration        INTEGER NOT NULL,
  task_description TEXT,
  code             TEXT,
  result           TEXT,
  analysis         TEXT,
  timestamp        TEXT DEFAULT (datetime('now')),
  parent_iteration INTEGER -- NULL: it came from nothing before it
);

CREATE TABLE IF NOT EXISTS cartridge_registry (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  path           TEXT NOT NULL UNIQUE,
  kind           TEXT NOT NULL CHECK (kind IN ('pixel', 'code', 'dataset', 'prompt')),
  checksum       TEXT,
  width          INTEGER,
  height         INTEGER,
  created_at     TEXT DEFAULT (datetime('now')),
  parent_id      INTEGER REFERENCES cartridge_registry (id),
  executed_count INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE IF NOT EXISTS system_metrics (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  timestamp    TEXT DEFAULT (datetime('now')),
  metric_name  TEXT NOT NULL,
  metric_value REAL,
  context      TEXT
);
