package kit

import (
	"image"

	"gioui.org/f32"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"
	"gioui.org/op/paint"
)

// Pictures keeps what the graphics driver knows of pictures that are on
// screen, so that none is uploaded twice. Pictures are never changed.
type Pictures struct {
	ops  map[*image.RGBA]*pictureOp
	turn int
}

type pictureOp struct {
	op   paint.ImageOp
	turn int // frame of its last use
}

// Sweep forgets pictures that have not been drawn for a while; it is called once
// a frame.
func (p *Pictures) Sweep() {
	p.turn++
	for img, o := range p.ops {
		if p.turn-o.turn > 240 {
			delete(p.ops, img)
		}
	}
}

// Layout draws a picture as large as it fits, in its own shape, in the middle of the
// constraints. Without one it says why.
func (p *Pictures) Layout(gtx layout.Context, th *Theme, img *image.RGBA, err error) layout.Dimensions {
	size := gtx.Constraints.Max
	if img == nil {
		gtx.Constraints.Min = size
		says := ""
		if err != nil {
			says = "no picture"
		}
		return layout.Center.Layout(gtx, th.Caption(says, th.Faint).Layout)
	}
	o := p.ops[img]
	if o == nil {
		if p.ops == nil {
			p.ops = map[*image.RGBA]*pictureOp{}
		}
		o = &pictureOp{op: paint.NewImageOp(img)}
		o.op.Filter = paint.FilterNearest
		p.ops[img] = o
	}
	o.turn = p.turn
	w, h := float32(img.Rect.Dx()), float32(img.Rect.Dy())
	scale := min(float32(size.X)/w, float32(size.Y)/h)
	if scale >= 1 { // whole texels
		scale = float32(int(scale))
	}
	box := image.Pt(max(1, int(w*scale)), max(1, int(h*scale)))
	defer op.Offset(image.Pt((size.X-box.X)/2, (size.Y-box.Y)/2)).Push(gtx.Ops).Pop()
	defer clip.Rect{Max: box}.Push(gtx.Ops).Pop()
	defer op.Affine(f32.Affine2D{}.Scale(f32.Point{}, f32.Pt(float32(box.X)/w, float32(box.Y)/h))).Push(gtx.Ops).Pop()
	o.op.Add(gtx.Ops)
	paint.PaintOp{}.Add(gtx.Ops)
	return layout.Dimensions{Size: size}
}
