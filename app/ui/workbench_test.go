package ui

import (
	"image"
	"strings"
	"testing"

	"gioui.org/f32"
	"gioui.org/io/input"
	"gioui.org/io/key"
	"gioui.org/io/pointer"

	"gvpie/app/studio"
	"gvpie/app/ui/kit"
	"gvpie/runtime/machine"
)

func TestAnExampleOpensFromTheSidebarAndIsRun(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.frame()
	d.click("hello")
	d.until("hello has run", func() bool { return d.model.RunState().Phase == studio.Halted })
	d.settled()
	if img, _, _ := d.model.Picture(humanSlot); img == nil {
		t.Fatal("there is no picture of the human view")
	}
	if n := d.mustFind("tab hello.pxl"); !n.Selected {
		t.Error("the tab of the program just opened is not the selected one")
	}
}

// pixels is the picture of a slot, comparable.
func (d *desk) pixels(slot int) string {
	img, _, _ := d.model.Picture(slot)
	if img == nil {
		return ""
	}
	return string(img.Pix)
}

func TestRunAndPauseAreOneButton(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.openExample("bounce")
	d.until("it is running", func() bool { return d.model.RunState().Frames > 2 })
	d.click("Pause")
	if d.model.RunState().Playing {
		t.Fatal("Pause did not pause")
	}
	d.click("Run")
	if !d.model.RunState().Playing {
		t.Fatal("Run did not run")
	}
	d.press("F6")
	d.until("the pause is known", func() bool { _, ok := d.find("Run"); return ok })
	frames := d.model.RunState().Report.Frame
	d.click("Step a frame")
	d.until("a frame was run", func() bool { return d.model.RunState().Report.Frame > frames })
	d.click("Reset")
	d.until("it is back at the start", func() bool { return d.model.RunState().Report.Frame <= 1 })
}

func TestVGoesThroughTheViewsUnlessTextIsEdited(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.openExample("hello")
	d.settled()
	d.press("V")
	if d.bench.canvases.mode != Stacked {
		t.Fatal("V switched the views while the editor had the keyboard")
	}
	d.clickAt(center(d.mustFind("machine view")))
	for i, want := range []Mode{MachineAlone, HumanAlone, Stacked} {
		d.press("V")
		if got := d.bench.canvases.mode; got != want {
			t.Errorf("after %d V the mode is %d, want %d", i+1, got, want)
		}
	}
	d.press("Ctrl-1")
	d.press("V")
	d.press("V")
	d.press("V")
	if d.bench.canvases.mode != Beside {
		t.Error("V does not come back to the views side by side")
	}
}

func center(n input.SemanticDesc) image.Point { return n.Bounds.Min.Add(n.Bounds.Size().Div(2)) }

func TestThePaletteFindsAndDoesAnAction(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.openExample("hello")
	d.press("Ctrl-Shift-P")
	d.mustFind("find an action")
	d.write("sidebar")
	d.mustFind("action Sidebar")
	d.press("⏎")
	if d.bench.showSide {
		t.Error("the palette did not hide the sidebar")
	}
	if d.bench.modal != nil {
		t.Error("the palette stays open after an action")
	}
	d.frame()
	if !d.bench.code.typing(d.context()) {
		t.Error("the editor has not got the keyboard back")
	}
}

func TestEveryActionHasATitleAndAKeyOfItsOwn(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	keys := map[string]string{}
	for _, a := range d.bench.actions {
		if a.Title == "" || a.ID == "" {
			t.Errorf("%+v has no name", a)
		}
		if a.Keys == "" {
			continue
		}
		if other := keys[a.Keys]; other != "" {
			t.Errorf("%s and %s have the same key %s", a.ID, other, a.Keys)
		}
		keys[a.Keys] = a.ID
	}
	for _, a := range d.model.Actions() {
		if a.ID != "file.save" && d.bench.action(a.ID) != a {
			t.Errorf("the model's action %s is not offered", a.ID)
		}
	}
}

func TestTheStatusLineNamesTheTexelUnderThePointer(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.model.NewDocument()
	d.settled()
	d.write("FILL 0 0 128 64 red\nHALT\n")
	d.settled()
	d.moveTo(center(d.mustFind("machine view")))
	d.until("the texel is known", func() bool { return strings.Contains(d.bench.pointedAt(), "written by line 1") })
	if !strings.Contains(d.bench.pointedAt(), "paper red") {
		t.Errorf("the status line says %q", d.bench.pointedAt())
	}
}

func TestTheSplitterMoves(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.openExample("hello")
	d.frame()
	at := func(x float32) f32.Point { return f32.Pt(x, 300) }
	d.send(
		pointer.Event{Kind: pointer.Move, Source: pointer.Mouse, Position: at(208)},
		pointer.Event{Kind: pointer.Press, Source: pointer.Mouse, Buttons: pointer.ButtonPrimary, Position: at(208)},
		pointer.Event{Kind: pointer.Move, Source: pointer.Mouse, Buttons: pointer.ButtonPrimary, Position: at(260)},
		pointer.Event{Kind: pointer.Move, Source: pointer.Mouse, Buttons: pointer.ButtonPrimary, Position: at(300)},
		pointer.Event{Kind: pointer.Release, Source: pointer.Mouse, Position: at(300)},
	)
	if got := d.bench.sideSplit.Size; got < 296 || got > 304 {
		t.Errorf("the sidebar is %v wide after a drag to 300", got)
	}
}

func TestPlayGivesMouseAndKeysToTheProgram(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.openExample("snake")
	d.settled()
	d.click("mouse and keys to the program")
	d.press("V")
	if d.bench.canvases.mode != Stacked {
		t.Error("V switched the views though the program has the keys")
	}
	d.clickAt(center(d.mustFind("human view")))
	if in := d.bench.canvases.input; in.MouseX <= 0 || in.MouseY <= 0 {
		t.Errorf("the program is told of the mouse at %d, %d", in.MouseX, in.MouseY)
	}
	d.press("F9")
	if d.bench.canvases.playing() {
		t.Error("F9 did not take mouse and keys back")
	}
}

func TestAnIdleWindowAsksForNoFrame(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.openExample("hello")
	d.settled()
	d.until("hello has halted", func() bool { return d.model.RunState().Phase == studio.Halted })
	d.clickAt(center(d.mustFind("machine view"))) // away from the editor and its caret
	d.settled()
	asks := true
	for range 60 { // the last answers come, the caret's last blink passes
		select {
		case <-d.woken:
		default:
		}
		d.frame()
		_, asks = d.router.WakeupTime()
	}
	if asks {
		t.Error("an idle window goes on asking for frames")
	}
	select {
	case <-d.woken:
		t.Error("the model wakes the window though nothing happens")
	default:
	}
}

func TestMenusOpenChooseAndClose(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.openExample("hello")
	d.settled()
	d.click("machine page")
	d.click("writer")
	if got := d.bench.canvases.views[machineSlot].page.String(); got != "writer" {
		t.Errorf("the page shown is %s", got)
	}
	d.click("machine page")
	d.press("↓")
	d.press("⏎")
	if got := d.bench.canvases.views[machineSlot].page.String(); got != "program" {
		t.Errorf("with the keyboard, the page shown is %s", got)
	}
	d.click("machine page")
	d.clickAt(image.Pt(600, 500))
	if d.bench.canvases.views[machineSlot].pages.Open() {
		t.Error("a press elsewhere leaves the menu open")
	}
}

func TestEveryExampleIsShownWithoutProblems(t *testing.T) {
	d := newDesk(t, 1024, 700, 1)
	for _, e := range d.bench.side.examples {
		d.model.OpenExample(e.Name, e.Source)
		d.settled()
		if p := d.model.Problems(); len(p) > 0 {
			t.Errorf("%s: %s", e.Name, p[0].Message)
		}
		if d.pixels(humanSlot) == "" {
			t.Errorf("%s has no picture", e.Name)
		}
	}
}

func TestNoSizeBreaksTheWindow(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.openExample("panel")
	d.model.Edit("TXTT\n")
	modals := []func(){func() { d.bench.modal = nil }, d.bench.openPalette, d.bench.openHelp, d.bench.openDialog, func() { d.bench.closeTab(0) }}
	for _, size := range []image.Point{{1, 1}, {0, 0}, {30, 2000}, {3000, 20}, {120, 90}, {400, 300}, {640, 480}, {7680, 1000}} {
		for _, scale := range []float32{1, 1.5, 3} {
			d.size, d.metric.PxPerDp, d.metric.PxPerSp = size, scale, scale
			for _, open := range modals {
				d.bench.modal = nil
				open()
				d.frame()
				d.frame()
			}
		}
	}
}

func BenchmarkFrame(b *testing.B) {
	d := newDesk(b, 1440, 900, 1)
	d.openExample("panel")
	d.settled()
	d.press("F6")
	b.ResetTimer()
	for b.Loop() {
		d.frame()
	}
}

func TestASmallWindowShowsItsPanelsWhenAsked(t *testing.T) {
	d := newDesk(t, 400, 300, 1)
	d.openExample("hello")
	d.settled()
	if _, ok := d.find("panel Log"); ok {
		t.Error("a low window shows the bottom panel")
	}
	d.click("toggle Bottom panel")
	d.mustFind("panel Log")
	d.press("Ctrl-J")
	d.click("toggle Sidebar")
	d.click("panel")
	d.until("the example is open", func() bool { return d.model.Active().Example == "panel" })
	if _, ok := d.find("clock"); ok {
		t.Error("the sidebar stays over the program it opened")
	}
}

func TestKeysAreReadAsWritten(t *testing.T) {
	for s, want := range map[string]kit.Chord{
		"F5":           {Name: "F5"},
		"V":            {Name: "V"},
		"Ctrl-Shift-P": {Name: "P", Mods: key.ModShortcut | key.ModShift},
		"Ctrl-Tab":     {Name: key.NameTab, Mods: key.ModShortcut},
		"Ctrl-/":       {Name: "/", Mods: key.ModShortcut},
		"Ctrl--":       {Name: "-", Mods: key.ModShortcut},
	} {
		if got, ok := kit.ParseKeys(s); !ok || got != want {
			t.Errorf("%s is read as %+v", s, got)
		}
	}
	for _, s := range []string{"", "Hyper-X"} {
		if c, ok := kit.ParseKeys(s); ok {
			t.Errorf("%q is read as %+v", s, c)
		}
	}
}

func TestEveryPageOfTheMachineCanBeShown(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.openExample("panel")
	d.settled()
	view := d.bench.canvases.views[machineSlot]
	for i, p := range pageNames {
		view.page = machine.Page(i)
		d.settled()
		if _, v, _ := d.model.Picture(machineSlot); v.Page != machine.Page(i) {
			t.Errorf("the picture is of the %s page, not the %s page", v.Page, p.name)
		}
		d.mustFind(p.name)
	}
}

func TestTheCaretsLineLightsWhatItDrew(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.model.NewDocument()
	d.settled()
	d.write("RECT 0 0 9 9\nRECT 20 20 9 9\nHALT\n")
	d.bench.code.gotoLine(2, 1)
	d.settled()
	d.clickAt(center(d.mustFind("machine view")))
	d.bench.code.gotoLine(2, 1)
	d.bench.code.wantFocus = false
	d.press("L")
	d.settled()
	_, v, _ := d.model.Picture(machineSlot)
	spans := d.model.Active().Live().Map.Line(2)
	if len(spans) != 1 || v.LitFrom != uint32(spans[0].From) || v.LitTo != uint32(spans[0].To) {
		t.Errorf("lit is %d…%d, line 2 is at %v", v.LitFrom, v.LitTo, spans)
	}
	d.press("L")
	d.settled()
	if _, v, _ := d.model.Picture(machineSlot); v.LitFrom != v.LitTo {
		t.Error("L again leaves it lit")
	}
}
