package loop

import (
	"context"
	"log/slog"
	"sync"

	"gvpie/app/studio/notice"
	"gvpie/runtime/agent"
	"gvpie/runtime/engine"
	"gvpie/runtime/host"
	"gvpie/runtime/store"
)

// host is what the services of the data folder are made of.
func (m *Monitor) host() host.Config {
	c := host.Config{
		Data: m.cfg.Data, Name: "another window", Version: m.cfg.Version, Mode: host.Read,
		Clock: m.cfg.Clock, Addr: m.cfg.Addr, Canvas: m.cfg.Canvas, Frames: m.cfg.Frames, CPU: m.cfg.CPU, Chooser: m.cfg.Chooser, Backend: m.cfg.Backend,
		Notice: func(err error) {
			m.bg.window.Post(func() { m.bg.window.Notify(notice.Warning, err.Error()) })
		},
	}
	if m.cfg.Run {
		c.Mode = host.RunOrWait
	}
	if gpu := m.cfg.GPU; gpu != nil {
		c.GPU = func(context.Context, engine.Backend, *slog.Logger) (engine.Source, error) { return gpu, nil }
	}
	return c
}

// open opens the data folder and runs the loop, until the Monitor is closed. It
// runs in the background and ends with all it began.
func (m *Monitor) open() {
	ctx := m.bg.ctx
	h, err := host.Open(ctx, m.host())
	if err != nil {
		m.bg.window.Post(func() { m.state, m.lastError = Failed, err.Error() })
		return
	}
	s := h.Store()
	var readers sync.WaitGroup
	readers.Go(func() { m.lists.serve(m.bg, s, m.lineages.ahead, m.took) })
	readers.Go(func() { m.figures.serve(m.bg, s) })
	readers.Go(func() { m.details.serve(m.bg, s) })
	readers.Go(func() { m.comparisons.serve(m.bg, s) })
	readers.Go(func() { m.lineages.serve(m.bg, s) })
	readers.Go(func() { m.pictures.serve(m.bg, s) })
	readers.Go(func() { m.offers.serve(m.bg, s, m.cfg.CPU) })
	found := h.Opened()
	m.bg.window.Post(func() { m.opened(s, found) })
	other := newRemote(m)
	other.look(h.Holder())
	err = h.Await(ctx, func(now agent.Holder) {
		m.writes.Offer(false) // what the other process has written is shown
		other.look(now)
	})
	other.close()
	if err == nil {
		m.note(m.run(h))
	}
	readers.Wait()
	h.Close() // nobody is left to be told
}

// opened takes in the database, which another process may be the one to write to.
func (m *Monitor) opened(s *store.Store, found store.Opened) {
	m.store, m.state = s, ReadOnly
	m.runs = newPager(m.bg, s.RunList, func(r *store.Run) int64 { return r.ID })
	m.rows = newPager(m.bg, s.MapList, func(r *store.MapRow) int64 { return r.ID })
	if found.Migrated || found.Quarantined != "" { // a fresh database is no news
		for _, text := range found.Messages {
			m.bg.window.Notify(notice.Warning, text)
		}
	}
	m.lists.refresh()
}

// note shows what went wrong in the background, if anything did.
func (m *Monitor) note(err error) {
	if err != nil {
		m.bg.window.Post(func() { m.lastError = err.Error() })
	}
}

// run runs the loop in this process until the Monitor is closed.
func (m *Monitor) run(h *host.Host) error {
	stop := func() {}
	var following sync.WaitGroup
	err := h.Run(m.bg.ctx, func(l *agent.Agent) {
		var events <-chan agent.Event
		events, stop = l.Watch()
		m.bg.window.Post(func() { m.driver, m.state, m.status = ownLoop{l, h.Store()}, Running, l.Status() })
		following.Go(func() {
			now := func(agent.Status) agent.Status { return l.Status() }
			follower{m, now, func(s agent.Status) { m.status = s }}.follow(events)
		})
	})
	stop()
	following.Wait()
	return err
}
