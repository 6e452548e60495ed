-- What this program keeps beside the six tables. No row of the six needs a row
-- here: one made by hand works, and gets its companion when it is first needed.

CREATE TABLE IF NOT EXISTS settings (
  key        TEXT PRIMARY KEY,
  value      TEXT NOT NULL,
  updated_at TEXT
);

-- What the loop knows of a script.
CREATE TABLE script_state (
  script_id            INTEGER PRIMARY KEY REFERENCES improvement_scripts (id) ON DELETE CASCADE,
  last_run             INTEGER NOT NULL DEFAULT 0, -- the last run's id: an order no clock can upset
  consecutive_failures INTEGER NOT NULL DEFAULT 0,
  not_before           TEXT,                       -- back-off, for the code of tried_hash only
  tried_hash           TEXT                        -- SHA-256 of the code that was run last
);

-- Runs that have begun and not finished, each with the process it belongs to.
CREATE TABLE runs_in_hand (
  run_id  INTEGER PRIMARY KEY,
  session TEXT NOT NULL
);

-- Pictures, each once; the PNGs lie under pictures/ by their hash.
CREATE TABLE pictures (
  id   INTEGER PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE
);

CREATE TABLE run_details (
  run_id      INTEGER PRIMARY KEY,
  outcome     INTEGER NOT NULL, -- 0 finished, 1 interrupted (its process ended), 2 cancelled
  slow        INTEGER NOT NULL, -- 1: much slower than the script's own history
  map_id      INTEGER,
  human_png   INTEGER REFERENCES pictures (id),
  machine_png INTEGER REFERENCES pictures (id)
);
CREATE INDEX run_details_by_map ON run_details (map_id);

-- Long texts, each once. A column that holds one holds, in its place,
-- 'sha256:' || hash || ' ' || how the text begins.
CREATE TABLE contents (
  id   INTEGER PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE,
  body TEXT NOT NULL
);

-- The chain over infinite_map: seq counts 1, 2, 3…; hash covers the row's eight
-- columns and the hash before it.
CREATE TABLE map_chain (
  map_id INTEGER PRIMARY KEY,
  seq    INTEGER NOT NULL,
  hash   BLOB NOT NULL
);
-- Where the chain ends: rows lost at the end would show nowhere else.
CREATE TABLE map_head (
  one    INTEGER PRIMARY KEY CHECK (one = 1),
  map_id INTEGER NOT NULL,
  seq    INTEGER NOT NULL,
  hash   BLOB NOT NULL
);
INSERT INTO map_head VALUES (1, 0, 0, x'');

-- One row, written by each health check.
CREATE TABLE heartbeat (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  at  TEXT
);
INSERT INTO heartbeat VALUES (1, NULL);

CREATE INDEX improvement_runs_by_script ON improvement_runs (script_id);
CREATE INDEX infinite_map_by_iteration ON infinite_map (iteration);
CREATE INDEX system_metrics_by_name ON system_metrics (metric_name);

CREATE TRIGGER infinite_map_no_update BEFORE UPDATE ON infinite_map
BEGIN SELECT RAISE(ABORT, 'infinite_map forgets nothing: rows are never updated; add a new row with parent_iteration instead'); END;
CREATE TRIGGER infinite_map_no_delete BEFORE DELETE ON infinite_map
BEGIN SELECT RAISE(ABORT, 'infinite_map forgets nothing: rows are never deleted'); END;
-- INSERT OR REPLACE deletes without firing a delete trigger.
CREATE TRIGGER infinite_map_no_replace BEFORE INSERT ON infinite_map
WHEN EXISTS (SELECT 1 FROM infinite_map WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'infinite_map forgets nothing: rows are never replaced'); END;

CREATE TRIGGER contents_no_update BEFORE UPDATE ON contents
BEGIN SELECT RAISE(ABORT, 'contents are what rows refer to by hash: they are never updated'); END;
CREATE TRIGGER contents_no_delete BEFORE DELETE ON contents
BEGIN SELECT RAISE(ABORT, 'contents are what rows refer to by hash: they are never deleted'); END;
CREATE TRIGGER contents_no_replace BEFORE INSERT ON contents
WHEN EXISTS (SELECT 1 FROM contents WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'contents are what rows refer to by hash: they are never replaced'); END;

-- The map with its texts whole.
CREATE VIEW infinite_map_full AS
SELECT m.id, m.iteration,
  coalesce((SELECT body FROM contents WHERE m.task_description LIKE 'sha256:%' AND hash = substr(m.task_description, 8, 64)), m.task_description) AS task_description,
  coalesce((SELECT body FROM contents WHERE m.code LIKE 'sha256:%' AND hash = substr(m.code, 8, 64)), m.code) AS code,
  coalesce((SELECT body FROM contents WHERE m.result LIKE 'sha256:%' AND hash = substr(m.result, 8, 64)), m.result) AS result,
  coalesce((SELECT body FROM contents WHERE m.analysis LIKE 'sha256:%' AND hash = substr(m.analysis, 8, 64)), m.analysis) AS analysis,
  m.timestamp, m.parent_iteration, c.seq, lower(hex(c.hash)) AS hash
FROM infinite_map m LEFT JOIN map_chain c ON c.map_id = m.id;

-- The runs with their script's name, their texts whole, and what is kept beside them.
CREATE VIEW improvement_runs_full AS
SELECT r.id, r.script_id, s.name AS script, r.started_at, r.finished_at, r.success,
  coalesce((SELECT body FROM contents WHERE r.stdout LIKE 'sha256:%' AND hash = substr(r.stdout, 8, 64)), r.stdout) AS stdout,
  coalesce((SELECT body FROM contents WHERE r.stderr LIKE 'sha256:%' AND hash = substr(r.stderr, 8, 64)), r.stderr) AS stderr,
  r.duration_ms, r.backend, r.cartridge_path,
  CASE d.outcome WHEN 1 THEN 'interrupted' WHEN 2 THEN 'cancelled' ELSE iif(r.finished_at IS NULL, 'in hand', 'finished') END AS outcome,
  coalesce(d.slow, 0) AS slow, d.map_id, h.hash AS human_png, m.hash AS machine_png
FROM improvement_runs r
LEFT JOIN improvement_scripts s ON s.id = r.script_id
LEFT JOIN run_details d ON d.run_id = r.id
LEFT JOIN pictures h ON h.id = d.human_png
LEFT JOIN pictures m ON m.id = d.machine_png;
