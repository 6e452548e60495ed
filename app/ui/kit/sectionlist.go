package kit

import (
	"image/color"

	"gioui.org/layout"
	"gioui.org/unit"
	"gioui.org/widget"
)

// SectionList is a list of rows in sections, as a sidebar has it.
type SectionList struct {
	clicks States[widget.Clickable]
	scroll Scroll
}

// SectionRow is one line of a SectionList.
type SectionRow struct {
	Heading string // a section's name; the rest is then empty
	Label   string
	Hint    string
	Note    string // at the right
	Ink     color.NRGBA
	Icon    Icon
	Lead    layout.Widget // in the icon's place
	Active  bool
	Do      func() // nil: a remark, which cannot be chosen
}

// Update takes in input and gives the index of a row just chosen.
func (l *SectionList) Update(gtx layout.Context, rows []SectionRow) (int, bool) {
	for i := range rows {
		if rows[i].Do != nil && l.clicks.At(i).Clicked(gtx) {
			return i, true
		}
	}
	return 0, false
}

// Hovered gives the index of the row that the pointer is over, -1 for none.
func (l *SectionList) Hovered(rows []SectionRow) int {
	for i := range rows {
		if rows[i].Do != nil && l.clicks.At(i).Hovered() {
			return i
		}
	}
	return -1
}

// Layout draws the rows.
func (l *SectionList) Layout(gtx layout.Context, th *Theme, rows []SectionRow) layout.Dimensions {
	return l.scroll.Layout(gtx, th, len(rows)+1, func(gtx layout.Context, i int) layout.Dimensions {
		if i == len(rows) {
			return layout.Spacer{Height: 12}.Layout(gtx)
		}
		r, click := rows[i], l.clicks.At(i)
		switch {
		case r.Heading != "":
			return sectionHead(gtx, th, r.Heading, i == 0)
		case r.Do == nil:
			if click.Hovered() {
				th.Tip.Offer(gtx, click, r.Hint, "")
			}
			return click.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
				return layout.Inset{Left: 16, Right: 12, Top: 6, Bottom: 6}.Layout(gtx, th.Dimmed(r.Label).Tint(th.Faint).Layout)
			})
		}
		return RowStyle{Theme: th, Click: click, Label: r.Label, Note: r.Note, NoteInk: r.Ink, Icon: r.Icon, Lead: r.Lead, Hint: r.Hint, Selected: r.Active, Inset: 16, Height: 26}.Layout(gtx)
	})
}

// sectionHead is a small spaced heading over a group of rows.
func sectionHead(gtx layout.Context, th *Theme, s string, first bool) layout.Dimensions {
	top := unit.Dp(20)
	if first {
		top = 16
	}
	return layout.Inset{Left: 16, Right: 12, Top: top, Bottom: 6}.Layout(gtx, th.Caption(s, th.Dim).Layout)
}
