package loop

import (
	"cmp"
	"fmt"
	"image"
	"image/color"
	"math"
	"slices"

	"gioui.org/f32"
	"gioui.org/io/event"
	"gioui.org/io/pointer"
	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op/clip"
	"gioui.org/op/paint"

	"gvpie/app/studio/loop"
	"gvpie/app/ui/kit"
)

// Layout draws the view.
func (v *lineageView) Layout(gtx layout.Context, th *kit.Theme, a *loop.Monitor) layout.Dimensions {
	l := a.Lineage()
	x, y := a.Compared()
	return v.draw(gtx, th, &l, [2]int64{x, y})
}

// draw draws a lineage; chosen are the rows that are compared, 0 none.
func (v *lineageView) draw(gtx layout.Context, th *kit.Theme, l *loop.Lineage, chosen [2]int64) layout.Dimensions {
	v.size, v.left = gtx.Constraints.Max, min(gtx.Dp(laneWide), gtx.Constraints.Max.X/3)
	v.order(l)
	v.grow(len(l.Nodes), l.Dropped)
	axis := gtx.Dp(axisHigh)
	room := v.size.Y - axis
	v.laneSize = min(gtx.Dp(laneHigh), max(gtx.Dp(laneLow), room/max(1, len(v.lanes))))
	v.down = min(max(0, v.down), max(0, float64(len(v.lanes))-float64(room)/float64(v.laneSize)))
	area := clip.Rect{Max: v.size}.Push(gtx.Ops)
	defer area.Pop()
	event.Op(gtx.Ops, v)
	semantic.LabelOp("lineage").Add(gtx.Ops)
	kit.Fill(gtx, image.Rectangle{Max: v.size}, th.Window)
	v.hover = -1
	if i, ok := v.near(gtx, l, v.pointer); ok && v.over && !v.dragging {
		v.hover = i
	}
	kit.Boxed(gtx, image.Rect(0, 0, v.size.X, room), func(gtx layout.Context) layout.Dimensions {
		v.ground(gtx, th, l)
		inner := clip.Rect(image.Rect(v.left, 0, v.size.X, room)).Push(gtx.Ops)
		v.points(gtx, th, l, room)
		v.marks(gtx, th, l, chosen)
		inner.Pop()
		return layout.Dimensions{Size: v.size}
	})
	v.axis(gtx, th, l, room)
	if gtx.Focused(v) {
		kit.Outline(gtx, image.Rectangle{Max: v.size}.Inset(gtx.Dp(1)), kit.Corner, 1, th.Accent)
	}
	if v.hover >= 0 {
		n := &l.Nodes[v.hover]
		parent := "no parent"
		if n.Parent != 0 {
			parent = "from iteration " + kit.Thousands(n.Parent)
		}
		how := [...]string{"unknown", "succeeded", "failed", "cut short"}[n.Verdict]
		if n.Version {
			how += " · new code"
		}
		th.Tip.Offer(gtx, v, fmt.Sprintf("%s, iteration %s: %s · %s", l.Lanes[n.Lane], kit.Thousands(n.Iteration), how, parent), "")
		pointer.CursorPointer.Add(gtx.Ops)
	}
	if v.over && !v.dragging {
		v.rest.Layout(gtx, v.restArea(gtx, l))
	}
	return layout.Dimensions{Size: v.size}
}

// order sorts the lanes by name, and takes in where each of them begins.
func (v *lineageView) order(l *loop.Lineage) {
	if len(v.lanes) != len(l.Lanes) {
		v.lanes, v.above = make([]uint16, len(l.Lanes)), make([]int, len(l.Lanes))
		for i := range v.lanes {
			v.lanes[i] = uint16(i)
		}
		slices.SortStableFunc(v.lanes, func(a, b uint16) int { return cmp.Compare(l.Lanes[a], l.Lanes[b]) })
		for row, lane := range v.lanes {
			v.above[lane] = row
		}
	}
	if len(l.Nodes) == 0 {
		return
	}
	if l.Nodes[0].ID != v.oldest {
		v.oldest, v.looked, v.begins = l.Nodes[0].ID, 0, v.begins[:0]
	}
	for len(v.begins) < len(l.Lanes) {
		v.begins = append(v.begins, -1)
	}
	for ; v.looked < len(l.Nodes); v.looked++ {
		if lane := l.Nodes[v.looked].Lane; v.begins[lane] < 0 {
			v.begins[lane] = v.looked
		}
	}
}

// ground draws the lanes on screen and their names.
func (v *lineageView) ground(gtx layout.Context, th *kit.Theme, l *loop.Lineage) {
	for row := max(0, int(v.down)); row < len(v.lanes); row++ {
		lane := v.lanes[row]
		y := int(v.y(lane)) - v.laneSize/2
		if y >= v.size.Y {
			break
		}
		if row%2 == 0 {
			kit.Fill(gtx, image.Rect(v.left, y, v.size.X, y+v.laneSize), kit.Alpha(th.Panel, 150))
		}
		kit.Boxed(gtx, image.Rect(0, y, v.left, y+v.laneSize), func(gtx layout.Context) layout.Dimensions {
			semantic.LabelOp("lane " + l.Lanes[lane]).Add(gtx.Ops)
			return layout.Flex{Alignment: layout.Middle}.Layout(gtx, kit.Gap(12),
				layout.Flexed(1, kit.Middle(th.Small(l.Lanes[lane], kit.Mix(th.Dim, th.Text, 120)).Layout)), kit.Gap(8))
		})
	}
	kit.Fill(gtx, image.Rect(v.left-1, 0, v.left, v.size.Y), th.Line)
}

// points draws lines, bands, points and the bars of new versions.
func (v *lineageView) points(gtx layout.Context, th *kit.Theme, l *loop.Lineage, room int) {
	first, last := max(0, int(v.from)-1), min(len(l.Nodes), int(v.to)+2)
	if first >= last {
		return
	}
	if v.bin(gtx, l, room, first, last, [3]color.NRGBA{th.Accent, th.Error, th.Text}) {
		v.paintBands(gtx, th)
		v.paintDots(gtx, th, l, room)
	}
	lanes := v.binning.lanes
	for i := range lanes {
		switch lane := &lanes[i]; {
		case lane.runs == 0:
		case lane.each:
			v.line(gtx, th, lane)
		default:
			v.band(gtx, lane)
		}
	}
	v.edges(gtx, th, l)
	v.drawDots(gtx)
	v.labels(gtx, th, l)
}

// line draws what joins a lane's points; it comes from the left where the lane
// began before.
func (v *lineageView) line(gtx layout.Context, th *kit.Theme, lane *laneBins) {
	y, nodes := int(v.y(lane.lane)), lane.nodes
	x0, x1 := int(v.x(nodes[0])), int(v.x(nodes[len(nodes)-1]))
	if v.begins[lane.lane] < nodes[0] {
		x0 = v.left - 8
	}
	kit.Fill(gtx, image.Rect(x0, y-gtx.Dp(1)/2, x1, y+max(1, gtx.Dp(1))), kit.Alpha(th.Accent, 90))
}

// maxEdges bounds the curves that are drawn.
const maxEdges = 600

// edges draws the curves from parents that are not the lane's run before.
func (v *lineageView) edges(gtx layout.Context, th *kit.Theme, l *loop.Lineage) {
	lanes := v.binning.lanes
	var p clip.Path
	p.Begin(gtx.Ops)
	drawn := 0
	for row := range lanes {
		if !lanes[row].each {
			continue
		}
		before := -1
		for _, i := range lanes[row].nodes {
			n, b := &l.Nodes[i], before
			before = i
			if n.Parent == 0 || b >= 0 && l.Nodes[b].Iteration == n.Parent {
				continue
			}
			from, ok := l.Find(n.Parent)
			if !ok || b < 0 && l.Nodes[from].Lane == n.Lane {
				continue // out of sight to the left: the lane's line comes from there
			}
			if drawn*len(lanes) >= maxEdges*(row+1) {
				break // the lanes below have their share
			}
			x0, y0, x1, y1 := v.x(from), v.y(l.Nodes[from].Lane), v.x(i), v.y(n.Lane)
			bend := (x1 - x0) / 2
			rise := float32(0)
			if y0 == y1 {
				rise = float32(v.laneSize) / 2
			}
			p.MoveTo(f32.Pt(x0, y0))
			p.CubeTo(f32.Pt(x0+bend, y0-rise), f32.Pt(x1-bend, y1-rise), f32.Pt(x1, y1))
			drawn++
		}
	}
	if spec := p.End(); drawn > 0 {
		paint.FillShape(gtx.Ops, kit.Alpha(th.Dim, 170), clip.Stroke{Path: spec, Width: float32(max(1, gtx.Dp(1)))}.Op())
	}
}

// labels writes the iteration beside the bars of new code, where there is room.
func (v *lineageView) labels(gtx layout.Context, th *kit.Theme, l *loop.Lineage) {
	if v.laneSize < gtx.Dp(34) {
		return
	}
	for i := range v.binning.lanes {
		lane := &v.binning.lanes[i]
		if !lane.bar {
			continue
		}
		end := 0 // of the last label
		for _, n := range lane.bars {
			x, y := int(v.x(n)), int(v.y(lane.lane))
			if x < end {
				continue
			}
			end = x + gtx.Dp(64)
			kit.Boxed(gtx, image.Rect(x+gtx.Dp(4), y-v.laneSize/2, x+gtx.Dp(64), y-gtx.Dp(5)), func(gtx layout.Context) layout.Dimensions {
				return kit.Middle(th.Caption(kit.Thousands(l.Nodes[n].Iteration), th.Faint).Layout)(gtx)
			})
		}
	}
}

// marks draws rings around the points chosen and the one under the pointer.
func (v *lineageView) marks(gtx layout.Context, th *kit.Theme, l *loop.Lineage, chosen [2]int64) {
	ring := func(i int, c color.NRGBA, label string) {
		p := image.Pt(int(v.x(i)), int(v.y(l.Nodes[i].Lane)))
		r := gtx.Dp(7)
		box := image.Rect(p.X-r, p.Y-r, p.X+r, p.Y+r)
		kit.Circles(gtx, []f32.Point{{X: v.x(i), Y: v.y(l.Nodes[i].Lane)}}, float32(gtx.Dp(4)), verdictInk(th, l.Nodes[i].Verdict))
		kit.Outline(gtx, box, 7, 2, c)
		if label == "" {
			return
		}
		tag := image.Rect(p.X-gtx.Dp(9), box.Max.Y, p.X+gtx.Dp(9), box.Max.Y+gtx.Dp(14))
		if label == "B" { // over its ring, so that A's is read beside it
			tag = tag.Sub(image.Pt(0, 2*r+tag.Dy()))
		}
		kit.Boxed(gtx, tag, func(gtx layout.Context) layout.Dimensions {
			semantic.LabelOp(fmt.Sprintf("point %s, iteration %d", label, l.Nodes[i].Iteration)).Add(gtx.Ops)
			return layout.Center.Layout(gtx, th.Caption(label, c).Layout)
		})
	}
	if v.hover >= 0 {
		ring(v.hover, kit.Alpha(th.Text, 130), "")
	}
	for n, id := range chosen {
		if i, ok := l.FindID(id); ok && id != 0 {
			ring(i, pointInk(th, n), string(rune('A'+n)))
		}
	}
}

// axis writes iterations along the bottom.
func (v *lineageView) axis(gtx layout.Context, th *kit.Theme, l *loop.Lineage, top int) {
	kit.Fill(gtx, image.Rect(0, top, v.size.X, top+max(1, gtx.Dp(1))), th.Line)
	if len(l.Nodes) == 0 {
		return
	}
	kit.Boxed(gtx, image.Rect(0, top, v.left, v.size.Y), func(gtx layout.Context) layout.Dimensions {
		return layout.Flex{Alignment: layout.Middle}.Layout(gtx, kit.Gap(12), layout.Rigid(kit.Middle(th.Caption("iteration", th.Faint).Layout)))
	})
	step := niceStep(float64(gtx.Dp(110)) / v.scale())
	for i := int(math.Ceil(v.from/step) * step); float64(i) < v.to && i < len(l.Nodes); i += int(step) {
		x := int(v.x(i))
		kit.Fill(gtx, image.Rect(x, top, x+1, top+gtx.Dp(4)), th.Faint)
		kit.Boxed(gtx, image.Rect(x+gtx.Dp(4), top, min(v.size.X, x+gtx.Dp(90)), v.size.Y), kit.Middle(th.Caption(kit.Thousands(l.Nodes[i].Iteration), th.Faint).Layout))
	}
}

// niceStep is the least of 1, 2, 5, 10, 20… that is not below a number.
func niceStep(least float64) float64 {
	power := 1.0
	for {
		for _, m := range []float64{1, 2, 5} {
			if m*power >= least {
				return m * power
			}
		}
		power *= 10
	}
}
