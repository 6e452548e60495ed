package editor

import (
	"image"
	"time"

	"gioui.org/layout"
	"gioui.org/unit"
	"golang.org/x/image/math/fixed"
)

// geometry is where the last Layout put things, in pixels from the widget's
// top left. Update reads it to make sense of the pointer.
type geometry struct {
	size       image.Point
	text       image.Rectangle // where code is drawn, right of the gutter
	lineHeight int
	baseline   int // of a line, from its top
	top        int // blank room above the first line
	left       int // blank room left of the code, in the text rectangle
	width      int // of the widest line, so far as is known
	over       int // by how much that is wider than the room for it
	high       int // of the text rectangle, down to the horizontal scrollbar

	vbar, vthumb, hbar, hthumb image.Rectangle
}

// BlinkHalf is how long the caret is shown, and then hidden; after blinkFor
// without input it stays, so that an editor left alone draws nothing.
const (
	BlinkHalf = 530 * time.Millisecond
	blinkFor  = 10 * time.Second
)

// view is a document as it is drawn: rows of glyphs, where they stand, and how
// far it is scrolled.
type view struct {
	document
	rows     map[int]*row
	rowsOf   uint64 // version of the text that rows belong to
	face     face
	metric   unit.Metric
	geometry geometry
	scroll   image.Point
	topLine  int // the line, from 1, that the next Layout is to begin with; 0: where it is
	matched  matched

	// Notes are drawn beside the text. Whoever has the editor sets them.
	Notes Notes
}

// measure works out the geometry for this frame and scrolls the caret into
// view if something asked for it.
func (e *view) measure(gtx layout.Context, st *Style, barHeight int) {
	if e.face.use(st.Shaper, st.Font, fixed.I(gtx.Sp(st.Size))) || e.rowsOf != e.buf.version {
		clear(e.rows)
		e.rowsOf = e.buf.version
	}
	e.face.cover = st.Cover
	e.metric = gtx.Metric
	g := &e.geometry
	cut := e.caretCut()
	g.size = gtx.Constraints.Max
	g.lineHeight = max(1, (gtx.Sp(st.Size)*8+2)/5)
	ink := (e.face.ascent + e.face.descent).Ceil()
	g.baseline = (g.lineHeight-ink)/2 + e.face.ascent.Round()
	g.top, g.left = gtx.Dp(8), gtx.Dp(2)

	digits := 2
	for n := e.buf.Lines(); n >= 100; n /= 10 {
		digits++
	}
	gutter := gtx.Dp(16) + (e.face.cell * fixed.Int26_6(digits)).Ceil() + gtx.Dp(12)
	g.text = image.Rect(min(gutter, g.size.X), min(barHeight, g.size.Y), g.size.X-costRoom(e, gtx), g.size.Y)

	// The widest line is known in bytes; rows that have been built are exact, and
	// those in sight must be, lest an edit makes the view jump sideways.
	for line, last := e.visible(); line <= last; line++ {
		e.row(line)
	}
	g.width = (e.face.cell * fixed.Int26_6(min(e.buf.widest, 1<<22))).Ceil()
	for _, r := range e.rows {
		g.width = max(g.width, r.width().Ceil())
	}
	g.over, g.high = max(0, g.width+g.left+4*e.face.cell.Ceil()-g.text.Dx()), g.text.Dy()
	if g.over > 0 {
		g.high -= gtx.Dp(barThick)
	}
	if e.topLine > 0 {
		e.scroll = image.Pt(0, (e.topLine-1)*g.lineHeight)
		e.topLine = 0
	}
	if !cut && e.caretCut() && e.reveal == revealNot {
		e.reveal = revealNear // it was the size that took it out of sight
	}
	if e.reveal != revealNot {
		e.showCaret(e.reveal == revealCentre)
		e.reveal = revealNot
	}
	e.clampScroll()
	e.placeBars(gtx)
}

// Top is the first line, from 1, that was to be seen in the last Layout.
func (e *view) Top() int { return 1 + e.scroll.Y/max(1, e.geometry.lineHeight) }

// caretCut says whether the caret's line reaches below what is in sight.
func (e *view) caretCut() bool {
	g := &e.geometry
	return e.lineTop(e.buf.lineAt(e.sel.caret))+g.lineHeight > g.text.Min.Y+g.high
}

func (e *view) maxScroll() image.Point {
	g := &e.geometry
	height := e.buf.Lines()*g.lineHeight + 2*g.top
	p := image.Pt(g.over, height-g.high)
	if p.Y > 0 {
		// The last lines may come up to where they are read with ease.
		p.Y += g.text.Dy() / 3
	}
	return image.Pt(p.X, max(p.Y, 0))
}

func (e *view) clampScroll() {
	m := e.maxScroll()
	e.scroll.X = min(max(e.scroll.X, 0), m.X)
	e.scroll.Y = min(max(e.scroll.Y, 0), m.Y)
}

// showCaret scrolls as little as it takes, or to the middle, to show the caret.
func (e *view) showCaret(centre bool) {
	g := &e.geometry
	line := e.buf.lineAt(e.sel.caret)
	x := g.left + e.xOf(e.sel.caret).Round()
	y := g.top + line*g.lineHeight
	above, below := y-g.lineHeight/2, y+g.lineHeight*3/2
	if below-above > g.high {
		above, below = y, y+g.lineHeight
	}
	switch out := y < e.scroll.Y || y+g.lineHeight > e.scroll.Y+g.high; {
	case centre && out:
		e.scroll.Y = y - (g.high-g.lineHeight)/2
	case above < e.scroll.Y:
		e.scroll.Y = above
	case below > e.scroll.Y+g.high:
		e.scroll.Y = below - g.high
	}
	room := min(4*e.face.cell.Ceil(), g.text.Dx()/3)
	if x-room < e.scroll.X {
		e.scroll.X = x - room
	} else if x+room > e.scroll.X+g.text.Dx() {
		e.scroll.X = x + room - g.text.Dx()
	}
}

// visible gives the first and last line, from 0, that can be seen.
func (e *view) visible() (first, last int) {
	g := &e.geometry
	n := e.buf.Lines() - 1
	first = min(max((e.scroll.Y-g.top)/g.lineHeight, 0), n)
	last = min(max((e.scroll.Y-g.top+g.size.Y)/g.lineHeight, 0), n)
	return first, last
}

// row gives a line made ready to draw, from the cache if it is there.
func (e *view) row(line int) *row {
	if e.rowsOf != e.buf.version {
		clear(e.rows)
		e.rowsOf = e.buf.version
	}
	if r, ok := e.rows[line]; ok {
		return r
	}
	if len(e.rows) > 512 {
		clear(e.rows)
	}
	s := e.buf.Line(line)
	tokens := lex(s)
	if _, ok := e.spriteRow(line); ok {
		tokens = lexBelow(".sprite a", s)
	} else if above, ok := e.code.ListAbove(line); ok && len(s) <= longLine {
		tokens = lexBelow(above, s)
	}
	var sw []swatch
	if len(s) <= longLine {
		sw = swatches(s, tokens)
	}
	r := e.face.build(s, tokens, sw)
	e.rows[line] = r
	return r
}

// lineTop gives the y of a line's top in the widget.
func (e *view) lineTop(line int) int {
	return e.geometry.text.Min.Y + e.geometry.top + line*e.geometry.lineHeight - e.scroll.Y
}

// originX gives the x, in the widget, of x 0 of a row.
func (e *view) originX() int {
	return e.geometry.text.Min.X + e.geometry.left - e.scroll.X
}

// rectsOf gives the rectangles, on the lines from first to last, of a range of
// the text. The part of a line end that is in the range shows as half a cell.
func (e *view) rectsOf(gtx layout.Context, from, to, first, last int) []image.Rectangle {
	var out []image.Rectangle
	a, b := max(e.buf.lineAt(from), first), min(e.buf.lineAt(to), last)
	for line := a; line <= b; line++ {
		start, end := e.buf.lineStart(line), e.buf.lineEnd(line)
		r := e.row(line)
		x0, x1 := r.xs[max(from, start)-start], r.xs[min(to, end)-start]
		if to > end {
			x1 += e.face.cell / 2
		}
		if x1 <= x0 {
			continue
		}
		y := e.lineTop(line)
		rect := image.Rect(e.originX()+x0.Floor(), y, e.originX()+x1.Ceil(), y+e.geometry.lineHeight)
		rect.Min.X = max(rect.Min.X, e.geometry.text.Min.X-gtx.Dp(8))
		rect.Max.X = min(rect.Max.X, e.geometry.text.Max.X+gtx.Dp(8))
		if rect.Dx() > 0 {
			out = append(out, rect)
		}
	}
	return out
}
