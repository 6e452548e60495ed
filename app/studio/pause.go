package studio

// pause says why a document's program does not go on by itself, as far as that is for
// the person to say.
type pause uint8

const (
	notPaused pause = iota
	byPerson
	stoppedHeavy // a frame of it took long, and was stopped
	atBreakpoint
)

// followPause brings the state up to why the program in front is paused, if it is.
func (r *Runner) followPause() {
	why := r.paused[r.state.doc]
	r.state.Playing, r.state.stopped = why == notPaused, why
}

// Paused says in a few words why the program does not go on: because it was paused, one
// of its frames stopped, it ended, failed, or nobody sees it. "" says that it does.
func (r *RunState) Paused() string {
	switch {
	case r.Phase == Halted:
		return "ended"
	case r.Phase == Failed:
		return "failed"
	case r.Phase == Broken:
		return "stopped by the engine"
	case r.stopped == stoppedHeavy:
		return "stopped in a heavy frame"
	case r.stopped == atBreakpoint:
		return "stopped at a breakpoint"
	case !r.Playing:
		return "paused by you"
	case r.hidden:
		return "paused while hidden"
	}
	return ""
}

// Run goes on from where the program stands; from its start if it has ended.
func (r *Runner) Run() {
	again := r.finished()
	r.takeEdit()
	r.setPause(notPaused, func(q *request) {
		if again {
			q.resets++
		}
	})
}

// Pause stops between two frames; a frame that has begun is given up and run again
// later. It is the program's: that of another document goes on or is paused as it was.
func (r *Runner) Pause() { r.setPause(byPerson, func(*request) {}) }

// Stop gives up the frame that is being run, and the recording that the program is taken
// through, and pauses: the machine is as it was before that frame.
func (r *Runner) Stop() {
	why := stoppedHeavy
	if r.state.Recorded > 0 {
		why = byPerson
	}
	r.setPause(why, func(q *request) { q.stops++ })
}

// Step pauses and runs one frame.
func (r *Runner) Step() {
	r.setPause(byPerson, func(q *request) { q.steps++ })
}

// SetHidden says that nobody sees the window, so that no program is to run on in it, or
// that somebody does again. It may be called from any goroutine.
func (r *Runner) SetHidden(hidden bool) {
	if r.player.in.peek().hidden != hidden {
		r.request(func(q *request) { q.hidden = hidden })
	}
}

// setPause pauses the program in front, or has it go on.
func (r *Runner) setPause(why pause, also func(*request)) {
	if d := r.Program(); d != nil {
		r.paused[d.ID] = why
	}
	r.followPause()
	r.request(func(q *request) {
		if q.playing = why == notPaused; q.playing {
			q.goes++
		}
		also(q)
	})
}
