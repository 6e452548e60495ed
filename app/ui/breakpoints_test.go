package ui

import (
	"image"
	"slices"
	"testing"

	"gioui.org/io/key"
	"gioui.org/io/pointer"
	"gioui.org/layout"

	"gvpie/editor"
)

func TestABreakpointIsToldWhatItAsksFor(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.openExample("bounce")
	d.Until("it is running", func() bool { return d.model.RunState().Frames > 3 })
	text := d.MustFind("program text").Bounds
	at := text.Min.Add(image.Pt(8, 40))
	ask := func() {
		t.Helper()
		d.Send(pointer.Event{Kind: pointer.Press, Source: pointer.Mouse, Position: layout.FPt(at), Buttons: pointer.ButtonSecondary})
		d.Send(pointer.Event{Kind: pointer.Release, Source: pointer.Mouse, Position: layout.FPt(at)})
	}
	breaks := &d.bench.code.front().edit.Breaks
	ask()
	if card := d.MustFind("Stops where").Bounds; card.Min.X > text.Max.X || card.Min.Y > at.Y+200 {
		t.Errorf("the card stands at %v, far from %v", card, at)
	}
	d.Write("frame +")
	d.Send(key.Event{Name: key.NameReturn, State: key.Press})
	if len(breaks.All()) != 0 || d.bench.dialogs.front == nil {
		t.Fatal("a condition that is none is taken")
	}
	d.Press("Ctrl-A")
	d.Write("frame % 100 == 0")
	d.Click("Hits")
	d.Write(">= 2")
	d.Send(key.Event{Name: key.NameReturn, State: key.Press})
	if d.bench.dialogs.front != nil || len(breaks.All()) != 1 {
		t.Fatalf("it has %+v", breaks.All())
	}
	is := breaks.All()[0]
	if want := (editor.Break{Line: is.Line, Condition: "frame % 100 == 0", Hits: ">= 2"}); is != want {
		t.Errorf("it is %+v, want %+v", is, want)
	}
	ask()
	d.Click("Remove")
	if len(breaks.All()) != 0 {
		t.Error("it cannot be removed")
	}
	d.bench.code.gotoLine(41, 1)
	d.Frame()
	d.Press("Ctrl-Shift-F9")
	d.Click("Writes, in place of stopping")
	d.Write("ball {i}")
	d.Click("Set")
	if got := breaks.All(); len(got) != 1 || got[0].Line != 41 || got[0].Log != "ball {i}" {
		t.Errorf("by key it is %+v", got)
	}
	d.Until("what it writes is in the log", func() bool { return slices.ContainsFunc(logTexts(d), func(s string) bool { return s == "ball 3" }) })
	if !d.model.RunState().Playing {
		t.Error("one that writes stops")
	}
}

// logTexts are the lines of the log.
func logTexts(d *desk) (out []string) {
	for _, l := range d.model.Log() {
		out = append(out, l.Text)
	}
	return out
}
