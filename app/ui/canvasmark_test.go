package ui

import (
	"image"
	"strings"
	"testing"

	"gvpie/app/studio/debugger"
	"gvpie/editor"
)

// TestWhatTheCaretsLineDrewIsMarkedWhilePaused: in both views, unless an overlay is chosen,
// the line is lit already, or nobody wants it.
func TestWhatTheCaretsLineDrewIsMarkedWhilePaused(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.model.NewDocument()
	d.model.Edit(drawnTwice)
	d.bench.code.front().rev = 0
	d.Until("it runs", func() bool { return d.model.RunState().Frames > 2 })
	look, mark := d.model.Debugger(), d.model.Debugger().Overlays().Caret()
	to := func(text string) {
		t.Helper()
		before, _, _ := strings.Cut(drawnTwice, text)
		d.bench.code.gotoLine(strings.Count(before, "\n")+1, 1)
		d.Frame()
	}
	settled := func() bool { return look.Now() != nil && !look.Busy() }
	d.Press("F11")
	d.Until("it is looked at", settled)
	d.awaitPictures()
	marked := func() bool { return mark.Mark() != nil }
	shown := func(name string) (colors [2][2]int) {
		t.Helper()
		img := d.Shoot("mark_" + name)
		for slot := range colors {
			for i, texel := range []image.Point{{20, 15}, {50, 5}} { // of the circle's edge, and far from it
				at := d.onView(slot, texel.X, texel.Y)
				c := img.RGBAAt(int(at.X), int(at.Y))
				colors[slot][i] = int(c.R)<<16 | int(c.G)<<8 | int(c.B)
			}
		}
		return colors
	}
	notes := func() editor.Notes { return d.bench.code.front().edit.Notes }
	d.Until("lines have their costs", func() bool {
		if notes().Costs == nil {
			return false
		}
		hits, cycles, ok := notes().Costs(6) // of a block
		return ok && hits == 64*36 && cycles >= hits
	})
	d.Click("overlays")
	d.Click("Hits and cost of each line")
	if d.Frame(); notes().Costs != nil {
		t.Error("taken away, the costs are there")
	}
	d.bench.action("overlay.costs").Invoke()
	to("SET n = n + 1")
	d.Frame()
	bare := shown("none")
	to("CIRC 20 20 5 red")
	d.Until("it is marked", marked)
	d.Frame()
	for slot, c := range shown("circle") {
		if c[0] == bare[slot][0] || c[1] != bare[slot][1] {
			t.Errorf("view %d: %06X where it drew, was %06X; %06X elsewhere, was %06X", slot, c[0], bare[slot][0], c[1], bare[slot][1])
		}
	}
	gone := func(why string) {
		t.Helper()
		d.Frame()
		if marked() {
			t.Error("it is marked " + why)
		}
		if c := shown("gone"); look.Overlays().Kind() == debugger.NoOverlay && !d.bench.canvases.lit && c != bare {
			t.Errorf("%s the views show %06X, want %06X", why, c, bare)
		}
	}
	d.bench.action("overlay.heat").Invoke()
	d.Until("the overlay is there", func() bool { return look.Overlays().Found() != nil })
	gone("under an overlay")
	d.bench.action("overlay.heat").Invoke()
	d.Until("it is marked", marked)
	d.bench.action("view.lit").Invoke()
	gone("though the line is lit")
	d.bench.action("view.lit").Invoke()
	d.Until("it is marked", marked)
	d.Click("overlays")
	d.Click("What the caret's line drew")
	gone("though it was taken away")
	d.Click("overlays")
	d.Click("What the caret's line drew")
	d.Until("it is marked", marked)
	d.bench.action("window.log").Invoke()
	d.Until("the debugger is closed", func() bool { return !look.Open() })
	if d.Frame(); marked() || notes().Costs != nil {
		t.Error("the debugger is closed, and there are its marks")
	}
}
