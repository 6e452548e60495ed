package ui

import (
	"path/filepath"
	"testing"

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
