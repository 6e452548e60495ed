package api

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
)

func parseBackend(s string) (engine.Backend, error) {
	if s == "" {
		return engine.Auto, nil
	}
	b, err := engine.ParseBackend(clip(s))
	if err != nil {
		return b, refuse(http.StatusUnprocessableEntity, "%v", err)
	}
	return b, nil
}

// runOn runs a job on an engine that nobody else uses meanwhile. Without a GPU, or
// with one that cannot run the program, it runs on the CPU, which gives the same
// picture, and out says so to who asked for the GPU.
func (c *request) runOn(ctx context.Context, o *job, out *runAnswer, run func(engine.Engine) error) error {
	kind := engine.CPU
	switch o.backend {
	case engine.OnGPU:
		kind = engine.GPU
		if _, ok := c.config.GPU(); !ok {
			kind, out.Notice = engine.CPU, "there is no GPU here: it ran on the CPU"
		}
	case engine.Auto:
		choice := engine.Choice{Kind: engine.CPU, Why: "there is no GPU here"}
		if _, ok := c.config.GPU(); ok {
			choice = c.config.Chooser.Choose(o.work())
		}
		kind, out.Choice = choice.Kind, choice.Why
	}
	texels := o.header.W * o.header.H
	err := c.onKind(kind, texels, run)
	if err != nil && kind == engine.GPU && ctx.Err() == nil &&
		(errors.Is(err, engine.ErrUnavailable) || errors.Is(err, engine.ErrUnsupported) || errors.Is(err, engine.ErrLost)) {
		if o.backend == engine.OnGPU {
			out.Notice = "the GPU did not run it: it ran on the CPU"
		} else {
			out.Choice += ", but the GPU did not run it"
		}
		err = c.onKind(engine.CPU, texels, run)
	}
	switch {
	case err == nil && o.backend == engine.Auto:
		ran := engine.CPU
		if out.Backend == engine.GPU.String() {
			ran = engine.GPU
		}
		c.config.Chooser.Learn(o.work(), ran, time.Duration(out.ExecutionTimeMS*float64(time.Millisecond)))
	case err != nil && ctx.Err() != nil:
		return later(http.StatusServiceUnavailable, 2, "the run was ended before it was done")
	case errors.Is(err, isa.ErrProgram):
		return refuse(http.StatusUnprocessableEntity, "program: %v", err)
	}
	return err
}

// work is what a processor is chosen for.
func (o *job) work() engine.Work {
	return engine.Work{Program: o.program, Frames: o.frames, Budget: o.cycles}
}

// onKind runs on an engine of a kind. One that did its work is kept for the
// next run: making a machine on a GPU takes longer than most runs.
func (c *request) onKind(kind engine.Kind, texels int, run func(engine.Engine) error) error {
	e, err := c.engines.take(kind, c.config.Engine)
	if err != nil {
		return err
	}
	if err = run(e); err != nil || texels > pooledTexels {
		return errors.Join(err, e.Close())
	}
	return c.engines.put(kind, e)
}

// pooledTexels is the largest canvas whose engine is kept, with its pages.
const pooledTexels = 512 * 512

// An enginePool keeps engines between runs.
type enginePool struct {
	mu     sync.Mutex
	most   int // of a kind
	closed bool
	idle   [2][]engine.Engine // by engine.Kind
}

func (p *enginePool) take(kind engine.Kind, make func(engine.Kind) (engine.Engine, error)) (engine.Engine, error) {
	p.mu.Lock()
	if n := len(p.idle[kind]); n > 0 {
		defer p.mu.Unlock()
		e := p.idle[kind][n-1]
		p.idle[kind] = p.idle[kind][:n-1]
		return e, nil
	}
	p.mu.Unlock()
	return make(kind)
}

func (p *enginePool) put(kind engine.Kind, e engine.Engine) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || len(p.idle[kind]) >= p.most {
		return e.Close()
	}
	p.idle[kind] = append(p.idle[kind], e)
	return nil
}

// close frees what is idle, now and later.
func (p *enginePool) close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	var errs []error
	for kind, list := range p.idle {
		for _, e := range list {
			errs = append(errs, e.Close())
		}
		p.idle[kind] = nil
	}
	return errors.Join(errs...)
}
