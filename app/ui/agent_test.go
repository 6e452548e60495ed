package ui

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"gioui.org/f32"
	"gioui.org/io/pointer"

	"gvpie/app/studio"
	model "gvpie/app/studio/loop"
	"gvpie/app/studio/loop/fixture"
	"gvpie/app/ui/kit/kittest"
	"gvpie/app/ui/loop"
	"gvpie/runtime/agent"
)

// newAgentDesk is a desk whose loop has a history of so many runs. live runs the
// loop; otherwise the history is looked at.
func newAgentDesk(t testing.TB, width, height int, scale float32, runs int, live bool) *desk {
	t.Helper()
	dir := t.TempDir()
	if runs > 0 {
		if err := fixture.Fill(context.Background(), dir, runs, fixture.Noon.Time); err != nil {
			t.Fatal(err)
		}
	}
	d := newDeskOf(t, width, height, scale, studio.Config{Data: dir, Agent: live, AgentClock: fixture.Noon})
	d.openExample("panel")
	d.Until("the loop's lists are there", func() bool {
		a := d.model.Agent()
		return a.Listed() && (!live || a.Status().Phase == agent.Sleeping && a.Counts().Runs > 0)
	})
	return d
}

// agentScenes are looked at as those of the window are.
var agentScenes = []struct {
	name          string
	width, height int
	scale         float32
	runs          int
	live          bool
	set           func(d *desk)
}{
	{"agent", 1440, 900, 1, 10_000, true, func(d *desk) {
		d.Press("Ctrl-Shift-A")
		d.Until("the scripts are there", func() bool { _, ok := d.Find("script night_sky"); return ok })
		d.Click("script night_sky")
	}},
	{"agent_light", 1440, 900, 1, 10_000, true, func(d *desk) {
		d.bench.action("theme.light").Invoke()
		d.Press("Ctrl-Shift-A")
		d.chooseFirstRun()
	}},
	{"agent_2x", 2400, 1600, 2, 2000, true, func(d *desk) {
		d.Press("Ctrl-Shift-A")
		d.bench.bottom.agent.Show(loop.Goals)
		d.model.Agent().ShowRun(1999 - (1999-4)%7)
	}},
	{"agent_cartridges", 1440, 900, 1, 500, false, func(d *desk) {
		d.Press("Ctrl-Shift-A")
		d.Click("list cartridges")
		d.Click("cartridge night_001")
	}},
	{"agent_medium", 1000, 700, 1, 500, true, func(d *desk) { d.Press("Ctrl-Shift-A"); d.chooseFirstRun() }},
	{"agent_small", 400, 300, 1, 500, true, func(d *desk) { d.Press("Ctrl-Shift-A") }},
	{"agent_fresh", 1440, 900, 1, 0, false, func(d *desk) { d.Press("Ctrl-Shift-A") }},
	{"map", 1440, 900, 1, 10_000, true, func(d *desk) { d.Press("Ctrl-Shift-I"); d.wholeLineage() }},
	{"map_close", 1440, 900, 1, 2000, true, func(d *desk) {
		d.Press("Ctrl-Shift-I")
		d.wholeLineage()
		for range 4 {
			d.Click("zoom in on the map")
		}
		d.model.Agent().Compare(996, 1003)
	}},
	{"map_light", 1440, 900, 1, 2000, true, func(d *desk) {
		d.bench.action("theme.light").Invoke()
		d.Press("Ctrl-Shift-I")
		d.wholeLineage()
		d.model.Agent().Compare(9, 1997)
	}},
	{"map_list", 1440, 900, 1, 2000, true, func(d *desk) {
		d.Press("Ctrl-Shift-I")
		d.wholeLineage()
		d.Click("show as list")
		d.model.Agent().Compare(1991, 0)
	}},
	{"map_small", 620, 480, 1, 500, true, func(d *desk) { d.Press("Ctrl-Shift-I"); d.wholeLineage() }},
}

// chooseFirstRun chooses the newest run once it is there.
func (d *desk) chooseFirstRun() {
	a := d.model.Agent()
	d.Until("the runs are there", func() bool { return a.Runs().At(0) != nil })
	a.ShowRun(a.Runs().At(0).ID)
}

func (d *desk) wholeLineage() {
	d.Until("the lineage is there", func() bool { return d.model.Agent().Lineage().Ready })
}

// awaitLists waits until what is on screen of the loop has been read.
func (d *desk) awaitLists() {
	d.T.Helper()
	a := d.model.Agent()
	d.Until("what is shown has been read", func() bool {
		if _, reading := d.Find("row, being read"); reading {
			return false
		}
		if run, script := a.Shown(); run+script != 0 {
			det := a.Detail()
			if det == nil {
				return false
			}
			if img, err := a.Picture(model.PictureKey{Hash: det.Run.HumanPNG}); det.Run.HumanPNG != "" && img == nil && err == nil {
				return false
			}
		}
		for _, c := range a.Cartridges() {
			if _, shown := d.Find("open the cartridge"); shown {
				if img, err := a.Picture(model.PictureKey{Path: c.Path, Small: true}); img == nil && err == nil {
					return false
				}
			}
		}
		x, _ := a.Compared()
		return x == 0 || a.Comparison() != nil
	})
	d.Frame()
}

// run finds the row of a run.
func (d *desk) run(id int64) (label string, ok bool) {
	for _, n := range d.Nodes() {
		if strings.HasPrefix(n.Desc.Label, fmt.Sprintf("run %d of ", id)) {
			return n.Desc.Label, true
		}
	}
	return "", false
}

func TestTheLoopsPanelsAtEverySizeAndState(t *testing.T) {
	for _, s := range agentScenes {
		t.Run(s.name, func(t *testing.T) {
			d := newAgentDesk(t, s.width, s.height, s.scale, s.runs, s.live)
			d.Frame()
			s.set(d)
			d.awaitPictures()
			d.awaitLists()
			img := d.Shoot(s.name)
			if n := kittest.Colors(img); n < 24 {
				t.Errorf("the picture has %d colours: nothing is drawn", n)
			}
			d.CheckLayout()
		})
	}
}

func TestTheSidebarListsWhatTheLoopHas(t *testing.T) {
	d := newAgentDesk(t, 1440, 1400, 1, 700, false)
	d.Click("night_sky")
	if _, script := d.model.Agent().Shown(); d.bench.bottom.tab != panelAgent || script != 3 {
		t.Errorf("tab %d shows script %d", d.bench.bottom.tab, script)
	}
	d.Click("night_001")
	if !d.MustFind("list cartridges").Selected {
		t.Error("a cartridge in the sidebar does not lead to the cartridges")
	}
	d.Click("A clock that keeps time")
	if !d.MustFind("list goals").Selected {
		t.Error("a goal in the sidebar does not lead to the goals")
	}
}

func TestTheAgentPanelAtRestAsksForNoFrame(t *testing.T) {
	d := newAgentDesk(t, 1440, 900, 1, 50, true)
	d.Press("Ctrl-Shift-A")
	d.awaitLists()
	label, _ := d.run(d.model.Agent().Runs().At(2).ID)
	d.Click(label) // away from the editor and its caret
	d.awaitLists()
	for range 200 {
		select {
		case <-d.Woken:
		default:
		}
		d.Frame()
		if _, asks := d.Router.WakeupTime(); !asks {
			return
		}
	}
	at, _ := d.Router.WakeupTime()
	t.Errorf("a frame is asked for in %v", at.Sub(d.Now))
}

func TestTheStatusLineSaysWhatTheLoopDoes(t *testing.T) {
	d := newAgentDesk(t, 1440, 900, 1, 0, true)
	d.Frame()
	d.Click("agent: cycle 1, next at " + d.model.Agent().Status().NextAt.Local().Format(time.TimeOnly))
	if d.bench.bottom.tab != panelAgent {
		t.Error("the status line does not lead to the panel")
	}
}

// BenchmarkScrollingAHundredThousandRuns is a frame of the window with the list
// being scrolled.
func BenchmarkScrollingAHundredThousandRuns(b *testing.B) {
	d := newAgentDesk(b, 1440, 900, 1, 100_000, false)
	d.Press("Ctrl-Shift-A")
	d.awaitLists()
	newest := d.model.Agent().Runs().At(0).ID
	label, _ := d.run(newest - 5)
	p := kittest.Center(d.MustFind(label))
	at := f32.Pt(float32(p.X), float32(p.Y))
	b.ResetTimer()
	for b.Loop() {
		d.Router.Queue(pointer.Event{Kind: pointer.Scroll, Source: pointer.Mouse, Position: at, Scroll: f32.Pt(0, 120)})
		d.Frame()
	}
	b.StopTimer()
	if _, ok := d.run(newest); ok {
		b.Fatal("nothing was scrolled: the newest run is on screen")
	}
}

// BenchmarkLineageOfAHundredThousand is a frame with the whole map drawn.
func BenchmarkLineageOfAHundredThousand(b *testing.B) {
	d := newAgentDesk(b, 1440, 900, 1, 100_000, false)
	d.Press("Ctrl-Shift-I")
	d.wholeLineage()
	b.ResetTimer()
	for b.Loop() {
		d.Frame()
	}
}
