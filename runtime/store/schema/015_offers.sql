-- What improving programs keeps. Sources of offers are entries of contents, by their
-- hashes, as the code of the infinite map is.
CREATE TABLE improve_offers (
  id              INTEGER PRIMARY KEY AUTOINCREMENT,
  script_id       INTEGER REFERENCES improvement_scripts (id) ON DELETE SET NULL,
  script          TEXT,          -- its name, or the one that approving adds it by
  goal_id         INTEGER REFERENCES development_goals (id) ON DELETE SET NULL,
  state           TEXT NOT NULL, -- found, checked, offered, approved, rejected, superseded, rolled_back
  claim           TEXT NOT NULL, -- cheaper, closer, passes
  evidence        TEXT NOT NULL, -- trial, rule, solver, exhaustive, complete
  proposer        TEXT,
  source          TEXT NOT NULL, -- hash of what is offered
  before          TEXT,          -- hash of the script's code that it was made for; NULL: of none
  cost_before     INTEGER,
  cost_after      INTEGER,
  distance_before REAL,          -- from the goal's picture
  distance_after  REAL,
  steps           TEXT,          -- a JSON list of sentences
  candidates      INTEGER,       -- that were looked at
  seed            TEXT,          -- a whole number up to 2⁶⁴
  note            TEXT,
  human_png       INTEGER REFERENCES pictures (id),
  machine_png     INTEGER REFERENCES pictures (id),
  map_id          INTEGER,       -- the row of the map that tells what was decided last
  found_at        TEXT DEFAULT (datetime('now')),
  decided_at      TEXT
);
CREATE INDEX improve_offers_by_state ON improve_offers (state);
CREATE INDEX improve_offers_by_script ON improve_offers (script_id);

-- What a goal asks for beside its words.
CREATE TABLE goal_aims (
  goal_id   INTEGER PRIMARY KEY REFERENCES development_goals (id) ON DELETE CASCADE,
  target    INTEGER REFERENCES pictures (id), -- the picture that is to be drawn
  check_pxl TEXT,                             -- hash of the program that is run after a candidate
  max_cost  INTEGER,
  script_id INTEGER REFERENCES improvement_scripts (id) ON DELETE SET NULL
);

-- Of each picture, by the hash that whoever searches gives it, the cheapest program.
CREATE TABLE improve_archive (
  picture  TEXT PRIMARY KEY,
  source   TEXT NOT NULL,
  cost     INTEGER NOT NULL,
  proposer TEXT,
  found_at TEXT
);
CREATE INDEX improve_archive_by_age ON improve_archive (found_at);

-- Where the search for a better program of a script is, to go on from.
CREATE TABLE improve_campaigns (
  script_id INTEGER PRIMARY KEY REFERENCES improvement_scripts (id) ON DELETE CASCADE,
  state     TEXT NOT NULL, -- JSON
  saved_at  TEXT
);

-- How much was searched, by the hour: 2026-11-28 05.
CREATE TABLE improve_hours (
  hour       TEXT PRIMARY KEY,
  candidates INTEGER NOT NULL
);
