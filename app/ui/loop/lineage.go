package loop

import (
	"image"
	"math"

	"gioui.org/f32"
	"gioui.org/io/key"
	"gioui.org/io/pointer"
	"gioui.org/layout"
	"gioui.org/unit"

	"gvpie/app/studio/loop"
	"gvpie/canvas/rest"
)

// lineageView draws the infinite map: time from left to right, a lane for each
// script, a point for each run, a bar where a script's code is new. What comes
// from its lane's last run is joined to it by the lane's line, anything else by a
// curve from its parent.
//
// A frame costs what is on screen, in memory too. Where points lie closer than can
// be told apart they are drawn as one band, in which failures keep their colour;
// where changes of code do, a histogram over it shows their share of the runs.
type lineageView struct {
	from, to float64 // indices of nodes at the edges; to 0: not yet known
	nodes    int     // there were when last drawn
	down     float64 // lanes scrolled away above
	size     image.Point
	left     int // where the lanes begin
	laneSize int
	lanes    []uint16 // in the order they are drawn
	above    []int    // rows of lanes
	binning  binning

	begins  []int // the first node of each lane; -1: not come to yet
	looked  int   // nodes that begins is of
	oldest  int64 // id of the first of them
	dropped int   // as the lineage's, when last drawn

	press    f32.Point
	pressed  bool
	dragging bool
	fromAt   float64 // from and down when the drag began
	downAt   float64
	hover    int // node under the pointer; -1 none
	over     bool
	pointer  f32.Point
	rest     rest.Area // around it
}

const (
	laneWide  unit.Dp = 136 // of the lanes' names
	laneHigh  unit.Dp = 40
	laneLow   unit.Dp = 26
	axisHigh  unit.Dp = 20
	dotsFrom          = 7   // dp between points from which each is drawn
	graspable         = 9   // dp from a point at which it can be chosen
	leastSeen         = 8.0 // nodes across at the closest
)

// showAll shows everything.
func (v *lineageView) showAll() { v.to, v.down = 0, 0 }

// zoom shows by as many nodes across as now, with what stands at part of the width
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

// grow takes in how many nodes there are, and how many older ones were dropped. A
// view of everything, and one that shows the newest, go along.
func (v *lineageView) grow(n, dropped int) {
	all := v.to == 0 || v.from <= 0 && v.to >= float64(v.nodes)
	if d := dropped - v.dropped; d > 0 {
		v.from, v.to, v.fromAt, v.nodes = v.from-float64(d), v.to-float64(d), v.fromAt-float64(d), v.nodes-d
	}
	switch {
	case all:
		v.from, v.to = 0, max(float64(n), leastSeen)
	case n > v.nodes && v.to >= float64(v.nodes)-.5:
		v.from, v.to = v.from+float64(n-v.nodes), v.to+float64(n-v.nodes)
	}
	v.nodes, v.dropped = n, dropped
	v.bound()
}

// Update takes in input and gives the row of a point that was chosen.
func (v *lineageView) Update(gtx layout.Context, a *loop.Monitor) (id int64, mods key.Modifiers, ok bool) {
	everywhere := pointer.ScrollRange{Min: -1 << 16, Max: 1 << 16}
	name := func(n key.Name) key.Filter { return key.Filter{Focus: v, Name: n, Optional: key.ModShift} }
	l := a.Lineage()
	if at, left := v.rest.Left(gtx); left {
		v.pointer = at
	}
	for {
		e, more := gtx.Event(
			pointer.Filter{Target: v, Kinds: pointer.Press | pointer.Drag | pointer.Release | pointer.Enter | pointer.Leave | pointer.Cancel | pointer.Scroll, ScrollX: everywhere, ScrollY: everywhere},
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
func (v *lineageView) point(gtx layout.Context, e pointer.Event, l *loop.Lineage) (i int, hit bool) {
	v.pointer = e.Position
	switch e.Kind {
	case pointer.Enter:
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
func (v *lineageView) key(name key.Name, a *loop.Monitor, l *loop.Lineage) (i int, moved bool) {
	switch name {
	case "+", "=":
		v.zoom(.5, .5)
		return 0, false
	case "-":
		v.zoom(2, .5)
		return 0, false
	case "0":
		v.showAll()
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

func nextInLane(l *loop.Lineage, at, step int, lane uint16) (int, bool) {
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

// near is the node at a point, or near enough to it.
func (v *lineageView) near(gtx layout.Context, l *loop.Lineage, p f32.Point) (int, bool) {
	row := v.rowAt(p.Y)
	if row < 0 || row >= len(v.lanes) || int(p.X) < v.left {
		return 0, false
	}
	lane, middle := v.lanes[row], int(v.from+(float64(p.X)-float64(v.left))/v.scale())
	reach := v.reach(gtx)
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

// rowAt is the row of a lane at a y.
func (v *lineageView) rowAt(y float32) int {
	return int(math.Floor(float64(y)/float64(max(1, v.laneSize)) + v.down))
}

// reach is how many nodes away one may be that is grasped.
func (v *lineageView) reach(gtx layout.Context) int {
	return int(math.Ceil(float64(gtx.Dp(graspable))/v.scale())) + 1
}

// restArea is an area around the pointer for all of which near gives the same. Where the map
// is seen from far away looking further would take longer than a frame, and it is smaller.
func (v *lineageView) restArea(gtx layout.Context, l *loop.Lineage) image.Rectangle {
	const looks = 4096
	r := rest.Pixel(v.pointer)
	was, on := v.near(gtx, l, v.pointer)
	r = rest.Widened(r, looks/v.reach(gtx), func(x int) bool {
		i, ok := v.near(gtx, l, f32.Pt(float32(x), v.pointer.Y))
		return ok == on && (!ok || i == was)
	})
	lane := func(row int) int { return int(math.Ceil((float64(row) - v.down) * float64(v.laneSize))) }
	row := v.rowAt(v.pointer.Y)
	return r.Union(image.Rect(r.Min.X, lane(row), r.Max.X, lane(row+1)))
}
