-- What is kept of scripts that were removed: their runs stay, with script_id NULL,
-- and have the name here.
CREATE TABLE removed_scripts (
  id         INTEGER PRIMARY KEY,
  name       TEXT NOT NULL,
  removed_at TEXT
);
CREATE TABLE orphaned_runs (
  run_id     INTEGER PRIMARY KEY,
  removed_id INTEGER NOT NULL REFERENCES removed_scripts (id)
);
