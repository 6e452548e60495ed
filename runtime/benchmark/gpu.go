package benchmark

import (
	"errors"

	"gvpie/assets/bench"
	"gvpie/runtime/cputime"
)

// kernels measures a program of one EACH on the GPU, beside a kernel written by hand.
// What counts is the clock: a GPU keeps no processor busy, but for one in software.
func kernels(name string) func(*bencher, spec) (measured, error) {
	return func(b *bencher, _ spec) (measured, error) {
		if b.GPU == nil {
			return measured{}, errors.New("there is no GPU here")
		}
		const side = 1024
		p, err := assemble(resized(bench.Program(name), side, side))
		if err != nil {
			return measured{}, err
		}
		c, err := b.GPU(b.ctx, p, bench.Kernel(name), b.Rounds)
		if err != nil {
			return measured{}, err
		}
		costs := func(list []cputime.Cost) (costs []cost) {
			for _, x := range list {
				took := b.cost(x.Processor, x.Wall)
				if !c.Software {
					took.cpu = took.wall
				}
				costs = append(costs, took.each(c.Dispatches))
			}
			return costs
		}
		m, err := compared(costs(c.Ours), costs(c.Yardstick))
		m.work, m.against, m.note = side*side, "WGSL", "on "+c.Adapter
		return m, err
	}
}
