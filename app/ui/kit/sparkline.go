package kit

import (
	"image"
	"image/color"
	"time"

	"gioui.org/f32"
	"gioui.org/layout"
	"gioui.org/op/clip"
	"gioui.org/op/paint"
	"gioui.org/unit"
)

// Sparkline is a small line without axes, from 0 to its largest value.
type Sparkline struct {
	Values        []time.Duration // oldest first
	Color         color.NRGBA
	Width, Height unit.Dp
}

// Layout draws the line at its size.
func (s Sparkline) Layout(gtx layout.Context) layout.Dimensions {
	size := image.Pt(gtx.Dp(s.Width), gtx.Dp(s.Height))
	if len(s.Values) > 1 {
		box := image.Rectangle{Max: size}.Inset(gtx.Dp(1))
		Plot(gtx, box, s.Values, Peak(s.Values), s.Color, 1.25, 0)
	}
	return layout.Dimensions{Size: size}
}

// Plot draws values as a line through a box whose top is most; under fills the
// area below with a part of the colour. More values than pixels are drawn as the
// largest of those that share one: a peak is never lost.
func Plot(gtx layout.Context, box image.Rectangle, values []time.Duration, most time.Duration, c color.NRGBA, width unit.Dp, under uint8) {
	points := trace(box, values, most)
	if under > 0 {
		var p clip.Path
		p.Begin(gtx.Ops)
		p.MoveTo(f32.Pt(points[0].X, float32(box.Max.Y)))
		for _, pt := range points {
			p.LineTo(pt)
		}
		p.LineTo(f32.Pt(points[len(points)-1].X, float32(box.Max.Y)))
		p.Close()
		paint.FillShape(gtx.Ops, Alpha(c, under), clip.Outline{Path: p.End()}.Op())
	}
	var p clip.Path
	p.Begin(gtx.Ops)
	for i, pt := range points {
		if i == 0 {
			p.MoveTo(pt)
		} else {
			p.LineTo(pt)
		}
	}
	paint.FillShape(gtx.Ops, c, clip.Stroke{Path: p.End(), Width: float32(width) * gtx.Metric.PxPerDp}.Op())
}

func trace(box image.Rectangle, values []time.Duration, most time.Duration) []f32.Point {
	n := len(values)
	steps := min(n, max(2, box.Dx()/2))
	points := make([]f32.Point, 0, steps)
	for i := range steps {
		a, b := i*n/steps, max(i*n/steps+1, (i+1)*n/steps)
		top := values[a]
		for _, v := range values[a:b] {
			top = max(top, v)
		}
		x := float32(box.Min.X) + float32(box.Dx())*float32(i)/float32(max(1, steps-1))
		y := float32(box.Max.Y) - float32(box.Dy())*float32(float64(top)/float64(max(1, most)))
		points = append(points, f32.Pt(x, y))
	}
	return points
}

// Peak is the largest value.
func Peak(values []time.Duration) time.Duration {
	var most time.Duration
	for _, v := range values {
		most = max(most, v)
	}
	return most
}
