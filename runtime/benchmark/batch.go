package benchmark

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// What a batch tries: so many programs, each several times.
const (
	batchPrograms = 64
	batchRuns     = 2048
	batchSide     = 64 // of their canvas
)

// batch measures many small programs, each run and its picture compared to another.
// What counts is what all processors of the computer do together.
func batch(source func(random func(n int32) int32) string) func(*bencher, spec) (measured, error) {
	return func(b *bencher, _ spec) (measured, error) {
		run, err := batched(source)
		if err != nil {
			return measured{}, err
		}
		target := make([]uint32, batchSide*batchSide)
		m, err := b.rounds(b.timed(func() error {
			score := func(_ int, m *machine.Machine, _ engine.Result) int64 {
				return difference(m.Page(machine.DisplayPage), target)
			}
			out, err := engine.Batch(b.ctx, b.Compiler, batchRuns, run, score)
			return batchError(out, engine.CPU, err)
		}), nil)
		m.work = batchRuns
		m.ours.cpu /= time.Duration(runtime.GOMAXPROCS(0)) // all of them together
		return m, err
	}
}

// batched says what run i of a batch is.
func batched(source func(random func(n int32) int32) string) (func(i int) engine.RunOptions, error) {
	state := uint32(1)
	random := func(n int32) (v int32) {
		state, v = isa.Random(state, n)
		return v
	}
	programs := make([]isa.Program, batchPrograms)
	for i := range programs {
		var err error
		if programs[i], err = assemble(source(random)); err != nil {
			return nil, err
		}
	}
	return func(i int) engine.RunOptions { return engine.RunOptions{Program: programs[i%batchPrograms]} }, nil
}

// batchError is that of a batch, or of one of its runs, or that a run was another
// processor's.
func batchError[S any](out []engine.Outcome[S], kind engine.Kind, err error) error {
	for _, o := range out {
		switch {
		case err != nil:
		case o.Err != nil || o.Fault != nil:
			err = fmt.Errorf("a program of the batch failed: %v %v", o.Err, o.Fault)
		case o.Kind != kind:
			err = fmt.Errorf("a program of the batch was left to the %v", o.Kind)
		}
	}
	return err
}

// A batch on a GPU is as large as it does in about gpuBatchTime, within bounds.
const (
	gpuBatchTime  = 200 * time.Millisecond
	gpuBatchLeast = 256
	gpuBatchMost  = 1 << 14
)

// gpuBatch measures the programs of batch on the GPU. What counts is the clock.
func (b *bencher) gpuBatch(spec) (measured, error) {
	if b.Batcher == nil {
		return measured{}, errors.New("there is no GPU here")
	}
	batcher, adapter, done, err := b.Batcher(b.ctx)
	if err != nil {
		return measured{}, err
	}
	defer done()
	run, err := batched(drawings)
	if err != nil {
		return measured{}, err
	}
	target := make([]uint32, batchSide*batchSide)
	runs := gpuBatchLeast
	work := func() error {
		out, err := engine.BatchOn(b.ctx, batcher, b.Compiler, runs, run, func(_ int, p engine.Pages, _ engine.Result) int64 {
			return difference(p.Display, target)
		})
		return batchError(out, engine.GPU, err)
	}
	byClock := func(n int) (cost, error) {
		c, err := b.timed(work)(n)
		c.cpu = c.wall
		return c, err
	}
	for warm := 0; warm < 4; warm++ {
		c, err := byClock(1)
		if err != nil {
			return measured{}, err
		}
		if c.wall >= gpuBatchTime || runs >= gpuBatchMost {
			break
		}
		runs = min(4*runs, gpuBatchMost)
	}
	m, err := b.rounds(byClock, nil)
	m.work, m.note = float64(runs), "on "+adapter
	return m, err
}

// difference is how far apart the reds of two pages are.
func difference(a, b []uint32) (sum int64) {
	for i := range a {
		d := int64(a[i]&0xFF) - int64(b[i]&0xFF)
		sum += d * d
	}
	return sum
}

// drawings are 18 rectangles.
func drawings(random func(int32) int32) string {
	var s strings.Builder
	fmt.Fprintf(&s, ".canvas %d %d pixel\nCLS 0x203040\n", batchSide, batchSide)
	for range 18 {
		fmt.Fprintf(&s, "RECT %d %d %d %d 0x%06X\n", random(batchSide), random(batchSide), 1+random(32), 1+random(32), random(1<<24))
	}
	return s.String() + "HALT\n"
}

// formulas are a colour for each texel.
func formulas(random func(int32) int32) string {
	return fmt.Sprintf(".canvas %d %d pixel\nEACH\nc = ((px * %d + py * %d) >> %d) ^ (px * py + %d) & (px | py * %d)\nPUT c * %d & 0xFFFFFF\nEND\nHALT\n",
		batchSide, batchSide, 1+random(7), 2+random(5), random(4), random(64), 1+random(9), 1+random(1<<16))
}
