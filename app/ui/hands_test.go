package ui

import (
	"image"
	"math/rand"
	"testing"

	"gioui.org/f32"
	"gioui.org/io/pointer"

	"gvpie/app/studio"
	"gvpie/app/studio/recovery"
	"gvpie/app/ui/kit/kittest"
)

// careless is what hands that know nothing press and write. Nothing here leads
// a dialog out of the test's own folder.
var (
	carelessKeys = []string{
		"F1", "F5", "F6", "F8", "F9", "F10", "Ctrl-R", "Ctrl-N", "Ctrl-O", "Ctrl-W", "Ctrl-Q", "Ctrl-Tab", "Ctrl-Shift-P",
		"Ctrl-B", "Ctrl-J", "Ctrl-1", "Ctrl-2", "Ctrl-3", "Ctrl-4", "Ctrl-0", "Ctrl-F", "Ctrl-Z", "Ctrl-/",
		"V", "L", "G", "⏎", "⎋", "↓", "↑", "⇞", "⇟", "⌫", "Tab",
	}
	carelessText  = []string{"RECT 1 1 9 9\n", "TXTT\n", "x", "FOR i = 0 TO 9\n", "END\n", "view"}
	carelessShuns = map[string]bool{"Save": true, "Replace": true, "folder above": true, "Save as…": true}
)

func TestCarelessHandsBreakNothing(t *testing.T) {
	for seed := range int64(6) {
		r := rand.New(rand.NewSource(seed))
		d := newDeskOf(t, 900, 600, 1, studio.Config{Recovery: leave(t, recovery.Text{Name: "night.pxl", Text: "TXT 1 1 night\n"})})
		d.openExample("bounce")
		for range 250 {
			d.careless(r)
		}
		d.bench.dialogs.front = nil
		d.bench.canvases.leave()
		d.Size = image.Pt(1440, 900)
		d.model.NewDocument()
		d.awaitPictures()
		before := d.pixels(machineSlot)
		d.Write("FILL 0 0 128 64 red\nHALT\n")
		d.bench.canvases.setMode(Stacked)
		view := d.bench.canvases.views[machineSlot]
		view.page, view.chosen = 0, true
		d.Until("the window still works", func() bool { return d.pixels(machineSlot) != before })
	}
}

// careless does one thing that nobody would.
func (d *desk) careless(r *rand.Rand) {
	anywhere := func() image.Point { return image.Pt(r.Intn(d.Size.X+1), r.Intn(d.Size.Y+1)) }
	switch r.Intn(8) {
	case 0, 1, 2:
		d.Press(carelessKeys[r.Intn(len(carelessKeys))])
	case 3:
		nodes := d.Nodes()
		if n := nodes[r.Intn(len(nodes))].Desc; n.Gestures != 0 && !carelessShuns[n.Label] {
			d.ClickAt(kittest.Center(n))
		}
	case 4:
		d.Write(carelessText[r.Intn(len(carelessText))])
	case 5:
		d.Size = image.Pt(1+r.Intn(1600), 1+r.Intn(1000))
		d.Frame()
	case 6:
		d.MoveTo(anywhere())
	case 7:
		p, q := anywhere(), anywhere()
		from, to := f32.Pt(float32(p.X), float32(p.Y)), f32.Pt(float32(q.X), float32(q.Y))
		d.Send(
			pointer.Event{Kind: pointer.Move, Source: pointer.Mouse, Position: to},
			pointer.Event{Kind: pointer.Scroll, Source: pointer.Mouse, Position: to, Scroll: f32.Pt(0, float32(r.Intn(41)-20))},
		)
		if n, ok := d.Find("folder above"); ok && (p.In(n.Bounds) || q.In(n.Bounds)) {
			return
		}
		d.Send(
			pointer.Event{Kind: pointer.Press, Source: pointer.Mouse, Buttons: pointer.ButtonPrimary, Position: from},
			pointer.Event{Kind: pointer.Move, Source: pointer.Mouse, Buttons: pointer.ButtonPrimary, Position: to},
			pointer.Event{Kind: pointer.Release, Source: pointer.Mouse, Position: to},
		)
	}
}
