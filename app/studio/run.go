package studio

import (
	"gvpie/runtime/engine"
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

	doc, liveN int
	log        []LogEntry
}

func (r *RunState) take(p played, d *Document) {
	r.Phase, r.Report, r.Kind, r.Adapter = p.phase, p.report, p.kind, p.adapter
	r.FrameMS, r.FPS, r.Cycles, r.Frames = p.frameMS, p.fps, p.cycles, p.frames
	r.Notice, r.log, r.doc, r.liveN = p.err, p.log, p.doc, p.liveN
}

// RunState is what the program in front is doing.
func (m *Model) RunState() RunState { return m.run }

// Backend is the choice of processor.
func (m *Model) Backend() Backend { return m.backend }

// SetBackend moves the machine, as it is, to another choice of processor.
func (m *Model) SetBackend(b Backend) {
	m.backend = b
	m.player.box.change(func(o *orders) { o.backend = b })
}

// Run goes on from where the program stands; from its start if it has ended.
func (m *Model) Run() {
	again := m.finished()
	m.run.Playing = true
	m.player.box.change(func(o *orders) {
		o.playing = true
		if again {
			o.resets++
		}
	})
}

// Pause stops between two frames; a frame in hand is given up and run again
// later.
func (m *Model) Pause() {
	m.run.Playing = false
	m.player.box.change(func(o *orders) { o.playing = false })
}

// Step pauses and runs one frame.
func (m *Model) Step() {
	m.run.Playing = false
	m.player.box.change(func(o *orders) {
		o.playing = false
		o.steps++
	})
}

// Reset starts the program from nothing: memory, canvas and frame count. Whether
// it is playing or paused stays.
func (m *Model) Reset() {
	m.player.box.change(func(o *orders) { o.resets++ })
}

// Log lists what LOG wrote, oldest first.
func (m *Model) Log() []LogEntry { return m.run.log }

// Problems lists what is wrong with the program in front: the diagnostics of the
// text as it stands and, if that text is what ran, the run-time error that ended
// it.
func (m *Model) Problems() []pxl.Diagnostic {
	d := m.Active()
	if d == nil {
		return nil
	}
	var out []pxl.Diagnostic
	if d.latest != nil {
		out = append(out, d.latest.Diagnostics...)
	}
	if f := m.run.Report.Fault; m.run.Phase == Failed && f != nil && d.Current() && m.run.doc == d.ID && m.run.liveN == d.liveN {
		at, _ := d.live.Map.At(f.PC)
		out = append(out, pxl.Diagnostic{
			Code: f.Code.String(), File: d.live.File, Pos: at.Pos, Length: max(1, at.Length),
			Message: liveedit.Explain(f, d.live),
		})
	}
	return out
}
