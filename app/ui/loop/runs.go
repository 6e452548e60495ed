package loop

import (
	"fmt"
	"image"
	"strings"

	"gioui.org/layout"
	"gioui.org/unit"

	"gvpie/app/ui/kit"
	"gvpie/runtime/store"
)

// runList lists the runs, newest first.
type runList struct {
	*Window
	rows pagedList[store.Run]
}

func (l *runList) update(gtx layout.Context) {
	if c, ok := l.rows.Update(gtx, l.cursor()); ok {
		l.rows.want(c)
		if c.Double {
			l.openShown()
		}
	}
	if r := l.rows.chosen(l.Agent.Runs()); r != nil {
		l.Agent.ShowRun(r.ID)
	}
}

// cursor is the row of the run that is shown; -1 when none is.
func (l *runList) cursor() int {
	if l.rows.wanted > 0 {
		return l.rows.wanted - 1
	}
	run, _ := l.Agent.Shown()
	if run == 0 {
		return -1
	}
	runs := l.Agent.Runs()
	if i := l.rows.inSight(runs, func(r *store.Run) bool { return r.ID == run }); i >= 0 {
		return i
	}
	if r := runs.At(0); r != nil { // where ids have no gaps, this is it
		if i := int(r.ID - run); i >= 0 && i < runs.Len() {
			return i
		}
	}
	return -1
}

func (l *runList) layoutColumn(gtx layout.Context) layout.Dimensions {
	a, size := l.Agent, gtx.Constraints.Max
	head := gtx.Dp(kit.HeadHeight)
	kit.Boxed(gtx, image.Rect(0, 0, size.X, head), func(gtx layout.Context) layout.Dimensions {
		note := ""
		if n := a.Runs().Len(); n > 0 {
			note = kit.Thousands(n) + ", newest first"
		}
		return columnHead(gtx, l.Theme, "RUNS", note)
	})
	kit.Boxed(gtx, image.Rect(0, head, size.X, size.Y), l.layout)
	return layout.Dimensions{Size: size}
}

func (l *runList) layout(gtx layout.Context) layout.Dimensions {
	a := l.Agent
	th, runs := l.Theme, a.Runs()
	if runs.Len() == 0 {
		says, hint := "No runs yet", "The first cycle begins now"
		if _, next, _ := phase(th, a); next != "" {
			hint = "The loop runs a cycle " + strings.TrimPrefix(next, "next ")
		}
		if !a.MayWrite() {
			hint = "The loop is not this window's to run"
		}
		return kit.Empty(gtx, th, kit.IconInfo, says, hint)
	}
	s := kit.RowListStyle{Theme: th, Name: "runs", Cursor: l.cursor(), Second: -1}
	return l.rows.layout(gtx, runs, s, l.layoutRun, runLabel)
}

// runLabel is what a screen reader says of a run.
func runLabel(r *store.Run) string {
	how := "failed"
	switch {
	case r.Running():
		how = "running"
	case r.Success:
		how = "succeeded"
	}
	return fmt.Sprintf("run %d of %s, %s", r.ID, r.Script, how)
}

// layoutRun draws one row: when, how it came out, what ran, how long, where, and
// what went wrong.
func (l *runList) layoutRun(gtx layout.Context, r *store.Run, chosen bool) {
	th, size := l.Theme, gtx.Constraints.Max
	_, icon, ink := outcome(th, r)
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
	started, when := kit.ClockTime(r.StartedAt, l.Agent.Now()), unit.Dp(92)
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
