-- Before this step the six tables are put into our form (rebuild.go), which takes
-- their indices and triggers with it: what has gone is made again here.
CREATE INDEX IF NOT EXISTS improvement_runs_by_script ON improvement_runs (script_id);
CREATE INDEX IF NOT EXISTS infinite_map_by_iteration ON infinite_map (iteration);
CREATE INDEX IF NOT EXISTS system_metrics_by_name ON system_metrics (metric_name);

CREATE TRIGGER IF NOT EXISTS infinite_map_no_update BEFORE UPDATE ON infinite_map
BEGIN SELECT RAISE(ABORT, 'infinite_map forgets nothing: rows are never updated; add a new row with parent_iteration instead'); END;
CREATE TRIGGER IF NOT EXISTS infinite_map_no_delete BEFORE DELETE ON infinite_map
BEGIN SELECT RAISE(ABORT, 'infinite_map forgets nothing: rows are never deleted'); END;
CREATE TRIGGER IF NOT EXISTS infinite_map_no_replace BEFORE INSERT ON infinite_map
WHEN EXISTS (SELECT 1 FROM infinite_map WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'infinite_map forgets nothing: rows are never replaced'); END;

-- For people who ask for the latest by time, and for counting what is enabled
-- without reading the code of each script.
CREATE INDEX improvement_runs_by_start ON improvement_runs (started_at);
CREATE INDEX infinite_map_by_time ON infinite_map (timestamp);
CREATE INDEX system_metrics_by_time ON system_metrics (timestamp);
CREATE INDEX improvement_scripts_by_enabled ON improvement_scripts (enabled);
