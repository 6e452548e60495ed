package cli

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"sync"

	"gvpie/canvas/worker"
	"gvpie/runtime/agent"
	"gvpie/runtime/api"
	"gvpie/runtime/engine"
	"gvpie/runtime/store"
)

// tokenSetting is the row of settings that has every program on this computer
// show the token of DIR/token.
const tokenSetting = "api_token_required"

// A Door is what the HTTP API is opened on.
type Door struct {
	Addr   string
	Data   string             // the folder of the token
	GPU    *worker.Supervisor // nil: none
	Store  *store.Store
	Loop   *agent.Agent
	Log    *slog.Logger
	Canvas func(context.Context) (api.Canvas, bool, error) // what the window shows; nil without one
	Frames <-chan uint32                                   // frames that the window's program has ended; nil without one
}

// Open takes the address. serve, which must then be called, answers the API until
// its context ends. The error is a sentence that says why there is no API: a port
// in use, an address that others could reach.
func (d Door) Open(ctx context.Context) (serve func(context.Context), err error) {
	if d.Addr == "" {
		return func(context.Context) {}, nil
	}
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	c := api.Config{
		Version: version(), Logger: d.Log, Store: d.Store, Agent: d.Loop, Canvas: d.Canvas,
		Engine: func(k engine.Kind) (engine.Engine, error) {
			if k == engine.GPU && d.GPU != nil {
				return d.GPU.New(), nil
			}
			return engine.NewCPU(), nil
		},
		GPU: func() (string, bool) {
			if d.GPU == nil {
				return "", false
			}
			s := d.GPU.Status()
			return s.Adapter, s.State == worker.Ready
		},
	}
	required, err := d.Store.Setting(ctx, tokenSetting, "0")
	if err != nil {
		return nil, err
	}
	if required == "1" || required == "true" {
		if c.Token, err = api.LoadToken(d.Data); err != nil {
			return nil, err
		}
		if host, _, err := net.SplitHostPort(d.Addr); err == nil && host != "" {
			c.Hosts = []string{host}
		}
	}
	s, err := api.New(c)
	if err != nil {
		return nil, err
	}
	l, err := s.Listen(d.Addr)
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return func(ctx context.Context) {
		ctx, stop := context.WithCancel(ctx)
		var telling sync.WaitGroup
		telling.Go(func() { d.tell(ctx, s) })
		if err := s.Serve(ctx, l); err != nil {
			d.Log.Error("the API", "err", err)
		}
		stop()
		telling.Wait()
	}, nil
}

// tell passes on to readers of events what happens to the GPU and to the
// window's program.
func (d Door) tell(ctx context.Context, s *api.Server) {
	var gpu <-chan worker.Status
	ready := false
	if d.GPU != nil {
		var leave func()
		gpu, leave = d.GPU.Watch()
		defer leave()
		ready = d.GPU.Status().State == worker.Ready
	}
	for {
		select {
		case <-ctx.Done():
			return
		case st, ok := <-gpu:
			if !ok {
				gpu = nil
				continue
			}
			switch now := st.State == worker.Ready; {
			case ready && !now:
				s.EngineLost(st.Reason)
			case now && !ready:
				s.EngineRegained(st.Adapter)
			}
			ready = st.State == worker.Ready
		case frame := <-d.Frames:
			s.FrameFinished(frame)
		}
	}
}
