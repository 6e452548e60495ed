package engine

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"image"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// cpu is the reference machine as an Engine.
type cpu struct {
	m        *machine.Machine
	compiler machine.Compiler // nil: blocks are interpreted
	alone    bool             // one of many machines that run at once: see Batch
}

// NewCPU makes the engine that every computer has. It needs nothing and cannot
// fail; EACH blocks use every processor.
func NewCPU() Engine { return &cpu{} }

func (c *cpu) Kind() Kind      { return CPU }
func (c *cpu) Adapter() string { return processor() }

func (c *cpu) Load(ctx context.Context, p isa.Program, seed int32) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if c.m != nil && c.alone {
		return c.m.ResetTo(p, seed)
	}
	if c.m != nil {
		return c.m.Reset(p, seed)
	}
	m, err := machine.New(p, seed)
	if err != nil {
		return err
	}
	c.begin(m)
	return nil
}

// begin makes m the machine.
func (c *cpu) begin(m *machine.Machine) {
	if c.alone {
		m.Spread(1)
	}
	if c.compiler != nil {
		m.CompileWith(c.compiler)
	}
	c.m = m
}

func (c *cpu) Frame(ctx context.Context, in machine.Input, budget uint32) (machine.Report, error) {
	if c.m == nil {
		return machine.Report{}, ErrNoProgram
	}
	return c.m.Frame(ctx, in, budget)
}

// ready is what every call that only looks at the machine asks first.
func (c *cpu) ready(ctx context.Context) error {
	if c.m == nil {
		return ErrNoProgram
	}
	return ctx.Err()
}

func (c *cpu) Read(ctx context.Context, page machine.Page) ([]uint32, error) {
	if err := c.ready(ctx); err != nil {
		return nil, err
	}
	if page > machine.StatePage {
		return nil, fmt.Errorf("%w: %v", ErrPage, page)
	}
	return slices.Clone(c.m.Page(page)), nil
}

func (c *cpu) Commands(ctx context.Context) ([]isa.Command, []uint32, error) {
	if err := c.ready(ctx); err != nil {
		return nil, nil, err
	}
	return slices.Clone(c.m.Commands()), slices.Clone(c.m.Payload()), nil
}

func (c *cpu) Human(ctx context.Context) (*image.RGBA, error) {
	if err := c.ready(ctx); err != nil {
		return nil, err
	}
	return c.m.Human(), nil
}

func (c *cpu) Render(ctx context.Context, v machine.View, dst *image.RGBA) error {
	if err := c.ready(ctx); err != nil {
		return err
	}
	return c.m.Present(dst, v)
}

func (c *cpu) Snapshot(ctx context.Context) (*machine.Snapshot, error) {
	if err := c.ready(ctx); err != nil {
		return nil, err
	}
	return c.m.Snapshot(), nil
}

func (c *cpu) Restore(ctx context.Context, s *machine.Snapshot) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if c.m != nil {
		return c.m.Restore(s)
	}
	m, err := machine.FromSnapshot(s)
	if err != nil {
		return err
	}
	c.begin(m)
	return nil
}

func (c *cpu) Close() error {
	c.m = nil
	return nil
}

// processor names the processor for a person: its model where the system tells,
// and how many of its cores there are.
var processor = sync.OnceValue(func() string {
	cores := fmt.Sprintf("%d cores", runtime.GOMAXPROCS(0))
	if runtime.GOMAXPROCS(0) == 1 {
		cores = "1 core"
	}
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return cores
	}
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		key, value, _ := strings.Cut(lines.Text(), ":")
		if strings.TrimSpace(key) == "model name" && strings.TrimSpace(value) != "" {
			return strings.TrimSpace(value) + ", " + cores
		}
	}
	return cores
})
