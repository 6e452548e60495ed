// Package host makes the services of a data folder out of their parts, runs
// them, and ends them in order: the lock that one process holds, the log, the
// database, the autonomous loop, and the HTTP API. The daemon and the window
// both open a [Host], so that the loop is the same under either.
//
// The daemon runs in the foreground. It fails when another process has the
// folder:
//
//	h, err := host.Open(ctx, host.Config{Data: dir, Name: "gvpie daemon", Console: os.Stdout, …})
//	if err != nil {
//		return err // a *agent.HeldError says who runs the services
//	}
//	defer h.Close()
//	return h.Run(ctx, nil)
//
// The window runs it on a goroutine of its own. Where another process runs the
// services it reads the database, and goes on with the loop when that process has
// ended:
//
//	h, err := host.Open(ctx, host.Config{Data: dir, Name: "another window", Mode: host.RunOrWait, Canvas: …, Frames: …})
//	if err != nil {
//		…
//	}
//	defer h.Close()
//	show(h.Store(), h.Holder())
//	if err := h.Await(ctx, func(holder agent.Holder) { … }); err != nil {
//		return // ctx has ended
//	}
//	err = h.Run(ctx, func(loop *agent.Agent) { follow(loop.Watch()) })
//
// Nothing here draws, asks a person, or starts a GPU: the Config gives where
// pictures and GPU machines come from. Start reading at [Open], then [Host.Run].
package host

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"slices"
	"time"

	"gvpie/runtime/agent"
	"gvpie/runtime/api"
	"gvpie/runtime/engine"
	"gvpie/runtime/improve/campaign"
	"gvpie/runtime/store"
)

// Mode is what a process wants of a data folder.
type Mode uint8

const (
	Run       Mode = iota // run the services; Open fails with a *agent.HeldError where another process does
	RunOrWait             // run them, or read the database until the other process has ended
	Read                  // read the database alone
)

// Config is what a Host is made of. Data and Name are needed.
type Config struct {
	Data    string // the data folder, made if need be
	Name    string // of this process, for others that want the folder: "gvpie daemon"
	Version string // of gvpie
	Build   string // of its sources alone, by which jobs of improving are told apart; "": Version
	Mode    Mode

	// Notice is told of what does not work and stops nothing else, as a port in
	// use: a sentence for a person. It is called on the goroutine of Open, Await
	// or Run. Nil: nobody is told.
	Notice func(error)

	// Backend is what the loop's programs run on; nil: as the setting backend
	// says.
	Backend *engine.Backend
	// GPU gives where GPU machines come from, or an error that ends Run. It is
	// called by Run, unless everything is to run on the CPU, and may wait for the
	// GPU. log gets what is to be told of it. Nil: there is no GPU.
	GPU func(ctx context.Context, b engine.Backend, log *slog.Logger) (engine.Source, error)

	// CPU makes machines on the CPU; nil: engine.NewCPU.
	CPU func() engine.Engine

	// Chooser decides, for the loop and the API, what a program runs on where that
	// is not said; nil: one of the Host's own.
	Chooser *engine.Chooser

	// Queue does the jobs of improving scripts; nil: this process does.
	Queue campaign.Queue

	// Of the loop; see agent.Config.
	Clock    agent.Clock
	Interval time.Duration
	Cycles   int
	Limit    time.Duration
	Console  io.Writer

	// Log gets what the log gets as well, as the journal; nil: nothing does.
	Log slog.Handler
	// Systemd is told when the services are ready, move, and stop.
	Systemd Systemd

	Addr   string                                          // where the API is answered; "": nowhere; BySetting: as the setting addr says
	Canvas func(context.Context) (api.Canvas, bool, error) // what a window shows; nil: there is none
	Frames <-chan uint32                                   // frames that a window's program has ended; nil: none
}

// BySetting is the Addr of a Host whose API is answered where the setting says.
const BySetting = "by setting"

// A Host is an open data folder. One goroutine at a time may call its methods.
type Host struct {
	config Config
	clock  agent.Clock
	log    *slog.Logger

	lock   *agent.Lock // nil: another process has it, or it is not wanted
	holder agent.Holder
	file   io.Closer // the log; nil: not open
	store  *store.Store
	opened store.Opened
}

// The log's size, and how many old ones are kept.
const (
	logSize = 4 << 20
	logKeep = 4
)

// Open takes the right to run the services, opens the log and the database. What
// it has opened when something fails it closes again.
func Open(ctx context.Context, c Config) (*Host, error) {
	if c.CPU == nil {
		c.CPU = engine.NewCPU
	}
	if c.Chooser == nil {
		c.Chooser = &engine.Chooser{}
	}
	h := &Host{config: c, clock: c.Clock, log: logger(nil, c.Log)}
	h.config.Notice = func(err error) { // whoever looks later finds it in the log
		h.log.Warn(err.Error())
		if c.Notice != nil {
			c.Notice(err)
		}
	}
	if h.clock == nil {
		h.clock = agent.WallClock{}
	}
	if err := h.takeLock(); err != nil {
		return nil, err
	}
	var err error
	if h.store, h.opened, err = store.Open(ctx, c.Data, store.Options{Logger: h.log}); err != nil {
		for _, text := range h.opened.Messages {
			h.config.Notice(errors.New(text))
		}
		return nil, errors.Join(err, h.Close())
	}
	return h, nil
}

// takeLock takes the lock, and with it opens the log. Without an error, and
// without the lock, holder says who has it.
func (h *Host) takeLock() error {
	h.holder = agent.Holder{}
	if h.config.Mode == Read {
		h.holder, _ = agent.WhoRuns(h.config.Data)
		return nil
	}
	lock, err := agent.TakeLock(h.config.Data, h.config.Name, time.Now())
	var held *agent.HeldError
	switch {
	case errors.As(err, &held) && h.config.Mode == RunOrWait:
		h.holder = held.Holder
		return nil
	case err != nil:
		return err
	}
	h.lock = lock
	file, err := agent.OpenLog(filepath.Join(h.config.Data, "logs", "daemon.log"), logSize, logKeep)
	if err != nil {
		h.config.Notice(fmt.Errorf("the loop runs without its log: %w", err))
		return nil
	}
	h.file, h.log = file, logger(slog.NewTextHandler(file, nil), h.config.Log)
	return nil
}

// logger writes to those of the handlers that are not nil.
func logger(all ...slog.Handler) *slog.Logger {
	return slog.New(slog.NewMultiHandler(slices.DeleteFunc(all, func(h slog.Handler) bool { return h == nil })...))
}

// Store is the database, open until Close.
func (h *Host) Store() *store.Store { return h.store }

// Opened says what was found when the database was opened.
func (h *Host) Opened() store.Opened { return h.opened }

// Holder is the other process that runs the services; Nobody when there is none.
func (h *Host) Holder() agent.Holder { return h.holder }

// lookEvery is the time between two looks at a folder whose services another
// process runs.
const lookEvery = 2 * time.Second

// Await waits until this process may run the services. looked is called after
// each look at the folder, with the holder then. The error is that of ctx, when it
// ends first; in Mode Read it always does.
func (h *Host) Await(ctx context.Context, looked func(holder agent.Holder)) error {
	for h.lock == nil {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-h.clock.After(lookEvery):
		}
		if err := h.takeLock(); err == nil { // else it is tried again at the next look
			looked(h.holder)
		}
	}
	return nil
}

// errNotHeld is returned by Run of a Host that has not taken the lock.
var errNotHeld = errors.New("the services of this folder are not this process's to run")

// Run runs the loop and answers the API, until ctx ends or the loop's cycles have
// been run; neither is an error. started, if not nil, is called with the loop
// before it begins. When Run returns, all that it began has ended, and the run that
// was under way is recorded as cancelled.
func (h *Host) Run(ctx context.Context, started func(*agent.Agent)) error {
	if h.lock == nil {
		return errNotHeld
	}
	gpu, c, err := h.engines(ctx)
	if err != nil {
		return err
	}
	c.Store, c.Data, c.Logger, c.Chooser = h.store, h.config.Data, h.log, h.config.Chooser
	c.Clock, c.Interval, c.Cycles, c.Limit, c.Console = h.config.Clock, h.config.Interval, h.config.Cycles, h.config.Limit, h.config.Console
	c.Improve = h.improving(ctx)
	loop := agent.New(c)
	if started != nil {
		started(loop)
	}
	stop := h.serve(ctx, loop, gpu)
	defer stop()
	leave := h.report(ctx, loop)
	defer leave()
	return loop.Run(ctx)
}

// Close closes the database and the log and gives the lock back, in this order:
// whoever waits for the lock finds the rest closed.
func (h *Host) Close() error {
	var errs []error
	if h.store != nil {
		errs = append(errs, h.store.Close())
	}
	if h.file != nil {
		errs = append(errs, h.file.Close())
	}
	if h.lock != nil {
		errs = append(errs, h.lock.Release())
	}
	h.lock, h.file = nil, nil
	return errors.Join(errs...)
}
