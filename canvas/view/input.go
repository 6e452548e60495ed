package view

import (
	"math"
	"time"

	"gioui.org/f32"
	"gioui.org/io/key"
	"gioui.org/io/pointer"
	"gioui.org/layout"
)

const (
	// wheelOctave is the wheel distance that doubles the zoom, wheelMost the most
	// octaves one event may zoom. A wheel's notch is 20 in Gio on X11 and 100 or
	// more on Wayland, a touchpad's step a few: so a notch is a third or half of
	// an octave, and a touchpad zooms smoothly.
	wheelOctave = 60
	wheelMost   = 0.5
	wheelNotch  = 63 // dp of one, as the toolkit's mends have it
	// keyZoom is the factor of the + key, keyPan the pixels of an arrow key.
	keyZoom = 1.25
	keyPan  = 48
	// dragSlop is how far, in pixels, a pressed pointer may tremble and still
	// be a click.
	dragSlop = 3
	// doubleClick is the longest time between the presses of a double click.
	doubleClick = 400 * time.Millisecond
)

// Event is what [Canvas.Update] reports.
type Event interface{ canvasEvent() }

type (
	// Hover says which display texel the pointer is over, each time that
	// changes. In is false when it is off the texture or has left the panel; the
	// texel is then where it would be, or was last.
	Hover struct {
		X, Y int
		In   bool
	}
	// Play says that the person clicked the canvas to play: the press goes to the
	// program, if SetPlay follows. Leave says that Escape was pressed in play; the
	// program is told of the key first.
	Play  struct{}
	Leave struct{}
	// Click is a press and release of the left button in one place, outside
	// play or with Alt. A double click is two of them, the second with Double set, and
	// fits.
	Click struct {
		X, Y   int
		Double bool
	}
	// Ask is a press of the right button outside play: what is there?
	Ask struct{ X, Y int }
	// Press, Drag and Release go to the program in play. X, Y may lie off the
	// canvas; Buttons are those held from now on: 1 left, 2 right, 4 middle.
	Press struct {
		X, Y    int
		Buttons int32
	}
	Drag    Press
	Release Press
	// Key goes to the program in play: see [KeyCode]. Keys and buttons held when the
	// focus goes are released.
	Key struct {
		Code uint8
		Down bool
	}
	// Wheel says that the wheel was turned over the program in play, up is positive.
	Wheel struct{ Notches int }
	// Changed says that zoom or pan changed, and another view is wanted.
	Changed struct{}
)

func (Play) canvasEvent()    {}
func (Leave) canvasEvent()   {}
func (Hover) canvasEvent()   {}
func (Click) canvasEvent()   {}
func (Ask) canvasEvent()     {}
func (Press) canvasEvent()   {}
func (Drag) canvasEvent()    {}
func (Release) canvasEvent() {}
func (Key) canvasEvent()     {}
func (Wheel) canvasEvent()   {}
func (Changed) canvasEvent() {}

// pointerState is what the pointer is doing.
type pointerState struct {
	at      f32.Point // last known place
	inside  bool      // over the panel
	held    pointer.Buttons
	pressed f32.Point     // where the press was that may become a pan or a click
	grip    f32.Point     // the texture's corner at that press
	armed   bool          // a press that may become a pan or a click
	panning bool          // it has become a pan
	space   bool          // Space is held, so that a drag pans
	wheel   float32       // notches, less than one, that a program in play was not told of
	clicks  int           // presses in one place, shortly after another
	last    time.Duration // of the press before

	told  Hover // last Hover reported
	first bool  // one has been reported
}

// place is what an Update compares to know whether the view changed.
type place struct{ x, y, scale float64 }

func (c *Canvas) place() place { return place{c.cam.offX, c.cam.offY, c.cam.scale} }

// Update takes the events since the last frame, and says what they did. It
// asks for no frame.
func (c *Canvas) Update(gtx layout.Context) []Event {
	var out []Event
	before := c.place()
	if at, left := c.rest.Left(gtx); left {
		c.hand.at = at
	}
	for {
		e, ok := gtx.Event(c.pointerFilter(), key.FocusFilter{Target: c})
		if !ok {
			break
		}
		switch e := e.(type) {
		case pointer.Event:
			out = c.pointer(gtx, e, out)
		case key.FocusEvent:
			if !e.Focus {
				out = c.keys.releaseAll(out)
				out = c.program(0, out)
				c.hand.space = false
			}
		}
	}
	out = c.updateKeys(gtx, out)
	if c.place() != before {
		out = append(out, Changed{})
	}
	return c.hover(out)
}

func (c *Canvas) pointerFilter() pointer.Filter {
	return pointer.Filter{
		Target: c,
		Kinds: pointer.Press | pointer.Release | pointer.Drag |
			pointer.Enter | pointer.Leave | pointer.Scroll | pointer.Cancel,
		ScrollY: pointer.ScrollRange{Min: math.MinInt16, Max: math.MaxInt16},
	}
}

func (c *Canvas) pointer(gtx layout.Context, e pointer.Event, out []Event) []Event {
	h := &c.hand
	switch e.Kind {
	case pointer.Scroll:
		h.at, h.inside = e.Position, true
		if c.play && !e.Modifiers.Contain(key.ModShortcut) {
			h.wheel -= e.Scroll.Y / float32(gtx.Dp(wheelNotch))
			if n := int(h.wheel); n != 0 {
				h.wheel -= float32(n)
				out = append(out, Wheel{n})
			}
			return out
		}
		octaves := min(max(-float64(e.Scroll.Y)/wheelOctave, -wheelMost), wheelMost)
		c.ZoomBy(float32(math.Exp2(octaves)), e.Position)
		return out
	case pointer.Enter:
		h.at, h.inside = e.Position, true
		return out
	case pointer.Leave:
		h.inside = false
		return out
	case pointer.Cancel:
		h.inside, h.armed, h.panning = false, false, false
		return c.program(0, out)
	}
	h.at = e.Position
	switch e.Kind {
	case pointer.Press:
		h.inside = true
		gtx.Execute(key.FocusCmd{Tag: c})
		if c.plays && !c.play && c.forProgram(e) {
			c.play = true
			out = append(out, Play{})
		}
		if x, y, on := c.Pick(e.Position); on && !c.play && e.Buttons == pointer.ButtonSecondary {
			out = append(out, Ask{x, y})
		}
		c.press(e)
	case pointer.Drag:
		c.drag(gtx, e)
	case pointer.Release:
		out = c.release(e, out)
	}
	if c.play && (h.panning || h.armed) {
		return out
	}
	return c.program(e.Buttons, out)
}

// pans says whether a press moves the texture or picks from it: with the middle button
// always, with the left one where it is not the program's.
func (c *Canvas) pans(e pointer.Event) bool {
	return e.Buttons == pointer.ButtonTertiary ||
		e.Buttons == pointer.ButtonPrimary && !(c.play && c.forProgram(e))
}

// forProgram says whether a press of the left button is one that a program may have.
func (c *Canvas) forProgram(e pointer.Event) bool {
	return e.Buttons == pointer.ButtonPrimary && !e.Modifiers.Contain(key.ModAlt) && !c.hand.space
}

func (c *Canvas) press(e pointer.Event) {
	h := &c.hand
	if !c.pans(e) {
		h.armed, h.panning, h.clicks = false, false, 0
		return
	}
	near := within(e.Position, h.pressed, dragSlop)
	if h.clicks == 1 && near && e.Time-h.last <= doubleClick && e.Buttons == pointer.ButtonPrimary {
		h.clicks = 2
	} else {
		h.clicks = 1
	}
	h.armed, h.last, h.pressed = true, e.Time, e.Position
	h.panning = e.Buttons == pointer.ButtonTertiary
	h.grip = f32.Pt(float32(c.cam.offX), float32(c.cam.offY))
}

func (c *Canvas) drag(gtx layout.Context, e pointer.Event) {
	h := &c.hand
	if !h.armed {
		return
	}
	if !h.panning {
		if within(e.Position, h.pressed, dragSlop) {
			return
		}
		h.panning = true
		gtx.Execute(pointer.GrabCmd{Tag: c, ID: e.PointerID})
	}
	to := h.grip.Add(e.Position.Sub(h.pressed))
	c.cam.panTo(float64(to.X), float64(to.Y))
}

func (c *Canvas) release(e pointer.Event, out []Event) []Event {
	h := &c.hand
	if h.armed && !h.panning {
		x, y, on := c.Pick(h.pressed)
		if h.clicks == 2 && !c.plays {
			c.ShowAll()
		}
		if on && !h.space {
			out = append(out, Click{X: x, Y: y, Double: h.clicks == 2})
		}
		if h.clicks == 2 {
			h.clicks = 0
		}
	}
	if h.panning {
		h.clicks = 0
	}
	h.armed, h.panning = false, false
	return out
}

// program tells the program about its buttons, in play.
func (c *Canvas) program(now pointer.Buttons, out []Event) []Event {
	h := &c.hand
	was := h.held
	if !c.play {
		now = 0
	}
	h.held = now
	x, y, _ := c.Pick(h.at)
	switch p := (Press{X: x, Y: y, Buttons: buttons(now)}); {
	case now&^was != 0:
		out = append(out, p)
	case was&^now != 0:
		out = append(out, Release(p))
	case now != 0:
		out = append(out, Drag(p))
	}
	return out
}

// hover reports the texel under the pointer when it is another than before,
// because the pointer moved or the texture moved under it.
func (c *Canvas) hover(out []Event) []Event {
	h := &c.hand
	now := h.told
	now.In = false
	if h.inside {
		now.X, now.Y, now.In = c.Pick(h.at)
	}
	if now == h.told && (h.first || !now.In) {
		return out
	}
	h.told, h.first = now, true
	return append(out, now)
}

func within(a, b f32.Point, d float32) bool {
	return max(a.X-b.X, b.X-a.X, a.Y-b.Y, b.Y-a.Y) <= d
}
