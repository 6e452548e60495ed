package kit

import (
	"image"

	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/widget"
)

// Switch is a small switch that is on or off.
type Switch struct{ click widget.Clickable }

// Clicked says whether it was pressed.
func (s *Switch) Clicked(gtx layout.Context) bool { return s.click.Clicked(gtx) }

// Layout draws the switch.
func (s *Switch) Layout(gtx layout.Context, th *Theme, name string, on, disabled bool) layout.Dimensions {
	if disabled {
		gtx = gtx.Disabled()
	}
	size := image.Pt(gtx.Dp(32), gtx.Dp(24))
	return s.click.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		semantic.Switch.Add(gtx.Ops)
		semantic.LabelOp(name).Add(gtx.Ops)
		semantic.SelectedOp(on).Add(gtx.Ops)
		track := image.Rect(gtx.Dp(4), gtx.Dp(5), gtx.Dp(28), gtx.Dp(19))
		ground, knob, x := th.Line, th.Dim, track.Min.X
		if on {
			ground, knob, x = Alpha(th.Accent, 110), th.Accent, track.Max.X-track.Dy()
		}
		if disabled {
			knob = Mix(knob, th.Panel, 120)
		}
		if s.click.Hovered() && !disabled {
			ground = Mix(ground, th.Text, 40)
		}
		FillRound(gtx, track, 7, ground)
		in := gtx.Dp(2)
		FillRound(gtx, image.Rect(x, track.Min.Y, x+track.Dy(), track.Max.Y).Inset(in), 5, knob)
		if gtx.Focused(&s.click) {
			Outline(gtx, track.Inset(-gtx.Dp(2)), 9, 2, th.Accent)
		}
		return layout.Dimensions{Size: size}
	})
}
