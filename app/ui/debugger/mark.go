package debugger

import (
	"image"

	"gioui.org/f32"
	"gioui.org/layout"
	"gioui.org/op/paint"
)

// The actions that show the mark, and what lines cost, and take them away.
const (
	markAction  = "overlay.caret"
	costsAction = "overlay.costs"
)

// mark is the one over what the caret's line drew, ready to draw.
type mark struct {
	shown *image.RGBA
	image paint.ImageOp // of shown
}

// layout lays it over a canvas, as Overlay.Layout; of is nil where there is none.
func (m *mark) layout(gtx layout.Context, of *image.RGBA, corner image.Point, texel f32.Point) {
	if of == nil {
		return
	}
	if m.shown != of {
		m.shown, m.image = of, paint.NewImageOp(of)
		m.image.Filter = paint.FilterNearest
	}
	overTexels(gtx, m.image, corner, texel)
}
