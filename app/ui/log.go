package ui

import (
	"fmt"

	"gioui.org/layout"
	"gioui.org/widget"

	"gvpie/app/ui/kit"
	"gvpie/runtime/pxl"
)

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
			l.code.gotoPlace(pxl.Position{File: line.File, Line: line.Line, Column: 1})
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
