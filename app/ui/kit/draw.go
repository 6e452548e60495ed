package kit

import (
	"image"
	"image/color"

	"gioui.org/f32"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"
	"gioui.org/op/paint"
	"gioui.org/unit"
)

// Fill paints a rectangle.
func Fill(gtx layout.Context, r image.Rectangle, c color.NRGBA) {
	if r.Empty() || c.A == 0 {
		return
	}
	paint.FillShape(gtx.Ops, c, clip.Rect(r).Op())
}

// FillRound paints a rectangle with rounded corners.
func FillRound(gtx layout.Context, r image.Rectangle, corner unit.Dp, c color.NRGBA) {
	if r.Empty() || c.A == 0 {
		return
	}
	paint.FillShape(gtx.Ops, c, clip.UniformRRect(r, gtx.Dp(corner)).Op(gtx.Ops))
}

// Outline draws the edge of a rounded rectangle, inside it.
func Outline(gtx layout.Context, r image.Rectangle, corner, width unit.Dp, c color.NRGBA) {
	if r.Empty() || c.A == 0 {
		return
	}
	w := max(1, gtx.Dp(width))
	outer := clip.UniformRRect(r, gtx.Dp(corner))
	inset := float32(w) / 2
	var p clip.Path
	p.Begin(gtx.Ops)
	roundPath(&p, float32(r.Min.X)+inset, float32(r.Min.Y)+inset, float32(r.Max.X)-inset, float32(r.Max.Y)-inset, max(0, float32(outer.NW)-inset))
	paint.FillShape(gtx.Ops, c, clip.Stroke{Path: p.End(), Width: float32(w)}.Op())
}

// Hairline draws the one-pixel line that parts two panels, along one edge of
// the constraints' maximum.
func Hairline(gtx layout.Context, edge layout.Direction, c color.NRGBA) {
	w := max(1, gtx.Dp(1))
	r := image.Rectangle{Max: gtx.Constraints.Max}
	switch edge {
	case layout.N:
		r.Max.Y = w
	case layout.S:
		r.Min.Y = r.Max.Y - w
	case layout.W:
		r.Max.X = w
	case layout.E:
		r.Min.X = r.Max.X - w
	}
	Fill(gtx, r, c)
}

// shadow draws a soft edge under a floating card.
func shadow(gtx layout.Context, r image.Rectangle, corner unit.Dp, c color.NRGBA) {
	for i := 4; i >= 1; i-- {
		grow := gtx.Dp(unit.Dp(i * 3))
		s := r.Inset(-grow).Add(image.Pt(0, gtx.Dp(4)))
		FillRound(gtx, s, corner+unit.Dp(i*3), Alpha(c, uint8(40-6*i)))
	}
}

// Card draws the ground of something that floats: shadow, fill, hairline.
func Card(gtx layout.Context, th *Theme, size image.Point) {
	r := image.Rectangle{Max: size}
	shadow(gtx, r, Corner, th.Shadow)
	FillRound(gtx, r, Corner, th.Raised)
	Outline(gtx, r, Corner, 1, th.Line)
}

// At draws a widget with its top-left corner moved.
func At(gtx layout.Context, p image.Point, w layout.Widget) layout.Dimensions {
	defer op.Offset(p).Push(gtx.Ops).Pop()
	return w(gtx)
}

// Boxed draws a widget in exactly the rectangle r, clipped to it.
func Boxed(gtx layout.Context, r image.Rectangle, w layout.Widget) {
	if r.Dx() <= 0 || r.Dy() <= 0 {
		return
	}
	defer op.Offset(r.Min).Push(gtx.Ops).Pop()
	defer clip.Rect{Max: r.Size()}.Push(gtx.Ops).Pop()
	gtx.Constraints = layout.Exact(r.Size())
	w(gtx)
}

// Middle draws a widget centred vertically in the constraints' minimum height,
// at its own width.
func Middle(w layout.Widget) layout.Widget {
	return func(gtx layout.Context) layout.Dimensions {
		height := gtx.Constraints.Min.Y
		gtx.Constraints.Min.Y = 0
		m := op.Record(gtx.Ops)
		d := w(gtx)
		call := m.Stop()
		if d.Size.Y >= height {
			call.Add(gtx.Ops)
			return d
		}
		off := (height - d.Size.Y) / 2
		defer op.Offset(image.Pt(0, off)).Push(gtx.Ops).Pop()
		call.Add(gtx.Ops)
		return layout.Dimensions{Size: image.Pt(d.Size.X, height), Baseline: d.Baseline + off}
	}
}

// Gap is an empty space in a row or a column.
func Gap(d unit.Dp) layout.FlexChild {
	return layout.Rigid(layout.Spacer{Width: d, Height: d}.Layout)
}

// Circles fills circles of one size and colour as one path.
func Circles(gtx layout.Context, all []f32.Point, r float32, c color.NRGBA) {
	if len(all) == 0 {
		return
	}
	const k = .5523 // a quarter circle as a cubic
	var p clip.Path
	p.Begin(gtx.Ops)
	for _, at := range all {
		pt := func(x, y float32) f32.Point { return f32.Pt(at.X+x*r, at.Y+y*r) }
		p.MoveTo(pt(1, 0))
		p.CubeTo(pt(1, k), pt(k, 1), pt(0, 1))
		p.CubeTo(pt(-k, 1), pt(-1, k), pt(-1, 0))
		p.CubeTo(pt(-1, -k), pt(-k, -1), pt(0, -1))
		p.CubeTo(pt(k, -1), pt(1, -k), pt(1, 0))
		p.Close()
	}
	paint.FillShape(gtx.Ops, c, clip.Outline{Path: p.End()}.Op())
}
