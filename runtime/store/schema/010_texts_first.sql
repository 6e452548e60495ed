-- Columns that people read begin with the text itself. Of a long one the row has the
-- telling part, and the hash of the whole, which is in contents, stands here: NULL for
-- a text that is whole in its column. No reader guesses that from the text.
CREATE TABLE map_texts (
  map_id           INTEGER PRIMARY KEY,
  task_description BLOB,
  code             BLOB,
  result           BLOB,
  analysis         BLOB
);
CREATE TABLE run_texts (
  run_id INTEGER PRIMARY KEY,
  stdout BLOB,
  stderr BLOB
);
-- A text that is written by hand is whole, and what stands beside a run goes with it.
CREATE TRIGGER run_texts_stdout AFTER UPDATE OF stdout ON improvement_runs
BEGIN UPDATE run_texts SET stdout = NULL WHERE run_id = NEW.id AND stdout IS NOT NULL; END;
CREATE TRIGGER run_texts_stderr AFTER UPDATE OF stderr ON improvement_runs
BEGIN UPDATE run_texts SET stderr = NULL WHERE run_id = NEW.id AND stderr IS NOT NULL; END;
CREATE TRIGGER run_texts_delete AFTER DELETE ON improvement_runs
BEGIN DELETE FROM run_texts WHERE run_id = OLD.id; END;
-- Rows up to these ids may be of before: their columns refer to a long text by
-- 'sha256:' || hash || ' ' || how it begins.
CREATE TABLE earlier_texts (
  one    INTEGER PRIMARY KEY CHECK (one = 1),
  map_id INTEGER NOT NULL,
  run_id INTEGER NOT NULL
);
INSERT INTO earlier_texts SELECT 1,
  iif(EXISTS (SELECT 1 FROM contents), (SELECT coalesce(max(id), 0) FROM infinite_map), 0),
  iif(EXISTS (SELECT 1 FROM contents), (SELECT coalesce(max(id), 0) FROM improvement_runs), 0);

-- What held a script that nobody vouches for while it ran, as 'landlock, seccomp', or
-- 'nothing'. Runs of programs, which can do nothing, have no row.
CREATE TABLE confinements (
  id     INTEGER PRIMARY KEY,
  layers TEXT NOT NULL UNIQUE
);
CREATE TABLE run_confinements (
  run_id         INTEGER PRIMARY KEY,
  confinement_id INTEGER NOT NULL REFERENCES confinements (id)
);

DROP VIEW IF EXISTS infinite_map_full;
CREATE VIEW infinite_map_full AS
SELECT m.id, m.iteration,
  coalesce((SELECT body FROM contents WHERE hash = CASE WHEN t.task_description IS NOT NULL THEN lower(hex(t.task_description))
    WHEN m.id <= (SELECT map_id FROM earlier_texts WHERE one = 1) AND m.task_description LIKE 'sha256:%' THEN substr(m.task_description, 8, 64) END), m.task_description) AS task_description,
  coalesce((SELECT body FROM contents WHERE hash = CASE WHEN t.code IS NOT NULL THEN lower(hex(t.code))
    WHEN m.id <= (SELECT map_id FROM earlier_texts WHERE one = 1) AND m.code LIKE 'sha256:%' THEN substr(m.code, 8, 64) END), m.code) AS code,
  coalesce((SELECT body FROM contents WHERE hash = CASE WHEN t.result IS NOT NULL THEN lower(hex(t.result))
    WHEN m.id <= (SELECT map_id FROM earlier_texts WHERE one = 1) AND m.result LIKE 'sha256:%' THEN substr(m.result, 8, 64) END), m.result) AS result,
  coalesce((SELECT body FROM contents WHERE hash = CASE WHEN t.analysis IS NOT NULL THEN lower(hex(t.analysis))
    WHEN m.id <= (SELECT map_id FROM earlier_texts WHERE one = 1) AND m.analysis LIKE 'sha256:%' THEN substr(m.analysis, 8, 64) END), m.analysis) AS analysis,
  m.timestamp, m.parent_iteration, c.seq, lower(hex(c.hash)) AS hash
FROM infinite_map m
LEFT JOIN map_texts t ON t.map_id = m.id
LEFT JOIN map_chain c ON c.map_id = m.id;

DROP VIEW IF EXISTS improvement_runs_full;
CREATE VIEW improvement_runs_full AS
SELECT r.id, r.script_id, coalesce(s.name, g.name) AS script, r.started_at, r.finished_at, r.success,
  coalesce((SELECT body FROM contents WHERE hash = CASE WHEN t.stdout IS NOT NULL THEN lower(hex(t.stdout))
    WHEN r.id <= (SELECT run_id FROM earlier_texts WHERE one = 1) AND r.stdout LIKE 'sha256:%' THEN substr(r.stdout, 8, 64) END), r.stdout) AS stdout,
  coalesce((SELECT body FROM contents WHERE hash = CASE WHEN t.stderr IS NOT NULL THEN lower(hex(t.stderr))
    WHEN r.id <= (SELECT run_id FROM earlier_texts WHERE one = 1) AND r.stderr LIKE 'sha256:%' THEN substr(r.stderr, 8, 64) END), r.stderr) AS stderr,
  r.duration_ms, r.backend, r.cartridge_path,
  CASE d.outcome WHEN 1 THEN 'interrupted' WHEN 2 THEN 'cancelled' ELSE iif(r.finished_at IS NULL, 'in hand', 'finished') END AS outcome,
  coalesce(d.slow, 0) AS slow, d.map_id, h.hash AS human_png, m.hash AS machine_png,
  l.layers AS confined
FROM improvement_runs r
LEFT JOIN improvement_scripts s ON s.id = r.script_id
LEFT JOIN orphaned_runs o ON o.run_id = r.id
LEFT JOIN removed_scripts g ON g.id = o.removed_id
LEFT JOIN run_texts t ON t.run_id = r.id
LEFT JOIN run_confinements c ON c.run_id = r.id
LEFT JOIN confinements l ON l.id = c.confinement_id
LEFT JOIN run_details d ON d.run_id = r.id
LEFT JOIN pictures h ON h.id = d.human_png
LEFT JOIN pictures m ON m.id = d.machine_png;
