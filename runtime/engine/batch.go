package engine

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"

	"gvpie/runtime/machine"
)

// Outcome is what came of one run of a [Batch].
type Outcome[S any] struct {
	Result
	Err   error // as of Run: the program's head is wrong, or the context ended
	Score S     // of a run without an Err
}

// batchShare is how many runs a goroutine takes at a time.
const batchShare = 16

// Batch runs n machines on all processors of this computer, as many at a time as there
// are, each as [Run] would on an engine of its own, and gives their outcomes in order:
// the Results are those of Run but for Compiled and Duration. It is for whoever has
// thousands of small programs to try, or one with thousands of seeds or inputs. Machines
// are used again, so that a run costs what the program does and little else; one machine
// runs on one processor, its blocks too.
//
// c, if it is not nil, compiles the blocks and loops that are worth it, those of a program
// once for all of its runs: a program that is run twice is interpreted, one that is run a
// thousand times is not.
//
// run says what run i is. The program is kept, not copied: nobody may write to it until
// Batch returns, and runs may share one.
//
// score, if it is not nil, looks at the machine of a run that has ended and says what it
// is worth. It looks at the pages themselves, and must not write to them or keep them:
// the next run writes there. What is to be kept is copied: [machine.Machine.Snapshot],
// or a hash of the page.
//
// Both are called from several goroutines at once, in no particular order, but for one
// run run before score. An error of one run is its own. When the context ends, Batch
// returns its error; the runs that have not ended have it for theirs.
func Batch[S any](ctx context.Context, c machine.Compiler, n int, run func(i int) RunOptions, score func(i int, m *machine.Machine, r Result) S) ([]Outcome[S], error) {
	out := make([]Outcome[S], n)
	onAll(n, func() func(i int) {
		e := &cpu{alone: true, compiler: c}
		return func(i int) {
			o := &out[i]
			if o.Result, o.Err = Run(ctx, e, run(i)); o.Err == nil && score != nil {
				o.Score = score(i, e.m, o.Result)
			}
		}
	})
	return out, ctx.Err()
}

// onAll does n things on all processors; each goroutine begins with what begin gives.
func onAll(n int, begin func() func(i int)) {
	var next atomic.Int64
	work := func() {
		do := begin()
		for {
			from := int(next.Add(batchShare)) - batchShare
			for i := from; i < min(from+batchShare, n); i++ {
				do(i)
			}
			if from+batchShare >= n {
				return
			}
		}
	}
	workers := min(runtime.GOMAXPROCS(0), (n+batchShare-1)/batchShare)
	var all sync.WaitGroup
	for range workers - 1 {
		all.Go(work)
	}
	work()
	all.Wait()
}
