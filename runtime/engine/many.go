package engine

import (
	"context"

	"gvpie/runtime/machine"
)

// Batcher runs many machines at once, on a processor that is made for that. An engine of
// a GPU is one; its own machine has no part in it.
type Batcher interface {
	// RunMany runs machines, each as [Run] would, and gives what came of each. It leaves
	// out those that the processor cannot run, or another runs sooner. The programs are
	// kept meanwhile. The errors are those of an Engine.
	RunMany(ctx context.Context, runs []RunOptions) ([]Tried, error)
}

// Tried is a machine that a [Batcher] has run.
type Tried struct {
	Ran    bool   // else it was left out, and the rest is nothing
	Result Result // as Run's, but for Duration, which is 0
	Pages
}

// Pages are the pages of a machine that has ended that are worth a score.
type Pages struct{ Display, Data, State []uint32 }

func pagesOf(m *machine.Machine) Pages {
	return Pages{m.Page(machine.DisplayPage), m.Page(machine.DataPage), m.Page(machine.StatePage)}
}

const (
	// BatchInputs is the most inputs of a run that a Batcher is asked for.
	BatchInputs = 256

	// Words of machines that are given to a Batcher at once, and how many those are at most.
	batchWords = 1 << 24
	batchMost  = 1 << 14
)

// BatchOn is [Batch] on b, with the same results but for Kind, Adapter, Compiled and
// Duration: what b leaves out, and everything once b has failed, is run by Batch. score
// sees the pages themselves, as there.
func BatchOn[S any](ctx context.Context, b Batcher, c machine.Compiler, n int, run func(i int) RunOptions, score func(i int, p Pages, r Result) S) ([]Outcome[S], error) {
	out := make([]Outcome[S], n)
	var left []int
	from, lost := 0, false
	for from < n && !lost && ctx.Err() == nil {
		var runs []RunOptions
		for words := 0; from+len(runs) < n && len(runs) < batchMost && words < batchWords; {
			o := run(from + len(runs))
			if h, err := o.Program.Header(); err == nil {
				words += h.W*h.H + h.DataWords
			}
			if o.InputAt != nil && o.Frames > BatchInputs {
				o = RunOptions{} // left out
			}
			runs = append(runs, o)
		}
		tried, err := b.RunMany(ctx, runs)
		if lost = err != nil; lost {
			break
		}
		onAll(len(runs), func() func(i int) {
			return func(i int) {
				t, o := &tried[i], &out[from+i]
				if o.Result = t.Result; t.Ran && score != nil {
					o.Score = score(from+i, t.Pages, t.Result)
				}
			}
		})
		for i := range tried {
			if !tried[i].Ran {
				left = append(left, from+i)
			}
		}
		from += len(runs)
	}
	for ; from < n; from++ {
		left = append(left, from)
	}
	if score == nil {
		score = func(int, Pages, Result) (none S) { return none }
	}
	rest, err := Batch(ctx, c, len(left), func(i int) RunOptions { return run(left[i]) }, func(i int, m *machine.Machine, r Result) S {
		return score(left[i], pagesOf(m), r)
	})
	for i, o := range rest {
		out[left[i]] = o
	}
	return out, err
}
