package editor

import (
	"image"
	"strings"

	"gioui.org/f32"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"
	"gioui.org/op/paint"
	"golang.org/x/image/math/fixed"

	"gvpie/runtime/isa"
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
		widest = max(widest, min(len(k.name), 24))
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
		e.word(gtx, k.name, left, baseline, st, k.kind)
		left += names + gtx.Dp(14)
		if room := r.Max.X - gtx.Dp(6) - left; room > gtx.Dp(30) {
			call, size := ui.measured(gtx, k.doc, st.Colors.Dim, 1, room)
			off := op.Offset(image.Pt(left, r.Min.Y+(high-size.Y)/2)).Push(gtx.Ops)
			call.Add(gtx.Ops)
			off.Pop()
		}
	}
}

// word draws a word in the code face.
func (e *Editor) word(gtx layout.Context, s string, left, baseline int, st *Style, kind syntax.TokenKind) {
	gs := e.face.scratch[:0]
	x := fixed.Int26_6(0)
	for _, r := range s {
		gs = place(gs, e.face.shape(r, false), x)
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

// signature gives how the caret's statement is written and what it does, while
// it is being typed: its first word is whole and the caret is after it.
func (e *Editor) signature() (usage, doc string) {
	line := e.buf.lineAt(e.sel.caret)
	start := e.buf.lineStart(line)
	if e.typedOn != line+1 || e.sel.caret != e.buf.lineEnd(line) || e.sel.caret-start > longLine {
		return "", ""
	}
	s := e.buf.line(line)
	tokens := lex(s)
	for i := len(tokens) - 1; i >= 0; i-- {
		t := tokens[i]
		if t.End == len(s) && t.Kind != syntax.Text && i == 0 {
			return "", ""
		}
		if usage, doc := wordDoc(t.Kind, s[t.Offset:t.End]); usage != "" {
			return usage, doc
		}
	}
	return "", ""
}

// wordDoc gives how a statement or directive is written and what it does.
func wordDoc(kind syntax.TokenKind, name string) (usage, doc string) {
	switch kind {
	case syntax.Mnemonic:
		for i := range isa.Specs {
			if s := &isa.Specs[i]; s.Source && strings.EqualFold(s.Mnemonic, name) {
				return s.Syntax, s.Doc
			}
		}
	case syntax.Keyword, syntax.Directive:
		for _, table := range [][]syntax.KeywordDoc{syntax.Keywords, syntax.Directives} {
			for _, k := range table {
				if strings.EqualFold(k.Name, name) {
					return k.Syntax, k.Doc
				}
			}
		}
	}
	return "", ""
}

// paintSignature shows the signature, faint, after the caret's line.
func (e *Editor) paintSignature(gtx layout.Context, st *Style) {
	if e.completion.open || !gtx.Focused(e) || e.readOnly {
		return
	}
	line := e.buf.lineAt(e.sel.caret)
	usage, doc := e.signature()
	if usage == "" {
		return
	}
	if _, ok := e.markOn(line); ok {
		// The problem's message has the place; the signature goes under it.
		line++
		if line < e.buf.lines() && e.buf.line(line) != "" {
			return
		}
	}
	x := e.originX() + 3*e.face.cell.Ceil()
	if line < e.buf.lines() {
		x += e.row(line).width().Ceil()
	}
	room := e.geometry.text.Max.X - gtx.Dp(14) - x
	if room < gtx.Dp(80) {
		return
	}
	ui := &look{st: st, gtx: gtx}
	call, size := ui.measured(gtx, usage+"  ·  "+doc, st.Colors.Faint, 1, room)
	defer op.Offset(image.Pt(x, e.lineTop(line)+(e.geometry.lineHeight-size.Y)/2)).Push(gtx.Ops).Pop()
	call.Add(gtx.Ops)
}
