package difftest

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"testing"
	"time"

	"gvpie/runtime/compiled"
	"gvpie/runtime/engine"
	"gvpie/runtime/engine/enginetest"
	"gvpie/runtime/generate"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// movedFrames is how long a program is run that moves: Auto moves a machine after
// a few frames, and most programs that loop can go on for ever.
const movedFrames = 14

// TestMovedMachinesAgree moves machines between engines at random frames, in
// every way that the product has, and sees that nothing is lost on the way.
func TestMovedMachinesAgree(t *testing.T) {
	n := randomPrograms() / 10
	program := func(seed int64) generate.Program {
		g := generate.New(seed, true)
		g.Frames = movedFrames
		return g
	}
	for _, c := range []struct {
		name string
		open func(*rand.Rand) (e engine.Engine, before func(ended bool))
	}{
		{"by snapshots", bySnapshots},
		{"to compiled code and back", toCompiled},
		{"by failover and failback", byFailover},
		{"by measuring", byMeasuring},
	} {
		t.Run(c.name, func(t *testing.T) {
			e, before := c.open(rand.New(rand.NewPCG(7, 7)))
			m := &moves{Engine: e, before: before}
			random(t, func(testing.TB) engine.Engine { return m }, n, 1<<20, program)
			if m.there < n/4 || m.back < n/4 {
				t.Errorf("of %d programs, machines moved %d times there and %d times back", n, m.there, m.back)
			}
		})
	}
}

// moves counts how often a machine that goes on runs its next frame elsewhere.
type moves struct {
	engine.Engine
	before      func(ended bool) // what may move it, before a frame
	status      isa.Status       // after the last frame
	there, back int
}

func (m *moves) Load(ctx context.Context, p isa.Program, seed int32) error {
	m.status = isa.Running
	return m.Engine.Load(ctx, p, seed)
}

func (m *moves) Frame(ctx context.Context, in machine.Input, budget uint32) (machine.Report, error) {
	was := m.Kind()
	m.before(m.status > isa.Framed)
	r, err := m.Engine.Frame(ctx, in, budget)
	if is := m.Kind(); m.status == isa.Framed && is != was {
		if is == engine.GPU {
			m.there++
		} else {
			m.back++
		}
	}
	m.status = r.Status
	return r, err
}

// pair is the reference and the machine that was written another way, one of
// which has the machine; the other stands for the GPU.
type pair struct {
	engine.Engine
	other engine.Engine
}

// bySnapshots moves machines that have not ended: no snapshot holds the commands
// of the last frame.
func bySnapshots(r *rand.Rand) (engine.Engine, func(ended bool)) {
	return between(r, &pair{engine.NewCPU(), onGPU{&slow{}}})
}

// toCompiled moves between compiled code and the interpreter.
func toCompiled(r *rand.Rand) (engine.Engine, func(ended bool)) {
	c := compiled.New(compiled.Now, slog.New(slog.DiscardHandler))
	return between(r, &pair{engine.NewCPU(), onGPU{c.NewCPU()}})
}

func between(r *rand.Rand, p *pair) (engine.Engine, func(ended bool)) {
	return p, func(ended bool) {
		if ended || r.IntN(2) == 0 {
			return
		}
		s, err := p.Snapshot(context.Background())
		if err == nil {
			err = p.other.Restore(context.Background(), s)
		}
		if err != nil {
			panic(err)
		}
		p.Engine, p.other = p.other, p.Engine
	}
}

// onGPU is an engine that says it is on the GPU.
type onGPU struct{ engine.Engine }

func (onGPU) Kind() engine.Kind { return engine.GPU }

// byFailover loses the GPU between two calls and in the middle of any, and has it
// back.
func byFailover(r *rand.Rand) (engine.Engine, func(ended bool)) {
	gpu := enginetest.NewGPU()
	gpu.Before = func(_ context.Context, c enginetest.Call) error {
		if r.IntN(40) == 0 {
			return fmt.Errorf("%w in %v", engine.ErrLost, c)
		}
		return nil
	}
	return engine.New(engine.Options{Backend: engine.OnGPU, GPU: gpu, Logger: slog.New(slog.DiscardHandler)}), func(bool) {
		switch r.IntN(6) {
		case 0:
			gpu.Kill()
		case 1, 2:
			gpu.Recover()
		}
	}
}

// byMeasuring has a clock by which the faster of two engines is now this one, now
// that.
func byMeasuring(r *rand.Rand) (engine.Engine, func(ended bool)) {
	now := time.Unix(0, 0)
	clock := func() time.Time {
		now = now.Add(time.Duration(1+r.IntN(20)) * time.Millisecond)
		return now
	}
	return engine.New(engine.Options{Backend: engine.Auto, GPU: enginetest.NewGPU(), Now: clock}), func(bool) {}
}
