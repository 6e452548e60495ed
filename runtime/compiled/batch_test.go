package compiled

import (
	"fmt"
	"reflect"
	"sync/atomic"
	"testing"

	"gvpie/runtime/compiled/wasm"
	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/kernel"
	"gvpie/runtime/machine"
)

// TestABatchCompilesABlockOnce for all runs of its program, and each ends as it would
// interpreted. Who owns the programs may write to them after.
func TestABatchCompilesABlockOnce(t *testing.T) {
	for _, mode := range []Mode{Now, InTime} {
		var programs []isa.Program
		for i := range 3 {
			programs = append(programs, assembled(t, fmt.Sprintf(".canvas 40 30 pixel\n.array a 9\nFOR k = 0 TO 3000\na[k %% 9] = a[k %% 9] + k * seed ^ %d\nEND\n"+
				"EACH 3 4 5 6\nPUT px / (py - seed)\nEND\nEACH\nPUT a[px %% 9] + px * seed ^ %d\nEND\nHALT\n", 2000+i, 1000+i)))
		}
		c, log := opened(t, mode)
		c.worth, c.coreWorth = 1, 1
		var emitted atomic.Int32
		c.emit = func(k *kernel.Kernel, l wasm.Layout) ([]byte, error) {
			emitted.Add(1)
			return wasm.Emit(k, l)
		}
		batch := func(c machine.Compiler) []engine.Outcome[string] {
			out, err := engine.Batch(t.Context(), c, 90, func(i int) engine.RunOptions {
				return engine.RunOptions{Program: programs[i*7%3], Seed: int32(1 + i/9)}
			}, func(_ int, m *machine.Machine, _ engine.Result) string {
				return fmt.Sprint(m.Page(machine.DisplayPage), m.Page(machine.WriterPage), m.Page(machine.DataPage))
			})
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		check := func() (compiled int) {
			got, want := batch(c.OrNil()), batch(nil)
			for i := range got {
				if got[i].Compiled {
					compiled++
				}
				got[i].Compiled, got[i].Duration, want[i].Duration = false, 0, 0
				if !reflect.DeepEqual(got[i], want[i]) {
					t.Fatalf("mode %v, run %d: %+v, not %+v", mode, i, got[i].Result, want[i].Result)
				}
			}
			return compiled
		}
		check()
		c.wait()
		was := emitted.Load()
		if n := check(); n != 90 || emitted.Load() != was || was > 6 {
			t.Errorf("mode %v: %d of 90 runs are compiled, and %d blocks of 6, then %d", mode, n, was, emitted.Load())
		}
		var kept []isa.Program
		for _, blocks := range c.known.places {
			for _, b := range blocks {
				kept = append(kept, b.place.program)
			}
		}
		for _, k := range c.cores.kept {
			kept = append(kept, k.code.program)
		}
		if len(kept) < 9 {
			t.Errorf("mode %v: %d programs are kept, for 6 blocks and 3 cores", mode, len(kept))
		}
		for _, k := range kept {
			for _, p := range programs {
				if &k[0] == &p[0] {
					t.Fatalf("mode %v: a program is kept that is the caller's", mode)
				}
			}
		}
		if log.Len() > 0 {
			t.Error(log)
		}
	}
}
