package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"math"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"gvpie/canvas/worker"
	"gvpie/runtime/agent"
	"gvpie/runtime/engine"
)

type daemonFlags struct {
	interval time.Duration
	cycles   int
	data     *string
	addr     *string
	backend  *backendFlag // nil: as the settings say
}

var daemonCommand = command{
	name: "daemon", args: "[FLAGS]", summary: "Run the autonomous loop, without a window",
	help: `Every interval the loop checks its health, runs the scripts of the database whose
turn it is (least recently run first, three at most), saves each run, learns from
it, and sleeps. Scripts are rows of improvement_scripts in DIR/db/daemon.db, which
sqlite3 may read and write meanwhile, and the files DIR/scripts/*.pxl, taken in
when they are saved. What happens is shown on standard output and kept in
DIR/logs/daemon.log. An interrupt (Ctrl-C) or SIGTERM stops it: the script in hand
is ended and its run recorded as cancelled.

Other programs drive the machine over HTTP on --addr, from this computer alone;
gvpie help does not list the calls, GET /api/openapi.json does. A busy port is
said, and the loop runs without.

With --backend auto each script runs where it was measured to be faster.
`,
	setup: func(fs *flag.FlagSet) func(*call) error {
		f := daemonFlags{data: addData(fs), addr: addAddr(fs)}
		backend := addBackend(fs)
		fs.Func("interval", "begin a cycle every `TIME`, as 10s or 2m; by default as the setting interval says, 10s", func(s string) error {
			d, err := time.ParseDuration(s)
			if err != nil || d < 10*time.Millisecond || d > 24*time.Hour {
				return errors.New("it is a time from 10ms to 24h, as 10s or 2m")
			}
			f.interval = d
			return nil
		})
		fs.Func("cycles", "stop after `N` cycles, default never", number(1, math.MaxInt32, func(n int64) { f.cycles = int(n) }))
		return func(c *call) error {
			fs.Visit(func(given *flag.Flag) {
				if given.Name == "backend" {
					f.backend = backend
				}
			})
			return c.daemon(f)
		}
	},
}

// The log file's size, and how many old ones are kept.
const (
	logSize = 4 << 20
	logKeep = 4
)

func (c *call) daemon(f daemonFlags) error {
	if err := c.noArgs(); err != nil {
		return err
	}
	dir, err := c.dataDir(*f.data)
	if err != nil {
		return err
	}
	lock, err := agent.TakeLock(dir, "gvpie daemon", time.Now())
	if err != nil {
		return err
	}
	defer lock.Release()
	file, err := agent.OpenLog(filepath.Join(dir, "logs", "daemon.log"), logSize, logKeep)
	if err != nil {
		return err
	}
	defer file.Close()
	log := slog.New(slog.NewTextHandler(file, nil))
	s, _, err := c.openStore(dir, log)
	if err != nil {
		return err
	}
	defer s.Close()
	if f.backend == nil {
		f.backend = new(backendFlag)
		text, err := s.Setting(c.ctx, "backend", "auto")
		if err != nil {
			return err
		}
		if err := f.backend.Set(text); err != nil {
			return fmt.Errorf("the setting backend is %q: %w", text, err)
		}
	}
	return c.onBackend(*f.backend, log, func(e agentEngines) error {
		loop := agent.New(agent.Config{
			Store: s, Data: dir, Engine: e.main, CPU: e.cpu, Health: e.health,
			Interval: f.interval, Cycles: f.cycles, Logger: log, Console: c.Stdout,
		})
		shut := c.open(Door{Addr: *f.addr, Data: dir, GPU: e.gpu, Store: s, Loop: loop, Log: log})
		err := loop.Run(c.ctx)
		shut()
		if c.ctx.Err() != nil {
			c.printf("⏹️  stopped\n")
		}
		return err
	})
}

// open answers the API beside the loop until shut is called. What keeps it from
// answering is said, and stops nothing else.
func (c *call) open(d Door) (shut func()) {
	ctx, stop := context.WithCancel(c.ctx)
	serve, err := d.Open(ctx)
	if err != nil {
		c.say("%v", err)
		return stop
	}
	var answering sync.WaitGroup
	answering.Go(func() { serve(ctx) })
	return func() {
		stop()
		answering.Wait()
	}
}

// agentEngines are what a loop runs programs on.
type agentEngines struct {
	main, cpu func() engine.Engine
	health    func() string
	gpu       *worker.Supervisor // nil: none
}

// gpuPatience is how long the loop waits for the GPU before its first cycle.
const gpuPatience = 2 * time.Second

// onBackend calls run with the engines of a backend.
func (c *call) onBackend(b backendFlag, log *slog.Logger, run func(agentEngines) error) error {
	if b == "cpu" {
		return run(agentEngines{})
	}
	s := worker.Start(worker.Config{Logger: log})
	defer s.Close()
	if b == "gpu" {
		if err := s.WaitReady(c.ctx); err != nil {
			return unavailable{err}
		}
		return run(agentEngines{gpu: s, main: s.New, health: func() string { return engineHealth(s.Status()) }})
	}
	short, done := context.WithTimeout(c.ctx, gpuPatience)
	defer done()
	if err := s.WaitReady(short); err != nil {
		log.Info("the GPU is not ready yet", "error", err)
	}
	return run(agentEngines{gpu: s, main: s.New, cpu: engine.NewCPU, health: func() string { return engineHealth(s.Status()) }})
}

// engineHealth is the engine's part of the health line.
func engineHealth(s worker.Status) string {
	if s.State == worker.Ready {
		name, _, _ := strings.Cut(s.Adapter, " (")
		return "GPU " + name
	}
	if s.Reason == "" {
		return fmt.Sprintf("CPU (GPU %s)", s.State)
	}
	return fmt.Sprintf("CPU (GPU %s: %s)", s.State, s.Reason)
}
