package ui

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

// modal is something that stands over the window and takes its input: a
// question, a file dialog, the palette, the help. There is one at a time.
type modal interface {
	// Update takes in input; done says that the modal is to go.
	Update(gtx layout.Context) (done bool)
	// Layout draws the card's content within the constraints.
	Layout(gtx layout.Context, th *Theme) layout.Dimensions
	// Frame says how big the card may be, and how far from the top it stands.
	Frame() (width, height, top unit.Dp)
}

// modalLayer draws a modal over a scrim.
type modalLayer struct {
	scrim, card int // tags
	current     modal
}

// layout draws the modal and says whether it is done. Escape and a press
// outside dismiss it.
func (l *modalLayer) layout(gtx layout.Context, th *Theme, m modal) (done bool) {
	if l.current != m {
		l.current = m
		gtx.Execute(key.FocusCmd{Tag: l})
	}
	if l.dismissed(gtx) {
		return true
	}
	done = m.Update(gtx)
	size := gtx.Constraints.Max
	area := clip.Rect{Max: size}.Push(gtx.Ops)
	event.Op(gtx.Ops, &l.scrim)
	event.Op(gtx.Ops, l)
	pointer.CursorDefault.Add(gtx.Ops)
	fill(gtx, image.Rectangle{Max: size}, th.Scrim)
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
	defer op.Offset(p).Push(gtx.Ops).Pop()
	card(gtx, th, d.Size)
	defer clip.UniformRRect(image.Rectangle{Max: d.Size}, gtx.Dp(cornerSize)).Push(gtx.Ops).Pop()
	event.Op(gtx.Ops, &l.card)
	call.Add(gtx.Ops)
	return done
}

func (l *modalLayer) dismissed(gtx layout.Context) bool {
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

// choice is one answer to a question.
type choice struct {
	Label string
	Look  Look
	Do    func() // nil: only closes the question
}

// question asks something that must be answered before going on.
type question struct {
	title, text string
	choices     []choice // the last is what Return chooses
	buttons     []Button
	focused     bool
}

func ask(title, text string, choices ...choice) *question {
	return &question{title: title, text: text, choices: choices, buttons: make([]Button, len(choices))}
}

func (q *question) Frame() (width, height, top unit.Dp) { return 440, 400, 0 }

func (q *question) Update(gtx layout.Context) (done bool) {
	if !q.focused {
		q.focused = true
		gtx.Execute(key.FocusCmd{Tag: &q.buttons[len(q.buttons)-1].click})
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

func (q *question) Layout(gtx layout.Context, th *Theme) layout.Dimensions {
	semantic.DescriptionOp(q.title).Add(gtx.Ops)
	return layout.UniformInset(20).Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		title := th.Strong(q.title)
		title.Size, title.Lines = 15, 3
		return layout.Flex{Axis: layout.Vertical}.Layout(gtx,
			layout.Rigid(title.Layout), gap(8),
			layout.Rigid(th.Dimmed(q.text).Paragraph().Layout), gap(20),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				row := []layout.FlexChild{layout.Flexed(1, layout.Spacer{}.Layout)}
				for i, c := range q.choices {
					row = append(row, gap(8), layout.Rigid(ButtonStyle{Theme: th, Button: &q.buttons[i], Label: c.Label, Look: c.Look, Height: 32}.Layout))
				}
				return layout.Flex{Alignment: layout.Middle}.Layout(gtx, row...)
			}),
		)
	})
}
