// Gvpie is a studio for pixel programs: the program's text on the left, on the
// right what the machine makes of it and what a person sees. See gvpie help.
package main

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"gvpie/app/cli"
	"gvpie/app/studio"
	"gvpie/app/ui"
	"gvpie/runtime/agent/sandbox"
	"gvpie/runtime/api"
)

func main() {
	sandbox.Child() // becomes a confined script and does not return, where that was asked for
	// What lives is a few megabytes; pictures of one or two come and go. Collecting
	// at every other picture costs more than the pictures: hello took 1.5 times as
	// long. The window, which holds more, sets a value of its own.
	debug.SetGCPercent(400)
	ctx, _ := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	window := func(o cli.WindowOptions) error {
		signal.Reset(os.Interrupt, syscall.SIGTERM) // Ctrl-C ends the window, and with it the program
		door := func(ctx context.Context, in studio.Services) (func(context.Context), error) {
			return cli.Door{
				Addr: o.Addr, Data: o.Data, GPU: o.GPU, Store: in.Store, Loop: in.Loop, Log: in.Log, Frames: in.Frames,
				Canvas: func(ctx context.Context) (api.Canvas, bool, error) {
					t, ok, err := in.Textures(ctx)
					return api.Canvas{Machine: t.Machine, Human: t.Human}, ok, err
				},
			}.Open(ctx)
		}
		err := ui.Run(ui.Options{Files: o.Files, GPU: o.GPU, Backend: o.Backend, Recovery: o.Recovery, Data: o.Data, Agent: o.Data != "", Listen: door})
		if errors.Is(err, ui.ErrNoDisplay) {
			return cli.NoDisplay{Err: err}
		}
		return err
	}
	os.Exit(cli.Main(ctx, os.Args[1:], cli.Env{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Getenv: os.Getenv, Window: window,
	}))
}
