package cli

import (
	"strings"
	"testing"

	"gvpie/runtime/store"
)

func TestSettingsAreListedReadAndSet(t *testing.T) {
	data := t.TempDir()
	in(t, data, "settings", "get", "interval").want(t, ended{out: "10s\n"})
	in(t, data, "settings", "set", "interval", "1m").want(t, ended{out: "interval is 1m, from now on\n"})
	in(t, data, "settings", "get", "interval").want(t, ended{out: "1m\n"})
	for _, c := range []struct{ name, value, says string }{
		{"interval", "soon", `interval cannot be "soon": it is a time from 10ms to 24h, as 10s or 2m`},
		{"interval", "25h", "it is a time from 10ms to 24h"},
		{"scripts_per_cycle", "0", "it is a number from 1 to 100"},
		{"backend", "abacus", "it is gpu, cpu or auto"},
		{"api_require_token", "perhaps", "it is 0, 1, false or true"},
		{"api_token_required", "1", `there is no setting "api_token_required": it may be interval, `},
	} {
		if got := in(t, data, "settings", "set", c.name, c.value); got.code != exitUsage || got.out != "" || !strings.Contains(got.errout, c.says) {
			t.Errorf("%s %s: %+v", c.name, c.value, got)
		}
	}
	got := in(t, data, "settings", "list")
	lines := strings.Split(strings.TrimSuffix(got.out, "\n"), "\n")
	if len(lines) != 1+len(store.SettingSpecs) || !strings.HasPrefix(lines[0], "NAME ") || strings.Join(strings.Fields(lines[1])[:4], " ") != "interval 1m 10s now" {
		t.Errorf("%+v", got)
	}
	if last := lines[len(lines)-1]; !strings.HasPrefix(last, "addr ") || !strings.Contains(last, "the next start") || strings.Count(got.out, "the next start") != 5 {
		t.Errorf("what needs a start is addr, and what a model is asked with: %s", got.out)
	}
	if f := strings.Fields(lines[2]); f[1] != "3" {
		t.Errorf("nonsense was kept: %q", f)
	}
}
