package engine

import (
	"context"
	"errors"
	"testing"

	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/pxltest"
)

func TestRunEndsAtHaltAtAFaultOrAfterItsFrames(t *testing.T) {
	for _, c := range []struct {
		src    string
		frames int
		status isa.Status
		ran    int
		cycles uint64
		log    string
	}{
		{"TXT 10 10 HELLO GPU\nHALT\n", 1, isa.Halted, 1, 2, ""},
		{"TXT 10 10 HELLO GPU\nHALT\n", 0, isa.Halted, 1, 2, ""},
		{"LOG a\nFRAME\nLOG b {frame}\n", 9, isa.Halted, 2, 3, "a\nb 1"},
		{"loop:\nLOG {seed}\nFRAME\nJMP loop\n", 3, isa.Framed, 3, 8, "1\n1\n1"},
		{"FRAME\nASSERT 0\n", 5, isa.Faulted, 2, 2, ""},
	} {
		r, err := Run(context.Background(), NewCPU(), RunOptions{Program: pxltest.Assemble(t, c.src).Program, Frames: c.frames})
		if err != nil {
			t.Fatal(err)
		}
		if r.Status != c.status || r.Frames != c.ran || r.Cycles != c.cycles || r.Log != c.log || (r.Fault != nil) != (c.status == isa.Faulted) {
			t.Errorf("%q for %d frames: %+v", c.src, c.frames, r)
		}
		if r.Kind != CPU || r.Adapter == "" || r.Duration <= 0 {
			t.Errorf("ran on %v %q in %v", r.Kind, r.Adapter, r.Duration)
		}
	}
}

func TestRunStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := Run(ctx, NewCPU(), RunOptions{Program: pxltest.Assemble(t, "loop:\nJMP loop\n").Program})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
