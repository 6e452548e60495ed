package ui

import (
	"fmt"
	"image"

	"gioui.org/layout"
	"gioui.org/unit"
	"gioui.org/widget"

	"gvpie/app/studio"
)

// agentPanel is the bottom panel's Agent: on top what the loop is doing, under
// it scripts, goals or cartridges, the runs, and one of them in full.
type agentPanel struct {
	pause, run Button
	left       agentList
	lists      [4]Button
	columns    Split // lists beside the rest
	rest       Split // runs beside the detail

	scripts   Scroll
	scriptRow states[scriptState]
	goals     Scroll
	goalRow   states[goalState]
	goal      Field
	priority  int64
	less      Button
	more      Button
	add       Button
	carts     Scroll
	cart      states[widget.Clickable]
	chosen    int64 // the cartridge that the buttons are about
	cartDo    [4]Button

	runs   RowList
	known  int  // runs when last drawn
	wanted int  // a row that was chosen and is being read, from 1; 0 none
	wide   bool // the runs have a column of their own

	detail runDetail
}

// agentList is what the left column lists.
type agentList int

const (
	listScripts agentList = iota
	listGoals
	listCartridges
	listRuns // where there is no room for a column of their own
)

type scriptState struct {
	click widget.Clickable
	on    Switch
}

type goalState struct{ done Button }

func newAgentPanel() agentPanel {
	return agentPanel{
		priority: 5,
		columns:  Split{Axis: layout.Horizontal, Ratio: .34, Min: 240, MinOther: 240},
		rest:     Split{Axis: layout.Horizontal, Ratio: .48, Min: 200, MinOther: 200},
	}
}

// updateAgent takes in input while the panel is on screen.
func (w *Workbench) updateAgent(gtx layout.Context) {
	p, a := &w.agent, w.model.Agent()
	if p.pause.Clicked(gtx) {
		if !w.action("agent.pause").Invoke() {
			w.action("agent.resume").Invoke()
		}
	}
	if p.run.Clicked(gtx) {
		w.action("agent.run").Invoke()
	}
	for i := range p.lists {
		if p.lists[i].Clicked(gtx) {
			p.left = agentList(i)
		}
	}
	w.updateScripts(gtx, a)
	w.updateGoals(gtx, a)
	w.updateCartridges(gtx, a)
	w.updateRuns(gtx, a)
	w.updateDetail(gtx, a)
}

// layoutAgent draws the panel.
func (w *Workbench) layoutAgent(gtx layout.Context) layout.Dimensions {
	size, a := gtx.Constraints.Max, w.model.Agent()
	if says, hint, icon := agentEmpty(a); says != "" {
		return nothing(gtx, w.th, icon, says, hint)
	}
	head := gtx.Dp(40)
	boxed(gtx, image.Rect(0, 0, size.X, head), w.layoutAgentHead)
	if t := a.Trouble(); t != "" {
		strip := gtx.Dp(28)
		boxed(gtx, image.Rect(0, head, size.X, head+strip), func(gtx layout.Context) layout.Dimensions { return w.layoutTrouble(gtx, t) })
		head += strip
	}
	boxed(gtx, image.Rect(0, head, size.X, size.Y), w.layoutAgentBody)
	return layout.Dimensions{Size: size}
}

// agentEmpty is what stands in the place of the panels when there is nothing to
// show yet; "" when there is.
func agentEmpty(a *studio.Agent) (says, hint string, icon Icon) {
	switch a.State() {
	case studio.AgentOff:
		return "The loop is not part of this window", "It keeps its scripts and its memory in a data folder; none could be used", iconInfo
	case studio.AgentOpening:
		return "Opening the database…", a.Data(), iconInfo
	case studio.AgentFailed:
		return "The database cannot be opened", a.Trouble(), iconError
	}
	if !a.Listed() {
		return "Reading what the loop has done…", a.Data(), iconInfo
	}
	return "", "", nil
}

// layoutAgentHead draws what the loop is doing, and the buttons.
func (w *Workbench) layoutAgentHead(gtx layout.Context) layout.Dimensions {
	th, p, a, width := w.th, &w.agent, w.model.Agent(), gtx.Constraints.Max.X
	hairline(gtx, layout.S, th.Line)
	says, next, ink := agentPhase(th, a)
	st := a.Status()
	dot := func(gtx layout.Context) layout.Dimensions { return iconDot.Layout(gtx, 16, ink) }
	row := []layout.FlexChild{gap(12), layout.Rigid(middle(dot)), gap(6), layout.Rigid(middle(th.Strong(says).Layout))}
	faded := func(s string, least unit.Dp) {
		if s != "" && width >= gtx.Dp(least) {
			row = append(row, gap(12), layout.Rigid(middle(th.Dimmed(s).Layout)))
		}
	}
	if a.State() == studio.AgentHere {
		if st.Cycle > 0 {
			faded("cycle "+thousands(uint64(st.Cycle)), 420)
		}
		faded(next, 320)
		pause := ButtonStyle{Theme: th, Button: &p.pause, Name: "pause the loop", Hint: "Pause the loop", Icon: iconPause, Look: Framed, Height: 24, Label: "Pause"}
		if st.Paused {
			pause.Name, pause.Hint, pause.Icon, pause.Label = "resume the loop", "Resume the loop", iconRun, "Resume"
		}
		cycle := w.action("agent.run")
		run := ButtonStyle{Theme: th, Button: &p.run, Name: "run a cycle now", Hint: "Run a cycle now", Keys: cycle.Keys, Icon: iconStep, Look: Framed, Height: 24, Label: "Run now", Disabled: !cycle.On()}
		if width < gtx.Dp(560) {
			pause.Label, run.Label = "", ""
		}
		row = append(row, gap(16), layout.Rigid(middle(pause.Layout)), gap(6), layout.Rigid(middle(run.Layout)))
	} else if a.Holder() != "" {
		faded("the loop is run by "+a.Holder(), 480)
	}
	row = append(row, layout.Flexed(1, layout.Spacer{}.Layout))
	if a.State() == studio.AgentHere && st.Health != "" && width >= gtx.Dp(760) {
		icon, tint := iconCheck, th.Accent
		if !st.Healthy {
			icon, tint = iconWarning, th.Warning
		}
		row = append(row,
			layout.Rigid(middle(func(gtx layout.Context) layout.Dimensions { return icon.Layout(gtx, 16, tint) })), gap(6),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				gtx.Constraints.Max.X = min(gtx.Constraints.Max.X, gtx.Dp(380))
				return middle(th.Dimmed(st.Health).Layout)(gtx)
			}))
	}
	if n := st.Unsaved; n > 0 {
		row = append(row, gap(12), layout.Rigid(middle(th.Body(plural(n, "run")+" to be saved").Tint(th.Warning).Layout)))
	}
	if width >= gtx.Dp(960) && st.Runs > 0 {
		row = append(row, gap(16), layout.Rigid(middle(th.Dimmed(fmt.Sprintf("%s here, %d failed", plural(st.Runs, "run"), st.Failures)).Layout)))
	}
	row = append(row, gap(12))
	gtx.Constraints.Min = gtx.Constraints.Max
	return layout.Flex{Alignment: layout.Middle}.Layout(gtx, row...)
}

// layoutTrouble draws a line about something that is wrong.
func (w *Workbench) layoutTrouble(gtx layout.Context, says string) layout.Dimensions {
	th := w.th
	fill(gtx, image.Rectangle{Max: gtx.Constraints.Max}, alpha(th.Warning, 22))
	gtx.Constraints.Min = gtx.Constraints.Max
	return layout.Flex{Alignment: layout.Middle}.Layout(gtx, gap(12),
		layout.Rigid(middle(func(gtx layout.Context) layout.Dimensions { return iconWarning.Layout(gtx, 16, th.Warning) })), gap(6),
		layout.Flexed(1, middle(th.Body(says).Layout)), gap(12))
}

func (w *Workbench) layoutAgentBody(gtx layout.Context) layout.Dimensions {
	p := &w.agent
	p.wide = gtx.Constraints.Max.X >= gtx.Dp(720)
	if !p.wide {
		if gtx.Constraints.Max.X < gtx.Dp(480) {
			return w.layoutLists(gtx)
		}
		return p.columns.Layout(gtx, w.th, w.layoutLists, w.layoutDetail)
	}
	if p.left == listRuns {
		p.left = listScripts
	}
	if gtx.Constraints.Max.X < gtx.Dp(980) {
		return p.columns.Layout(gtx, w.th, w.layoutLists, func(gtx layout.Context) layout.Dimensions {
			half := gtx.Constraints.Max
			half.Y = max(gtx.Dp(96), half.Y/2)
			boxed(gtx, image.Rectangle{Max: half}, w.layoutRunsColumn)
			boxed(gtx, image.Rect(0, half.Y, half.X, gtx.Constraints.Max.Y), func(gtx layout.Context) layout.Dimensions {
				hairline(gtx, layout.N, w.th.Line)
				return w.layoutDetail(gtx)
			})
			return layout.Dimensions{Size: gtx.Constraints.Max}
		})
	}
	return p.columns.Layout(gtx, w.th, w.layoutLists, func(gtx layout.Context) layout.Dimensions {
		return p.rest.Layout(gtx, w.th, w.layoutRunsColumn, w.layoutDetail)
	})
}

// layoutLists draws the left column: a choice of lists, and the one chosen.
func (w *Workbench) layoutLists(gtx layout.Context) layout.Dimensions {
	p, a, size := &w.agent, w.model.Agent(), gtx.Constraints.Max
	head := gtx.Dp(headHeight)
	c := a.Counts()
	boxed(gtx, image.Rect(0, 0, size.X, head), func(gtx layout.Context) layout.Dimensions {
		row := []layout.FlexChild{gap(8)}
		names := []string{"Scripts", "Goals", "Cartridges"}
		counts := []int64{c.Scripts, c.OpenGoals, c.Cartridges}
		if !p.wide {
			names, counts = append(names, "Runs"), append(counts, c.Runs)
		}
		for i, name := range names {
			row = append(row, layout.Rigid(w.segment(&p.lists[i], name, counts[i], p.left == agentList(i)).Layout), gap(2))
		}
		gtx.Constraints.Min = gtx.Constraints.Max
		return layout.Flex{Alignment: layout.Middle}.Layout(gtx, row...)
	})
	boxed(gtx, image.Rect(0, head, size.X, size.Y), func(gtx layout.Context) layout.Dimensions {
		switch p.left {
		case listGoals:
			return w.layoutGoals(gtx, a)
		case listCartridges:
			return w.layoutCartridges(gtx, a)
		case listRuns:
			return w.layoutRuns(gtx, a)
		}
		return w.layoutScripts(gtx, a)
	})
	return layout.Dimensions{Size: size}
}

// segment is a button that chooses one of several lists.
func (w *Workbench) segment(b *Button, name string, n int64, chosen bool) ButtonStyle {
	s := ButtonStyle{Theme: w.th, Button: b, Name: "list " + lower(name), Label: name, Selected: chosen, Height: 24, Hint: name}
	if n > 0 {
		s.Label += " " + thousands(uint64(n))
	}
	return s
}

// columnHead is a column's caption with something at its right.
func columnHead(gtx layout.Context, th *Theme, title, note string) layout.Dimensions {
	gtx.Constraints.Min = gtx.Constraints.Max
	return layout.Flex{Alignment: layout.Middle}.Layout(gtx, gap(12),
		layout.Flexed(1, middle(th.Caption(title, th.Dim).Layout)),
		layout.Rigid(middle(th.Caption(note, th.Faint).Layout)), gap(14))
}
