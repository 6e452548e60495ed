package ui

import (
	"image"
	"image/color"
	"strings"
	"testing"

	"gvpie/app/studio"
	"gvpie/app/studio/notice"
)

const broken = "; a panel with a slip in it\n.canvas 64 32\nCLS 0x000033\nRECT 5 8 54 13\nTXTT 8 10 HELLO GPU\nLOG drawn {W} x {H}\nJMP nowhere\nSET q = undefined_name + 1\nHALT\n"

// states of the window that pictures are taken of, at several sizes. Each is
// looked at when it changes; the test holds them to what can be told without
// eyes.
var scenes = []struct {
	name          string
	width, height int
	scale         float32
	set           func(d *desk)
}{
	{"panel", 1440, 900, 1, func(d *desk) { d.openExample("panel") }},
	{"plasma_2x", 1800, 1200, 2, func(d *desk) { d.openExample("plasma") }},
	{"small", 400, 300, 1, func(d *desk) { d.openExample("hello") }},
	{"small_2x", 800, 600, 2, func(d *desk) { d.openExample("sunset") }},
	{"medium", 900, 600, 1, func(d *desk) { d.openExample("starfield") }},
	{"light", 1440, 900, 1, func(d *desk) {
		d.bench.action("window.theme").Invoke()
		d.openExample("sunset")
	}},
	{"errors", 1440, 900, 1, func(d *desk) {
		d.openExample("hello")
		d.model.NewDocument()
		d.model.Edit(broken)
		d.bench.code.front().rev = 0
	}},
	{"palette", 1440, 900, 1, func(d *desk) { d.openExample("hello"); d.press("Ctrl-Shift-P"); d.write("vi") }},
	{"help", 1440, 900, 1, func(d *desk) { d.openExample("hello"); d.press("F1"); d.bench.modal.(*helpPage).page = 1 }},
	{"keys", 1440, 900, 1, func(d *desk) { d.openExample("hello"); d.press("F1"); d.bench.modal.(*helpPage).page = 3 }},
	{"tables", 1440, 900, 1, func(d *desk) {
		d.openExample("hello")
		d.press("F1")
		h := d.bench.modal.(*helpPage)
		h.page = 1
		d.frame()
		h.pages[1].scroll.GoTo(h.pages[1].headings[8])
	}},
	{"tour", 900, 600, 1, func(d *desk) { d.openExample("hello"); d.press("F1") }},
	{"help_small", 400, 300, 1, func(d *desk) { d.openExample("hello"); d.press("F1") }},
	{"open", 1440, 900, 1, func(d *desk) { d.openExample("hello"); d.press("Ctrl-O") }},
	{"save_small", 400, 300, 1, func(d *desk) { d.openExample("hello"); d.press("Ctrl-Shift-S") }},
	{"question", 1440, 900, 1, func(d *desk) {
		d.openExample("hello")
		d.write("; mine\n")
		d.press("Ctrl-W")
	}},
	{"welcome", 1440, 900, 1, func(d *desk) {}},
	{"welcome_small", 400, 300, 1, func(d *desk) {}},
	{"menu", 1440, 900, 1, func(d *desk) { d.openExample("hello"); d.click("more actions") }},
	{"menu_small", 400, 300, 1, func(d *desk) { d.openExample("hello"); d.frame(); d.click("more actions") }},
	{"notices", 1440, 900, 1, func(d *desk) {
		d.openExample("hello")
		d.model.Notify(notice.Problem, "cannot save /mnt/full/night.pxl: the disk is full; the text is still here, save it somewhere else (no space left on device)")
		d.model.Notify(notice.Warning, "night.pxl is gone from the disk; its text is still here")
		d.model.Notify(notice.Done, "Saved night.pxl")
		d.bench.Recovered([]studio.Recovered{{Name: "night.pxl", Text: "HALT"}})
	}},
	{"beside_tabs", 1440, 900, 1, func(d *desk) {
		for _, n := range []string{"hello", "panel", "clock", "life", "maze", "snake", "wave", "dragon"} {
			d.openExample(n)
		}
		d.press("Ctrl-1")
	}},
	{"tabs_small", 480, 320, 1, func(d *desk) {
		for _, n := range []string{"hello", "panel", "clock", "life", "maze", "snake"} {
			d.openExample(n)
		}
		d.press("Ctrl-3")
	}},
	{"views_menu", 1000, 640, 1, func(d *desk) { d.openExample("maze"); d.frame(); d.click("views") }},
	{"log", 1440, 900, 1, func(d *desk) {
		d.model.NewDocument()
		d.model.Edit("FOR i = 1 TO 12\n  LOG line {i} of the log\nEND\nPLOT 1 1 red\nHALT\n")
		d.press("Ctrl-Shift-L")
	}},
}

func TestWindowAtEverySizeAndState(t *testing.T) {
	for _, s := range scenes {
		t.Run(s.name, func(t *testing.T) {
			d := newDesk(t, s.width, s.height, s.scale)
			d.frame()
			s.set(d)
			d.settled()
			img := d.shoot(s.name)
			if n := colors(img); n < 24 {
				t.Errorf("the picture has %d colours: nothing is drawn", n)
			}
			d.holdsTogether()
		})
	}
}

// colors counts the colours of a picture.
func colors(img *image.RGBA) int {
	seen := map[color.RGBA]bool{}
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			seen[img.RGBAAt(x, y)] = true
		}
	}
	return len(seen)
}

// holdsTogether checks that whatever can be pressed lies in the window and is
// big enough to be hit.
func (d *desk) holdsTogether() {
	d.t.Helper()
	window := image.Rectangle{Max: d.size}
	least := int(16 * d.metric.PxPerDp)
	for _, n := range d.nodes() {
		if n.Desc.Gestures == 0 || n.Desc.Label == "" {
			continue
		}
		r := n.Desc.Bounds
		if r.Empty() {
			continue
		}
		// Rows of a list that is scrolled may lie above or below, tabs beside.
		scrolled := strings.HasPrefix(n.Desc.Label, "tab ") || strings.HasPrefix(n.Desc.Label, "close ")
		if !scrolled && (r.Min.X < 0 || r.Max.X > window.Max.X) {
			d.t.Errorf("%q at %v is out of the window %v", n.Desc.Label, r, window)
		}
		if r.Dx() < least || r.Dy() < least {
			d.t.Errorf("%q is only %v", n.Desc.Label, r.Size())
		}
	}
}
