package loop

import (
	"image"

	"gioui.org/io/key"
	"gioui.org/layout"

	"gvpie/app/studio/loop"
	"gvpie/app/ui/kit"
)

// pagedList is a list of rows that are read as they come into sight. A row that
// was chosen before it has been read is chosen once it has.
type pagedList[T any] struct {
	kit.RowList
	known  int           // rows when last drawn
	wanted int           // a row that was chosen and is being read, from 1; 0 none
	with   key.Modifiers // that were held when it was
}

// want remembers a row that was chosen.
func (l *pagedList[T]) want(c kit.RowChoice) { l.wanted, l.with = c.Row+1, c.With }

// chosen gives the row that was chosen, once: now, or when it has been read.
func (l *pagedList[T]) chosen(rows *loop.Pager[T]) *T {
	r := rows.At(l.wanted - 1)
	if r != nil {
		l.wanted = 0
	}
	return r
}

// inSight is the first row on screen that is the one; -1 when none is.
func (l *pagedList[T]) inSight(rows *loop.Pager[T], one func(*T) bool) int {
	first, last := l.Visible()
	for i := first - 1; i <= last; i++ { // a key moves it a row out of sight
		if r := rows.At(i); r != nil && one(r) {
			return i
		}
	}
	return -1
}

// layout draws the list in a style and has the rows on screen read. row draws
// one, label is what a screen reader says of it.
func (l *pagedList[T]) layout(gtx layout.Context, rows *loop.Pager[T], s kit.RowListStyle, row func(gtx layout.Context, r *T, chosen bool), label func(r *T) string) layout.Dimensions {
	s.List, s.N, s.Height = &l.RowList, rows.Len(), 26
	if l.known > 0 {
		s.Grown = s.N - l.known
	}
	l.known = s.N
	s.Row = func(gtx layout.Context, i int, chosen bool) {
		if r := rows.At(i); r != nil {
			row(gtx, r, chosen)
			return
		}
		size := gtx.Constraints.Max
		y := size.Y / 2
		bar := image.Rect(gtx.Dp(12), y-gtx.Dp(3), min(size.X-gtx.Dp(12), gtx.Dp(200)), y+gtx.Dp(3))
		kit.FillRound(gtx, bar, 3, kit.Alpha(s.Theme.Line, 160))
	}
	s.Label = func(i int) string {
		if r := rows.At(i); r != nil {
			return label(r)
		}
		return "row, being read"
	}
	d := s.Layout(gtx)
	first, last := l.Visible()
	rows.Show(first-20, last+20)
	return d
}
