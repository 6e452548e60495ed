-- How often scripts were added, edited, switched or removed, whoever did it: a list of
-- thousands is read again whole only when one was. What runs do to them is not counted.
CREATE TABLE script_edits (
  one   INTEGER PRIMARY KEY CHECK (one = 1),
  edits INTEGER NOT NULL
);
INSERT INTO script_edits VALUES (1, 0);
CREATE TRIGGER improvement_scripts_added AFTER INSERT ON improvement_scripts
BEGIN UPDATE script_edits SET edits = edits + 1; END;
CREATE TRIGGER improvement_scripts_edited AFTER UPDATE OF id, name, lang, purpose, code, enabled, created_at ON improvement_scripts
BEGIN UPDATE script_edits SET edits = edits + 1; END;
CREATE TRIGGER improvement_scripts_removed AFTER DELETE ON improvement_scripts
BEGIN UPDATE script_edits SET edits = edits + 1; END;
