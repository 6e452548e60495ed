package editor

import (
	"image"
	"time"

	"gioui.org/f32"
	"gioui.org/io/key"
	"gioui.org/io/pointer"
	"gioui.org/layout"
	"gioui.org/op"
	"golang.org/x/image/math/fixed"
)

// pointerState is a press being followed.
type pointerState struct {
	drag    dragKind
	inside  bool // over the widget, at at
	grab    int  // where on a scrollbar's thumb it was taken
	at      f32.Point
	clicks  int
	pressed time.Duration
	where   f32.Point
	unit    [2]int // the word or line first selected, which the drag keeps
	moving  time.Time
	stray   f32.Point // what is left of wheel movement below a pixel
	number  literal   // the number taken, as it was
}

type dragKind uint8

const (
	dragNone dragKind = iota
	dragText
	dragVertical   // the vertical scrollbar's thumb
	dragHorizontal // the horizontal one's
	dragNumber     // a number counts up to the right and down to the left
)

// doubleClick is how long after a press another counts as its second, and
// clickSlop how far away, in dp, it may be.
const (
	doubleClick = 400 * time.Millisecond
	clickSlop   = 4
)

// kinds are the pointer events the editor asks for. That the pointer moves where nothing
// changes is none: see rest.
const kinds = pointer.Press | pointer.Drag | pointer.Release | pointer.Cancel | pointer.Enter | pointer.Leave | pointer.Scroll

// dragStep is how far, in dp, a number is dragged to count by one.
const dragStep = 4

func pointerFilter(e *Editor) pointer.Filter {
	const far = 1 << 24
	all := pointer.ScrollRange{Min: -far, Max: far}
	return pointer.Filter{Target: e, Kinds: kinds, ScrollX: all, ScrollY: all}
}

func (e *Editor) pointerEvent(gtx layout.Context, p pointer.Event) {
	e.pointer.at = p.Position
	switch p.Kind {
	case pointer.Press:
		e.press(gtx, p)
	case pointer.Drag:
		e.drag(p.Position)
	case pointer.Release, pointer.Cancel:
		e.pointer.drag = dragNone
	case pointer.Scroll:
		e.wheel(p)
	case pointer.Enter:
		e.pointer.inside = true
		e.point(gtx, p.Position)
	case pointer.Leave:
		e.pointer.inside = false
		e.hover = hover{}
	}
}

func (e *Editor) wheel(p pointer.Event) {
	s := p.Scroll.Add(e.pointer.stray)
	if p.Modifiers.Contain(key.ModShift) && s.X == 0 {
		s.X, s.Y = s.Y, 0
	}
	whole := image.Pt(int(s.X), int(s.Y))
	e.pointer.stray = s.Sub(layout.FPt(whole))
	e.scroll = e.scroll.Add(whole)
	e.clampScroll()
	e.hover, e.completion = hover{}, completion{}
}

func (e *Editor) press(gtx layout.Context, p pointer.Event) {
	e.pointer.inside = true
	gtx.Execute(key.FocusCmd{Tag: e})
	if !e.readOnly && onBreak(gtx, &e.view, p.Position.Round()) && p.Buttons == pointer.ButtonSecondary {
		e.hover, e.asked = hover{}, append(e.asked, e.buf.lineAt(e.offsetAt(p.Position))+1)
		return
	}
	if p.Source == pointer.Mouse && p.Buttons != pointer.ButtonPrimary {
		if p.Buttons == pointer.ButtonTertiary {
			e.primary.press(e, p)
		}
		return
	}
	e.hover, e.notice = hover{}, ""
	if e.popupPress(p.Position) {
		return
	}
	e.typedOn = 0
	at := p.Position.Round()
	g := &e.geometry
	switch {
	case at.In(g.vbar):
		e.pointer.drag = dragVertical
		e.pointer.grab = g.vthumb.Dy() / 2
		if at.In(g.vthumb) {
			e.pointer.grab = at.Y - g.vthumb.Min.Y
		}
		e.drag(p.Position)
		return
	case at.In(g.hbar):
		e.pointer.drag = dragHorizontal
		e.pointer.grab = g.hthumb.Dx() / 2
		if at.In(g.hthumb) {
			e.pointer.grab = at.X - g.hthumb.Min.X
		}
		e.drag(p.Position)
		return
	}
	if !e.readOnly && onBreak(gtx, &e.view, at) {
		e.Breaks.Toggle(e.buf.lineAt(e.offsetAt(p.Position)) + 1)
		return
	}
	if p.Modifiers.Contain(key.ModShortcut) && at.In(g.text) {
		if e.gotoDefinition(e.offsetAt(p.Position)) {
			return
		}
	}
	if p.Modifiers.Contain(key.ModAlt) && !e.readOnly {
		if l, ok := e.numberAt(e.offsetAt(p.Position)); ok {
			e.moveCaret(l.to, false)
			e.pointer.drag, e.pointer.number, e.pointer.where = dragNumber, l, p.Position
			return
		}
	}
	d := p.Position.Sub(e.pointer.where)
	slop := float32(gtx.Dp(clickSlop))
	if e.pointer.clicks > 0 && p.Time-e.pointer.pressed < doubleClick && d.X*d.X+d.Y*d.Y <= slop*slop {
		e.pointer.clicks++
	} else {
		e.pointer.clicks = 1
	}
	e.pointer.pressed, e.pointer.where = p.Time, p.Position
	e.pointer.drag = dragText

	offset := e.offsetAt(p.Position)
	clicks := (e.pointer.clicks-1)%3 + 1
	if at.X < g.text.Min.X {
		clicks = 3 // a line number selects its line
	}
	from, to := offset, offset
	switch clicks {
	case 2:
		from, to = e.buf.wordAt(offset)
		if e.overSprite(offset) {
			e.pointer.drag, e.sprites = dragNone, append(e.sprites, e.buf.lineAt(offset)+1)
		}
	case 3:
		line := e.buf.lineAt(offset)
		from, to = e.buf.lineStart(line), e.buf.lineEnd(line)
		if to < len(e.buf.text) {
			to++
		}
	}
	e.pointer.unit = [2]int{from, to}
	if p.Modifiers.Contain(key.ModShift) && clicks == 1 {
		e.moveCaret(offset, true)
		e.pointer.unit = [2]int{e.sel.anchor, e.sel.anchor}
	} else {
		e.moveTo(selection{from, to})
		e.hist.sealed = true
	}
	if clicks == 1 {
		e.reveal = revealNear
	}
}

// drag follows a press: it extends the selection by the unit it began with, or
// moves a scrollbar.
func (e *Editor) drag(at f32.Point) {
	g := &e.geometry
	switch e.pointer.drag {
	case dragVertical:
		if room := g.vbar.Dy() - g.vthumb.Dy(); room > 0 {
			e.scroll.Y = (int(at.Y) - e.pointer.grab - g.vbar.Min.Y) * e.maxScroll().Y / room
		}
		e.clampScroll()
	case dragHorizontal:
		if room := g.hbar.Dx() - g.hthumb.Dx(); room > 0 {
			e.scroll.X = (int(at.X) - e.pointer.grab - g.hbar.Min.X) * e.maxScroll().X / room
		}
		e.clampScroll()
	case dragNumber:
		l := e.pointer.number
		now, ok := e.numberAt(l.from)
		if !ok { // it has a sign now
			now, ok = e.numberAt(l.from + 1)
		}
		if !ok {
			e.pointer.drag = dragNone
			return
		}
		if v := l.value + int64((at.X-e.pointer.where.X)/float32(e.metric.Dp(dragStep))); v != now.value {
			e.setNumber(now, v)
		}
	case dragText:
		offset := e.offsetAt(at)
		from, to := offset, offset
		u := e.pointer.unit
		if u[0] != u[1] {
			if e.pointer.clicks%3 == 2 {
				from, to = e.buf.wordAt(offset)
			} else {
				line := e.buf.lineAt(offset)
				from, to = e.buf.lineStart(line), min(e.buf.lineEnd(line)+1, len(e.buf.text))
			}
		}
		s := selection{u[0], max(to, u[1])}
		if from < u[0] {
			s = selection{u[1], from}
		}
		if s != e.sel {
			e.moveTo(s)
		}
	}
}

// dragScroll scrolls while a selection is dragged beyond the text's edge.
func (e *Editor) dragScroll(gtx layout.Context) {
	g := &e.geometry
	at := e.pointer.at.Round()
	if e.pointer.drag != dragText || g.text.Empty() || at.In(g.text) {
		e.pointer.moving = time.Time{}
		return
	}
	past := func(v, lo, hi int) int {
		switch {
		case v < lo:
			return v - lo
		case v >= hi:
			return v - hi + 1
		}
		return 0
	}
	dx, dy := past(at.X, g.text.Min.X, g.text.Max.X), past(at.Y, g.text.Min.Y, g.text.Max.Y)
	if at.X >= 0 && at.X < g.text.Min.X && e.scroll.X == 0 {
		dx = 0
	}
	before := e.scroll
	if !e.pointer.moving.IsZero() {
		// Ten times the distance a second, at least a pixel a frame.
		dt := float32(gtx.Now.Sub(e.pointer.moving).Seconds()) * 10
		step := func(d int) int {
			n := int(float32(d) * dt)
			if n == 0 && d != 0 {
				n = d / max(d, -d)
			}
			return n
		}
		e.scroll = e.scroll.Add(image.Pt(step(dx), step(dy)))
		e.clampScroll()
		e.drag(e.pointer.at)
	}
	atEnd := e.scroll == before && !e.pointer.moving.IsZero()
	e.pointer.moving = gtx.Now
	if !atEnd && (dx != 0 || dy != 0) {
		gtx.Execute(op.InvalidateCmd{})
	}
}

// offsetAt gives the caret stop nearest to a point of the widget.
func (e *view) offsetAt(p f32.Point) int {
	g := &e.geometry
	line := (int(p.Y) - g.text.Min.Y - g.top + e.scroll.Y) / max(1, g.lineHeight)
	if int(p.Y)-g.text.Min.Y-g.top+e.scroll.Y < 0 {
		line = 0
	}
	line = min(max(line, 0), e.buf.Lines()-1)
	x := fixed.Int26_6(p.X*64) - fixed.I(g.text.Min.X) + fixed.I(e.scroll.X)
	return e.buf.lineStart(line) + e.row(line).at(x)
}
