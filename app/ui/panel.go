package ui

import (
	"fmt"
	"image"
	"strings"

	"gioui.org/io/pointer"
	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/unit"
	"gioui.org/widget"

	"gvpie/app/ui/kit"
	"gvpie/runtime/pxl"
)

// bottomPanel is the panel under the editor and the canvas.
type bottomPanel struct {
	tab      int // panelProblems…
	tabs     [len(panelNames)]widget.Clickable
	heights  [2]unit.Dp // of the panel with little and with much in it, as last dragged
	hide     kit.Button
	problems kit.Scroll
	log      kit.Scroll
	rows     kit.States[problemRow]
	lines    kit.States[widget.Clickable]
}

type problemRow struct {
	click widget.Clickable
	fix   kit.Button
}

// The bottom panel's tabs.
const (
	panelProblems = iota
	panelLog
	panelAgent
	panelMap
)

var panelNames = [...]string{"Problems", "Log", "Agent", "Infinite map"}

// tallPanel is the height that the loop's panels begin with.
const tallPanel unit.Dp = 408

func (w *Workbench) updatePanel(gtx layout.Context) {
	p := &w.bottom
	for i := range p.tabs {
		if p.tabs[i].Clicked(gtx) {
			w.turnPanel(i)
		}
	}
	if p.hide.Clicked(gtx) {
		w.action("window.panel").Invoke()
	}
	if *w.panelShown() {
		switch p.tab {
		case panelAgent:
			w.updateAgent(gtx)
		case panelMap:
			w.updateMap(gtx)
		}
	}
	problems := w.model.Problems()
	first, last := p.problems.Visible(len(problems))
	for i, d := range problems[first:last] {
		i += first
		if p.rows.At(i).fix.Clicked(gtx) {
			w.code.apply(d.Fix)
			return
		}
		if p.rows.At(i).click.Clicked(gtx) {
			w.code.gotoLine(d.Pos.Line, d.Pos.Column)
		}
	}
	log := w.model.Log()
	first, last = p.log.Visible(len(log))
	for i, l := range log[first:last] {
		if p.lines.At(first+i).Clicked(gtx) && l.Line > 0 {
			w.code.gotoLine(l.Line, 1)
		}
	}
}

// openPanel shows the panel at one of its tabs.
func (w *Workbench) openPanel(tab int) {
	*w.panelShown() = true
	w.turnPanel(tab)
}

// turnPanel turns to a tab. The loop's panels have a height of their own.
func (w *Workbench) turnPanel(tab int) {
	p := &w.bottom
	was, is := btoi(p.tab >= panelAgent), btoi(tab >= panelAgent)
	if was != is {
		p.heights[was] = w.panelSplit.Size
		if w.panelSplit.Size = p.heights[is]; w.panelSplit.Size == 0 {
			w.panelSplit.Size = tallPanel
		}
	}
	p.tab = tab
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// nextProblem goes to the first problem after the caret, round to the first.
func (w *Workbench) nextProblem() {
	problems := w.model.Problems()
	if len(problems) == 0 {
		return
	}
	line, column, _ := w.code.caret()
	next := problems[0]
	for _, d := range problems {
		if d.Pos.Line > line || d.Pos.Line == line && d.Pos.Column > column {
			next = d
			break
		}
	}
	w.code.gotoLine(next.Pos.Line, next.Pos.Column)
}

func (w *Workbench) layoutPanel(gtx layout.Context) layout.Dimensions {
	th, p, size := w.th, &w.bottom, gtx.Constraints.Max
	kit.Fill(gtx, image.Rectangle{Max: size}, th.Panel)
	head := gtx.Dp(kit.HeadHeight)
	kit.Boxed(gtx, image.Rect(0, 0, size.X, head), w.layoutPanelHead)
	kit.Boxed(gtx, image.Rect(0, head, size.X, size.Y), func(gtx layout.Context) layout.Dimensions {
		switch p.tab {
		case panelLog:
			return w.layoutLog(gtx)
		case panelAgent:
			return w.layoutAgent(gtx)
		case panelMap:
			return w.layoutMap(gtx)
		}
		return w.layoutProblems(gtx)
	})
	return layout.Dimensions{Size: size}
}

func (w *Workbench) layoutPanelHead(gtx layout.Context) layout.Dimensions {
	th, p := w.th, &w.bottom
	kit.Hairline(gtx, layout.S, th.Line)
	counts := [len(panelNames)]int{len(w.model.Problems()), len(w.model.Log())}
	row := []layout.FlexChild{kit.Gap(4)}
	for i := range p.tabs {
		row = append(row, layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return w.layoutPanelTab(gtx, i, counts[i])
		}))
	}
	row = append(row, layout.Flexed(1, layout.Spacer{}.Layout))
	if gtx.Constraints.Max.X > gtx.Dp(480) {
		row = append(row, layout.Rigid(kit.Middle(th.Caption(w.action("help.palette").Keys+"  all actions", th.Faint).Layout)), kit.Gap(8))
	}
	row = append(row, layout.Rigid(kit.ButtonStyle{Theme: th, Button: &p.hide, Name: "hide the panel", Icon: kit.IconClose, Height: 24, Keys: w.action("window.panel").Keys}.Layout), kit.Gap(8))
	gtx.Constraints.Min = gtx.Constraints.Max
	return layout.Flex{Alignment: layout.Middle}.Layout(gtx, row...)
}

func (w *Workbench) layoutPanelTab(gtx layout.Context, i, n int) layout.Dimensions {
	th, click := w.th, &w.bottom.tabs[i]
	height := gtx.Constraints.Max.Y
	return click.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		semantic.Button.Add(gtx.Ops)
		semantic.LabelOp("panel " + panelNames[i]).Add(gtx.Ops)
		semantic.SelectedOp(w.bottom.tab == i).Add(gtx.Ops)
		pointer.CursorPointer.Add(gtx.Ops)
		ink := th.Dim
		if w.bottom.tab == i || click.Hovered() {
			ink = th.Text
		}
		gtx.Constraints.Min = image.Pt(0, height)
		d := layout.Flex{Alignment: layout.Middle}.Layout(gtx, kit.Gap(12),
			layout.Rigid(kit.Middle(th.Body(panelNames[i]).Tint(ink).Layout)),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				if n == 0 {
					return layout.Dimensions{}
				}
				return layout.Flex{}.Layout(gtx, kit.Gap(6), layout.Rigid(kit.Middle(th.Caption(kit.Thousands(n), th.Dim).Layout)))
			}), kit.Gap(12))
		if w.bottom.tab == i {
			kit.Fill(gtx, image.Rect(gtx.Dp(8), height-gtx.Dp(2), d.Size.X-gtx.Dp(8), height), th.Accent)
		}
		if gtx.Focused(click) {
			kit.Outline(gtx, image.Rectangle{Max: d.Size}.Inset(gtx.Dp(2)), 4, 2, th.Accent)
		}
		return d
	})
}

func (w *Workbench) layoutProblems(gtx layout.Context) layout.Dimensions {
	th, p := w.th, &w.bottom
	problems := w.model.Problems()
	if len(problems) == 0 {
		icon, says := kit.IconCheck, "No problems"
		if w.model.Active() == nil {
			icon, says = kit.IconInfo, "No program is open"
		}
		return kit.Empty(gtx, th, icon, says, "")
	}
	return p.problems.Layout(gtx, th, len(problems), func(gtx layout.Context, i int) layout.Dimensions {
		return w.layoutProblem(gtx, p.rows.At(i), problems[i])
	})
}

func (w *Workbench) layoutProblem(gtx layout.Context, r *problemRow, d pxl.Diagnostic) layout.Dimensions {
	th := w.th
	icon, ink := kit.IconError, th.Error
	if d.Severity == pxl.Warning {
		icon, ink = kit.IconWarning, th.Warning
	}
	place := fmt.Sprintf("%d:%d", d.Pos.Line, d.Pos.Column)
	row := kit.RowStyle{Theme: th, Click: &r.click, Name: "problem " + d.Message, Label: quoted(d.Message), Icon: icon, Ink: ink, Hint: d.Message}
	if d.Pos.Line > 0 {
		row.Note = place
	}
	if d.Fix == nil {
		return row.Layout(gtx)
	}
	return layout.Flex{Alignment: layout.Middle}.Layout(gtx,
		layout.Flexed(1, row.Layout),
		layout.Rigid(kit.ButtonStyle{Theme: th, Button: &r.fix, Name: "fix: " + d.Fix.Title, Label: d.Fix.Title, Look: kit.Framed, Height: 24}.Layout),
		kit.Gap(12),
	)
}

func (w *Workbench) layoutLog(gtx layout.Context) layout.Dimensions {
	th, p := w.th, &w.bottom
	log := w.model.Log()
	if len(log) == 0 {
		return kit.Empty(gtx, th, kit.IconInfo, "Nothing logged", "LOG text… writes a line here")
	}
	p.log.ToEnd(true)
	return p.log.Layout(gtx, th, len(log), func(gtx layout.Context, i int) layout.Dimensions {
		note := fmt.Sprintf("frame %d", log[i].Frame)
		if log[i].Line > 0 {
			note = fmt.Sprintf("line %d · frame %d", log[i].Line, log[i].Frame)
		}
		return kit.RowStyle{Theme: th, Click: p.lines.At(i), Name: "log " + log[i].Text, Label: log[i].Text, Note: note, Mono: true, Height: 22}.Layout(gtx)
	})
}

// quoted writes the `names` of a message in quotes, as prose does.
func quoted(s string) string {
	var b strings.Builder
	open := false
	for _, r := range s {
		switch {
		case r == '`' && !open:
			b.WriteRune('“')
			open = true
		case r == '`':
			b.WriteRune('”')
			open = false
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// count counts errors and warnings.
func count(d []pxl.Diagnostic) (errors, warnings int) {
	for i := range d {
		if d[i].Severity == pxl.Error {
			errors++
		} else {
			warnings++
		}
	}
	return errors, warnings
}
