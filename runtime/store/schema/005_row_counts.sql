-- How many rows the tables that grow had up to an id, so that a start counts only
-- those after it.
CREATE TABLE row_counts (
  name  TEXT PRIMARY KEY,
  up_to INTEGER NOT NULL,
  rows  INTEGER NOT NULL,
  at    TEXT
);
