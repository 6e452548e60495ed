package studio

import (
	"gvpie/app/studio/loop"
	"gvpie/app/studio/notice"
	"gvpie/runtime/record"
)

// newMonitor opens the data folder in the background.
func (m *Model) newMonitor() *loop.Monitor {
	return loop.New(loop.Config{
		Data: m.cfg.Data, Run: m.cfg.Agent, GPU: m.cfg.GPU, CPU: m.cfg.CPU, Backend: m.cfg.LoopBackend, Chooser: m.chooser, Clock: m.cfg.AgentClock, Version: m.cfg.Version,
		Addr: m.cfg.Addr, Canvas: m.Textures, Frames: m.player.ended.C,
	}, loopWindow{m.inbox, m.Documents, m.notices})
}

// Agent is the window's side of the loop; it is Off without a data folder.
func (m *Model) Agent() *loop.Monitor { return m.monitor }

// agentActions are what a person may ask of the loop.
func (m *Model) agentActions() []*Action {
	paused := func() bool { return m.monitor.Status().Paused }
	here := func() bool { return m.monitor.MayWrite() }
	return []*Action{
		{ID: "agent.pause", Title: "Pause the loop", Enabled: func() bool { return here() && !paused() }, Do: func() { m.monitor.Pause() }},
		{ID: "agent.resume", Title: "Resume the loop", Enabled: func() bool { return here() && paused() }, Do: func() { m.monitor.Resume() }},
		{ID: "agent.run", Title: "Run a cycle now", Keys: "Ctrl-Shift-R", Enabled: here, Do: func() { m.monitor.RunNow() }},
	}
}

// loopWindow is the Model as the Monitor sees it.
type loopWindow struct {
	*inbox
	*Documents
	notices *notice.List
}

func (w loopWindow) OpenFile(path string) { w.Open(path) }

func (w loopWindow) OpenRun(name, text string, run *record.Recording) {
	openRun(w.Documents, name, text, run)
}

func (w loopWindow) Notify(k notice.Kind, text string) { w.notices.Add(k, text) }
