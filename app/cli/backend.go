package cli

import (
	"errors"
	"flag"
	"fmt"
	"log/slog"

	"gvpie/canvas/worker"
	"gvpie/runtime/engine"
)

// addBackend defines --backend.
func addBackend(fs *flag.FlagSet) *engine.Backend {
	b := engine.Auto
	fs.Func("backend", "run on `gpu|cpu|auto`; auto, the default, is the GPU where there is one that can", func(s string) error {
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
func (c *call) supervisor() *worker.Supervisor {
	log := slog.New(slog.DiscardHandler)
	if c.Getenv("GVPIE_LOG") != "" {
		log = slog.New(slog.NewTextHandler(c.Stderr, nil))
	}
	return worker.Start(worker.Config{Logger: log})
}

// on calls run with an engine of the kind asked for. With auto it is called
// again, on the CPU and with one line about why, when there is no GPU, or it
// cannot run the program, or is lost on the way.
func (c *call) on(b engine.Backend, run func(engine.Engine) error) error {
	if b != engine.OnCPU {
		err := c.onGPU(run)
		gpu := errors.Is(err, engine.ErrUnavailable) || errors.Is(err, engine.ErrUnsupported) || errors.Is(err, engine.ErrLost)
		switch {
		case !gpu || c.ctx.Err() != nil:
			return err
		case b == engine.OnGPU:
			return unavailable{err}
		}
		c.say("running on the CPU: %s", cause(err))
	}
	e := engine.NewCPU()
	defer e.Close()
	return run(e)
}

func (c *call) onGPU(run func(engine.Engine) error) error {
	s := c.supervisor()
	defer s.Close()
	if err := s.WaitReady(c.ctx); err != nil {
		return err
	}
	e := s.NewMachine()
	defer e.Close()
	return run(e)
}
