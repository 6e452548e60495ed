-- The setting that has programs on this computer show the token had another name than
-- the one that every database showed.
INSERT INTO settings (key, value, updated_at)
  SELECT 'api_require_token', value, updated_at FROM settings WHERE key = 'api_token_required' AND true
  ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at;
DELETE FROM settings WHERE key = 'api_token_required';
