package kit

import (
	"image"
	"image/color"

	"gioui.org/io/pointer"
	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/unit"
	"gioui.org/widget"
)

// RowStyle is one line of a list that can be chosen.
type RowStyle struct {
	Theme    *Theme
	Click    *widget.Clickable
	Name     string // for a screen reader; "" is Label
	Label    string
	Note     string      // dim, at the right
	NoteInk  color.NRGBA // none: faint
	Icon     Icon
	Lead     layout.Widget // in the icon's place, of any width
	Ink      color.NRGBA   // of the icon; none: dim
	Hint     string
	Selected bool
	Mono     bool
	Dull     bool    // cannot be chosen now
	Height   unit.Dp // 0: rowHeight
	Inset    unit.Dp // before the icon; 0: 12
}

// Layout draws the row as wide as it may be.
func (s RowStyle) Layout(gtx layout.Context) layout.Dimensions {
	th := s.Theme
	height, inset := s.Height, s.Inset
	if height == 0 {
		height = RowHeight
	}
	if inset == 0 {
		inset = 12
	}
	if s.Name == "" {
		s.Name = s.Label
	}
	if s.Click.Hovered() {
		th.Tip.Offer(gtx, s.Click, s.Hint, "")
	}
	return s.Click.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		semantic.Button.Add(gtx.Ops)
		semantic.LabelOp(s.Name).Add(gtx.Ops)
		semantic.SelectedOp(s.Selected).Add(gtx.Ops)
		pointer.CursorPointer.Add(gtx.Ops)
		size := image.Pt(gtx.Constraints.Max.X, gtx.Dp(height))
		ground := image.Rectangle{Min: image.Pt(gtx.Dp(4), 0), Max: image.Pt(size.X-gtx.Dp(4), size.Y)}
		ink := Mix(th.Dim, th.Text, 110)
		switch {
		case s.Selected:
			FillRound(gtx, ground, Corner, th.Selected)
			ink = th.Text
		case s.Click.Pressed():
			FillRound(gtx, ground, Corner, th.Selected)
		case s.Click.Hovered():
			FillRound(gtx, ground, Corner, Alpha(th.Selected, 150))
			ink = th.Text
		}
		if s.Dull {
			ink = th.Faint
		}
		if gtx.Focused(s.Click) {
			Outline(gtx, ground, Corner, 2, th.Accent)
		}
		gtx.Constraints = layout.Exact(size)
		row := []layout.FlexChild{Gap(inset)}
		if s.Lead != nil {
			row = append(row, layout.Rigid(Middle(s.Lead)), Gap(8))
		}
		if s.Icon != nil {
			tint := s.Ink
			if tint.A == 0 {
				tint = th.Faint
			}
			row = append(row, layout.Rigid(func(gtx layout.Context) layout.Dimensions { return s.Icon.Layout(gtx, 16, tint) }), Gap(8))
		}
		l := th.Body(s.Label).Tint(ink)
		if s.Mono {
			l.Font, l.Size = th.Code, 12
		}
		row = append(row, layout.Flexed(1, Middle(l.Layout)))
		if s.Note != "" {
			tint := s.NoteInk
			if tint.A == 0 {
				tint = th.Faint
			}
			row = append(row, Gap(8), layout.Rigid(Middle(th.Caption(s.Note, tint).Layout)))
		}
		row = append(row, Gap(12))
		return layout.Flex{Alignment: layout.Middle}.Layout(gtx, row...)
	})
}
