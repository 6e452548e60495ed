package kit

import (
	"image"

	"gioui.org/io/event"
	"gioui.org/io/key"
	"gioui.org/io/pointer"
	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"
	"gioui.org/unit"
)

// Modal is something that stands over the window and takes its input: a
// question, a file dialog, the palette, the help. There is one at a time.
type Modal interface {
	// Update takes in input; done says that the modal is to go.
	Update(gtx layout.Context) (done bool)
	// Layout draws the card's content within the constraints.
	Layout(gtx layout.Context, th *Theme) layout.Dimensions
	// Frame says how big the card may be, and how far from the top it stands.
	Frame() (width, height, top unit.Dp)
}

// Dismissible is a Modal that is told when Escape, a press outside or another dialog takes it away
// before it was done.
type Dismissible interface {
	Modal
	Dismiss()
}

// Anchored is a Modal that stands beside a point of the window, which shows behind it as it is.
type Anchored interface {
	Modal
	Anchor() image.Point
}

// Dismiss tells a modal that it is taken away before it was done.
func Dismiss(m Modal) {
	if d, ok := m.(Dismissible); ok {
		d.Dismiss()
	}
}

// ModalLayer draws a modal over a scrim.
type ModalLayer struct {
	scrim, card int // tags
	current     Modal
}

// Layout draws the modal and says whether it is done. Escape and a press
// outside dismiss it.
func (l *ModalLayer) Layout(gtx layout.Context, th *Theme, m Modal) (done bool) {
	if l.current != m {
		l.current = m
		gtx.Execute(key.FocusCmd{Tag: l})
	}
	if l.dismissed(gtx) {
		Dismiss(m)
		return true
	}
	done = m.Update(gtx)
	size := gtx.Constraints.Max
	area := clip.Rect{Max: size}.Push(gtx.Ops)
	event.Op(gtx.Ops, &l.scrim)
	event.Op(gtx.Ops, l)
	pointer.CursorDefault.Add(gtx.Ops)
	beside, anchored := m.(Anchored)
	if !anchored {
		Fill(gtx, image.Rectangle{Max: size}, th.Scrim)
	}
	area.Pop()

	width, height, top := m.Frame()
	margin := gtx.Dp(12)
	box := image.Pt(min(gtx.Dp(width), size.X-2*margin), min(gtx.Dp(height), size.Y-2*margin))
	gtx.Constraints = layout.Constraints{Min: image.Pt(box.X, 0), Max: box}
	rec := op.Record(gtx.Ops)
	d := m.Layout(gtx, th)
	call := rec.Stop()
	p := image.Pt((size.X-d.Size.X)/2, max(margin, min(gtx.Dp(top), (size.Y-d.Size.Y)/2)))
	if top == 0 {
		p.Y = max(margin, (size.Y-d.Size.Y)*2/5)
	}
	if anchored {
		at, room := beside.Anchor(), size.Sub(d.Size).Sub(image.Pt(margin, margin))
		p = image.Pt(max(margin, min(at.X, room.X)), max(margin, min(at.Y, room.Y)))
	}
	defer op.Offset(p).Push(gtx.Ops).Pop()
	Card(gtx, th, d.Size)
	defer clip.UniformRRect(image.Rectangle{Max: d.Size}, gtx.Dp(Corner)).Push(gtx.Ops).Pop()
	event.Op(gtx.Ops, &l.card)
	call.Add(gtx.Ops)
	return done
}

func (l *ModalLayer) dismissed(gtx layout.Context) bool {
	gone := false
	for { // the card takes presses too, so that none of them reaches the scrim
		if _, ok := gtx.Event(pointer.Filter{Target: &l.card, Kinds: pointer.Press | pointer.Scroll, ScrollX: anyScroll, ScrollY: anyScroll}); !ok {
			break
		}
	}
	for {
		e, ok := gtx.Event(
			key.FocusFilter{Target: l},
			key.Filter{Name: key.NameEscape},
			pointer.Filter{Target: &l.scrim, Kinds: pointer.Press | pointer.Scroll, ScrollX: anyScroll, ScrollY: anyScroll},
		)
		if !ok {
			return gone
		}
		switch e := e.(type) {
		case key.Event:
			gone = gone || e.State == key.Press
		case pointer.Event:
			gone = gone || e.Kind == pointer.Press
		}
	}
}

var anyScroll = pointer.ScrollRange{Min: -1 << 14, Max: 1 << 14}

// Choice is one answer to a question.
type Choice struct {
	Label string
	Look  Look
	Do    func() // nil: only closes the question
}

// Option is something to be switched on beside a question's answers.
type Option struct {
	Label  string
	On     bool
	toggle Switch
}

// Question asks something that must be answered before going on.
type Question struct {
	Option      *Option // nil: none
	title, text string
	choices     []Choice // the last is what Return chooses
	buttons     []Button
	focused     bool
}

// Ask makes a question with its answers, of which the last is what Return chooses.
func Ask(title, text string, choices ...Choice) *Question {
	return &Question{title: title, text: text, choices: choices, buttons: make([]Button, len(choices))}
}

// Frame is the size of a Modal.
func (q *Question) Frame() (width, height, top unit.Dp) { return 440, 400, 0 }

// Update takes in input; an answer is done before it returns.
func (q *Question) Update(gtx layout.Context) (done bool) {
	if !q.focused {
		q.focused = true
		q.buttons[len(q.buttons)-1].Focus(gtx)
	}
	if o := q.Option; o != nil && o.toggle.Clicked(gtx) {
		o.On = !o.On
	}
	for i := range q.buttons {
		if q.buttons[i].Clicked(gtx) {
			if do := q.choices[i].Do; do != nil {
				do()
			}
			return true
		}
	}
	return false
}

// Layout draws the question over its answers.
func (q *Question) Layout(gtx layout.Context, th *Theme) layout.Dimensions {
	semantic.DescriptionOp(q.title).Add(gtx.Ops)
	return layout.UniformInset(20).Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		title := th.Strong(q.title)
		title.Size, title.Lines = 15, 3
		return layout.Flex{Axis: layout.Vertical}.Layout(gtx,
			layout.Rigid(title.Layout), Gap(8),
			layout.Rigid(th.Dimmed(q.text).Paragraph().Layout), Gap(20),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions { return q.layoutOption(gtx, th) }),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				row := []layout.FlexChild{layout.Flexed(1, layout.Spacer{}.Layout)}
				for i, c := range q.choices {
					row = append(row, Gap(8), layout.Rigid(ButtonStyle{Theme: th, Button: &q.buttons[i], Label: c.Label, Look: c.Look, Height: 32}.Layout))
				}
				return layout.Flex{Alignment: layout.Middle}.Layout(gtx, row...)
			}),
		)
	})
}

func (q *Question) layoutOption(gtx layout.Context, th *Theme) layout.Dimensions {
	o := q.Option
	if o == nil {
		return layout.Dimensions{}
	}
	return layout.Inset{Bottom: 16}.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		return layout.Flex{Alignment: layout.Middle}.Layout(gtx,
			layout.Rigid(func(gtx layout.Context) layout.Dimensions { return o.toggle.Layout(gtx, th, o.Label, o.On, false) }), Gap(6),
			layout.Flexed(1, th.Dimmed(o.Label).Layout))
	})
}
