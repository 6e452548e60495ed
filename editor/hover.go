package editor

import (
	"image"
	"image/color"
	"strings"
	"time"

	"gioui.org/f32"
	"gioui.org/layout"
	"gioui.org/op"
	"golang.org/x/image/math/fixed"

	"gvpie/canvas/rest"
	"gvpie/runtime/pxl"
	"gvpie/runtime/pxl/service"
)

// hover is the pointer resting over something there is more to say about.
type hover struct {
	on   bool
	said said
	at   image.Rectangle // what it is about, in the widget
	from time.Time
	wait time.Duration
	cost int // the line, from 1, whose costs it tells; 0: none
}

// said is the text of a hover: a first line, more, and what a key would do.
type said struct{ title, body, key string }

// How long the pointer rests before the text shows: a problem is looked for, a
// word's meaning must not be in the way.
const (
	hoverProblem = 250 * time.Millisecond
	hoverWord    = 600 * time.Millisecond
)

// point follows the pointer over squiggles, dots in the gutter, and words.
func (e *Editor) point(gtx layout.Context, p f32.Point) {
	h := e.under(gtx, rest.Pixel(p).Min)
	if !h.on {
		e.hover = h
		return
	}
	if !e.hover.on || e.hover.at != h.at || e.hover.said != h.said {
		h.from = gtx.Now
		e.hover = h
	}
}

// under gives what there is to say at a point.
func (e *view) under(gtx layout.Context, at image.Point) hover {
	g := &e.geometry
	first, last := e.visible()
	for _, m := range e.marksOn(first, last) {
		for _, r := range e.markAreas(gtx, m, first, last) {
			if !at.In(r) {
				continue
			}
			s := said{title: m.message}
			if m.severity == pxl.Warning {
				s.body = "A line before it that says ; ignore " + m.code + " silences this."
			}
			if m.fix != nil {
				s.key = "Alt-Enter: " + m.fix.Title
			}
			return hover{on: true, said: s, at: r, wait: hoverProblem}
		}
	}
	line := first + floorDiv(at.Y-e.lineTop(first), g.lineHeight)
	if onBreak(gtx, e, at) {
		s, ok := e.Breaks.says(line+1, &e.Notes)
		return hover{on: ok, said: s, at: image.Rect(0, e.lineTop(line), gtx.Dp(breakRoom), e.lineTop(line+1)), wait: hoverProblem}
	}
	if h := e.Notes.underCost(e, gtx, at, line); h.on {
		return h
	}
	if !at.In(g.text) || line < first || line > last {
		return hover{}
	}
	r := e.row(line)
	i, ok := r.over(fixed.I(at.X - e.originX()))
	if !ok || len(r.text) > longLine {
		return hover{}
	}
	w, ok := e.code.Hover(service.Cursor{Line: line, Byte: i})
	if !ok || i < w.From || i >= w.To {
		return hover{}
	}
	start := e.buf.lineStart(line)
	if rects := e.rectsOf(gtx, start+w.From, start+w.To, line, line); len(rects) == 1 {
		h := hover{on: true, said: said{title: w.Title, body: w.Doc}, at: rects[0], wait: hoverWord}
		if e.Notes.Held != nil {
			name := r.text[w.From:w.To]
			if v, ok := e.Notes.Held(line+1, name); ok {
				h.said.title, h.said.body, h.wait = name+" = "+v, strings.TrimSpace(w.Title+"\n"+w.Doc), hoverProblem
			}
		}
		return h
	}
	return hover{}
}

// markAreas are where there is a mark's message to be had: what it underlines, and its
// dot in the gutter.
func (e *view) markAreas(gtx layout.Context, m mark, first, last int) []image.Rectangle {
	y := e.lineTop(e.buf.lineAt(m.from))
	return append(e.squiggles(gtx, m, first, last), image.Rect(0, y, e.geometry.text.Min.X, y+e.geometry.lineHeight))
}

// paintHover shows the text of a hover by what it is about.
func (e *Editor) paintHover(gtx layout.Context, st *Style) {
	h := &e.hover
	if h.cost > 0 { // which change, or go, under a pointer that rests
		from := h.from
		*h = e.Notes.underCost(&e.view, gtx, h.at.Min, h.cost-1)
		h.from = from
	}
	if !h.on || e.pointer.drag != dragNone || e.completion.open {
		return
	}
	if wait := h.wait - gtx.Now.Sub(h.from); wait > 0 {
		gtx.Execute(op.InvalidateCmd{At: gtx.Now.Add(wait)})
		return
	}
	g := &e.geometry
	ui := &look{st: st, gtx: gtx}
	padX, padY, gap := gtx.Dp(10), gtx.Dp(7), gtx.Dp(5)
	width := min(gtx.Dp(380), g.size.X-2*padX-gtx.Dp(16))
	if width < gtx.Dp(60) {
		return
	}
	var calls []op.CallOp
	var tops []int
	var box image.Point
	for _, l := range []struct {
		s string
		c color.NRGBA
	}{{h.said.title, st.Colors.Text}, {h.said.body, st.Colors.Dim}, {h.said.key, st.Colors.Accent}} {
		if l.s == "" {
			continue
		}
		if box.Y > 0 {
			box.Y += gap
		}
		call, size := ui.measured(gtx, l.s, l.c, 0, width)
		calls, tops = append(calls, call), append(tops, box.Y)
		box = image.Pt(max(box.X, size.X), box.Y+size.Y)
	}
	box = box.Add(image.Pt(2*padX, 2*padY))
	at := image.Pt(h.at.Min.X, h.at.Max.Y+gtx.Dp(3))
	if above := h.at.Min.Y - box.Y - gtx.Dp(3); at.Y+box.Y > g.size.Y && above >= 0 {
		at.Y = above
	}
	at.X = max(gtx.Dp(6), min(at.X, g.size.X-box.X-gtx.Dp(8)))
	at.Y = max(0, min(at.Y, g.size.Y-box.Y))
	ui.panel(image.Rectangle{Min: at, Max: at.Add(box)}, gtx.Dp(6))
	for i, call := range calls {
		off := op.Offset(at.Add(image.Pt(padX, padY+tops[i]))).Push(gtx.Ops)
		call.Add(gtx.Ops)
		off.Pop()
	}
}
