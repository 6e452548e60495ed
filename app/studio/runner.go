package studio

import (
	"image"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/liveedit"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
)

// RunState is what the program in front is doing.
type RunState struct {
	Playing bool // frames follow one another; false: paused
	Phase   Phase
	Report  machine.Report // of the last frame
	Kind    engine.Kind    // the processor that ran it
	Adapter string         // its name
	FrameMS float64        // milliseconds a frame and its pictures take, smoothed
	FPS     float64        // frames of the last second; 0 when not animating
	Cycles  uint64         // since the program began
	Frames  uint64         // since the program began
	Notice  string         // Phase Broken: why

	doc, liveRev int
	log          []LogEntry
}

func (r *RunState) take(p result) {
	r.Phase, r.Report, r.Kind, r.Adapter = p.phase, p.report, p.kind, p.adapter
	r.FrameMS, r.FPS, r.Cycles, r.Frames = p.frameMS, p.fps, p.cycles, p.frames
	r.Notice, r.log, r.doc, r.liveRev = p.err, p.log, p.doc, p.liveRev
}

// Runner runs the program of the document in front: it asks the player, and shows
// what the player last did.
type Runner struct {
	docs    *Documents
	player  *player
	state   RunState
	texel   *texelWords
	pics    [Slots]*picture
	backend engine.Backend
}

func newRunner(docs *Documents, p *player, b engine.Backend) *Runner {
	return &Runner{docs: docs, player: p, backend: b, state: RunState{Playing: true}}
}

// request edits what is asked of the player.
func (r *Runner) request(f func(*request)) { r.player.in.change(f) }

// show runs the program of the document in front, nil for none. closed is a
// document that is no more, or 0: its machine is not needed again.
func (r *Runner) show(d *Document, closed int) {
	r.request(func(q *request) {
		if closed != 0 {
			q.closed = append(q.closed, closed)
		}
		q.doc, q.program, q.liveRev = 0, nil, 0
		if d != nil {
			q.doc, q.program, q.liveRev = d.ID, d.live, d.liveRev
		}
	})
	if d == nil || d.ID != r.state.doc {
		r.state, r.texel = RunState{Playing: r.state.Playing}, nil
		if d != nil {
			r.state.doc = d.ID
		}
	}
}

// take takes in what the player did since the last call.
func (r *Runner) take() {
	done, pics, fresh := r.player.out.take()
	if !fresh {
		return
	}
	for i, p := range pics {
		if p != nil {
			r.pics[i] = p
		}
	}
	if d := r.docs.Active(); d != nil && done.doc == d.ID {
		r.state.take(done)
		r.texel = done.texel
	}
}

// Picture is the newest finished rendering of a slot's view; nil before the
// first. gen grows with each new one. The image is not changed while it is the
// newest or the one before.
func (r *Runner) Picture(slot int) (img *image.RGBA, v machine.View, gen uint64) {
	p := r.pics[slot]
	if p == nil {
		return nil, machine.View{}, 0
	}
	return p.img, p.view, p.gen
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
			q.tapped.add(tapped{in.Buttons, in.Keys})
		})
	}
}

// Canvas is the size and kind of the canvas of the program in front.
func (r *Runner) Canvas() isa.Header {
	if d := r.docs.Active(); d != nil && d.live != nil {
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

// Run goes on from where the program stands; from its start if it has ended.
func (r *Runner) Run() {
	again := r.finished()
	r.state.Playing = true
	r.request(func(q *request) {
		q.playing = true
		if again {
			q.resets++
		}
	})
}

// Pause stops between two frames; a frame that has begun is given up and run again
// later.
func (r *Runner) Pause() {
	r.state.Playing = false
	r.request(func(q *request) { q.playing = false })
}

// Step pauses and runs one frame.
func (r *Runner) Step() {
	r.state.Playing = false
	r.request(func(q *request) {
		q.playing = false
		q.steps++
	})
}

// Reset starts the program from nothing: memory, canvas and frame count. Whether
// it is playing or paused stays.
func (r *Runner) Reset() {
	r.request(func(q *request) { q.resets++ })
}

// Log lists what LOG wrote, oldest first.
func (r *Runner) Log() []LogEntry { return r.state.log }

// Problems lists what is wrong with the program in front: the diagnostics of the
// text as it stands and, if that text is what ran, the run-time error that ended
// it.
func (r *Runner) Problems() []pxl.Diagnostic {
	d := r.docs.Active()
	if d == nil {
		return nil
	}
	var out []pxl.Diagnostic
	if d.assembly != nil {
		out = append(out, d.assembly.Diagnostics...)
	}
	if f := r.state.Report.Fault; r.state.Phase == Failed && f != nil && d.Current() && r.state.liveRev == d.liveRev {
		at, _ := d.live.Map.At(f.PC)
		out = append(out, pxl.Diagnostic{
			Code: f.Code.String(), Pos: at.Pos, Length: max(1, at.Length),
			Message: liveedit.Explain(f, d.live),
		})
	}
	return out
}

// finished says whether the program has come to its end or to an error.
func (r *Runner) finished() bool {
	return r.state.Phase == Halted || r.state.Phase == Failed
}
