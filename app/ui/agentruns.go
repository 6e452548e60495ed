package ui

import (
	"fmt"
	"image"
	"strings"

	"gioui.org/layout"
	"gioui.org/unit"

	"gvpie/app/studio/loop"
	"gvpie/app/ui/kit"
	"gvpie/runtime/store"
)

func (w *Workbench) updateRuns(gtx layout.Context, a *loop.Monitor) {
	p := &w.agent
	if c, ok := p.runs.Update(gtx, w.runCursor(a)); ok {
		p.wanted = c.Row + 1
		if c.Double {
			w.openShown(a)
		}
	}
	if r := a.Runs().At(p.wanted - 1); r != nil { // at once, or when it has been read
		p.wanted = 0
		a.ShowRun(r.ID)
	}
}

// runCursor is the row of the run that is shown; -1 when none is.
func (w *Workbench) runCursor(a *loop.Monitor) int {
	if w.agent.wanted > 0 {
		return w.agent.wanted - 1
	}
	run, _ := a.Shown()
	if run == 0 {
		return -1
	}
	first, last := w.agent.runs.Visible()
	for i := first - 1; i <= last; i++ { // a key moves it a row out of sight
		if r := a.Runs().At(i); r != nil && r.ID == run {
			return i
		}
	}
	if r := a.Runs().At(0); r != nil { // where ids have no gaps, this is it
		if i := int(r.ID - run); i >= 0 && i < a.Runs().Len() {
			return i
		}
	}
	return -1
}

func (w *Workbench) layoutRunsColumn(gtx layout.Context) layout.Dimensions {
	a, size := w.model.Agent(), gtx.Constraints.Max
	head := gtx.Dp(kit.HeadHeight)
	kit.Boxed(gtx, image.Rect(0, 0, size.X, head), func(gtx layout.Context) layout.Dimensions {
		note := ""
		if n := a.Runs().Len(); n > 0 {
			note = kit.Thousands(n) + ", newest first"
		}
		return columnHead(gtx, w.th, "RUNS", note)
	})
	kit.Boxed(gtx, image.Rect(0, head, size.X, size.Y), func(gtx layout.Context) layout.Dimensions { return w.layoutRuns(gtx, a) })
	return layout.Dimensions{Size: size}
}

func (w *Workbench) layoutRuns(gtx layout.Context, a *loop.Monitor) layout.Dimensions {
	th, p, runs := w.th, &w.agent, a.Runs()
	n := runs.Len()
	if n == 0 {
		says, hint := "No runs yet", "The first cycle begins now"
		if _, next, _ := agentPhase(th, a); next != "" {
			hint = "The loop runs a cycle " + strings.TrimPrefix(next, "next ")
		}
		if a.State() != loop.Running {
			hint = "The loop does not run in this window"
		}
		return kit.Empty(gtx, th, kit.IconInfo, says, hint)
	}
	grown := n - p.known
	if p.known == 0 {
		grown = 0
	}
	p.known = n
	d := kit.RowListStyle{
		Theme: th, List: &p.runs, Name: "runs", N: n, Cursor: w.runCursor(a), Second: -1, Height: 26, Grown: grown,
		Row:   func(gtx layout.Context, i int, chosen bool) { w.layoutRun(gtx, a, runs.At(i), chosen) },
		Label: func(i int) string { return runLabel(runs.At(i)) },
	}.Layout(gtx)
	first, last := p.runs.Visible()
	runs.Show(first-20, last+20)
	return d
}

// runLabel is what a screen reader says of a run.
func runLabel(r *store.Run) string {
	switch {
	case r == nil:
		return "run, being read"
	case r.InHand():
		return fmt.Sprintf("run %d of %s, running", r.ID, r.Script)
	case r.Success:
		return fmt.Sprintf("run %d of %s, succeeded", r.ID, r.Script)
	}
	return fmt.Sprintf("run %d of %s, failed", r.ID, r.Script)
}

// layoutRun draws one row: when, how it came out, what ran, how long, where, and
// what went wrong.
func (w *Workbench) layoutRun(gtx layout.Context, a *loop.Monitor, r *store.Run, chosen bool) {
	th, size := w.th, gtx.Constraints.Max
	if r == nil { // on its way: a quiet bar
		y := size.Y / 2
		kit.FillRound(gtx, image.Rect(gtx.Dp(12), y-gtx.Dp(3), min(size.X-gtx.Dp(12), gtx.Dp(200)), y+gtx.Dp(3)), 3, kit.Alpha(th.Line, 160))
		return
	}
	_, icon, ink := runWord(th, r)
	name := th.Body(r.Script)
	if r.Script == "" {
		name = th.Dimmed("by hand")
	}
	if !chosen {
		name.Color = kit.Mix(th.Dim, th.Text, 150)
	}
	duration := th.Mono(kit.Duration(r.Duration)).Tint(th.Dim)
	if r.Slow {
		duration.Color = th.Warning
	}
	started, when := kit.ClockTime(r.StartedAt, a.Now()), unit.Dp(92)
	roomy := size.X > gtx.Dp(460)
	width := unit.Dp(132)
	if !roomy {
		width, when = 98, 62
		if len(started) > len("15:04:05") {
			started = started[:len("02 Jan")]
		}
	}
	note, tint := kit.FirstLine(r.Stderr), kit.Alpha(th.Error, 220)
	if r.Slow && note == "" {
		note, tint = "slow", th.Warning
	}
	if r.Interrupted || r.Cancelled {
		tint = th.Dim
	}
	row := []layout.FlexChild{kit.Gap(12),
		kit.Cell(when, false, th.Mono(started).Tint(th.Faint)), kit.Gap(6),
		layout.Rigid(kit.Middle(func(gtx layout.Context) layout.Dimensions { return icon.Layout(gtx, 14, ink) })), kit.Gap(8),
		kit.Cell(width, false, name), kit.Gap(8),
		kit.Cell(64, true, duration), kit.Gap(10),
	}
	if roomy || note == "" || note == "slow" { // what went wrong matters more than where
		row = append(row, kit.Cell(44, false, th.Small(r.Backend, th.Faint)), kit.Gap(4))
	}
	row = append(row, layout.Flexed(1, kit.Middle(th.Small(note, tint).Layout)), kit.Gap(12))
	layout.Flex{Alignment: layout.Middle}.Layout(gtx, row...)
}
