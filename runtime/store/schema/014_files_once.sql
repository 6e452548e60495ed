-- A program that comes with the files that it includes is an entry of contents that
-- refers to theirs: its body is the program, and for each file a line
-- ';= KEPT ' || hash || ' ' || path. Its hash is that of the whole, with the texts of the
-- files in place of the lines. Code of scripts has the same form.
CREATE TABLE bundles (
  hash  TEXT PRIMARY KEY, -- of an entry that refers to files; all others are whole
  bytes INTEGER NOT NULL  -- of the whole
);
CREATE TRIGGER bundles_no_update BEFORE UPDATE ON bundles
BEGIN SELECT RAISE(ABORT, 'bundles say how contents are to be read: they are never updated'); END;
CREATE TRIGGER bundles_no_delete BEFORE DELETE ON bundles
BEGIN SELECT RAISE(ABORT, 'bundles say how contents are to be read: they are never deleted'); END;
CREATE TRIGGER bundles_no_replace BEFORE INSERT ON bundles
WHEN EXISTS (SELECT 1 FROM bundles WHERE hash = NEW.hash)
BEGIN SELECT RAISE(ABORT, 'bundles say how contents are to be read: they are never replaced'); END;

-- The entries with their texts whole. A file that is not there leaves its line.
CREATE VIEW contents_full AS
SELECT c.id, c.hash, CASE WHEN b.hash IS NULL THEN c.body ELSE (
  WITH RECURSIVE part (whole, rest) AS (
    SELECT substr(c.body, 1, n), substr(c.body, n + 1) FROM (SELECT instr(c.body, char(10) || ';= KEPT ') AS n)
    UNION ALL
    SELECT whole || coalesce(';= FILE ' || substr(rest, 74, instr(rest, char(10)) - 74) || char(10) || ';| '
        || (SELECT replace(f.body, char(10), char(10) || ';| ') FROM contents f WHERE f.hash = substr(rest, 9, 64)) || char(10),
        substr(rest, 1, instr(rest, char(10)))),
      substr(rest, instr(rest, char(10)) + 1)
    FROM part WHERE rest GLOB ';= KEPT *' || char(10) || '*'
  )
  SELECT whole || rest FROM part WHERE rest NOT GLOB ';= KEPT *' || char(10) || '*'
) END AS body
FROM contents c LEFT JOIN bundles b ON b.hash = c.hash;

DROP VIEW IF EXISTS infinite_map_full;
DROP VIEW IF EXISTS improvement_runs_full;

CREATE VIEW infinite_map_full AS
SELECT m.id, m.iteration,
  coalesce((SELECT body FROM contents_full WHERE hash = CASE WHEN t.task_description IS NOT NULL THEN lower(hex(t.task_description))
    WHEN m.id <= (SELECT map_id FROM earlier_texts WHERE one = 1) AND m.task_description LIKE 'sha256:%' THEN substr(m.task_description, 8, 64) END), m.task_description) AS task_description,
  coalesce((SELECT body FROM contents_full WHERE hash = CASE WHEN t.code IS NOT NULL THEN lower(hex(t.code))
    WHEN m.id <= (SELECT map_id FROM earlier_texts WHERE one = 1) AND m.code LIKE 'sha256:%' THEN substr(m.code, 8, 64) END), m.code) AS code,
  coalesce((SELECT body FROM contents_full WHERE hash = CASE WHEN t.result IS NOT NULL THEN lower(hex(t.result))
    WHEN m.id <= (SELECT map_id FROM earlier_texts WHERE one = 1) AND m.result LIKE 'sha256:%' THEN substr(m.result, 8, 64) END), m.result) AS result,
  coalesce((SELECT body FROM contents_full WHERE hash = CASE WHEN t.analysis IS NOT NULL THEN lower(hex(t.analysis))
    WHEN m.id <= (SELECT map_id FROM earlier_texts WHERE one = 1) AND m.analysis LIKE 'sha256:%' THEN substr(m.analysis, 8, 64) END), m.analysis) AS analysis,
  m.timestamp, m.parent_iteration, c.seq, lower(hex(c.hash)) AS hash
FROM infinite_map m
LEFT JOIN map_texts t ON t.map_id = m.id
LEFT JOIN map_chain c ON c.map_id = m.id;

CREATE VIEW improvement_runs_full AS
SELECT r.id, r.script_id, coalesce(s.name, g.name) AS script, r.started_at, r.finished_at, r.success,
  coalesce((SELECT body FROM contents_full WHERE hash = CASE WHEN t.stdout IS NOT NULL THEN lower(hex(t.stdout))
    WHEN r.id <= (SELECT run_id FROM earlier_texts WHERE one = 1) AND r.stdout LIKE 'sha256:%' THEN substr(r.stdout, 8, 64) END), r.stdout) AS stdout,
  coalesce((SELECT body FROM contents_full WHERE hash = CASE WHEN t.stderr IS NOT NULL THEN lower(hex(t.stderr))
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
