package host

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"

	"gvpie/runtime/agent"
	"gvpie/runtime/engine"
	"gvpie/runtime/store"
)

// A gpu is where machines on the GPU come from. It starts when programs are first to
// run there: a setting may say so only while the loop runs. Its methods may be called
// from any goroutine.
type gpu struct {
	open    func(context.Context, engine.Backend, *slog.Logger) (engine.Source, error) // nil: there is no GPU
	log     *slog.Logger
	started chan engine.Source // gets the source when it has started

	mu     sync.Mutex
	source engine.Source // nil: it has not started
	on     engine.Backend
}

// use has programs run on b from now on. patience is the backend as which the GPU is
// waited for.
func (g *gpu) use(ctx context.Context, b, patience engine.Backend) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.on = b
	if b == engine.OnCPU || g.open == nil || g.source != nil {
		return nil
	}
	source, err := g.open(ctx, patience, g.log)
	if err != nil || source == nil {
		return err
	}
	g.source = source
	g.started <- source
	return nil
}

// now is where machines come from; nil while all is to run on the CPU.
func (g *gpu) now() engine.Source {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.on == engine.OnCPU {
		return nil
	}
	return g.source
}

// engines gives the GPU, and the part of the loop's Config that says what programs run
// on.
func (h *Host) engines(ctx context.Context) (g *gpu, c agent.Config, err error) {
	g = &gpu{open: h.config.GPU, log: h.log, started: make(chan engine.Source, 1)}
	b, err := h.backend(ctx)
	if err == nil {
		err = g.use(ctx, b, b)
	}
	if err != nil {
		return nil, c, err
	}
	c.Backend, c.CPU = h.config.Backend, h.config.CPU
	c.Engine = func() engine.Engine {
		if s := g.now(); s != nil && s.Status().State != engine.Off {
			return h.onGPU(s)
		}
		return nil
	}
	c.Health = func() string {
		if s := g.now(); s != nil {
			return health(s.Status())
		}
		return ""
	}
	c.Switched = func(ctx context.Context, b engine.Backend) {
		if err := g.use(ctx, b, engine.Auto); err != nil {
			h.config.Notice(fmt.Errorf("programs run on the CPU: %w", err))
		}
	}
	return g, c, nil
}

// onGPU makes an engine that runs on the GPU while there is one and can, else on
// the CPU.
func (h *Host) onGPU(gpu engine.Source) engine.Engine {
	return engine.New(engine.Options{Backend: engine.OnGPU, GPU: gpu, CPU: h.config.CPU, Logger: h.log})
}

// backend is what programs run on to begin with. A setting that makes no sense is the
// loop's to tell of.
func (h *Host) backend(ctx context.Context) (engine.Backend, error) {
	if h.config.Backend != nil {
		return *h.config.Backend, nil
	}
	text, err := h.store.Setting(ctx, store.BackendSetting, "auto")
	if err != nil {
		return engine.Auto, err
	}
	if b, err := engine.ParseBackend(text); err == nil {
		return b, nil
	}
	return engine.Auto, nil
}

// health is the GPU's part of the health line.
func health(s engine.Status) string {
	if s.State == engine.Ready {
		name, _, _ := strings.Cut(s.Adapter, " (")
		return "GPU " + name
	}
	if s.Reason == "" {
		return fmt.Sprintf("CPU (GPU %s)", s.State)
	}
	return fmt.Sprintf("CPU (GPU %s: %s)", s.State, s.Reason)
}
