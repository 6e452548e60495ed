package kit

import (
	"image"
	"math"
	"time"

	"gioui.org/f32"
	"gioui.org/gesture"
	"gioui.org/io/event"
	"gioui.org/io/key"
	"gioui.org/io/pointer"
	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"
	"gioui.org/unit"
	"gioui.org/widget"

	"gvpie/canvas/rest"
)

// RowList is a list of rows of one height, of which there may be any number: a
// frame costs what the rows on screen cost. Rows are chosen by mouse or with the
// arrow keys; they hold no widgets of their own.
type RowList struct {
	scroll  gesture.Scroll
	bar     widget.Scrollbar
	top     float64 // the first row on screen, with the part of it that is above
	n       int
	shown   float64 // rows that fit
	height  int     // of a row, in pixels
	hover   int     // row under the pointer; -1 none
	near    bool
	at      f32.Point // the pointer
	rest    rest.Area // the row under it
	cursor  int
	follow  bool // the cursor is to be in sight
	pressed struct {
		row int
		at  time.Duration
	}
}

// RowChoice is a row that was chosen.
type RowChoice struct {
	Row    int
	Double bool // by a double click, or Return
	With   key.Modifiers
}

// Update takes in input for a list of n rows of which cursor is the chosen one,
// -1 for none.
func (l *RowList) Update(gtx layout.Context, cursor int) (choice RowChoice, ok bool) {
	l.cursor = cursor
	if at, left := l.rest.Left(gtx); left && l.near {
		l.point(at)
	}
	for {
		e, more := gtx.Event(
			pointer.Filter{Target: l, Kinds: pointer.Press | pointer.Enter | pointer.Leave | pointer.Cancel},
			key.FocusFilter{Target: l},
			key.Filter{Focus: l, Name: key.NameUpArrow}, key.Filter{Focus: l, Name: key.NameDownArrow},
			key.Filter{Focus: l, Name: key.NamePageUp}, key.Filter{Focus: l, Name: key.NamePageDown},
			key.Filter{Focus: l, Name: key.NameHome}, key.Filter{Focus: l, Name: key.NameEnd},
			key.Filter{Focus: l, Name: key.NameReturn}, key.Filter{Focus: l, Name: key.NameSpace},
		)
		if !more {
			return choice, ok
		}
		switch e := e.(type) {
		case pointer.Event:
			l.near = e.Kind != pointer.Leave && e.Kind != pointer.Cancel
			l.point(e.Position)
			if e.Kind == pointer.Press && e.Buttons == pointer.ButtonPrimary && l.hover >= 0 {
				gtx.Execute(key.FocusCmd{Tag: l})
				choice, ok = RowChoice{Row: l.hover, With: e.Modifiers, Double: l.twice(e)}, true
			}
		case key.Event:
			if e.State == key.Press && l.n > 0 {
				choice, ok = l.key(e), true
			}
		}
	}
}

// doubleClick is how long after a press another one counts with it.
const doubleClick = 300 * time.Millisecond

// twice says whether a press is the second of two on the same row.
func (l *RowList) twice(e pointer.Event) bool {
	before := l.pressed
	l.pressed.row, l.pressed.at = l.hover, e.Time
	return before.row == l.hover && before.at != 0 && e.Time-before.at < doubleClick
}

// key moves the cursor.
func (l *RowList) key(e key.Event) RowChoice {
	page := max(1, int(l.shown)-1)
	to, enter := l.cursor, false
	switch e.Name {
	case key.NameUpArrow:
		to--
	case key.NameDownArrow:
		to++
	case key.NamePageUp:
		to -= page
	case key.NamePageDown:
		to += page
	case key.NameHome:
		to = 0
	case key.NameEnd:
		to = l.n - 1
	default:
		enter = true
	}
	l.cursor, l.follow = min(max(to, 0), l.n-1), true
	return RowChoice{Row: l.cursor, Double: enter, With: e.Modifiers}
}

// point takes in where the pointer is.
func (l *RowList) point(at f32.Point) {
	l.at, l.hover = at, -1
	if row := l.rowAt(at.Y); l.near && row < l.n {
		l.hover = row
	}
}

// restArea is the row under the pointer, or all that is below the rows.
func (l *RowList) restArea(size image.Point) image.Rectangle {
	first := func(row int) int { return int(math.Ceil((float64(row) - l.top) * float64(l.height))) }
	row := l.rowAt(l.at.Y)
	r := image.Rect(0, first(row), size.X, first(row+1))
	if row >= l.n {
		r = image.Rect(0, first(l.n), size.X, size.Y)
	}
	return r.Union(rest.Pixel(l.at))
}

func (l *RowList) rowAt(y float32) int {
	if l.height == 0 {
		return 0
	}
	return int(math.Floor(l.top + float64(y)/float64(l.height)))
}

// Visible is the range of rows on screen when they were last drawn.
func (l *RowList) Visible() (first, last int) {
	first = int(l.top)
	return first, min(l.n, first+int(math.Ceil(l.shown))+1)
}

// Reveal scrolls as little as it takes to have the cursor in sight.
func (l *RowList) Reveal() { l.follow = true }

// RowListStyle draws a RowList. Row draws row i in the constraints given; Label
// is what a screen reader says of it.
type RowListStyle struct {
	Theme  *Theme
	List   *RowList
	Name   string
	N      int
	Cursor int
	Second int // another marked row; -1 none
	Height unit.Dp
	Grown  int // rows that were added before the first since the last frame
	Row    func(gtx layout.Context, i int, chosen bool)
	Label  func(i int) string
}

// Layout draws the list as large as it may be.
func (s RowListStyle) Layout(gtx layout.Context) layout.Dimensions {
	th, l, size := s.Theme, s.List, gtx.Constraints.Max
	l.n, l.height, l.cursor = s.N, max(1, gtx.Dp(s.Height)), s.Cursor
	l.shown = float64(size.Y) / float64(l.height)
	if s.Grown > 0 && l.top > 0 {
		l.top += float64(s.Grown) // what is read stays where it is
	}
	s.move(gtx, size)
	area := clip.Rect{Max: size}.Push(gtx.Ops)
	event.Op(gtx.Ops, l)
	semantic.LabelOp(s.Name).Add(gtx.Ops)
	l.scroll.Add(gtx.Ops)
	key.InputHintOp{Tag: l}.Add(gtx.Ops)
	first, last := l.Visible()
	y := int(math.Round((float64(first) - l.top) * float64(l.height)))
	for i := first; i < last; i++ {
		s.row(gtx, i, image.Rect(0, y, size.X, y+l.height))
		y += l.height
	}
	if gtx.Focused(l) {
		Outline(gtx, image.Rectangle{Max: size}.Inset(gtx.Dp(1)), Corner, 1, th.Accent)
	}
	area.Pop()
	s.scrollBar(gtx, size)
	if l.near {
		l.rest.Layout(gtx, l.restArea(size))
	}
	return layout.Dimensions{Size: size}
}

// move scrolls by wheel, bar and cursor.
func (s RowListStyle) move(gtx layout.Context, size image.Point) {
	l := s.List
	most := max(0, float64(s.N)-l.shown)
	d := l.scroll.Update(gtx.Metric, gtx.Source, gtx.Now, gesture.Vertical,
		pointer.ScrollRange{}, pointer.ScrollRange{Min: int(-min(l.top*float64(l.height), math.MaxInt32)) - 1, Max: int(min((most-l.top)*float64(l.height), math.MaxInt32)) + 1})
	l.top += float64(d) / float64(l.height)
	if l.shown < float64(s.N) {
		start := float32(l.top / float64(s.N))
		l.bar.Update(gtx, layout.Vertical, start, start+float32(l.shown/float64(s.N)))
		l.top += float64(l.bar.ScrollDistance()) * float64(s.N)
	}
	if l.follow && s.Cursor >= 0 {
		l.follow = false
		l.top = min(l.top, float64(s.Cursor))
		l.top = max(l.top, float64(s.Cursor+1)-l.shown)
	}
	l.top = min(max(0, l.top), most)
}

func (s RowListStyle) row(gtx layout.Context, i int, r image.Rectangle) {
	th, l := s.Theme, s.List
	defer op.Offset(r.Min).Push(gtx.Ops).Pop()
	size := r.Size()
	defer clip.Rect{Max: size}.Push(gtx.Ops).Pop()
	chosen := i == s.Cursor || i == s.Second
	semantic.Button.Add(gtx.Ops)
	semantic.LabelOp(s.Label(i)).Add(gtx.Ops)
	semantic.SelectedOp(chosen).Add(gtx.Ops)
	ground := image.Rect(gtx.Dp(4), 0, size.X-gtx.Dp(4), size.Y)
	switch {
	case chosen:
		FillRound(gtx, ground, 4, th.Selected)
	case i == l.hover:
		FillRound(gtx, ground, 4, Alpha(th.Selected, 120))
	}
	gtx.Constraints = layout.Exact(size)
	s.Row(gtx, i, chosen)
}

// scrollBar draws the bar that shows where the list stands.
func (s RowListStyle) scrollBar(gtx layout.Context, size image.Point) {
	th, l := s.Theme, s.List
	if l.shown >= float64(s.N) {
		return
	}
	width := gtx.Dp(barWidth)
	defer op.Offset(image.Pt(size.X-width, 0)).Push(gtx.Ops).Pop()
	gtx.Constraints = layout.Exact(image.Pt(width, size.Y))
	defer clip.Rect{Max: gtx.Constraints.Max}.Push(gtx.Ops).Pop()
	l.bar.AddDrag(gtx.Ops)
	l.bar.AddTrack(gtx.Ops)
	grip := max(gtx.Dp(20), int(float64(size.Y)*l.shown/float64(s.N)))
	room := float64(size.Y - grip)
	y := int(room * l.top / max(1, float64(s.N)-l.shown))
	thumb := image.Rect(width-gtx.Dp(6), y+gtx.Dp(2), width-gtx.Dp(2), y+grip-gtx.Dp(2))
	ink := Alpha(th.Faint, 90)
	if l.bar.Dragging() || l.bar.TrackHovered() || l.bar.IndicatorHovered() {
		ink = Alpha(th.Dim, 190)
		thumb.Min.X -= gtx.Dp(2)
	} else if !l.near {
		ink = Alpha(th.Faint, 40)
	}
	FillRound(gtx, thumb, 2, ink)
	area := clip.Rect(image.Rect(0, y, width, y+grip)).Push(gtx.Ops)
	l.bar.AddIndicator(gtx.Ops)
	area.Pop()
}
