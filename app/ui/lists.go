package ui

import (
	"fmt"
	"strings"

	"gioui.org/layout"
	"gioui.org/widget"

	"gvpie/app/ui/kit"
	"gvpie/runtime/pxl"
)

// problemList is the bottom panel's list of what is wrong with the program in
// front.
type problemList struct {
	*shell
	scroll kit.Scroll
	rows   kit.States[problemRow]
}

type problemRow struct {
	click widget.Clickable
	fix   kit.Button
}

func (l *problemList) update(gtx layout.Context) {
	problems := l.model.Problems()
	first, last := l.scroll.Visible(len(problems))
	for i, d := range problems[first:last] {
		row := l.rows.At(first + i)
		if row.fix.Clicked(gtx) {
			l.code.apply(d.Fix)
			return // the problems are others from here
		}
		if row.click.Clicked(gtx) {
			l.code.gotoPlace(d.Pos)
		}
	}
}

// next goes to the first problem after the caret, round to the first.
func (l *problemList) next() {
	problems := l.model.Problems()
	if len(problems) == 0 {
		return
	}
	line, column, _ := l.code.caret()
	next := problems[0]
	for _, d := range problems {
		if l.model.Active().Elsewhere(d.Pos.File) == "" && d.Pos.Line > line || d.Pos.Line == line && d.Pos.Column > column {
			next = d
			break
		}
	}
	l.code.gotoPlace(next.Pos)
}

func (l *problemList) layout(gtx layout.Context) layout.Dimensions {
	problems := l.model.Problems()
	if len(problems) == 0 {
		icon, says := kit.IconCheck, "No problems"
		if l.model.Active() == nil {
			icon, says = kit.IconInfo, "No program is open"
		}
		return kit.Empty(gtx, l.th, icon, says, "")
	}
	return l.scroll.Layout(gtx, l.th, len(problems), func(gtx layout.Context, i int) layout.Dimensions {
		return l.layoutProblem(gtx, l.rows.At(i), problems[i])
	})
}

func (l *problemList) layoutProblem(gtx layout.Context, r *problemRow, d pxl.Diagnostic) layout.Dimensions {
	th := l.th
	icon, ink := kit.IconError, th.Error
	if d.Severity == pxl.Warning {
		icon, ink = kit.IconWarning, th.Warning
	}
	row := kit.RowStyle{Theme: th, Click: &r.click, Name: "problem " + d.Message, Label: quoted(d.Message), Icon: icon, Ink: ink, Hint: d.Message}
	if d.Pos.Line > 0 {
		row.Note = fmt.Sprintf("%d:%d", d.Pos.Line, d.Pos.Column)
	}
	elsewhere := l.model.Active().Elsewhere(d.Pos.File) != ""
	if elsewhere {
		row.Note = d.Pos.File + " " + row.Note
	}
	if d.Fix == nil || elsewhere {
		return row.Layout(gtx)
	}
	return layout.Flex{Alignment: layout.Middle}.Layout(gtx,
		layout.Flexed(1, row.Layout),
		layout.Rigid(kit.ButtonStyle{Theme: th, Button: &r.fix, Name: "fix: " + d.Fix.Title, Label: d.Fix.Title, Look: kit.Framed, Height: 24}.Layout),
		kit.Gap(12),
	)
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

// logList is the bottom panel's list of what the program has logged.
type logList struct {
	*shell
	scroll kit.Scroll
	clicks kit.States[widget.Clickable]
}

func (l *logList) update(gtx layout.Context) {
	log := l.model.Log()
	first, last := l.scroll.Visible(len(log))
	for i, line := range log[first:last] {
		if l.clicks.At(first+i).Clicked(gtx) && line.Line > 0 {
			l.code.show(pxl.Position{File: line.File, Line: line.Line, Column: 1})
			l.code.focus()
		}
	}
}

func (l *logList) layout(gtx layout.Context) layout.Dimensions {
	log := l.model.Log()
	if len(log) == 0 {
		return kit.Empty(gtx, l.th, kit.IconInfo, "Nothing logged", "LOG text… writes a line here")
	}
	l.scroll.ToEnd(true)
	return l.scroll.Layout(gtx, l.th, len(log), func(gtx layout.Context, i int) layout.Dimensions {
		note := fmt.Sprintf("frame %d", log[i].Frame)
		if log[i].Line > 0 {
			note = fmt.Sprintf("line %d · frame %d", log[i].Line, log[i].Frame)
		}
		return kit.RowStyle{Theme: l.th, Click: l.clicks.At(i), Name: "log " + log[i].Text, Label: log[i].Text, Note: note, Mono: true, Height: 22}.Layout(gtx)
	})
}
