package view

import (
	"image"
	"image/color"
	"math"

	"gioui.org/f32"
	"gioui.org/io/event"
	"gioui.org/io/pointer"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"
	"gioui.org/op/paint"
	"gioui.org/unit"
)

// Style is how a canvas looks beside its picture. It is made anew each frame.
type Style struct {
	Focus      color.NRGBA // of the line around a canvas that has the keys; none when transparent
	FocusWidth unit.Dp     // 0 is 1
}

// Layout draws the picture as far as it is there, filling the largest size the
// constraints allow, and takes input there.
func (c *Canvas) Layout(gtx layout.Context, st Style) layout.Dimensions {
	size := gtx.Constraints.Max
	c.cam.setPanel(size)
	defer clip.Rect{Max: size}.Push(gtx.Ops).Pop()
	event.Op(gtx.Ops, c)
	c.cursor().Add(gtx.Ops)

	back := c.asked.Back
	paint.Fill(gtx.Ops, color.NRGBA{R: uint8(back >> 16), G: uint8(back >> 8), B: uint8(back), A: 0xFF})
	c.drawPicture(gtx.Ops)
	if st.Focus.A > 0 && gtx.Focused(c) {
		c.drawFocus(gtx, st, size)
	}
	if c.hand.inside {
		c.rest.Layout(gtx, c.restArea())
	}
	return layout.Dimensions{Size: size}
}

func (c *Canvas) cursor() pointer.Cursor {
	switch {
	case c.hand.panning:
		return pointer.CursorGrabbing
	case c.play:
		return pointer.CursorDefault
	}
	return pointer.CursorCrosshair
}

// drawPicture draws the last rendering where it belongs in the view of now.
func (c *Canvas) drawPicture(ops *op.Ops) {
	if !c.has {
		return
	}
	if t := c.pictureTransform(); t != f32.AffineId() {
		defer op.Affine(t).Push(ops).Pop()
	}
	defer clip.Rect{Max: c.picture.Size()}.Push(ops).Pop()
	c.picture.Add(ops)
	paint.PaintOp{}.Add(ops)
}

// pictureTransform maps the picture's pixels to the panel's. A picture of
// another texture or page, or of one of another size, has no place in this view: it
// stays as it is, at its own size, for the moment until its successor comes, which is
// quieter than an empty panel.
func (c *Canvas) pictureTransform() f32.Affine2D {
	was, now := c.shown, c.View(c.cam.panel)
	if now.Width == 0 || c.texels != c.cam.tex || was.Texture != now.Texture || was.Page != now.Page ||
		was.X == now.X && was.Y == now.Y && was.Scale == now.Scale {
		return f32.AffineId()
	}
	k := now.Scale / was.Scale
	x, y := (was.X-now.X)*now.Scale, (was.Y-now.Y)*now.Scale
	if k == 1 {
		// A pan is by whole pixels; the least fraction would blur into the
		// neighbour when sampling.
		x, y = float32(math.Round(float64(x))), float32(math.Round(float64(y)))
	}
	return f32.NewAffine2D(k, 0, x, 0, k, y)
}

func (c *Canvas) drawFocus(gtx layout.Context, st Style, size image.Point) {
	w := max(gtx.Dp(max(st.FocusWidth, 1)), 1)
	for _, r := range []image.Rectangle{
		{Max: image.Pt(size.X, w)},
		{Min: image.Pt(0, size.Y-w), Max: size},
		{Min: image.Pt(0, w), Max: image.Pt(w, size.Y-w)},
		{Min: image.Pt(size.X-w, w), Max: image.Pt(size.X, size.Y-w)},
	} {
		paint.FillShape(gtx.Ops, st.Focus, clip.Rect(r).Op())
	}
}
