package ui

import (
	"fmt"
	"image"

	"gioui.org/layout"
	"gioui.org/op"

	"gvpie/app/studio"
	"gvpie/app/ui/kit"
	"gvpie/runtime/engine"
)

// toolbar is the right end of the top bar: running, the processor, the pace.
type toolbar struct {
	*shell
	reset, step, play kit.Button
	backend           kit.Menu
	more              kit.Menu
}

// backends are the choices of the processor menu and their actions.
var backends = []struct{ label, action string }{
	{"Auto: whichever is faster", "backend.auto"},
	{"GPU", "backend.gpu"},
	{"CPU", "backend.cpu"},
}

// moreActions are what the overflow menu lists; "" is a divider.
var moreActions = []string{
	"file.new", "file.open", "file.save", "file.saveas", "",
	"view.cycle", "view.beside", "view.stacked", "window.sidebar", "window.panel", "",
	"theme.system", "theme.light", "theme.dark", "",
	"help.palette", "help.open", "window.quit",
}

func (t *toolbar) update(gtx layout.Context) {
	t.invoke(gtx, map[*kit.Button]string{&t.reset: "run.reset", &t.step: "run.step", &t.play: t.playAction().ID})
	if i, ok := t.backend.Chosen(gtx, t.backendItems()); ok && i < len(backends) {
		t.action(backends[i].action).Invoke()
	}
	if i, ok := t.more.Chosen(gtx, t.moreItems()); ok {
		t.action(moreActions[i]).Invoke()
	}
}

// menuOpen says whether one of the bar's menus is down.
func (t *toolbar) menuOpen() bool { return t.backend.Open() || t.more.Open() }

// playAction is what the one big button does now.
func (t *toolbar) playAction() *studio.Action {
	if pause := t.action("run.pause"); pause.On() {
		return pause
	}
	return t.action("run.run")
}

func (t *toolbar) backendItems() []kit.MenuItem {
	items := make([]kit.MenuItem, len(backends))
	for i, b := range backends {
		items[i] = kit.MenuItem{Label: b.label, Checked: t.action(b.action).Checked()}
	}
	items[1].Note = gpuNote(t.model)
	return items
}

func (t *toolbar) moreItems() []kit.MenuItem {
	items := make([]kit.MenuItem, len(moreActions))
	for i, id := range moreActions {
		if id == "" {
			continue
		}
		a := t.action(id)
		items[i] = kit.MenuItem{Label: a.Title, Note: a.Keys, Disabled: !a.On(), Checked: a.Checked != nil && a.Checked()}
	}
	return items
}

// layout draws the bar at its own width; compact leaves words away.
func (t *toolbar) layout(gtx layout.Context, compact bool) layout.Dimensions {
	th := t.th
	button := func(b *kit.Button, id, name, label string, icon kit.Icon) layout.FlexChild {
		a := t.action(id)
		if compact {
			label = ""
		}
		return layout.Rigid(kit.ButtonStyle{Theme: th, Button: b, Name: name, Label: label, Icon: icon, Keys: a.Keys, Hint: a.Title, Disabled: !a.On()}.Layout)
	}
	row := []layout.FlexChild{kit.Gap(8),
		button(&t.reset, "run.reset", "Reset", "Reset", kit.IconReset), kit.Gap(2),
		button(&t.step, "run.step", "Step a frame", "Step", kit.IconStep), kit.Gap(6),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions { return t.layoutPlay(gtx, compact) }), kit.Gap(8),
	}
	if !compact {
		row = append(row, layout.Rigid(t.layoutBackend), kit.Gap(6), layout.Rigid(t.layoutPace), kit.Gap(4))
	}
	row = append(row, layout.Rigid(func(gtx layout.Context) layout.Dimensions {
		return kit.MenuStyle{Theme: th, Menu: &t.more, Items: t.moreItems(), Right: true, Width: 264}.Layout(gtx,
			kit.ButtonStyle{Name: "more actions", Icon: kit.IconMore})
	}), kit.Gap(8))
	return layout.Flex{Alignment: layout.Middle}.Layout(gtx, row...)
}

// layoutPlay draws the one button that is Run or Pause.
func (t *toolbar) layoutPlay(gtx layout.Context, compact bool) layout.Dimensions {
	a := t.playAction()
	s := kit.ButtonStyle{Theme: t.th, Button: &t.play, Name: a.Title, Label: a.Title, Icon: kit.IconRun, Look: kit.Primary, Keys: a.Keys, Disabled: !a.On(), Width: 88}
	if a.ID == "run.pause" {
		s.Icon, s.Look = kit.IconPause, kit.Framed
	}
	if compact {
		s.Label, s.Width = "", 0
	}
	return s.Layout(gtx)
}

func (t *toolbar) layoutBackend(gtx layout.Context) layout.Dimensions {
	gtx.Constraints.Max.X = min(gtx.Constraints.Max.X, gtx.Dp(220))
	label, hint := t.engineName()
	return kit.MenuStyle{Theme: t.th, Menu: &t.backend, Items: t.backendItems(), Right: true, Width: 264}.Layout(gtx,
		kit.ButtonStyle{Name: "processor", Label: label, Look: kit.Framed, Trailing: kit.IconDown, Hint: hint, Width: 112})
}

// engineName is what runs, in a few letters and in full.
func (t *toolbar) engineName() (short, long string) {
	run, choice := t.model.RunState(), t.model.Backend()
	if run.Phase == studio.Empty {
		return choice.String(), "The processor programs run on"
	}
	switch {
	case choice == engine.Auto:
		return "Auto · " + run.Kind.String(), run.Adapter
	case choice == engine.OnGPU && run.Kind == engine.CPU:
		return "GPU → CPU", "The GPU does not run this program now; the CPU does: " + run.Adapter
	}
	return run.Kind.String(), run.Adapter
}

// layoutPace shows frames a second and the time one takes.
func (t *toolbar) layoutPace(gtx layout.Context) layout.Dimensions {
	th := t.th
	h := gtx.Dp(28)
	gtx.Constraints.Min = image.Pt(gtx.Dp(116), h)
	m := op.Record(gtx.Ops)
	d := layout.Inset{Left: 10, Right: 10}.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		return layout.Center.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
			l := th.Dimmed(pace(t.model.RunState()))
			l.Size = 12
			return l.Layout(gtx)
		})
	})
	call := m.Stop()
	d.Size.Y = h
	kit.Outline(gtx, image.Rectangle{Max: d.Size}, kit.Corner, 1, th.Line)
	call.Add(gtx.Ops)
	return d
}

// pace is "60 fps · 0.6 ms", or what else the program is doing.
func pace(run studio.RunState) string {
	var s string
	switch {
	case run.Phase == studio.Empty:
		return "no program"
	case run.Phase == studio.Halted:
		s = "halted"
	case run.Phase == studio.Failed, run.Phase == studio.Broken:
		s = "stopped"
	case !run.Playing:
		s = "paused"
	case run.FPS > 0:
		s = fmt.Sprintf("%.0f fps", run.FPS)
	default:
		s = "running"
	}
	if run.FrameMS > 0 {
		s += " · " + millis(run.FrameMS)
	}
	return s
}

// millis writes a time the way a person compares it: two digits that matter.
func millis(ms float64) string {
	switch {
	case ms < 10:
		return fmt.Sprintf("%.1f ms", ms)
	case ms < 1000:
		return fmt.Sprintf("%.0f ms", ms)
	}
	return fmt.Sprintf("%.1f s", ms/1000)
}
