package studio

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"gvpie/app/studio/mailbox"
	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/liveedit"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
	"gvpie/runtime/record"
)

// HeavyAfter is how long a frame may take before the window shows that it does, and offers
// to stop it.
const HeavyAfter = 250 * time.Millisecond

// FrameTime is how long a frame of a running program lasts: 60 a second.
const FrameTime = time.Second / 60

// Phase is what the program in front is doing.
type Phase uint8

const (
	Empty   Phase = iota // no program has assembled yet
	Running              // between frames, or in one
	Halted               // it has come to its end
	Failed               // a run-time error has ended it
	Broken               // the engine could not run it; see RunState.Notice
)

// LogEntry is one line that LOG wrote.
type LogEntry struct {
	Frame uint32
	File  string // as positions of the program spell it
	Line  int
	Text  string
}

// maxLog is how many log lines there are at most; the oldest go first.
const maxLog = 2000

// player owns the engines and runs the program in front. It is one goroutine;
// it takes requests from in and leaves results in out, and waits for the window
// in neither. Engines may take long: requests that make a frame pointless cancel
// it through the context they came with.
type player struct {
	in    *requests
	out   output
	wake  func()
	now   func() time.Time
	make  func(engine.Backend) engine.Engine
	quit  chan struct{}
	done  chan struct{}
	asked chan chan textures     // see Runner.Textures
	ended mailbox.Latest[uint32] // frames that have ended
	began atomic.Int64           // when the frame that is being run began, in nanoseconds; 0: none is
	alarm *time.Timer            // wakes the window when that has become a heavy one

	eng       engine.Engine
	backend   engine.Backend
	req       request
	run       execution
	suspended suspended // documents that are not in front
	due       time.Time
	shown     [Slots]machine.View // what the last picture of each slot showed
	dirty     bool                // the display has changed since
	tapped    tapped              // since the last frame
	lens      lens                // at the moment that is looked at
	runs      int                 // counts beginnings
	checker   *checker            // nil: frames are not checked
	checked   checkedFrame        // last
	err       string
}

// execution is one document's program as it runs, with its machine.
type execution struct {
	doc     int
	asm     *pxl.Assembly
	liveRev int
	snap    *machine.Snapshot // only while suspended
	loaded  bool
	begun   bool // at least one frame has been run
	gaveUp  bool // its first frame, for a pause: it is not begun again by itself
	heavy   bool // the last frame took longer than HeavyAfter
	report  machine.Report
	cycles  uint64
	frames  uint64
	ms      float64
	log     []LogEntry
	resets  int
	steps   int
	past    *record.Ring
	lookout lookout
	id      int  // of this beginning, for the debugger
	left    int  // when it was suspended, counted
	dropped bool // its machine made way for others

	recording *record.Recording // that it is taken through; nil: none
	diverged  string            // how it came out otherwise, in words
	stops     int
}

func newPlayer(in *requests, mk func(engine.Backend) engine.Engine, wake func(), now func() time.Time) *player {
	alarm := time.AfterFunc(time.Hour, wake)
	alarm.Stop()
	return &player{in: in, make: mk, wake: wake, now: now, suspended: suspended{runs: map[int]execution{}, most: maxSuspended}, quit: make(chan struct{}), done: make(chan struct{}), asked: make(chan chan textures), ended: mailbox.New[uint32](), alarm: alarm}
}

// close ends the player and frees its engine.
func (p *player) close() {
	close(p.quit)
	p.in.stop()
	<-p.done
}

func (p *player) loop() {
	defer close(p.done)
	defer func() {
		if p.eng != nil {
			p.eng.Close()
		}
	}()
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		var tick <-chan time.Time
		if p.animating() {
			timer.Reset(max(0, p.due.Sub(p.now())))
			tick = timer.C
		} else {
			timer.Stop()
		}
		select {
		case <-p.quit:
			return
		case answer := <-p.asked:
			answer <- p.textures()
			continue
		case <-p.in.ping:
		case <-tick:
		}
		p.update()
	}
}

// animating says whether the next frame is to run by itself: for somebody who sees it.
func (p *player) animating() bool {
	goesOn := p.req.playing && !p.req.hidden || p.run.replaying()
	return goesOn && p.out.seen() && p.runnable() && p.run.lookout.stop == nil && p.err == ""
}

// runnable says whether the machine has a next frame.
func (p *player) runnable() bool {
	return p.run.loaded && (!p.run.begun || p.run.report.Status == isa.Framed)
}

// update takes the newest request and brings machine and pictures up to it.
func (p *player) update() {
	r, ctx := p.in.take()
	p.req = r
	p.forget(r.closed)
	p.tapped.add(r.tapped)
	began := p.now()
	p.reconcile(r)
	p.dirty = p.lens.turn(r.lens) || p.dirty

	steps := r.steps - p.run.steps
	if steps > 0 || r.goes != p.run.lookout.goes {
		p.run.lookout.stop = nil
	}
	p.run.steps, p.run.lookout.goes = r.steps, r.goes
	if r.stops != p.run.stops {
		p.run.stops, p.run.recording = r.stops, nil
	}
	ran := false
	switch {
	case !p.runnable() || p.err != "":
	case p.run.replaying():
		ran = p.replay(ctx)
	case steps > 0:
		for range steps {
			if p.runnable() && ctx.Err() == nil {
				ran = p.frame(ctx, p.tapped.in(r.input), 0) || ran
				p.tapped.wheel = 0
			}
		}
	case !p.run.begun && !p.run.gaveUp || p.animating() && !began.Before(p.due):
		ran = p.frame(ctx, p.tapped.in(r.input), 0)
		if p.due = p.due.Add(FrameTime); p.due.Before(began.Add(-4 * FrameTime)) {
			p.due = began.Add(FrameTime)
		}
	}
	if ran || !p.animating() {
		p.tapped = tapped{} // seen, or for nobody
	}
	p.publish(r, p.draw(r), ran)
	p.offer(r)
}

// forget drops the machines of documents that were closed. That of the one in
// front must not be suspended when the next takes its place.
func (p *player) forget(closed []int) {
	for _, id := range closed {
		p.suspended.forget(id)
		if p.run.doc == id {
			p.run = execution{}
		}
	}
}

// reconcile changes engine, document, program and start to what is requested.
//
// Only a frame is long, so only a frame can be cancelled: the other calls get a
// context of their own, and the engine bounds them.
func (p *player) reconcile(r request) {
	ctx := context.Background()
	if p.eng == nil || p.backend != r.backend {
		p.changeEngine(ctx, r.backend)
	}
	if r.doc != p.run.doc {
		p.suspend(ctx)
		p.run = p.suspended.take(r.doc)
		if p.run.doc == 0 {
			p.run = execution{doc: r.doc, resets: r.resets}
		}
		p.run.steps, p.run.stops, p.run.resets, p.run.lookout.goes = r.steps, r.stops, r.resets, r.goes
		p.dirty, p.err = true, ""
		if p.run.snap != nil {
			p.failed(p.eng.Restore(ctx, p.run.snap))
			p.run.snap = nil
		}
	}
	switch {
	case r.program == nil:
		p.run.loaded = false
	case !p.run.loaded || r.resets != p.run.resets:
		p.load(ctx, r)
	case r.liveRev != p.run.liveRev:
		p.edit(ctx, r)
	}
}

func (p *player) changeEngine(ctx context.Context, b engine.Backend) {
	var snap *machine.Snapshot
	if p.eng != nil {
		if p.run.loaded {
			snap, _ = p.eng.Snapshot(ctx)
		}
		p.eng.Close()
	}
	p.eng, p.backend, p.err = p.make(b), b, ""
	p.dirty = true
	if snap != nil {
		p.failed(p.eng.Restore(ctx, snap))
	} else {
		p.run.loaded = false
	}
}

// suspend keeps the machine of the document that leaves the front.
func (p *player) suspend(ctx context.Context) {
	if p.run.doc == 0 || !p.run.loaded {
		return
	}
	if snap, err := p.eng.Snapshot(ctx); err == nil {
		p.run.snap = snap
		p.run.lookout.leave()
		p.suspended.put(p.run)
	}
}

// load starts the program from nothing.
func (p *player) load(ctx context.Context, r request) {
	var log []LogEntry
	if p.run.dropped {
		log = []LogEntry{{Text: droppedNote}}
	}
	rec := r.recording
	if r.resets != p.run.resets {
		rec = nil
	}
	p.run = execution{doc: r.doc, asm: r.program, liveRev: r.liveRev, resets: r.resets, steps: r.steps, stops: r.stops, log: log, recording: rec, lookout: lookout{goes: r.goes}}
	p.err, p.dirty = "", true
	p.due = p.now()
	if rec == nil {
		rec = &record.Recording{Program: r.program.Program, Seed: isa.DefaultSeed}
	}
	p.begin(rec)
	if !p.failed(rec.Begin(ctx, p.eng)) {
		p.run.loaded = true
	}
}

// edit puts an edited program in the place of the running one.
func (p *player) edit(ctx context.Context, r request) {
	snap, err := p.eng.Snapshot(ctx)
	if err != nil || p.run.report.Status != isa.Framed {
		p.load(ctx, r)
		return
	}
	next, resumed := liveedit.Reload(p.run.asm, snap, r.program)
	if err := p.eng.Restore(ctx, next); err != nil {
		p.load(ctx, r)
		return
	}
	p.run.asm, p.run.liveRev, p.run.lookout = r.program, r.liveRev, lookout{goes: r.goes}
	p.run.recording, p.run.diverged = nil, ""
	p.begin(&record.Recording{Start: next})
	p.run.begun, p.run.gaveUp = false, false // one frame is run even when paused, so that the edit shows
	if !resumed {
		p.run.log = nil
	}
	p.err, p.dirty = "", true
	p.due = p.now()
}

// begin begins the record of a run that begins as a recording does.
func (p *player) begin(as *record.Recording) {
	p.runs++
	p.run.id = p.runs
	begun := *as
	begun.Frames = record.Frames{}
	p.run.past = begun.Ring(record.DefaultMemory)
}

// keyframe keeps the machine before a frame where that is worth it. What fails here fails
// again, and is dealt with, in the frame.
func (p *player) keyframe(ctx context.Context) {
	if !p.run.past.Due() {
		return
	}
	began := p.now()
	if s, err := p.eng.Snapshot(ctx); err == nil {
		p.run.past.Keyframe(s, p.now().Sub(began))
	}
}

// frame runs one frame, of so many cycles, 0 for as many as is usual, and says whether it
// came to its end.
func (p *player) frame(ctx context.Context, in machine.Input, budget uint32) bool {
	p.keyframe(ctx)
	began := p.now()
	p.began.Store(began.UnixNano())
	p.alarm.Reset(HeavyAfter)
	seen, err := p.lookOut(ctx, in, budget)
	looked := p.now()
	var r machine.Report
	if err == nil {
		r, err = p.eng.Frame(ctx, in, budget)
	}
	p.alarm.Stop()
	p.began.Store(0)
	if p.failed(err) {
		p.run.gaveUp = !p.in.peek().playing
		return false
	}
	took := p.now().Sub(looked)
	ms := float64(took) / float64(time.Millisecond)
	if p.run.ms == 0 {
		p.run.ms = ms
	}
	p.run.ms += (ms - p.run.ms) * 0.1
	p.run.gaveUp, p.run.heavy = false, took >= HeavyAfter
	p.run.begun, p.run.report = true, r
	p.run.cycles += uint64(r.Cycles)
	p.run.frames++
	p.run.past.Append(in, budget, r, took)
	p.dirty = true
	p.stopped(seen)
	p.ended.Put(r.Frame)
	for _, l := range r.Log[max(0, len(r.Log)-maxLog):] {
		at, _ := p.run.asm.Map.At(l.PC)
		p.run.log = append(p.run.log, LogEntry{Frame: r.Frame, File: at.Pos.File, Line: at.Pos.Line, Text: l.Text})
	}
	if n := len(p.run.log) - maxLog; n > 0 {
		p.run.log = append([]LogEntry(nil), p.run.log[n:]...)
	}
	return true
}

// failed notes why the engine could not do something. A cancelled call is not a
// failure: a newer request is on the way.
func (p *player) failed(err error) bool {
	if err == nil {
		return false
	}
	if !errors.Is(err, context.Canceled) {
		p.err = fmt.Sprintf("the %s engine could not run this: %v", p.backend, err)
	}
	return true
}
