// Package enginetest has a stand-in for the GPU, for tests of what uses one: its
// machines are CPU engines that say they are on a GPU, and are lost, refused or
// slow as a test tells them. It is never part of the product.
package enginetest

import (
	"context"
	"fmt"
	"image"
	"sync"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// Call names a method of a machine.
type Call string

const (
	Load     Call = "Load"
	Frame    Call = "Frame"
	Read     Call = "Read"
	Commands Call = "Commands"
	Human    Call = "Human"
	Render   Call = "Render"
	Snapshot Call = "Snapshot"
	Restore  Call = "Restore"
)

// GPU is an engine.Source. All methods may be called from any goroutine.
type GPU struct {
	// Before, if there is one, is called before every call of a machine; an error
	// is what the call returns. It may not be changed during a call.
	Before func(context.Context, Call) error
	// Spoil, if there is one, changes what is read of a page of a machine: a fault of
	// the GPU. It may not be changed during a call.
	Spoil func(machine.Page, []uint32)

	// Build, if there is one, is how the GPU builds pipelines: a Frame or Render of a
	// patient machine calls it, once, and of an impatient one it returns engine.ErrCold
	// until it has been called and gave no error. Chill has the GPU forget that.
	Build func(context.Context) error

	mu       sync.Mutex
	built    bool
	status   engine.Status
	open     map[*stand]struct{} // made and not closed
	made     int
	watchers map[chan engine.Status]struct{}
}

// NewGPU is a GPU that is ready.
func NewGPU() *GPU {
	return &GPU{status: engine.Status{State: engine.Ready, Adapter: "stand-in"},
		open: map[*stand]struct{}{}, watchers: map[chan engine.Status]struct{}{}}
}

// Set makes st the status. Machines are lost when the GPU is no longer ready.
func (g *GPU) Set(st engine.Status) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.status = st
	if st.State != engine.Ready {
		for m := range g.open {
			m.alive = false
		}
	}
	for w := range g.watchers {
		select {
		case <-w:
		default:
		}
		w <- st
	}
}

// Kill loses the GPU and all machines on it.
func (g *GPU) Kill() { g.Set(engine.Status{State: engine.Lost, Reason: "killed by a test"}) }

// Recover makes the GPU ready again.
func (g *GPU) Recover() { g.Set(engine.Status{State: engine.Ready, Adapter: "stand-in", Restarts: 1}) }

// Chill makes the GPU cold: see Build.
func (g *GPU) Chill() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.built = false
}

// Machines is how many machines were made alive, and how many, also dead ones, have
// not been closed.
func (g *GPU) Machines() (made, open int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.made, len(g.open)
}

// Status is what Set said last.
func (g *GPU) Status() engine.Status {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.status
}

// Watch follows the status.
func (g *GPU) Watch() (statuses <-chan engine.Status, cancel func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	w := make(chan engine.Status, 1)
	w <- g.status
	g.watchers[w] = struct{}{}
	return w, func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		if _, ok := g.watchers[w]; ok {
			delete(g.watchers, w)
			close(w)
		}
	}
}

// WaitReady waits for Set.
func (g *GPU) WaitReady(ctx context.Context) error {
	statuses, cancel := g.Watch()
	defer cancel()
	for {
		select {
		case st := <-statuses:
			switch st.State {
			case engine.Ready:
				return nil
			case engine.Off, engine.Unavailable:
				return fmt.Errorf("%w: %s", engine.ErrUnavailable, st.Reason)
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// NewMachine makes a machine, a dead one where the GPU is not ready.
func (g *GPU) NewMachine() engine.Machine {
	g.mu.Lock()
	defer g.mu.Unlock()
	m := &stand{cpu: engine.NewCPU(), gpu: g, alive: g.status.State == engine.Ready}
	g.open[m] = struct{}{}
	if m.alive {
		g.made++
	}
	return m
}

// stand is a machine that stands in for one on a GPU.
type stand struct {
	cpu   engine.Engine
	gpu   *GPU
	alive bool // under gpu.mu

	impatient bool
}

func (m *stand) Kind() engine.Kind { return engine.GPU }
func (m *stand) Adapter() string   { return "stand-in" }

func (m *stand) Alive() bool {
	m.gpu.mu.Lock()
	defer m.gpu.mu.Unlock()
	return m.alive
}

func (m *stand) Close() error {
	m.gpu.mu.Lock()
	delete(m.gpu.open, m)
	m.gpu.mu.Unlock()
	return m.cpu.Close()
}

func (m *stand) Impatient(on bool) { m.impatient = on }

// warm makes sure that what a call needs is built.
func (m *stand) warm(ctx context.Context) error {
	if m.gpu.Build == nil {
		return nil
	}
	m.gpu.mu.Lock()
	built := m.gpu.built
	m.gpu.mu.Unlock()
	if built {
		return nil
	}
	if m.impatient {
		return engine.ErrCold
	}
	if err := m.gpu.Build(ctx); err != nil {
		return err
	}
	m.gpu.mu.Lock()
	m.gpu.built = true
	m.gpu.mu.Unlock()
	if !m.Alive() {
		return engine.ErrLost
	}
	return nil
}

// before says whether a call may begin.
func (m *stand) before(ctx context.Context, c Call) error {
	if !m.Alive() {
		return fmt.Errorf("%w: %s", engine.ErrLost, m.gpu.Status().Reason)
	}
	if m.gpu.Before != nil {
		if err := m.gpu.Before(ctx, c); err != nil {
			return err
		}
	}
	if c == Frame || c == Render {
		return m.warm(ctx)
	}
	return nil
}

func (m *stand) Load(ctx context.Context, p isa.Program, seed int32) error {
	if err := m.before(ctx, Load); err != nil {
		return err
	}
	return m.cpu.Load(ctx, p, seed)
}

func (m *stand) Frame(ctx context.Context, in machine.Input, budget uint32) (machine.Report, error) {
	if err := m.before(ctx, Frame); err != nil {
		return machine.Report{}, err
	}
	return m.cpu.Frame(ctx, in, budget)
}

func (m *stand) Read(ctx context.Context, page machine.Page) ([]uint32, error) {
	if err := m.before(ctx, Read); err != nil {
		return nil, err
	}
	words, err := m.cpu.Read(ctx, page)
	if m.gpu.Spoil != nil && err == nil {
		m.gpu.Spoil(page, words)
	}
	return words, err
}

func (m *stand) Commands(ctx context.Context) ([]isa.Command, []uint32, error) {
	if err := m.before(ctx, Commands); err != nil {
		return nil, nil, err
	}
	return m.cpu.Commands(ctx)
}

func (m *stand) Human(ctx context.Context) (*image.RGBA, error) {
	if err := m.before(ctx, Human); err != nil {
		return nil, err
	}
	return m.cpu.Human(ctx)
}

func (m *stand) Render(ctx context.Context, v machine.View, dst *image.RGBA) error {
	if err := m.before(ctx, Render); err != nil {
		return err
	}
	return m.cpu.Render(ctx, v, dst)
}

func (m *stand) Snapshot(ctx context.Context) (*machine.Snapshot, error) {
	if err := m.before(ctx, Snapshot); err != nil {
		return nil, err
	}
	return m.cpu.Snapshot(ctx)
}

func (m *stand) Restore(ctx context.Context, s *machine.Snapshot) error {
	if err := m.before(ctx, Restore); err != nil {
		return err
	}
	return m.cpu.Restore(ctx, s)
}
