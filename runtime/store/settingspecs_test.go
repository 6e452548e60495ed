package store

import (
	"context"
	"maps"
	"testing"
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
		if spec.Check("nonsense") == nil || spec.Check("") == nil {
			t.Errorf("%s may be anything", spec.Name)
		}
	}
	if !maps.Equal(rows, want) {
		t.Errorf("the rows are %v, want %v", rows, want)
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
