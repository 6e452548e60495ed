package studio

import (
	"context"
	"log/slog"

	"gvpie/app/studio/loop"
	"gvpie/app/studio/notice"
	"gvpie/runtime/agent"
	"gvpie/runtime/store"
)

// Services is what other programs may use while the loop runs in this window.
type Services struct {
	Store    *store.Store
	Loop     *agent.Agent
	Log      *slog.Logger // nil: none
	Textures func(context.Context) (Textures, bool, error)
	Frames   <-chan uint32 // frames that the program in front has ended; of many, the newest
}

// newMonitor opens the data folder in the background.
func (m *Model) newMonitor() *loop.Monitor {
	cfg := loop.Config{Data: m.cfg.Data, Run: m.cfg.Agent, Clock: m.cfg.AgentClock, GPU: m.cfg.GPU}
	if listen := m.cfg.Listen; listen != nil {
		cfg.Listen = func(ctx context.Context, s loop.Services) (func(context.Context), error) {
			return listen(ctx, Services{Store: s.Store, Loop: s.Loop, Log: s.Log, Textures: m.Textures, Frames: m.player.ended.C})
		}
	}
	return loop.New(cfg, loopWindow{m.inbox, m.Documents, m.notices})
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

func (w loopWindow) Notify(k notice.Kind, text string) { w.notices.Add(k, text) }
