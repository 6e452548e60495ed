package editor

import (
	"image"
	"image/color"

	"gioui.org/f32"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"
	"gioui.org/op/paint"

	"gvpie/runtime/pxl"
	"gvpie/runtime/pxl/syntax"
)

func (c *Colors) severity(s syntax.Severity) color.NRGBA {
	if s == pxl.Error {
		return c.Error
	}
	return c.Warning
}

// paintMarks draws squiggles, and after each line's code its first message.
func (e *view) paintMarks(gtx layout.Context, st *Style, first, last int) {
	for _, m := range e.marksOn(first, last) {
		for _, r := range e.squiggles(gtx, m, first, last) {
			squiggle(gtx, r, st.Colors.severity(m.severity))
		}
	}
	for line := first; line <= last; line++ {
		if m, ok := e.markOn(line); ok {
			e.paintMessage(gtx, st, line, m)
		}
	}
}

// squiggles gives the rectangles a mark underlines; a mark of nothing, at a
// line's end, gets one cell.
func (e *view) squiggles(gtx layout.Context, m mark, first, last int) []image.Rectangle {
	from := m.from
	line := e.buf.lineAt(from)
	to := min(m.to, e.buf.lineEnd(line))
	if to > from {
		return e.rectsOf(gtx, from, to, first, last)
	}
	x := e.originX() + e.xOf(from).Floor()
	y := e.lineTop(line)
	return []image.Rectangle{image.Rect(x, y, x+e.face.cell.Ceil(), y+e.geometry.lineHeight)}
}

// squiggle draws a wavy line along the foot of r.
func squiggle(gtx layout.Context, r image.Rectangle, c color.NRGBA) {
	step := float32(gtx.Dp(3))
	height := float32(gtx.Dp(3))
	y := float32(r.Max.Y - gtx.Dp(3))
	defer clip.Rect(image.Rect(r.Min.X, r.Min.Y, r.Max.X, r.Max.Y+gtx.Dp(1))).Push(gtx.Ops).Pop()
	var p clip.Path
	p.Begin(gtx.Ops)
	x := float32(r.Min.X)
	p.MoveTo(f32.Pt(x, y))
	for ; x < float32(r.Max.X); x += step {
		p.QuadTo(f32.Pt(x+step/2, y+height), f32.Pt(x+step, y))
		height = -height
	}
	width := gtx.Metric.PxPerDp * 1.2
	paint.FillShape(gtx.Ops, c, clip.Stroke{Path: p.End(), Width: width}.Op())
}

// paintMessage shows a problem's message after its line, as much of it as
// there is room for.
func (e *view) paintMessage(gtx layout.Context, st *Style, line int, m mark) {
	g := &e.geometry
	x := e.originX() + e.row(line).width().Ceil() + 3*e.face.cell.Ceil()
	room := g.text.Max.X - gtx.Dp(14) - x
	if room < gtx.Dp(56) {
		return
	}
	ui := &look{st: st, gtx: gtx}
	call, size := ui.measured(gtx, m.message, st.Colors.severity(m.severity), 1, room)
	defer op.Offset(image.Pt(x, e.lineTop(line)+(g.lineHeight-size.Y)/2)).Push(gtx.Ops).Pop()
	call.Add(gtx.Ops)
}

// paintNotice says, at the foot of the editor, why something was not done.
func (e *view) paintNotice(gtx layout.Context, st *Style) {
	if e.notice == "" {
		return
	}
	g := &e.geometry
	ui := &look{st: st, gtx: gtx}
	pad := gtx.Dp(10)
	width := g.size.X - 4*pad
	if width < gtx.Dp(60) {
		return
	}
	text, size := ui.measured(gtx, e.notice, st.Colors.Warning, 3, width)
	box := size.Add(image.Pt(2*pad, gtx.Dp(14)))
	at := image.Pt((g.size.X-box.X)/2, g.size.Y-box.Y-gtx.Dp(18))
	ui.panel(image.Rectangle{Min: at, Max: at.Add(box)}, gtx.Dp(6))
	defer op.Offset(at.Add(image.Pt(pad, gtx.Dp(7)))).Push(gtx.Ops).Pop()
	text.Add(gtx.Ops)
}
