package loop

import (
	"fmt"
	"image"

	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/unit"

	"gvpie/app/studio/loop"
	"gvpie/app/ui/kit"
)

// Panel is the bottom panel's Agent: on top what the loop is doing, under it
// scripts, goals or cartridges, the runs, and one of them in full.
type Panel struct {
	*Window
	pause, run kit.Button
	left       List
	lists      [4]kit.Button
	columns    kit.Split // lists beside the rest
	rest       kit.Split // runs beside the detail
	wide       bool      // the runs have a column of their own

	scripts    scriptList
	goals      goalList
	cartridges cartridgeList
	runs       runList
	detail     runDetail
}

// List is what the left column lists.
type List int

const (
	Scripts List = iota
	Goals
	Cartridges
	Runs // where there is no room for a column of their own
)

// NewPanel makes the panel.
func NewPanel(w *Window) *Panel {
	return &Panel{
		Window:     w,
		columns:    kit.Split{Axis: layout.Horizontal, Ratio: .34, Min: 240, MinOther: 240},
		rest:       kit.Split{Axis: layout.Horizontal, Ratio: .48, Min: 200, MinOther: 200},
		scripts:    scriptList{Window: w},
		goals:      goalList{Window: w, priority: 5},
		cartridges: cartridgeList{Window: w},
		runs:       runList{Window: w},
		detail:     runDetail{Window: w},
	}
}

// Show turns the left column to one of its lists.
func (p *Panel) Show(l List) { p.left = l }

// Update takes in input while the panel is on screen.
func (p *Panel) Update(gtx layout.Context) {
	if p.pause.Clicked(gtx) {
		if !p.Action("agent.pause").Invoke() {
			p.Action("agent.resume").Invoke()
		}
	}
	if p.run.Clicked(gtx) {
		p.Action("agent.run").Invoke()
	}
	for i := range p.lists {
		if p.lists[i].Clicked(gtx) {
			p.left = List(i)
		}
	}
	p.scripts.update(gtx)
	p.goals.update(gtx)
	p.cartridges.update(gtx)
	p.runs.update(gtx)
	p.detail.update(gtx)
}

// Layout draws the panel.
func (p *Panel) Layout(gtx layout.Context) layout.Dimensions {
	size, a := gtx.Constraints.Max, p.Agent
	if says, hint, icon := emptiness(a); says != "" {
		return kit.Empty(gtx, p.Theme, icon, says, hint)
	}
	head := gtx.Dp(40)
	kit.Boxed(gtx, image.Rect(0, 0, size.X, head), p.layoutHead)
	if by := whose(a); by != "" && size.X < gtx.Dp(narrow) { // under the buttons
		line := gtx.Dp(22)
		kit.Boxed(gtx, image.Rect(gtx.Dp(12), head, size.X-gtx.Dp(12), head+line), p.Theme.Dimmed(by).Layout)
		head += line
	}
	if t := a.LastError(); t != "" {
		room := gtx
		room.Constraints = layout.Constraints{Max: image.Pt(size.X, max(0, size.Y-head))}
		kit.At(room, image.Pt(0, head), func(gtx layout.Context) layout.Dimensions {
			d := p.layoutProblem(gtx, t)
			head += d.Size.Y
			return d
		})
	}
	kit.Boxed(gtx, image.Rect(0, head, size.X, size.Y), p.layoutBody)
	return layout.Dimensions{Size: size}
}

// emptiness is what stands in the place of the panels when there is nothing to
// show yet; "" when there is.
func emptiness(a *loop.Monitor) (says, hint string, icon kit.Icon) {
	switch a.State() {
	case loop.Off:
		return "The loop is not part of this window", "It keeps its scripts and its memory in a data folder; none could be used", kit.IconInfo
	case loop.Opening:
		return "Opening the database…", a.Data(), kit.IconInfo
	case loop.Failed:
		return "The database cannot be opened", a.LastError(), kit.IconError
	}
	if !a.Listed() {
		return "Reading what the loop has done…", a.Data(), kit.IconInfo
	}
	return "", "", nil
}

// narrow is a width that holds the buttons and little beside them.
const narrow unit.Dp = 560

// layoutHead draws what the loop is doing, and the buttons.
func (p *Panel) layoutHead(gtx layout.Context) layout.Dimensions {
	th, a, width := p.Theme, p.Agent, gtx.Constraints.Max.X
	kit.Hairline(gtx, layout.S, th.Line)
	says, next, ink := phase(th, a)
	st := a.Status()
	dot := func(gtx layout.Context) layout.Dimensions { return kit.IconDot.Layout(gtx, 16, ink) }
	row := []layout.FlexChild{kit.Gap(12), layout.Rigid(kit.Middle(dot)), kit.Gap(6), layout.Rigid(kit.Middle(th.Strong(says).Layout))}
	faded := func(s string, least unit.Dp) {
		if s != "" && width >= gtx.Dp(least) {
			row = append(row, kit.Gap(12), layout.Rigid(kit.Middle(th.Dimmed(s).Layout)))
		}
	}
	if a.MayWrite() {
		if st.Cycle > 0 {
			faded("cycle "+kit.Thousands(st.Cycle), 420)
		}
		faded(next, 320)
		pause := kit.ButtonStyle{Theme: th, Button: &p.pause, Name: "pause the loop", Hint: "Pause the loop", Icon: kit.IconPause, Look: kit.Framed, Height: 24, Label: "Pause"}
		if st.Paused {
			pause.Name, pause.Hint, pause.Icon, pause.Label = "resume the loop", "Resume the loop", kit.IconRun, "Resume"
		}
		cycle := p.Action("agent.run")
		run := kit.ButtonStyle{Theme: th, Button: &p.run, Name: "run a cycle now", Hint: "Run a cycle now", Keys: cycle.Keys, Icon: kit.IconStep, Look: kit.Framed, Height: 24, Label: "Run now", Disabled: !cycle.On()}
		if width < gtx.Dp(narrow) {
			pause.Label, run.Label = "", ""
		}
		row = append(row, kit.Gap(16), layout.Rigid(kit.Middle(pause.Layout)), kit.Gap(6), layout.Rigid(kit.Middle(run.Layout)))
	}
	if a.Unready() != "" {
		row = append(row, kit.Gap(12),
			layout.Rigid(kit.Middle(func(gtx layout.Context) layout.Dimensions { return kit.IconError.Layout(gtx, 16, th.Error) })), kit.Gap(6),
			layout.Rigid(kit.Middle(th.Strong("Not ready").Tint(th.Error).Layout)))
	}
	if by := whose(a); by != "" && width >= gtx.Dp(narrow) {
		row = append(row, kit.Gap(12), layout.Flexed(1, kit.Middle(th.Dimmed(by).Layout)), kit.Gap(12))
	} else {
		row = append(row, layout.Flexed(1, layout.Spacer{}.Layout))
	}
	if a.MayWrite() && st.Health != "" && width >= gtx.Dp(760) {
		icon, tint := kit.IconCheck, th.Accent
		if !st.Healthy {
			icon, tint = kit.IconWarning, th.Warning
		}
		row = append(row,
			layout.Rigid(kit.Middle(func(gtx layout.Context) layout.Dimensions { return icon.Layout(gtx, 16, tint) })), kit.Gap(6),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				gtx.Constraints.Max.X = min(gtx.Constraints.Max.X, gtx.Dp(380))
				return kit.Middle(th.Dimmed(st.Health).Layout)(gtx)
			}))
	}
	if n := st.Unsaved; n > 0 {
		row = append(row, kit.Gap(12), layout.Rigid(kit.Middle(th.Body(kit.Count(n, "run")+" to be saved").Tint(th.Warning).Layout)))
	}
	if width >= gtx.Dp(960) && st.Runs > 0 {
		row = append(row, kit.Gap(16), layout.Rigid(kit.Middle(th.Dimmed(fmt.Sprintf("%s here, %d failed", kit.Count(st.Runs, "run"), st.Failures)).Layout)))
	}
	row = append(row, kit.Gap(12))
	gtx.Constraints.Min = gtx.Constraints.Max
	return layout.Flex{Alignment: layout.Middle}.Layout(gtx, row...)
}

// layoutProblem draws a sentence about something that is wrong, in as many lines as it
// takes, up to four.
func (p *Panel) layoutProblem(gtx layout.Context, says string) layout.Dimensions {
	th, icon, ink := p.Theme, kit.IconWarning, p.Theme.Warning
	if p.Agent.Unready() != "" {
		icon, ink = kit.IconError, th.Error
	}
	text := th.Body(says).Paragraph()
	text.Lines = 4
	m := op.Record(gtx.Ops)
	d := layout.Inset{Left: 12, Right: 12, Top: 4, Bottom: 4}.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		return layout.Flex{}.Layout(gtx,
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return layout.Inset{Top: 2}.Layout(gtx, func(gtx layout.Context) layout.Dimensions { return icon.Layout(gtx, 16, ink) })
			}), kit.Gap(6),
			layout.Flexed(1, text.Layout))
	})
	call := m.Stop()
	kit.Fill(gtx, image.Rectangle{Max: d.Size}, kit.Alpha(ink, 22))
	call.Add(gtx.Ops)
	return d
}

func (p *Panel) layoutBody(gtx layout.Context) layout.Dimensions {
	p.wide = gtx.Constraints.Max.X >= gtx.Dp(720)
	if !p.wide {
		if gtx.Constraints.Max.X < gtx.Dp(480) {
			return p.layoutLists(gtx)
		}
		return p.columns.Layout(gtx, p.Theme, p.layoutLists, p.detail.layout)
	}
	if p.left == Runs {
		p.left = Scripts
	}
	if gtx.Constraints.Max.X < gtx.Dp(980) {
		return p.columns.Layout(gtx, p.Theme, p.layoutLists, func(gtx layout.Context) layout.Dimensions {
			half := gtx.Constraints.Max
			half.Y = max(gtx.Dp(96), half.Y/2)
			kit.Boxed(gtx, image.Rectangle{Max: half}, p.runs.layoutColumn)
			kit.Boxed(gtx, image.Rect(0, half.Y, half.X, gtx.Constraints.Max.Y), func(gtx layout.Context) layout.Dimensions {
				kit.Hairline(gtx, layout.N, p.Theme.Line)
				return p.detail.layout(gtx)
			})
			return layout.Dimensions{Size: gtx.Constraints.Max}
		})
	}
	return p.columns.Layout(gtx, p.Theme, p.layoutLists, func(gtx layout.Context) layout.Dimensions {
		return p.rest.Layout(gtx, p.Theme, p.runs.layoutColumn, p.detail.layout)
	})
}

// layoutLists draws the left column: a choice of lists, and the one chosen.
func (p *Panel) layoutLists(gtx layout.Context) layout.Dimensions {
	a, size := p.Agent, gtx.Constraints.Max
	head := gtx.Dp(kit.HeadHeight)
	c := a.Counts()
	kit.Boxed(gtx, image.Rect(0, 0, size.X, head), func(gtx layout.Context) layout.Dimensions {
		row := []layout.FlexChild{kit.Gap(8)}
		names := []string{"Scripts", "Goals", "Cartridges"}
		counts := []int64{c.Scripts, c.OpenGoals, c.Cartridges}
		if !p.wide {
			names, counts = append(names, "Runs"), append(counts, c.Runs)
		}
		for i, name := range names {
			row = append(row, layout.Rigid(p.listButton(List(i), name, counts[i]).Layout), kit.Gap(2))
		}
		gtx.Constraints.Min = gtx.Constraints.Max
		return layout.Flex{Alignment: layout.Middle}.Layout(gtx, row...)
	})
	kit.Boxed(gtx, image.Rect(0, head, size.X, size.Y), func(gtx layout.Context) layout.Dimensions {
		switch p.left {
		case Goals:
			return p.goals.layout(gtx)
		case Cartridges:
			return p.cartridges.layout(gtx)
		case Runs:
			return p.runs.layout(gtx)
		}
		return p.scripts.layout(gtx)
	})
	return layout.Dimensions{Size: size}
}

// listButton turns to one of the lists.
func (p *Panel) listButton(l List, name string, n int64) kit.ButtonStyle {
	s := kit.ButtonStyle{Theme: p.Theme, Button: &p.lists[l], Name: "list " + kit.LowerFirst(name), Label: name, Selected: p.left == l, Height: 24, Hint: name}
	if n > 0 {
		s.Label += " " + kit.Thousands(n)
	}
	return s
}

// columnHead is a column's caption with something at its right.
func columnHead(gtx layout.Context, th *kit.Theme, title, note string) layout.Dimensions {
	gtx.Constraints.Min = gtx.Constraints.Max
	return layout.Flex{Alignment: layout.Middle}.Layout(gtx, kit.Gap(12),
		layout.Flexed(1, kit.Middle(th.Caption(title, th.Dim).Layout)),
		layout.Rigid(kit.Middle(th.Caption(note, th.Faint).Layout)), kit.Gap(14))
}
