package editor

import (
	"image"
	"image/color"
	"strings"

	"gioui.org/f32"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"
	"gioui.org/op/paint"
	"golang.org/x/image/math/fixed"

	"gvpie/runtime/pxl/service"
	"gvpie/runtime/pxl/syntax"
)

// popup is where the list of candidates was drawn last.
type popup struct {
	area image.Rectangle
	rows image.Rectangle
	high int // of a row
}

// paintCompletion draws the list under the word, or above it if there is more
// room.
func (e *Editor) paintCompletion(gtx layout.Context, st *Style) {
	c := &e.completion
	if !e.completing() || !gtx.Focused(e) {
		return
	}
	g := &e.geometry
	shown := c.list[c.top:min(c.top+shownCandidates, len(c.list))]
	pad, high := gtx.Dp(4), gtx.Dp(22)
	widest := 0
	for _, k := range c.list {
		widest = max(widest, min(len(k.Label), 24))
	}
	names := (e.face.cell * fixed.Int26_6(widest)).Ceil()
	width := min(names+gtx.Dp(300), g.size.X-gtx.Dp(12))
	if width < gtx.Dp(80) {
		return
	}
	box := image.Pt(width, len(shown)*high+2*pad)
	line := e.buf.lineAt(e.sel.caret)
	at := image.Pt(e.originX()+e.xOf(c.from).Round()-gtx.Dp(10), e.lineTop(line)+g.lineHeight+gtx.Dp(2))
	if below, above := g.size.Y-at.Y, e.lineTop(line)-gtx.Dp(2); box.Y > below && above > below {
		at.Y = max(0, above-box.Y)
	}
	at.X = max(gtx.Dp(4), min(at.X, g.size.X-box.X-gtx.Dp(6)))
	area := image.Rectangle{Min: at, Max: at.Add(box)}
	rows := image.Rect(area.Min.X+pad, area.Min.Y+pad, area.Max.X-pad, area.Max.Y-pad)
	c.popup = popup{area, rows, high}

	ui := &look{st: st, gtx: gtx}
	ui.panel(area, gtx.Dp(6))
	defer clip.Rect(rows).Push(gtx.Ops).Pop()
	for i, k := range shown {
		r := image.Rect(rows.Min.X, rows.Min.Y+i*high, rows.Max.X, rows.Min.Y+(i+1)*high)
		if c.top+i == c.chosen {
			paint.FillShape(gtx.Ops, st.Colors.Selection, clip.UniformRRect(r, gtx.Dp(4)).Op(gtx.Ops))
		}
		left := r.Min.X + gtx.Dp(6)
		baseline := r.Min.Y + g.baseline - (g.lineHeight-high)/2
		e.ident(gtx, k.Label, left, baseline, st, k.Kind)
		left += names + gtx.Dp(14)
		if room := r.Max.X - gtx.Dp(6) - left; room > gtx.Dp(30) {
			call, size := ui.measured(gtx, k.Doc, st.Colors.Dim, 1, room)
			off := op.Offset(image.Pt(left, r.Min.Y+(high-size.Y)/2)).Push(gtx.Ops)
			call.Add(gtx.Ops)
			off.Pop()
		}
	}
}

// ident draws a name in the code face.
func (e *view) ident(gtx layout.Context, s string, left, baseline int, st *Style, kind syntax.TokenKind) {
	gs := e.face.scratch[:0]
	x := fixed.Int26_6(0)
	for _, r := range s {
		gs = shifted(gs, e.face.shape(r, false), x)
		x += e.face.cell * fixed.Int26_6(cells(r))
	}
	e.face.run(gtx.Ops, gs, float32(left), baseline, st.Colors.of(kind))
}

// popupPress handles a press while the list is open; false if it was not on it.
func (e *Editor) popupPress(at f32.Point) bool {
	c := &e.completion
	p := at.Round()
	if !e.completing() || !p.In(c.popup.area) {
		e.completion = completion{}
		return false
	}
	if p.In(c.popup.rows) {
		if i := c.top + (p.Y-c.popup.rows.Min.Y)/max(1, c.popup.high); i < len(c.list) {
			e.accept(i)
		}
	}
	return true
}

// signature gives how the caret's statement or call is written, while it is being
// typed: its verb is whole and the caret is after it, at the line's end.
func (e *Editor) signature() (service.SignatureHelp, bool) {
	at := e.buf.cursor(e.sel.caret)
	s := e.buf.Line(at.Line)
	if e.typedOn != at.Line+1 || at.Byte != len(s) || s == "" || isName(s[len(s)-1]) && !strings.ContainsAny(strings.TrimLeft(s, " \t"), " \t") {
		return service.SignatureHelp{}, false
	}
	return e.code.Signature(at)
}

// paintSignature shows the signature after the caret's line, the operand that the
// caret is in brighter than the rest.
func (e *Editor) paintSignature(gtx layout.Context, st *Style) {
	if e.completion.open || !gtx.Focused(e) || e.readOnly {
		return
	}
	line := e.buf.lineAt(e.sel.caret)
	s, ok := e.signature()
	if !ok {
		return
	}
	if _, ok := e.markOn(line); ok {
		// The problem's message has the place; the signature goes under it.
		line++
		if line < e.buf.Lines() && e.buf.Line(line) != "" {
			return
		}
	}
	x := e.originX() + 3*e.face.cell.Ceil()
	if line < e.buf.Lines() {
		x += e.row(line).width().Ceil()
	}
	room := e.geometry.text.Max.X - gtx.Dp(14) - x
	if room < gtx.Dp(80) {
		return
	}
	ui := &look{st: st, gtx: gtx}
	y := e.lineTop(line)
	if y+e.geometry.lineHeight > e.geometry.text.Max.Y {
		return // half a line is not read
	}
	for _, part := range []struct {
		s string
		c color.NRGBA
	}{
		{s.Text[:s.ActiveFrom], st.Colors.Dim},
		{s.Text[s.ActiveFrom:s.ActiveTo], st.Colors.Text},
		{s.Text[s.ActiveTo:] + "  ·  " + s.Doc, st.Colors.Dim},
	} {
		if part.s == "" || room < gtx.Dp(8) {
			continue
		}
		call, size := ui.measured(gtx, part.s, part.c, 1, room)
		off := op.Offset(image.Pt(x, y+(e.geometry.lineHeight-size.Y)/2)).Push(gtx.Ops)
		call.Add(gtx.Ops)
		off.Pop()
		x, room = x+size.X, room-size.X
	}
}
