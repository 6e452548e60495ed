package cli

import (
	"context"
	"errors"
	"flag"
	"io"
	"log/slog"
	"math"
	"strconv"
	"strings"
	"time"

	"gvpie/app/cli/streams"
	"gvpie/canvas/worker"
	"gvpie/runtime/engine"
	"gvpie/runtime/host"
	"gvpie/runtime/store"
)

type daemonFlags struct {
	interval time.Duration
	cycles   int
	data     *string
	addr     *string
	backend  *engine.Backend // nil: as the settings say
	journal  bool
	fleet    fleetFlags
}

var daemonCommand = command{
	name: "daemon", args: "[FLAGS]", summary: "Run the autonomous loop, without a window",
	help: `Every interval the loop checks its health, runs the scripts of the database whose
turn it is (least recently run first, three at most), saves each run, learns from
it, and sleeps. Scripts are rows of improvement_scripts in DIR/db/daemon.db, which
sqlite3 may read and write meanwhile, and the files DIR/scripts/*.pxl, taken in
when they are saved. What happens is shown on standard output and kept in
DIR/logs/daemon.log; what cannot be shown, as the reader is gone or does not read,
is in the log alone. An interrupt (Ctrl-C), SIGTERM or SIGHUP, as of a terminal that
closes, stops it: the script in hand is ended and its run recorded as cancelled.

Other programs drive the machine over HTTP on --addr, from this computer alone;
gvpie help does not list the calls, GET /api/openapi.json does. A busy port is
said, and the loop runs without.

--install-unit writes a systemd unit under the user's own folders that runs this
daemon, with the other flags, at every login, and says where it is and how to start
it. systemd then restarts a loop that no longer moves.

With the setting improve on, the time between two cycles goes to improving the scripts; what
is found is offered (gvpie offers), and no script is edited. It uses half of the processors
at most (improve_share), at the lowest priority, and none on battery (improve_on_battery).

With --backend auto each script runs where it was measured to be faster.
`,
	setup: func(fs *flag.FlagSet) func(*invocation) error {
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
		fs.BoolVar(&f.journal, "journal", false, "write the log to standard error too, as systemd's journal takes it, and show nothing else")
		f.fleet = addFleet(fs, "where the setting improve is on, have scripts improved by the fleet whose server is at `URL`")
		install := fs.Bool("install-unit", false, "write a systemd user unit that runs this, and do nothing else")
		return func(c *invocation) error {
			given := map[string]bool{}
			fs.Visit(func(is *flag.Flag) { given[is.Name] = true })
			if given["backend"] {
				f.backend = backend
			}
			if *install {
				return f.installUnit(c, given["addr"])
			}
			return c.daemon(f)
		}
	},
}

// addAddr defines --addr.
func addAddr(fs *flag.FlagSet) *string {
	return fs.String("addr", host.BySetting, "answer the HTTP API on `HOST:PORT`, \"\" for none; by default as the setting addr says, "+store.DefaultAddr)
}

func (c *invocation) daemon(f daemonFlags) error {
	if err := c.noArgs(); err != nil {
		return err
	}
	dir, err := c.dataDir(*f.data)
	if err != nil {
		return err
	}
	streams.OutliveReaders()
	out, errout := streams.NewLossyWriter(c.Stdout), streams.NewLossyWriter(c.Stderr)
	defer out.Close()
	defer errout.Close()
	loop := *c
	loop.Stdout, loop.Stderr = out, errout
	hc := host.Config{
		Data: dir, Name: "gvpie daemon", Version: version(), Build: buildName(), Addr: *f.addr, Systemd: host.SystemdOf(c.Getenv),
		Backend: f.backend, CPU: c.compiler.NewCPU, Interval: f.interval, Cycles: f.cycles,
	}
	if hc.Systemd.Socket != "" {
		hc.Name = host.UnitHolder
	}
	if *f.fleet.url != "" {
		q, leave, err := fleetQueue(&loop, f.fleet, *f.data)
		if err != nil {
			return err
		}
		defer leave()
		hc.Queue = q
	}
	if f.journal {
		hc.Log, loop.Stdout = streams.NewJournalHandler(errout), io.Discard
	} else {
		hc.Console, hc.Notice = out, func(err error) { loop.say("%v", err) }
	}
	return loop.host(hc, nil)
}

// installUnit installs the unit of a daemon with these flags.
func (f daemonFlags) installUnit(c *invocation, addr bool) error {
	if err := c.noArgs(); err != nil {
		return err
	}
	dir, err := c.dataDir(*f.data)
	if err != nil {
		return err
	}
	var args []string
	if addr {
		args = append(args, "--addr", *f.addr)
	}
	if f.backend != nil {
		args = append(args, "--backend", strings.ToLower(f.backend.String()))
	}
	if *f.fleet.url != "" {
		args = append(args, "--nats", *f.fleet.url)
	}
	if *f.fleet.token != "" {
		args = append(args, "--token", *f.fleet.token)
	}
	if f.interval > 0 {
		args = append(args, "--interval", f.interval.String())
	}
	if f.cycles > 0 {
		args = append(args, "--cycles", strconv.Itoa(f.cycles))
	}
	return c.installUnit(dir, args)
}

// installUnit writes a systemd user unit that runs the daemon of a folder, and says
// where and what comes next.
func (c *invocation) installUnit(dir string, flags []string) error {
	path, err := host.InstallUnit(c.Getenv, dir, flags...)
	if err != nil {
		return err
	}
	c.printf(`%s
To start it, now and at every login:
  systemctl --user daemon-reload
  systemctl --user enable --now gvpie
To have it run without a login: loginctl enable-linger
What it does: systemctl --user status gvpie, journalctl --user -u gvpie
`, path)
	return nil
}

// host runs the services in the foreground, with a GPU's process of their own. started,
// if not nil, gets that when it has started.
func (c *invocation) host(hc host.Config, started func(*worker.Supervisor)) error {
	var gpu *worker.Supervisor
	hc.GPU = func(ctx context.Context, b engine.Backend, log *slog.Logger) (engine.Source, error) {
		gpu = worker.Start(worker.Config{Logger: log})
		if started != nil {
			started(gpu)
		}
		return gpu, awaitGPU(ctx, gpu, b, log)
	}
	h, err := host.Open(c.ctx, hc)
	if err != nil {
		return err
	}
	for _, text := range h.Opened().Messages {
		c.say("%s", text)
	}
	if err = h.Run(c.ctx, nil); err == nil && c.ctx.Err() != nil {
		c.printf("⏹️  stopped\n")
	}
	if gpu != nil {
		gpu.Close()
	}
	return errors.Join(err, h.Close())
}

// gpuPatience is how long the loop waits for the GPU before its first cycle.
const gpuPatience = 2 * time.Second

// awaitGPU waits until the GPU is ready: where it alone is wanted as long as that
// takes, else for a moment, as the loop can begin on the CPU.
func awaitGPU(ctx context.Context, gpu *worker.Supervisor, b engine.Backend, log *slog.Logger) error {
	if b == engine.OnGPU {
		if err := gpu.WaitReady(ctx); err != nil {
			return unavailable{err}
		}
		return nil
	}
	short, done := context.WithTimeout(ctx, gpuPatience)
	defer done()
	if err := gpu.WaitReady(short); err != nil {
		log.Info("the GPU is not ready yet", "error", err)
	}
	return nil
}
