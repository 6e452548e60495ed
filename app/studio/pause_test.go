package studio

import (
	"testing"
	"time"

	"gvpie/runtime/engine"
)

func TestAPauseBelongsToAProgram(t *testing.T) {
	r, s := newHandRunner()
	s.NewDocument()
	s.NewDocument()
	r.Pause()
	state := func(playing bool, why string) {
		t.Helper()
		st := r.RunState()
		if asked := r.player.in.peek().playing; asked != playing || st.Playing != playing || st.Paused() != why {
			t.Errorf("asked to play: %v, playing: %v, %q; want %v, %q", asked, st.Playing, st.Paused(), playing, why)
		}
	}
	state(false, "paused by you")
	s.SetActive(0)
	state(true, "")
	s.SetActive(1)
	state(false, "paused by you")
	s.Close(1)
	state(true, "")
	s.NewDocument()
	state(true, "")
}

func TestItIsSaidWhyAProgramDoesNotGoOn(t *testing.T) {
	r, s := newHandRunner()
	d := s.NewDocument()
	s.Edit("HALT\n")
	for phase, want := range map[Phase]string{Running: "", Halted: "ended", Failed: "failed", Broken: "stopped by the engine"} {
		r.player.out.publish(result{doc: d.ID, phase: phase}, [Slots]*Picture{}, false)
		r.take()
		if st := r.RunState(); st.Paused() != want {
			t.Errorf("phase %v: %q, want %q", phase, st.Paused(), want)
		}
	}
	r.player.out.publish(result{doc: d.ID, phase: Running}, [Slots]*Picture{}, false)
	said := func(do func(), want string) {
		t.Helper()
		do()
		r.take()
		if st := r.RunState(); st.Paused() != want {
			t.Errorf("%q, want %q", st.Paused(), want)
		}
	}
	said(func() { r.SetHidden(true) }, "paused while hidden")
	said(r.Stop, "stopped in a heavy frame")
	said(func() { r.SetHidden(false) }, "stopped in a heavy frame")
	said(r.Run, "")
	said(r.Step, "paused by you")
}

func TestAHiddenProgramDoesNotRunOn(t *testing.T) {
	p := newHandPlayer(t, onCPU)
	p.ask(p.program(1, 1, bounce))
	was := p.frame()
	p.ask(func(r *request) { r.hidden = true })
	if r := p.frame(); r.frames != was.frames || p.animating() {
		t.Errorf("%d frames, %d before it was hidden", r.frames, was.frames)
	}
	p.ask(func(r *request) { r.hidden = false })
	if r := p.frame(); r.frames <= was.frames {
		t.Error("it does not go on when it is seen again")
	}
}

func TestAWindowThatShowsNothingRunsNothing(t *testing.T) {
	p := newHandPlayer(t, onCPU)
	p.in.change(p.program(1, 1, bounce))
	for range 3 * mostUnseen {
		p.clock = p.clock.Add(FrameTime)
		p.update()
	}
	if p.run.frames != mostUnseen || p.animating() {
		t.Fatalf("%d frames were run for nobody, want %d", p.run.frames, mostUnseen)
	}
	r, _, _ := p.out.take()
	if !r.waits {
		t.Error("the window is not told that it was waited for")
	}
	p.frame()
	if p.run.frames != mostUnseen+1 {
		t.Errorf("%d frames after the window has looked", p.run.frames)
	}
	if r, _, _ := p.out.take(); r.waits {
		t.Error("the window is told that it is waited for, and is not")
	}
}

func TestAWindowThatLooksAgainWakesThePlayer(t *testing.T) {
	r, s := newHandRunner()
	d := s.NewDocument()
	drain := func() (asked bool) {
		select {
		case <-r.player.in.ping:
			return true
		default:
			return false
		}
	}
	drain()
	for i := range mostUnseen {
		r.player.out.publish(result{doc: d.ID, frames: uint64(i)}, [Slots]*Picture{}, true)
	}
	if r.take(); !drain() {
		t.Error("the player is not woken")
	}
	r.player.out.publish(result{doc: d.ID}, [Slots]*Picture{}, true)
	if r.take(); drain() {
		t.Error("the player is woken for nothing")
	}
}

func TestAFrameThatTakesLongIsSaidToBe(t *testing.T) {
	r, s := newHandRunner()
	clock := time.Unix(1000, 0)
	r.now = func() time.Time { return clock }
	d := s.NewDocument()
	heavy := func(want bool, busy time.Duration) {
		t.Helper()
		r.take()
		if st := r.RunState(); st.Heavy != want || st.Busy != busy {
			t.Errorf("heavy: %v, busy for %v; want %v, %v", st.Heavy, st.Busy, want, busy)
		}
	}
	heavy(false, 0)
	r.player.began.Store(clock.UnixNano())
	clock = clock.Add(HeavyAfter - 1)
	heavy(false, HeavyAfter-1)
	clock = clock.Add(1)
	heavy(true, HeavyAfter)
	r.player.began.Store(0)
	heavy(false, 0)
	// The next frame of a program whose last was heavy is too, from its start: nothing
	// flickers between the two.
	r.player.out.publish(result{doc: d.ID, heavy: true}, [Slots]*Picture{}, true)
	r.player.began.Store(clock.UnixNano())
	heavy(true, 0)
	r.Pause()
	heavy(false, 0)
}

// patient is an engine whose frames last until they are cancelled, and say when they do.
func patient() (mk func(engine.Backend) engine.Engine, begun chan struct{}) {
	e := waiting{engine.NewCPU(), make(chan struct{}, 1)}
	return func(engine.Backend) engine.Engine { return e }, e.begun
}

func TestStopEndsTheFrameAndNoneFollows(t *testing.T) {
	for name, stop := range map[string]func(*request){
		"stop":            func(r *request) { r.playing = false; r.stops++ },
		"pause":           func(r *request) { r.playing = false },
		"stop of a pause": func(r *request) { r.stops++ },
	} {
		mk, begun := patient()
		p := newHandPlayer(t, mk)
		p.in.change(p.program(1, 1, bounce))
		if name == "stop of a pause" {
			p.in.change(func(r *request) { r.playing = false })
		}
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			p.update()
		}()
		<-begun
		if p.began.Load() != p.clock.UnixNano() {
			t.Errorf("%s: the frame began at %d", name, p.began.Load())
		}
		p.in.change(stop)
		<-ended
		if p.began.Load() != 0 {
			t.Errorf("%s: a frame is being run after its end", name)
		}
		p.clock = p.clock.Add(time.Hour)
		again := make(chan struct{})
		go func() {
			defer close(again)
			p.update()
		}()
		select {
		case <-begun:
			t.Errorf("%s: another frame begins by itself", name)
			p.in.stop()
			<-again
		case <-again:
		}
		if p.run.frames != 0 || p.err != "" || p.animating() {
			t.Errorf("%s: %d frames, %q", name, p.run.frames, p.err)
		}
		p.in.change(func(r *request) { r.playing = true })
		ended = make(chan struct{})
		go func() {
			defer close(ended)
			p.update()
		}()
		<-begun // it goes on when it is to
		p.in.stop()
		<-ended
	}
}

func TestStopAsksForBoth(t *testing.T) {
	r, s := newHandRunner()
	s.NewDocument()
	_, ctx := r.player.in.take()
	r.Stop()
	if ctx.Err() == nil || r.player.in.peek().playing {
		t.Error("the frame goes on, or the next follows")
	}
}
