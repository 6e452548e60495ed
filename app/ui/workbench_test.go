package ui

import (
	"image"
	"strings"
	"testing"

	"gioui.org/f32"
	"gioui.org/io/key"
	"gioui.org/io/pointer"
	"gioui.org/layout"

	"gvpie/app/studio"
	"gvpie/app/studio/debugger"
	"gvpie/app/ui/kit/kittest"
	"gvpie/runtime/machine"
)

func TestAnExampleOpensFromTheSidebarAndIsRun(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.Frame()
	d.Click("hello")
	d.Until("hello has run", func() bool { return d.model.RunState().Phase == studio.Halted })
	d.awaitPictures()
	if img := d.model.Picture(humanSlot).Image; img == nil {
		t.Fatal("there is no picture of the human view")
	}
	if n := d.MustFind("tab hello.pxl"); !n.Selected {
		t.Error("the tab of the program just opened is not the selected one")
	}
}

// pixels is the picture of a slot, comparable.
func (d *desk) pixels(slot int) string {
	img := d.model.Picture(slot).Image
	if img == nil {
		return ""
	}
	return string(img.Pix)
}

func TestRunAndPauseAreOneButton(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.openExample("bounce")
	d.Until("it is running", func() bool { return d.model.RunState().Frames > 2 })
	d.Click("Pause")
	if d.model.RunState().Playing {
		t.Fatal("Pause did not pause")
	}
	d.Click("Run")
	if !d.model.RunState().Playing {
		t.Fatal("Run did not run")
	}
	d.Press("F6")
	d.Until("the pause is known", func() bool { _, ok := d.Find("Run"); return ok })
	frames := d.model.RunState().Report.Frame
	d.Click("Step a frame")
	d.Until("a frame was run", func() bool { return d.model.RunState().Report.Frame > frames })
	d.Click("Reset")
	d.Until("it is back at the start", func() bool { return d.model.RunState().Report.Frame <= 1 })
}

func TestVGoesThroughTheViewsUnlessTextIsEdited(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.openExample("hello")
	d.awaitPictures()
	d.Press("V")
	if d.bench.canvases.mode != Stacked {
		t.Fatal("V switched the views while the editor had the keyboard")
	}
	d.ClickAt(kittest.Center(d.MustFind("machine view")))
	for i, want := range []Mode{MachineAlone, HumanAlone, Stacked} {
		d.Press("V")
		if got := d.bench.canvases.mode; got != want {
			t.Errorf("after %d V the mode is %d, want %d", i+1, got, want)
		}
	}
	d.Press("Ctrl-1")
	d.Press("V")
	d.Press("V")
	d.Press("V")
	if d.bench.canvases.mode != Beside {
		t.Error("V does not come back to the views side by side")
	}
}

func TestThePaletteFindsAndDoesAnAction(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.openExample("hello")
	d.Press("Ctrl-Shift-P")
	d.MustFind("find an action")
	d.Write("sidebar")
	d.MustFind("action Sidebar")
	d.Press("⏎")
	if d.bench.side.shown {
		t.Error("the palette did not hide the sidebar")
	}
	if d.bench.dialogs.front != nil {
		t.Error("the palette stays open after an action")
	}
	d.Frame()
	if !d.bench.code.typing(d.Context()) {
		t.Error("the editor has not got the keyboard back")
	}
}

func TestEveryActionHasATitleAndAKeyOfItsOwn(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	keys := map[string]string{}
	for _, a := range d.bench.commands.list {
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
	d.awaitPictures()
	d.Write("FILL 0 0 128 64 red\nHALT\n")
	d.awaitPictures()
	d.MoveTo(kittest.Center(d.MustFind("machine view")))
	d.Until("the texel is known", func() bool { return strings.Contains(d.bench.status.pointedAt(), "written by line 1") })
	if !strings.Contains(d.bench.status.pointedAt(), "paper red") {
		t.Errorf("the status line says %q", d.bench.status.pointedAt())
	}
}

func TestTheSplitterMoves(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.openExample("hello")
	d.Frame()
	at := func(x float32) f32.Point { return f32.Pt(x, 300) }
	d.Send(
		pointer.Event{Kind: pointer.Move, Source: pointer.Mouse, Position: at(float32(d.bench.side.split.Size))},
		pointer.Event{Kind: pointer.Press, Source: pointer.Mouse, Buttons: pointer.ButtonPrimary, Position: at(float32(d.bench.side.split.Size))},
		pointer.Event{Kind: pointer.Move, Source: pointer.Mouse, Buttons: pointer.ButtonPrimary, Position: at(260)},
		pointer.Event{Kind: pointer.Move, Source: pointer.Mouse, Buttons: pointer.ButtonPrimary, Position: at(300)},
		pointer.Event{Kind: pointer.Release, Source: pointer.Mouse, Position: at(300)},
	)
	if got := d.bench.side.split.Size; got < 296 || got > 304 {
		t.Errorf("the sidebar is %v wide after a drag to 300", got)
	}
}

func TestAClickAtTheGuttersEdgeSetsABreakpoint(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.openExample("hello")
	d.Frame()
	text := d.MustFind("program text").Bounds
	d.ClickAt(text.Min.Add(image.Pt(0, 20)))
	if lines := d.bench.code.front().edit.Breaks.All(); len(lines) != 1 {
		t.Errorf("breakpoints are on lines %v", lines)
	}
}

func TestPlayGivesMouseAndKeysToTheProgram(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.openExample("snake")
	d.awaitPictures()
	d.Click("mouse and keys to the program")
	d.Press("V")
	if d.bench.canvases.mode != Stacked {
		t.Error("V switched the views though the program has the keys")
	}
	d.ClickAt(kittest.Center(d.MustFind("human view")))
	if in := d.bench.canvases.input; in.MouseX <= 0 || in.MouseY <= 0 {
		t.Errorf("the program is told of the mouse at %d, %d", in.MouseX, in.MouseY)
	}
	d.Press("F9")
	if d.bench.canvases.playing() {
		t.Error("F9 did not take mouse and keys back")
	}
}

func TestKeysGoWhereTheEyeIs(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.openExample("snake")
	d.awaitPictures()
	text := d.model.Active().Text()
	at := kittest.Center(d.MustFind("human view"))
	has := func(what string, canvas bool) {
		t.Helper()
		d.Frame()
		if d.bench.canvases.playing() != canvas {
			t.Errorf("%s: the program has the keys: %v", what, !canvas)
		}
		d.Press("G") // a letter to the program, to the text, or the grid's key
		got, grid := d.model.Active().Text(), d.bench.canvases.grid
		if canvas && (got != text || !grid) {
			t.Errorf("%s: G went to the text or to the window", what)
		}
		d.bench.canvases.grid = true
	}
	d.ClickAt(at)
	has("clicked", true)
	d.Press("⎋")
	if d.bench.canvases.playing() {
		t.Error("Escape did not leave")
	}
	d.Frame()
	if !d.bench.code.typing(d.Context()) {
		t.Error("after Escape the text has no keyboard")
	}
	d.Press("F9")
	has("F9", true)
	d.Press("F9")
	d.Frame()
	if d.bench.canvases.playing() || !d.bench.code.typing(d.Context()) {
		t.Error("F9 did not give the text the keyboard back")
	}
	d.Press("F9")
	d.Press("Ctrl-Shift-P") // another thing takes the keyboard
	d.Frame()
	if d.bench.canvases.playing() {
		t.Error("the program has the keys under a dialog")
	}
	d.Press("⎋")
	d.Press("F9")
	d.bench.canvases.setMode(MachineAlone) // and nobody sees the human view
	d.Frame()
	d.Frame()
	if d.bench.canvases.playing() || d.bench.canvases.input.Keys != [8]uint32{} {
		t.Error("a view that is not shown has the keys")
	}
	d.Press("F9")
	has("the machine's view alone", true)
}

func TestATapShorterThanAFrameIsSeen(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.model.NewDocument()
	d.awaitPictures()
	d.Write("loop:\nIF key(27) SET seen = 1\nIF key(65) SET a = 1\nIF seen && a LOG seen\nFRAME\nJMP loop\n")
	d.awaitPictures()
	d.ClickAt(kittest.Center(d.MustFind("human view")))
	d.Send(key.Event{Name: "A", State: key.Press}, key.Event{Name: "A", State: key.Release}, key.Event{Name: key.NameEscape, State: key.Press})
	d.Until("the program has seen both", func() bool {
		log := d.model.Log()
		return len(log) > 0 && strings.HasPrefix(log[0].Text, "seen")
	})
}

func TestAnIdleWindowAsksForNoFrame(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.openExample("hello")
	d.awaitPictures()
	d.Until("hello has halted", func() bool { return d.model.RunState().Phase == studio.Halted })
	d.ClickAt(kittest.Center(d.MustFind("machine view"))) // away from the editor and its caret
	d.awaitPictures()
	asks := true
	for range 60 { // the last answers come, the caret's last blink passes
		select {
		case <-d.Woken:
		default:
		}
		d.Frame()
		_, asks = d.Router.WakeupTime()
	}
	if asks {
		t.Error("an idle window goes on asking for frames")
	}
	select {
	case <-d.Woken:
		t.Error("the model wakes the window though nothing happens")
	default:
	}
}

func TestMenusOpenChooseAndClose(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.openExample("hello")
	d.awaitPictures()
	d.Click("machine page")
	d.Click("writer")
	if got := d.bench.canvases.views[machineSlot].page.String(); got != "writer" {
		t.Errorf("the page shown is %s", got)
	}
	d.Click("machine page")
	d.Press("↓")
	d.Press("⏎")
	if got := d.bench.canvases.views[machineSlot].page.String(); got != "program" {
		t.Errorf("with the keyboard, the page shown is %s", got)
	}
	d.Click("machine page")
	d.ClickAt(image.Pt(600, 500))
	if d.bench.canvases.views[machineSlot].pages.Open() {
		t.Error("a press elsewhere leaves the menu open")
	}
}

func TestEveryExampleIsShownWithoutProblems(t *testing.T) {
	d := newDesk(t, 1024, 700, 1)
	for _, e := range d.bench.side.examples {
		d.model.OpenExample(e.Name, e.Source)
		d.awaitPictures()
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
	modals := []func(){func() { d.bench.dialogs.front = nil }, d.bench.openPalette, d.bench.openHelp, d.bench.documents.askOpen, func() { d.bench.documents.close(0) }}
	for _, size := range []image.Point{{1, 1}, {0, 0}, {30, 2000}, {3000, 20}, {120, 90}, {400, 300}, {640, 480}, {7680, 1000}} {
		for _, scale := range []float32{1, 1.5, 3} {
			d.Size, d.Metric.PxPerDp, d.Metric.PxPerSp = size, scale, scale
			for _, open := range modals {
				d.bench.dialogs.front = nil
				open()
				d.Frame()
				d.Frame()
			}
		}
	}
}

func BenchmarkFrame(b *testing.B) {
	d := newDesk(b, 1440, 900, 1)
	d.openExample("panel")
	d.awaitPictures()
	d.Press("F6")
	b.ResetTimer()
	for b.Loop() {
		d.Frame()
	}
}

func TestASmallWindowShowsItsPanelsWhenAsked(t *testing.T) {
	d := newDesk(t, 400, 300, 1)
	d.openExample("hello")
	d.awaitPictures()
	if _, ok := d.Find("panel Log"); ok {
		t.Error("a low window shows the bottom panel")
	}
	d.Click("toggle Bottom panel")
	d.MustFind("panel Log")
	d.Press("Ctrl-J")
	d.Click("toggle Sidebar")
	d.Click("panel")
	d.Until("the example is open", func() bool { return d.model.Active().Example == "panel" })
	if _, ok := d.Find("clock"); ok {
		t.Error("the sidebar stays over the program it opened")
	}
}

func TestEveryPageOfTheMachineCanBeShown(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.openExample("panel")
	d.awaitPictures()
	view := d.bench.canvases.views[machineSlot]
	for i, p := range pageNames {
		view.page, view.chosen = machine.Page(i), true
		d.awaitPictures()
		if v := d.model.Picture(machineSlot).View; v.Page != machine.Page(i) {
			t.Errorf("the picture is of the %s page, not the %s page", v.Page, p.name)
		}
		d.MustFind(p.name)
	}
}

func TestTheMachineViewShowsWhatTheEyeDoesNot(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	shows := func(what string, page machine.Page, meaning bool) {
		t.Helper()
		d.awaitPictures()
		if v := d.model.Picture(machineSlot).View; v.Page != page || v.Meaning != meaning {
			t.Errorf("%s: the picture is of page %d, meaning %v", what, v.Page, v.Meaning)
		}
	}
	d.openExample("panel")
	shows("a cell canvas", machine.DisplayPage, true)
	d.openExample("sunset")
	shows("a pixel canvas", machine.WriterPage, true)
	d.Click("machine page")
	d.Click("raw RGB")
	shows("raw", machine.WriterPage, false)
	d.Click("machine page")
	d.Click("state")
	d.openExample("hello")
	shows("chosen", machine.StatePage, false)
}

func TestThePictureComesFirst(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.model.NewDocument()
	d.awaitPictures()
	d.Write(".canvas 64 64 pixel\nCLS red\nHALT\n")
	d.Until("the canvas is 64 × 64", func() bool { return d.model.Canvas().W == 64 })
	d.awaitPictures()
	human, its := d.bench.canvases.views[humanSlot], d.bench.canvases.views[machineSlot]
	if z := human.canvas.Zoom(); z*64 < 400 || z != float32(int(z)) {
		t.Errorf("the human picture is %g pixels wide, at a zoom of %g", z*64, z)
	}
	if z := its.canvas.Zoom(); z*64 < 100 {
		t.Errorf("the machine's is %g pixels wide", z*64)
	}
}

func TestTheCaretsLineLightsWhatItDrew(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.model.NewDocument()
	d.awaitPictures()
	d.Write("RECT 0 0 9 9\nRECT 20 20 9 9\nHALT\n")
	d.bench.code.gotoLine(2, 1)
	d.awaitPictures()
	d.ClickAt(kittest.Center(d.MustFind("machine view")))
	d.bench.code.gotoLine(2, 1)
	d.bench.code.wantFocus = false
	d.Press("L")
	d.awaitPictures()
	v := d.model.Picture(machineSlot).View
	spans := d.model.Active().Live().Map.Line("", 2)
	if len(spans) != 1 || v.LitFrom != uint32(spans[0].From) || v.LitTo != uint32(spans[0].To) {
		t.Errorf("lit is %d…%d, line 2 is at %v", v.LitFrom, v.LitTo, spans)
	}
	d.Press("L")
	d.awaitPictures()
	if v := d.model.Picture(machineSlot).View; v.LitFrom != v.LitTo {
		t.Error("L again leaves it lit")
	}
}

func TestAPausedProgramIsGoneThroughByKeysAndButtons(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.openExample("bounce")
	d.Until("it is running", func() bool { return d.model.RunState().Frames > 3 })
	look := d.model.Debugger()
	settled := func() bool { return look.Now() != nil && !look.Busy() }
	d.Press("F11")
	d.Until("it is paused, and looked at", func() bool { return settled() && look.Now().Frames == int(d.model.RunState().Frames) })
	end := look.Now().Frames
	step := func(what string, do func(), there func(now *debugger.Moment) bool) {
		t.Helper()
		do()
		d.Until(what, func() bool { return settled() && there(look.Now()) })
	}
	step("FRAME is about to run again", func() { d.Press("Shift-F11") }, func(now *debugger.Moment) bool {
		return now.At.Frame == end-1 && now.Next.Text == "FRAME"
	})
	d.Until("the editor shows it", func() bool {
		line, _, _ := d.bench.code.caret()
		return line == look.Now().Next.At.Line
	})
	step("the last circle is drawn", func() { d.Click("Back over calls") }, func(now *debugger.Moment) bool { return now.Next.Text == "END" })
	step("a frame back", func() { d.Press("Shift-F10") }, func(now *debugger.Moment) bool { return now.At == debugger.Position{Frame: end - 1} })
	step("and one more", func() { d.Press("Shift-F10") }, func(now *debugger.Moment) bool { return now.At == debugger.Position{Frame: end - 2} })
	strip := d.MustFind("commands of the frame")
	step("half of the frame's commands are made", func() { d.ClickAt(kittest.Center(strip)) }, func(now *debugger.Moment) bool {
		return now.Made > len(now.Draws)/3 && now.Made < 2*len(now.Draws)/3
	})
	frames := d.MustFind("frames of the run")
	step("the first frame", func() { d.ClickAt(image.Pt(frames.Bounds.Min.X+1, kittest.Center(frames).Y)) }, func(now *debugger.Moment) bool { return now.At.Frame == 0 })
	step("the next, by the arrow key", func() { d.Press("→") }, func(now *debugger.Moment) bool { return now.At.Frame == 1 })
	d.Press("F5")
	d.Until("it runs on from the present", func() bool { return int(d.model.RunState().Frames) > end+2 })
	if look.Open() {
		t.Error("the program runs, and is looked at")
	}
}

func TestARightClickOnAPictureSaysWhoDrewIt(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.openExample("hello")
	d.awaitPictures()
	human := kittest.Center(d.MustFind("human view"))
	d.MoveTo(human)
	d.Send(pointer.Event{Kind: pointer.Press, Source: pointer.Mouse, Position: layout.FPt(human), Buttons: pointer.ButtonSecondary})
	d.Send(pointer.Event{Kind: pointer.Release, Source: pointer.Mouse, Position: layout.FPt(human)})
	look := d.model.Debugger()
	d.Until("it is found", func() bool {
		return look.Who() != nil && look.Who().Frame >= 0 && !look.Busy()
	})
	who := look.Who()
	if len(who.Touches) == 0 || who.Chosen == nil {
		t.Fatalf("nobody drew %d, %d", who.X, who.Y)
	}
	d.Until("its line is shown", func() bool {
		line, _, _ := d.bench.code.caret()
		return line == who.Chosen.Place.Line
	})
	d.Click(who.Touches[0].Text + " ")
	d.Until("a click leads to its moment", func() bool {
		return !look.Busy() && look.Now().At == who.Touches[0].At
	})
}

func TestAKeyAsksWhoDrewAPictureThatIsPlayed(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.openExample("bounce")
	d.awaitPictures()
	human := kittest.Center(d.MustFind("human view"))
	d.ClickAt(human)
	d.Until("it is played", d.bench.canvases.playing)
	d.MoveTo(human.Add(image.Pt(1, 1)))
	d.Press("Ctrl-D")
	d.Until("it is found", func() bool {
		who := d.model.Debugger().Who()
		return who != nil && who.Frame >= 0
	})
	if d.model.RunState().Playing {
		t.Error("the program is not paused for it")
	}
}

func TestABreakpointIsSetInTheGutterAndStops(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.openExample("bounce")
	d.Until("it is running", func() bool { return d.model.RunState().Frames > 3 })
	look := d.model.Debugger()
	settled := func() bool { return look.Now() != nil && !look.Busy() }
	d.Press("F11")
	d.Until("it is paused, and looked at", settled)
	text := d.MustFind("program text").Bounds
	d.ClickAt(image.Pt(text.Min.X+8, text.Min.Y+40))
	breaks := d.bench.code.front().edit.Breaks.All()
	if len(breaks) != 1 {
		t.Fatalf("breakpoints on %v", breaks)
	}
	d.bench.code.front().edit.Breaks.Toggle(breaks[0].Line)
	d.bench.code.gotoLine(41, 1)
	d.Frame()
	d.Press("Ctrl-F9")
	d.Until("it is known", func() bool { return settled() && look.CanGo(debugger.ContinueBack) })
	d.Press("Ctrl-Shift-F5")
	d.Until("back at the breakpoint", func() bool { return settled() && look.Now().Next.At.Line == 41 })
	frames := look.Now().Frames
	for range 14 {
		at := look.Now().At
		d.Press("Ctrl-F5")
		d.Until("at it again", func() bool {
			return settled() && !look.Seeking() && look.Now().At != at && look.Now().Next.At.Line == 41
		})
	}
	if look.Now().Frames <= frames {
		t.Error("twelve balls are drawn a frame, and no frame was run for the next")
	}
	d.bench.bottom.open(panelProblems)
	d.Frame()
	d.Press("F5")
	d.Until("it runs to it too", func() bool {
		st := d.model.RunState()
		return st.Paused() == "stopped at a breakpoint" && settled() && look.Now().Next.At.Line == 41
	})
}
