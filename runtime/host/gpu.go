package host

import (
	"context"
	"fmt"
	"strings"

	"gvpie/runtime/agent"
	"gvpie/runtime/engine"
	"gvpie/runtime/store"
)

// engines gives the GPU, nil for none, and the part of the loop's Config that
// says what programs run on.
func (h *Host) engines(ctx context.Context) (gpu engine.Source, c agent.Config, err error) {
	b, err := h.backend(ctx)
	if err != nil || b == engine.OnCPU || h.config.GPU == nil {
		return nil, c, err
	}
	if gpu, err = h.config.GPU(ctx, b, h.log); err != nil || gpu == nil {
		return nil, c, err
	}
	c.Health = func() string { return health(gpu.Status()) }
	if gpu.Status().State == engine.Off {
		return gpu, c, nil
	}
	c.Engine = func() engine.Engine { return h.onGPU(gpu) }
	if b == engine.Auto {
		c.CPU = engine.NewCPU
	}
	return gpu, c, nil
}

// onGPU makes an engine that runs on the GPU while there is one and can, else on
// the CPU.
func (h *Host) onGPU(gpu engine.Source) engine.Engine {
	return engine.New(engine.Options{Backend: engine.OnGPU, GPU: gpu, Logger: h.log})
}

func (h *Host) backend(ctx context.Context) (engine.Backend, error) {
	if h.config.Backend != nil {
		return *h.config.Backend, nil
	}
	text, err := h.store.Setting(ctx, store.BackendSetting, "auto")
	if err != nil {
		return engine.Auto, err
	}
	b, err := engine.ParseBackend(text)
	if err != nil {
		return engine.Auto, fmt.Errorf("the setting backend is %q: it is gpu, cpu or auto", text)
	}
	return b, nil
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
