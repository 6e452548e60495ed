package cli

import (
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"time"

	"gvpie/canvas/worker"
	"gvpie/runtime/engine"
)

// addBackend defines --backend.
func addBackend(fs *flag.FlagSet) *engine.Backend {
	b := engine.Auto
	fs.Func("backend", "run on `gpu|cpu|auto`; auto, the default, is whichever is measured to be faster, and the CPU for a short run", func(s string) error {
		if b.Set(s) != nil {
			return errors.New("it is gpu, cpu or auto")
		}
		return nil
	})
	return &b
}

// An unavailable error is a GPU that was asked for and cannot be had.
type unavailable struct{ err error }

func (e unavailable) Error() string {
	return fmt.Sprintf("--backend gpu: %s; gvpie doctor says what is missing, --backend cpu does without", cause(e.err))
}
func (e unavailable) Unwrap() error { return e.err }

// supervisor starts the GPU's process. What it has to tell a person it tells
// through its Status; its log is for those who ask.
func (c *invocation) supervisor() *worker.Supervisor {
	return worker.Start(worker.Config{Logger: c.logger()})
}

func (c *invocation) logger() *slog.Logger {
	if c.Getenv("GVPIE_LOG") == "" {
		return slog.New(slog.DiscardHandler)
	}
	return slog.New(slog.NewTextHandler(c.Stderr, nil))
}

// opening is how long it takes to open a GPU: 0.4 to 0.5 s with a software
// driver on two shared cores.
const opening = 400 * time.Millisecond

// withEngine calls run with an engine for the work, of the kind asked for. With
// auto a GPU is opened only for work that may take the CPU longer than that; it
// begins on the CPU meanwhile, and then runs where it was measured to be faster.
func (c *invocation) withEngine(b engine.Backend, w engine.Work, run func(engine.Engine) error) error {
	w.Opening = opening
	switch {
	case b == engine.OnGPU:
		err := c.withGPU(run)
		gpu := errors.Is(err, engine.ErrUnavailable) || errors.Is(err, engine.ErrUnsupported) || errors.Is(err, engine.ErrLost)
		if gpu && c.ctx.Err() == nil {
			return unavailable{err}
		}
		return err
	case b == engine.Auto && new(engine.Chooser).Choose(w).Kind == engine.GPU:
		s := c.supervisor()
		defer s.Close()
		return c.with(engine.New(engine.Options{GPU: s, CPU: c.compiler.NewCPU, Logger: c.logger()}), func(e engine.Engine) error {
			err := run(e)
			if f, ok := e.(*engine.Failover); ok && f.Fallback() != "" {
				c.notice = "it ran on the CPU: " + f.Fallback()
				c.say("%s", c.notice)
			}
			return err
		})
	}
	return c.with(c.compiler.NewCPU(), run)
}

// with calls run with an engine, which it frees.
func (c *invocation) with(e engine.Engine, run func(engine.Engine) error) error {
	defer e.Close()
	return run(e)
}

func (c *invocation) withGPU(run func(engine.Engine) error) error {
	s := c.supervisor()
	defer s.Close()
	if err := s.WaitReady(c.ctx); err != nil {
		return err
	}
	return c.with(s.NewMachine(), run)
}
