package editor

import (
	"testing"

	"gioui.org/io/key"
	"gioui.org/io/pointer"
)

// A busy machine has a click and what follows it come in one frame.
func TestAKeyAfterAClickMeansThePlaceClickedOn(t *testing.T) {
	b := open(t, "one\ntwo\n")
	at := b.pointAt(5)
	for _, kind := range []pointer.Kind{pointer.Press, pointer.Release} {
		e := pointer.Event{Kind: kind, Source: pointer.Mouse, Position: at}
		if kind == pointer.Press {
			e.Buttons = pointer.ButtonPrimary
		}
		b.router.Queue(e)
	}
	b.router.Queue(key.Event{Name: key.NameHome, Modifiers: key.ModShortcut, State: key.Press})
	b.frame()
	b.frame()
	if line, column := b.Caret(); line != 1 || column != 1 {
		t.Errorf("after a click and Ctrl-Home the caret is at %d:%d", line, column)
	}
}

func TestUpdateUntilStopsAtAnothersKey(t *testing.T) {
	save := key.Filter{Name: "S", Required: key.ModShortcut}
	b := open(t, "")
	b.UpdateUntil(b.context(), save) // a key that nobody asked for the frame before is dropped
	b.frame()
	b.router.Queue(key.EditEvent{Text: "a"})
	b.router.Queue(key.Event{Name: "S", Modifiers: key.ModShortcut, State: key.Press})
	b.router.Queue(key.EditEvent{Range: key.Range{Start: 1, End: 1}, Text: "b"})
	events, other, ok := b.UpdateUntil(b.context(), save)
	if !ok || other.Name != "S" || b.Text() != "a" || len(events) == 0 {
		t.Errorf("at the key the text is %q, the events %v, the key %v, %t", b.Text(), events, other, ok)
	}
	if _, _, ok := b.UpdateUntil(b.context(), save); ok || b.Text() != "ab" {
		t.Errorf("after the key the text is %q, and another key %t", b.Text(), ok)
	}
}
