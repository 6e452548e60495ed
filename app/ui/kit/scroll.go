package kit

import (
	"image"

	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"
	"gioui.org/unit"
	"gioui.org/widget"
)

// Scroll is a list that scrolls, with a thin bar over its right edge that
// shows where it stands.
type Scroll struct {
	list widget.List
	near bool
}

// barWidth is the width of the scroll bar's track.
const barWidth unit.Dp = 10

// Layout draws n rows.
func (s *Scroll) Layout(gtx layout.Context, th *Theme, n int, row layout.ListElement) layout.Dimensions {
	s.list.Axis = layout.Vertical
	s.near = hovering(gtx, s, s.near)
	area := clip.Rect{Max: gtx.Constraints.Max}.Push(gtx.Ops)
	hoverOp(gtx, s)
	dims := s.list.Layout(gtx, n, func(gtx layout.Context, i int) layout.Dimensions {
		gtx.Constraints.Min.X = gtx.Constraints.Max.X
		return row(gtx, i)
	})
	area.Pop()
	start, end := s.span(dims.Size.Y, n)
	if end-start < 1 {
		s.bar(gtx, th, dims.Size, start, end)
	}
	return dims
}

// Reveal scrolls as little as it takes to have row i in sight.
func (s *Scroll) Reveal(i int) {
	p := &s.list.Position
	switch {
	case i < p.First || i == p.First && p.Offset > 0:
		s.list.ScrollTo(i)
	case p.Count > 0 && i >= p.First+p.Count-1:
		s.list.ScrollTo(max(0, i-p.Count+2))
	}
}

// GoTo puts row i at the top.
func (s *Scroll) GoTo(i int) { s.list.ScrollTo(i) }

// Visible is the range of rows on screen when they were last drawn, out of n:
// only these can have been clicked.
func (s *Scroll) Visible(n int) (first, last int) {
	p := s.list.Position
	first = min(p.First, n)
	return first, min(first+p.Count, n)
}

// ToEnd keeps the list at its end as rows are added, until it is scrolled away.
func (s *Scroll) ToEnd(on bool) { s.list.ScrollToEnd = on }

// ToStart goes back to the first row.
func (s *Scroll) ToStart() { s.list.Position = layout.Position{} }

// span is the visible part of the list, 0 to 1.
func (s *Scroll) span(height, n int) (start, end float32) {
	p := s.list.Position
	if n == 0 || p.Count == 0 || p.Length <= height {
		return 0, 1
	}
	row := float32(p.Length) / float32(n)
	start = (float32(p.First)*row + float32(p.Offset)) / float32(p.Length)
	end = start + float32(height)/float32(p.Length)
	if !(p.First+p.Count < n) && p.OffsetLast >= 0 {
		start, end = start+1-end, 1
	}
	return max(0, start), min(1, end)
}

func (s *Scroll) bar(gtx layout.Context, th *Theme, size image.Point, start, end float32) {
	width := gtx.Dp(barWidth)
	defer op.Offset(image.Pt(size.X-width, 0)).Push(gtx.Ops).Pop()
	gtx.Constraints = layout.Exact(image.Pt(width, size.Y))
	s.list.Update(gtx, layout.Vertical, start, end)
	if d := s.list.ScrollDistance(); d != 0 {
		s.list.ScrollBy(d * float32(s.list.Position.Count) / max(end-start, .001))
	}
	defer clip.Rect{Max: gtx.Constraints.Max}.Push(gtx.Ops).Pop()
	s.list.AddDrag(gtx.Ops)
	s.list.AddTrack(gtx.Ops)
	y0, y1 := int(start*float32(size.Y)), int(end*float32(size.Y))
	y1 = max(y1, min(size.Y, y0+gtx.Dp(16)))
	thumb := image.Rect(width-gtx.Dp(6), y0+gtx.Dp(2), width-gtx.Dp(2), y1-gtx.Dp(2))
	ink := Alpha(th.Faint, 90)
	if s.list.Scrollbar.Dragging() || s.list.TrackHovered() || s.list.IndicatorHovered() {
		ink = Alpha(th.Dim, 190)
		thumb.Min.X -= gtx.Dp(2)
	} else if !s.near {
		ink = Alpha(th.Faint, 40)
	}
	FillRound(gtx, thumb, 2, ink)
	grip := clip.Rect(image.Rect(0, y0, width, y1)).Push(gtx.Ops)
	s.list.AddIndicator(gtx.Ops)
	grip.Pop()
}
