package machine

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"gvpie/runtime/isa"
)

// talker is a block of w × h texels that each log so many lines, of their place and
// a number, and before and behind it a line of the core.
func talker(w, h, lines int) isa.Program {
	a := newAsm(w, h, true, 2)
	a.op(isa.LOG).text("before")
	a.each(0, 0, w, h, nil, func() {
		a.op(isa.SET, laneOut(2), 0)
		loop := a.here()
		a.op(isa.LOG).text(ref(isa.LaneFlag), ",", ref(isa.LaneFlag|1), " ", ref(isa.LaneFlag|2))
		a.op(isa.ADD, laneOut(2), laneRef(2), 1).op(isa.LT, laneOut(3), laneRef(2), lines).op(isa.JNZ, laneRef(3), loop)
	})
	a.op(isa.LOG).text("after")
	return a.program()
}

// TestBlocksLogInOrder: whoever runs the rows, the lines are those of the first
// texels, and one more says how many are left out.
func TestBlocksLogInOrder(t *testing.T) {
	for _, c := range []struct{ w, h, lines int }{{70, 3, 2}, {64, 64, 1}, {64, 65, 1}, {90, 60, 2}, {3, 2, 2100}, {70, 1, 300}} {
		var want []string
		want = append(want, "before")
		n := 0
		for y := range c.h {
			for x := range c.w {
				for i := 0; i < c.lines && n < isa.MaxEachLines; i++ {
					want = append(want, fmt.Sprintf("%d,%d %d", x, y, i))
					n++
				}
			}
		}
		want = append(want, "after")
		if more := c.w*c.h*c.lines - n; more > 0 {
			want = append(want, "… and "+strconv.Itoa(more)+" more lines from EACH")
		}
		for _, workers := range []int{1, 5} {
			for _, times := range []int{alwaysCover, neverCover} {
				m := load(t, talker(c.w, c.h, c.lines))
				m.workers, m.coverTimes = workers, times
				if got := texts(frame(t, m)); strings.Join(got, "\n") != strings.Join(want, "\n") {
					t.Errorf("%+v, %d workers, covering from %d times on: %d lines, not %d; the first %q, the last %q", c, workers, times, len(got), len(want), got[:min(len(got), 4)], got[len(got)-1])
				}
			}
		}
	}
}

func texts(r Report) (out []string) {
	for _, l := range r.Log {
		out = append(out, l.Text)
	}
	return out
}

// TestManyBlocksKeepTheFirstLines: what is kept is counted over the frame.
func TestManyBlocksKeepTheFirstLines(t *testing.T) {
	a := newAsm(64, 32, true, 0)
	for range 3 {
		a.each(0, 0, 64, 32, nil, func() { a.op(isa.LOG).text(ref(isa.LaneFlag)) })
		a.op(isa.LOG).text("core")
	}
	for _, times := range []int{alwaysCover, neverCover} {
		m := load(t, a.program())
		m.coverTimes = times
		got := texts(frame(t, m))
		if len(got) != 4096+3+1 || got[2048] != "core" || got[4097] != "core" || got[4098] != "core" || got[4099] != "… and 2048 more lines from EACH" {
			t.Errorf("covering from %d times on: %d lines, the last %q", times, len(got), got[max(0, len(got)-4):])
		}
		if got := texts(frame(t, m)); got != nil {
			t.Errorf("a machine that has halted logs %q", got)
		}
	}
}

// TestLongLinesOfBlocksAreFew: characters are counted too, so that a frame's log
// takes a bounded amount of memory.
func TestLongLinesOfBlocksAreFew(t *testing.T) {
	long := strings.Repeat("0123456789abcdef", 2048)
	a := newAsm(24, 2, true, 0)
	a.each(0, 0, 24, 2, nil, func() { a.op(isa.LOG).text(long, ref(isa.LaneFlag)) })
	m := load(t, a.program())
	got := texts(frame(t, m))
	if n := 1<<20/len(long) + 1; len(got) != n || got[n-1] != "… and "+strconv.Itoa(48-n+1)+" more lines from EACH" {
		t.Errorf("%d lines, the last %q", len(got), got[len(got)-1])
	}
}

// TestAPreviewLogsNothingTwice: a frame that was looked at on its way logs what it
// would have.
func TestAPreviewLogsNothingTwice(t *testing.T) {
	ctx := context.Background()
	m := load(t, talker(4, 2, 2))
	want := texts(frame(t, load(t, talker(4, 2, 2))))
	m.Begin(Input{}, 0)
	for cycle := range uint32(4) {
		if _, err := m.RunTo(ctx, cycle); err != nil {
			t.Fatal(err)
		}
		if err := m.Paint(ctx); err != nil {
			t.Fatal(err)
		}
	}
	r, err := m.End(ctx)
	if got := texts(r); err != nil || strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("it logs %q, %v; not %q", got, err, want)
	}
}
