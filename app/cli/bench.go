package cli

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"image"
	"slices"
	"strings"
	"time"

	"gvpie/assets"
	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
)

var benchCommand = command{
	name: "bench", summary: "Measure this computer: how fast programs run on its CPU and its GPU",
	help: `Every figure is of the steady state: processes and devices are up, and each
measurement has been made a few times before it counts. CPU and GPU take turns,
so that what else the computer does weighs on both alike.

  hello     from the source text to the human texture in hand, of two statements
  bounce    one frame of an animation, shown in a panel of 700 × 500 pixels
  plasma    one frame of a program with a formula for every texel, not shown
  scalar    instructions of one machine, in a loop that draws nothing
  assemble  from the text of the longest example to its program
`,
	setup: func(fs *flag.FlagSet) func(*invocation) error {
		b := bencher{samples: 200}
		fs.Func("samples", fmt.Sprintf("measure each `N` times, default %d", b.samples), number(1, 100000, func(n int64) { b.samples = int(n) }))
		asJSON := fs.Bool("json", false, "print one JSON object")
		return func(c *invocation) error { return c.bench(&b, *asJSON) }
	},
}

const (
	benchWidth  = 700
	benchHeight = 500
	benchWarm   = 3               // samples that do not count
	benchTime   = 4 * time.Second // after which a measurement has samples enough
	// A machine is interpreted some hundred times slower on a GPU.
	scalarCPU = 5_000_000
	scalarGPU = 200_000
)

const scalarSource = "again:\nSET x = x * 3 + 1\nSET y = (x >> 7) ^ y\nIF y > x SET y = y - x\nJMP again\n"

// times are the figures of one measurement, in milliseconds.
type times struct {
	Median  float64 `json:"median_ms"`
	P95     float64 `json:"p95_ms"`
	Samples int     `json:"samples"`
}

func (t *times) median() *float64 {
	if t == nil {
		return nil
	}
	return &t.Median
}

func (t *times) p95() *float64 {
	if t == nil {
		return nil
	}
	return &t.P95
}

// figures are those of one engine. A nil one could not be measured.
type figures struct {
	Adapter      string   `json:"adapter,omitempty"`
	Unavailable  string   `json:"unavailable,omitempty"`
	Hello        *times   `json:"hello,omitempty"`
	Bounce       *times   `json:"bounce,omitempty"`
	Plasma       *times   `json:"plasma,omitempty"`
	Texels       *float64 `json:"plasma_texels_per_second,omitempty"`
	Instructions *float64 `json:"instructions_per_second,omitempty"`
}

// benchReport is what bench --json prints.
type benchReport struct {
	Version  string  `json:"version"`
	CPU      figures `json:"cpu"`
	GPU      figures `json:"gpu"`
	Assemble times   `json:"assemble"`
	Longest  string  `json:"assemble_example"`
	Lines    int     `json:"assemble_lines"`
}

// A bencher measures on the engines there are.
type bencher struct {
	samples    int
	ctx        context.Context
	contenders []contender
}

// A contender is one engine and where its figures go.
type contender struct {
	engine engine.Engine
	out    *figures
	scalar uint32 // cycles of the scalar measurement
}

func (c *invocation) bench(b *bencher, asJSON bool) error {
	if err := c.noArgs(); err != nil {
		return err
	}
	r := benchReport{Version: version()}
	cpu := engine.NewCPU()
	defer cpu.Close()
	r.CPU.Adapter = cpu.Adapter()
	b.ctx, b.contenders = c.ctx, []contender{{cpu, &r.CPU, scalarCPU}}

	s := c.supervisor()
	defer s.Close()
	if err := s.WaitReady(c.ctx); err != nil {
		if c.ctx.Err() != nil {
			return err
		}
		r.GPU.Unavailable = cause(err)
	} else {
		gpu := s.NewMachine()
		defer gpu.Close()
		r.GPU.Adapter = gpu.Adapter()
		b.contenders = append(b.contenders, contender{gpu, &r.GPU, scalarGPU})
	}
	if err := b.run(&r); err != nil {
		return err
	}
	if asJSON {
		out := json.NewEncoder(c.Stdout)
		out.SetIndent("", "  ")
		return out.Encode(r)
	}
	c.printBench(&r)
	return nil
}

func (b *bencher) run(r *benchReport) error {
	return errors.Join(
		b.hello(),
		b.animation("bounce", true, func(f *figures, t times, _ isa.Header) { f.Bounce = &t }),
		b.animation("plasma", false, func(f *figures, t times, h isa.Header) {
			perSecond := float64(h.W*h.H) / t.Median * 1e3
			f.Plasma, f.Texels = &t, &perSecond
		}),
		b.scalar(),
		b.assemble(r),
	)
}

// measure times the functions by turns, leaving the first rounds out.
func (b *bencher) measure(do ...func() error) ([]times, error) {
	took := make([][]time.Duration, len(do))
	began := time.Now()
	for n := -benchWarm; n < b.samples && (n < 1 || time.Since(began) < benchTime); n++ {
		for i, fn := range do {
			t := time.Now()
			if err := fn(); err != nil {
				return nil, err
			}
			if n >= 0 {
				took[i] = append(took[i], time.Since(t))
			}
		}
	}
	out := make([]times, len(do))
	for i, d := range took {
		slices.Sort(d)
		at := func(q float64) float64 { return d[int(q*float64(len(d)-1)+0.5)].Seconds() * 1e3 }
		out[i] = times{Median: at(0.5), P95: at(0.95), Samples: len(d)}
	}
	return out, nil
}

func (b *bencher) hello() error {
	do := make([]func() error, len(b.contenders))
	for i, s := range b.contenders {
		do[i] = func() error {
			a := pxl.Assemble("hello.pxl", "TXT 10 10 HELLO GPU\nHALT\n")
			if _, err := engine.Run(b.ctx, s.engine, engine.RunOptions{Program: a.Program}); err != nil {
				return err
			}
			_, err := s.engine.Human(b.ctx)
			return err
		}
	}
	t, err := b.measure(do...)
	for i := range t {
		b.contenders[i].out.Hello = &t[i]
	}
	return err
}

// animation measures a frame of an example, and its picture if it is shown. An
// engine that cannot run the example gets no figure.
func (b *bencher) animation(name string, shown bool, set func(*figures, times, isa.Header)) error {
	a, err := example(name)
	if err != nil {
		return err
	}
	w, h := machine.HumanSize(a.Header)
	view := machine.View{
		Texture: machine.HumanTexture, Width: benchWidth, Height: benchHeight,
		Scale: min(benchWidth/float32(w), benchHeight/float32(h)),
	}
	var do []func() error
	var who []contender
	for _, s := range b.contenders {
		err := s.engine.Load(b.ctx, a.Program, isa.DefaultSeed)
		if errors.Is(err, engine.ErrUnsupported) {
			continue
		}
		if err != nil {
			return err
		}
		dst := image.NewRGBA(image.Rect(0, 0, benchWidth, benchHeight))
		who = append(who, s)
		do = append(do, func() error {
			if _, err := s.engine.Frame(b.ctx, machine.Input{}, 0); err != nil || !shown {
				return err
			}
			return s.engine.Render(b.ctx, view, dst)
		})
	}
	t, err := b.measure(do...)
	for i := range t {
		set(who[i].out, t[i], a.Header)
	}
	return err
}

// scalar lets a loop run into its budget, which is the number of instructions
// then executed.
func (b *bencher) scalar() error {
	a := pxl.Assemble("scalar.pxl", scalarSource)
	for _, s := range b.contenders {
		t, err := b.measure(func() error {
			if err := s.engine.Load(b.ctx, a.Program, isa.DefaultSeed); err != nil {
				return err
			}
			_, err := s.engine.Frame(b.ctx, machine.Input{}, s.scalar)
			return err
		})
		if err != nil {
			return err
		}
		perSecond := float64(s.scalar) / t[0].Median * 1e3
		s.out.Instructions = &perSecond
	}
	return nil
}

func (b *bencher) assemble(r *benchReport) error {
	longest := slices.MaxFunc(assets.Examples(), func(a, b assets.Example) int { return len(a.Source) - len(b.Source) })
	t, err := b.measure(func() error {
		if !pxl.Assemble(longest.Name, longest.Source).OK() {
			return fmt.Errorf("the example %s does not assemble", longest.Name)
		}
		return nil
	})
	if err != nil {
		return err
	}
	r.Assemble, r.Longest, r.Lines = t[0], longest.Name, strings.Count(longest.Source, "\n")
	return nil
}

func example(name string) (*pxl.Assembly, error) {
	for _, e := range assets.Examples() {
		if e.Name == name {
			if a := pxl.Assemble(name+".pxl", e.Source); a.OK() {
				return a, nil
			}
		}
	}
	return nil, fmt.Errorf("there is no example %s that assembles", name)
}

// printBench prints the figures as a table for a person.
func (c *invocation) printBench(r *benchReport) {
	c.printf("CPU  %s\n", r.CPU.Adapter)
	if r.GPU.Unavailable != "" {
		c.printf("GPU  none: %s\n\n", r.GPU.Unavailable)
	} else {
		c.printf("GPU  %s\n\n", r.GPU.Adapter)
	}
	line := func(name, cpu, gpu, ratio string) { c.printf("%-34s %11s %11s %11s\n", name, cpu, gpu, ratio) }
	row := func(name string, cpu, gpu *float64, show func(float64) string) {
		ratio := ""
		if cpu != nil && gpu != nil {
			ratio = fmt.Sprintf("%.3g", *cpu / *gpu)
		}
		line(name, cell(cpu, show), cell(gpu, show), ratio)
	}
	pair := func(name string, cpu, gpu *times) {
		row(name, cpu.median(), gpu.median(), showMS)
		row("  95 % within", cpu.p95(), gpu.p95(), showMS)
	}
	line("", "CPU", "GPU", "CPU : GPU")
	pair("hello, source to picture", r.CPU.Hello, r.GPU.Hello)
	pair("bounce, frame and view", r.CPU.Bounce, r.GPU.Bounce)
	pair("plasma, frame", r.CPU.Plasma, r.GPU.Plasma)
	row("plasma, texels a second", r.CPU.Texels, r.GPU.Texels, showMillions)
	row("scalar, instructions a second", r.CPU.Instructions, r.GPU.Instructions, showMillions)
	pair(fmt.Sprintf("assemble %s, %d lines", r.Longest, r.Lines), &r.Assemble, nil)
}

func cell(v *float64, show func(float64) string) string {
	if v == nil {
		return "–"
	}
	return show(*v)
}

func showMS(ms float64) string { return milliseconds(time.Duration(ms * 1e6)) }

func showMillions(n float64) string { return fmt.Sprintf("%.1f M", n/1e6) }
