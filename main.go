// Gvpie is a studio for pixel programs: the program's text on the left, on the
// right what the machine makes of it and what a person sees. See gvpie help.
package main

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"runtime/debug"

	"gvpie/app/cli"
	"gvpie/app/cli/streams"
	"gvpie/app/ui"
	"gvpie/runtime/agent/sandbox"
)

func main() {
	sandbox.Child() // becomes a confined script and does not return, where that was asked for
	// What lives is a few megabytes; pictures of one or two come and go. Collecting
	// at every other picture costs more than the pictures: hello took 1.5 times as
	// long. The window, which holds more, sets a value of its own.
	debug.SetGCPercent(400)
	ctx, _ := signal.NotifyContext(context.Background(), streams.Interrupts()...)
	window := func(o cli.WindowOptions) error {
		context.AfterFunc(ctx, func() { signal.Reset(streams.Interrupts()...) }) // a second Ctrl-C ends a window that does not answer
		err := ui.Run(ui.Options{Files: o.Files, GPU: o.GPU, CPU: o.CPU, Backend: o.Backend, Loop: o.Loop, Recovery: o.Recovery, Session: o.Session, NewWindow: o.NewWindow, Data: o.Data, Agent: o.Data != "", Status: o.Status, Addr: o.Addr, Version: o.Version, Logger: o.Logger, Done: ctx.Done()})
		if errors.Is(err, ui.ErrNoDisplay) {
			return cli.NoDisplay{Err: err}
		}
		return err
	}
	os.Exit(cli.Main(ctx, os.Args[1:], cli.Env{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Getenv: os.Getenv, Window: window, Measure: ui.Measure,
	}))
}
