package kit

import (
	"image"
	"image/color"

	"gioui.org/font"
	"gioui.org/io/key"
	"gioui.org/io/pointer"
	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/unit"
	"gioui.org/widget"
)

// Button is a button's lasting state.
type Button struct{ click widget.Clickable }

// Clicked takes in input and says whether the button was pressed, by mouse,
// Return or Space.
func (b *Button) Clicked(gtx layout.Context) bool { return b.click.Clicked(gtx) }

// Focus gives the button the keyboard.
func (b *Button) Focus(gtx layout.Context) { gtx.Execute(key.FocusCmd{Tag: &b.click}) }

// Click presses the button from the program.
func (b *Button) Click() { b.click.Click() }

// Look says how loud a button is.
type Look uint8

const (
	Quiet   Look = iota // no ground until hovered
	Framed              // a ground and a hairline
	Primary             // the accent: at most one in sight
)

// ButtonStyle draws a Button. Name is what a screen reader says and what the
// tooltip reads; Label and Icon are what is seen, either may be missing.
type ButtonStyle struct {
	Theme    *Theme
	Button   *Button
	Name     string
	Label    string
	Icon     Icon
	Trailing Icon // after the label
	Keys     string
	Hint     string // the tooltip; "" shows Name when there is no Label
	Look     Look
	Selected bool
	Disabled bool
	Dot      color.NRGBA // a coloured dot before the label; none when clear
	Height   unit.Dp     // 0: 28
	Width    unit.Dp     // at least
	Color    color.NRGBA // of label and icon; none: by state
}

// Layout draws the button at its own width.
func (s ButtonStyle) Layout(gtx layout.Context) layout.Dimensions {
	if s.Disabled {
		gtx = gtx.Disabled()
	}
	th := s.Theme
	height := s.Height
	if height == 0 {
		height = 28
	}
	if s.Name == "" {
		s.Name = s.Label
	}
	hovered := s.Button.click.Hovered() && gtx.Enabled()
	pressed := s.Button.click.Pressed() && gtx.Enabled()
	if hovered {
		hint := s.Hint
		if hint == "" && (s.Label == "" || s.Keys != "") {
			hint = s.Name
		}
		th.Tip.Offer(gtx, s.Button, hint, s.Keys)
	}
	ground, edge, ink := s.colors(hovered, pressed)
	return s.Button.click.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		semantic.Button.Add(gtx.Ops)
		semantic.LabelOp(s.Name).Add(gtx.Ops)
		semantic.SelectedOp(s.Selected).Add(gtx.Ops)
		if !s.Disabled {
			pointer.CursorPointer.Add(gtx.Ops)
		}
		h := gtx.Dp(height)
		m := op.Record(gtx.Ops)
		gtx.Constraints.Min = image.Pt(0, h)
		dims := s.content(gtx, height, ink)
		call := m.Stop()
		width := max(dims.Size.X, h, gtx.Dp(s.Width))
		r := image.Rect(0, 0, width, h)
		FillRound(gtx, r, Corner, ground)
		Outline(gtx, r, Corner, 1, edge)
		if gtx.Focused(&s.Button.click) {
			Outline(gtx, r, Corner, 2, th.Accent)
		}
		At(gtx, image.Pt((width-dims.Size.X)/2, 0), func(gtx layout.Context) layout.Dimensions {
			call.Add(gtx.Ops)
			return dims
		})
		return layout.Dimensions{Size: r.Max, Baseline: dims.Baseline}
	})
}

func (s ButtonStyle) colors(hovered, pressed bool) (ground, edge, ink color.NRGBA) {
	th := s.Theme
	ink = th.Dim
	switch s.Look {
	case Primary:
		ground, ink = th.Accent, th.OnAccent
		if hovered {
			ground = Mix(ground, rgb(0xffffff), 28)
		}
		if pressed {
			ground = Mix(th.Accent, rgb(0x000000), 40)
		}
	default:
		if s.Look == Framed {
			ground, edge, ink = th.Raised, th.Line, th.Text
		}
		if s.Selected {
			ground, ink = th.Selected, th.Text
		}
		if hovered {
			ground, ink = th.Selected, th.Text
		}
		if pressed {
			ground = Mix(th.Selected, th.Text, 24)
		}
		if s.Color.A != 0 && !s.Disabled {
			ink = s.Color
		}
	}
	if s.Disabled {
		ink = Alpha(th.Faint, 150)
		if s.Look == Primary {
			ground, edge = th.Raised, th.Line
		}
	}
	return ground, edge, ink
}

func (s ButtonStyle) content(gtx layout.Context, height unit.Dp, ink color.NRGBA) layout.Dimensions {
	pad := unit.Dp(12)
	if s.Label == "" {
		pad = (height - 16) / 2
	} else if s.Height != 0 && s.Height < 28 {
		pad = 8
	}
	var row []layout.FlexChild
	row = append(row, Gap(pad))
	if s.Dot.A != 0 {
		row = append(row, layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return IconDot.Layout(gtx, 16, s.Dot)
		}), Gap(2))
	}
	if s.Icon != nil {
		row = append(row, layout.Rigid(func(gtx layout.Context) layout.Dimensions { return s.Icon.Layout(gtx, 16, ink) }))
		if s.Label != "" {
			row = append(row, Gap(6))
		}
	}
	if s.Label != "" {
		row = append(row, layout.Flexed(1, func(gtx layout.Context) layout.Dimensions {
			gtx.Constraints.Min = image.Point{}
			l := s.Theme.Body(s.Label).Tint(ink)
			if s.Look == Primary {
				l.Font.Weight = font.SemiBold
			}
			return l.Layout(gtx)
		}))
	}
	if s.Trailing != nil {
		row = append(row, Gap(4), layout.Rigid(func(gtx layout.Context) layout.Dimensions { return s.Trailing.Layout(gtx, 14, ink) }))
		pad -= 4
	}
	row = append(row, Gap(pad))
	return Middle(func(gtx layout.Context) layout.Dimensions {
		return layout.Flex{Alignment: layout.Middle}.Layout(gtx, row...)
	})(gtx)
}
