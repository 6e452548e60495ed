package ui

import (
	"context"
	"image"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"gvpie/app/studio"
	"gvpie/runtime/engine"
	"gvpie/runtime/engine/enginetest"
)

func TestTheCanvasSaysThatItShowsTheLastGoodProgram(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.model.NewDocument()
	d.awaitPictures()
	d.Write("FILL 0 0 128 64 red\nHALT\n")
	d.awaitPictures()
	said := func(when string, problems int) {
		t.Helper()
		d.Frame()
		_, found := d.Find("last good program")
		s := d.bench.state(d.Context())
		if want := problems > 0; found != want || s.LastGood != want || s.Problems != problems {
			t.Errorf("%s: on the canvas %v, the status says %+v; want %d problems", when, found, s, problems)
		}
	}
	said("all is well", 0)
	d.Write("PLOT (")
	said("while the line is typed", 0)
	d.Now = d.Now.Add(studio.TypingTime)
	said("a second later", 1)
	d.Press("⌫")
	said("it is typed on", 0)
	d.Press("↑")
	said("the line is left", 1)
	d.Click("last good program")
	if line, _, _ := d.bench.code.caret(); line != 3 {
		t.Errorf("a click goes to line %d", line)
	}
	d.Press("Ctrl-A")
	d.Write("HALT\n")
	said("it is mended", 0)
}

// A frame that takes long is shown to, and Stop ends it: the program is then paused, as it
// was before that frame, and says why.
func TestAHeavyFrameCanBeStopped(t *testing.T) {
	var now atomic.Int64
	now.Store(time.Unix(1000, 0).UnixNano())
	begun := make(chan struct{}, 1)
	gpu := enginetest.NewGPU()
	gpu.Before = func(ctx context.Context, c enginetest.Call) error {
		if c != enginetest.Frame {
			return nil
		}
		begun <- struct{}{}
		<-ctx.Done()
		return ctx.Err()
	}
	d := newDeskOf(t, 1440, 900, 1, studio.Config{GPU: gpu, Unchecked: true, Now: func() time.Time { return time.Unix(0, now.Load()) }})
	d.openExample("bounce")
	d.awaitPictures()
	d.model.SetBackend(engine.OnGPU)
	now.Add(int64(time.Second))
	<-begun
	d.Frame()
	if _, ok := d.Find("stop the frame"); ok {
		t.Error("a frame is said to take long at once")
	}
	was := d.model.RunState().Frames
	now.Add(int64(studio.HeavyAfter))
	d.Until("it is said that the frame takes long", func() bool { _, ok := d.Find("stop the frame"); return ok })
	if s := d.bench.state(d.Context()); !s.Heavy || s.Paused != "" {
		t.Errorf("the status is %+v", s)
	}
	d.Click("stop the frame")
	d.Until("it is stopped", func() bool { return !d.model.RunState().Heavy && d.model.RunState().Busy == 0 })
	d.MustFind("Stopped in a heavy frame")
	s := d.bench.state(d.Context())
	if s.Paused != "stopped in a heavy frame" || d.model.RunState().Frames != was {
		t.Errorf("the status is %+v after %d frames, %d before", s, d.model.RunState().Frames, was)
	}
	d.Click("Run")
	<-begun
	now.Add(int64(studio.HeavyAfter))
	d.Until("it takes long again", func() bool { return d.model.RunState().Heavy })
	d.Press("Shift-F5")
	d.Until("it is stopped by its key", func() bool { return d.model.RunState().Busy == 0 })
}

func TestTheBadgeTellsFramesShownFromTheProgramsTime(t *testing.T) {
	for _, c := range []struct {
		run                studio.RunState
		badge, says, stays string
	}{
		{studio.RunState{}, "no program", "No program runs", ""},
		{studio.RunState{Playing: true, Busy: time.Second}, "running", "The program runs", ""},
		{studio.RunState{Playing: true, Phase: studio.Running}, "running", "The program runs", ""},
		{studio.RunState{Playing: true, Phase: studio.Running, FPS: 59.7, FrameMS: .62}, "60 fps · 0.6 ms", "60 frames are shown a second; the program itself takes 0.6 ms for a frame", ""},
		{studio.RunState{Playing: true, Phase: studio.Running, FPS: .5, FrameMS: 2000}, "0.5 fps · 2.0 s", "0.5 frames are shown a second; the program itself takes 2.0 s for a frame", ""},
		{studio.RunState{Phase: studio.Running, FrameMS: 12}, "paused · 12 ms", "Paused by you; the program itself takes 12 ms for a frame", "Paused by you"},
		{studio.RunState{Playing: true, Phase: studio.Halted, FrameMS: 1}, "ended · 1.0 ms", "Ended; the program itself takes 1.0 ms for a frame", ""},
		{studio.RunState{Playing: true, Phase: studio.Failed}, "failed", "Failed", "Failed"},
	} {
		if got := paceLine(c.run); got != c.badge {
			t.Errorf("the badge reads %q, want %q", got, c.badge)
		}
		if got := paceHint(c.run); got != c.says {
			t.Errorf("the hint reads %q, want %q", got, c.says)
		}
		if got := noteOf(c.run); got != c.stays {
			t.Errorf("the canvas says %q, want %q", got, c.stays)
		}
	}
}

func TestThePauseOfAProgramStaysWithIt(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.openExample("bounce")
	d.Until("it is running", func() bool { return d.model.RunState().Frames > 2 })
	d.Click("Pause")
	d.MustFind("Paused by you")
	d.model.Keep(0)
	d.openExample("plasma")
	d.Until("the other is running", func() bool { return d.model.RunState().Frames > 2 })
	if s := d.bench.state(d.Context()); s.Paused != "" {
		t.Errorf("the other is %q", s.Paused)
	}
	d.model.SetActive(0)
	d.Frame()
	if s := d.bench.state(d.Context()); !strings.HasPrefix(s.Paused, "paused") {
		t.Errorf("the first is %q", s.Paused)
	}
}

// The toolbar's buttons are where they were, whatever the badge says.
func TestTheBadgeKeepsItsWidth(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	reset := func() image.Rectangle { return d.MustFind("Reset").Bounds }
	d.Frame()
	was := reset()
	same := func(when string) {
		t.Helper()
		d.Frame()
		if now := reset(); now != was {
			t.Errorf("%s: %v, was %v; the badge says %s", when, now, was, paceLine(d.model.RunState()))
		}
	}
	d.openExample("bounce")
	same("in the first frame")
	d.Until("it is running", func() bool { return d.model.RunState().Frames > 2 && d.model.RunState().FPS > 0 })
	same("with both figures")
	d.Click("Pause")
	same("paused")
	d.openExample("hello")
	d.Until("it has ended", func() bool { return d.model.RunState().Phase == studio.Halted })
	same("ended")
}
