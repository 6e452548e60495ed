package kit

import (
	"image"

	"gioui.org/layout"
	"gioui.org/unit"
)

// Empty is what an empty panel says, in its middle.
func Empty(gtx layout.Context, th *Theme, icon Icon, says, hint string) layout.Dimensions {
	gtx.Constraints.Min = gtx.Constraints.Max
	return layout.Center.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		gtx.Constraints.Min = image.Point{}
		return layout.Flex{Axis: layout.Vertical, Alignment: layout.Middle}.Layout(gtx,
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return layout.Flex{Alignment: layout.Middle}.Layout(gtx,
					layout.Rigid(func(gtx layout.Context) layout.Dimensions { return icon.Layout(gtx, 16, th.Faint) }), Gap(8),
					layout.Rigid(th.Dimmed(says).Layout))
			}),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				if hint == "" {
					return layout.Dimensions{}
				}
				return layout.Inset{Top: unit.Dp(4)}.Layout(gtx, th.Caption(hint, th.Faint).Layout)
			}),
		)
	})
}
