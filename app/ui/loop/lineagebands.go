package loop

import (
	"image"
	"image/color"
	"math"

	"gioui.org/f32"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"
	"gioui.org/op/paint"

	"gvpie/app/ui/kit"
)

// Lanes whose runs lie closer than can be told apart are pixels of one small
// picture, a texel for each column of the screen, stretched to the height of what
// they show: so a lane is three shapes, whatever has happened in it. A band is
// these rows of texels:
const (
	bandRuns     = iota                          // how many runs there were
	bandFailures                                 // where some failed
	bandChanges                                  // from here on: the share of runs with new code, as a histogram
	bandTexels   = bandChanges + histogramLevels // rows of a band
)

// histogramLevels is in how many steps shares of changes are told apart.
const histogramLevels = 8

// paintBands paints the picture of the bands. A picture is never changed once it
// has been handed over.
func (v *lineageView) paintBands(gtx layout.Context, th *kit.Theme) {
	b := &v.binning
	if b.dense == 0 {
		b.bands = paint.ImageOp{}
		return
	}
	columns := max(1, v.size.X-v.left)
	img := image.NewRGBA(image.Rect(0, 0, columns, b.dense*bandTexels))
	near := gtx.Dp(3) // columns to both sides that are taken together
	most := uint32(1)
	v.eachBand(near, func(_ *laneBins, _ int, around bin) { most = max(most, around.runs) })
	v.eachBand(near, func(lane *laneBins, c int, around bin) {
		top := lane.image * bandTexels
		density := math.Sqrt(float64(around.runs) / float64(most))
		img.SetRGBA(c, top+bandRuns, premultiplied(kit.Alpha(th.Accent, uint8(50+120*density))))
		if lane.bins[c].failed > 0 {
			img.SetRGBA(c, top+bandFailures, premultiplied(th.Error))
		}
		if lane.bar || around.changed == 0 {
			return
		}
		share := float64(around.changed) / float64(around.runs)
		level := int(math.Ceil(share * histogramLevels))
		ink := premultiplied(kit.Alpha(th.Text, uint8(50+60*share)))
		for i := range level {
			img.SetRGBA(c, top+bandTexels-1-i, ink)
		}
	})
	b.bands = paint.NewImageOp(img)
	b.bands.Filter = paint.FilterNearest
}

// eachBand goes through the columns of the lanes that are bands. around is what
// the columns near one hold together; a gap of a few columns between two runs is
// part of the band, what lies before the first run or after the last is not.
func (v *lineageView) eachBand(near int, f func(lane *laneBins, c int, around bin)) {
	for i := range v.binning.lanes {
		lane := &v.binning.lanes[i]
		if lane.each {
			continue
		}
		n := len(lane.bins)
		var left, right bin // columns c-near to c, and c to c+near
		for c := range min(near, n) {
			right.add(lane.bins[c])
		}
		for c := range n {
			if c+near < n {
				right.add(lane.bins[c+near])
			}
			left.add(lane.bins[c])
			if c > near {
				left.sub(lane.bins[c-near-1])
			}
			if left.runs > 0 && right.runs > 0 {
				at := lane.bins[c]
				f(lane, c, bin{left.runs + right.runs - at.runs, left.failed + right.failed - at.failed, left.changed + right.changed - at.changed})
			}
			right.sub(lane.bins[c])
		}
	}
}

func (b *bin) add(o bin) {
	b.runs, b.failed, b.changed = b.runs+o.runs, b.failed+o.failed, b.changed+o.changed
}

func (b *bin) sub(o bin) {
	b.runs, b.failed, b.changed = b.runs-o.runs, b.failed-o.failed, b.changed-o.changed
}

func premultiplied(c color.NRGBA) color.RGBA { return color.RGBAModel.Convert(c).(color.RGBA) }

// band draws the band of a lane: its runs, the failures a little higher, and over
// them the changes of code where they are too many for a bar each.
func (v *lineageView) band(gtx layout.Context, lane *laneBins) {
	y, half := int(v.y(lane.lane)), gtx.Dp(3)
	strip := func(top, bottom, texel, texels int) {
		box := image.Rect(v.left, top, v.size.X, bottom)
		if box.Empty() {
			return
		}
		defer clip.Rect(box).Push(gtx.Ops).Pop()
		high := float32(box.Dy()) / float32(texels)
		at := f32.Pt(float32(v.left), float32(top)-high*float32(lane.image*bandTexels+texel))
		defer op.Affine(f32.AffineId().Scale(f32.Point{}, f32.Pt(1, high)).Offset(at)).Push(gtx.Ops).Pop()
		v.binning.bands.Add(gtx.Ops)
		paint.PaintOp{}.Add(gtx.Ops)
	}
	strip(y-half, y+half, bandRuns, 1)
	strip(y-half-gtx.Dp(1), y+half+gtx.Dp(1), bandFailures, 1)
	if !lane.bar {
		strip(y-v.laneSize/2+gtx.Dp(2), y-half-gtx.Dp(2), bandChanges, histogramLevels)
	}
}
