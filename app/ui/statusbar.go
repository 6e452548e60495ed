package ui

import (
	"fmt"
	"image"
	"strings"

	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op/clip"

	"gvpie/app/studio"
	"gvpie/app/ui/kit"
)

// statusBar is the line along the bottom of the window.
type statusBar struct {
	problems kit.Button
	side     kit.Button
	panel    kit.Button
	agent    kit.Button
}

func (w *Workbench) updateStatus(gtx layout.Context) {
	for b, id := range map[*kit.Button]string{&w.status.side: "window.sidebar", &w.status.panel: "window.panel"} {
		if b.Clicked(gtx) {
			w.action(id).Invoke()
		}
	}
	if w.status.problems.Clicked(gtx) {
		w.openPanel(panelProblems)
	}
	if w.status.agent.Clicked(gtx) {
		w.openPanel(panelAgent)
	}
}

func (w *Workbench) layoutStatus(gtx layout.Context) layout.Dimensions {
	th, size := w.th, gtx.Constraints.Max
	kit.Fill(gtx, image.Rectangle{Max: size}, th.Panel)
	kit.Hairline(gtx, layout.N, th.Line)
	defer clip.Rect{Max: size}.Push(gtx.Ops).Pop()
	semantic.LabelOp("status line").Add(gtx.Ops)
	small := func(s string) kit.Label {
		l := th.Dimmed(s)
		l.Size = 12
		return l
	}
	toggle := func(b *kit.Button, id string, icon kit.Icon) layout.FlexChild {
		a := w.action(id)
		return layout.Rigid(kit.ButtonStyle{Theme: th, Button: b, Name: "toggle " + a.Title, Hint: a.Title, Icon: icon, Keys: a.Keys, Height: 22}.Layout)
	}
	row := []layout.FlexChild{kit.Gap(8), toggle(&w.status.side, "window.sidebar", kit.IconSidebar), kit.Gap(2)}
	row = append(row, layout.Rigid(w.layoutProblemCount), kit.Gap(4))
	if line, column, ok := w.code.caret(); ok {
		l := small(fmt.Sprintf("Ln %d, Col %d", line, column))
		row = append(row, kit.Gap(4), layout.Rigid(kit.Middle(l.Layout)), kit.Gap(16))
	}
	row = append(row, layout.Flexed(1, kit.Middle(small(w.pointedAt()).Tint(th.Text).Layout)), kit.Gap(12))
	if s := w.counts(); s != "" && size.X > gtx.Dp(640) {
		row = append(row, layout.Rigid(kit.Middle(small(s).Layout)), kit.Gap(16))
	}
	if s := w.engineLine(); s != "" && size.X > gtx.Dp(900) {
		row = append(row, layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			gtx.Constraints.Max.X = min(gtx.Constraints.Max.X, gtx.Dp(280))
			return kit.Middle(small(s).Layout)(gtx)
		}), kit.Gap(8))
	} else if size.X <= gtx.Dp(640) {
		row = append(row, layout.Rigid(kit.Middle(small(w.pace()).Layout)), kit.Gap(8))
	}
	if says, ink := agentLine(th, w.model.Agent()); says != "" && size.X > gtx.Dp(1000) {
		row = append(row, layout.Rigid(kit.ButtonStyle{Theme: th, Button: &w.status.agent, Label: says, Dot: ink, Height: 22, Hint: "Show the loop", Keys: w.action("window.agent").Keys}.Layout), kit.Gap(4))
	}
	row = append(row, toggle(&w.status.panel, "window.panel", kit.IconPanel), kit.Gap(8))
	gtx.Constraints = layout.Exact(size)
	return layout.Flex{Alignment: layout.Middle}.Layout(gtx, row...)
}

// layoutProblemCount is a button that counts what is wrong.
func (w *Workbench) layoutProblemCount(gtx layout.Context) layout.Dimensions {
	th := w.th
	errors, warnings := count(w.model.Problems())
	b := kit.ButtonStyle{Theme: th, Button: &w.status.problems, Height: 22, Hint: "Show the problems", Keys: w.action("window.problems").Keys}
	switch {
	case errors > 0:
		b.Icon, b.Color, b.Label = kit.IconError, th.Error, kit.Count(errors, "error")
	case warnings > 0:
		b.Icon, b.Color, b.Label = kit.IconWarning, th.Warning, kit.Count(warnings, "warning")
	default:
		b.Icon, b.Color, b.Name = kit.IconCheck, th.Accent, "no problems"
	}
	return b.Layout(gtx)
}

// pointedAt names the texel under the pointer and the line that wrote it.
func (w *Workbench) pointedAt() string {
	t, ok := w.model.Texel()
	if !ok {
		return ""
	}
	return t.String()
}

// counts is what the last frame took.
func (w *Workbench) counts() string {
	run := w.model.RunState()
	if run.Phase == studio.Empty || run.Phase == studio.Broken {
		return ""
	}
	return fmt.Sprintf("frame %s · %s · %s", kit.Thousands(run.Report.Frame),
		kit.Count(run.Report.Commands, "command"), kit.Count(run.Report.Cycles, "cycle"))
}

// engineLine names the processor.
func (w *Workbench) engineLine() string {
	run := w.model.RunState()
	if run.Phase == studio.Empty || run.Adapter == "" {
		return ""
	}
	if strings.HasPrefix(run.Adapter, run.Kind.String()) {
		return run.Adapter
	}
	return run.Kind.String() + " · " + run.Adapter
}
