package editor

import (
	"image"
	"image/color"
	"time"

	"gioui.org/io/event"
	"gioui.org/io/key"
	"gioui.org/io/pointer"
	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"
	"gioui.org/op/paint"
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

	vbar, vthumb, hbar, hthumb image.Rectangle
}

// blinkHalf is how long the caret is shown, and then hidden; after blinkFor
// without input it stays, so that an editor left alone draws nothing.
const (
	blinkHalf = 530 * time.Millisecond
	blinkFor  = 10 * time.Second
)

// Layout draws the editor, filling the largest size it may have.
func (e *Editor) Layout(gtx layout.Context, st *Style) layout.Dimensions {
	size := gtx.Constraints.Max
	gtx.Constraints = layout.Exact(size)
	e.measure(gtx, st)

	defer clip.Rect(image.Rectangle{Max: size}).Push(gtx.Ops).Pop()
	event.Op(gtx.Ops, e)
	key.InputHintOp{Tag: e, Hint: key.HintText}.Add(gtx.Ops)
	semantic.Editor.Add(gtx.Ops)

	fill(gtx, st.Colors.Background, image.Rectangle{Max: size})
	first, last := e.visible()
	e.paintBands(gtx, st, first, last)
	e.paintCode(gtx, st, first, last)
	e.paintGutter(gtx, st, first, last)
	e.paintBars(gtx, st)
	e.layoutFind(gtx, st)
	e.paintNotice(gtx, st)
	e.paintCompletion(gtx, st)
	e.paintHover(gtx, st)

	e.tellIME(gtx)
	if e.find.giveBack {
		e.find.giveBack = false
		gtx.Execute(key.FocusCmd{Tag: e})
	}
	if e.unreported() {
		gtx.Execute(op.InvalidateCmd{})
	}
	return layout.Dimensions{Size: size}
}

// measure works out the geometry for this frame and scrolls the caret into
// view if something asked for it.
func (e *Editor) measure(gtx layout.Context, st *Style) {
	if e.face.use(st.Shaper, st.Font, fixed.I(gtx.Sp(st.Size))) || e.rowsOf != e.buf.version {
		clear(e.rows)
		e.rowsOf = e.buf.version
	}
	e.metric = gtx.Metric
	g := &e.geometry
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
	g.text = image.Rect(min(gutter, g.size.X), min(e.find.barHeight(gtx), g.size.Y), g.size.X, g.size.Y)

	// The widest line is known in bytes; rows that have been built are exact, and
	// those in sight must be, lest an edit makes the view jump sideways.
	for line, last := e.visible(); line <= last; line++ {
		e.row(line)
	}
	g.width = (e.face.cell * fixed.Int26_6(min(e.buf.widest, 1<<22))).Ceil()
	for _, r := range e.rows {
		g.width = max(g.width, r.width().Ceil())
	}
	if e.reveal != revealNot {
		e.showCaret(e.reveal == revealCentre)
		e.reveal = revealNot
	}
	e.clampScroll()
	e.placeBars(gtx)
}

func (e *Editor) maxScroll() image.Point {
	g := &e.geometry
	height := e.buf.Lines()*g.lineHeight + 2*g.top
	width := g.width + g.left + 4*e.face.cell.Ceil()
	p := image.Pt(width-g.text.Dx(), height-g.text.Dy())
	if p.Y > 0 {
		// The last lines may come up to where they are read with ease.
		p.Y += g.text.Dy() / 3
	}
	return image.Pt(max(p.X, 0), max(p.Y, 0))
}

func (e *Editor) clampScroll() {
	m := e.maxScroll()
	e.scroll.X = min(max(e.scroll.X, 0), m.X)
	e.scroll.Y = min(max(e.scroll.Y, 0), m.Y)
}

// showCaret scrolls as little as it takes, or to the middle, to show the caret.
func (e *Editor) showCaret(centre bool) {
	g := &e.geometry
	line := e.buf.lineAt(e.sel.caret)
	x := g.left + e.xOf(e.sel.caret).Round()
	y := g.top + line*g.lineHeight
	above, below := y-g.lineHeight/2, y+g.lineHeight*3/2
	if below-above > g.text.Dy() {
		above, below = y, y+g.lineHeight
	}
	switch out := y < e.scroll.Y || y+g.lineHeight > e.scroll.Y+g.text.Dy(); {
	case centre && out:
		e.scroll.Y = y - (g.text.Dy()-g.lineHeight)/2
	case above < e.scroll.Y:
		e.scroll.Y = above
	case below > e.scroll.Y+g.text.Dy():
		e.scroll.Y = below - g.text.Dy()
	}
	room := min(4*e.face.cell.Ceil(), g.text.Dx()/3)
	if x-room < e.scroll.X {
		e.scroll.X = x - room
	} else if x+room > e.scroll.X+g.text.Dx() {
		e.scroll.X = x + room - g.text.Dx()
	}
}

// visible gives the first and last line, from 0, that can be seen.
func (e *Editor) visible() (first, last int) {
	g := &e.geometry
	n := e.buf.Lines() - 1
	first = min(max((e.scroll.Y-g.top)/g.lineHeight, 0), n)
	last = min(max((e.scroll.Y-g.top+g.size.Y)/g.lineHeight, 0), n)
	return first, last
}

// row gives a line made ready to draw, from the cache if it is there.
func (e *Editor) row(line int) *row {
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
	var sw []swatch
	if len(s) <= longLine {
		sw = swatches(s, tokens)
	}
	r := e.face.build(s, tokens, sw)
	e.rows[line] = r
	return r
}

// lineTop gives the y of a line's top in the widget.
func (e *Editor) lineTop(line int) int {
	return e.geometry.text.Min.Y + e.geometry.top + line*e.geometry.lineHeight - e.scroll.Y
}

// originX gives the x, in the widget, of x 0 of a row.
func (e *Editor) originX() int {
	return e.geometry.text.Min.X + e.geometry.left - e.scroll.X
}

// rectsOf gives the rectangles, on the lines from first to last, of a range of
// the text. The part of a line end that is in the range shows as half a cell.
func (e *Editor) rectsOf(gtx layout.Context, from, to, first, last int) []image.Rectangle {
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

// paintBands draws what lies behind whole lines.
func (e *Editor) paintBands(gtx layout.Context, st *Style, first, last int) {
	band := func(line int, c color.NRGBA) {
		if line < first || line > last {
			return
		}
		y := e.lineTop(line)
		fill(gtx, c, image.Rect(0, y, e.geometry.size.X, y+e.geometry.lineHeight))
	}
	if e.sel.empty() {
		band(e.buf.lineAt(e.sel.caret), st.Colors.CurrentLine)
	}
	for _, l := range e.lit {
		band(l-1, st.Colors.Lit)
	}
}

// paintCode draws the code and what is tied to it.
func (e *Editor) paintCode(gtx layout.Context, st *Style, first, last int) {
	g := &e.geometry
	defer clip.Rect(g.text).Push(gtx.Ops).Pop()
	pointer.CursorText.Add(gtx.Ops)
	c := &st.Colors

	if !e.sel.empty() {
		for _, r := range e.rectsOf(gtx, e.sel.start(), e.sel.end(), first, last) {
			fill(gtx, c.Selection, r)
		}
	}
	e.paintMatches(gtx, st, first, last)
	if p, ok := e.matchHere(); ok && e.sel.empty() && gtx.Focused(e) {
		for _, m := range [][2]int{p.a, p.b} {
			for _, r := range e.rectsOf(gtx, m[0], m[1], first, last) {
				r = r.Inset(gtx.Dp(1))
				paint.FillShape(gtx.Ops, alpha(c.Accent, 26), clip.UniformRRect(r, gtx.Dp(3)).Op(gtx.Ops))
			}
		}
	}
	from, to := fixed.I(e.scroll.X-g.left), fixed.I(e.scroll.X+g.text.Dx())
	for line := first; line <= last; line++ {
		r := e.row(line)
		y := e.lineTop(line)
		r.paint(gtx.Ops, &e.face, float32(e.originX()), y+g.baseline, from, to, c)
		for _, s := range r.swatch {
			e.paintSwatch(gtx, c, r, s, y)
		}
	}
	e.paintMarks(gtx, st, first, last)
	e.paintSignature(gtx, st)
	e.paintCaret(gtx, st, first, last)
}

func (e *Editor) paintSwatch(gtx layout.Context, c *Colors, r *row, s swatch, y int) {
	side := gtx.Dp(9)
	gap := (e.face.swatchRoom().Round() - side) / 2
	x := e.originX() + r.xs[s.at].Round() - side - max(gap, gtx.Dp(2))
	y += (e.geometry.lineHeight - side) / 2
	box := image.Rect(x, y, x+side, y+side)
	if !box.Overlaps(e.geometry.text) {
		return
	}
	edge := mix(s.color, c.Text)
	paint.FillShape(gtx.Ops, edge, clip.UniformRRect(box, gtx.Dp(2)).Op(gtx.Ops))
	paint.FillShape(gtx.Ops, s.color, clip.UniformRRect(box.Inset(gtx.Dp(1)), gtx.Dp(1)).Op(gtx.Ops))
}

// mix gives a with a quarter of b: an edge that shows on any ground.
func mix(a, b color.NRGBA) color.NRGBA {
	m := func(a, b uint8) uint8 { return uint8((3*int(a) + int(b)) / 4) }
	return color.NRGBA{R: m(a.R, b.R), G: m(a.G, b.G), B: m(a.B, b.B), A: 255}
}

// paintCaret draws the caret if it is time to, and asks for the frame in which
// it next changes.
func (e *Editor) paintCaret(gtx layout.Context, st *Style, first, last int) {
	if !gtx.Focused(e) || !gtx.Enabled() {
		e.blink = time.Time{}
		return
	}
	if e.blink.IsZero() {
		e.blink = gtx.Now
	}
	line := e.buf.lineAt(e.sel.caret)
	if line < first || line > last {
		return
	}
	since := gtx.Now.Sub(e.blink)
	if since < blinkFor {
		gtx.Execute(op.InvalidateCmd{At: gtx.Now.Add(blinkHalf - since%blinkHalf)})
		if since/blinkHalf%2 == 1 {
			return
		}
	}
	w := gtx.Dp(2)
	x := e.originX() + e.xOf(e.sel.caret).Round() - w/2
	y := e.lineTop(line)
	inset := e.geometry.lineHeight / 10
	c := st.Colors.Caret
	if e.readOnly {
		c = st.Colors.Faint
	}
	fill(gtx, c, image.Rect(x, y+inset, x+w, y+e.geometry.lineHeight-inset))
}

func (e *Editor) caretForIME() key.Caret {
	g := &e.geometry
	y := e.lineTop(e.buf.lineAt(e.sel.caret)) + g.baseline
	return key.Caret{
		Pos:     layout.FPt(image.Pt(e.originX()+e.xOf(e.sel.caret).Round(), y)),
		Ascent:  float32(e.face.ascent) / 64,
		Descent: float32(e.face.descent) / 64,
	}
}

// paintGutter draws the line numbers and the dots of lines with problems.
func (e *Editor) paintGutter(gtx layout.Context, st *Style, first, last int) {
	g := &e.geometry
	c := &st.Colors
	current := e.buf.lineAt(e.sel.caret)
	right := fixed.I(g.text.Min.X - gtx.Dp(12))
	var digits [20]byte
	for line := first; line <= last; line++ {
		y := e.lineTop(line)
		n := itoa(digits[:], line+1)
		gs := e.face.scratch[:0]
		for i, d := range n {
			gs = place(gs, e.face.shape(rune(d), false), e.face.cell*fixed.Int26_6(i))
		}
		left := right - e.face.cell*fixed.Int26_6(len(n))
		e.face.run(gtx.Ops, gs, float32(left)/64, y+g.baseline, pick(line == current, c.Dim, c.Faint))
		if m, ok := e.markOn(line); ok {
			d := gtx.Dp(6)
			x, y := gtx.Dp(7), y+(g.lineHeight-d)/2
			dot := image.Rect(x, y, x+d, y+d)
			paint.FillShape(gtx.Ops, c.severity(m.severity), clip.Ellipse(dot).Op(gtx.Ops))
		}
	}
}

// itoa writes n in decimal at the end of buf.
func itoa(buf []byte, n int) []byte {
	i := len(buf)
	for {
		i--
		buf[i] = byte('0' + n%10)
		if n /= 10; n == 0 {
			return buf[i:]
		}
	}
}
