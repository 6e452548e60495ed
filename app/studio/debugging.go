package studio

import "gvpie/app/studio/debugger"

// Debugger is the model of the debugger.
func (m *Model) Debugger() *debugger.Model { return m.debugger }

// SetDebugging says whether the debugger is on screen. While it is, it looks at the
// program whenever that is paused.
func (m *Model) SetDebugging(on bool) {
	on = on && m.Active() != nil && m.state.Paused() != "" && m.state.Phase != Empty && m.state.Phase != Broken
	if !on {
		m.debugger.Close()
	}
	at := m.debugger.Elsewhere()
	if now := m.player.in.peek(); now.past != on || now.lens != at {
		m.request(func(q *request) { q.past, q.lens = on, at })
	}
}

// SetBreakpoints says where the program in front stops, by lines of its text as it stands.
func (m *Model) SetBreakpoints(list []debugger.Breakpoint) {
	m.Runner.SetBreakpoints(list)
	m.debugger.SetBreakpoints(list)
}

// OnStop has f called on the window's goroutine when a breakpoint has stopped the program
// in front. The debugger goes there once it looks at the program.
func (m *Model) OnStop(f func()) {
	m.Runner.stopped = func(s Stop) {
		m.debugger.Land(s.Run, s.At)
		f()
	}
}

// runOn goes on: to the next breakpoint of the frame in which one has stopped the program,
// or else as Run does.
func (m *Model) runOn() { m.debugger.RunOn(m.Run) }

// stepFrame goes on by a frame: where the debugger looks at the past there, else in the
// program.
func (m *Model) stepFrame() {
	if m.debugger.Elsewhere() != nil {
		m.debugger.Go(debugger.Frame)
		return
	}
	m.Step()
}
