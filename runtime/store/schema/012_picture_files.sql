-- Of each picture the run that used it last, more or less, whose row of the map replay
-- makes it again from, and what becomes of its file.
CREATE TABLE picture_files (
  picture_id INTEGER PRIMARY KEY,
  run_id     INTEGER NOT NULL,
  fate       INTEGER NOT NULL -- 0 there until enough are newer, 1 kept for ever, 2 dropped: replay has made it again bit for bit
);
CREATE INDEX picture_files_there ON picture_files (run_id) WHERE fate = 0;
INSERT INTO picture_files (picture_id, run_id, fate)
  SELECT picture, max(run), max(failed) FROM (
    SELECT d.human_png AS picture, r.id AS run, coalesce(CAST(r.success AS REAL), 0) = 0 AS failed FROM run_details d JOIN improvement_runs r ON r.id = d.run_id
    UNION ALL
    SELECT d.machine_png, r.id, coalesce(CAST(r.success AS REAL), 0) = 0 FROM run_details d JOIN improvement_runs r ON r.id = d.run_id)
  WHERE typeof(picture) = 'integer' GROUP BY picture;
