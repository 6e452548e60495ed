package ui

import (
	"path/filepath"
	"strings"
	"testing"

	"gioui.org/io/key"

	"gvpie/app/studio"
	"gvpie/app/studio/debugger"
	"gvpie/app/ui/kit"
)

func TestARunIsSavedAndOpenedAgain(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.openExample("bounce")
	d.Until("it is running", func() bool { return d.model.RunState().Frames > 3 })
	look := d.model.Debugger()
	settled := func() bool { return look.Now() != nil && !look.Busy() }
	d.Press("F11")
	d.Until("it is paused, and looked at", func() bool { return settled() && look.Now().Frames == int(d.model.RunState().Frames) })
	frames := look.Now().Frames
	d.Click("Save the run…")
	path := filepath.Join(t.TempDir(), "ball")
	d.Write("/" + path)
	d.Press("⏎")
	d.Until("it is saved", func() bool { return len(d.model.Notices()) > 0 && d.bench.dialogs.front == nil })

	d.Press("Ctrl-J")
	d.bench.action("file.recording").Invoke()
	d.Frame()
	d.Write(path + ".pxlrec")
	d.Press("⏎")
	d.Until("it is looked at in a tab of its own", func() bool {
		front := d.model.Active()
		return front != nil && front.Name == "ball.pxlrec" && settled() && look.Now().Frames == frames
	})
	d.Press("Shift-F10")
	d.Until("a frame back", func() bool { return settled() && look.Now().At == debugger.Position{Frame: frames - 1} })
	if s := d.bench.snapshot(); len(s.Tabs) != 2 || s.Tabs[1].Path != path+".pxlrec" {
		t.Errorf("the session has %+v", s.Tabs)
	}
}

func TestARecordingOnItsWayIsShown(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.openExample("bounce")
	d.awaitPictures()
	run := d.model.RunState()
	run.Replayed, run.Recorded = 1200, 3600
	note := &d.bench.canvases.note
	gtx := d.Context()
	gtx.Ops.Reset()
	note.layoutReplay(gtx, d.Theme, run)
	d.Router.Frame(gtx.Ops)
	d.MustFind("Recorded frame " + kit.Thousands(1200) + " of " + kit.Thousands(3600))
	d.MustFind("stop the recording")
}

func TestAFailedProgramIsDebuggedAndSavedByAClick(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.model.OpenText("fails.pxl", "", "x = 2\nloop:\nFRAME\nx = x - 1\nCLS (8 / x)\nJMP loop\n")
	d.Until("it fails", func() bool { return d.model.RunState().Phase == studio.Failed })
	d.Click("Save what led here")
	d.Until("it is saved", func() bool { return len(d.model.Notices()) > 0 })
	files, err := filepath.Glob("*-error.pxlrec")
	if err != nil || len(files) != 1 {
		t.Fatalf("there are %v: %v", files, d.model.Notices())
	}
	d.Click("Debug")
	look := d.model.Debugger()
	d.Until("it is looked at, at its error", func() bool { return look.Now() != nil && look.Now().Fault != "" })
	d.Shoot("failed")
}

func TestMomentsAreFoundByKeysMenuAndSearch(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	const source = ".canvas 64 32 pixel\nn = 0\nloop:\nCLS navy\nn = n + 1\nPLOT n 3 red\nFRAME\nJMP loop\n"
	d.model.OpenText("plots.pxl", "", source)
	look := d.model.Debugger()
	d.Until("it runs", func() bool { return d.model.RunState().Frames > 12 })
	d.Press("F6")
	d.bench.bottom.open(panelDebugger)
	settled := func() bool { return look.Now() != nil && !look.Busy() && !look.Seeking() }
	d.Until("it is looked at", func() bool { return settled() && look.Now().Present })
	arrives := func(what string, line int, ok func() bool) {
		t.Helper()
		d.Until(what, func() bool { return settled() && look.Now().Next.At.Line == line && (ok == nil || ok()) })
	}
	end := look.Now().At.Frame
	d.bench.code.gotoLine(6, 1)
	d.Frame()
	d.Press("Ctrl-Shift-F10")
	arrives("back at the caret's line", 6, func() bool { return look.Now().At.Frame == end-1 })
	d.bench.code.gotoLine(5, 1)
	d.Frame()
	d.Click("more moves")
	d.Click("Back to the last change of the variable at the caret")
	arrives("n was changed", 6, func() bool { return look.Now().At.Frame == end-2 })

	d.Click("Search")
	d.Click("expression to search for")
	d.Write("peek(7, 3) == red")
	d.Click("First")
	arrives("the frame that draws it", 7, func() bool { return look.Now().At.Frame == 6 })
	d.Click("expression to search for")
	d.Press("Ctrl-A")
	d.Write("n == 0")
	d.Press("⏎")
	d.Until("it is said that there is none", func() bool { return settled() && look.Search().Says() != "" })

	d.Click("Notebook")
	d.MustFind("first frame where peek(7, 3) == red")
	d.Click("name of the moment")
	d.Write("seventh")
	d.MustFind("seventh")
	d.Until("there are pictures", func() bool {
		return look.Notebook().Current().Picture != nil && look.Pictures().Of(0) != nil
	})
	d.Frame()
	d.Shoot("notebook")
	d.Press("Shift-F10")
	d.Until("a frame back", func() bool { return settled() && look.Now().At.Frame == 6 && look.Now().At.Cycle == 0 })
	d.Click("seventh")
	arrives("back at the note", 7, func() bool { return look.Now().At.Frame == 6 })
}

func TestBranchesAreGoneThroughAndCompared(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.model.OpenText("plots.pxl", "", ".canvas 64 32 pixel\nn = 0\nloop:\nCLS navy\nn = n + 1\nPLOT n 3 red\nFRAME\nJMP loop\n")
	look := d.model.Debugger()
	d.Until("it runs", func() bool { return d.model.RunState().Frames > 12 })
	d.Press("F6")
	d.bench.bottom.open(panelDebugger)
	settled := func() bool { return look.Now() != nil && !look.Busy() }
	d.Until("it is looked at", func() bool { return settled() && look.Now().Present })
	look.Frame(5)
	d.Until("a frame before", func() bool { return settled() && look.Now().At.Frame == 5 })
	look.Set(look.Now().Globals[0].Word, "20")
	d.Until("a branch is begun", func() bool { return settled() && look.Now().Branch == "branch 1" })
	d.Click("Branches")
	d.Click("name of the branch")
	d.Press("Ctrl-A")
	d.Write("further right")
	d.Press("⏎")
	d.Until("it has another name", func() bool { return settled() && look.Now().Branch == "further right" })
	d.Click("Compare")
	d.Until("they are compared", func() bool { return look.Search().Parting() != nil })
	d.Frame()
	d.Shoot("branches")
	d.Click("Go there")
	d.Until("that leads behind the frame", func() bool { return settled() && look.Now().At.Frame == 6 })
	if who := look.Who(); who == nil || who.Frame != 5 {
		t.Errorf("who drew the texel is %+v", who)
	}
	d.Click("Branches")
	d.Click("The run as it was")
	d.Until("the run as it was is gone through", func() bool { return settled() && look.Now().Branch == "" && look.Now().At.Frame == 6 })
	d.Click("Further right")
	d.Until("and the branch again", func() bool { return settled() && look.Now().Branch == "further right" })
	d.Click("Delete")
	d.Until("it is gone", func() bool { return settled() && len(look.Now().Branches) == 1 && look.Now().Branch == "" })
	d.Click("input of a branch")
	d.Write("mx 3")
	d.Click("Branch")
	d.Until("one by other input is begun", func() bool { return settled() && look.Now().Branch == "branch 2" })
	d.model.Edit(strings.Replace(d.model.Active().Text(), "red", "white", 1))
	d.Frame()
	d.Click("Branch with the edited text")
	d.Until("and one of that by the edited text", func() bool {
		return settled() && look.Now().Branch == "branch 3" && look.Now().Of(d.model.Active().Live())
	})
	caret := look.Overlays().Caret()
	held := func(s key.State) func() {
		return func() { d.Send(key.Event{Name: "L", Modifiers: key.ModShortcut, State: s}); d.Frame() }
	}
	if held(key.Press)(); !caret.All() {
		t.Error("Ctrl-L does not show all frames")
	}
	if held(key.Release)(); caret.All() {
		t.Error("let go it still does")
	}
}
