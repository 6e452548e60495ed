package cli

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"slices"
	"time"

	"gvpie/canvas/worker"
	"gvpie/runtime/benchmark"
	"gvpie/runtime/cputime"
	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
)

var benchCommand = command{
	name: "bench", args: "[--debug | --improve] [--json] [--picture OUT.png] [ROW…]", summary: "Measure this computer: what programs cost, beside the same by hand",
	help: `A row is measured in rounds in which ours and the yardstick take turns, in
processor time and, beside it, by the clock on the wall. Yardsticks are programs
in C, where there is a compiler, else loops in Go; for the GPU kernels in WGSL.
The ratio is the speed of ours by that of the yardstick.

` + benchRows(benchmark.Programs) + `
With --debug it is what the debugger takes to answer:

` + benchRows(benchmark.Debugging) + `
With --improve it is what comes of improving programs for 5 s each and of painting
pictures with 50 rectangles; with --full as well a program gets 60 s, and all else as much
more:

` + benchRows(benchmark.Improving),
	setup: func(fs *flag.FlagSet) func(*invocation) error {
		b := benchmark.Config{Rounds: 9, Slot: 700 * time.Millisecond}
		fs.Func("rounds", fmt.Sprintf("measure each row `N` times at most, default %d", b.Rounds), number(1, 1000, func(n int64) { b.Rounds = int(n) }))
		debug := fs.Bool("debug", false, "measure the debugger")
		improve := fs.Bool("improve", false, "measure improving")
		full := fs.Bool("full", false, "with --improve: search as long as the search is made for")
		asJSON := fs.Bool("json", false, "print one JSON object")
		picture := fs.String("picture", "", "write the table as a picture to `OUT.png`")
		return func(c *invocation) error {
			switch {
			case *debug && *improve:
				return usagef("--debug and --improve are two tables; one at a time")
			case *full && !*improve:
				return usagef("--full is of --improve")
			case *debug:
				b.Table = benchmark.Debugging
			case *improve:
				b.Table, b.Search = benchmark.Improving, 5*time.Second
			}
			if *full {
				b.Search = time.Minute
			}
			return c.bench(b, *asJSON, *picture)
		}
	},
}

func benchRows(t benchmark.Table) (text string) {
	for _, r := range t.Rows() {
		text += fmt.Sprintf("  %-17s %s\n", r.Name, r.About)
	}
	return text
}

func (c *invocation) bench(b benchmark.Config, asJSON bool, picture string) error {
	b.ProcessorTime, b.Engine, b.Compiler, b.Only = cputime.Used, c.compiler.NewCPU, c.compiler.OrNil(), c.args
	b.GPU, b.Batcher = compareGPU, batcherGPU
	if c.Measure != nil {
		b.Window = func(ctx context.Context, name, source string, frames int) (processor, wall time.Duration, err error) {
			return c.Measure(ctx, c.compiler.NewCPU, name, source, frames)
		}
	}
	for _, name := range b.Only {
		if !slices.ContainsFunc(b.Table.Rows(), func(r benchmark.Row) bool { return r.Name == name }) {
			return usagef("there is no row %q; gvpie help bench lists them", name)
		}
	}
	b.Done = func(r benchmark.Row) {
		switch {
		case !asJSON:
			c.printf("%s", r.Line())
		case r.Note != "":
			c.say("%s: %s", r.Name, r.Note)
		}
	}
	if !asJSON {
		c.printf("%s", b.Table.Head())
	}
	r, err := benchmark.Run(c.ctx, b)
	if err != nil {
		return err
	}
	if picture != "" {
		if err := writePNG(picture, benchmark.Picture(r)); err != nil {
			return err
		}
	}
	if asJSON {
		out := json.NewEncoder(c.Stdout)
		out.SetIndent("", "  ")
		return out.Encode(r)
	}
	c.printf("\n%s\n", r.Machine)
	return nil
}

// compareGPU measures on the GPU, in its process.
func compareGPU(ctx context.Context, p isa.Program, kernel string, rounds int) (*benchmark.Comparison, error) {
	c, err := worker.Compare(ctx, p, kernel, rounds)
	if err != nil {
		return nil, err
	}
	return (*benchmark.Comparison)(c), nil
}

// batcherGPU opens the GPU for a batch.
func batcherGPU(ctx context.Context) (b engine.Batcher, adapter string, done func(), err error) {
	s := worker.Start(worker.Config{})
	if err := s.WaitReady(ctx); err != nil {
		s.Close()
		return nil, "", nil, err
	}
	m := s.NewMachine()
	done = func() {
		m.Close()
		s.Close()
	}
	b, ok := m.(engine.Batcher)
	if !ok {
		done()
		return nil, "", nil, fmt.Errorf("%w: it runs no batches", engine.ErrUnavailable)
	}
	return b, m.Adapter(), done, nil
}
