package ui

import (
	"context"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gioui.org/f32"
	"gioui.org/io/key"
	"gioui.org/io/pointer"
	"gioui.org/unit"

	"gvpie/app/studio"
	"gvpie/app/studio/loop"
	"gvpie/app/studio/loop/fixture"
	"gvpie/app/ui/kit"
	"gvpie/assets/theme"
	"gvpie/runtime/agent"
	"gvpie/runtime/engine"
)

// still is a clock that stands still.
type still struct{ now time.Time }

func (c still) Now() time.Time                       { return c.now }
func (c still) After(time.Duration) <-chan time.Time { return make(chan time.Time) }

var noon = still{time.Date(2026, 11, 22, 12, 0, 0, 0, time.Local)}

// newAgentDesk is a desk whose loop has a history of so many runs. live runs the
// loop; otherwise the history is looked at.
func newAgentDesk(t testing.TB, width, height int, scale float32, runs int, live bool) *desk {
	t.Helper()
	dir := t.TempDir()
	if runs > 0 {
		if err := fixture.Fill(context.Background(), dir, runs, noon.now); err != nil {
			t.Fatal(err)
		}
	}
	return newDeskOn(t, width, height, scale, dir, live)
}

func newDeskOn(t testing.TB, width, height int, scale float32, dir string, live bool) *desk {
	t.Helper()
	th, err := kit.NewTheme(&theme.Dark)
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{t: t, size: image.Pt(width, height), metric: unit.Metric{PxPerDp: scale, PxPerSp: scale}, now: time.Now(), woken: make(chan struct{}, 1)}
	wake := func() {
		select {
		case d.woken <- struct{}{}:
		default:
		}
	}
	d.model = studio.New(studio.Config{Wake: wake, Backend: engine.OnCPU, Data: dir, Agent: live, AgentClock: noon})
	t.Cleanup(d.model.Shutdown)
	d.bench = NewWorkbench(d.model, th, wake)
	work := t.TempDir()
	t.Chdir(work) // as in newDesk
	d.bench.side.files.open(work)
	d.openExample("panel")
	d.until("the loop's lists are there", func() bool {
		a := d.model.Agent()
		return a.Listed() && (!live || a.Status().Phase == agent.Sleeping && a.Counts().Runs > int64(0))
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
		d.press("Ctrl-Shift-A")
		d.until("the scripts are there", func() bool { _, ok := d.find("script night_sky"); return ok })
		d.click("script night_sky")
	}},
	{"agent_light", 1440, 900, 1, 10_000, true, func(d *desk) {
		d.bench.action("window.theme").Invoke()
		d.press("Ctrl-Shift-A")
		d.chooseFirstRun()
	}},
	{"agent_2x", 2400, 1600, 2, 2000, true, func(d *desk) {
		d.press("Ctrl-Shift-A")
		d.bench.agent.left = listGoals
		d.model.Agent().ShowRun(1999 - (1999-4)%7)
	}},
	{"agent_cartridges", 1440, 900, 1, 500, false, func(d *desk) {
		d.press("Ctrl-Shift-A")
		d.click("list cartridges")
		d.click("cartridge night_001")
	}},
	{"agent_medium", 1000, 700, 1, 500, true, func(d *desk) { d.press("Ctrl-Shift-A"); d.chooseFirstRun() }},
	{"agent_small", 400, 300, 1, 500, true, func(d *desk) { d.press("Ctrl-Shift-A") }},
	{"agent_fresh", 1440, 900, 1, 0, false, func(d *desk) { d.press("Ctrl-Shift-A") }},
	{"map", 1440, 900, 1, 10_000, true, func(d *desk) { d.press("Ctrl-Shift-I"); d.wholeLineage() }},
	{"map_close", 1440, 900, 1, 2000, true, func(d *desk) {
		d.press("Ctrl-Shift-I")
		d.wholeLineage()
		d.bench.infinite.lineage.from, d.bench.infinite.lineage.to = 940, 1080
		d.model.Agent().Compare(996, 1003)
	}},
	{"map_light", 1440, 900, 1, 2000, true, func(d *desk) {
		d.bench.action("window.theme").Invoke()
		d.press("Ctrl-Shift-I")
		d.wholeLineage()
		d.model.Agent().Compare(9, 1997)
	}},
	{"map_list", 1440, 900, 1, 2000, true, func(d *desk) {
		d.press("Ctrl-Shift-I")
		d.wholeLineage()
		d.click("show as list")
		d.model.Agent().Compare(1991, 0)
	}},
	{"map_small", 620, 480, 1, 500, true, func(d *desk) { d.press("Ctrl-Shift-I"); d.wholeLineage() }},
}

// chooseFirstRun chooses the newest run once it is there.
func (d *desk) chooseFirstRun() {
	a := d.model.Agent()
	d.until("the runs are there", func() bool { return a.Runs().At(0) != nil })
	a.ShowRun(a.Runs().At(0).ID)
}

func (d *desk) wholeLineage() {
	d.until("the lineage is there", func() bool { return d.model.Agent().Lineage().Ready })
}

// calm waits until what is on screen of the loop has been read.
func (d *desk) calm() {
	d.t.Helper()
	a := d.model.Agent()
	d.until("what is shown has been read", func() bool {
		first, last := d.bench.agent.runs.Visible()
		for i := first; i < last && d.bench.bottom.tab == panelAgent; i++ {
			if a.Runs().At(i) == nil {
				return false
			}
		}
		first, last = d.bench.infinite.rows.Visible()
		for i := first; i < last && d.bench.bottom.tab == panelMap && d.bench.infinite.asList; i++ {
			if a.Rows().At(i) == nil {
				return false
			}
		}
		if run, script := a.Shown(); run+script != 0 {
			det := a.Detail()
			if det == nil {
				return false
			}
			if img, err := a.Picture(loop.PictureKey{Hash: det.Run.HumanPNG}); det.Run.HumanPNG != "" && img == nil && err == nil {
				return false
			}
		}
		for _, c := range a.Cartridges() {
			if d.bench.agent.left == listCartridges {
				if img, err := a.Picture(loop.PictureKey{Path: c.Path, Small: true}); img == nil && err == nil {
					return false
				}
			}
		}
		x, _ := a.Compared()
		return x == 0 || a.Comparison() != nil
	})
	d.frame()
}

func TestTheLoopsPanelsAtEverySizeAndState(t *testing.T) {
	for _, s := range agentScenes {
		t.Run(s.name, func(t *testing.T) {
			d := newAgentDesk(t, s.width, s.height, s.scale, s.runs, s.live)
			d.frame()
			s.set(d)
			d.settled()
			d.calm()
			img := d.shoot(s.name)
			if n := colors(img); n < 24 {
				t.Errorf("the picture has %d colours: nothing is drawn", n)
			}
			d.holdsTogether()
		})
	}
}

func TestNoSizeBreaksTheLoopsPanels(t *testing.T) {
	d := newAgentDesk(t, 1440, 900, 1, 300, false)
	d.model.Agent().ShowRun(290)
	d.model.Agent().Compare(9, 289)
	d.wholeLineage()
	d.until("a run and two points are there", func() bool { return d.model.Agent().Detail() != nil && d.model.Agent().Comparison() != nil })
	for _, size := range []image.Point{{1, 1}, {0, 0}, {30, 2000}, {3000, 20}, {400, 300}, {640, 480}, {900, 700}, {7680, 1000}} {
		for _, scale := range []float32{1, 3} {
			d.size, d.metric.PxPerDp, d.metric.PxPerSp = size, scale, scale
			for _, tab := range []int{panelAgent, panelMap} {
				for left := listScripts; left <= listRuns; left++ {
					d.bench.openPanel(tab)
					d.bench.agent.left, d.bench.infinite.asList = left, left%2 == 0
					d.frame()
					d.frame()
				}
			}
		}
	}
}

func TestScriptsAreSwitchedRunAndOpened(t *testing.T) {
	d := newAgentDesk(t, 1440, 900, 1, 0, true)
	a := d.model.Agent()
	d.press("Ctrl-Shift-A")
	d.click("disable hello_gpu")
	d.until("it is off", func() bool { _, ok := d.find("enable hello_gpu"); return ok && !a.Scripts()[0].Enabled })
	d.click("script hello_gpu")
	d.until("it is shown", func() bool { return a.Detail() != nil })
	before := a.Counts().Runs
	d.click("run hello_gpu now")
	d.until("it has run", func() bool { return a.Counts().Runs == before+1 })
	d.click("open the code in the editor")
	d.until("its code is in the editor", func() bool { return strings.Contains(d.model.Active().Text(), "HELLO GPU") })
	if want := filepath.Join(a.Data(), "scripts", "hello_gpu.pxl"); d.model.Active().Path != want {
		t.Errorf("saving it would write %s, want %s", d.model.Active().Path, want)
	}
	d.click("pause the loop")
	d.until("it is paused", func() bool { _, ok := d.find("resume the loop"); return ok })
	d.click("resume the loop")
	d.until("it goes on", func() bool { return !a.Status().Paused })
}

func TestGoalsAreAddedAndReached(t *testing.T) {
	d := newAgentDesk(t, 1440, 900, 1, 0, true)
	a := d.model.Agent()
	d.press("Ctrl-Shift-A")
	d.click("list goals")
	d.click("new goal")
	d.write("A red circle")
	d.click("more important")
	d.click("add the goal")
	d.until("the goal is listed", func() bool { return len(a.Goals()) == 1 })
	if g := a.Goals()[0]; g.Goal != "A red circle" || g.Priority != 6 {
		t.Errorf("the goal is %q, priority %d", g.Goal, g.Priority)
	}
	d.until("it is on screen", func() bool { _, ok := d.find("done: A red circle"); return ok })
	d.click("done: A red circle")
	d.until("it is reached", func() bool { return !a.Goals()[0].CompletedAt.IsZero() })
}

func TestTheRunsAreGoneThroughWithTheKeyboard(t *testing.T) {
	d := newAgentDesk(t, 1440, 900, 1, 10_000, false)
	a := d.model.Agent()
	d.press("Ctrl-Shift-A")
	d.calm()
	d.click(runLabel(a.Runs().At(3)))
	if run, _ := a.Shown(); run != 9997 {
		t.Fatalf("run %d is shown, 9997 was pressed", run)
	}
	d.press("↓")
	d.press("↓")
	if run, _ := a.Shown(); run != 9995 {
		t.Fatalf("two rows down run %d is shown", run)
	}
	d.press(string(key.NameEnd))
	d.until("the oldest is shown", func() bool { run, _ := a.Shown(); return run == 1 })
	d.press(string(key.NameUpArrow))
	if run, _ := a.Shown(); run != 2 {
		t.Errorf("a row over the oldest is run %d", run)
	}
	if first, last := d.bench.agent.runs.Visible(); last != 10_000 || first < 9900 {
		t.Errorf("rows %d to %d are on screen", first, last)
	}
	d.press(string(key.NameHome))
	d.until("the newest is shown", func() bool { run, _ := a.Shown(); return run == 10_000 })
	d.press(string(key.NameDownArrow))
	if run, _ := a.Shown(); run != 9999 {
		t.Errorf("a row under the first is run %d", run)
	}
}

func TestTwoPointsOfTheLineageAreCompared(t *testing.T) {
	d := newAgentDesk(t, 1440, 900, 1, 2000, false)
	a := d.model.Agent()
	d.press("Ctrl-Shift-I")
	d.wholeLineage()
	v := &d.bench.infinite.lineage
	v.from, v.to = 940, 1080
	d.frame()
	l := a.Lineage()
	origin := d.mustFind("lineage").Bounds.Min
	at := func(id int64) image.Point {
		i, ok := l.FindID(id)
		if !ok {
			t.Fatalf("there is no row %d", id)
		}
		return origin.Add(image.Pt(int(v.x(i)), int(v.y(l.Nodes[i].Lane))))
	}
	d.clickAt(at(1003))
	if x, y := a.Compared(); x != 1003 || y != 0 {
		t.Fatalf("%d and %d are chosen, 1003 was pressed", x, y)
	}
	d.until("it is shown", func() bool { return a.Comparison() != nil })
	d.click("compare with its parent")
	d.until("both are shown", func() bool { c := a.Comparison(); return c != nil && c.B.Row.ID == 1003 })
	if a.Comparison().A.Row.ID != 996 {
		t.Errorf("the parent of 1003 is %d", a.Comparison().A.Row.ID)
	}
	d.clickAt(at(1003))
	p := at(975)
	d.clock += time.Second
	ev := func(k pointer.Kind, b pointer.Buttons) pointer.Event {
		return pointer.Event{Kind: k, Source: pointer.Mouse, Buttons: b, Position: f32.Pt(float32(p.X), float32(p.Y)), Time: d.clock, Modifiers: key.ModShift}
	}
	d.send(ev(pointer.Move, 0), ev(pointer.Press, pointer.ButtonPrimary), ev(pointer.Release, 0))
	if x, y := a.Compared(); x != 1003 || y != 975 {
		t.Errorf("%d and %d are compared, want 1003 and 975", x, y)
	}
	d.press(string(key.NameLeftArrow))
	if x, y := a.Compared(); x != 968 || y != 0 {
		t.Errorf("to the left of 975 on its lane is %d, %d", x, y)
	}
	d.until("the point is shown", func() bool { return a.Comparison() != nil })
	d.click("open iteration 968 in the editor")
	if !strings.HasPrefix(d.model.Active().Name, "night_sky iteration 968") {
		t.Errorf("the editor shows %s", d.model.Active().Name)
	}
}

func TestTheSidebarListsWhatTheLoopHas(t *testing.T) {
	d := newAgentDesk(t, 1440, 1400, 1, 700, false)
	d.click("night_sky")
	if _, script := d.model.Agent().Shown(); d.bench.bottom.tab != panelAgent || script != 3 {
		t.Errorf("tab %d shows script %d", d.bench.bottom.tab, script)
	}
	d.click("night_001")
	if d.bench.agent.left != listCartridges {
		t.Error("a cartridge in the sidebar does not lead to the cartridges")
	}
	d.click("A clock that keeps time")
	if d.bench.agent.left != listGoals {
		t.Error("a goal in the sidebar does not lead to the goals")
	}
}

func TestACartridgeIsVerifiedAndExported(t *testing.T) {
	d := newAgentDesk(t, 1440, 900, 1, 50, false)
	a := d.model.Agent()
	d.press("Ctrl-Shift-A")
	d.click("list cartridges")
	d.click("cartridge matrix")
	said := func(part string) func() bool {
		return func() bool {
			for _, n := range d.model.Notices() {
				if strings.Contains(n.Text, part) {
					return true
				}
			}
			return false
		}
	}
	d.click("verify the cartridge")
	d.until("it is verified", said("matrix.png is as it was written"))
	d.click("run the cartridge")
	d.until("it has run", said("halted after"))
	c, _ := chosenCartridge(a.Cartridges(), d.bench.agent.chosen)
	to := filepath.Join(t.TempDir(), "copy.png")
	a.ExportCartridge(c, to)
	d.until("it is exported", said("Exported copy.png"))
	if was, err := os.ReadFile(c.Path); err != nil {
		t.Error(err)
	} else if is, err := os.ReadFile(to); err != nil || string(is) != string(was) {
		t.Errorf("the copy differs: %v", err)
	}
	d.click("open the cartridge")
	d.until("its source is in the editor", func() bool { return d.model.Active().Name == "matrix.pxl" })
}

func TestTheAgentPanelAtRestAsksForNoFrame(t *testing.T) {
	d := newAgentDesk(t, 1440, 900, 1, 50, true)
	d.press("Ctrl-Shift-A")
	d.calm()
	d.click(runLabel(d.model.Agent().Runs().At(2))) // away from the editor and its caret
	d.calm()
	for range 200 {
		select {
		case <-d.woken:
		default:
		}
		d.frame()
		if _, asks := d.router.WakeupTime(); !asks {
			return
		}
	}
	at, _ := d.router.WakeupTime()
	t.Errorf("a frame is asked for in %v", at.Sub(d.now))
}

func TestTheStatusLineSaysWhatTheLoopDoes(t *testing.T) {
	d := newAgentDesk(t, 1440, 900, 1, 0, true)
	d.frame()
	d.click("agent: cycle 1, next at " + d.model.Agent().Status().NextAt.Local().Format(time.TimeOnly))
	if d.bench.bottom.tab != panelAgent {
		t.Error("the status line does not lead to the panel")
	}
}

// BenchmarkScrollingAHundredThousandRuns is a frame of the window with the list
// being scrolled.
func BenchmarkScrollingAHundredThousandRuns(b *testing.B) {
	d := newAgentDesk(b, 1440, 900, 1, 100_000, false)
	d.press("Ctrl-Shift-A")
	d.calm()
	p := center(d.mustFind(runLabel(d.model.Agent().Runs().At(5))))
	at := f32.Pt(float32(p.X), float32(p.Y))
	b.ResetTimer()
	for b.Loop() {
		d.router.Queue(pointer.Event{Kind: pointer.Scroll, Source: pointer.Mouse, Position: at, Scroll: f32.Pt(0, 120)})
		d.frame()
	}
	b.StopTimer()
	if first, _ := d.bench.agent.runs.Visible(); first < 4 {
		b.Fatalf("nothing was scrolled: row %d is on top", first)
	}
}

// BenchmarkLineageOfAHundredThousand is a frame with the whole map drawn.
func BenchmarkLineageOfAHundredThousand(b *testing.B) {
	d := newAgentDesk(b, 1440, 900, 1, 100_000, false)
	d.press("Ctrl-Shift-I")
	d.wholeLineage()
	b.ResetTimer()
	for b.Loop() {
		d.frame()
	}
}
