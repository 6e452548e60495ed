-- Code that was edited has not been tried, whoever edited it: a list need not read all
-- code and compare.
CREATE TRIGGER improvement_scripts_code_edited AFTER UPDATE OF code ON improvement_scripts
WHEN NEW.code IS NOT OLD.code
BEGIN UPDATE script_state SET tried_hash = NULL WHERE script_id = NEW.id; END;
-- INSERT OR REPLACE updates nothing.
CREATE TRIGGER improvement_scripts_code_replaced AFTER INSERT ON improvement_scripts
BEGIN UPDATE script_state SET tried_hash = NULL WHERE script_id = NEW.id; END;
