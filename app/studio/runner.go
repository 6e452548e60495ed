package studio

import (
	"fmt"
	"time"

	"gvpie/app/studio/debugger"
	"gvpie/app/studio/notice"
	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// RunState is what the program in front is doing.
type RunState struct {
	Playing  bool // frames follow one another, as far as it is for the person to say
	Phase    Phase
	Report   machine.Report // of the last frame
	Kind     engine.Kind    // the processor that ran it
	Adapter  string         // its name
	FrameMS  float64        // milliseconds the program takes for a frame, smoothed
	FPS      float64        // frames shown in the last second; 0 when none follow one another
	Cycles   uint64         // since the program began
	Frames   uint64         // since the program began
	Notice   string         // Phase Broken: why
	Heavy    bool           // its frames take longer than HeavyAfter, and one is being run
	Busy     time.Duration  // since when, 0 when none is
	Replayed int            // frames of the recording that the program is taken through,
	Recorded int            // of so many; 0 where it is not

	stopped      pause  // why it does not play, as far as that is for the person to say
	hidden       bool   // nobody sees the window
	heavy        bool   // the last frame was
	diverged     string // how the recording came out otherwise
	doc, liveRev int
	run          int // of its beginnings
	log          []LogEntry
	failing      map[debugger.Breakpoint]string
}

func (r *RunState) take(p result) {
	r.Phase, r.Report, r.Kind, r.Adapter = p.phase, p.report, p.kind, p.adapter
	r.FrameMS, r.Cycles, r.Frames = p.frameMS, p.cycles, p.frames
	r.Notice, r.log, r.doc, r.liveRev, r.heavy = p.err, p.log, p.doc, p.liveRev, p.heavy
	r.run = p.run
	r.failing = p.failing
	r.Replayed, r.Recorded, r.diverged = p.replayed, p.recorded, p.diverged
}

// Runner runs the program of the document in front: it asks the player, and shows
// what the player last did.
type Runner struct {
	docs      *Documents
	player    *player
	now       func() time.Time
	state     RunState
	texel     *texelWords
	words     *Words
	parity    *Parity // of the last frame that was checked, of any run
	pics      [Slots]*Picture
	presented rate
	paused    map[int]pause // by document
	typing    typing
	backend   engine.Backend
	past      func(debugger.Run)            // is told of the run so far,
	following bool                          // while it is to be
	deferred  bool                          // an edit waits: see defersEdit
	runWanted []func(debugger.Run)          // are told of it once
	stopped   func(Stop)                    // is told of a breakpoint that stopped the program
	breaks    map[int][]debugger.Breakpoint // by document
	through   int                           // ID of the document whose included files the debugger went to; 0: none
}

func newRunner(docs *Documents, p *player, b engine.Backend, now func() time.Time) *Runner {
	return &Runner{docs: docs, player: p, backend: b, now: now, state: RunState{Playing: true}, paused: map[int]pause{}, breaks: map[int][]debugger.Breakpoint{}}
}

// request edits what is asked of the player.
func (r *Runner) request(f func(*request)) { r.player.in.change(f) }

// show runs the program of the document in front, nil for none. closed is a
// document that is no more, or 0: its machine is not needed again.
func (r *Runner) show(front *Document, closed int) {
	d := r.comeTo(front)
	delete(r.paused, closed)
	delete(r.breaks, closed)
	if d != nil && d.Recorded != nil {
		if _, known := r.paused[d.ID]; !known {
			r.paused[d.ID] = byPerson
		}
	}
	before := r.player.in.peek()
	r.request(func(q *request) {
		if closed != 0 {
			q.closed = append(q.closed, closed)
		}
		q.doc, q.program, q.liveRev, q.playing, q.recording = 0, nil, 0, true, nil
		q.breaks = nil
		if d != nil {
			q.doc, q.program, q.liveRev, q.playing, q.recording = d.ID, d.live, d.liveRev, r.paused[d.ID] == notPaused, d.replayed()
			q.breaks = r.breaks[d.ID]
			if defersEdit(r, before, *q) {
				q.program, q.liveRev, q.recording = before.program, before.liveRev, before.recording
			}
		}
	})
	if d == nil || d.ID != r.state.doc {
		r.state, r.texel, r.presented = RunState{}, nil, rate{}
		if d != nil {
			r.state.doc = d.ID
		}
	}
	r.followPause()
}

// take takes in what the player did since the last call.
func (r *Runner) take() {
	done, pics, fresh := r.player.out.take()
	if fresh {
		r.takeResult(done, pics)
	}
	r.state.Heavy, r.state.Busy, r.state.hidden = false, 0, r.player.in.peek().hidden
	if began := r.player.began.Load(); began != 0 {
		r.state.Busy = r.now().Sub(time.Unix(0, began))
		r.state.Heavy = r.state.Busy >= HeavyAfter || r.state.heavy && r.state.Playing
	}
}

func (r *Runner) takeResult(done result, pics [Slots]*Picture) {
	if done.waits {
		r.player.in.poke()
	}
	shown := false
	for i, p := range pics {
		if p != nil {
			was := r.pics[i]
			shown = shown || was == nil || was.doc != p.doc || was.frame != p.frame
			r.pics[i] = p
		}
	}
	d := r.Program()
	if d == nil || done.doc != d.ID {
		return
	}
	before := r.state.diverged
	if r.state.take(done); done.diverged != before && done.diverged != "" {
		r.docs.notices.Add(notice.Warning, fmt.Sprintf("%s comes out otherwise here: %s", d.Name, done.diverged))
	}
	r.texel, r.words = done.texel, done.words
	r.takeStop(done.stop)
	if done.past != nil {
		wanted := r.runWanted
		r.runWanted = nil
		for _, then := range wanted {
			then(*done.past)
		}
		if r.following {
			r.past(*done.past)
		}
	}
	switch {
	case r.state.Paused() != "":
		r.presented, r.state.FPS = rate{}, 0
	case shown:
		r.state.FPS = r.presented.tick(r.now())
	}
}

// Picture is the newest finished rendering of a slot's view of the program in front; its
// Image is nil before the first. Those of all slots are of the same frame.
func (r *Runner) Picture(slot int) Picture {
	p, d := r.pics[slot], r.Program()
	if p == nil || d == nil || p.doc != d.ID {
		return Picture{}
	}
	return *p
}

// SetView says what slot is to show; a View with Width 0 takes it off screen.
func (r *Runner) SetView(slot int, v machine.View) {
	if v != r.player.in.peek().views[slot] {
		r.request(func(q *request) { q.views[slot] = v })
	}
}

// SetInput is what the program sees of mouse and keyboard from its next frame.
func (r *Runner) SetInput(in machine.Input) {
	if in != r.player.in.peek().input {
		r.request(func(q *request) {
			q.input = in
			q.tapped.add(tapped{in.Buttons, in.Keys, 0})
		})
	}
}

// TurnWheel turns the wheel by notches, up positive, which the program sees in its next
// frame alone.
func (r *Runner) TurnWheel(notches int32) {
	r.request(func(q *request) { q.tapped.wheel += notches })
}

// Canvas is the size and kind of the canvas of the program in front.
func (r *Runner) Canvas() isa.Header {
	if d := r.Program(); d != nil && d.live != nil {
		return d.live.Header
	}
	return isa.Header{W: isa.DefaultWidth, H: isa.DefaultHeight}
}

// RunState is what the program in front is doing.
func (r *Runner) RunState() RunState { return r.state }

// Backend is the choice of processor.
func (r *Runner) Backend() engine.Backend { return r.backend }

// SetBackend moves the machine, as it is, to another choice of processor.
func (r *Runner) SetBackend(b engine.Backend) {
	r.backend = b
	r.request(func(q *request) { q.backend = b })
}

// Reset starts the program from nothing: memory, canvas and frame count. Whether
// it is playing or paused stays.
func (r *Runner) Reset() {
	r.takeEdit()
	r.request(func(q *request) { q.resets++ })
}

// Log lists what LOG wrote, oldest first.
func (r *Runner) Log() []LogEntry { return r.state.log }

// finished says whether the program has come to its end or to an error.
func (r *Runner) finished() bool {
	return r.state.Phase == Halted || r.state.Phase == Failed
}
