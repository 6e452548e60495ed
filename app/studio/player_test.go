package studio

import (
	"context"
	"errors"
	"image"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
)

// handPlayer is a player that does nothing but when the test updates it.
type handPlayer struct {
	*player
	t     *testing.T
	clock time.Time
}

func newHandPlayer(t *testing.T, mk func(engine.Backend) engine.Engine) *handPlayer {
	h := &handPlayer{t: t, clock: time.Unix(1000, 0)}
	h.player = newPlayer(newRequests(true, engine.OnCPU), mk, func() {}, func() time.Time { return h.clock })
	t.Cleanup(func() {
		if h.eng != nil {
			h.eng.Close()
		}
	})
	return h
}

func onCPU(engine.Backend) engine.Engine { return engine.NewCPU() }

// ask changes the request and has the player bring itself up to it.
func (h *handPlayer) ask(f func(*request)) result {
	h.in.change(f)
	return h.again()
}

func (h *handPlayer) again() result {
	h.update()
	r, _, _ := h.out.take()
	return r
}

// frame is the next frame's time.
func (h *handPlayer) frame() result {
	h.clock = h.clock.Add(FrameTime)
	return h.again()
}

// program shows a program as document doc's.
func (h *handPlayer) program(doc, rev int, text string) func(*request) {
	h.t.Helper()
	a := pxl.Assemble("p.pxl", text)
	if !a.OK() {
		h.t.Fatal(a.Diagnostics)
	}
	return func(r *request) { r.doc, r.program, r.liveRev = doc, a, rev }
}

func (h *handPlayer) machines() []int { return slices.Sorted(maps.Keys(h.suspended.runs)) }

func TestTheMachineOfAClosedDocumentIsForgotten(t *testing.T) {
	p := newHandPlayer(t, onCPU)
	for doc := 1; doc <= 4; doc++ {
		p.ask(p.program(doc, 1, bounce))
	}
	if got := p.machines(); !slices.Equal(got, []int{1, 2, 3}) {
		t.Fatalf("machines of %v wait", got)
	}
	p.ask(func(r *request) { r.closed = append(r.closed, 1) })
	if got := p.machines(); !slices.Equal(got, []int{2, 3}) {
		t.Errorf("one behind was closed: machines of %v wait", got)
	}
	p.in.change(func(r *request) { r.closed = append(r.closed, 4) })
	p.ask(func(r *request) {
		r.closed = append(r.closed, 3)
		p.program(2, 1, bounce)(r)
	})
	if got := p.machines(); len(got) != 0 || p.run.doc != 2 {
		t.Errorf("the one in front was closed and another: machines of %v wait, that of %d runs", got, p.run.doc)
	}
	p.ask(func(r *request) {
		r.closed = append(r.closed, 2)
		r.doc, r.program, r.liveRev = 0, nil, 0
	})
	if got := p.machines(); len(got) != 0 {
		t.Errorf("all were closed: machines of %v wait", got)
	}
}

func TestClosingDocumentsForgetsTheirMachines(t *testing.T) {
	d := &desk{t: t, w: make(chan struct{}, 1)}
	d.m = New(Config{Backend: engine.OnCPU, Wake: func() {
		select {
		case d.w <- struct{}{}:
		default:
		}
	}})
	for range 4 {
		d.m.NewDocument()
		d.m.Edit("HALT\n")
		d.until("it runs", d.phase(Halted))
	}
	d.m.Close(3)
	d.until("the third is in front", d.phase(Halted))
	d.m.Close(0)
	d.m.SetActive(0)
	d.until("the second is in front", d.phase(Halted))
	d.m.Close(1)
	d.m.Close(0)
	d.m.NewDocument()
	d.m.Edit("HALT\n")
	d.until("another runs", d.phase(Halted))
	d.m.Shutdown()
	if n := len(d.m.player.suspended.runs); n != 0 {
		t.Errorf("%d machines of closed documents are left", n)
	}
}

func TestAMachineGoesOnWhereItWasSuspended(t *testing.T) {
	p := newHandPlayer(t, onCPU)
	p.ask(p.program(1, 1, bounce))
	p.frame()
	was := p.frame()
	p.ask(p.program(2, 1, bounce))
	p.clock = p.due.Add(-1) // not yet
	if r := p.ask(p.program(1, 1, bounce)); r.report.Frame != was.report.Frame || r.frames != was.frames {
		t.Errorf("frame %d of %d came back as %d of %d", was.report.Frame, was.frames, r.report.Frame, r.frames)
	}
	if p.run.snap != nil {
		t.Error("the machine is there twice")
	}
	if r := p.frame(); r.report.Frame != was.report.Frame+1 {
		t.Errorf("frame %d follows %d", r.report.Frame, was.report.Frame)
	}
}

func TestAnotherEngineTakesTheMachineOver(t *testing.T) {
	var closed int
	p := newHandPlayer(t, func(engine.Backend) engine.Engine { return &closing{engine.NewCPU(), &closed} })
	p.ask(p.program(1, 1, bounce))
	was := p.frame()
	p.ask(func(r *request) { r.playing = false })
	if r := p.ask(func(r *request) { r.backend = engine.Auto }); r.report.Frame != was.report.Frame || r.frames != was.frames || closed != 1 {
		t.Errorf("frame %d of %d came over as %d of %d; %d engines are closed", was.report.Frame, was.frames, r.report.Frame, r.frames, closed)
	}
	if r := p.ask(func(r *request) { r.steps++ }); r.report.Frame != was.report.Frame+1 {
		t.Errorf("frame %d follows %d", r.report.Frame, was.report.Frame)
	}
	p.ask(func(r *request) { r.steps++ })
	if closed != 1 {
		t.Error("an engine is changed for the same")
	}
}

// closing counts the engines that were closed.
type closing struct {
	engine.Engine
	n *int
}

func (e closing) Close() error {
	*e.n++
	return e.Engine.Close()
}

func TestAPlayerWithoutAProgramHasNothing(t *testing.T) {
	p := newHandPlayer(t, onCPU)
	if r := p.ask(func(r *request) { r.doc, r.probe.on = 1, true }); r.phase != Empty || r.texel != nil || r.frameMS != 0 {
		t.Errorf("without a program: %+v", r)
	}
}

func TestWhatMakesAFramePointlessCancelsIt(t *testing.T) {
	for name, c := range map[string]struct {
		change  func(*request)
		cancels bool
	}{
		"another document": {func(r *request) { r.doc++ }, true},
		"an edit":          {func(r *request) { r.liveRev++ }, true},
		"another engine":   {func(r *request) { r.backend = engine.Auto }, true},
		"a reset":          {func(r *request) { r.resets++ }, true},
		"a pause":          {func(r *request) { r.playing = false }, true},
		"a stop":           {func(r *request) { r.stops++ }, true},
		"input":            {func(r *request) { r.input.Buttons++ }, false},
		"a view":           {func(r *request) { r.views[0].Width++ }, false},
		"a probe":          {func(r *request) { r.probe.on = true }, false},
		"a step":           {func(r *request) { r.steps++ }, false},
		"another closed":   {func(r *request) { r.closed = append(r.closed, 9) }, false},
	} {
		q := newRequests(true, engine.OnCPU)
		_, ctx := q.take()
		q.change(c.change)
		if (ctx.Err() != nil) != c.cancels {
			t.Errorf("%s: cancelled %v", name, ctx.Err() != nil)
		}
		if _, ctx := q.take(); ctx.Err() != nil {
			t.Errorf("%s: the next frame is cancelled before it begins", name)
		}
		if again, _ := q.take(); again.closed != nil {
			t.Errorf("%s: a document is closed twice", name)
		}
		q.stop()
	}
	q := newRequests(false, engine.OnCPU)
	defer q.stop()
	_, ctx := q.take()
	for _, change := range []func(*request){func(r *request) { r.input.Buttons++ }, func(r *request) { r.playing = true }} {
		if q.change(change); ctx.Err() != nil {
			t.Error("input, or running on, cancels the frame of a step")
		}
	}
}

// waiting is an engine whose frames last until they are cancelled.
type waiting struct {
	engine.Engine
	begun chan struct{}
}

func (e waiting) Frame(ctx context.Context, _ machine.Input, _ uint32) (machine.Report, error) {
	e.begun <- struct{}{}
	<-ctx.Done()
	return machine.Report{}, ctx.Err()
}

func TestClosingThePlayerEndsAFrame(t *testing.T) {
	e := waiting{engine.NewCPU(), make(chan struct{})}
	h := newHandPlayer(t, func(engine.Backend) engine.Engine { return e })
	h.in.change(h.program(1, 1, bounce))
	go h.loop()
	<-e.begun
	h.close()
	if h.err != "" {
		t.Errorf("a frame that was cancelled counts as failed: %s", h.err)
	}
}

func TestAnEditOfAPausedProgramShows(t *testing.T) {
	p := newHandPlayer(t, onCPU)
	p.ask(p.program(1, 1, bounce))
	was := p.ask(func(r *request) { r.playing = false })
	p.clock = p.clock.Add(time.Hour)
	if r := p.again(); r.frames != was.frames {
		t.Fatal("a paused program runs")
	}
	if r := p.ask(p.program(1, 2, strings.Replace(bounce, "red", "green", 1))); r.frames != was.frames+1 || r.report.Frame != was.report.Frame+1 {
		t.Errorf("frame %d, the %d. since the beginning, follows frame %d, the %d.", r.report.Frame, r.frames, was.report.Frame, was.frames)
	}
	if r := p.frame(); r.frames != was.frames+1 {
		t.Error("an edit made a paused program run on")
	}
}

func TestAProgramThatEndedBeginsAnewWhenItIsEdited(t *testing.T) {
	p := newHandPlayer(t, onCPU)
	p.ask(p.program(1, 1, "LOG 1\nHALT\n"))
	if r := p.ask(p.program(1, 2, "NOP\nLOG 2\nHALT\n")); r.phase != Halted || r.cycles != 3 || len(r.log) != 1 || r.log[0].Line != 2 {
		t.Errorf("phase %v after %d cycles, log %v", r.phase, r.cycles, r.log)
	}
}

func TestStepsAreRunOnceEach(t *testing.T) {
	p := newHandPlayer(t, onCPU)
	p.ask(p.program(1, 1, bounce))
	was := p.ask(func(r *request) { r.playing = false })
	p.in.change(func(r *request) { r.steps++ })
	if r := p.ask(func(r *request) { r.steps++ }); r.frames != was.frames+2 {
		t.Errorf("two steps ran %d frames", r.frames-was.frames)
	}
	if r := p.again(); r.frames != was.frames+2 {
		t.Error("a step is run again")
	}
	p.ask(p.program(2, 1, bounce))
	p.ask(func(r *request) { r.steps += 3 })
	if r := p.ask(p.program(1, 1, bounce)); r.frames != was.frames+2 {
		t.Errorf("the steps of another document are run: %d frames", r.frames)
	}
}

func TestAStepOfAProgramThatHaltsStopsThere(t *testing.T) {
	p := newHandPlayer(t, onCPU)
	p.ask(p.program(1, 1, "FRAME\nHALT\n"))
	if r := p.ask(func(r *request) { r.playing, r.steps = false, 5 }); r.phase != Halted || r.frames != 2 {
		t.Errorf("phase %v after %d frames", r.phase, r.frames)
	}
}

func TestAResetIsTakenOnce(t *testing.T) {
	p := newHandPlayer(t, onCPU)
	p.ask(p.program(1, 1, bounce))
	p.frame()
	if r := p.ask(func(r *request) { r.resets++ }); r.report.Frame != 1 || r.frames != 1 {
		t.Errorf("frame %d after a reset", r.report.Frame)
	}
	if r := p.frame(); r.report.Frame != 2 {
		t.Errorf("frame %d after the first", r.report.Frame)
	}
	p.ask(p.program(2, 1, bounce))
	p.ask(func(r *request) { r.resets++ })
	p.frame()
	if r := p.ask(p.program(1, 1, bounce)); r.report.Frame < 2 {
		t.Error("the reset of another document is taken")
	}
}

func TestALongPauseIsNotMadeUpFor(t *testing.T) {
	p := newHandPlayer(t, onCPU)
	p.ask(p.program(1, 1, bounce))
	p.clock = p.clock.Add(time.Hour)
	p.again()
	was := p.again()
	if r := p.again(); r.frames != was.frames {
		t.Error("frames that were missed are run at once")
	}
	if r := p.frame(); r.frames != was.frames+1 {
		t.Errorf("%d frames in the time of one", r.frames-was.frames)
	}
}

// broken is an engine that fails where it is told to.
type broken struct {
	engine.Engine
	load, restore, render, snapshot error
	drawn                           *int
}

func (e *broken) Load(ctx context.Context, p isa.Program, seed int32) error {
	if e.load != nil {
		return e.load
	}
	return e.Engine.Load(ctx, p, seed)
}

func (e *broken) Restore(ctx context.Context, s *machine.Snapshot) error {
	if e.restore != nil {
		return e.restore
	}
	return e.Engine.Restore(ctx, s)
}

func (e *broken) Snapshot(ctx context.Context) (*machine.Snapshot, error) {
	if e.snapshot != nil {
		return nil, e.snapshot
	}
	return e.Engine.Snapshot(ctx)
}

func (e *broken) Render(ctx context.Context, v machine.View, img *image.RGBA) error {
	*e.drawn++
	if e.render != nil {
		return e.render
	}
	return e.Engine.Render(ctx, v, img)
}

func newBroken(t *testing.T) (*handPlayer, *broken) {
	b := &broken{Engine: engine.NewCPU(), drawn: new(int)}
	return newHandPlayer(t, func(engine.Backend) engine.Engine { return b }), b
}

func TestAnEditThatCannotBeResumedBeginsAnew(t *testing.T) {
	p, b := newBroken(t)
	p.ask(p.program(1, 1, bounce))
	p.frame()
	b.restore = errors.New("no memory")
	if r := p.ask(p.program(1, 2, bounce+"NOP\n")); r.report.Frame != 1 || r.frames != 1 || r.liveRev != 2 || r.err != "" {
		t.Errorf("frame %d, the %d., of revision %d, %q", r.report.Frame, r.frames, r.liveRev, r.err)
	}
	b.load = errors.New("no memory at all")
	if r := p.ask(p.program(1, 9, bounce)); r.phase != Broken || !strings.Contains(r.err, "no memory at all") {
		t.Errorf("phase %v, %q", r.phase, r.err)
	}
	b.load, b.restore = nil, nil
	p.ask(p.program(1, 2, bounce+"NOP\n"))
	b.snapshot = errors.New("no memory")
	p.frame()
	if r := p.ask(p.program(1, 3, bounce)); r.report.Frame != 1 || r.frames != 1 || r.liveRev != 3 || r.err != "" {
		t.Errorf("frame %d, the %d., of revision %d, %q", r.report.Frame, r.frames, r.liveRev, r.err)
	}
}

func TestTheLogGoesOnWithTheProgram(t *testing.T) {
	p := newHandPlayer(t, onCPU)
	logged := func(r result, want ...string) {
		t.Helper()
		var got []string
		for _, l := range r.log {
			got = append(got, l.Text)
		}
		if !slices.Equal(got, want) {
			t.Errorf("the log is %q, want %q", got, want)
		}
	}
	logged(p.ask(p.program(1, 1, "LOG one\nl:\nFRAME\nJMP l\n")), "one")
	logged(p.ask(p.program(1, 2, "LOG one\nl:\nNOP\nFRAME\nJMP l\n")), "one")
	logged(p.ask(p.program(1, 3, "LOG two\nl:\nNOP\nFRAME\nJMP l\n")), "two")
}

func TestOnlyWhatHasChangedIsDrawn(t *testing.T) {
	p, b := newBroken(t)
	view := func(slot, width int) func(*request) {
		return func(r *request) { r.views[slot] = machine.View{Width: width, Height: 8, Scale: 1} }
	}
	p.in.change(view(0, 8))
	p.ask(p.program(1, 1, "FRAME\nHALT\n"))
	p.ask(func(r *request) { r.playing = false })
	drawn := func(want int, f func(*request)) result {
		t.Helper()
		*b.drawn = 0
		r := p.ask(f)
		if *b.drawn != want {
			t.Errorf("%d pictures were drawn, want %d", *b.drawn, want)
		}
		return r
	}
	drawn(0, func(*request) {})
	drawn(1, view(1, 8))
	drawn(1, view(1, 9))
	drawn(2, func(r *request) { r.steps++ })
	drawn(0, view(1, 0))
	drawn(1, view(1, 9))
	b.render = errors.New("the surface is lost")
	if r := drawn(1, view(1, 10)); r.phase != Broken || !strings.Contains(r.err, "the surface is lost") {
		t.Errorf("phase %v, %q", r.phase, r.err)
	}
	drawn(0, view(1, 11)) // it is of no use to try again
	if r := p.ask(func(r *request) { r.probe = probe{on: true} }); r.texel != nil {
		t.Error("a texel of an engine that is broken is shown")
	}
	b.render = nil
	if r := drawn(2, func(r *request) { r.backend = engine.Auto }); r.phase != Halted || r.err != "" {
		t.Errorf("phase %v, %q on another engine", r.phase, r.err)
	}
}

func TestTheOldestLinesOfALongLogGo(t *testing.T) {
	p := newHandPlayer(t, onCPU)
	r := p.ask(p.program(1, 1, "SET i = 0\nl:\nSET i = i + 1\nLOG {i}\nIF i % 100 == 0\nFRAME\nEND\nJMP l\n"))
	for range 25 {
		r = p.frame()
	}
	if len(r.log) != maxLog || r.log[0].Text != "601" || r.log[maxLog-1].Text != "2600" || r.log[0].Line != 4 {
		t.Errorf("%d lines from %+v to %+v", len(r.log), r.log[0], r.log[len(r.log)-1])
	}
}

func TestOfEndedFramesTheNewestIsTold(t *testing.T) {
	p := newHandPlayer(t, onCPU)
	p.ask(p.program(1, 1, bounce))
	p.frame()
	p.frame()
	if got := <-p.ended.C; got != 3 {
		t.Errorf("frame %d has ended", got)
	}
}

func TestATexelBesideTheCanvasIsNotThere(t *testing.T) {
	p := newHandPlayer(t, onCPU)
	p.ask(p.program(1, 1, "RECT 0 0 128 64 red\nHALT\n"))
	for _, at := range []struct {
		x, y int
		on   bool
	}{{0, 0, true}, {127, 63, true}, {-1, 0, false}, {0, -1, false}, {128, 0, false}, {0, 64, false}} {
		r := p.ask(func(r *request) { r.probe = probe{true, at.x, at.y} })
		if (r.texel != nil) != at.on {
			t.Errorf("texel %d, %d: %+v", at.x, at.y, r.texel)
		}
		if r.texel != nil && (r.texel.x != at.x || r.texel.y != at.y || r.texel.word>>24 == 0 || r.texel.writer == 0) {
			t.Errorf("texel %d, %d: %+v", at.x, at.y, r.texel)
		}
	}
}
