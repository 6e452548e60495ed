package ui

import (
	"testing"

	"gioui.org/app"

	"gvpie/app/studio/notice"
	"gvpie/app/ui/kit/kittest"
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
		d.bench.action("theme.light").Invoke()
		d.openExample("sunset")
	}},
	{"errors", 1440, 900, 1, func(d *desk) {
		d.openExample("hello")
		d.model.NewDocument()
		d.model.Edit(broken)
		d.bench.code.front().rev = 0
	}},
	{"palette", 1440, 900, 1, func(d *desk) { d.openExample("hello"); d.Press("Ctrl-Shift-P"); d.Write("vi") }},
	{"help", 1440, 900, 1, func(d *desk) { d.openExample("hello"); d.Press("F1"); d.bench.dialogs.front.(*helpPage).page = 1 }},
	{"keys", 1440, 900, 1, func(d *desk) { d.openExample("hello"); d.Press("F1"); d.bench.dialogs.front.(*helpPage).page = 3 }},
	{"tables", 1440, 900, 1, func(d *desk) {
		d.openExample("hello")
		d.Press("F1")
		h := d.bench.dialogs.front.(*helpPage)
		h.page = 1
		d.Frame()
		h.pages[1].scroll.GoTo(h.pages[1].headings[8])
	}},
	{"help_found", 1440, 900, 1, func(d *desk) { d.openExample("hello"); d.Press("F1"); d.Write("shift"); d.Press("⏎") }},
	{"help_found_small", 400, 300, 1, func(d *desk) { d.openExample("hello"); d.Press("F1"); d.Write("shift") }},
	{"last_good", 1440, 900, 1, func(d *desk) { d.openExample("bounce"); d.Write("PLOT (\n"); d.Press("↓") }},
	{"last_good_small", 400, 300, 1, func(d *desk) { d.openExample("bounce"); d.Write("PLOT (\n"); d.Press("↓") }},
	{"paused", 800, 600, 1, func(d *desk) { d.openExample("bounce"); d.Press("F6") }},
	{"debugger", 1440, 900, 1, func(d *desk) { d.openExample("bounce"); d.Press("F11") }},
	{"tour", 900, 600, 1, func(d *desk) { d.openExample("hello"); d.Press("F1") }},
	{"help_small", 400, 300, 1, func(d *desk) { d.openExample("hello"); d.Press("F1") }},
	{"open", 1440, 900, 1, func(d *desk) { d.openExample("hello"); d.Press("Ctrl-O") }},
	{"save_small", 400, 300, 1, func(d *desk) { d.openExample("hello"); d.Press("Ctrl-Shift-S") }},
	{"question", 1440, 900, 1, func(d *desk) {
		d.openExample("hello")
		d.Write("; mine\n")
		d.Press("Ctrl-W")
	}},
	{"welcome", 1440, 900, 1, func(d *desk) {}},
	{"welcome_small", 400, 300, 1, func(d *desk) {}},
	{"menu", 1440, 900, 1, func(d *desk) { d.openExample("hello"); d.Click("more actions") }},
	{"menu_small", 400, 300, 1, func(d *desk) { d.openExample("hello"); d.Frame(); d.Click("more actions") }},
	{"titlebar", 1440, 900, 1, func(d *desk) {
		d.openExample("hello")
		d.bench.configure(app.Config{Mode: app.Windowed})
	}},
	{"notices", 1440, 900, 1, func(d *desk) {
		d.openExample("hello")
		d.model.Notify(notice.Problem, "cannot save /mnt/full/night.pxl: the disk is full; the text is still here, save it somewhere else (no space left on device)")
		d.model.Notify(notice.Warning, "night.pxl is gone from the disk; its text is still here")
		d.model.Notify(notice.Done, "Saved night.pxl")
	}},
	{"beside_tabs", 1440, 900, 1, func(d *desk) {
		for _, n := range []string{"hello", "panel", "clock", "life", "maze", "snake", "wave", "dragon"} {
			d.openExample(n)
		}
		d.Press("Ctrl-1")
	}},
	{"tabs_small", 480, 320, 1, func(d *desk) {
		for _, n := range []string{"hello", "panel", "clock", "life", "maze", "snake"} {
			d.openExample(n)
		}
		d.Press("Ctrl-3")
	}},
	{"views_menu", 1000, 640, 1, func(d *desk) { d.openExample("maze"); d.Frame(); d.Click("views") }},
	{"log", 1440, 900, 1, func(d *desk) {
		d.model.NewDocument()
		d.model.Edit("FOR i = 1 TO 12\n  LOG line {i} of the log\nEND\nPLOT 1 1 red\nHALT\n")
		d.Press("Ctrl-Shift-L")
	}},
}

func TestWindowAtEverySizeAndState(t *testing.T) {
	for _, s := range scenes {
		t.Run(s.name, func(t *testing.T) {
			d := newDesk(t, s.width, s.height, s.scale)
			d.Frame()
			s.set(d)
			d.awaitPictures()
			img := d.Shoot(s.name)
			if n := kittest.Colors(img); n < 24 {
				t.Errorf("the picture has %d colours: nothing is drawn", n)
			}
			d.CheckLayout()
		})
	}
}
