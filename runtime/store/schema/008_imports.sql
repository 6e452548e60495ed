-- What was brought in from elsewhere: from a database that was damaged and put aside, or
-- from an export.
CREATE TABLE imports (
  id          INTEGER PRIMARY KEY,
  path        TEXT NOT NULL,              -- of the damaged database, or of the export's folder
  damaged     INTEGER NOT NULL,           -- 1: a damaged database
  began_at    TEXT,
  finished_at TEXT,                       -- NULL while it is under way
  map_end     INTEGER NOT NULL DEFAULT 0, -- the id after which the map goes on with rows of this database
  page        INTEGER NOT NULL DEFAULT 0, -- how far the damaged file was read
  pages       INTEGER NOT NULL DEFAULT 0, -- of so many: it is gone through several times
  holes       INTEGER NOT NULL DEFAULT 0, -- how many numbers of the chain are of no row any more
  lost        INTEGER NOT NULL DEFAULT 0, -- those of them that are known to have been of one
  sum         BLOB,                       -- over this and what belongs to it; none: it is not ours
  report      TEXT                        -- JSON: the rows by table, and what could not be read
);
-- Where a row's id was another's here already, the one that it got.
CREATE TABLE imported_ids (
  import_id INTEGER NOT NULL,
  name      TEXT NOT NULL,                -- of the table
  was       INTEGER NOT NULL,
  now       INTEGER NOT NULL
);
CREATE INDEX imported_ids_by_import ON imported_ids (import_id);
-- Rows of the map of which the chain does not say any more that they are as they were
-- written: the hash is of the row as it was brought in.
CREATE TABLE imported_rows (
  map_id    INTEGER PRIMARY KEY,
  import_id INTEGER NOT NULL,
  hash      BLOB NOT NULL
);
-- Numbers of the chain of which the row was lost before it could be brought in.
CREATE TABLE chain_gaps (
  id        INTEGER PRIMARY KEY,
  import_id INTEGER NOT NULL,
  first_seq INTEGER NOT NULL,
  last_seq  INTEGER NOT NULL
);
