package cli

import (
	"cmp"
	"context"
	"flag"
	"io"
	"net"
	"strconv"
	"sync"
	"time"

	"gvpie/runtime/dap"
	"gvpie/runtime/pxl"
	"gvpie/runtime/record"
)

var dapCommand = command{
	name: "dap", args: "[FLAGS]", summary: "Debug programs from an editor, forwards and backwards",
	help: `It speaks the Debug Adapter Protocol (microsoft.github.io/debug-adapter-protocol) over
standard input and output, for VS Code, Neovim, Emacs and others. A launch takes
program, the file; stopOnEntry; seed; inputs, a file as of gvpie run --inputs; recording,
a file of gvpie record instead of these; and pace: "free" runs as fast as it can, else it
is 60 frames a second. The end of the program and a run-time error are stops like others,
from which one can step back, or run back to the breakpoint before. Conditions and what
is evaluated are expressions of the language; to set a variable begins a branch. A data
breakpoint is on a variable, a word of an array, a[3], or texels: texel X Y, or
texels X Y W H. In the console .help lists what else can be asked for.
Programs run on the CPU, which gives the same bits as the GPU.
`,
	setup: func(fs *flag.FlagSet) func(*invocation) error {
		port := -1
		fs.Func("port", "wait for clients on this computer's port `N` instead, 0 for one that is free", number(0, 65535, func(n int64) { port = int(n) }))
		return func(c *invocation) error {
			if err := c.noArgs(); err != nil {
				return err
			}
			if port < 0 {
				return debugServer{c}.serve(c.Stdin, c.Stdout)
			}
			return debugServer{c}.listen(port)
		}
	},
}

// debugServer serves debuggers.
type debugServer struct{ c *invocation }

// serve serves one.
func (d debugServer) serve(in io.Reader, out io.Writer) error {
	tick := time.NewTicker(time.Second / 60)
	defer tick.Stop()
	return dap.Serve(d.c.ctx, dap.Config{Assemble: d.program, Inputs: d.inputs, Recording: d.recording, Tick: tick.C}, in, out)
}

// program reads and assembles a file.
func (d debugServer) program(path string) (*pxl.Assembly, error) {
	name, text, err := d.c.source(path)
	if err != nil {
		return nil, err
	}
	return assembleBeside(path, name, text), nil
}

func (d debugServer) inputs(path string) (record.Inputs, error) {
	return readInputs(d.c, path)
}

// recording reads a recording and assembles its program. Of one that is not whole it
// gives what can be had, and says so.
func (d debugServer) recording(path string) (*record.Recording, *pxl.Assembly, error) {
	rec, a, err := openRecording(path)
	if a == nil {
		return nil, nil, err
	}
	if err != nil {
		d.c.say("%v", err)
	}
	return rec, a, nil
}

// listen serves whoever connects to a port of this computer, until the context ends.
func (d debugServer) listen(port int) error {
	ctx := d.c.ctx
	l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return err
	}
	d.c.say("debuggers can connect to %s", l.Addr())
	defer context.AfterFunc(ctx, func() { l.Close() })()
	var clients sync.WaitGroup
	defer clients.Wait()
	for {
		conn, err := l.Accept()
		if err != nil {
			return cmp.Or(ctx.Err(), err)
		}
		clients.Go(func() {
			defer conn.Close()
			defer context.AfterFunc(ctx, func() { conn.Close() })()
			if err := d.serve(conn, conn); err != nil && ctx.Err() == nil {
				d.c.say("a debugger: %v", err)
			}
		})
	}
}
