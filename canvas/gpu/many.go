package gpu

import (
	"context"
	"slices"
	"time"

	"github.com/cogentcore/webgpu/wgpu"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/shaders"
	"gvpie/shaders/each"
)

// A batch is one buffer of what is to run, and one of the machines, each of which is an
// invocation of core. What core cannot run is left to who asked.

// The largest machines of a batch: those that are larger, or go on for longer, are run
// sooner by the reference.
const (
	mostTexels = 1 << 14
	mostSlices = 64

	mostSlicesInSoftware = 4
)

// together is how many machines a workgroup has: what a processor runs in lanes, and on
// a software driver such a one in a thread.
func (d *Device) together() int {
	if d.software {
		return 8
	}
	return 64
}

// mostTogether is how many words the machines of a dispatch have together; a binding is
// 128 MiB at most.
const mostTogether = 1 << 24

// RunMany runs machines at once: see engine.Batcher. The machine that it is asked of is
// not touched.
func (m *Machine) RunMany(ctx context.Context, runs []engine.RunOptions) ([]engine.Tried, error) {
	tried := make([]engine.Tried, len(runs))
	b := newMany()
	flush := func() error {
		err := m.d.do(ctx, func() error { return m.d.runMany(ctx, b, tried) })
		b = newMany()
		return err
	}
	for i := range runs {
		if b.words() > mostTogether {
			if err := flush(); err != nil {
				return nil, err
			}
		}
		b.add(i, &runs[i])
	}
	return tried, flush()
}

// many is a batch in the making.
type many struct {
	runs     []manyRun
	inputs   []uint32
	programs []uint32
	known    map[*uint32]*manyProgram // by the first word: runs share programs
	records  int                      // words of memory
	private  int                      // words of memory behind the records
}

type manyRun struct {
	index   int // of what was asked for
	o       *engine.RunOptions
	program *manyProgram
	input   int
	inputs  int
	record  int
	private int
}

// manyProgram is a program of a batch, and what it needs.
type manyProgram struct {
	at     int // in programs
	words  int
	header isa.Header
	fits   bool
	began  bool // it looks at the frame's beginning
	calls  bool // it calls procedures
}

func newMany() *many { return &many{known: map[*uint32]*manyProgram{}} }

func (b *many) words() int { return b.records + b.private }

// add takes a run in, if core can run it.
func (b *many) add(index int, o *engine.RunOptions) {
	if len(o.Program) == 0 {
		return
	}
	first := &o.Program[0]
	p := b.known[first]
	if p == nil || p.words != len(o.Program) {
		p = examine(o.Program)
		if b.known[first] = p; p.fits {
			p.at = len(b.programs)
			b.programs = append(b.programs, o.Program...)
		}
	}
	inputs := 1
	if o.InputAt != nil {
		inputs = max(o.Frames, 1)
	}
	if !p.fits || inputs > engine.BatchInputs {
		return
	}
	r := manyRun{index: index, o: o, program: p, input: len(b.inputs), inputs: inputs, record: b.records, private: b.private}
	for i := range inputs {
		in := o.Input
		if o.InputAt != nil {
			in = o.InputAt(i)
		}
		b.inputs = append(b.inputs, uint32(in.MouseX), uint32(in.MouseY), uint32(in.Buttons), uint32(in.Wheel))
		b.inputs = append(b.inputs, in.Keys[:]...)
	}
	b.records += shaders.ControlWords + isa.StateWords + p.header.DataWords + p.header.W*p.header.H
	if p.began {
		b.private += p.header.W * p.header.H
	}
	if p.calls {
		b.private += isa.MaxActivation
	}
	b.runs = append(b.runs, r)
}

// examine says what a program needs, and whether core can run it, as far as that is seen.
func examine(p isa.Program) *manyProgram {
	e := &manyProgram{words: len(p)}
	h, err := p.Header()
	if err != nil || h.W*h.H > mostTexels {
		return e
	}
	e.header = h
	for at := isa.HeaderWords; at < h.CodeEnd; {
		in, ok := isa.Decode(p, at, h.CodeEnd)
		if !ok {
			break // what is behind is seen when it runs
		}
		switch in.Spec.Op {
		case isa.EACH, isa.LOG:
			return e
		case isa.TXT:
			if slices.ContainsFunc(in.Tail, func(t uint32) bool { return t >= isa.TextFormat }) {
				return e
			}
		case isa.PEEK, isa.BLIT:
			e.began = true
		case isa.INVOKE:
			e.calls = true
		}
		at += in.Size
	}
	e.fits = true
	return e
}

// batch is it as core reads it.
func (b *many) batch() []uint32 {
	inputs := len(b.runs) * shaders.RunWords
	programs := inputs + len(b.inputs)
	out := make([]uint32, inputs, programs+len(b.programs))
	for i := range b.runs {
		r := &b.runs[i]
		w := out[i*shaders.RunWords:][:shaders.RunWords]
		w[shaders.RunProgram], w[shaders.RunProgramWords] = uint32(programs+r.program.at), uint32(r.program.words)
		w[shaders.RunSeed], w[shaders.RunBudget] = uint32(r.o.Seed), r.o.Budget
		if r.o.Seed == 0 {
			w[shaders.RunSeed] = isa.DefaultSeed
		}
		if r.o.Budget == 0 {
			w[shaders.RunBudget] = isa.DefaultBudget
		}
		w[shaders.RunFrames] = uint32(max(r.o.Frames, 1))
		w[shaders.RunInput], w[shaders.RunInputs] = uint32(inputs+r.input), uint32(r.inputs)
		w[shaders.RunRecord] = uint32(r.record)
		private := uint32(b.records + r.private)
		if r.program.began {
			w[shaders.RunBegan] = private
			private += uint32(r.program.header.W * r.program.header.H)
		}
		if r.program.calls {
			w[shaders.RunScratch] = private
		}
	}
	return append(append(out, b.inputs...), b.programs...)
}

// runMany runs a batch, on the device's goroutine.
func (d *Device) runMany(ctx context.Context, b *many, tried []engine.Tried) error {
	if len(b.runs) == 0 {
		return nil
	}
	if err := d.ensureMany(); err != nil {
		return err
	}
	words := b.batch()
	var buffers []*wgpu.Buffer
	defer func() {
		for _, b := range buffers {
			b.Release()
		}
	}()
	buffer := func(label string, words int, usage wgpu.BufferUsage) (*wgpu.Buffer, error) {
		made, err := d.buffer(label, 4*uint64(words), usage)
		if err == nil {
			buffers = append(buffers, made)
		}
		return made, err
	}
	batch, err := buffer("batch", len(words), storageBuffer)
	if err != nil {
		return err
	}
	memory, err := buffer("machines", b.words(), storageBuffer)
	if err != nil {
		return err
	}
	running, err := buffer("running", 4, storageBuffer)
	if err != nil {
		return err
	}
	job, err := buffer("job", 4, uniformBuffer)
	if err != nil {
		return err
	}
	if err := d.write(batch, 0, words); err != nil {
		return err
	}
	group, err := d.bind(d.ofMany, resources{"batch": batch, "tables": d.tables, "job": job, "memory": memory, "running": running})
	if err != nil {
		return err
	}
	defer group.Release()
	var count []uint32
	for first := 0; first < len(b.runs); {
		n := min(d.manyPace, len(b.runs)-first)
		if err := d.write(job, 0, []uint32{uint32(first), uint32(first + n), 0, 0}); err != nil {
			return err
		}
		slices := mostSlices
		if d.software {
			slices = mostSlicesInSoftware
		}
		for left := true; left && slices > 0; slices-- {
			if err := ctx.Err(); err != nil {
				return err
			}
			began := time.Now()
			err := d.submit(func(e *wgpu.CommandEncoder) error {
				if err := e.ClearBuffer(running, 0, 4); err != nil {
					return err
				}
				pass := e.BeginComputePass(nil)
				defer pass.Release()
				pass.SetPipeline(d.many)
				pass.SetBindGroup(0, group, nil)
				pass.DispatchWorkgroups(uint32((n+d.together()-1)/d.together()), 1, 1)
				return pass.End()
			})
			if err == nil {
				err = d.wait(ctx)
			}
			if err != nil {
				return err
			}
			if count, err = d.readWords(count, running, 1); err != nil {
				return err
			}
			left = count[0] != 0
			switch took := time.Since(began); {
			case took < submission/2 && n == d.manyPace:
				d.manyPace = min(2*d.manyPace, 1<<16)
			case took > submission:
				d.manyPace = max(d.manyPace/2, 64)
			}
		}
		first += n
	}
	out, err := d.readWords(nil, memory, b.records)
	if err != nil {
		return err
	}
	for i := range b.runs {
		r := &b.runs[i]
		t := b.triedOf(r, out[r.record:])
		t.Result.Adapter = d.adapter
		tried[r.index] = t
	}
	return nil
}

// triedOf reads a record.
func (b *many) triedOf(r *manyRun, record []uint32) (t engine.Tried) {
	if record[shaders.CtlMode] != shaders.ModeEnded {
		return t
	}
	take := func(n int) []uint32 {
		words := record[:n:n]
		record = record[n:]
		return words
	}
	head := take(shaders.ControlWords)
	t.State, t.Data, t.Display = take(isa.StateWords), take(r.program.header.DataWords), take(r.program.header.W*r.program.header.H)
	report := machine.StateReport(t.State, t.State[isa.StCycles], 0)
	t.Ran = true
	t.Result = engine.Result{
		Status: report.Status, Fault: report.Fault,
		Cycles: uint64(head[shaders.CtlCycles]) | uint64(head[shaders.CtlCycles+1])<<32,
		Frames: int(head[shaders.CtlFrames]), Commands: int(head[shaders.CtlCommands]),
		Kind: engine.GPU,
	}
	return t
}

// ensureMany makes the pipeline of batches, when first needed.
func (d *Device) ensureMany() (err error) {
	if d.many != nil {
		return nil
	}
	if d.ofMany.layout == nil {
		if d.ofMany, err = d.layout("batch", wgpu.ShaderStageCompute, shaders.Batched); err != nil {
			return err
		}
	}
	if d.many, err = d.compute("core", shaders.Core(each.Functions(shaders.CoreFunctions), d.together()), d.ofMany.layout); err == nil {
		d.own(d.many.Release)
	}
	return err
}
