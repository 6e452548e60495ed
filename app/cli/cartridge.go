package cli

import (
	"flag"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"gvpie/runtime/agent"
	"gvpie/runtime/cartridge"
	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/liveedit"
	"gvpie/runtime/pxl"
	"gvpie/runtime/store"
)

type cartridgeFlags struct {
	data                           *string
	backend                        *engine.Backend
	name, author, description, out string
	frames                         int
}

// cartridges is one use of gvpie cartridge.
type cartridges struct {
	*invocation
	f cartridgeFlags
}

var cartridgeCommand = command{
	name: "cartridge", args: "make FILE | run CARTRIDGE | verify CARTRIDGE… | show CARTRIDGE", summary: "Make, run, verify and show cartridges: programs that are pictures",
	help: `A cartridge is a PNG that any viewer opens: the picture is what a person sees of the
program, and the whole machine, its source and a checksum ride along. make runs a
program and writes the cartridge of how it then is, by default into
DIR/cartridges, and registers it. CARTRIDGE is a cartridge's id, which is its file's
name without .png when it lies in DIR/cartridges, its number in the registry, or a
path, absolute, from here, or within DIR/cartridges.

verify says whether a cartridge is as it was written, and as it was registered, and
what other programs have added to the picture, which does it no harm; run verifies it, runs its program from the beginning, and counts the run.
`,
	setup: func(fs *flag.FlagSet) func(*invocation) error {
		f := cartridgeFlags{data: addData(fs), backend: addBackend(fs), frames: 1}
		fs.StringVar(&f.name, "name", "", "make: call it `NAME`; by default as the file, without its ending")
		fs.StringVar(&f.author, "author", "", "make: `WHO` made it")
		fs.StringVar(&f.description, "description", "", "make: what it is, in `WORDS`")
		fs.StringVar(&f.out, "out", "", "make: write to `OUT.png`")
		fs.Func("frames", "make, run: stop after `N` frames, default 1", number(1, math.MaxInt32, func(n int64) { f.frames = int(n) }))
		return func(c *invocation) error {
			return c.choose(
				verb{"make", func(c *invocation, args []string) error { return cartridges{c, f}.make(args) }},
				verb{"run", func(c *invocation, args []string) error { return cartridges{c, f}.run(args) }},
				verb{"verify", func(c *invocation, args []string) error { return cartridges{c, f}.verify(args) }},
				verb{"show", func(c *invocation, args []string) error { return cartridges{c, f}.show(args) }},
			)
		}
	},
}

func (c cartridges) make(args []string) error {
	path, err := one(args, "FILE")
	if err != nil {
		return err
	}
	if c.f.name == "" {
		if path == "-" {
			return usagef("standard input has no name: give one with --name")
		}
		c.f.name = strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	}
	dir, err := c.dataDir(*c.f.data)
	if err != nil {
		return err
	}
	out := c.f.out
	if out == "" {
		id := filepath.Base(c.f.name)
		if !agent.IsCartridgeID(id) {
			return usagef("%q cannot be the id of a cartridge: an id is no number, begins with no point, and has no line end, \\ or : in it; give another --name, or --out", id)
		}
		folder := agent.CartridgeFolder(dir)
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return &fileError{folder, reason(err), err}
		}
		out = agent.CartridgePath(dir, id)
	}
	if out, err = filepath.Abs(out); err != nil {
		return err
	}
	a, err := c.assemble(path)
	if err != nil {
		return err
	}
	if !a.OK() {
		return errFailed
	}
	cart := &cartridge.Cartridge{Source: a.Source, Files: a.Files(), Links: a.Links, Metadata: cartridge.Metadata{
		Kind: cartridge.Pixel, Name: c.f.name, Author: c.f.author, Description: c.f.description,
		CreatedAt: time.Now(), Seed: isa.DefaultSeed, Engine: version(),
	}}
	err = c.withEngine(*c.f.backend, engine.Work{Program: a.Program, Frames: c.f.frames}, func(e engine.Engine) error {
		res, err := engine.Run(c.ctx, e, engine.RunOptions{Program: a.Program, Seed: isa.DefaultSeed, Frames: c.f.frames})
		if err != nil {
			return err
		}
		if res.Fault != nil {
			at, _ := a.Map.At(res.Fault.PC)
			return c.failed(a, errorAt(a, res.Fault.Code.String(), at.Pos, liveedit.Explain(res.Fault, a)))
		}
		if cart.Machine, err = e.Snapshot(c.ctx); err != nil {
			return err
		}
		cart.Picture, err = e.Human(c.ctx)
		return err
	})
	if err != nil {
		return err
	}
	sum, err := cart.Checksum()
	if err != nil {
		return err
	}
	if err := writeFile(out, 0o644, cart.Write); err != nil {
		return err
	}
	return c.withStore(*c.f.data, func(s *store.Store) error {
		row := store.Cartridge{Path: out, Kind: string(cart.Kind), Checksum: sum, Width: int64(a.Header.W), Height: int64(a.Header.H)}
		var err error
		if row.ID, err = s.AddCartridge(c.ctx, row); err == nil {
			c.printf("cartridge %s: %s\n", agent.CartridgeID(dir, row), out)
		}
		return err
	})
}

// cartridge finds, opens and verifies the cartridge that the argument names.
func (c cartridges) find(s *store.Store, name string) (store.Cartridge, *cartridge.Cartridge, string, error) {
	dir, err := c.dataDir(*c.f.data)
	if err != nil {
		return store.Cartridge{}, nil, "", err
	}
	if abs, err := filepath.Abs(name); err == nil && !filepath.IsAbs(name) {
		if info, err := os.Stat(abs); err == nil && info.Mode().IsRegular() {
			name = abs
		}
	}
	row, err := agent.FindCartridge(c.ctx, s, dir, name)
	if err != nil {
		return row, nil, "", err
	}
	cart, sum, err := agent.OpenCartridge(row)
	return row, cart, sum, err
}

func (c cartridges) run(args []string) error {
	name, err := one(args, "CARTRIDGE")
	if err != nil {
		return err
	}
	return c.withStore(*c.f.data, func(s *store.Store) error {
		row, cart, sum, err := c.find(s, name)
		if err != nil {
			return err
		}
		p, err := agent.ProgramOf(cart)
		if err != nil {
			return fmt.Errorf("%s: %w", row.Path, err)
		}
		a := p.Assembly
		if a == nil { // no line is known
			a = &pxl.Assembly{File: cart.Name + ".pxl", Source: cart.Source, Program: p.Program, Header: p.Header}
		}
		o, err := c.execute(a, runFlags{backend: c.f.backend, frames: c.f.frames, cycles: isa.DefaultBudget, seed: p.Seed}, 0)
		if err != nil {
			return err
		}
		c.summarize(a, o)
		if err := agent.CountCartridge(c.ctx, s, row, cart, sum); err != nil {
			return err
		}
		return c.failed(a, fault(a, o.Fault))
	})
}

func (c cartridges) verify(args []string) error {
	if len(args) == 0 {
		return usagef("which CARTRIDGE?")
	}
	return c.withStore(*c.f.data, func(s *store.Store) error {
		var failed error
		for _, name := range args {
			row, cart, sum, err := c.find(s, name)
			switch {
			case c.ctx.Err() != nil:
				return c.ctx.Err()
			case err != nil:
				c.say("%v", err)
				failed = errFailed
			case row.ID == 0:
				c.printf("%s: as it was written (not registered), %s\n", row.Path, sum)
			default:
				c.printf("%s: as it was written, cartridge %s, %s\n", row.Path, agent.CartridgeID(s.Dir(), row), sum)
			}
			if err == nil && cart.Remark() != "" {
				c.printf("  %s\n", cart.Remark())
			}
		}
		return failed
	})
}

func (c cartridges) show(args []string) error {
	name, err := one(args, "CARTRIDGE")
	if err != nil {
		return err
	}
	return c.withStore(*c.f.data, func(s *store.Store) error {
		row, cart, sum, err := c.find(s, name)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(c.Stdout, 0, 0, 2, ' ', 0)
		line := func(what string, value any) {
			if text := fmt.Sprint(value); text != "" {
				fmt.Fprintf(w, "%s\t%s\n", what, text)
			}
		}
		line("path", row.Path)
		if row.ID != 0 {
			line("id", agent.CartridgeID(s.Dir(), row))
			line("number", row.ID)
			line("executed", count(uint64(row.ExecutedCount), "time"))
		}
		line("kind", cart.Kind)
		line("name", cart.Name)
		line("author", cart.Author)
		line("description", cart.Description)
		line("version", cart.Version)
		line("tags", strings.Join(cart.Tags, ", "))
		line("created", when(cart.CreatedAt))
		if cart.Machine != nil {
			canvas := "cell"
			if cart.Metadata.Pixel {
				canvas = "pixel"
			}
			line("canvas", fmt.Sprintf("%d × %d, %s", cart.Width, cart.Height, canvas))
			line("instructions", cart.Machine.Program.Instructions())
		}
		line("source", count(uint64(strings.Count(cart.Source, "\n")), "line"))
		for _, path := range slices.Sorted(maps.Keys(cart.Files)) {
			line("includes", fmt.Sprintf("%s, %s", path, count(uint64(strings.Count(cart.Files[path], "\n")), "line")))
		}
		line("engine", cart.Engine)
		line("checksum", sum)
		line("remark", cart.Remark())
		return w.Flush()
	})
}
