package loop

import (
	"context"
	"fmt"
	"image"
	"os"
	"slices"
	"strings"
	"testing"

	"gvpie/app/studio/loop/fixture"
	"gvpie/runtime/agent"
	"gvpie/runtime/host"
	"gvpie/runtime/store"
)

// startDaemon runs the services of a folder as another process would, and gives its
// loop once the first cycle is over.
func startDaemon(t *testing.T, dir string) *agent.Agent {
	t.Helper()
	h, err := host.Open(context.Background(), host.Config{Data: dir, Name: "gvpie daemon", Addr: "127.0.0.1:0", Clock: fixture.Noon})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	asleep, ended := make(chan *agent.Agent, 1), make(chan error, 1)
	go func() {
		ended <- h.Run(ctx, func(l *agent.Agent) {
			events, leave := l.Watch()
			go func() {
				defer leave()
				for e := range events {
					if e.Status.Phase == agent.Sleeping {
						asleep <- l
						return
					}
				}
			}()
		})
	}()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	return <-asleep
}

// label finds what is labelled with a text that begins so.
func (d *desk) label(begins string) (string, bool) {
	for _, n := range d.Nodes() {
		if strings.HasPrefix(n.Desc.Label, begins) && !n.Desc.Bounds.Empty() {
			return n.Desc.Label, true
		}
	}
	return "", false
}

func TestALoopOfAnotherProcessIsDrivenFromThePanel(t *testing.T) {
	dir := t.TempDir()
	daemon := startDaemon(t, dir)
	d := newDeskOn(t, dir, true)
	d.MustFind(fmt.Sprintf("run by gvpie daemon (process %d)", os.Getpid()))
	if says, _ := StatusLine(d.Theme, d.model.Agent()); !strings.HasPrefix(says, "agent: cycle 1, next at ") || !strings.HasSuffix(says, ", in gvpie daemon") {
		t.Errorf("the status line says %q", says)
	}
	d.Click("disable hello_gpu")
	d.Until("it is off", func() bool { _, ok := d.Find("enable hello_gpu"); return ok && !d.model.Agent().Scripts()[0].Enabled })
	// The switch shows what was asked for; what follows is to come after it.
	d.Until("it is off in the database", func() bool {
		return fixture.Int(t, dir+"/db/daemon.db", "SELECT enabled FROM improvement_scripts") == 0
	})

	// A row that cannot be read: the loop is not ready, and says why.
	fixture.Exec(t, dir+"/db/daemon.db", "UPDATE improvement_scripts SET enabled = 'perhaps'")
	d.Click("run a cycle now")
	d.Until("it is not ready", func() bool { _, ok := d.Find("Not ready"); return ok })
	for _, size := range []image.Point{{1440, 408}, {400, 300}} {
		d.Size = size
		d.Frame()
		d.MustFind("Not ready")
		if why, ok := d.label("Not ready: "); !ok || !strings.Contains(why, "hello_gpu") || !strings.Contains(why, "perhaps") {
			t.Errorf("at %v it says %q", size, why)
		}
		if _, ok := d.label("run by gvpie daemon"); !ok {
			t.Errorf("at %v it does not say whose loop it is", size)
		}
		d.CheckLayout()
	}
	if says, ink := StatusLine(d.Theme, d.model.Agent()); says != "agent: not ready" || ink != d.Theme.Error {
		t.Errorf("the status line says %q", says)
	}
	fixture.Exec(t, dir+"/db/daemon.db", "UPDATE improvement_scripts SET enabled = 0")
	d.Click("run a cycle now")
	d.Until("it is ready again", func() bool { _, bad := d.Find("Not ready"); _, why := d.label("Not ready: "); return !bad && !why })

	d.Click("pause the loop")
	d.Until("it is paused", func() bool { _, ok := d.Find("resume the loop"); return ok })
	if !daemon.Status().Paused {
		t.Error("the other process's loop is not paused")
	}
}

// The panel says who has the loop also where it cannot be driven.
func TestALoopThatIsOnlyLookedAtIsSaidToBe(t *testing.T) {
	dir := t.TempDir()
	lock, err := agent.TakeLock(dir, "gvpie daemon", fixture.Noon.Time)
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Release()
	d := newDeskOn(t, dir, false)
	d.MustFind(fmt.Sprintf("run by gvpie daemon (process %d), which answers no API", os.Getpid()))
	if _, ok := d.Find("pause the loop"); ok {
		t.Error("it can be paused")
	}
}

func TestTheDetailSaysWhatConfinedARun(t *testing.T) {
	dir, ctx := t.TempDir(), context.Background()
	s, _, err := store.Open(ctx, dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	id, _, err := s.UpsertScript(ctx, store.Script{Name: "snake", Lang: "python", Code: "print(1)", Enabled: true})
	if err != nil {
		t.Fatal(err)
	}
	want := map[int64][]string{}
	for by, says := range map[string][]string{"landlock, seccomp": {"confined by landlock, seccomp"}, store.Unconfined: {"confined by nothing"}, "": nil} {
		run, err := s.BeginRun(ctx, id, fixture.Noon.Time, "CPU")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.FinishRun(ctx, run, store.Finished{Success: true, ScriptID: id, Task: "snake", Code: "print(1)", ResultJSON: "{}", Confined: by}); err != nil {
			t.Fatal(err)
		}
		want[run] = says
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	d := newDeskOn(t, dir, false)
	for run, says := range want {
		d.model.Agent().ShowRun(run)
		d.Until("the run is shown", func() bool { det := d.model.Agent().Detail(); return det != nil && det.Run.ID == run })
		d.Frame()
		var got []string
		for _, n := range d.Nodes() {
			if strings.HasPrefix(n.Desc.Label, "confined by ") {
				got = append(got, n.Desc.Label)
			}
		}
		if !slices.Equal(got, says) {
			t.Errorf("run %d: %q, want %q", run, got, says)
		}
	}
}
