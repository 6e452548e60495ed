-- Up to which time the figures of each day are one row for each: all before are.
CREATE TABLE rolled_up (
  one   INTEGER PRIMARY KEY CHECK (one = 1),
  up_to TEXT NOT NULL
);
