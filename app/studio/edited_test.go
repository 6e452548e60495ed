package studio

import (
	"strings"
	"testing"

	"gvpie/app/studio/debugger"
)

// TestAnEditOfThePastWaits: the run that is looked at stays, and the edited text goes on as a
// branch of it, or is taken in when the program goes on.
func TestAnEditOfThePastWaits(t *testing.T) {
	d := newDesk(t, Config{})
	d.m.NewDocument()
	d.m.Edit(bounce)
	d.until("it runs", func() bool { return d.m.RunState().Frames > 5 })
	d.m.Pause()
	look := d.m.Debugger()
	sees := func(what string, is func(now *debugger.Moment) bool) {
		t.Helper()
		d.until(what, func() bool {
			d.m.SetDebugging(true)
			return look.Now() != nil && !look.Busy() && is(look.Now())
		})
	}
	sees("it looks at the present", func(now *debugger.Moment) bool { return uint64(now.Frames) == d.m.RunState().Frames })
	end, was := look.Now().Frames, d.m.Active().Live()
	look.Frame(end - 3)
	sees("it looks at the past", func(now *debugger.Moment) bool { return now.At.Frame == end-3 })
	edit := func(text string) {
		t.Helper()
		if d.m.Edit(text); !d.m.Active().Current() {
			t.Fatal(d.m.Diagnostics(d.m.Active()))
		}
	}
	edited := strings.Replace(bounce, "\n  FRAME", "\n  PLOT 0 0\n  FRAME", 1)
	edit(edited)
	if q := d.m.player.in.peek(); !d.m.Deferred() || q.program != was || look.Now().At.Frame != end-3 || !look.Now().Of(was) {
		t.Fatal("an edit ends the run that is looked at")
	}
	branch := d.m.Active().Live()
	look.Branches().Edit(branch)
	sees("the text goes on as a branch", func(now *debugger.Moment) bool { return now.Branch != "" && now.Of(branch) })
	edit(edited + "\n")
	if !d.m.Deferred() || d.m.player.in.peek().program != was {
		t.Error("an edit of a branch ends it")
	}
	d.m.Run()
	d.m.SetDebugging(true)
	if q := d.m.player.in.peek(); d.m.Deferred() || q.program != d.m.Active().Live() || look.Open() {
		t.Error("what goes on is not the text")
	}

	again := func(where string) {
		t.Helper()
		d.m.Pause()
		sees("it looks at the run", func(now *debugger.Moment) bool { return now.Present && now.Frames > 1 })
		look.Go(debugger.FrameBack)
		sees("it looks at the past", func(now *debugger.Moment) bool { return !now.Present })
		edit(d.m.Active().Text() + "\n")
		if !d.m.Deferred() {
			t.Errorf("%s: it does not wait", where)
		}
	}
	taken := func(where string) {
		t.Helper()
		if d.m.Deferred() || d.m.player.in.peek().program != d.m.Active().Live() {
			t.Errorf("%s: it still waits", where)
		}
	}
	d.until("it runs on", func() bool { return d.m.RunState().Frames > uint64(end)+3 })
	again("reset")
	run := d.m.state.run
	d.m.Reset()
	taken("reset")
	d.m.Run()
	d.until("it runs from its start", func() bool { return d.m.state.run != run && d.m.RunState().Frames > 5 })
	again("closed")
	ran := d.m.RunState().Frames
	d.m.SetDebugging(false)
	taken("closed")
	d.m.Run()
	d.until("it runs on", func() bool { return d.m.RunState().Frames > ran+3 })
	again("another canvas")
	edit(".canvas 40 8\n" + strings.Replace(bounce, ".canvas", ";", 1))
	taken("another canvas")
}
