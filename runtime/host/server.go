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
func (h *Host) serve(ctx context.Context, loop *agent.Agent, gpu engine.Source) (stop func()) {
	s, l, err := h.listen(ctx, loop, gpu)
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
		func(ctx context.Context) { h.publish(ctx, s, gpu) },
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
func (h *Host) listen(ctx context.Context, loop *agent.Agent, gpu engine.Source) (*api.Server, net.Listener, error) {
	addr := h.config.Addr
	if addr == "" {
		return nil, nil, nil
	}
	c := api.Config{
		Version: h.config.Version, Logger: h.log, Store: h.store, Agent: loop, Canvas: h.config.Canvas, Chooser: h.config.Chooser,
		Engine: func(k engine.Kind) (engine.Engine, error) {
			if k == engine.GPU && gpu != nil {
				return h.onGPU(gpu), nil
			}
			return engine.NewCPU(), nil
		},
		GPU: func() (string, bool) {
			if gpu == nil {
				return "", false
			}
			s := gpu.Status()
			return s.Adapter, s.State == engine.Ready
		},
	}
	required, err := h.store.Setting(ctx, store.RequireTokenSetting, "0")
	if err != nil {
		return nil, nil, err
	}
	if store.SettingOn(required) {
		if c.Token, err = api.LoadToken(h.config.Data); err != nil {
			return nil, nil, err
		}
		if host, _, err := net.SplitHostPort(addr); err == nil && host != "" {
			c.Hosts = []string{host}
		}
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

// publish passes on to readers of events what happens to the GPU and to the
// window's program.
func (h *Host) publish(ctx context.Context, s *api.Server, gpu engine.Source) {
	var statuses <-chan engine.Status
	ready := false
	if gpu != nil {
		var leave func()
		statuses, leave = gpu.Watch()
		defer leave()
		ready = gpu.Status().State == engine.Ready
	}
	for {
		select {
		case <-ctx.Done():
			return
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
