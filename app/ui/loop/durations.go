package loop

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"time"

	"gioui.org/f32"
	"gioui.org/io/event"
	"gioui.org/io/pointer"
	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op/clip"

	"gvpie/app/ui/kit"
	"gvpie/canvas/rest"
	"gvpie/runtime/store"
)

// durationChart is how long a script's runs took, with axes: one line for each
// engine. Its state is where the pointer is.
type durationChart struct {
	pointer f32.Point
	over    bool
	rest    rest.Area // around the pointer
}

// Update follows the pointer.
func (c *durationChart) Update(gtx layout.Context) {
	if at, left := c.rest.Left(gtx); left {
		c.pointer = at
	}
	for {
		e, ok := gtx.Event(pointer.Filter{Target: c, Kinds: pointer.Enter | pointer.Leave | pointer.Cancel})
		if !ok {
			return
		}
		if e, ok := e.(pointer.Event); ok {
			c.pointer, c.over = e.Position, e.Kind == pointer.Enter
		}
	}
}

// Layout draws the chart as wide as it may be and as high as it must be. Engines
// with fewer than two durations have no line.
func (c *durationChart) Layout(gtx layout.Context, th *kit.Theme, stats []store.ScriptStats) layout.Dimensions {
	size := gtx.Constraints.Max
	inks := map[string]color.NRGBA{"GPU": th.Accent, "CPU": th.Mnemonic, "python": th.Number}
	var lines []store.ScriptStats
	var most time.Duration
	for _, s := range stats {
		if len(s.Durations) > 1 {
			lines = append(lines, s)
			most = max(most, kit.Peak(s.Durations))
		}
	}
	area := clip.Rect{Max: size}.Push(gtx.Ops)
	defer area.Pop()
	event.Op(gtx.Ops, c)
	semantic.LabelOp("durations of the latest runs").Add(gtx.Ops)
	if len(lines) == 0 {
		gtx.Constraints.Min = size
		return layout.Center.Layout(gtx, th.Caption("A chart of durations appears after two runs", th.Faint).Layout)
	}
	top := niceTop(most)
	left, right := gtx.Dp(52), gtx.Dp(12)
	box := image.Rect(left, gtx.Dp(22), size.X-right, size.Y-gtx.Dp(6))
	c.legend(gtx, th, lines, inks, left)
	for i := range 3 {
		y := box.Max.Y - box.Dy()*i/2
		kit.Fill(gtx, image.Rect(box.Min.X, y, box.Max.X, y+1), th.Line)
		kit.At(gtx, image.Pt(0, y-gtx.Dp(7)), func(gtx layout.Context) layout.Dimensions {
			gtx.Constraints = layout.Exact(image.Pt(left-gtx.Dp(8), gtx.Dp(14)))
			return layout.E.Layout(gtx, axisLabel(th, top*time.Duration(i)/2))
		})
	}
	for _, s := range lines {
		kit.Plot(gtx, box, s.Durations, top, inks[s.Backend], 1.5, 28)
	}
	plot := durationPlot{lines, box, top}
	if c.over && plot.has(c.pointer.X) {
		c.point(gtx, th, plot, inks)
	}
	if c.over {
		c.rest.Layout(gtx, plot.restArea(c.pointer, size))
	}
	return layout.Dimensions{Size: size}
}

func axisLabel(th *kit.Theme, d time.Duration) layout.Widget {
	text := kit.Duration(d)
	if d == 0 {
		text = "0"
	}
	l := th.Caption(text, th.Faint)
	return l.Layout
}

// legend names the lines with their medians.
func (c *durationChart) legend(gtx layout.Context, th *kit.Theme, lines []store.ScriptStats, inks map[string]color.NRGBA, left int) {
	var row []layout.FlexChild
	for _, s := range lines {
		row = append(row,
			layout.Rigid(func(gtx layout.Context) layout.Dimensions { return kit.IconDot.Layout(gtx, 14, inks[s.Backend]) }), kit.Gap(2),
			layout.Rigid(th.Caption(fmt.Sprintf("%s median %s%s", s.Backend, kit.Duration(s.Median), trend(s.Trend)), th.Dim).Layout), kit.Gap(14))
	}
	kit.At(gtx, image.Pt(left, 0), func(gtx layout.Context) layout.Dimensions {
		gtx.Constraints.Min = image.Point{}
		gtx.Constraints.Max.X -= left
		return layout.Flex{Alignment: layout.Middle}.Layout(gtx, row...)
	})
}

// trend says how durations develop when it is worth a word.
func trend(t float64) string {
	switch {
	case t > .1:
		return fmt.Sprintf(", %.0f %% slower of late", t*100)
	case t < -.1:
		return fmt.Sprintf(", %.0f %% faster of late", -t*100)
	}
	return ""
}

// durationPlot is where the lines of a chart are.
type durationPlot struct {
	lines []store.ScriptStats
	box   image.Rectangle
	top   time.Duration // of the box
}

func (p durationPlot) has(x float32) bool {
	return x >= float32(p.box.Min.X) && x <= float32(p.box.Max.X)
}

// at gives the run of a line at an x, and its point.
func (p durationPlot) at(s store.ScriptStats, x float32) (index int, where f32.Point) {
	part := float64(x-float32(p.box.Min.X)) / float64(max(1, p.box.Dx()))
	index = max(0, min(len(s.Durations)-1, int(part*float64(len(s.Durations)-1)+.5)))
	return index, f32.Pt(
		float32(p.box.Min.X)+float32(p.box.Dx())*float32(index)/float32(len(s.Durations)-1),
		float32(p.box.Max.Y)-float32(p.box.Dy())*float32(float64(s.Durations[index])/float64(p.top)))
}

// nearest is the line whose run at the x of a point is nearest to it.
func (p durationPlot) nearest(at f32.Point) int {
	best, gapTo := 0, math.Inf(1)
	for i, s := range p.lines {
		_, where := p.at(s, at.X)
		if d := math.Abs(float64(where.Y - at.Y)); d < gapTo {
			best, gapTo = i, d
		}
	}
	return best
}

// restArea is an area around the pointer for all of which the same run of the same line is
// the nearest, or none.
func (p durationPlot) restArea(at f32.Point, size image.Point) image.Rectangle {
	switch {
	case at.X < float32(p.box.Min.X):
		return image.Rect(0, 0, p.box.Min.X, size.Y)
	case at.X > float32(p.box.Max.X):
		return image.Rect(p.box.Max.X+1, 0, size.X, size.Y).Union(rest.Pixel(at))
	}
	r := rest.Widened(rest.Pixel(at), p.box.Dx(), func(x int) bool {
		if !p.has(float32(x)) {
			return false
		}
		for _, s := range p.lines {
			i, _ := p.at(s, float32(x))
			if j, _ := p.at(s, at.X); i != j {
				return false
			}
		}
		return true
	})
	line := p.nearest(at)
	same := func(y int) bool { return p.nearest(f32.Pt(at.X, float32(y))) == line }
	for r.Min.Y > 0 && same(r.Min.Y-1) {
		r.Min.Y--
	}
	for r.Max.Y < size.Y && same(r.Max.Y) {
		r.Max.Y++
	}
	return r
}

// point marks the run under the pointer on the line nearest to it.
func (c *durationChart) point(gtx layout.Context, th *kit.Theme, p durationPlot, inks map[string]color.NRGBA) {
	best := p.lines[p.nearest(c.pointer)]
	index, where := p.at(best, c.pointer.X)
	r := gtx.Dp(3)
	x, y := int(where.X), int(where.Y)
	kit.Fill(gtx, image.Rect(x, p.box.Min.Y, x+1, p.box.Max.Y), kit.Alpha(th.Dim, 120))
	kit.FillRound(gtx, image.Rect(x-r, y-r, x+r, y+r), 3, inks[best.Backend])
	th.Tip.Offer(gtx, c, fmt.Sprintf("%s on %s, success %d of the last %d", kit.Duration(best.Durations[index]), best.Backend, index+1, len(best.Durations)), "")
}

// niceTop is the end of an axis: at least d, and a round number.
func niceTop(d time.Duration) time.Duration {
	if d <= 0 {
		return time.Millisecond
	}
	power := math.Pow(10, math.Floor(math.Log10(float64(d))))
	for _, m := range []float64{1, 1.5, 2, 3, 4, 5, 6, 8, 10} {
		if top := time.Duration(m * power); top >= d {
			return top
		}
	}
	return d
}
