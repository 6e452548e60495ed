package ui

import (
	"fmt"
	"image"
	"image/color"
	"math"

	"gioui.org/f32"
	"gioui.org/io/event"
	"gioui.org/io/key"
	"gioui.org/io/pointer"
	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op/clip"
	"gioui.org/op/paint"
	"gioui.org/unit"

	"gvpie/app/studio"
)

// lineageView draws the infinite map: time from left to right, a lane for each
// script, a point for each run, a bar where a script's code is new. What comes
// from its lane's last run is joined to it by the lane's line, anything else by a
// curve from its parent.
//
// A frame costs what is on screen. Where points lie closer than they can be told
// apart they are drawn as one band, in which failures keep their colour.
type lineageView struct {
	from, to float64 // indices of nodes at the edges; to 0: not yet known
	nodes    int     // there were when last drawn
	down     float64 // lanes scrolled away above
	size     image.Point
	left     int // where the lanes begin
	laneSize int
	lanes    []uint16 // in the order they are drawn
	above    map[uint16]int

	press    f32.Point
	pressed  bool
	dragging bool
	fromAt   float64 // from and down when the drag began
	downAt   float64
	hover    int // node under the pointer; -1 none
	over     bool
	pointer  f32.Point
	buckets  []bucket
}

// bucket counts the points of one column of pixels.
type bucket struct{ good, bad int }

const (
	laneWide  unit.Dp = 136 // of the lanes' names
	laneHigh  unit.Dp = 40
	laneLow   unit.Dp = 26
	axisHigh  unit.Dp = 20
	dotsFrom          = 7   // dp between points from which each is drawn
	graspable         = 9   // dp from a point at which it can be chosen
	leastSeen         = 8.0 // nodes across at the closest
)

// fit shows everything.
func (v *lineageView) fit() { v.to, v.down = 0, 0 }

// zoom shows by as many nodes across as now, with the place at part of the width
// staying where it is.
func (v *lineageView) zoom(by, part float64) {
	width := v.to - v.from
	at := v.from + width*part
	width = min(max(width*by, leastSeen), max(float64(v.nodes), leastSeen))
	v.from = at - width*part
	v.to = v.from + width
	v.bound()
}

// bound keeps the view where there are nodes.
func (v *lineageView) bound() {
	width := v.to - v.from
	if width >= float64(v.nodes) {
		v.from, v.to = 0, max(float64(v.nodes), leastSeen)
		return
	}
	v.from = min(max(0, v.from), float64(v.nodes)-width)
	v.to = v.from + width
}

// grow takes in how many nodes there are. A view of everything, and one that
// shows the newest, go along.
func (v *lineageView) grow(n int) {
	switch {
	case v.to == 0 || v.from == 0 && v.to >= float64(v.nodes):
		v.from, v.to = 0, max(float64(n), leastSeen)
	case n > v.nodes && v.to >= float64(v.nodes)-.5:
		v.from, v.to = v.from+float64(n-v.nodes), v.to+float64(n-v.nodes)
	}
	v.nodes = n
	v.bound()
}

// Update takes in input and gives the row of a point that was chosen.
func (v *lineageView) Update(gtx layout.Context, a *studio.Agent) (id int64, mods key.Modifiers, ok bool) {
	everywhere := pointer.ScrollRange{Min: -1 << 16, Max: 1 << 16}
	name := func(n key.Name) key.Filter { return key.Filter{Focus: v, Name: n, Optional: key.ModShift} }
	l := a.Lineage()
	for {
		e, more := gtx.Event(
			pointer.Filter{Target: v, Kinds: pointer.Press | pointer.Drag | pointer.Release | pointer.Move | pointer.Enter | pointer.Leave | pointer.Cancel | pointer.Scroll, ScrollX: everywhere, ScrollY: everywhere},
			key.FocusFilter{Target: v},
			name(key.NameLeftArrow), name(key.NameRightArrow), name(key.NameUpArrow), name(key.NameDownArrow),
			name(key.NameHome), name(key.NameEnd), name("+"), name("="), name("-"), name("0"),
		)
		if !more {
			return id, mods, ok
		}
		switch e := e.(type) {
		case pointer.Event:
			if i, hit := v.point(gtx, e, &l); hit {
				id, mods, ok = l.Nodes[i].ID, e.Modifiers, true
			}
		case key.Event:
			if e.State != key.Press {
				break
			}
			if i, moved := v.key(e.Name, a, &l); moved {
				id, mods, ok = l.Nodes[i].ID, e.Modifiers, true
				v.reveal(i)
			}
		}
	}
}

// point follows the pointer; hit says that node i was chosen.
func (v *lineageView) point(gtx layout.Context, e pointer.Event, l *studio.Lineage) (i int, hit bool) {
	v.pointer = e.Position
	switch e.Kind {
	case pointer.Enter, pointer.Move:
		v.over = true
	case pointer.Leave, pointer.Cancel:
		v.over, v.pressed, v.dragging = false, false, false
	case pointer.Press:
		if e.Buttons == pointer.ButtonPrimary {
			gtx.Execute(key.FocusCmd{Tag: v})
			v.press, v.pressed, v.dragging, v.fromAt, v.downAt = e.Position, true, false, v.from, v.down
		}
	case pointer.Drag:
		d := e.Position.Sub(v.press)
		if v.pressed && (v.dragging || math.Hypot(float64(d.X), float64(d.Y)) > float64(gtx.Dp(4))) {
			v.dragging = true
			width := v.to - v.from
			v.from = v.fromAt - float64(d.X)/v.scale()
			v.to = v.from + width
			v.bound()
			v.down = v.downAt - float64(d.Y)/float64(max(1, v.laneSize))
		}
	case pointer.Release:
		if v.pressed && !v.dragging {
			i, hit = v.near(gtx, l, e.Position)
		}
		v.pressed, v.dragging = false, false
	case pointer.Scroll:
		if e.Modifiers&key.ModShift != 0 || e.Scroll.X != 0 {
			d := float64(e.Scroll.X+e.Scroll.Y) / v.scale()
			v.from, v.to = v.from+d, v.to+d
			v.bound()
			break
		}
		part := (float64(e.Position.X) - float64(v.left)) / float64(max(1, v.size.X-v.left))
		by := math.Pow(1.015, float64(e.Scroll.Y)) // a wheel's notch is 10 to 100, by system
		v.zoom(min(max(by, .75), 1.33), min(max(part, 0), 1))
	}
	return i, hit
}

// key moves from the chosen point to its neighbours, or the view.
func (v *lineageView) key(name key.Name, a *studio.Agent, l *studio.Lineage) (i int, moved bool) {
	switch name {
	case "+", "=":
		v.zoom(.5, .5)
		return 0, false
	case "-":
		v.zoom(2, .5)
		return 0, false
	case "0":
		v.fit()
		return 0, false
	}
	if len(l.Nodes) == 0 {
		return 0, false
	}
	x, y := a.Compared()
	if y != 0 {
		x = y
	}
	at, ok := l.FindID(x)
	if !ok {
		return len(l.Nodes) - 1, true
	}
	lane := l.Nodes[at].Lane
	switch name {
	case key.NameLeftArrow:
		return nextInLane(l, at, -1, lane)
	case key.NameRightArrow:
		return nextInLane(l, at, 1, lane)
	case key.NameHome:
		return nextInLane(l, -1, 1, lane)
	case key.NameEnd:
		return nextInLane(l, len(l.Nodes), -1, lane)
	}
	row := v.above[lane] + 1
	if name == key.NameUpArrow {
		row -= 2
	}
	if row < 0 || row >= len(v.lanes) {
		return 0, false
	}
	if i, ok := nextInLane(l, at, -1, v.lanes[row]); ok {
		return i, true
	}
	return nextInLane(l, at, 1, v.lanes[row])
}

func nextInLane(l *studio.Lineage, at, step int, lane uint16) (int, bool) {
	for i := at + step; i >= 0 && i < len(l.Nodes); i += step {
		if l.Nodes[i].Lane == lane {
			return i, true
		}
	}
	return 0, false
}

// reveal moves the view so that a node is in it.
func (v *lineageView) reveal(i int) {
	width := v.to - v.from
	if at := float64(i); at < v.from || at+1 > v.to {
		v.from = at - width/2
		v.to = v.from + width
		v.bound()
	}
}

// scale is the pixels from one node to the next.
func (v *lineageView) scale() float64 {
	return float64(max(1, v.size.X-v.left)) / max(leastSeen, v.to-v.from)
}

func (v *lineageView) x(i int) float32 {
	return float32(float64(v.left) + (float64(i)+.5-v.from)*v.scale())
}

func (v *lineageView) y(lane uint16) float32 {
	return float32((float64(v.above[lane])-v.down)*float64(v.laneSize) + float64(v.laneSize)/2)
}

// near is the node at a place, or near enough to it.
func (v *lineageView) near(gtx layout.Context, l *studio.Lineage, p f32.Point) (int, bool) {
	row := int(math.Floor(float64(p.Y)/float64(max(1, v.laneSize)) + v.down))
	if row < 0 || row >= len(v.lanes) || int(p.X) < v.left {
		return 0, false
	}
	lane, middle := v.lanes[row], int(v.from+(float64(p.X)-float64(v.left))/v.scale())
	reach := int(math.Ceil(float64(gtx.Dp(graspable))/v.scale())) + 1
	best, found := 0, false
	for d := 0; d <= reach; d++ {
		for _, i := range [2]int{middle - d, middle + d} {
			if i < 0 || i >= len(l.Nodes) || l.Nodes[i].Lane != lane {
				continue
			}
			if !found || math.Abs(float64(v.x(i)-p.X)) < math.Abs(float64(v.x(best)-p.X)) {
				best, found = i, true
			}
		}
		if found {
			break
		}
	}
	return best, found && math.Abs(float64(v.x(best)-p.X)) <= float64(gtx.Dp(graspable))+1
}

// Layout draws the view.
func (v *lineageView) Layout(gtx layout.Context, th *Theme, a *studio.Agent) layout.Dimensions {
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
	fill(gtx, image.Rectangle{Max: v.size}, th.Window)
	v.hover = -1
	if i, ok := v.near(gtx, &l, v.pointer); ok && v.over && !v.dragging {
		v.hover = i
	}
	boxed(gtx, image.Rect(0, 0, v.size.X, room), func(gtx layout.Context) layout.Dimensions {
		v.ground(gtx, th, &l)
		inner := clip.Rect(image.Rect(v.left, 0, v.size.X, room)).Push(gtx.Ops)
		v.points(gtx, th, &l)
		v.marks(gtx, th, a, &l)
		inner.Pop()
		return layout.Dimensions{Size: v.size}
	})
	v.axis(gtx, th, &l, room)
	if gtx.Focused(v) {
		outline(gtx, image.Rectangle{Max: v.size}.Inset(gtx.Dp(1)), cornerSize, 1, th.Accent)
	}
	if v.hover >= 0 {
		n := &l.Nodes[v.hover]
		parent := "no parent"
		if n.Parent != 0 {
			parent = "from iteration " + thousands(uint64(n.Parent))
		}
		word := [...]string{"unknown", "succeeded", "failed", "cut short"}[n.Verdict]
		if n.Version {
			word += " · new code"
		}
		th.Tip.Offer(gtx, v, fmt.Sprintf("%s, iteration %s: %s · %s", l.Lanes[n.Lane], thousands(uint64(n.Iteration)), word, parent), "")
		pointer.CursorPointer.Add(gtx.Ops)
	}
	return layout.Dimensions{Size: v.size}
}

// order sorts the lanes by name.
func (v *lineageView) order(l *studio.Lineage) {
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
func (v *lineageView) ground(gtx layout.Context, th *Theme, l *studio.Lineage) {
	for row, lane := range v.lanes {
		y := int(v.y(lane)) - v.laneSize/2
		if y >= v.size.Y || y+v.laneSize < 0 {
			continue
		}
		if row%2 == 0 {
			fill(gtx, image.Rect(v.left, y, v.size.X, y+v.laneSize), alpha(th.Panel, 150))
		}
		boxed(gtx, image.Rect(0, y, v.left, y+v.laneSize), func(gtx layout.Context) layout.Dimensions {
			semantic.LabelOp("lane " + l.Lanes[lane]).Add(gtx.Ops)
			return layout.Flex{Alignment: layout.Middle}.Layout(gtx, gap(12),
				layout.Flexed(1, middle(th.small(l.Lanes[lane], mix(th.Dim, th.Text, 120)).Layout)), gap(8))
		})
	}
	fill(gtx, image.Rect(v.left-1, 0, v.left, v.size.Y), th.Line)
}

// points draws lines, bands, points and the bars of new versions.
func (v *lineageView) points(gtx layout.Context, th *Theme, l *studio.Lineage) {
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
		rounds(gtx, all, float32(gtx.Dp(3))+.5, th.verdictInk(studio.Verdict(verdict)))
	}
	v.bars(gtx, th, l, first, last)
}

// line draws what joins a lane's points, or the band that stands for them.
func (v *lineageView) line(gtx layout.Context, th *Theme, l *studio.Lineage, lane uint16, each bool, first, last int) {
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
		fill(gtx, image.Rect(x0, y-gtx.Dp(1)/2, x1, y+max(1, gtx.Dp(1))), alpha(th.Accent, 90))
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
		if n.Verdict == studio.Failure {
			all[c].bad++
		} else {
			all[c].good++
		}
	}
	half := gtx.Dp(3)
	v.band(gtx, all, alpha(th.Accent, 130), func(b bucket) bool { return b.good > 0 }, y-half, y+half)
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
func (v *lineageView) edges(gtx layout.Context, th *Theme, l *studio.Lineage, each []bool, first, last int) {
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
		paint.FillShape(gtx.Ops, alpha(th.Dim, 170), clip.Stroke{Path: spec, Width: float32(max(1, gtx.Dp(1)))}.Op())
	}
}

// bars marks where a script's code is new, with the iteration where there is room.
func (v *lineageView) bars(gtx layout.Context, th *Theme, l *studio.Lineage, first, last int) {
	end := make([]int, len(l.Lanes)) // where the last label ends
	for i := first; i < last; i++ {
		n := &l.Nodes[i]
		if !n.Version {
			continue
		}
		x, y := int(v.x(i)), int(v.y(n.Lane))
		half := min(gtx.Dp(10), v.laneSize/2-gtx.Dp(2))
		fillRound(gtx, image.Rect(x-gtx.Dp(1), y-half, x+gtx.Dp(1), y+half), 1, th.Text)
		if x < end[n.Lane] || v.laneSize < gtx.Dp(34) {
			continue
		}
		end[n.Lane] = x + gtx.Dp(56)
		boxed(gtx, image.Rect(x+gtx.Dp(4), y-v.laneSize/2, x+gtx.Dp(56), y-gtx.Dp(5)), func(gtx layout.Context) layout.Dimensions {
			return middle(th.Caption(thousands(uint64(n.Iteration)), th.Faint).Layout)(gtx)
		})
	}
}

// marks draws rings around the points chosen and the one under the pointer.
func (v *lineageView) marks(gtx layout.Context, th *Theme, a *studio.Agent, l *studio.Lineage) {
	ring := func(i int, c color.NRGBA, label string) {
		p := image.Pt(int(v.x(i)), int(v.y(l.Nodes[i].Lane)))
		r := gtx.Dp(7)
		box := image.Rect(p.X-r, p.Y-r, p.X+r, p.Y+r)
		rounds(gtx, []f32.Point{{X: v.x(i), Y: v.y(l.Nodes[i].Lane)}}, float32(gtx.Dp(4)), th.verdictInk(l.Nodes[i].Verdict))
		outline(gtx, box, 7, 2, c)
		if label == "" {
			return
		}
		tag := image.Rect(p.X-gtx.Dp(9), box.Max.Y, p.X+gtx.Dp(9), box.Max.Y+gtx.Dp(14))
		if label == "B" { // over its ring, so that A's is read beside it
			tag = tag.Sub(image.Pt(0, 2*r+tag.Dy()))
		}
		boxed(gtx, tag, func(gtx layout.Context) layout.Dimensions {
			semantic.LabelOp(fmt.Sprintf("point %s, iteration %d", label, l.Nodes[i].Iteration)).Add(gtx.Ops)
			return layout.Center.Layout(gtx, th.Caption(label, c).Layout)
		})
	}
	if v.hover >= 0 {
		ring(v.hover, alpha(th.Text, 130), "")
	}
	x, y := a.Compared()
	for n, id := range []int64{x, y} {
		if i, ok := l.FindID(id); ok && id != 0 {
			ring(i, th.pointInk(n), string(rune('A'+n)))
		}
	}
}

// axis writes iterations along the bottom.
func (v *lineageView) axis(gtx layout.Context, th *Theme, l *studio.Lineage, top int) {
	fill(gtx, image.Rect(0, top, v.size.X, top+max(1, gtx.Dp(1))), th.Line)
	if len(l.Nodes) == 0 {
		return
	}
	boxed(gtx, image.Rect(0, top, v.left, v.size.Y), func(gtx layout.Context) layout.Dimensions {
		return layout.Flex{Alignment: layout.Middle}.Layout(gtx, gap(12), layout.Rigid(middle(th.Caption("iteration", th.Faint).Layout)))
	})
	step := niceStep(float64(gtx.Dp(110)) / v.scale())
	for i := int(math.Ceil(v.from/step) * step); float64(i) < v.to && i < len(l.Nodes); i += int(step) {
		x := int(v.x(i))
		fill(gtx, image.Rect(x, top, x+1, top+gtx.Dp(4)), th.Faint)
		boxed(gtx, image.Rect(x+gtx.Dp(4), top, min(v.size.X, x+gtx.Dp(90)), v.size.Y), middle(th.Caption(thousands(uint64(l.Nodes[i].Iteration)), th.Faint).Layout))
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

// rounds fills circles of one size and colour as one path.
func rounds(gtx layout.Context, all []f32.Point, r float32, c color.NRGBA) {
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
