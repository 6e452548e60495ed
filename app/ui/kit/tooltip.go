package kit

import (
	"image"
	"time"

	"gioui.org/f32"
	"gioui.org/io/event"
	"gioui.org/io/pointer"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/unit"
)

// place is a tag of its own each time it is asked where the pointer is.
type place int

// tipDelay is how long the pointer rests before a tooltip shows.
const tipDelay = 450 * time.Millisecond

// Tip is the window's one tooltip. A hovered widget offers its words each
// frame; once they are due, they are drawn beside the pointer.
//
// Where that is it asks for only then: following it would cost a frame of the whole
// window for each of its moves. A tag that is new in the window is told at once of a
// pointer that is over it, and where.
type Tip struct {
	pressed f32.Point // where in the window the pointer was pressed last
	asks    place     // the tag that asks where the pointer is; 0: it is not asked
	asked   place     // the last that did
	owner   event.Tag // who offered last
	since   time.Time
	hidden  bool // a press hides the tip until the pointer goes elsewhere
	shown   bool
	anchor  f32.Point

	offered    event.Tag // this frame
	text, keys string
}

// Offer says what the tip should read while the pointer is over owner.
func (t *Tip) Offer(gtx layout.Context, owner event.Tag, text, keys string) {
	if text == "" || !gtx.Enabled() {
		return
	}
	t.offered, t.text, t.keys = owner, text, keys
}

// Showing is what the tip reads; "" where there is none to be seen.
func (t *Tip) Showing() string {
	if !t.shown || t.hidden {
		return ""
	}
	return t.text
}

// Pressed is where in the window the pointer was pressed last.
func (t *Tip) Pressed() image.Point { return t.pressed.Round() }

// Update takes in where the pointer is, and that it was pressed, which sends the tip
// away. It is called once each frame, in the clip of the whole window, before anything
// else is drawn there.
func (t *Tip) Update(gtx layout.Context) {
	event.Op(gtx.Ops, t)
	for {
		e, ok := gtx.Event(pointer.Filter{Target: t, Kinds: pointer.Press})
		if !ok {
			break
		}
		if e, ok := e.(pointer.Event); ok && e.Kind == pointer.Press {
			t.hidden, t.pressed = true, e.Position
		}
	}
	if t.asks == 0 {
		return
	}
	event.Op(gtx.Ops, t.asks)
	for {
		e, ok := gtx.Event(pointer.Filter{Target: t.asks, Kinds: pointer.Enter})
		if !ok {
			return
		}
		if e, ok := e.(pointer.Event); ok && e.Kind == pointer.Enter {
			t.shown, t.anchor = true, e.Position
		}
	}
}

// Layout draws the tip over everything else. It is called once, last.
func (t *Tip) Layout(gtx layout.Context, th *Theme) {
	offered := t.offered
	t.offered = nil
	if offered != t.owner {
		t.owner, t.since, t.hidden, t.shown, t.asks = offered, gtx.Now, false, false, 0
	}
	if offered == nil || t.hidden {
		t.asks = 0
		return
	}
	if due := t.since.Add(tipDelay); gtx.Now.Before(due) {
		gtx.Execute(op.InvalidateCmd{At: due})
		return
	}
	if !t.shown {
		if t.asks == 0 {
			t.asked++
			t.asks = t.asked
			gtx.Execute(op.InvalidateCmd{})
		}
		return
	}
	window := gtx.Constraints.Max
	gtx.Constraints = layout.Constraints{Max: image.Pt(min(gtx.Dp(320), window.X), window.Y)}
	m := op.Record(gtx.Ops)
	dims := layout.Inset{Left: 8, Right: 8, Top: 4, Bottom: 4}.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		return layout.Flex{Alignment: layout.Middle}.Layout(gtx,
			layout.Flexed(1, func(gtx layout.Context) layout.Dimensions {
				gtx.Constraints.Min.X = 0
				l := th.Body(t.text).Paragraph()
				l.Size, l.Lines, l.Line = 12, 4, 17
				return l.Layout(gtx)
			}),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				if t.keys == "" {
					return layout.Dimensions{}
				}
				return layout.Inset{Left: 8}.Layout(gtx, th.Caption(t.keys, th.Dim).Layout)
			}),
		)
	})
	call := m.Stop()
	below := gtx.Dp(20)
	p := image.Pt(int(t.anchor.X)-dims.Size.X/2, int(t.anchor.Y)+below)
	if p.Y+dims.Size.Y > window.Y {
		p.Y = int(t.anchor.Y) - dims.Size.Y - gtx.Dp(8)
	}
	margin := gtx.Dp(unit.Dp(4))
	p.X = max(margin, min(p.X, window.X-dims.Size.X-margin))
	p.Y = max(margin, p.Y)
	defer op.Offset(p).Push(gtx.Ops).Pop()
	Card(gtx, th, dims.Size)
	call.Add(gtx.Ops)
}
