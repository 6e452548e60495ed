package loop

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"gvpie/runtime/agent"
)

// The unit is started once the folder is free for it.
func TestTheUnitIsStartedWhenTheLoopHasEnded(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("systemd is for Linux")
	}
	folder, data := t.TempDir(), t.TempDir()
	calls := filepath.Join(folder, "calls")
	script := "#!/bin/sh\necho \"$@\" >> " + calls + "\n"
	if err := os.WriteFile(filepath.Join(folder, "systemctl"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", folder+string(filepath.ListSeparator)+os.Getenv("PATH"))
	t.Setenv("XDG_CONFIG_HOME", folder)
	d := newDesk(t, Config{Data: data, Run: true, Clock: newHandClock(), Addr: ""})
	d.until("the first cycle is over", func() bool { return d.Status().Phase == agent.Sleeping && d.LostByClosing() == 1 })
	kept := false
	d.KeepRunning(func() { kept = true })
	d.until("it is installed", func() bool { return kept })
	close(d.closed)
	if err := d.Monitor.Close(); err != nil {
		t.Error(err)
	}
	d.closed = make(chan struct{}) // for the desk's own end
	if who, held := agent.WhoRuns(data); held {
		t.Errorf("the folder is still held by %v", who)
	}
	if b, err := os.ReadFile(calls); err != nil || string(b) != "--user daemon-reload\n--user enable gvpie.service\n--user start --no-block gvpie.service\n" {
		t.Errorf("systemctl was called with %q, %v", b, err)
	}
	unit, err := os.ReadFile(filepath.Join(folder, "systemd", "user", "gvpie.service"))
	if err != nil || !strings.Contains(string(unit), `" "daemon" "--journal" "--data" "`+data+`" "--addr" ""`+"\n") {
		t.Errorf("the unit is %s, %v", unit, err)
	}
}
