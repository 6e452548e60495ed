package store

import (
	"context"
	"maps"
	"slices"
	"testing"

	"gvpie/runtime/store/chain"
)

func TestAFreshDatabaseHasEverySettingAtItsDefault(t *testing.T) {
	s := fresh(t)
	rows, err := s.Settings(t.Context())
	must(t, err)
	want := map[string]string{}
	for _, spec := range SettingSpecs {
		want[spec.Name] = spec.Default
		if bad := spec.Check(spec.Default); bad != nil || spec.Means == "" {
			t.Errorf("%s by default is %q: %v", spec.Name, spec.Default, bad)
		}
		if live := spec.Counts != nextStart; live != !slices.Contains([]string{AddrSetting, ModelServerSetting, ModelSetting, ModelCallsSetting, ModelTokensSetting}, spec.Name) {
			t.Errorf("%s counts from %s", spec.Name, spec.Counts)
		}
		if spec.Check("nonsense") == nil && spec.Name != ModelSetting || spec.Check("") == nil {
			t.Errorf("%s may be anything", spec.Name)
		}
	}
	if !maps.Equal(rows, want) {
		t.Errorf("the rows are %v, want %v", rows, want)
	}
}

func TestARuleForOffersNamesClaimsWithTheirProof(t *testing.T) {
	for value, want := range map[string]bool{
		"none": true, "cheaper:complete": true, "cheaper:rule,closer:solver , passes:exhaustive": true,
		"cheaper": false, "cheaper:": false, "cheaper:trial": false, "all": false, "none,cheaper:rule": false, "cheaper:rule,": false,
	} {
		spec, _ := FindSetting(ApproveSetting)
		if bad := spec.Check(value); (bad == nil) != want {
			t.Errorf("%q: %v", value, bad)
		}
	}
	o := Offer{Claim: "cheaper", Evidence: "rule"}
	for rule, want := range map[string]bool{"none": false, "cheaper:complete": false, "cheaper:complete, cheaper:rule": true, "cheaper:rule,x": false} {
		if ApprovedBy(rule, &o) != want {
			t.Errorf("%q: %v", rule, !want)
		}
	}
}

func TestTheTokensSettingKeepsItsValueUnderItsName(t *testing.T) {
	for _, was := range []string{"1", "0"} {
		s := fresh(t)
		must(t, s.SetSetting(t.Context(), "api_token_required", was))
		must(t, s.SetSetting(t.Context(), "api_require_token", map[string]string{"0": "1", "1": "0"}[was])) // which did nothing
		step, err := schema.ReadFile("schema/006_token_setting.sql")
		must(t, err)
		must(t, s.core.write(t.Context(), "a test", func(ctx context.Context, q querier) error {
			_, err := q.ExecContext(ctx, string(step))
			return err
		}))
		rows, err := s.Settings(t.Context())
		must(t, err)
		if _, old := rows["api_token_required"]; old || rows["api_require_token"] != was {
			t.Errorf("%s: %v", was, rows)
		}
	}
}

// What was known of script files stood among the settings.
func TestSettingsOfScriptFilesMoveToATableOfTheirOwn(t *testing.T) {
	s := fresh(t)
	dir := s.Dir()
	must(t, s.Close())
	db := beside(t, s)
	sqlExec(t, db, "DROP TABLE script_files")
	sqlExec(t, db, "UPDATE schema_version SET version = 8")
	sqlExec(t, db, "DELETE FROM settings WHERE key IN ('addr', 'backend')") // as an earlier one lacks it
	for key, value := range map[string]any{
		"script_file:a": chain.HashText("a"), "script_file:gone": "removed:" + chain.HashText("b"), "script_file:none": "", "script_file:": chain.HashText("c"),
		"script_file:a%_b c": chain.HashText("d"), "script_file:odd": []byte{1}, "scriptXfile:no": "1", "mine": "script_file:x",
	} {
		_, err := db.Exec("INSERT INTO settings (key, value) VALUES (?, ?)", key, value)
		must(t, err)
	}
	s, _ = open(t, dir)
	files, err := s.ScriptFiles(t.Context())
	must(t, err)
	if want := (map[string]TakenIn{"a": {Sum: chain.HashText("a")}, "gone": {chain.HashText("b"), true}, "a%_b c": {Sum: chain.HashText("d")}}); !maps.Equal(files, want) {
		t.Errorf("the files are %v, want %v", files, want)
	}
	rows, err := s.Settings(t.Context())
	must(t, err)
	for _, spec := range SettingSpecs {
		if rows[spec.Name] != spec.Default {
			t.Errorf("%s is %q", spec.Name, rows[spec.Name])
		}
		delete(rows, spec.Name)
	}
	if want := (map[string]string{"scriptXfile:no": "1", "mine": "script_file:x"}); !maps.Equal(rows, want) {
		t.Errorf("beside the settings there are %v, want %v", rows, want)
	}
}

func TestWhatIsKnownOfAScriptFileIsWrittenReadAndForgotten(t *testing.T) {
	s := fresh(t)
	a, b := chain.HashText("a"), chain.HashText("b")
	for _, want := range []TakenIn{{}, {Sum: a}, {a, true}, {b, false}, {}} {
		must(t, s.SetScriptFile(t.Context(), "x", want))
		if got, err := s.ScriptFile(t.Context(), "x"); got != want || err != nil {
			t.Errorf("%+v, want %+v, %v", got, want, err)
		}
	}
	must(t, s.SetScriptFile(t.Context(), "good", TakenIn{Sum: a}))
	sqlExec(t, beside(t, s), "INSERT INTO script_files VALUES ('odd', 2, 0), ('short', 'ff', 1), (NULL, ?, 0), (x'00', ?, 0)", a, a)
	if files, err := s.ScriptFiles(t.Context()); err != nil || !maps.Equal(files, map[string]TakenIn{"good": {Sum: a}}) {
		t.Errorf("%v, %v", files, err)
	}
	if got, err := s.ScriptFile(t.Context(), "short"); got != (TakenIn{}) || err != nil {
		t.Errorf("%v, %v", got, err)
	}
}

func TestAnAddressIsCheckedBeforeItIsUsed(t *testing.T) {
	spec, _ := FindSetting(AddrSetting)
	for value, good := range map[string]bool{
		"127.0.0.1:8081": true, "[::1]:0": true, ":80": true, "none": true,
		"127.0.0.1": false, "localhost:http": false, "a:70000": false, "a:-1": false, "": false, "8081": false,
	} {
		if err := spec.Check(value); (err == nil) != good {
			t.Errorf("%q: %v", value, err)
		}
	}
}
