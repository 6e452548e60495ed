package studio

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"gvpie/app/studio/debugger"
	"gvpie/app/studio/files"
	"gvpie/app/studio/notice"
)

// Debugger is the model of the debugger.
func (m *Model) Debugger() *debugger.Model { return m.debugger }

// SetDebugging says whether the debugger is on screen. While it is, it looks at the
// program whenever that is paused.
func (m *Model) SetDebugging(on bool) {
	m.following = on && m.Program() != nil && m.state.Paused() != "" && m.state.Phase != Empty && m.state.Phase != Broken
	if !m.following {
		m.debugger.Close()
		m.takeEdit()
	}
	at := m.debugger.Elsewhere()
	if past, now := m.following || len(m.runWanted) > 0, m.player.in.peek(); now.past != past || now.lens != at {
		m.request(func(q *request) { q.past, q.lens = past, at })
	}
}

// SetBreakpoints says where the program in front stops, by lines of its texts as they
// stand; edited says that these are those of a text that Edit is about to bring.
func (m *Model) SetBreakpoints(list []debugger.Breakpoint, edited bool) {
	m.Runner.setBreakpoints(list, edited)
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

// SaveFailed writes what led to the run-time error that the program in front ended with to
// a recording in a folder, under a name that is free there. It says so, or why it could not.
func (m *Model) SaveFailed(folder string) {
	d := m.Program()
	if d == nil || m.state.Phase != Failed {
		return
	}
	name := strings.TrimSuffix(filepath.Base(d.ProgramName()), ".pxl") + "-error" + RecordingExt
	m.wantRun(func(run debugger.Run) {
		marks := m.debugger.Marks(run)
		type saved struct {
			path   string
			frames int
			err    error
		}
		background(m.inbox, func() (s saved) {
			s.path = debugger.FreePath(filepath.Join(folder, name), RecordingExt)
			s.frames, s.err = run.Save(context.Background(), s.path, marks...)
			return s
		}, func(s saved) {
			if s.err != nil {
				m.Notify(notice.Problem, files.Error("save", s.path, s.err).Error())
				return
			}
			m.Notify(notice.Done, fmt.Sprintf("Saved the %d frames that led here in %s", s.frames, s.path))
		})
	})
}

// wantRun has then told of the run of the program in front so far, once.
func (m *Model) wantRun(then func(debugger.Run)) {
	m.runWanted = append(m.runWanted, then)
	m.request(func(q *request) { q.past = true })
}
