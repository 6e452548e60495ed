package studio

import (
	"testing"

	"gvpie/app/studio/debugger"
)

func TestARunningProgramStopsAtABreakpoint(t *testing.T) {
	d := newDesk(t, Config{})
	d.m.NewDocument()
	d.m.Edit(bounce)
	stops := 0
	hook := d.m.Runner.stopped
	d.m.Runner.stopped = func(s Stop) {
		hook(s)
		stops++
	}
	d.until("it runs", func() bool { return d.m.RunState().Frames > 5 })
	d.m.SetBreakpoints([]debugger.Breakpoint{{Line: 4, Condition: "x % 10 == 7"}, {Line: 5, Condition: "x % 10 == 7"}}, false)
	look := d.m.Debugger()
	there := func(text string) func() bool {
		return func() bool {
			d.m.SetDebugging(true)
			return look.Now() != nil && !look.Busy() && look.Now().Moved && look.Now().Next.Text == text
		}
	}
	d.until("it stops", func() bool { st := d.m.RunState(); return st.Paused() == "stopped at a breakpoint" })
	d.until("the debugger is there", there("RECT x 5 4 4 red"))
	if stops != 1 || look.Elsewhere() == nil {
		t.Errorf("%d stops", stops)
	}
	frames := d.m.RunState().Frames
	first := look.Now().At.Frame
	d.m.Action("run.run").Invoke()
	d.until("it goes on in the frame", there("SET x = x + 1"))
	if n := d.m.RunState().Frames; n != frames || look.Now().At.Frame != first {
		t.Errorf("it has run %d frames, want %d", n, frames)
	}
	d.m.Action("run.run").Invoke()
	d.until("it runs, and stops once more", func() bool {
		st := d.m.RunState()
		d.m.SetDebugging(true)
		return stops == 2 && st.Paused() != ""
	})
	d.until("the debugger is there again", there("RECT x 5 4 4 red"))
	if n := look.Now().At.Frame; n != first+10 {
		t.Errorf("it stops in frame %d, want %d", n, first+10)
	}
	d.m.SetBreakpoints(nil, false)
	d.m.Action("run.run").Invoke()
	d.until("without breakpoints it goes on", func() bool { return d.m.RunState().Frames > frames+25 })
}

// TestAPlayerStopsWhereItIsTold: in the frame in which a breakpoint is hit, as often as the
// program goes on, and in no frame that is asked for by itself.
func TestAPlayerStopsWhereItIsTold(t *testing.T) {
	p := newHandPlayer(t, onCPU)
	show := p.program(1, 1, bounce)
	p.ask(func(r *request) {
		show(r)
		r.breaks = []debugger.Breakpoint{{Line: 5, Hits: ">= 3", Condition: "x >= 0"}, {Line: 3, Log: "x is {x}"}}
	})
	var r result
	for r = p.again(); r.stop == nil && r.frames < 10; r = p.frame() {
	}
	if r.frames != 3 || r.stop == nil || r.stop.At.Frame != 2 || r.stop.At.Cycle == 0 {
		t.Fatalf("it stops at %+v behind %d frames, want the third", r.stop, r.frames)
	}
	if len(r.log) != 3 || r.log[2].Text != "x is 2" || r.log[2].Line != 3 || r.log[2].File == "" {
		t.Errorf("it has logged %+v", r.log)
	}
	if r = p.frame(); r.frames != 3 {
		t.Error("it goes on by itself")
	}
	other := p.program(2, 1, bounce)
	p.ask(func(r *request) {
		other(r)
		r.breaks = nil
		r.goes++
	})
	if r = p.frame(); r.stop != nil {
		t.Errorf("another program stops at %+v", r.stop)
	}
	p.ask(func(q *request) {
		show(q)
		q.breaks = []debugger.Breakpoint{{Line: 5, Hits: "== 5"}, {Line: 3, Hits: "== 6"}}
	})
	if r = p.again(); r.stop == nil || r.frames != 3 {
		t.Error("it is not stopped any more when it comes back")
	}
	if r = p.ask(func(q *request) { q.goes++ }); r.stop != nil {
		t.Error("it does not go on")
	}
	for range 20 {
		r = p.frame()
	}
	if r.stop == nil || r.stop.At.Frame != 7 {
		t.Errorf("it stops at %+v, want frame 7: the hits count from when a breakpoint was set", r.stop)
	}
	r = p.ask(func(q *request) {
		q.playing = false
		q.breaks = []debugger.Breakpoint{{Line: 5}}
		q.steps++
	})
	if r.stop != nil || r.frames != 9 {
		t.Errorf("a frame that is asked for stops at %+v", r.stop)
	}
}

// TestBreakpointsGoToThePlayerWithTheirText: no program runs with the lines of another text.
func TestBreakpointsGoToThePlayerWithTheirText(t *testing.T) {
	d := newDesk(t, Config{})
	d.m.NewDocument()
	d.m.Edit(bounce)
	asked := func() request { return d.m.player.in.peek() }
	moved := []debugger.Breakpoint{{Line: 900, Condition: "frame > 10"}}
	d.m.SetBreakpoints(moved, true)
	if got := asked(); len(got.breaks) > 0 {
		t.Errorf("before the text is there the player has %v", got.breaks)
	}
	before := asked().program
	d.m.Edit("; a line more\n" + bounce)
	if got := asked(); len(got.breaks) != 1 || got.program == before {
		t.Errorf("with the text the player has %v", got.breaks)
	}
	d.m.SetBreakpoints(nil, false)
	if got := asked(); len(got.breaks) > 0 {
		t.Errorf("the player keeps %v", got.breaks)
	}
}

// TestAConditionThatFailsIsKnown: of the breakpoint that asks it, as long as the program
// runs.
func TestAConditionThatFailsIsKnown(t *testing.T) {
	d := newDesk(t, Config{})
	d.m.NewDocument()
	d.m.Edit(bounce)
	fails := debugger.Breakpoint{Line: 4, Condition: "1 / 0"}
	d.m.SetBreakpoints([]debugger.Breakpoint{{Line: 5, Condition: "x == -1"}, fails}, false)
	d.until("it is known", func() bool { return d.m.Failing()[fails] != "" })
	if all := d.m.Failing(); len(all) != 1 || all[fails] != "1 is divided by zero" {
		t.Errorf("failing are %v", all)
	}
	d.m.Edit(bounce + "\n")
	d.m.SetBreakpoints(nil, false)
	d.until("it is over with the program", func() bool { return len(d.m.Failing()) == 0 })
}
