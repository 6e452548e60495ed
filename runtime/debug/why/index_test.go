package why

import (
	"context"
	"errors"
	"testing"

	"gvpie/runtime/machine"
	"gvpie/runtime/pxl/pxltest"
)

const seldom = `.canvas 16 8
.array a 4
DEF note(n)
  LOCAL k
  k = n + 1
  RETURN k
END
loop:
  IF frame == 3 RECT 0 0 4 4 red
  IF frame == 70 PLOT 9 3 blue
  IF frame == 5
    x = 7
    SET a[frame - 3] = 8
    y = note(4)
  END
  z = z + 1
  PLOT (frame & 15) 7
  FRAME
  JMP loop
`

// TestAWriteLongAgoIsFoundAtOnce where the run was looked through before: then few frames
// are run again.
func TestAWriteLongAgoIsFoundAtOnce(t *testing.T) {
	given := 0
	past, err := NewRerun(pxltest.Assemble(t, seldom).Program, 1, func(int) (in machine.Input, _ uint32) { given++; return in, 0 })
	if err != nil {
		t.Fatal(err)
	}
	k := New(pxltest.Assemble(t, seldom), past)
	ctx := t.Context()
	const now = 600
	told := 0
	k.Progress = func(done, all int) {
		if told = done; all != now {
			t.Errorf("of %d frames", all)
		}
	}
	if err := k.Index(ctx, now); err != nil || told != now {
		t.Fatalf("%v, %d told", err, told)
	}
	k.Progress = nil
	given = 0
	few := func(what string) {
		t.Helper()
		if given > 4*spanFrames {
			t.Errorf("%s: %d frames are run", what, given)
		}
		given = 0
	}
	who := func(x, y, frame int) {
		t.Helper()
		d, err := k.Who(ctx, now, x, y)
		if err != nil || d.Frame != frame || frame > 0 && len(d.Touches) == 0 {
			t.Errorf("texel %d, %d was drawn in frame %d, want %d: %v", x, y, d.Frame, frame, err)
		}
		few("who")
	}
	who(1, 1, 3)
	who(9, 3, 70)
	who(3, 3, 3)
	for name, frame := range map[string]int{"x": 5, "a[2]": 5, "y": 5, "z": now - 1} {
		v, err := k.Variable(ctx, name, Position{Frame: now})
		if err != nil {
			t.Fatal(err)
		}
		if o, _, err := k.Why(ctx, v); err != nil || o.At.Frame != frame || o.Start {
			t.Errorf("%s is of frame %d, %v; want %d", name, o.At.Frame, err, frame)
		}
		few(name)
	}
	v, err := k.Variable(ctx, "a[1]", Position{Frame: now})
	if err != nil {
		t.Fatal(err)
	}
	if o, _, err := k.Why(ctx, v); err != nil || !o.Start {
		t.Errorf("a[1] is of %+v, %v", o, err)
	}
	few("a[1]")
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if err := k.Index(ended, now+100); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
}
