package studio

// An edit made while the debugger looks at the past would end the run that it looks at: an
// edited program begins another. So it waits there, and is for the person to run on as a
// branch, until the program is to go on, or the debugger looks no more.

// defersEdit says whether the run goes on as it is requested now, where another request has an
// edited program for it. A canvas of another size cannot be looked at beside the text.
func defersEdit(r *Runner, now, next request) bool {
	if now.doc != next.doc || now.program == nil || next.program == nil || now.liveRev == next.liveRev {
		r.deferred = false
		return false
	}
	is, was := next.program.Header, now.program.Header
	r.deferred = (r.deferred || r.following && now.lens != nil) && is.W == was.W && is.H == was.H && is.Pixel == was.Pixel
	return r.deferred
}

// takeEdit has the program in front be what its text says.
func (r *Runner) takeEdit() {
	d := r.Program()
	if !r.deferred || d == nil {
		return
	}
	r.deferred = false
	r.request(func(q *request) { q.program, q.liveRev, q.recording = d.live, d.liveRev, d.replayed() })
}

// Deferred says whether the run is of the text as it was before it was edited: see
// [debugger.Branches.Edit].
func (r *Runner) Deferred() bool { return r.deferred }
