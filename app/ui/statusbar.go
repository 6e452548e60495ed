package ui

import (
	"fmt"
	"image"
	"image/color"
	"strings"

	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op/clip"

	"gvpie/app/studio"
	"gvpie/app/ui/kit"
	"gvpie/app/ui/loop"
)

// statusBar is the line along the bottom of the window.
type statusBar struct {
	*shell
	bottom *bottomPanel

	problems kit.Button
	side     kit.Button
	panel    kit.Button
	agent    kit.Button
}

func (s *statusBar) update(gtx layout.Context) {
	s.invoke(gtx, map[*kit.Button]string{&s.side: "window.sidebar", &s.panel: "window.panel"})
	if s.problems.Clicked(gtx) {
		s.bottom.open(panelProblems)
	}
	if s.agent.Clicked(gtx) {
		s.bottom.open(panelAgent)
	}
}

func (s *statusBar) layout(gtx layout.Context) layout.Dimensions {
	th, size := s.th, gtx.Constraints.Max
	kit.Fill(gtx, image.Rectangle{Max: size}, th.Panel)
	kit.Hairline(gtx, layout.N, th.Line)
	defer clip.Rect{Max: size}.Push(gtx.Ops).Pop()
	semantic.LabelOp("status line").Add(gtx.Ops)
	small := func(text string) kit.Label {
		l := th.Dimmed(text)
		l.Size = 12
		return l
	}
	toggle := func(b *kit.Button, id string, icon kit.Icon) layout.FlexChild {
		a := s.action(id)
		return layout.Rigid(kit.ButtonStyle{Theme: th, Button: b, Name: "toggle " + a.Title, Hint: a.Title, Icon: icon, Keys: a.Keys, Height: 22}.Layout)
	}
	row := []layout.FlexChild{kit.Gap(8), toggle(&s.side, "window.sidebar", kit.IconSidebar), kit.Gap(2)}
	row = append(row, layout.Rigid(s.layoutProblemCount), kit.Gap(4))
	if line, column, ok := s.code.caret(); ok {
		l := small(fmt.Sprintf("Ln %d, Col %d", line, column))
		row = append(row, kit.Gap(4), layout.Rigid(kit.Middle(l.Layout)), kit.Gap(16))
	}
	row = append(row, layout.Flexed(1, kit.Middle(small(s.pointedAt()).Tint(th.Text).Layout)), kit.Gap(12))
	if says := s.counts(); says != "" && size.X > gtx.Dp(640) {
		row = append(row, layout.Rigid(kit.Middle(small(says).Layout)), kit.Gap(16))
	}
	if says := s.engineLine(); says != "" && size.X > gtx.Dp(900) {
		row = append(row, layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			gtx.Constraints.Max.X = min(gtx.Constraints.Max.X, gtx.Dp(280))
			return kit.Middle(small(says).Layout)(gtx)
		}), kit.Gap(8))
	} else if size.X <= gtx.Dp(640) {
		row = append(row, layout.Rigid(kit.Middle(small(paceLine(s.model.RunState())).Layout)), kit.Gap(8))
	}
	a := s.model.Agent()
	if says, ink := loop.StatusLine(th, a); says != "" && (size.X > gtx.Dp(1000) || a.Unready() != "") {
		b := kit.ButtonStyle{Theme: th, Button: &s.agent, Label: says, Dot: ink, Height: 22, Hint: "Show the loop", Keys: s.action("window.agent").Keys}
		if why := a.Unready(); why != "" {
			b.Name, b.Hint = says+": "+why, "The loop is not ready: "+why
			if size.X <= gtx.Dp(640) {
				b.Label, b.Icon, b.Color, b.Dot = "", kit.IconError, th.Error, color.NRGBA{}
			}
		}
		row = append(row, layout.Rigid(b.Layout), kit.Gap(4))
	}
	row = append(row, toggle(&s.panel, "window.panel", kit.IconPanel), kit.Gap(8))
	gtx.Constraints = layout.Exact(size)
	return layout.Flex{Alignment: layout.Middle}.Layout(gtx, row...)
}

// layoutProblemCount is a button that counts what is wrong.
func (s *statusBar) layoutProblemCount(gtx layout.Context) layout.Dimensions {
	th := s.th
	errors, warnings := count(s.model.Problems())
	b := kit.ButtonStyle{Theme: th, Button: &s.problems, Height: 22, Hint: "Show the problems", Keys: s.action("window.problems").Keys}
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
func (s *statusBar) pointedAt() string {
	t, ok := s.model.Texel()
	if !ok {
		return ""
	}
	return t.String()
}

// counts is what the last frame took.
func (s *statusBar) counts() string {
	run := s.model.RunState()
	if run.Phase == studio.Empty || run.Phase == studio.Broken {
		return ""
	}
	return fmt.Sprintf("frame %s · %s · %s", kit.Thousands(run.Report.Frame),
		kit.Count(run.Report.Commands, "command"), kit.Count(run.Report.Cycles, "cycle"))
}

// engineLine names the processor.
func (s *statusBar) engineLine() string {
	run := s.model.RunState()
	if run.Phase == studio.Empty || run.Adapter == "" {
		return ""
	}
	if strings.HasPrefix(run.Adapter, run.Kind.String()) {
		return run.Adapter
	}
	return run.Kind.String() + " · " + run.Adapter
}
