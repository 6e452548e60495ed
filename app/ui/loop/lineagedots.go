package loop

import (
	"image"
	"image/color"
	"math"

	"gioui.org/f32"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/paint"

	"gvpie/app/studio/loop"
	"gvpie/app/ui/kit"
)

// Points, and the bars of new code over them, are one picture that is painted when
// what is on screen has changed: as shapes they cost a frame several times as much
// as all the rest of the window.

// paintDots paints the picture of the points and bars, as high as the lanes' room.
// A picture is never changed once it has been handed over.
func (v *lineageView) paintDots(gtx layout.Context, th *kit.Theme, l *loop.Lineage, room int) {
	b := &v.binning
	b.dots = paint.ImageOp{}
	img := image.NewRGBA(image.Rect(v.left, 0, max(v.left+1, v.size.X), max(1, room)))
	some := false
	radius := float32(gtx.Dp(3)) + .5
	for i := range b.lanes {
		if !b.lanes[i].each {
			continue
		}
		for _, n := range b.lanes[i].nodes {
			dot(img, f32.Pt(v.x(n), v.y(b.lanes[i].lane)), radius, verdictInk(th, l.Nodes[n].Verdict))
			some = true
		}
	}
	half := min(gtx.Dp(10), v.laneSize/2-gtx.Dp(2))
	for i := range b.lanes {
		if !b.lanes[i].bar {
			continue
		}
		for _, n := range b.lanes[i].bars {
			x, y := int(v.x(n)), int(v.y(b.lanes[i].lane))
			bar := image.Rect(x-gtx.Dp(1), y-half, x+gtx.Dp(1), y+half).Intersect(img.Rect)
			for y := bar.Min.Y; y < bar.Max.Y; y++ {
				for x := bar.Min.X; x < bar.Max.X; x++ {
					cover(img, x, y, th.Text, 1)
				}
			}
			some = true
		}
	}
	if some {
		b.dots = paint.NewImageOp(img)
		b.dots.Filter = paint.FilterNearest
	}
}

// dot paints a disc with a smooth edge.
func dot(img *image.RGBA, at f32.Point, radius float32, c color.NRGBA) {
	reach := float64(radius) + 1
	x, y := float64(at.X), float64(at.Y)
	box := image.Rect(int(math.Floor(x-reach)), int(math.Floor(y-reach)), int(math.Ceil(x+reach)), int(math.Ceil(y+reach))).Intersect(img.Rect)
	for py := box.Min.Y; py < box.Max.Y; py++ {
		for px := box.Min.X; px < box.Max.X; px++ {
			away := math.Hypot(float64(px)+.5-x, float64(py)+.5-y)
			if share := float64(radius) + .5 - away; share > 0 {
				cover(img, px, py, c, min(1, share))
			}
		}
	}
}

// cover paints a share of a pixel over what is there.
func cover(img *image.RGBA, x, y int, c color.NRGBA, share float64) {
	over, under := premultiplied(kit.Alpha(c, uint8(math.Round(float64(c.A)*share)))), img.RGBAAt(x, y)
	blend := func(over, under, a uint8) uint8 { return over + uint8((uint32(under)*(255-uint32(a))+127)/255) }
	img.SetRGBA(x, y, color.RGBA{
		blend(over.R, under.R, over.A), blend(over.G, under.G, over.A), blend(over.B, under.B, over.A), blend(over.A, under.A, over.A),
	})
}

// drawDots draws the picture of the points and bars.
func (v *lineageView) drawDots(gtx layout.Context) {
	if v.binning.dots == (paint.ImageOp{}) {
		return
	}
	defer op.Offset(image.Pt(v.left, 0)).Push(gtx.Ops).Pop()
	v.binning.dots.Add(gtx.Ops)
	paint.PaintOp{}.Add(gtx.Ops)
}
