package studio

import (
	"context"
	"slices"

	"gvpie/app/studio/debugger"
	"gvpie/runtime/debug"
	"gvpie/runtime/machine"
)

// Stop is where a breakpoint stopped a program that ran: a moment of a frame that it has
// gone through to its end.
type Stop struct {
	Run int // see debugger.Run
	At  debugger.Position

	goes int // that the player knew of
}

// lookout is what the player knows of the breakpoints of a run.
type lookout struct {
	list  []debugger.Breakpoint
	ahead *debug.Lookout // nil: there were none yet
	stop  *Stop          // the run does not go on by itself; nil: it does

	failing map[debugger.Breakpoint]string
	goes    int // request.goes that were gone
}

// leave frees what it takes to look out while the run is suspended.
func (w *lookout) leave() {
	if w.ahead != nil {
		w.ahead.Leave()
	}
}

// set takes in which breakpoints a run has.
func (w *lookout) set(list []debugger.Breakpoint, begin func() *debug.Lookout) {
	if slices.Equal(list, w.list) {
		return
	}
	w.list = list
	if w.ahead == nil {
		w.ahead = begin()
	}
	w.ahead.SetBreakpoints(list)
}

// lookOut looks for breakpoints in the frame that is about to be run.
func (p *player) lookOut(ctx context.Context, in machine.Input, budget uint32) (seen debug.Sighting, err error) {
	w := &p.run.lookout
	w.set(p.req.breaks, func() *debug.Lookout {
		return debug.NewLookout(p.run.asm, func(ctx context.Context) ([]uint32, error) { return p.eng.Read(ctx, machine.DisplayPage) })
	})
	if w.ahead == nil || w.ahead.Idle() {
		w.leave()
		return seen, nil
	}
	if !w.ahead.There() {
		s, err := p.eng.Snapshot(ctx)
		if err == nil {
			err = w.ahead.Restore(s)
		}
		if err != nil {
			return seen, err
		}
	}
	return w.ahead.Frame(ctx, in, budget)
}

// stopped takes in what was seen in the frame that has ended: it stops the program, if it
// ran by itself, and has its log lines.
func (p *player) stopped(seen debug.Sighting) {
	w := &p.run.lookout
	if w.ahead != nil && w.ahead.There() {
		if w.ahead.Keep(context.Background()) != nil {
			w.leave()
		}
	}
	if len(seen.Said) > 0 {
		w.failing = w.ahead.Failing()
	}
	for _, s := range seen.Said {
		p.run.log = append(p.run.log, LogEntry{Frame: p.run.report.Frame, File: s.File, Line: s.Line, Text: s.Text})
	}
	if frame := p.run.past.End() - 1; seen.Hit && p.req.playing {
		w.stop = &Stop{Run: p.run.id, At: debugger.Position{Frame: frame, Cycle: seen.Cycle}, goes: p.req.goes}
	}
}

// setBreakpoints is that of Model. Those of a text that is about to be brought go to the
// player with the program that it makes.
func (r *Runner) setBreakpoints(list []debugger.Breakpoint, edited bool) {
	d := r.Program()
	if d == nil || slices.Equal(list, r.breaks[d.ID]) {
		return
	}
	r.breaks[d.ID] = slices.Clone(list)
	if d.Current() && !(edited && d == r.docs.Active()) {
		r.request(func(q *request) { q.breaks = r.breaks[d.ID] })
	}
}

// Failing are the breakpoints of the program in front whose conditions have failed while it
// ran, with why.
func (r *Runner) Failing() map[debugger.Breakpoint]string { return r.state.failing }

// takeStop pauses the program that a breakpoint has stopped.
func (r *Runner) takeStop(s *Stop) {
	if s == nil || !r.state.Playing || s.goes != r.player.in.peek().goes {
		return
	}
	r.setPause(atBreakpoint, func(*request) {})
	r.stopped(*s)
}
