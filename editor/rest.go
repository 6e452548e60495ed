package editor

import (
	"image"

	"gioui.org/layout"
	"golang.org/x/image/math/fixed"
)

// restArea gives an area around a pixel for all of which under gives the same. said says
// that what there is to say is said; else a key or the wheel may have sent it away, and
// any move brings it back.
func (e *view) restArea(gtx layout.Context, at image.Point, said bool) image.Rectangle {
	if !said && e.under(gtx, at).on {
		return image.Rectangle{Min: at, Max: at.Add(image.Pt(1, 1))}
	}
	g := &e.geometry
	first, last := e.visible()
	r := image.Rect(g.text.Min.X, g.text.Min.Y, g.size.X, g.size.Y)
	switch line := first + floorDiv(at.Y-e.lineTop(first), g.lineHeight); {
	case at.Y < g.text.Min.Y:
		return image.Rect(0, 0, g.size.X, g.text.Min.Y)
	case onBreak(gtx, e, at) && len(e.Breaks.list) > 0:
		r = image.Rect(0, e.lineTop(line), gtx.Dp(breakRoom), e.lineTop(line+1))
	case at.X < g.text.Min.X:
		r = image.Rect(0, g.text.Min.Y, g.text.Min.X, g.size.Y)
		if len(e.Breaks.list) > 0 {
			r.Min.X = gtx.Dp(breakRoom)
		}
	case line < first:
		r.Max.Y = e.lineTop(first)
	case line > last:
		r.Min.Y = e.lineTop(last + 1)
	default:
		r = r.Intersect(e.restOnLine(at, line, first, last))
	}
	if e.Notes.Costs != nil {
		costs := costArea(e, gtx, first+floorDiv(at.Y-e.lineTop(first), g.lineHeight))
		if !at.In(costs) {
			costs.Min.Y, costs.Max.Y = 0, g.size.Y
		}
		r = beside(r, costs, at)
	}
	for _, m := range e.marksOn(first, last) {
		for _, hot := range e.markAreas(gtx, m, first, last) {
			r = beside(r, hot, at)
		}
	}
	return r.Union(image.Rectangle{Min: at, Max: at.Add(image.Pt(1, 1))})
}

// restOnLine gives the area of what stands at a point of a line, or of the blank beside
// it.
func (e *view) restOnLine(at image.Point, line, first, last int) image.Rectangle {
	g, r := &e.geometry, e.row(line)
	x := fixed.I(at.X - e.originX())
	area := image.Rect(0, e.lineTop(line), g.size.X, e.lineTop(line+1))
	i, ok := r.over(x)
	switch {
	case ok && len(r.text) > longLine:
		return area
	case ok:
		from, to := r.alike(i)
		area.Min.X, area.Max.X = e.originX()+r.xs[from].Ceil(), e.originX()+r.xs[to].Ceil()
		return area
	case x < 0:
		area.Min.Y, area.Max.Y = e.lineTop(first), e.lineTop(last+1)
		area.Max.X = e.originX()
		return area
	}
	// Right of lines there is nothing: of all that end before this place.
	width, up, down := r.width(), line, line
	for ; up > first && e.row(up-1).width() <= x; up-- {
		width = max(width, e.row(up-1).width())
	}
	for ; down < last && e.row(down+1).width() <= x; down++ {
		width = max(width, e.row(down+1).width())
	}
	area.Min.Y, area.Max.Y = e.lineTop(up), e.lineTop(down+1)
	area.Min.X = e.originX() + width.Ceil()
	return area
}

// alike gives the bytes around one for which there is the same to say: its token, or
// the blank between two.
func (r *row) alike(i int) (from, to int) {
	for _, t := range r.tokens {
		switch {
		case t.Offset > i:
			return from, t.Offset
		case t.End > i:
			return t.Offset, t.End
		}
		from = t.End
	}
	return from, len(r.text)
}

// beside cuts a rectangle so that it has the point, but nothing of another that has it
// not.
func beside(r, other image.Rectangle, at image.Point) image.Rectangle {
	switch {
	case !r.Overlaps(other):
	case at.In(other):
		return r.Intersect(other)
	case at.X < other.Min.X:
		r.Max.X = other.Min.X
	case at.X >= other.Max.X:
		r.Min.X = other.Max.X
	case at.Y < other.Min.Y:
		r.Max.Y = other.Min.Y
	default:
		r.Min.Y = other.Max.Y
	}
	return r
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
