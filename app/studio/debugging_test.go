package studio

import (
	"slices"
	"testing"

	"gvpie/app/studio/debugger"
	"gvpie/runtime/machine"
)

func TestThePausedProgramIsGoneThrough(t *testing.T) {
	d := newDesk(t, Config{})
	d.m.SetView(0, machine.View{Texture: machine.MachineTexture, Width: 64, Height: 32, Scale: 1})
	d.m.NewDocument()
	d.m.Edit(bounce)
	d.until("it runs", func() bool { return d.m.RunState().Frames > 5 })
	look := d.m.Debugger()
	d.m.SetDebugging(true)
	if look.Open() || d.m.player.in.peek().past {
		t.Fatal("a running program is looked at")
	}
	d.m.Pause()
	at := func(frame int) func() bool {
		return func() bool {
			d.m.SetDebugging(true)
			return look.Now() != nil && !look.Busy() && look.Now().At.Frame == frame
		}
	}
	d.until("it looks at the present", func() bool {
		d.m.SetDebugging(true)
		return look.Now() != nil && uint64(look.Now().Frames) == d.m.RunState().Frames
	})
	end := look.Now().Frames
	live := string(d.picture())
	look.Go(debugger.FrameBack)
	d.until("it looks at the frame before", at(end-1))
	d.until("its picture is shown", func() bool { return string(d.picture()) != live })
	d.m.Action("run.step").Invoke()
	d.until("a step goes to the present again", at(end))
	d.until("as the program stands", func() bool { return string(d.picture()) == live })
	if n := d.m.RunState().Frames; n != uint64(end) {
		t.Errorf("the program has run %d frames, want %d: what was run is not run again in it", n, end)
	}
	d.m.Action("run.step").Invoke()
	d.until("a step from there runs a frame", at(end+1))
	look.Go(debugger.StepBack)
	d.until("it looks at the past", at(end))
	d.m.Run()
	d.m.SetDebugging(true)
	if look.Open() || d.m.player.in.peek().lens != nil {
		t.Error("a program that runs on is still looked at")
	}
	d.until("it runs on from the present", func() bool { return d.m.RunState().Frames > uint64(end)+3 })
}

// picture is the newest picture of the first slot.
func (d *desk) picture() []byte {
	if p := d.m.Picture(0); p.Image != nil {
		return p.Image.Pix
	}
	return nil
}

func TestALensShowsWhatItIsTurnedTo(t *testing.T) {
	p := newHandPlayer(t, onCPU)
	p.ask(p.program(1, 1, bounce))
	p.frame()
	before, err := p.eng.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	page := func() []uint32 {
		t.Helper()
		words, err := p.read(machine.DisplayPage)
		if err != nil {
			t.Fatal(err)
		}
		return words
	}
	p.frame()
	now := page()
	p.lens.turn(before)
	if !slices.Equal(page(), before.Display) || slices.Equal(page(), now) {
		t.Error("another moment is shown than the one asked for")
	}
	if p.lens.turn(before) {
		t.Error("the same moment is said to be another")
	}
	broken := *before
	broken.State = nil
	if p.lens.turn(&broken); !slices.Equal(page(), now) {
		t.Error("a moment that no machine can be in is shown")
	}
}

func TestThePastOfASuspendedProgramIsBounded(t *testing.T) {
	p := newHandPlayer(t, onCPU)
	p.ask(p.program(1, 1, bounce))
	p.frame()
	past := p.run.past
	p.ask(p.program(2, 1, bounce))
	p.frame()
	if s := p.suspended.runs[1]; s.past != past || s.past.End() == 0 {
		t.Fatal("its past is gone")
	}
	p.ask(p.program(1, 1, bounce))
	p.frame()
	if p.run.past != past {
		t.Error("it comes back with another past")
	}
}
