package editor

import (
	"image"

	"gioui.org/io/event"
	"gioui.org/io/key"
	"gioui.org/io/pointer"
	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"
	"gioui.org/op/paint"
	"golang.org/x/image/math/fixed"

	"gvpie/canvas/rest"
)

// Layout draws the editor, filling the largest size it may have.
func (e *Editor) Layout(gtx layout.Context, st *Style) layout.Dimensions {
	size := gtx.Constraints.Max
	gtx.Constraints = layout.Exact(size)
	e.measure(gtx, st, e.find.barHeight(gtx))

	defer clip.Rect(image.Rectangle{Max: size}).Push(gtx.Ops).Pop()
	event.Op(gtx.Ops, e)
	if e.pasting != nil {
		event.Op(gtx.Ops, e.pasting)
	}
	key.InputHintOp{Tag: e, Hint: key.HintText}.Add(gtx.Ops)
	semantic.Editor.Add(gtx.Ops)

	fill(gtx, st.Colors.Background, image.Rectangle{Max: size})
	first, last := e.visible()
	e.paintBands(gtx, st, first, last)
	e.Notes.paintStop(&e.view, gtx, st, first, last)
	e.paintCode(gtx, st, first, last)
	e.paintGutter(gtx, st, first, last)
	e.Notes.paintCosts(&e.view, gtx, st, first, last)
	e.Breaks.paint(&e.view, gtx, st, first, last)
	e.Notes.paintArrow(&e.view, gtx, st.Colors.Stopped, first, last)
	e.paintBars(gtx, st, e.pointer.drag)
	e.layoutFind(gtx, st)
	e.paintNotice(gtx, st)
	e.paintCompletion(gtx, st)
	e.paintHover(gtx, st)
	if e.pointer.inside && e.pointer.drag == dragNone {
		e.rest.Layout(gtx, e.restArea(gtx, rest.Pixel(e.pointer.at).Min, e.hover.on))
	}

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
		e.paintSpriteRow(gtx, r, line, y)
	}
	e.paintMarks(gtx, st, first, last)
	e.Notes.paintBeside(&e.view, gtx, st, first, last)
	e.paintSignature(gtx, st)
	e.paintCaret(gtx, st, gtx.Focused(e), first, last)
}
