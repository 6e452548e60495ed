package ui

import (
	"fmt"
	"image"
	"strings"

	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op/clip"

	"gvpie/app/studio"
)

// statusBar is the line along the bottom of the window.
type statusBar struct {
	problems Button
	side     Button
	panel    Button
	agent    Button
}

func (w *Workbench) updateStatus(gtx layout.Context) {
	for b, id := range map[*Button]string{&w.status.side: "window.sidebar", &w.status.panel: "window.panel"} {
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
	fill(gtx, image.Rectangle{Max: size}, th.Panel)
	hairline(gtx, layout.N, th.Line)
	defer clip.Rect{Max: size}.Push(gtx.Ops).Pop()
	semantic.LabelOp("status line").Add(gtx.Ops)
	small := func(s string) Label {
		l := th.Dimmed(s)
		l.Size = 12
		return l
	}
	toggle := func(b *Button, id string, icon Icon) layout.FlexChild {
		a := w.action(id)
		return layout.Rigid(ButtonStyle{Theme: th, Button: b, Name: "toggle " + a.Title, Hint: a.Title, Icon: icon, Keys: a.Keys, Height: 22}.Layout)
	}
	row := []layout.FlexChild{gap(8), toggle(&w.status.side, "window.sidebar", iconSidebar), gap(2)}
	row = append(row, layout.Rigid(w.layoutProblemCount), gap(4))
	if line, column, ok := w.code.caret(); ok {
		l := small(fmt.Sprintf("Ln %d, Col %d", line, column))
		row = append(row, gap(4), layout.Rigid(middle(l.Layout)), gap(16))
	}
	row = append(row, layout.Flexed(1, middle(small(w.pointedAt()).Tint(th.Text).Layout)), gap(12))
	if s := w.counts(); s != "" && size.X > gtx.Dp(640) {
		row = append(row, layout.Rigid(middle(small(s).Layout)), gap(16))
	}
	if s := w.engineLine(); s != "" && size.X > gtx.Dp(900) {
		row = append(row, layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			gtx.Constraints.Max.X = min(gtx.Constraints.Max.X, gtx.Dp(280))
			return middle(small(s).Layout)(gtx)
		}), gap(8))
	} else if size.X <= gtx.Dp(640) {
		row = append(row, layout.Rigid(middle(small(w.pace()).Layout)), gap(8))
	}
	if says, ink := agentLine(th, w.model.Agent()); says != "" && size.X > gtx.Dp(1000) {
		row = append(row, layout.Rigid(ButtonStyle{Theme: th, Button: &w.status.agent, Label: says, Dot: ink, Height: 22, Hint: "Show the loop", Keys: w.action("window.agent").Keys}.Layout), gap(4))
	}
	row = append(row, toggle(&w.status.panel, "window.panel", iconPanel), gap(8))
	gtx.Constraints = layout.Exact(size)
	return layout.Flex{Alignment: layout.Middle}.Layout(gtx, row...)
}

// layoutProblemCount is a button that counts what is wrong.
func (w *Workbench) layoutProblemCount(gtx layout.Context) layout.Dimensions {
	th := w.th
	errors, warnings := count(w.model.Problems())
	b := ButtonStyle{Theme: th, Button: &w.status.problems, Height: 22, Hint: "Show the problems", Keys: w.action("window.problems").Keys}
	switch {
	case errors > 0:
		b.Icon, b.Color, b.Label = iconError, th.Error, plural(errors, "error")
	case warnings > 0:
		b.Icon, b.Color, b.Label = iconWarning, th.Warning, plural(warnings, "warning")
	default:
		b.Icon, b.Color, b.Name = iconCheck, th.Accent, "no problems"
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
	return fmt.Sprintf("frame %s · %s · %s", thousands(uint64(run.Report.Frame)),
		countOf(uint64(run.Report.Commands), "command"), countOf(uint64(run.Report.Cycles), "cycle"))
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
