package engine

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"gvpie/runtime/machine"
)

// half runs every other machine, and fails after so many calls.
type half struct {
	calls  int
	fails  bool
	inputs bool // a run with too many inputs came
}

func (h *half) RunMany(ctx context.Context, runs []RunOptions) ([]Tried, error) {
	if h.calls++; h.fails {
		return nil, fmt.Errorf("%w: says the test", ErrLost)
	}
	tried := make([]Tried, len(runs))
	for i, o := range runs {
		h.inputs = h.inputs || o.InputAt != nil && o.Frames > BatchInputs
		e := &cpu{}
		if r, err := Run(ctx, e, o); err == nil && i%2 == 0 {
			r.Kind = GPU
			tried[i] = Tried{true, r, pagesOf(e.m)}
		}
	}
	return tried, nil
}

func TestABatchOnABatcherGivesWhatABatchGives(t *testing.T) {
	ctx := context.Background()
	runs := batchRuns(t)
	runs = append(runs, runs[0])
	runs[len(runs)-1].Frames = BatchInputs + 1
	run := func(i int) RunOptions { return runs[i] }
	tell := func(i int, p Pages, r Result) string { return fmt.Sprint(i, p, r.Status, r.Fault, r.Log) }
	want, _ := Batch(ctx, nil, len(runs), run, func(i int, m *machine.Machine, r Result) string { return tell(i, pagesOf(m), r) })
	for _, b := range []*half{{}, {fails: true}} {
		got, err := BatchOn(ctx, b, nil, len(runs), run, tell)
		if err != nil || b.calls != 1 || b.inputs {
			t.Fatal(err, b)
		}
		gpu := 0
		for i, o := range got {
			if o.Kind == GPU {
				gpu++
			}
			if o.Score != want[i].Score || fmt.Sprint(o.Err) != fmt.Sprint(want[i].Err) {
				t.Errorf("run %d: %s %v, not %s %v", i, o.Score, o.Err, want[i].Score, want[i].Err)
			}
		}
		if b.fails != (gpu == 0) {
			t.Errorf("%d of %d runs are the batcher's", gpu, len(got))
		}
	}
}

func TestABatchOnABatcherEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	runs := batchRuns(t)
	got, err := BatchOn(ctx, &half{}, nil, len(runs), func(i int) RunOptions {
		cancel()
		return runs[i]
	}, func(int, Pages, Result) int { return 1 })
	if !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	for i, o := range got {
		if o.Kind != GPU && o.Err == nil {
			t.Errorf("run %d has no error", i)
		}
	}
}
