package host

import (
	"context"
	"errors"
	"net"
	"sync"

	"gvpie/runtime/agent"
	"gvpie/runtime/api"
	"gvpie/runtime/engine"
	"gvpie/runtime/store"
)

// serve answers the API beside the loop until stop is called, which returns when
// all of it has ended. What keeps it from answering is a notice.
func (h *Host) serve(ctx context.Context, loop *agent.Agent, g *gpu) (stop func()) {
	s, l, err := h.listen(ctx, loop, g)
	if err != nil && ctx.Err() == nil {
		h.config.Notice(err)
	}
	if err != nil || s == nil {
		return func() {}
	}
	if err := h.lock.Answers(l.Addr().String()); err != nil { // others can only look on
		h.config.Notice(err)
	}
	end := together(ctx,
		func(ctx context.Context) { h.publish(ctx, s, g) },
		func(ctx context.Context) {
			if err := s.Serve(ctx, l); err != nil {
				h.log.Error("the API", "err", err)
			}
		})
	return func() {
		if err := h.lock.Answers(""); err != nil {
			h.log.Warn(err.Error())
		}
		end()
	}
}

// together runs functions, each on a goroutine, whose context ends when stop is
// called or one of them has returned. stop returns when all of them have.
func together(ctx context.Context, functions ...func(context.Context)) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var work sync.WaitGroup
	for _, f := range functions {
		work.Go(func() {
			defer cancel()
			f(ctx)
		})
	}
	return func() {
		cancel()
		work.Wait()
	}
}

// listen makes the API's server and takes its address; both are nil where no API
// is wanted. The error is a sentence that says why there is none: a port in use,
// an address that others could reach.
func (h *Host) listen(ctx context.Context, loop *agent.Agent, g *gpu) (*api.Server, net.Listener, error) {
	addr, err := h.addr(ctx)
	if err != nil || addr == "" {
		return nil, nil, err
	}
	c := api.Config{
		Version: h.config.Version, Logger: h.log, Store: h.store, Agent: loop, Canvas: h.config.Canvas, Chooser: h.config.Chooser,
		Engine: func(k engine.Kind) (engine.Engine, error) {
			if s := g.now(); k == engine.GPU && s != nil {
				return h.onGPU(s), nil
			}
			return h.config.CPU(), nil
		},
		GPU: func() (string, bool) {
			s := g.now()
			if s == nil {
				return "", false
			}
			st := s.Status()
			return st.Adapter, st.State == engine.Ready
		},
		Token: (&tokenSetting{store: h.store, dir: h.config.Data, log: h.log}).now,
	}
	if host, _, err := net.SplitHostPort(addr); err == nil && host != "" {
		c.Hosts = []string{host}
	}
	s, err := api.New(c)
	if err != nil {
		return nil, nil, err
	}
	l, err := s.Listen(addr)
	if err != nil {
		return nil, nil, errors.Join(err, s.Close())
	}
	return s, l, nil
}

// addr is where the API is answered; "": nowhere. A setting that makes no sense is the
// loop's to tell of.
func (h *Host) addr(ctx context.Context) (string, error) {
	if h.config.Addr != BySetting {
		return h.config.Addr, nil
	}
	value, err := h.store.Setting(ctx, store.AddrSetting, store.DefaultAddr)
	if err != nil {
		return "", err
	}
	switch spec, _ := store.FindSetting(store.AddrSetting); {
	case value == store.NoAddr:
		return "", nil
	case spec.Check(value) != nil:
		return spec.Default, nil
	}
	return value, nil
}

// publish passes on to readers of events what happens to the GPU and to the
// window's program.
func (h *Host) publish(ctx context.Context, s *api.Server, g *gpu) {
	var statuses <-chan engine.Status
	ready, leave := false, func() {}
	defer func() { leave() }()
	for {
		select {
		case <-ctx.Done():
			return
		case source := <-g.started:
			statuses, leave = source.Watch()
			ready = source.Status().State == engine.Ready
		case st, ok := <-statuses:
			if !ok {
				statuses = nil
				continue
			}
			switch now := st.State == engine.Ready; {
			case ready && !now:
				s.EngineLost(st.Reason)
			case now && !ready:
				s.EngineRegained(st.Adapter)
			}
			ready = st.State == engine.Ready
		case frame := <-h.config.Frames:
			s.FrameFinished(frame)
		}
	}
}
