package debugger

import (
	"image"

	"gioui.org/io/event"
	"gioui.org/io/key"
	"gioui.org/io/pointer"
	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op/clip"

	"gvpie/app/ui/kit"
)

// scrub is a bar along which a place is dragged, from 0 to a largest; the arrow keys move
// it by one.
type scrub struct {
	most  int
	box   image.Rectangle // where the places are, as last drawn
	held  bool
	hover int // place under the pointer; -1: it is elsewhere
}

// update takes in input and gives the place that was dragged to; at is where it is now.
func (s *scrub) update(gtx layout.Context, at int) (to int, ok bool) {
	to = at
	for {
		e, more := gtx.Event(
			pointer.Filter{Target: s, Kinds: pointer.Press | pointer.Drag | pointer.Release | pointer.Cancel | pointer.Move | pointer.Enter | pointer.Leave},
			key.FocusFilter{Target: s},
			key.Filter{Focus: s, Name: key.NameLeftArrow}, key.Filter{Focus: s, Name: key.NameRightArrow},
			key.Filter{Focus: s, Name: key.NameHome}, key.Filter{Focus: s, Name: key.NameEnd},
		)
		if !more {
			return to, ok && to != at
		}
		switch e := e.(type) {
		case pointer.Event:
			s.hover = s.place(e.Position.X)
			switch e.Kind {
			case pointer.Press:
				gtx.Execute(key.FocusCmd{Tag: s})
				s.held = true
				to, ok = s.hover, true
			case pointer.Drag:
				to, ok = s.hover, true
			case pointer.Leave, pointer.Cancel:
				s.hover = -1
				s.held = false
			case pointer.Release:
				s.held = false
			}
		case key.Event:
			if e.State != key.Press {
				break
			}
			switch e.Name {
			case key.NameLeftArrow:
				to--
			case key.NameRightArrow:
				to++
			case key.NameHome:
				to = 0
			case key.NameEnd:
				to = s.most
			}
			to, ok = min(max(to, 0), s.most), true
		}
	}
}

// place is the place at an x.
func (s *scrub) place(x float32) int {
	if s.box.Dx() <= 0 {
		return 0
	}
	part := (x - float32(s.box.Min.X)) / float32(s.box.Dx())
	return int(min(max(part, 0), 1)*float32(s.most) + .5)
}

// x is where a place is.
func (s *scrub) x(place int) int {
	return s.box.Min.X + int(float32(s.box.Dx())*float32(place)/float32(max(1, s.most)))
}

// add declares the area that is dragged in, whose places lie along box.
func (s *scrub) add(gtx layout.Context, th *kit.Theme, name string, area, box image.Rectangle, most int) {
	s.box, s.most = box, most
	defer clip.Rect(area).Push(gtx.Ops).Pop()
	event.Op(gtx.Ops, s)
	semantic.LabelOp(name).Add(gtx.Ops)
	pointer.CursorColResize.Add(gtx.Ops)
	if gtx.Focused(s) {
		kit.Outline(gtx, area, kit.Corner, 1, th.Accent)
	}
}
