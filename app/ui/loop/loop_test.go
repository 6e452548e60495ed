package loop

import (
	"context"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gioui.org/f32"
	"gioui.org/io/key"
	"gioui.org/io/pointer"
	"gioui.org/layout"

	"gvpie/app/studio"
	"gvpie/app/studio/loop/fixture"
	"gvpie/app/ui/kit"
	"gvpie/app/ui/kit/kittest"
	"gvpie/runtime/agent"
	"gvpie/runtime/engine"
)

// desk is a window that shows one of the loop's panels and nothing else.
type desk struct {
	*kittest.Window
	model    *studio.Model
	panel    *Panel
	infinite *Map
	onMap    bool
	exported string // where the last file was written to
}

// newDesk is a desk whose loop has a history of so many runs. live runs the loop;
// otherwise the history is looked at.
func newDesk(t *testing.T, runs int, live bool) *desk {
	t.Helper()
	dir := t.TempDir()
	if runs > 0 {
		if err := fixture.Fill(context.Background(), dir, runs, fixture.Noon.Time); err != nil {
			t.Fatal(err)
		}
	}
	return newDeskOn(t, dir, live)
}

// newDeskOn is a desk of a data folder. live runs the loop, or drives it where another
// process does.
func newDeskOn(t *testing.T, dir string, live bool) *desk {
	t.Helper()
	d := &desk{Window: kittest.New(t, 1440, 408, 1)}
	d.model = studio.New(studio.Config{Wake: d.Wake, Backend: engine.OnCPU, Data: dir, Agent: live, AgentClock: fixture.Noon})
	t.Cleanup(d.model.Shutdown)
	w := &Window{
		Theme: d.Theme, Agent: d.model.Agent(), Pictures: new(kit.Pictures), Action: d.model.Action,
		AskPath: func(title, verb, start string, chosen func(string)) {
			d.exported = filepath.Join(t.TempDir(), filepath.Base(start))
			chosen(d.exported)
		},
	}
	d.panel, d.infinite = NewPanel(w), NewMap(w)
	d.Widget = func(gtx layout.Context) {
		d.model.Pump()
		if d.onMap {
			d.infinite.Update(gtx)
			d.infinite.Layout(gtx)
			return
		}
		d.panel.Update(gtx)
		d.panel.Layout(gtx)
	}
	d.Until("the loop's lists are there", func() bool {
		a := d.model.Agent()
		return a.Listed() && (!live || a.Status().Phase == agent.Sleeping && a.Counts().Runs > 0)
	})
	return d
}

// showMap turns to the map and waits until all of it is known.
func (d *desk) showMap() {
	d.onMap = true
	d.Until("the lineage is there", func() bool { return d.model.Agent().Lineage().Ready })
}

func TestNoSizeBreaksTheLoopsPanels(t *testing.T) {
	d := newDesk(t, 300, false)
	d.model.Agent().ShowRun(290)
	d.model.Agent().Compare(9, 289)
	d.showMap()
	d.Until("a run and two points are there", func() bool { return d.model.Agent().Detail() != nil && d.model.Agent().Comparison() != nil })
	for _, size := range []image.Point{{1, 1}, {0, 0}, {30, 2000}, {3000, 20}, {400, 300}, {640, 480}, {900, 700}, {7680, 1000}} {
		for _, scale := range []float32{1, 3} {
			d.Size, d.Metric.PxPerDp, d.Metric.PxPerSp = size, scale, scale
			for list := Scripts; list <= Runs; list++ {
				d.panel.Show(list)
				d.infinite.asList = list%2 == 0
				for _, d.onMap = range []bool{false, true} {
					d.Frame()
					d.Frame()
				}
			}
		}
	}
}

func TestScriptsAreSwitchedRunAndOpened(t *testing.T) {
	d := newDesk(t, 0, true)
	a := d.model.Agent()
	d.Click("disable hello_gpu")
	d.Until("it is off", func() bool { _, ok := d.Find("enable hello_gpu"); return ok && !a.Scripts()[0].Enabled })
	d.Click("script hello_gpu")
	d.Until("it is shown", func() bool { return a.Detail() != nil })
	before := a.Counts().Runs
	d.Click("run hello_gpu now")
	d.Until("it has run", func() bool { return a.Counts().Runs == before+1 })
	d.Click("open the code in the editor")
	d.Until("its code is in the editor", func() bool {
		front := d.model.Active() // nil until it has been read
		return front != nil && strings.Contains(front.Text(), "HELLO GPU")
	})
	if want := filepath.Join(a.Data(), "scripts", "hello_gpu.pxl"); d.model.Active().Path != want {
		t.Errorf("saving it would write %s, want %s", d.model.Active().Path, want)
	}
	d.Click("pause the loop")
	d.Until("it is paused", func() bool { _, ok := d.Find("resume the loop"); return ok })
	d.Click("resume the loop")
	d.Until("it goes on", func() bool { return !a.Status().Paused })
}

func TestGoalsAreAddedAndReached(t *testing.T) {
	d := newDesk(t, 0, true)
	a := d.model.Agent()
	d.Click("list goals")
	d.Click("new goal")
	d.Write("A red circle")
	d.Click("more important")
	d.Click("add the goal")
	d.Until("the goal is listed", func() bool { return len(a.Goals()) == 1 })
	if g := a.Goals()[0]; g.Goal != "A red circle" || g.Priority != 6 {
		t.Errorf("the goal is %q, priority %d", g.Goal, g.Priority)
	}
	d.Until("it is on screen", func() bool { _, ok := d.Find("done: A red circle"); return ok })
	d.Click("done: A red circle")
	d.Until("it is reached", func() bool { return !a.Goals()[0].CompletedAt.IsZero() })
}

func TestTheRunsAreGoneThroughWithTheKeyboard(t *testing.T) {
	d := newDesk(t, 10_000, false)
	a := d.model.Agent()
	d.Until("the runs are there", func() bool { return a.Runs().At(3) != nil })
	d.Click(runLabel(a.Runs().At(3)))
	if run, _ := a.Shown(); run != 9997 {
		t.Fatalf("run %d is shown, 9997 was pressed", run)
	}
	d.Press("↓")
	d.Press("↓")
	if run, _ := a.Shown(); run != 9995 {
		t.Fatalf("two rows down run %d is shown", run)
	}
	d.Press(string(key.NameEnd))
	d.Until("the oldest is shown", func() bool { run, _ := a.Shown(); return run == 1 })
	d.Press(string(key.NameUpArrow))
	if run, _ := a.Shown(); run != 2 {
		t.Errorf("a row over the oldest is run %d", run)
	}
	if first, last := d.panel.runs.rows.Visible(); last != 10_000 || first < 9900 {
		t.Errorf("rows %d to %d are on screen", first, last)
	}
	d.Press(string(key.NameHome))
	d.Until("the newest is shown", func() bool { run, _ := a.Shown(); return run == 10_000 })
	d.Press(string(key.NameDownArrow))
	if run, _ := a.Shown(); run != 9999 {
		t.Errorf("a row under the first is run %d", run)
	}
}

func TestAChosenRunGivesWayToWhatIsChosenNext(t *testing.T) {
	d := newDesk(t, 300, false)
	a := d.model.Agent()
	d.Until("the runs are there", func() bool { return a.Runs().At(3) != nil })
	d.Click(runLabel(a.Runs().At(3)))
	d.Click("script night_sky")
	d.Frame()
	if run, script := a.Shown(); run != 0 || script == 0 {
		t.Errorf("run %d and script %d are shown, the script was pressed last", run, script)
	}
}

func TestWhatIsReadStaysWhereItIsAsRunsAreAdded(t *testing.T) {
	d := newDesk(t, 300, true)
	a := d.model.Agent()
	d.Until("the runs are there", func() bool { return a.Runs().At(5) != nil })
	p := kittest.Center(d.MustFind(runLabel(a.Runs().At(5))))
	d.Send(pointer.Event{Kind: pointer.Scroll, Source: pointer.Mouse, Position: f32.Pt(float32(p.X), float32(p.Y)), Scroll: f32.Pt(0, 520)})
	d.Until("the rows scrolled to are there", func() bool { return a.Runs().At(25) != nil })
	label, before := runLabel(a.Runs().At(25)), a.Runs().Len()
	at := d.MustFind(label).Bounds
	d.Click("run a cycle now")
	d.Until("the cycle's runs are there", func() bool { return a.Runs().Len() > before })
	d.Until("they are read", func() bool { _, ok := d.Find(label); return ok })
	if now := d.MustFind(label).Bounds; now != at {
		t.Errorf("%s moved from %v to %v", label, at, now)
	}
}

func TestTwoPointsOfTheLineageAreCompared(t *testing.T) {
	d := newDesk(t, 2000, false)
	a := d.model.Agent()
	d.showMap()
	v := &d.infinite.lineage
	v.from, v.to = 940, 1080
	d.Frame()
	l := a.Lineage()
	origin := d.MustFind("lineage").Bounds.Min
	at := func(id int64) image.Point {
		i, ok := l.FindID(id)
		if !ok {
			t.Fatalf("there is no row %d", id)
		}
		return origin.Add(image.Pt(int(v.x(i)), int(v.y(l.Nodes[i].Lane))))
	}
	d.ClickAt(at(1003))
	if x, y := a.Compared(); x != 1003 || y != 0 {
		t.Fatalf("%d and %d are chosen, 1003 was pressed", x, y)
	}
	d.Until("it is shown", func() bool { return a.Comparison() != nil })
	d.Click("compare with its parent")
	d.Until("both are shown", func() bool { c := a.Comparison(); return c != nil && c.B.Row.ID == 1003 })
	if a.Comparison().A.Row.ID != 996 {
		t.Errorf("the parent of 1003 is %d", a.Comparison().A.Row.ID)
	}
	d.ClickAt(at(1003))
	d.ClickAt(at(975), key.ModShift)
	if x, y := a.Compared(); x != 1003 || y != 975 {
		t.Errorf("%d and %d are compared, want 1003 and 975", x, y)
	}
	d.Press(string(key.NameLeftArrow))
	if x, y := a.Compared(); x != 968 || y != 0 {
		t.Errorf("to the left of 975 on its lane is %d, %d", x, y)
	}
	d.Until("the point is shown", func() bool { return a.Comparison() != nil })
	d.Click("open iteration 968 in the editor")
	d.Until("it is in the editor", func() bool {
		doc := d.model.Active()
		return doc != nil && strings.HasPrefix(doc.Name, "night_sky iteration 968")
	})
}

func TestACartridgeIsVerifiedAndExported(t *testing.T) {
	d := newDesk(t, 50, false)
	d.Click("list cartridges")
	d.Click("cartridge matrix")
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
	d.Click("verify the cartridge")
	d.Until("it is verified", said("matrix.png is as it was written"))
	d.Click("run the cartridge")
	d.Until("it has run", said("halted after"))
	d.Click("export… the cartridge")
	d.Until("it is exported", said("Exported matrix.png"))
	c, _ := d.panel.cartridges.current()
	to := d.exported
	if was, err := os.ReadFile(c.Path); err != nil {
		t.Error(err)
	} else if is, err := os.ReadFile(to); err != nil || string(is) != string(was) {
		t.Errorf("the copy differs: %v", err)
	}
	d.Click("open the cartridge")
	d.Until("its source is open", func() bool { doc := d.model.Active(); return doc != nil && doc.Name == "matrix.pxl" })
}
