package ui

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"gvpie/runtime/store"
)

// closing asks whether the window may close, and says whether a question is in front.
func (d *desk) closing() (may, asked bool) {
	may = d.bench.documents.mayClose()
	d.Frame()
	return may, d.bench.dialogs.front != nil
}

// setting is a setting as the database has it.
func (d *desk) setting(key string) string {
	d.T.Helper()
	s, _, err := store.Open(context.Background(), d.model.Agent().Data(), store.Options{})
	if err != nil {
		d.T.Fatal(err)
	}
	defer s.Close()
	v, err := s.Setting(context.Background(), key, "")
	if err != nil {
		d.T.Fatal(err)
	}
	return v
}

func TestAWindowAsksBeforeTheLoopStopsWithIt(t *testing.T) {
	t.Setenv("XDG_RUNTIME_DIR", "") // without systemd
	d := newAgentDesk(t, 400, 300, 1, 0, true)
	quits := 0
	d.bench.documents.quit = func() { quits++ }
	if may, asked := d.closing(); may || !asked {
		t.Fatalf("it may close: %v; asked: %v", may, asked)
	}
	d.MustFind("1 script will not run until this window, or gvpie daemon, is started again.")
	if _, ok := d.Find("Keep running"); ok {
		t.Error("without systemd it is offered")
	}
	d.CheckLayout()
	d.Click("Cancel")
	d.Click("tab panel.pxl") // the window is used on
	if d.bench.dialogs.front != nil || quits > 0 {
		t.Error("the window closes though it was not to")
	}
	d.closing()
	d.Click("Close")
	if may, asked := d.closing(); quits != 1 || !may || asked {
		t.Errorf("after Close: %d, %v, %v", quits, may, asked)
	}
	if v := d.setting(store.AskToCloseSetting); v != "1" {
		t.Errorf("the setting is %q", v)
	}
}

func TestAWindowAsksNoMoreWhereItIsNotTo(t *testing.T) {
	d := newAgentDesk(t, 1440, 900, 1, 0, true)
	quits := 0
	d.bench.documents.quit = func() { quits++ }
	d.closing()
	d.Click("Don't ask again")
	d.Click("Don't ask again")
	d.Click("Don't ask again")
	d.Click("Close")
	d.Until("it closes", func() bool { return quits == 1 })
	if v := d.setting(store.AskToCloseSetting); v != "0" {
		t.Errorf("the setting is %q", v)
	}
	d.bench.documents.leaving = false // the next window
	d.Until("it is known", func() bool { return d.model.Agent().LostByClosing() == 0 })
	if may, asked := d.closing(); !may || asked {
		t.Errorf("it may close: %v; asked: %v", may, asked)
	}
}

// Nothing is lost with a loop that has nothing to run, or is another process's.
func TestAWindowClosesQuietlyWhenNothingIsLost(t *testing.T) {
	looking := newAgentDesk(t, 1440, 900, 1, 20, false)
	if may, asked := looking.closing(); !may || asked {
		t.Errorf("without the loop it may close: %v; asked: %v", may, asked)
	}
	d := newAgentDesk(t, 1440, 900, 1, 0, true)
	a := d.model.Agent()
	a.SetEnabled(a.Scripts()[0].ID, false)
	if may, asked := d.closing(); !may || asked {
		t.Errorf("with nothing to run it may close: %v; asked: %v", may, asked)
	}
}

// withSystemd is a user's systemd whose systemctl does what a shell does with how.
func withSystemd(t *testing.T, how string) (calls func() string, unit string) {
	t.Helper()
	dir := t.TempDir()
	for path, text := range map[string]string{
		"run/systemd/private": "", "bin/systemctl": "#!/bin/sh\necho \"$@\" >> \"" + dir + "/calls\"\n" + how + "\n",
	} {
		path = filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("XDG_RUNTIME_DIR", filepath.Join(dir, "run"))
	t.Setenv("XDG_CONFIG_HOME", filepath.Join(dir, "config"))
	t.Setenv("PATH", filepath.Join(dir, "bin")+string(filepath.ListSeparator)+os.Getenv("PATH"))
	return func() string {
		b, _ := os.ReadFile(filepath.Join(dir, "calls"))
		return string(b)
	}, filepath.Join(dir, "config", "systemd", "user", "gvpie.service")
}

func TestTheLoopIsKeptRunningAsAService(t *testing.T) {
	calls, unit := withSystemd(t, "")
	d := newAgentDesk(t, 400, 300, 1, 0, true)
	quits := 0
	d.bench.documents.quit = func() { quits++ }
	d.closing()
	d.CheckLayout()
	d.Click("Keep running")
	d.Until("it closes", func() bool { return quits == 1 })
	if may, asked := d.closing(); !may || asked {
		t.Errorf("it may close: %v; asked: %v", may, asked)
	}
	if _, err := os.Stat(unit); err != nil || calls() != "--user daemon-reload\n--user enable gvpie.service\n" {
		t.Errorf("%v; systemctl was called with %q", err, calls())
	}
}

func TestAServiceThatCannotBeInstalledIsSaidAndTheWindowStays(t *testing.T) {
	calls, _ := withSystemd(t, "echo Failed to connect to bus >&2; exit 1")
	d := newAgentDesk(t, 1440, 900, 1, 0, true)
	d.bench.documents.quit = func() { t.Error("the window closes") }
	d.closing()
	d.Click("Keep running")
	d.Until("it is said", func() bool { return len(d.model.Notices()) > 0 })
	if n := d.model.Notices()[0].Text; n != "The loop cannot be kept running: systemctl --user daemon-reload: exit status 1: Failed to connect to bus" {
		t.Errorf("%q after %q", n, calls())
	}
	if may, _ := d.closing(); may {
		t.Error("it may close without a question now")
	}
}
