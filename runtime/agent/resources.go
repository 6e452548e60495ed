package agent

import (
	"context"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"gvpie/runtime/store"
)

// resources are what runs use, one after the other. A runner that does not come back
// keeps those it has; the loop makes others for the next.
type resources struct {
	cfg      *Config
	store    Store
	log      *slog.Logger
	warn     func(string)
	settings settings // as they were when the run began
	engines  engines
	pictures pictureCache
}

func newResources(a *Agent) *resources {
	return &resources{
		cfg: &a.cfg, store: a.store, log: a.log, warn: a.warn, engines: engines{cfg: &a.cfg},
		pictures: pictureCache{a.store, a.cfg.Data, a.warn, map[pictureKey]pictures{}},
	}
}

// languages are the runners there are.
func languages() map[string]runner {
	return map[string]runner{
		"pixel": func(ctx context.Context, x *resources, s store.Script, m *scriptHistory) outcome {
			return x.runPixel(ctx, s, m)
		},
		"cartridge": func(ctx context.Context, x *resources, s store.Script, m *scriptHistory) outcome {
			return x.runCartridge(ctx, s, m)
		},
		"python": func(ctx context.Context, x *resources, s store.Script, m *scriptHistory) outcome {
			return x.runPython(ctx, s, m)
		},
	}
}

// run has a runner run a script. A panic of its is a failure of this run.
func (x *resources) run(ctx context.Context, with runner, s store.Script, m *scriptHistory) (o outcome) {
	defer func() {
		if p := recover(); p != nil {
			x.log.Error("a runner panicked", "script", s.Name, "panic", p, "stack", string(debug.Stack()))
			o = outcome{result: result{Lang: s.Lang}}
			o.fail("panicked", "the runner of this script met an error of its own: %v; the loop goes on", p)
			x.engines.drop()
		}
	}()
	return with(ctx, x, s, m)
}

// runnerPatience is how long a runner may take to come back once its context has
// ended.
const runnerPatience = 5 * time.Second

// watched has a runner run a script, and goes on without it when it does not come
// back in time: what stands still may be a driver or a disk, and is nothing that
// could be ended from here.
func (a *Agent) watched(ctx context.Context, with runner, s store.Script, m *scriptHistory) (o outcome) {
	x := a.resources
	x.settings = a.settings
	back := make(chan outcome, 1)
	go func() { back <- x.run(ctx, with, s, m) }()
	select {
	case o = <-back:
		return o
	case <-ctx.Done():
	}
	late := time.NewTimer(a.patience)
	defer late.Stop()
	select {
	case o = <-back:
		return o
	case <-late.C:
	}
	a.resources = newResources(a)
	delete(a.histories, s.ID)
	a.missing.add(s, a.clock.Now())
	go func() {
		<-back
		x.engines.drop()
		a.missing.remove(s)
		a.log.Warn("the runner of a script came back that had been abandoned", "script", s.Name)
	}()
	o.abandoned = true
	o.fail("abandoned", "the runner of this script did not come back when its limit was over, and was abandoned; the loop goes on without it")
	a.warn(s.Name + ": its runner did not come back and was abandoned")
	return o
}

// missing are the scripts whose runners have not come back, by what they ran: each
// holds a thread and whatever it was given.
type missing struct {
	mu  sync.Mutex
	all map[missingKey]time.Time // since when
}

type missingKey struct {
	script int64
	code   string
}

func keyOf(s store.Script) missingKey { return missingKey{s.ID, s.CodeHash} }

func (m *missing) add(s store.Script, since time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.all == nil {
		m.all = map[missingKey]time.Time{}
	}
	m.all[keyOf(s)] = since
}

func (m *missing) remove(s store.Script) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.all, keyOf(s))
}

func (m *missing) of(s store.Script) (since time.Time, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	since, ok = m.all[keyOf(s)]
	return since, ok
}
