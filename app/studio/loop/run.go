package loop

import (
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"time"

	"gvpie/app/studio/notice"
	"gvpie/runtime/agent"
	"gvpie/runtime/engine"
	"gvpie/runtime/store"
)

// lookAgain is how often a folder is looked at whose loop is another process's.
const lookAgain = 2 * time.Second

// open takes the data folder, opens the database and runs the loop, until the
// Monitor is closed. It runs in the background and ends with all it began.
func (m *Monitor) open() {
	lock, holder, err := m.lock()
	if err != nil {
		m.failed(err)
		return
	}
	s, opened, err := store.Open(m.bg.ctx, m.cfg.Data, store.Options{})
	if err != nil {
		release(lock)
		if m.bg.ctx.Err() == nil {
			m.failed(err)
		}
		return
	}
	var readers sync.WaitGroup
	readers.Go(func() { m.lists.serve(m.bg, s, m.took) })
	readers.Go(func() { m.details.serve(m.bg, s) })
	readers.Go(func() { m.comparisons.serve(m.bg, s) })
	readers.Go(func() { m.lineages.serve(m.bg, s) })
	readers.Go(func() { m.pictures.serve(m.bg, s) })
	who := holder
	m.bg.window.Post(func() {
		m.store, m.state, m.lockHolder = s, ReadOnly, who
		m.runs = newPager(m.bg, s.Runs, func(r *store.Run) int64 { return r.ID })
		m.rows = newPager(m.bg, s.Map, func(r *store.MapRow) int64 { return r.ID })
		if opened.Migrated || opened.Quarantined != "" { // a fresh database is no news
			for _, text := range opened.Messages {
				m.bg.window.Notify(notice.Warning, text)
			}
		}
		m.lists.refresh()
	})
	for lock == nil && m.cfg.Run && m.bg.ctx.Err() == nil {
		lock = m.await(&holder)
	}
	if lock != nil {
		m.run(s)
	} else {
		<-m.bg.ctx.Done()
	}
	readers.Wait()
	if err := errors.Join(s.Close(), release(lock)); err != nil {
		m.note(err)
	}
}

// failed says that the database cannot be opened, and note what went wrong later.
func (m *Monitor) failed(err error) {
	m.bg.window.Post(func() { m.state, m.lastError = Failed, err.Error() })
}

func (m *Monitor) note(err error) {
	m.bg.window.Post(func() { m.lastError = err.Error() })
}

// lock takes the right to run the loop here. Without an error there is either
// the lock or, when another process has it or no loop is wanted, who has it.
func (m *Monitor) lock() (*agent.Lock, string, error) {
	if !m.cfg.Run {
		h, ok := agent.WhoRuns(m.cfg.Data)
		if !ok {
			return nil, "", nil
		}
		return nil, h.String(), nil
	}
	lock, err := agent.TakeLock(m.cfg.Data, "another window", time.Now())
	var held *agent.HeldError
	if errors.As(err, &held) {
		return nil, held.Holder.String(), nil
	}
	return lock, "", err
}

func release(l *agent.Lock) error {
	if l == nil {
		return nil
	}
	return l.Release()
}

// await looks after the other process: what it has written is shown, and when it
// has ended, its loop is gone on with here.
func (m *Monitor) await(holder *string) *agent.Lock {
	select {
	case <-m.bg.ctx.Done():
		return nil
	case <-m.after(lookAgain):
	}
	m.refreshes.Offer(false)
	lock, who, err := m.lock()
	if err != nil {
		return nil // tried again at the next look
	}
	if lock == nil && who != *holder {
		*holder = who
		m.bg.window.Post(func() { m.lockHolder = who })
	}
	return lock
}

// after is time.After by the loop's clock.
func (m *Monitor) after(d time.Duration) <-chan time.Time {
	if m.cfg.Clock == nil {
		return time.After(d)
	}
	return m.cfg.Clock.After(d)
}

// The log is the daemon's: its size, and how many old ones are kept.
const (
	logSize = 4 << 20
	logKeep = 4
)

// run runs the loop in this process until the Monitor is closed.
func (m *Monitor) run(s *store.Store) {
	cfg := agent.Config{Store: s, Data: m.cfg.Data, Clock: m.cfg.Clock}
	if log, err := agent.OpenLog(filepath.Join(m.cfg.Data, "logs", "daemon.log"), logSize, logKeep); err == nil {
		defer log.Close()
		cfg.Logger = slog.New(slog.NewTextHandler(log, nil))
	} else {
		m.warn("the loop runs without its log: " + err.Error())
	}
	if gpu := m.cfg.GPU; gpu != nil && gpu.Status().State != engine.Off {
		cfg.Engine, cfg.CPU = gpu.New, engine.NewCPU
		cfg.Health = func() string { return gpuHealth(gpu.Status()) }
	}
	loop := agent.New(cfg)
	events, stop := loop.Watch()
	m.bg.window.Post(func() { m.loop, m.state, m.lockHolder, m.status = loop, Running, "", loop.Status() })
	followed := make(chan struct{})
	go func() {
		defer close(followed)
		m.follow(events)
	}()
	var serving sync.WaitGroup
	if listen := m.cfg.Listen; listen != nil {
		serve, err := listen(m.bg.ctx, Services{Store: s, Loop: loop, Log: cfg.Logger})
		if err == nil {
			serving.Go(func() { serve(m.bg.ctx) })
		} else if m.bg.ctx.Err() == nil {
			m.warn(err.Error())
		}
	}
	defer serving.Wait()
	if err := loop.Run(m.bg.ctx); err != nil {
		m.note(err)
	}
	stop()
	<-followed
}

func (m *Monitor) warn(text string) {
	m.bg.window.Post(func() { m.bg.window.Notify(notice.Warning, text) })
}

// gpuHealth is the GPU's part of the health line.
func gpuHealth(s engine.Status) string {
	switch {
	case s.State == engine.Ready:
		return "GPU " + s.Adapter
	case s.Reason == "":
		return fmt.Sprintf("CPU (GPU %s)", s.State)
	}
	return fmt.Sprintf("CPU (GPU %s: %s)", s.State, s.Reason)
}

// followEvery is how long events are gathered before the window is told of them:
// the loop goes through a cycle faster than anybody reads, and each telling is a
// frame to draw.
const followEvery = 200 * time.Millisecond

// follow tells the window what the loop is doing. Where something was written
// the lists are read again, and the frame that brings them brings this too.
func (m *Monitor) follow(events <-chan agent.Event) {
	for e := range events {
		written := wrote(e)
		gathered := time.After(followEvery)
		for more := true; more; {
			select {
			case next, ok := <-events:
				if more = ok; ok {
					e, written = next, written || wrote(next)
				}
			case <-gathered:
				more = false
			case <-m.bg.ctx.Done():
				return
			}
		}
		news := func() { m.status = e.Status }
		if !written {
			m.bg.window.Post(news)
			continue
		}
		m.bg.window.Queue(news)
		m.refreshes.Offer(true)
	}
}

// wrote says whether an event tells of something new in the database.
func wrote(e agent.Event) bool { return e.Kind == agent.RunFinished || e.Kind == agent.CycleFinished }
