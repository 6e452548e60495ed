package ui

import (
	"fmt"
	"image"

	"gioui.org/layout"
	"gioui.org/unit"
	"gioui.org/widget"

	"gvpie/app/studio/loop"
	"gvpie/app/ui/kit"
)

// agentPanel is the bottom panel's Agent: on top what the loop is doing, under
// it scripts, goals or cartridges, the runs, and one of them in full.
type agentPanel struct {
	pause, run kit.Button
	left       agentList
	lists      [4]kit.Button
	columns    kit.Split // lists beside the rest
	rest       kit.Split // runs beside the detail

	scripts   kit.Scroll
	scriptRow kit.States[scriptState]
	goals     kit.Scroll
	goalRow   kit.States[goalState]
	goal      kit.Field
	priority  int64
	less      kit.Button
	more      kit.Button
	add       kit.Button
	carts     kit.Scroll
	cart      kit.States[widget.Clickable]
	chosen    int64 // the cartridge that the buttons are about
	cartDo    [4]kit.Button

	runs   kit.RowList
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
	on    kit.Switch
}

type goalState struct{ done kit.Button }

func newAgentPanel() agentPanel {
	return agentPanel{
		priority: 5,
		columns:  kit.Split{Axis: layout.Horizontal, Ratio: .34, Min: 240, MinOther: 240},
		rest:     kit.Split{Axis: layout.Horizontal, Ratio: .48, Min: 200, MinOther: 200},
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
		return kit.Empty(gtx, w.th, icon, says, hint)
	}
	head := gtx.Dp(40)
	kit.Boxed(gtx, image.Rect(0, 0, size.X, head), w.layoutAgentHead)
	if t := a.LastError(); t != "" {
		strip := gtx.Dp(28)
		kit.Boxed(gtx, image.Rect(0, head, size.X, head+strip), func(gtx layout.Context) layout.Dimensions { return w.layoutTrouble(gtx, t) })
		head += strip
	}
	kit.Boxed(gtx, image.Rect(0, head, size.X, size.Y), w.layoutAgentBody)
	return layout.Dimensions{Size: size}
}

// agentEmpty is what stands in the place of the panels when there is nothing to
// show yet; "" when there is.
func agentEmpty(a *loop.Monitor) (says, hint string, icon kit.Icon) {
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

// layoutAgentHead draws what the loop is doing, and the buttons.
func (w *Workbench) layoutAgentHead(gtx layout.Context) layout.Dimensions {
	th, p, a, width := w.th, &w.agent, w.model.Agent(), gtx.Constraints.Max.X
	kit.Hairline(gtx, layout.S, th.Line)
	says, next, ink := agentPhase(th, a)
	st := a.Status()
	dot := func(gtx layout.Context) layout.Dimensions { return kit.IconDot.Layout(gtx, 16, ink) }
	row := []layout.FlexChild{kit.Gap(12), layout.Rigid(kit.Middle(dot)), kit.Gap(6), layout.Rigid(kit.Middle(th.Strong(says).Layout))}
	faded := func(s string, least unit.Dp) {
		if s != "" && width >= gtx.Dp(least) {
			row = append(row, kit.Gap(12), layout.Rigid(kit.Middle(th.Dimmed(s).Layout)))
		}
	}
	if a.State() == loop.Running {
		if st.Cycle > 0 {
			faded("cycle "+kit.Thousands(st.Cycle), 420)
		}
		faded(next, 320)
		pause := kit.ButtonStyle{Theme: th, Button: &p.pause, Name: "pause the loop", Hint: "Pause the loop", Icon: kit.IconPause, Look: kit.Framed, Height: 24, Label: "Pause"}
		if st.Paused {
			pause.Name, pause.Hint, pause.Icon, pause.Label = "resume the loop", "Resume the loop", kit.IconRun, "Resume"
		}
		cycle := w.action("agent.run")
		run := kit.ButtonStyle{Theme: th, Button: &p.run, Name: "run a cycle now", Hint: "Run a cycle now", Keys: cycle.Keys, Icon: kit.IconStep, Look: kit.Framed, Height: 24, Label: "Run now", Disabled: !cycle.On()}
		if width < gtx.Dp(560) {
			pause.Label, run.Label = "", ""
		}
		row = append(row, kit.Gap(16), layout.Rigid(kit.Middle(pause.Layout)), kit.Gap(6), layout.Rigid(kit.Middle(run.Layout)))
	} else if a.LockHolder() != "" {
		faded("the loop is run by "+a.LockHolder(), 480)
	}
	row = append(row, layout.Flexed(1, layout.Spacer{}.Layout))
	if a.State() == loop.Running && st.Health != "" && width >= gtx.Dp(760) {
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

// layoutTrouble draws a line about something that is wrong.
func (w *Workbench) layoutTrouble(gtx layout.Context, says string) layout.Dimensions {
	th := w.th
	kit.Fill(gtx, image.Rectangle{Max: gtx.Constraints.Max}, kit.Alpha(th.Warning, 22))
	gtx.Constraints.Min = gtx.Constraints.Max
	return layout.Flex{Alignment: layout.Middle}.Layout(gtx, kit.Gap(12),
		layout.Rigid(kit.Middle(func(gtx layout.Context) layout.Dimensions { return kit.IconWarning.Layout(gtx, 16, th.Warning) })), kit.Gap(6),
		layout.Flexed(1, kit.Middle(th.Body(says).Layout)), kit.Gap(12))
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
			kit.Boxed(gtx, image.Rectangle{Max: half}, w.layoutRunsColumn)
			kit.Boxed(gtx, image.Rect(0, half.Y, half.X, gtx.Constraints.Max.Y), func(gtx layout.Context) layout.Dimensions {
				kit.Hairline(gtx, layout.N, w.th.Line)
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
			row = append(row, layout.Rigid(w.segment(&p.lists[i], name, counts[i], p.left == agentList(i)).Layout), kit.Gap(2))
		}
		gtx.Constraints.Min = gtx.Constraints.Max
		return layout.Flex{Alignment: layout.Middle}.Layout(gtx, row...)
	})
	kit.Boxed(gtx, image.Rect(0, head, size.X, size.Y), func(gtx layout.Context) layout.Dimensions {
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
func (w *Workbench) segment(b *kit.Button, name string, n int64, chosen bool) kit.ButtonStyle {
	s := kit.ButtonStyle{Theme: w.th, Button: b, Name: "list " + kit.LowerFirst(name), Label: name, Selected: chosen, Height: 24, Hint: name}
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
