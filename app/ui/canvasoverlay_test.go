package ui

import (
	"testing"

	"gvpie/app/studio/debugger"
)

const drawnTwice = ".canvas 64 36 pixel\nSET n = 0\nloop:\nSET k = n & 7\nEACH\n  SET v = px * 4 + k\n  IF v > 100\n    SET v = v / 3\n  END\n  PUT rgb(v, 40, 255 - v)\nEND\nCIRC 20 20 5 red\nSET n = n + 1\nFRAME\nJMP loop\n"

func TestOverlaysTellOfEachTexel(t *testing.T) {
	for _, tt := range []struct {
		name          string
		width, height int
	}{{"dark", 1440, 900}, {"light", 800, 600}} {
		d := newDesk(t, tt.width, tt.height, 1)
		d.model.NewDocument()
		d.model.Edit(drawnTwice)
		d.bench.code.front().rev = 0
		d.Until("it runs", func() bool { return d.model.RunState().Frames > 2 })
		if tt.name == "light" {
			d.bench.action("theme.light").Invoke()
		}
		if d.bench.action("overlay.heat").On() {
			t.Error("there are overlays of a running program")
		}
		d.Press("F11")
		look := d.model.Debugger()
		d.Until("it is looked at", func() bool { return look.Now() != nil && !look.Busy() })
		d.awaitPictures()
		point := func() { d.MoveTo(d.onView(humanSlot, 20, 20)) }
		show := func(kind debugger.OverlayKind, title, says string) {
			t.Helper()
			d.Click("overlays")
			d.Click(title)
			point()
			d.Until("it is there", func() bool { return look.Overlays().Kind() == kind && look.Overlays().Found() != nil })
			d.Frame()
			d.Shoot("overlay_" + tt.name + title[:6])
			d.MustFind(says)
		}
		at := func(says string) string { return "20, 20: " + says }
		show(debugger.Overdraw, "Commands a texel", at("2"))
		show(debugger.Heat, "Cycles a texel", at("7"))
		show(debugger.Changed, "Changed since the frame before", at("as it was"))
		d.Click("overlays")
		d.Click("An expression of EACH…")
		if d.Frame(); tt.name == "light" { // the field is over the texel
			d.Shoot("overlay_asking")
			continue
		}
		d.Write("v > 50")
		d.Press("⏎")
		point()
		d.Until("it is there", func() bool { _, ok := d.Find(at("1")); return ok })
		d.Shoot("overlay_" + tt.name + "expression")
		d.Write(" +")
		d.Press("⏎")
		d.Until("it says what is wrong", func() bool { return look.Overlays().Problem() != "" })
		d.Shoot("overlay_" + tt.name + "wrong")
		d.Click("no overlay")
		if _, ok := d.Find("legend of the overlay"); ok {
			t.Error("closed, it is there")
		}
	}
}
