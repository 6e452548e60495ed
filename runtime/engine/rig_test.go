package engine_test

import (
	"context"
	"image"
	"log/slog"
	"reflect"
	"testing"
	"time"

	"gvpie/runtime/engine"
	"gvpie/runtime/engine/enginetest"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl/pxltest"
)

func assemble(t testing.TB, src string) isa.Program {
	t.Helper()
	return pxltest.Assemble(t, src).Program
}

// rig is a machine over a GPU and a CPU that pretend: their frames and views take
// as long as they are told, by a clock that only they move.
type rig struct {
	*engine.Failover
	t        *testing.T
	now      time.Time
	source   *enginetest.GPU
	cpu, gpu pretence
	live     bool
	cpus     int    // CPU engines not closed
	expire   func() // lets the time for a frame run out
	log      *logged
}

// pretence is how a processor behaves.
type pretence struct {
	frame    time.Duration
	render   time.Duration
	snapshot time.Duration
	fail     error // what every call answers, when set
	hangs    bool  // a frame takes until its context ends
	frames   int   // run, or begun
	cold     int   // frames that take slow, while code is compiled
	slow     time.Duration
}

// call is what happens before a call is made.
func (p *pretence) call(ctx context.Context, r *rig, c enginetest.Call) error {
	if p.fail != nil {
		return p.fail
	}
	switch c {
	case enginetest.Frame:
		p.frames++
		if p.hangs {
			r.expire()
			<-ctx.Done()
			return ctx.Err()
		}
		if p.cold > 0 {
			p.cold--
			r.now = r.now.Add(p.slow)
		} else {
			r.now = r.now.Add(p.frame)
		}
	case enginetest.Render:
		r.now = r.now.Add(p.render)
	case enginetest.Snapshot:
		r.now = r.now.Add(p.snapshot)
	}
	return nil
}

// timedCPU is a CPU engine that pretends.
type timedCPU struct {
	engine.Engine
	r *rig
}

func (e timedCPU) Frame(ctx context.Context, in machine.Input, budget uint32) (machine.Report, error) {
	if err := e.r.cpu.call(ctx, e.r, enginetest.Frame); err != nil {
		return machine.Report{}, err
	}
	return e.Engine.Frame(ctx, in, budget)
}

func (e timedCPU) Render(ctx context.Context, v machine.View, dst *image.RGBA) error {
	if err := e.r.cpu.call(ctx, e.r, enginetest.Render); err != nil {
		return err
	}
	return e.Engine.Render(ctx, v, dst)
}

func (e timedCPU) Snapshot(ctx context.Context) (*machine.Snapshot, error) {
	if err := e.r.cpu.call(ctx, e.r, enginetest.Snapshot); err != nil {
		return nil, err
	}
	return e.Engine.Snapshot(ctx)
}

func (e timedCPU) Restore(ctx context.Context, s *machine.Snapshot) error {
	if err := e.r.cpu.call(ctx, e.r, enginetest.Restore); err != nil {
		return err
	}
	return e.Engine.Restore(ctx, s)
}

func (e timedCPU) Compiled() bool { return e.r.cpu.cold == 0 }
func (e timedCPU) Warming() bool  { return e.r.cpu.cold > 0 }

func (e timedCPU) Close() error {
	e.r.cpus--
	return e.Engine.Close()
}

// logged gathers what was logged as an error.
type logged struct {
	slog.Handler
	errors []string
}

func (l *logged) Handle(ctx context.Context, r slog.Record) error {
	if r.Level >= slog.LevelError {
		l.errors = append(l.errors, r.Message)
	}
	return l.Handler.Handle(ctx, r)
}

// newRig makes a machine that was loaded with src.
func newRig(t *testing.T, b engine.Backend, cpu, gpu time.Duration, src string) *rig {
	t.Helper()
	r := &rig{t: t, now: time.Unix(0, 0), source: enginetest.NewGPU(), cpu: pretence{frame: cpu}, gpu: pretence{frame: gpu}}
	r.source.Before = func(ctx context.Context, c enginetest.Call) error { return r.gpu.call(ctx, r, c) }
	r.open(b, nil)
	r.load(src)
	return r
}

// open makes a machine, with nothing loaded, in place of the one before.
func (r *rig) open(b engine.Backend, c *engine.Chooser) {
	r.log = &logged{Handler: slog.NewTextHandler(r.t.Output(), nil)}
	r.Failover = engine.New(engine.Options{
		Backend: b, GPU: r.source, Live: r.live, Chooser: c, Now: func() time.Time { return r.now }, Logger: slog.New(r.log),
		CPU: func() engine.Engine {
			r.cpus++
			return timedCPU{engine.NewCPU(), r}
		},
	}).(*engine.Failover)
	r.t.Cleanup(func() {
		r.Close()
		if _, open := r.source.Machines(); open != 0 || r.cpus != 0 {
			r.t.Errorf("%d machines on the GPU and %d on the CPU were left", open, r.cpus)
		}
		if len(r.log.errors) > 0 {
			r.t.Errorf("logged: %q", r.log.errors)
		}
	})
}

func (r *rig) load(src string) {
	r.t.Helper()
	if err := r.Load(r.t.Context(), assemble(r.t, src), 1); err != nil {
		r.t.Fatal(err)
	}
}

// run runs n frames.
func (r *rig) run(n int) {
	r.t.Helper()
	for range n {
		if _, err := r.Frame(r.t.Context(), machine.Input{}, 0); err != nil {
			r.t.Fatal(err)
		}
		r.atMostOneMachine()
	}
}

func (r *rig) atMostOneMachine() {
	r.t.Helper()
	if _, open := r.source.Machines(); open+r.cpus != 1 {
		r.t.Fatalf("%d machines on the GPU and %d on the CPU for one program", open, r.cpus)
	}
}

func (r *rig) wantKind(want engine.Kind) {
	r.t.Helper()
	if r.Kind() != want {
		r.t.Fatalf("it is on the %v (%q), not the %v", r.Kind(), r.Why(), want)
	}
	if (r.Why() == "") != (want == engine.GPU) {
		r.t.Errorf("on the %v because of %q", want, r.Why())
	}
}

// reference is a machine that nothing ever happens to.
func reference(t *testing.T, src string) *machine.Machine {
	t.Helper()
	m, err := machine.New(assemble(t, src), 1)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// wantSame holds the machine, with the commands of its last frame, to another.
func (r *rig) wantSame(m *machine.Machine) {
	r.t.Helper()
	s, err := r.Snapshot(r.t.Context())
	if err != nil || !reflect.DeepEqual(s, m.Snapshot()) {
		r.t.Errorf("the machines differ (%v)", err)
	}
	commands, payload, err := r.Commands(r.t.Context())
	if err != nil || !reflect.DeepEqual(commands, append([]isa.Command{}, m.Commands()...)) || len(payload) != len(m.Payload()) {
		r.t.Errorf("%d commands, not %d (%v)", len(commands), len(m.Commands()), err)
	}
}

const endless = ".canvas 8 8\nloop:\nSET x = x + rnd(9) + mx\nTXT 0 0 {x}\nLOG {x}\nFRAME\nJMP loop\n"
