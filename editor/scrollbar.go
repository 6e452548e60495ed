package editor

import (
	"image"

	"gioui.org/layout"
	"gioui.org/op/clip"
	"gioui.org/op/paint"
)

// barThick is how thick a scrollbar is, in dp.
const barThick = 10

// placeBars works out where the scrollbars are; one that has nothing to scroll
// is empty.
func (e *view) placeBars(gtx layout.Context) {
	g := &e.geometry
	g.vbar, g.vthumb, g.hbar, g.hthumb = image.Rectangle{}, image.Rectangle{}, image.Rectangle{}, image.Rectangle{}
	room := e.maxScroll()
	thick, shortest := gtx.Dp(barThick), gtx.Dp(24)
	thumb := func(length, view, room, at int) (from, to int) {
		size := min(max(length*view/(view+room), shortest), length)
		from = (length - size) * at / room
		return from, from + size
	}
	if room.Y > 0 {
		g.vbar = image.Rect(g.size.X-thick, g.text.Min.Y, g.size.X, g.size.Y)
		from, to := thumb(g.vbar.Dy(), g.text.Dy(), room.Y, e.scroll.Y)
		g.vthumb = image.Rect(g.vbar.Min.X, g.vbar.Min.Y+from, g.vbar.Max.X, g.vbar.Min.Y+to)
	}
	if room.X > 0 && g.text.Dx() > thick {
		g.hbar = image.Rect(g.text.Min.X, g.size.Y-thick, g.text.Max.X-thick, g.size.Y)
		from, to := thumb(g.hbar.Dx(), g.text.Dx(), room.X, e.scroll.X)
		g.hthumb = image.Rect(g.hbar.Min.X+from, g.hbar.Min.Y, g.hbar.Min.X+to, g.hbar.Max.Y)
	}
}

// paintBars draws the thumbs, thin, the one that is dragged brighter.
func (e *view) paintBars(gtx layout.Context, st *Style, drag dragKind) {
	g := &e.geometry
	for _, b := range []struct {
		thumb image.Rectangle
		kind  dragKind
	}{{g.vthumb, dragVertical}, {g.hthumb, dragHorizontal}} {
		if b.thumb.Empty() {
			continue
		}
		r := b.thumb.Inset(gtx.Dp(3))
		c := alpha(st.Colors.Faint, pick[uint8](drag == b.kind, 255, 120))
		paint.FillShape(gtx.Ops, c, clip.UniformRRect(r, min(r.Dx(), r.Dy())/2).Op(gtx.Ops))
	}
}
