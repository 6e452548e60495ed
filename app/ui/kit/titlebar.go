package kit

import (
	"image"
	"time"

	"gioui.org/f32"
	"gioui.org/gesture"
	"gioui.org/io/event"
	"gioui.org/io/pointer"
	"gioui.org/io/semantic"
	"gioui.org/io/system"
	"gioui.org/layout"
	"gioui.org/op/clip"
	"gioui.org/text"
	"gioui.org/unit"
)

// titleHeight is what the toolkit adds to the height it is asked for, for a title bar.
const titleHeight unit.Dp = 40

const (
	titleButton    unit.Dp = 44 // the width of each button
	dragSlop       unit.Dp = 4  // how far the mouse moves before the window does
	doubleClickGap         = 400 * time.Millisecond
)

// TitleBar is a window's own, for desktops that leave it to their programs, as
// GNOME on Wayland does: it shows the title, moves the window, and has the three
// buttons.
type TitleBar struct {
	Shown     bool
	Maximized bool
	Perform   func(system.Action) // by the toolkit
	Deaf      bool                // the toolkit moves the window itself, and tells nothing of a press

	buttons [3]gesture.Click
	press   f32.Point     // where the mouse went down
	down    bool          // it is down, and has not moved the window
	clicked time.Duration // when it last went down; 0: never, or that was the second time
}

// Height is how high the bar is, in pixels; 0 where there is none.
func (b *TitleBar) Height(m unit.Metric) int {
	if !b.Shown {
		return 0
	}
	return m.Dp(titleHeight)
}

// titleActions are what the buttons do, from left to right.
func (b *TitleBar) titleActions() [3]system.Action {
	size := system.ActionMaximize
	if b.Maximized {
		size = system.ActionUnmaximize
	}
	return [3]system.Action{system.ActionMinimize, size, system.ActionClose}
}

// Update takes in input.
func (b *TitleBar) Update(gtx layout.Context) {
	for i, a := range b.titleActions() {
		for {
			e, ok := b.buttons[i].Update(gtx.Source)
			if !ok {
				break
			}
			if e.Kind == gesture.KindClick {
				b.Perform(a)
			}
		}
	}
	for {
		e, ok := gtx.Event(pointer.Filter{Target: b, Kinds: pointer.Press | pointer.Drag | pointer.Release | pointer.Cancel})
		if !ok {
			return
		}
		if e, ok := e.(pointer.Event); ok {
			b.move(gtx, e)
		}
	}
}

// move takes in what the mouse does to the bar: a drag moves the window, and a double
// click makes it large, or small again.
func (b *TitleBar) move(gtx layout.Context, e pointer.Event) {
	moved := e.Position.Sub(b.press)
	far := max(moved.X, -moved.X, moved.Y, -moved.Y) > float32(gtx.Dp(dragSlop))
	switch e.Kind {
	case pointer.Press:
		if e.Buttons != pointer.ButtonPrimary {
			break
		}
		if b.clicked != 0 && e.Time-b.clicked < doubleClickGap && !far {
			b.clicked, b.down = 0, false
			b.Perform(b.titleActions()[1])
			break
		}
		b.press, b.clicked, b.down = e.Position, e.Time, true
	case pointer.Drag:
		if b.down && far {
			b.down, b.clicked = false, 0
			b.Perform(system.ActionMove)
		}
	default:
		b.down = false
	}
}

// Layout draws the bar over the whole width.
func (b *TitleBar) Layout(gtx layout.Context, th *Theme, title string) layout.Dimensions {
	size := gtx.Constraints.Max
	Fill(gtx, image.Rectangle{Max: size}, th.Panel)
	Hairline(gtx, layout.S, th.Line)
	area := clip.Rect{Max: size}.Push(gtx.Ops)
	event.Op(gtx.Ops, b)
	if b.Deaf {
		system.ActionInputOp(system.ActionMove).Add(gtx.Ops)
	}
	area.Pop()

	width := gtx.Dp(titleButton)
	buttons := size.X - len(b.buttons)*width
	Boxed(gtx, image.Rect(len(b.buttons)*width, 0, buttons, size.Y), func(gtx layout.Context) layout.Dimensions {
		l := th.Strong(title)
		l.Align = text.Middle
		return layout.Center.Layout(gtx, l.Layout)
	})
	icons := [...]Icon{IconMinus, IconMaximize, IconClose}
	names := [...]string{"Minimise the window", "Maximise the window", "Close the window"}
	if b.Maximized {
		icons[1], names[1] = IconRestore, "Restore the window"
	}
	for i := range b.buttons {
		x := buttons + i*width
		Boxed(gtx, image.Rect(x, 0, x+width, size.Y), func(gtx layout.Context) layout.Dimensions {
			return layoutTitleButton(gtx, th, &b.buttons[i], icons[i], names[i])
		})
	}
	return layout.Dimensions{Size: size}
}

func layoutTitleButton(gtx layout.Context, th *Theme, click *gesture.Click, icon Icon, name string) layout.Dimensions {
	size := gtx.Constraints.Max
	defer clip.Rect{Max: size}.Push(gtx.Ops).Pop()
	click.Add(gtx.Ops)
	semantic.Button.Add(gtx.Ops)
	semantic.LabelOp(name).Add(gtx.Ops)
	ink := th.Dim
	if click.Hovered() {
		ink = th.Text
		Fill(gtx, image.Rectangle{Max: size}.Inset(gtx.Dp(1)), th.Selected)
	}
	return layout.Center.Layout(gtx, func(gtx layout.Context) layout.Dimensions { return icon.Layout(gtx, 16, ink) })
}
