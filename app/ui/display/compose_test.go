package display

import (
	"errors"
	"testing"
)

// A desktop's environment as a map.
type environment map[string]string

func (e environment) get(name string) string { return e[name] }
func (e environment) set(name, value string) error {
	e[name] = value
	return nil
}

func TestALocaleWithoutAComposeTableGetsOneThatHasIt(t *testing.T) {
	english := func(l string) bool { return l == "en_US.UTF-8" || l == "C" }
	for _, tt := range []struct {
		env         environment
		asked, used string
	}{
		{environment{}, "C", "C"},
		{environment{"LANG": "en_US.UTF-8"}, "en_US.UTF-8", "en_US.UTF-8"},
		{environment{"LANG": "hi_IN"}, "hi_IN", "en_US.UTF-8"},
		{environment{"LANG": "en_US.UTF-8", "LC_CTYPE": "vi_VN"}, "vi_VN", "en_US.UTF-8"},
		{environment{"LANG": "en_US.UTF-8", "LC_CTYPE": "C", "LC_ALL": "th_TH.UTF-8"}, "th_TH.UTF-8", "en_US.UTF-8"},
		{environment{"LANG": "nonsense"}, "nonsense", "en_US.UTF-8"},
	} {
		got, err := findCompose(tt.env.get, english)
		if err != nil || got != (Compose{Asked: tt.asked, Used: tt.used}) {
			t.Errorf("%v: %+v, %v", tt.env, got, err)
		}
	}
	got, err := findCompose(environment{"LANG": "hi_IN"}.get, func(l string) bool { return l == "C" })
	if err != nil || got.Used != "C" {
		t.Errorf("where only C has a table: %+v, %v", got, err)
	}
	if _, err := findCompose(environment{}.get, func(string) bool { return false }); !errors.Is(err, errNoCompose) {
		t.Errorf("where no locale has a table: %v", err)
	}
}

// Each of these has no table of its own somewhere.
func TestEveryLocaleEndsWithAComposeTable(t *testing.T) {
	if !hasCompose("en_US.UTF-8") {
		t.Skip("libxkbcommon has no compose tables here: the package libx11-data is missing")
	}
	for _, l := range []string{"en_IN", "hi_IN", "vi_VN", "th_TH.UTF-8", "en_DE.UTF-8", "de_DE.UTF-8", "ru_RU.UTF-8", "C.UTF-8", "POSIX", "nonsense"} {
		for _, name := range []string{"LANG", "LC_CTYPE", "LC_ALL"} {
			env := environment{name: l}
			if err := UseCompose(env.get, env.set); err != nil {
				t.Errorf("%s=%s: %v", name, l, err)
			}
			if c, err := FindCompose(env.get); err != nil || c.Used != c.Asked {
				t.Errorf("%s=%s: the window would still be opened with %+v, %v", name, l, c, err)
			}
		}
	}
}
