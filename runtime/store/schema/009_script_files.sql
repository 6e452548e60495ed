-- What was taken in last of the files in the scripts folder, which were rows of settings.
CREATE TABLE script_files (
  name    TEXT PRIMARY KEY, -- of the script: that of its file, without .pxl
  sum     TEXT NOT NULL,    -- SHA-256 of the file as it was then
  removed INTEGER NOT NULL  -- 1: the file was removed, and the script disabled for it
);
INSERT INTO script_files (name, sum, removed)
  SELECT substr(key, 13), iif(value LIKE 'removed:%', substr(value, 9), value), value LIKE 'removed:%'
  FROM settings WHERE key LIKE 'script\_file:_%' ESCAPE '\' AND typeof(key) = 'text' AND typeof(value) = 'text' AND value <> '';
DELETE FROM settings WHERE key LIKE 'script\_file:%' ESCAPE '\';
