package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestInstallUnitWritesAUnitAndSaysWhere(t *testing.T) {
	config, data := t.TempDir(), filepath.Join(t.TempDir(), `a $HOME "100 %"`)
	env := map[string]string{"XDG_CONFIG_HOME": config}
	args := []string{"daemon", "--install-unit", "--data", data, "--interval", "1m30s", "--addr", "", "--backend", "cpu"}
	path := filepath.Join(config, "systemd", "user", "gvpie.service")
	for range 2 { // its own it may write over
		got := world{env: env}.run(t, args...)
		if got.code != exitOK || !strings.HasPrefix(got.out, path+"\n") || !strings.Contains(got.out, "systemctl --user enable --now gvpie") {
			t.Fatalf("%+v", got)
		}
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"\nType=notify\n", "\nWatchdogSec=60\n", "\nRestart=on-failure\n", "\nWantedBy=default.target\n",
		` "daemon" "--journal" "--data" "` + strings.NewReplacer("$", "$$", "%", "%%", `"`, `\"`).Replace(data) + `" "--addr" "" "--backend" "cpu" "--interval" "1m30s"` + "\n",
	} {
		if !strings.Contains(string(b), want) {
			t.Errorf("the unit lacks %q:\n%s", want, b)
		}
	}
	if _, err := os.Stat(data); err == nil {
		t.Error("the data folder was made, and nothing has run")
	}
	if analyze, err := exec.LookPath("systemd-analyze"); err == nil {
		if out, err := exec.Command(analyze, "verify", "--user", path).CombinedOutput(); strings.Contains(string(out), "gvpie.service:") {
			t.Errorf("systemd says: %s (%v)", out, err)
		}
	}
	if err := os.WriteFile(path, []byte("[Service]\nExecStart=/bin/true\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if got := (world{env: env}).run(t, args...); got.code != exitFailed || !strings.Contains(got.errout, "not of gvpie's making") {
		t.Errorf("somebody else's unit: %+v", got)
	}
	if b, err := os.ReadFile(path); err != nil || string(b) != "[Service]\nExecStart=/bin/true\n" {
		t.Errorf("somebody else's unit is now %s, %v", b, err)
	}
}
