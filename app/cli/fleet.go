//go:build !nofleet

package cli

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"strings"

	"gvpie/runtime/improve/campaign"
	"gvpie/runtime/improve/fleet"
	"gvpie/runtime/improve/proposers"
)

// fleetUse is one use of gvpie fleet.
type fleetUse struct {
	*invocation
	data, addr, name *string
	hands            int
	to               fleetFlags
}

var fleetCommand = command{
	name: "fleet", args: "serve | work | status", summary: "Have several machines improve programs together",
	help: `serve runs a NATS server with JetStream on the disk, in DIR/fleet, until it is interrupted.
It listens on this machine alone, and lets in whoever shows the token in DIR/fleet.token,
which its owner alone may read. Other machines reach it through a tunnel, as
ssh -L 4222:127.0.0.1:4222 HOST, with a copy of that file.

work takes jobs from the server and does them, until it is interrupted. gvpie daemon --nats
and gvpie improve --nats put them there. A job is a few hundred candidates of one proposer; what
it comes to hangs on nothing else, so any worker may be killed at any time: another does
its job again. A job that three workers ended over is put aside, and named by status. A
worker does the jobs of its own version of gvpie alone. What wins, the machine that asked
does again itself before it is offered.

status says what waits, who works, and what was put aside.
`,
	setup: func(fs *flag.FlagSet) func(*invocation) error {
		u := fleetUse{data: addData(fs), hands: max(1, runtime.NumCPU()/2)}
		u.addr = fs.String("addr", "127.0.0.1:4222", "serve: listen on `HOST:PORT` of this machine")
		u.to = addFleet(fs, "work, status: the server is at `URL`, default nats://127.0.0.1:4222")
		fs.Func("workers", fmt.Sprintf("work: do `N` jobs at once, default half the processors, %d", u.hands), number(1, 1024, func(n int64) { u.hands = int(n) }))
		host, err := os.Hostname()
		if err != nil {
			host = "a machine"
		}
		u.name = fs.String("name", fmt.Sprintf("%s-%d", host, os.Getpid()), "work: be called `NAME` by status")
		return func(c *invocation) error {
			u.invocation = c
			if *u.to.url == "" {
				*u.to.url = "nats://127.0.0.1:4222"
			}
			return c.choose(
				verb{"serve", func(_ *invocation, args []string) error { return u.serve(args) }},
				verb{"work", func(_ *invocation, args []string) error { return u.work(args) }},
				verb{"status", func(_ *invocation, args []string) error { return u.status(args) }},
			)
		}
	},
}

// fleetConfig is how the fleet that the flags name is reached.
func fleetConfig(c *invocation, f fleetFlags, data string) fleet.Config {
	o := fleet.Config{URL: *f.url, TokenFile: *f.token, Version: buildName(), Told: func(text string) { c.say("%s", text) }}
	if o.TokenFile == "" && !strings.Contains(o.URL, "@") {
		if dir, err := c.dataDir(data); err == nil {
			if _, err := os.Stat(fleet.TokenFile(dir)); err == nil {
				o.TokenFile = fleet.TokenFile(dir)
			}
		}
	}
	return o
}

// fleetQueue is the fleet that the flags name, as a queue.
func fleetQueue(c *invocation, f fleetFlags, data string) (q campaign.Queue, leave func(), err error) {
	h, err := fleet.NewHome(fleetConfig(c, f, data), proposers.Kit(c.compiler.NewCPU))
	if err != nil {
		return nil, nil, err
	}
	return h, h.Close, nil
}

func (u fleetUse) serve(args []string) error {
	if len(args) > 0 {
		return usagef("%q is too much: serve takes flags alone", args[0])
	}
	dir, err := u.dataDir(*u.data)
	if err != nil {
		return err
	}
	s, err := fleet.Serve(dir, *u.addr)
	if err != nil {
		return err
	}
	defer s.Close()
	u.printf("the fleet's server is at %s\nits token is in %s\n", s.URL, fleet.TokenFile(dir))
	<-u.ctx.Done()
	return nil
}

func (u fleetUse) work(args []string) error {
	if len(args) > 0 {
		return usagef("%q is too much: work takes flags alone", args[0])
	}
	w, err := fleet.NewWorker(fleetConfig(u.invocation, u.to, *u.data), proposers.Kit(u.compiler.NewCPU), *u.name, u.hands)
	if err != nil {
		return err
	}
	defer w.Close()
	return w.Run(u.ctx)
}

func (u fleetUse) status(args []string) error {
	if len(args) > 0 {
		return usagef("%q is too much: status takes flags alone", args[0])
	}
	o := fleetConfig(u.invocation, u.to, *u.data)
	s, err := fleet.Look(u.ctx, o)
	if err != nil {
		return err
	}
	u.printf("%s wait, %d are being done, %s kept\n", counted(s.Waiting, "job"), s.InHand, counted(s.Done, "result"))
	for _, w := range s.Workers {
		other := ""
		if w.Version != o.Version {
			other = fmt.Sprintf(": another version than this, %s", o.Version)
		}
		u.printf("worker %s, %s at once, %s%s\n", w.Name, counted(w.Hands, "job"), w.Version, other)
	}
	for _, j := range s.Aside {
		u.printf("put aside: job %s, %s for %s, seed %d\n", j.ID, j.Proposer, j.File, j.Seed)
	}
	return nil
}
