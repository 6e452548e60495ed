package loop

import (
	"image"
	"image/color"

	"gioui.org/layout"
	"gioui.org/unit"

	"gvpie/app/ui/kit"
)

// A captioned is a picture and what stands under it; nil: there is none to show.
type captioned struct {
	img     *image.RGBA
	caption string
	ink     color.NRGBA
}

// layoutPictures draws pictures side by side, each at most so wide, below top, with their
// captions unless there are none. It gives how high they are without those.
func (w *Window) layoutPictures(gtx layout.Context, all []captioned, inset, top, widest unit.Dp) (bottom int) {
	th, left, between := w.Theme, gtx.Dp(inset), gtx.Dp(8)
	width := min((gtx.Constraints.Max.X-2*left-between*(len(all)-1))/len(all), gtx.Dp(widest))
	bottom = gtx.Dp(top) + width*2/3
	for i, p := range all {
		x := left + i*(width+between)
		box := image.Rect(x, gtx.Dp(top), x+width, bottom)
		kit.FillRound(gtx, box, 4, th.Window)
		kit.Boxed(gtx, box, func(gtx layout.Context) layout.Dimensions {
			if p.img == nil {
				gtx.Constraints.Min = gtx.Constraints.Max
				return layout.Center.Layout(gtx, th.Caption("no picture", th.Faint).Layout)
			}
			return w.Pictures.Layout(gtx, th, p.img, nil)
		})
		kit.Outline(gtx, box, 4, 1, th.Line)
		if p.caption != "" {
			kit.Boxed(gtx, image.Rect(x, bottom+gtx.Dp(3), x+width, bottom+gtx.Dp(20)), th.Caption(p.caption, p.ink).Layout)
		}
	}
	return bottom
}
