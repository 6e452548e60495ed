package studio

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gvpie/app/studio/loop"
	"gvpie/runtime/agent"
	"gvpie/runtime/engine"
)

func TestWithoutADataFolderNothingIsAskedOfTheLoop(t *testing.T) {
	d := newDesk(t, Config{Backend: engine.OnCPU})
	for _, id := range []string{"agent.pause", "agent.resume", "agent.run"} {
		if d.m.Action(id).On() {
			t.Errorf("%s may be done without a loop", id)
		}
	}
}

func TestTheLoopsActionsDriveIt(t *testing.T) {
	dir := t.TempDir()
	d := newDesk(t, Config{Backend: engine.OnCPU, Data: dir, Agent: true})
	a := d.m.Agent()
	cycle := func(n int) func() bool {
		return func() bool { return a.Status().Cycle >= n && a.Status().Phase == agent.Sleeping }
	}
	d.until("the first cycle is over", cycle(1))
	d.m.Action("agent.pause").Invoke()
	d.until("it is paused", func() bool { return a.Status().Paused })
	if d.m.Action("agent.pause").On() {
		t.Error("a paused loop can be paused again")
	}
	d.m.Action("agent.resume").Invoke()
	d.until("it goes on", func() bool { return !a.Status().Paused })
	d.m.Action("agent.run").Invoke()
	d.until("the second cycle is over", cycle(2))
	d.until("the script is listed", func() bool { return len(a.Scripts()) == 1 })
	a.OpenScript(a.Scripts()[0].ID)
	d.until("the script is open", func() bool { return d.m.Active() != nil })
	opened := d.m.Active()
	if !strings.HasPrefix(opened.Path, agent.ScriptFolder(dir)) || opened.Dirty() {
		t.Fatalf("a script is opened as %+v", opened)
	}
	other := d.m.NewDocument()
	a.OpenScript(a.Scripts()[0].ID)
	d.until("it comes to the front", func() bool { return d.m.Active() != other })
	if d.m.Active() != opened || len(d.m.Docs()) != 2 {
		t.Error("a script that is open is opened once more")
	}
	if a.State() != loop.Running {
		t.Errorf("state %v", a.State())
	}
}

func TestATextOfTheLoopIsOpenedOnce(t *testing.T) {
	d := newDesk(t, Config{Backend: engine.OnCPU})
	w := loopWindow{d.m.inbox, d.m.Documents, d.m.notices}
	path := filepath.Join(t.TempDir(), "p.pxl")
	if err := os.WriteFile(path, []byte("HALT\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	w.OpenText("a.pxl", "", "NOP\n")
	w.OpenText("a.pxl", "", "HALT\n")
	w.OpenText("a.pxl", path, "NOP\n")
	if len(d.m.Docs()) != 3 {
		t.Fatalf("%d tabs", len(d.m.Docs()))
	}
	w.OpenText("a.pxl", "", "NOP\n")
	if len(d.m.Docs()) != 3 || d.m.ActiveIndex() != 0 {
		t.Errorf("%d tabs, %d in front", len(d.m.Docs()), d.m.ActiveIndex())
	}
	w.OpenText("b.pxl", path, "anything")
	if len(d.m.Docs()) != 3 || d.m.ActiveIndex() != 2 {
		t.Errorf("%d tabs, %d in front", len(d.m.Docs()), d.m.ActiveIndex())
	}
}
