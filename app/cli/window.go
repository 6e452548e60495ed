package cli

import (
	"errors"
	"flag"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"gvpie/assets"
	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/pxl"
)

// windowCommand is gvpie without a command.
var windowCommand = command{
	args: "[--backend gpu|cpu|auto] [--addr HOST:PORT] [--new-window] [--status] [FILE…]", summary: "GVPIE, a studio for pixel programs. Without a command it opens the window.",
	setup: func(fs *flag.FlagSet) func(*invocation) error {
		b, addr := addBackend(fs), addAddr(fs)
		status := fs.Bool("status", false, "print what the window shows, a line of JSON whenever that changed")
		fresh := fs.Bool("new-window", false, "begin without the tabs of the last window, and leave them to the next")
		return func(c *invocation) error {
			var loop *engine.Backend
			fs.Visit(func(is *flag.Flag) {
				if is.Name == "backend" {
					loop = b
				}
			})
			return c.window(WindowOptions{Backend: *b, Loop: loop, Addr: *addr, NewWindow: *fresh}, *status)
		}
	},
}

func (c *invocation) window(opts WindowOptions, status bool) error {
	if err := c.mistyped(); err != nil {
		return err
	}
	if slices.Contains(c.args, "-") {
		return usagef("the window cannot edit standard input; gvpie run - runs it")
	}
	err := c.openWindow(opts, status)
	if !errors.As(err, new(NoDisplay)) {
		return err
	}
	c.say("%v", err)
	if err := c.withoutWindow(opts.Backend); err != nil {
		return err
	}
	return errFailed // there is no window, which was asked for
}

// openWindow opens the window. The GPU's process starts before it does, to be there
// for the first picture.
func (c *invocation) openWindow(opts WindowOptions, status bool) error {
	opts.Files, opts.Version, opts.GPU, opts.CPU, opts.Logger = paths(c.args), version(), engine.NoGPU("--backend cpu"), c.compiler.NewCPU, c.logger()
	if opts.Backend != engine.OnCPU {
		gpu := c.supervisor()
		defer gpu.Close()
		opts.GPU = gpu
	}
	if status {
		opts.Status = c.Stdout
	}
	if dir, err := dataFolder(c.Getenv); err == nil {
		opts.Recovery, opts.Session, opts.Data = filepath.Join(dir, "recovery"), filepath.Join(dir, "session.json"), dir
	}
	return c.Window(opts)
}

// paths are the arguments with those that are file: URLs, as desktops give them,
// turned into paths.
func paths(args []string) []string {
	paths := slices.Clone(args)
	for i, a := range args {
		if u, err := url.Parse(a); err == nil && u.Scheme == "file" && (u.Host == "" || u.Host == "localhost") && u.Path != "" {
			paths[i] = filepath.FromSlash(u.Path)
		}
	}
	return paths
}

// mistyped tells a command with a slip in it from a file: a bare word that
// names no file and is much like a command.
func (c *invocation) mistyped() error {
	if len(c.args) == 0 || strings.ContainsAny(c.args[0], `./\`) {
		return nil
	}
	word := c.args[0]
	if _, err := os.Stat(word); err == nil {
		return nil
	}
	for _, cmd := range commands {
		if !cmd.hidden && cmd.name != "" && distance(word, cmd.name) <= 2 && len(word) > 2 {
			return usagef("there is no command or file %q: did you mean gvpie %s?", word, cmd.name)
		}
	}
	return nil
}

// distance is how many letters must be changed, added or removed to make a of b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}

// withoutWindow runs the first file, or the first example, once.
func (c *invocation) withoutWindow(b engine.Backend) error {
	began := time.Now()
	hello := assets.Examples()[0]
	name, text := "example "+hello.Name, hello.Source
	if len(c.args) > 0 {
		if strings.EqualFold(filepath.Ext(c.args[0]), ".pxlrec") {
			return replays{c, replayFlags{backend: &b}}.recording(c.args[0])
		}
		var err error
		if name, text, err = c.source(c.args[0]); err != nil {
			return err
		}
	}
	c.say("running %s once, without a window", name)
	a := pxl.Assemble(name, text)
	if len(c.args) > 0 {
		a = assembleBeside(c.args[0], name, text)
	}
	c.tell(a)
	if !a.OK() {
		return errFailed
	}
	f := runFlags{backend: &b, frames: 1, cycles: isa.DefaultBudget, seed: isa.DefaultSeed}
	o, err := c.execute(a, f, time.Since(began))
	if err != nil {
		return err
	}
	c.summarize(a, o)
	return c.failed(a, fault(a, o.Fault))
}
