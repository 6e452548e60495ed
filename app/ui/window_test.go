package ui

import (
	"errors"
	"strings"
	"testing"

	"gioui.org/app"
	"gioui.org/io/event"

	"gvpie/app/ui/display"
)

// goneView is what the toolkit says last of a window's view.
type goneView struct{ app.ViewEvent }

func (goneView) ImplementsEvent() {}
func (goneView) Valid() bool      { return false }

// A window's loop ends at the last event of the window: at the next the toolkit
// would open a second one, unless it is mended.
func TestHowAWindowEnds(t *testing.T) {
	broken, lost := errors.New("no OpenGL"), errors.New("wayland: display file descriptor gone")
	for _, tt := range []struct {
		name            string
		frames          int
		closed, unsaved bool
		last            event.Event
		want            string // of the error
	}{
		{"closed", 9, true, false, app.DestroyEvent{}, ""},
		{"the display never was", 0, false, false, app.DestroyEvent{Err: broken}, "there is no display to open a window on: no OpenGL. Without a window, "},
		{"it cannot be drawn", 1, true, false, app.DestroyEvent{Err: broken}, "the window could not be drawn: no OpenGL. Without a window, "},
		{"it cannot be drawn, and asks whether to close", 1, false, false, app.DestroyEvent{Err: broken}, "the window could not be drawn: no OpenGL. Without a window, "},
		{"the display went", 9, false, false, app.DestroyEvent{Err: lost}, "the display is gone, and the window with it"},
		{"the display went, with work in it", 9, false, true, app.DestroyEvent{Err: lost}, "unsaved text is kept and offered at the next start"},
	} {
		d := newDesk(t, 800, 600, 1)
		if tt.unsaved {
			d.model.NewDocument()
			d.awaitPictures()
			d.Write("CLS")
		}
		w := &window{bench: d.bench, frames: tt.frames, closed: tt.closed}
		done, err := w.take(tt.last)
		if !done || (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: the loop ends: %v, with %v", tt.name, done, err)
		}
	}
	w := &window{bench: newDesk(t, 800, 600, 1).bench, frames: 9, closed: true}
	if done, err := w.take(goneView{}); done == display.Mended || err != nil {
		t.Errorf("the view went: the loop ends: %v, with %v", done, err)
	}
}
