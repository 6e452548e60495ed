package loop

import (
	"fmt"
	"image"
	"image/color"
	"math"

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
	v.size, v.left = gtx.Constraints.Max, min(gtx.Dp(laneWide), gtx.Constraints.Max.X/3)
	v.order(&l)
	v.grow(len(l.Nodes))
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
	if i, ok := v.near(gtx, &l, v.pointer); ok && v.over && !v.dragging {
		v.hover = i
	}
	kit.Boxed(gtx, image.Rect(0, 0, v.size.X, room), func(gtx layout.Context) layout.Dimensions {
		v.ground(gtx, th, &l)
		inner := clip.Rect(image.Rect(v.left, 0, v.size.X, room)).Push(gtx.Ops)
		v.points(gtx, th, &l)
		v.marks(gtx, th, a, &l)
		inner.Pop()
		return layout.Dimensions{Size: v.size}
	})
	v.axis(gtx, th, &l, room)
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
	return layout.Dimensions{Size: v.size}
}

// order sorts the lanes by name.
func (v *lineageView) order(l *loop.Lineage) {
	if len(v.lanes) == len(l.Lanes) {
		return
	}
	v.lanes, v.above = v.lanes[:0], map[uint16]int{}
	for i := range l.Lanes {
		at := 0
		for at < len(v.lanes) && l.Lanes[v.lanes[at]] < l.Lanes[i] {
			at++
		}
		v.lanes = append(v.lanes[:at], append([]uint16{uint16(i)}, v.lanes[at:]...)...)
	}
	for row, lane := range v.lanes {
		v.above[lane] = row
	}
}

// ground draws the lanes and their names.
func (v *lineageView) ground(gtx layout.Context, th *kit.Theme, l *loop.Lineage) {
	for row, lane := range v.lanes {
		y := int(v.y(lane)) - v.laneSize/2
		if y >= v.size.Y || y+v.laneSize < 0 {
			continue
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
func (v *lineageView) points(gtx layout.Context, th *kit.Theme, l *loop.Lineage) {
	first, last := max(0, int(v.from)-1), min(len(l.Nodes), int(v.to)+2)
	if first >= last {
		return
	}
	count := make([]int, len(l.Lanes))
	for i := first; i < last; i++ {
		count[l.Nodes[i].Lane]++
	}
	width := float64(v.size.X - v.left)
	each := make([]bool, len(l.Lanes)) // each point is drawn
	for lane, n := range count {
		each[lane] = n < 2 || width/float64(n) >= float64(gtx.Dp(dotsFrom))
		if n == 0 {
			continue
		}
		v.line(gtx, th, l, uint16(lane), each[lane], first, last)
	}
	v.edges(gtx, th, l, each, first, last)
	var dots [4][]f32.Point
	for i := first; i < last; i++ {
		if n := &l.Nodes[i]; each[n.Lane] {
			dots[n.Verdict] = append(dots[n.Verdict], f32.Pt(v.x(i), v.y(n.Lane)))
		}
	}
	for verdict, all := range dots {
		kit.Circles(gtx, all, float32(gtx.Dp(3))+.5, verdictInk(th, loop.Verdict(verdict)))
	}
	v.bars(gtx, th, l, first, last)
}

// line draws what joins a lane's points, or the band that stands for them.
func (v *lineageView) line(gtx layout.Context, th *kit.Theme, l *loop.Lineage, lane uint16, each bool, first, last int) {
	y := int(v.y(lane))
	if each {
		a, b := -1, -1
		for i := first; i < last; i++ {
			if l.Nodes[i].Lane == lane {
				if a < 0 {
					a = i
				}
				b = i
			}
		}
		x0, x1 := int(v.x(a)), int(v.x(b))
		if p, ok := nextInLane(l, a, -1, lane); ok && first > 0 {
			x0 = int(max(v.x(p), float32(v.left)-8))
		}
		kit.Fill(gtx, image.Rect(x0, y-gtx.Dp(1)/2, x1, y+max(1, gtx.Dp(1))), kit.Alpha(th.Accent, 90))
		return
	}
	columns := max(1, v.size.X-v.left)
	if len(v.buckets) < columns {
		v.buckets = make([]bucket, columns)
	}
	all := v.buckets[:columns]
	clear(all)
	for i := first; i < last; i++ {
		n := &l.Nodes[i]
		if n.Lane != lane {
			continue
		}
		c := min(max(int(v.x(i))-v.left, 0), columns-1)
		if n.Verdict == loop.Failure {
			all[c].bad++
		} else {
			all[c].good++
		}
	}
	half := gtx.Dp(3)
	v.band(gtx, all, kit.Alpha(th.Accent, 130), func(b bucket) bool { return b.good > 0 }, y-half, y+half)
	v.band(gtx, all, th.Error, func(b bucket) bool { return b.bad > 0 }, y-half-gtx.Dp(1), y+half+gtx.Dp(1))
}

// band fills the columns that are in as few rectangles as there can be; a gap of
// a few columns between two is part of the band.
func (v *lineageView) band(gtx layout.Context, all []bucket, c color.NRGBA, in func(bucket) bool, top, bottom int) {
	var p clip.Path
	p.Begin(gtx.Ops)
	some := false
	bridge := gtx.Dp(3)
	if c.A == 255 { // failures stand alone
		bridge = 0
	}
	for i := 0; i < len(all); i++ {
		if !in(all[i]) {
			continue
		}
		end := i + 1
		for j := end; j < len(all) && j <= end+bridge; j++ {
			if in(all[j]) {
				end = j + 1
			}
		}
		x0, x1 := float32(v.left+i), float32(v.left+end)
		p.MoveTo(f32.Pt(x0, float32(top)))
		p.LineTo(f32.Pt(x1, float32(top)))
		p.LineTo(f32.Pt(x1, float32(bottom)))
		p.LineTo(f32.Pt(x0, float32(bottom)))
		p.Close()
		i, some = end-1, true
	}
	if spec := p.End(); some {
		paint.FillShape(gtx.Ops, c, clip.Outline{Path: spec}.Op())
	}
}

// maxEdges bounds the curves that are drawn.
const maxEdges = 600

// edges draws the curves from parents that are not the lane's run before.
func (v *lineageView) edges(gtx layout.Context, th *kit.Theme, l *loop.Lineage, each []bool, first, last int) {
	before := make([]int, len(l.Lanes))
	for i := range before {
		before[i] = -1
	}
	var p clip.Path
	p.Begin(gtx.Ops)
	drawn := 0
	for i := first; i < last && drawn < maxEdges; i++ {
		n := &l.Nodes[i]
		b := before[n.Lane]
		before[n.Lane] = i
		if n.Parent == 0 || !each[n.Lane] || b >= 0 && l.Nodes[b].Iteration == n.Parent {
			continue
		}
		from, ok := l.Find(n.Parent)
		if !ok || b < 0 && l.Nodes[from].Lane == n.Lane {
			continue // out of sight to the left: the lane's line comes from there
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
	if spec := p.End(); drawn > 0 {
		paint.FillShape(gtx.Ops, kit.Alpha(th.Dim, 170), clip.Stroke{Path: spec, Width: float32(max(1, gtx.Dp(1)))}.Op())
	}
}

// bars marks where a script's code is new, with the iteration where there is room.
func (v *lineageView) bars(gtx layout.Context, th *kit.Theme, l *loop.Lineage, first, last int) {
	end := make([]int, len(l.Lanes)) // where the last label ends
	for i := first; i < last; i++ {
		n := &l.Nodes[i]
		if !n.Version {
			continue
		}
		x, y := int(v.x(i)), int(v.y(n.Lane))
		half := min(gtx.Dp(10), v.laneSize/2-gtx.Dp(2))
		kit.FillRound(gtx, image.Rect(x-gtx.Dp(1), y-half, x+gtx.Dp(1), y+half), 1, th.Text)
		if x < end[n.Lane] || v.laneSize < gtx.Dp(34) {
			continue
		}
		end[n.Lane] = x + gtx.Dp(56)
		kit.Boxed(gtx, image.Rect(x+gtx.Dp(4), y-v.laneSize/2, x+gtx.Dp(56), y-gtx.Dp(5)), func(gtx layout.Context) layout.Dimensions {
			return kit.Middle(th.Caption(kit.Thousands(n.Iteration), th.Faint).Layout)(gtx)
		})
	}
}

// marks draws rings around the points chosen and the one under the pointer.
func (v *lineageView) marks(gtx layout.Context, th *kit.Theme, a *loop.Monitor, l *loop.Lineage) {
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
	x, y := a.Compared()
	for n, id := range []int64{x, y} {
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
