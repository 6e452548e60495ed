package ui

import (
	"fmt"
	"image"
	"strings"

	"gioui.org/gesture"
	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"
	"gioui.org/unit"

	"gvpie/app/studio"
	"gvpie/app/ui/debugger"
	"gvpie/app/ui/kit"
	"gvpie/runtime/engine"
)

// toolbar is the right end of the top bar: running, the processor, the pace.
type toolbar struct {
	*shell
	reset, step, play kit.Button
	backend           kit.Menu
	more              kit.Menu
	pace              gesture.Hover // over the figures
	parity            debugger.Badge
}

// backends are the choices of the processor menu and their actions.
var backends = []struct{ label, action string }{
	{"Auto: whichever is faster", "backend.auto"},
	{"GPU", "backend.gpu"},
	{"CPU", "backend.cpu"},
}

// moreActions are what the overflow menu lists; "" is a divider.
var moreActions = []string{
	"file.new", "file.open", "file.recording", "file.save", "file.saveas", "file.import", "",
	"view.cycle", "view.beside", "view.stacked", "window.sidebar", "window.panel", "",
	"theme.system", "theme.light", "theme.dark", "",
	"help.palette", "help.open", "window.quit",
}

func (t *toolbar) update(gtx layout.Context) {
	t.invoke(gtx, map[*kit.Button]string{&t.reset: "run.reset", &t.step: "run.step", &t.play: t.playAction().ID})
	t.parity.Update(gtx)
	if i, ok := t.backend.Chosen(gtx, t.backendItems()); ok && i < len(backends) {
		t.action(backends[i].action).Invoke()
	}
	if i, ok := t.more.Chosen(gtx, t.moreItems()); ok {
		t.action(moreActions[i]).Invoke()
	}
}

// menuOpen says whether one of the bar's menus is down.
func (t *toolbar) menuOpen() bool { return t.backend.Open() || t.more.Open() || t.parity.Open() }

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
		row = append(row, layout.Rigid(t.layoutBackend), kit.Gap(6))
	}
	row = append(row, layout.Rigid(func(gtx layout.Context) layout.Dimensions { return t.parity.Layout(gtx, th, compact) }))
	if !compact {
		row = append(row, layout.Rigid(t.layoutPace), kit.Gap(4))
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

// The widths of the two figures: those of the longest there usually are, so that the bar
// does not move when they come, go and change.
const (
	paceWidth unit.Dp = 56
	ownWidth  unit.Dp = 48
	paceInset unit.Dp = 8 // on either side of each
)

// layoutPace shows how many frames a second are shown and, beside it, what the program
// takes for one.
func (t *toolbar) layoutPace(gtx layout.Context) layout.Dimensions {
	th := t.th
	run := t.model.RunState()
	h := gtx.Dp(28)
	half := func(text string, width unit.Dp) layout.Dimensions {
		gtx := gtx
		gtx.Constraints.Min = image.Pt(gtx.Dp(width), h)
		return layout.Inset{Left: paceInset, Right: paceInset}.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
			return layout.Center.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
				l := th.Dimmed(text)
				l.Size = 12
				return l.Layout(gtx)
			})
		})
	}
	m := op.Record(gtx.Ops)
	var d layout.Dimensions
	if own := ownTime(run); own == "" {
		d = half(pace(run), paceWidth+2*paceInset+1+ownWidth)
	} else {
		d = half(pace(run), paceWidth)
		line := image.Rect(d.Size.X, gtx.Dp(7), d.Size.X+gtx.Dp(1), h-gtx.Dp(7))
		kit.Fill(gtx, line, th.Line)
		kit.At(gtx, image.Pt(line.Max.X, 0), func(layout.Context) layout.Dimensions {
			d.Size.X = line.Max.X + half(own, ownWidth).Size.X
			return d
		})
	}
	call := m.Stop()
	d.Size.Y = h
	r := image.Rectangle{Max: d.Size}
	defer clip.Rect(r).Push(gtx.Ops).Pop()
	semantic.LabelOp(paceHint(run)).Add(gtx.Ops)
	t.pace.Add(gtx.Ops)
	if t.pace.Update(gtx.Source) {
		th.Tip.Offer(gtx, &t.pace, paceHint(run), "")
	}
	kit.Outline(gtx, r, kit.Corner, 1, th.Line)
	call.Add(gtx.Ops)
	return d
}

// pace is "60 fps": the frames that are shown a second, or what else the program is doing.
func pace(run studio.RunState) string {
	switch {
	case run.Phase == studio.Empty && run.Busy > 0: // in its first frame
		return "running"
	case run.Phase == studio.Empty:
		return "no program"
	case run.Phase == studio.Halted:
		return "ended"
	case run.Phase == studio.Failed, run.Phase == studio.Broken:
		return "failed"
	case run.Paused() != "":
		return "paused"
	case run.FPS >= 9.95:
		return fmt.Sprintf("%.0f fps", run.FPS)
	case run.FPS > 0:
		return fmt.Sprintf("%.1f fps", run.FPS)
	}
	return "running"
}

// paceLine is both in one line.
func paceLine(run studio.RunState) string {
	if own := ownTime(run); own != "" {
		return pace(run) + " · " + own
	}
	return pace(run)
}

// ownTime is what the program takes for a frame, "0.6 ms"; "" before the first.
func ownTime(run studio.RunState) string {
	if run.FrameMS <= 0 || run.Phase == studio.Empty {
		return ""
	}
	return millis(run.FrameMS)
}

// paceHint says the same in a sentence.
func paceHint(run studio.RunState) string {
	says := "The program runs"
	switch why := run.Paused(); {
	case run.Phase == studio.Empty && run.Busy == 0:
		return "No program runs"
	case why != "":
		says = kit.UpperFirst(why)
	case run.FPS > 0:
		says = strings.TrimSuffix(pace(run), " fps") + " frames are shown a second"
	}
	if own := ownTime(run); own != "" {
		says += "; the program itself takes " + own + " for a frame"
	}
	return says
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
