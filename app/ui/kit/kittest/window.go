// Package kittest is a window without a screen, for tests of what is made with
// the toolkit: a test is its hands and eyes. Hands press, write and move; eyes
// find what a screen reader would, or take a picture.
//
// It is for tests alone.
package kittest

import (
	"image"
	"strings"
	"testing"
	"time"

	"gioui.org/f32"
	"gioui.org/io/event"
	"gioui.org/io/input"
	"gioui.org/io/key"
	"gioui.org/io/pointer"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/unit"

	"gvpie/app/ui/kit"
	"gvpie/assets/theme"
)

// Patience is how long a test waits for something that happens elsewhere.
const Patience = 2 * time.Minute

// Window lays a widget out as large as it is.
type Window struct {
	T      testing.TB
	Theme  *kit.Theme
	Widget func(layout.Context)
	Size   image.Point
	Metric unit.Metric
	Now    time.Time     // 16 ms later with each frame
	Woken  chan struct{} // something new has come
	Router input.Router
	Ops    op.Ops
	clock  time.Duration // of pointer events
}

// New makes a window in the dark theme. Its widget is still to be set.
func New(t testing.TB, width, height int, scale float32) *Window {
	t.Helper()
	th, err := kit.NewTheme(&theme.Dark)
	if err != nil {
		t.Fatal(err)
	}
	return &Window{
		T: t, Theme: th, Size: image.Pt(width, height), Metric: unit.Metric{PxPerDp: scale, PxPerSp: scale},
		Now: time.Now(), Woken: make(chan struct{}, 1),
	}
}

// Wake asks for a frame, from any goroutine.
func (w *Window) Wake() {
	select {
	case w.Woken <- struct{}{}:
	default:
	}
}

// Frame lays out one frame.
func (w *Window) Frame() {
	w.Ops.Reset()
	w.Now = w.Now.Add(16 * time.Millisecond)
	w.Widget(w.Context())
	w.Router.Frame(&w.Ops)
}

// Context is what a frame is laid out in.
func (w *Window) Context() layout.Context {
	return layout.Context{Ops: &w.Ops, Now: w.Now, Source: w.Router.Source(), Metric: w.Metric, Constraints: layout.Exact(w.Size)}
}

// Until lays frames out until ok, each time something new has come.
func (w *Window) Until(what string, ok func() bool) {
	w.T.Helper()
	deadline := time.NewTimer(Patience)
	defer deadline.Stop()
	w.Frame()
	w.Frame()
	for !ok() {
		select {
		case <-w.Woken:
		case <-deadline.C:
			w.T.Fatalf("in %v it never came to this: %s", Patience, what)
		}
		w.Frame()
	}
}

// Nodes lists what a screen reader would find.
func (w *Window) Nodes() []input.SemanticNode { return w.Router.AppendSemantics(nil) }

// Find gives the node of a label; of several what can be pressed, and of those
// the last, which is foremost. Words inside a button are labels too.
func (w *Window) Find(label string) (input.SemanticDesc, bool) {
	var found input.SemanticDesc
	ok := false
	for _, n := range w.Nodes() {
		if n.Desc.Label != label || n.Desc.Bounds.Empty() || ok && found.Gestures != 0 && n.Desc.Gestures == 0 {
			continue
		}
		found, ok = n.Desc, true
		found.Bounds = found.Bounds.Intersect(image.Rectangle{Max: w.Size})
	}
	return found, ok
}

// MustFind is Find of what has to be there.
func (w *Window) MustFind(label string) input.SemanticDesc {
	w.T.Helper()
	n, ok := w.Find(label)
	if !ok {
		var all []string
		for _, n := range w.Nodes() {
			if n.Desc.Label != "" {
				all = append(all, n.Desc.Label)
			}
		}
		w.T.Fatalf("nothing is labelled %q; there are: %s", label, strings.Join(all, " | "))
	}
	return n
}

// Center is the middle of what has been found.
func Center(n input.SemanticDesc) image.Point { return n.Bounds.Min.Add(n.Bounds.Size().Div(2)) }

// Click presses and releases the mouse on what has the label.
func (w *Window) Click(label string) {
	w.T.Helper()
	w.ClickAt(Center(w.MustFind(label)))
}

// ClickAt presses and releases the mouse at a point, with modifiers held.
func (w *Window) ClickAt(p image.Point, held ...key.Modifiers) {
	w.clock += time.Second
	e := pointer.Event{Source: pointer.Mouse, Position: f32.Pt(float32(p.X), float32(p.Y)), Time: w.clock}
	for _, m := range held {
		e.Modifiers |= m
	}
	move, press, release := e, e, e
	move.Kind, press.Kind, release.Kind = pointer.Move, pointer.Press, pointer.Release
	press.Buttons = pointer.ButtonPrimary
	w.Send(move, press, release)
}

// Drag presses the mouse at the first point and releases it at the last.
func (w *Window) Drag(points ...image.Point) {
	for i, p := range points {
		e := pointer.Event{Kind: pointer.Move, Source: pointer.Mouse, Position: f32.Pt(float32(p.X), float32(p.Y))}
		if i > 0 {
			e.Buttons = pointer.ButtonPrimary
		}
		w.Send(e)
		if i == 0 {
			e.Kind, e.Buttons = pointer.Press, pointer.ButtonPrimary
			w.Send(e)
		}
		if i == len(points)-1 {
			e.Kind, e.Buttons = pointer.Release, 0
			w.Send(e)
		}
	}
}

// MoveTo moves the mouse.
func (w *Window) MoveTo(p image.Point) {
	w.clock += time.Second
	w.Send(pointer.Event{Kind: pointer.Move, Source: pointer.Mouse, Position: f32.Pt(float32(p.X), float32(p.Y)), Time: w.clock})
}

// FramesToMoveTo moves the mouse as a window would see it, which lays out only where that
// is asked for, and says how many frames that were.
func (w *Window) FramesToMoveTo(p image.Point) (frames int) {
	w.Router.WakeupTime() // forget what the frame before asked for
	w.Router.Queue(pointer.Event{Kind: pointer.Move, Source: pointer.Mouse, Position: f32.Pt(float32(p.X), float32(p.Y)), Time: w.clock})
	for {
		if at, now := w.Router.WakeupTime(); !now || at.After(w.Now) {
			return frames
		}
		frames++
		w.Frame()
	}
}

// Press strikes a key: "F5", "Ctrl-Shift-P".
func (w *Window) Press(keys string) {
	w.T.Helper()
	c, ok := kit.ParseKeys(keys)
	if !ok {
		w.T.Fatalf("%q is no key", keys)
	}
	w.Send(key.Event{Name: c.Name, Modifiers: c.Mods, State: key.Press}, key.Event{Name: c.Name, Modifiers: c.Mods, State: key.Release})
}

// Write types text where the keyboard is.
func (w *Window) Write(s string) {
	at := w.Router.EditorState().Selection.Range
	to := at.Start + len([]rune(s))
	w.Send(key.EditEvent{Range: at, Text: s}, key.SelectionEvent{Start: to, End: to})
}

// Send queues input and lays out until it has had its effect.
func (w *Window) Send(events ...event.Event) {
	for _, e := range events {
		w.Router.Queue(e)
		w.Frame()
	}
	w.Frame()
}
