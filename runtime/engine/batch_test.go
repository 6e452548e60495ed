package engine

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"reflect"
	"runtime"
	"testing"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl/pxltest"
)

// hashed is the display, data and writer pages in one number.
func hashed(seed maphash.Seed, m *machine.Machine) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	for _, p := range []machine.Page{machine.DisplayPage, machine.WriterPage, machine.DataPage} {
		h.Write(machine.Bytes(m.Page(p)))
	}
	return h.Sum64()
}

// batchRuns are runs of many kinds, that end in many ways.
func batchRuns(t *testing.T) []RunOptions {
	sources := []string{
		".canvas 16 16 pixel\nFOR i = 0 TO 9\nRECT rnd(20) rnd(20) rnd(9) rnd(9) rnd(0x1000000)\nEND\nHALT\n",
		".canvas 9 7\nagain:\nTXT 0 0 {frame} {mx}\nLOG {seed} {frame}\nFRAME\nJMP again\n",
		".canvas 40 40 pixel\nk = rnd(99)\nEACH\nPUT (px * py * k) & 0xFFFFFF\nEND\nHALT\n",
		".canvas 8 8 pixel\nPLOT 1 1 5\nx = 1 / (seed % 3)\nHALT\n",
		".canvas 8 8 pixel\nEACH\nPUT px / (py - 3)\nEND\nFRAME\nHALT\n",
		"again:\nx = x + 1\nJMP again\n",
		".array a 5\nFOR i = 0 TO 9\na[i] = i\nEND\nHALT\n",
	}
	var runs []RunOptions
	for _, s := range sources {
		p := pxltest.Assemble(t, s).Program
		for seed := range int32(9) {
			runs = append(runs, RunOptions{Program: p, Seed: seed, Frames: int(seed % 4), Budget: 500 * uint32(seed),
				InputAt: func(frame int) machine.Input { return machine.Input{MouseX: seed + int32(frame)} }})
		}
		runs = append(runs, RunOptions{Program: p[:5]})
	}
	// Neighbours are other programs on other canvases, so that machines change.
	mixed := make([]RunOptions, len(runs))
	for i, r := range runs {
		mixed[i*29%len(runs)] = r
	}
	return mixed
}

func TestBatchGivesWhatRunGives(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(3))
	ctx, seed := context.Background(), maphash.MakeSeed()
	runs := batchRuns(t)
	out, err := Batch(ctx, nil, len(runs), func(i int) RunOptions { return runs[i] }, func(i int, m *machine.Machine, r Result) string {
		return fmt.Sprint(i, hashed(seed, m), r.Cycles)
	})
	if err != nil || len(out) != len(runs) {
		t.Fatal(len(out), err)
	}
	for i, o := range out {
		e := &cpu{}
		want, err := Run(ctx, e, runs[i])
		if err != nil {
			if !errors.Is(o.Err, isa.ErrProgram) || !errors.Is(err, isa.ErrProgram) || o.Score != "" {
				t.Errorf("run %d has the error %v, not %v, and scores %q", i, o.Err, err, o.Score)
			}
			continue
		}
		o.Duration, want.Duration = 0, 0
		if o.Err != nil || !reflect.DeepEqual(o.Result, want) {
			t.Errorf("run %d: %+v %v, not %+v", i, o.Result, o.Err, want)
		}
		if score := fmt.Sprint(i, hashed(seed, e.m), want.Cycles); o.Score != score {
			t.Errorf("run %d scores %s, not %s", i, o.Score, score)
		}
	}
}

func TestABatchOfNothingAndWithoutAScore(t *testing.T) {
	runs := batchRuns(t)
	for _, n := range []int{0, 1, len(runs)} {
		out, err := Batch[int](context.Background(), nil, n, func(i int) RunOptions { return runs[i] }, nil)
		if len(out) != n || err != nil {
			t.Errorf("%d outcomes of %d, %v", len(out), n, err)
		}
	}
}

// A context that ends stops the batch: what ended before is there, the rest has its error.
func TestBatchStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	endless := pxltest.Assemble(t, "again:\nx = x + 1\nJMP again\n").Program
	small := pxltest.Assemble(t, "x = 7\nHALT\n").Program
	const n, last = 500, 40
	out, err := Batch(ctx, nil, n, func(i int) RunOptions {
		switch {
		case i < last:
			return RunOptions{Program: small}
		case i == last:
			cancel()
		}
		return RunOptions{Program: endless, Budget: 1 << 31}
	}, func(i int, m *machine.Machine, _ Result) uint32 { return m.Page(machine.DataPage)[isa.SysWords] })
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("it ends with %v", err)
	}
	for i, o := range out {
		switch {
		case o.Err == nil && (i >= last || o.Score != 7 || o.Status != isa.Halted):
			t.Errorf("run %d has ended: %+v", i, o)
		case o.Err != nil && (!errors.Is(o.Err, context.Canceled) || o.Score != 0):
			t.Errorf("run %d: %+v", i, o)
		}
	}
}
