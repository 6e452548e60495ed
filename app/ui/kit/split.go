package kit

import (
	"image"

	"gioui.org/gesture"
	"gioui.org/io/pointer"
	"gioui.org/layout"
	"gioui.org/op/clip"
	"gioui.org/unit"
)

// Split parts an area in two with a bar that can be dragged. Its place is kept
// either as a length of the sized side or as a part of the whole.
type Split struct {
	Axis  layout.Axis // Horizontal: the two stand side by side
	Size  unit.Dp     // length of the sized side, when not zero
	Ratio float32     // part of the first side, when Size is zero
	Last  bool        // Size is the second side's

	Min, MinOther unit.Dp // least length of the first and the second side

	// Before has the bar taken hold of on the first side alone, where the second one has
	// something to click at its edge.
	Before bool

	drag  gesture.Drag
	hover bool
	start int // place of the bar when the drag began
	from  float32
}

// barReach is how far from the bar it can be taken hold of.
const barReach unit.Dp = 4

// Layout draws both sides and the bar between them.
func (s *Split) Layout(gtx layout.Context, th *Theme, first, second layout.Widget) layout.Dimensions {
	size := gtx.Constraints.Max
	whole := s.Axis.Convert(size).X
	bar := s.position(gtx, whole)
	bar = s.update(gtx, whole, bar)
	cross := s.Axis.Convert(size).Y

	Boxed(gtx, s.rect(0, bar, cross), first)
	line := max(1, gtx.Dp(1))
	end := whole
	if s.Size == 0 && s.Ratio == .5 {
		end = min(whole, 2*bar+line) // halves are equal to the pixel
	}
	Boxed(gtx, s.rect(bar+line, end, cross), second)

	ink := th.Line
	if s.hover || s.drag.Pressed() {
		ink = th.Accent
	}
	Fill(gtx, s.rect(bar, bar+line, cross), ink)
	reach := gtx.Dp(barReach)
	end = bar + line + reach
	if s.Before {
		end = bar + line
	}
	area := clip.Rect(s.rect(bar-reach, end, cross)).Push(gtx.Ops)
	s.drag.Add(gtx.Ops)
	hoverOp(gtx, s)
	if s.Axis == layout.Horizontal {
		pointer.CursorColResize.Add(gtx.Ops)
	} else {
		pointer.CursorRowResize.Add(gtx.Ops)
	}
	area.Pop()
	return layout.Dimensions{Size: size}
}

// position is where the bar stands, within what both sides need.
func (s *Split) position(gtx layout.Context, whole int) int {
	p := int(s.Ratio * float32(whole-gtx.Dp(1)))
	if s.Size != 0 {
		p = gtx.Dp(s.Size)
		if s.Last {
			p = whole - p
		}
	}
	return s.clamp(gtx, whole, p)
}

func (s *Split) clamp(gtx layout.Context, whole, p int) int {
	lo, hi := gtx.Dp(s.Min), whole-gtx.Dp(s.MinOther)
	if hi < lo { // too little room for both: share it
		return whole * lo / max(1, lo+gtx.Dp(s.MinOther))
	}
	return min(max(p, lo), hi)
}

func (s *Split) update(gtx layout.Context, whole, bar int) int {
	for {
		e, ok := s.drag.Update(gtx.Metric, gtx.Source, gesture.Axis(s.Axis))
		if !ok {
			break
		}
		pos := e.Position.X
		if s.Axis == layout.Vertical {
			pos = e.Position.Y
		}
		switch e.Kind {
		case pointer.Press:
			s.start, s.from = bar, pos
		case pointer.Drag:
			bar = s.clamp(gtx, whole, s.start+int(pos-s.from))
			if s.Size == 0 {
				s.Ratio = float32(bar) / float32(max(1, whole))
			} else if s.Last {
				s.Size = gtx.Metric.PxToDp(whole - bar)
			} else {
				s.Size = gtx.Metric.PxToDp(bar)
			}
		}
	}
	s.hover = hovering(gtx, s, s.hover)
	return bar
}

// rect is the part of the area from a to b along the axis.
func (s *Split) rect(a, b, cross int) image.Rectangle {
	return image.Rectangle{Min: s.Axis.Convert(image.Pt(a, 0)), Max: s.Axis.Convert(image.Pt(b, cross))}
}
