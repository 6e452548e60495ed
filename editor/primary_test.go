package editor

import (
	"slices"
	"testing"

	"gioui.org/f32"
	"gioui.org/io/key"
	"gioui.org/io/pointer"
)

// middle clicks the middle button, and gives the frame's events.
func (b *bench) middle(at f32.Point) []Event {
	e := pointer.Event{Kind: pointer.Press, Source: pointer.Mouse, Buttons: pointer.ButtonTertiary, Position: at}
	b.router.Queue(e)
	events := b.frame()
	e.Kind, e.Buttons = pointer.Release, 0
	b.router.Queue(e)
	b.frame()
	return events
}

func TestTheMiddleButtonPutsTheCaretAndAsksForThePaste(t *testing.T) {
	b := open(t, "CLS\nFRAME\n")
	b.click(b.pointAt(1), 2, 0)
	b.is("[CLS|\nFRAME\n")
	if !slices.Contains(b.middle(b.pointAt(6)), Event(PasteAsked{})) {
		t.Error("a middle click in the text asks for nothing")
	}
	b.is("CLS\nFR|AME\n")
	b.input("x")
	b.PasteText("1\r\n2\x00")
	events := b.frame()
	b.is("CLS\nFRx1\n2|AME\n")
	if !slices.Contains(events, Event(Pasted{7, 10})) || b.notice == "" {
		t.Errorf("of the paste it says %v, and %q", events, b.notice)
	}
	b.Undo()
	b.is("CLS\nFRx|AME\n")
	b.Undo()
	b.is("CLS\nFR|AME\n")

	for _, beside := range []f32.Point{f32.Pt(3, b.pointAt(0).Y), f32.Pt(float32(b.geometry.vbar.Min.X+1), b.pointAt(0).Y)} {
		if slices.Contains(b.middle(beside), Event(PasteAsked{})) {
			t.Errorf("a middle click at %v, beside the text, asks for a paste", beside)
		}
	}
	b.ReadOnly(true)
	if slices.Contains(b.middle(b.pointAt(0)), Event(PasteAsked{})) {
		t.Error("a read-only text asks for a paste")
	}
	b.PasteText("more")
	b.is("CLS\nFR|AME\n")
}

func TestWhatIsSelectedByHandIsTold(t *testing.T) {
	b := open(t, "CLS\nFRAME\n")
	b.SetSelection(0, 3)
	want := func(what string, want ...Selected) {
		t.Helper()
		var got []Selected
		for _, e := range b.frame() {
			if e, ok := e.(Selected); ok {
				got = append(got, e)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: it tells of %v, want %v", what, got, want)
		}
	}
	want("a selection that nobody made by hand")
	drag := func(kind pointer.Kind, buttons pointer.Buttons, offset int) {
		b.router.Queue(pointer.Event{Kind: kind, Source: pointer.Mouse, Buttons: buttons, Position: b.pointAt(offset)})
	}
	drag(pointer.Press, pointer.ButtonPrimary, 1)
	drag(pointer.Move, pointer.ButtonPrimary, 3)
	want("while it is dragged")
	drag(pointer.Move, pointer.ButtonPrimary, 6)
	drag(pointer.Release, 0, 6)
	want("when it is let go of", Selected{1, 6})
	want("a frame in which nothing happens")
	b.router.Queue(key.Event{Name: key.NameLeftArrow, Modifiers: key.ModShift, State: key.Press})
	want("by Shift and an arrow", Selected{1, 5})
	b.router.Queue(key.Event{Name: key.NameLeftArrow, State: key.Press})
	want("when it is given up")
}
