package editor

import (
	"image"
	"image/color"
	"time"

	"gioui.org/io/key"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"
	"gioui.org/op/paint"
	"golang.org/x/image/math/fixed"
)

// paintBands draws what lies behind whole lines.
func (e *view) paintBands(gtx layout.Context, st *Style, first, last int) {
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

func (e *view) paintSwatch(gtx layout.Context, c *Colors, r *row, s swatch, y int) {
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
func (e *view) paintCaret(gtx layout.Context, st *Style, focused bool, first, last int) {
	if !focused || !gtx.Enabled() {
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
	if since < blinkFor && !st.Steady {
		gtx.Execute(op.InvalidateCmd{At: gtx.Now.Add(BlinkHalf - since%BlinkHalf)})
		if since/BlinkHalf%2 == 1 {
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

func (e *view) caretForIME() key.Caret {
	g := &e.geometry
	y := e.lineTop(e.buf.lineAt(e.sel.caret)) + g.baseline
	return key.Caret{
		Pos:     layout.FPt(image.Pt(e.originX()+e.xOf(e.sel.caret).Round(), y)),
		Ascent:  float32(e.face.ascent) / 64,
		Descent: float32(e.face.descent) / 64,
	}
}

// paintGutter draws the line numbers and the dots of lines with problems.
func (e *view) paintGutter(gtx layout.Context, st *Style, first, last int) {
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
			gs = shifted(gs, e.face.shape(rune(d), false), e.face.cell*fixed.Int26_6(i))
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
