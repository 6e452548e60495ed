package api

import (
	"context"
	"errors"
	"hash/maphash"
	"net/http"
	"strings"
	"sync"
	"time"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
)

// backend is what a caller asks to run on.
type backend uint8

const (
	auto backend = iota
	onCPU
	onGPU
)

func parseBackend(s string) (backend, error) {
	switch strings.ToLower(s) {
	case "", "auto":
		return auto, nil
	case "cpu":
		return onCPU, nil
	case "gpu":
		return onGPU, nil
	}
	return auto, refuse(http.StatusUnprocessableEntity, "backend is %q; it may be GPU, CPU or Auto", clip(s))
}

// on runs a job on an engine that nobody else uses meanwhile. Without a GPU, or with one that
// cannot run the program, it runs on the CPU, which gives the same picture, and
// out says so to who asked for the GPU.
func (c *request) on(ctx context.Context, o *job, out *runAnswer, run func(engine.Engine) error) error {
	kind := engine.CPU
	switch o.backend {
	case onGPU:
		kind = engine.GPU
		if _, ok := c.config.GPU(); !ok {
			kind, out.Notice = engine.CPU, "there is no GPU here: it ran on the CPU"
		}
	case auto:
		if _, ok := c.config.GPU(); ok {
			kind = c.chooser.choose(o.program)
		}
	}
	texels := o.header.W * o.header.H
	err := c.onKind(kind, texels, run)
	if err != nil && kind == engine.GPU && ctx.Err() == nil &&
		(errors.Is(err, engine.ErrUnavailable) || errors.Is(err, engine.ErrUnsupported) || errors.Is(err, engine.ErrLost)) {
		if o.backend == onGPU {
			out.Notice = "the GPU did not run it: it ran on the CPU"
		}
		err = c.onKind(engine.CPU, texels, run)
	}
	switch {
	case err == nil && o.backend == auto:
		c.chooser.learn(o.program, out.Backend, time.Duration(out.ExecutionTimeMS*float64(time.Millisecond)))
	case err != nil && ctx.Err() != nil:
		return later(http.StatusServiceUnavailable, 2, "the run was ended before it was done")
	case errors.Is(err, isa.ErrProgram):
		return refuse(http.StatusUnprocessableEntity, "program: %v", err)
	}
	return err
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

func (s *enginePool) take(kind engine.Kind, make func(engine.Kind) (engine.Engine, error)) (engine.Engine, error) {
	s.mu.Lock()
	if n := len(s.idle[kind]); n > 0 {
		defer s.mu.Unlock()
		e := s.idle[kind][n-1]
		s.idle[kind] = s.idle[kind][:n-1]
		return e, nil
	}
	s.mu.Unlock()
	return make(kind)
}

func (s *enginePool) put(kind engine.Kind, e engine.Engine) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || len(s.idle[kind]) >= s.most {
		return e.Close()
	}
	s.idle[kind] = append(s.idle[kind], e)
	return nil
}

// close frees what is idle, now and later.
func (s *enginePool) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	var errs []error
	for kind, list := range s.idle {
		for _, e := range list {
			errs = append(errs, e.Close())
		}
		s.idle[kind] = nil
	}
	return errors.Join(errs...)
}

// A chooser knows how long programs took, and so what to run them on: on the CPU
// first, once on the GPU if that took long, then on the faster.
type chooser struct {
	mu    sync.Mutex
	seed  maphash.Seed
	times map[uint64][2]time.Duration // by engine.Kind; 0: not yet
}

const (
	fastEnough   = 2 * time.Millisecond // there is nothing to gain below
	rememberMost = 256                  // programs
)

func (h *chooser) key(p isa.Program) uint64 {
	if h.times == nil {
		h.times, h.seed = map[uint64][2]time.Duration{}, maphash.MakeSeed()
	}
	var hash maphash.Hash
	hash.SetSeed(h.seed)
	for _, w := range p {
		hash.Write([]byte{byte(w), byte(w >> 8), byte(w >> 16), byte(w >> 24)})
	}
	return hash.Sum64()
}

func (h *chooser) choose(p isa.Program) engine.Kind {
	h.mu.Lock()
	defer h.mu.Unlock()
	t := h.times[h.key(p)]
	if t[engine.CPU] > fastEnough && t[engine.GPU] < t[engine.CPU] {
		return engine.GPU
	}
	return engine.CPU
}

func (h *chooser) learn(p isa.Program, on string, took time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	k := h.key(p)
	t, known := h.times[k]
	if !known && len(h.times) >= rememberMost {
		clear(h.times)
	}
	kind := engine.CPU
	if on == engine.GPU.String() {
		kind = engine.GPU
	}
	t[kind] = max(took, 1)
	h.times[k] = t
}
