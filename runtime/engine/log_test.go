package engine

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"gvpie/runtime/machine"
	"gvpie/runtime/pxl/pxltest"
)

func TestALongLogKeepsItsEnds(t *testing.T) {
	var l Log
	const n = 200_000
	for i := range n {
		l.Add([]machine.LogLine{{Text: fmt.Sprintf("line %d", i)}})
		if held := len(l.head) + len(l.tail); held > 3*logHalf+100 {
			t.Fatalf("%d bytes are held after %d lines", held, i+1)
		}
	}
	lines := strings.Split(l.String(), "\n")
	if size := len(l.String()); size > 2*logHalf+200 {
		t.Errorf("%d bytes are kept, want at most %d", size, 2*logHalf)
	}
	if lines[0] != "line 0" || lines[len(lines)-1] != fmt.Sprintf("line %d", n-1) {
		t.Errorf("it begins with %q and ends with %q", lines[0], lines[len(lines)-1])
	}
	for i, line := range lines {
		var left int
		if _, err := fmt.Sscanf(line, "… %d lines left out", &left); err == nil {
			if left+len(lines)-1 != n {
				t.Errorf("%d lines are there and %d left out of %d", len(lines)-1, left, n)
			}
			if before, after := lines[i-1], lines[i+1]; before != fmt.Sprintf("line %d", i-1) || after != fmt.Sprintf("line %d", i+left) {
				t.Errorf("%d lines are left out between %q and %q", left, before, after)
			}
			return
		}
	}
	t.Error("nothing says that lines were left out")
}

func TestALogThatFitsIsWhole(t *testing.T) {
	for _, lines := range [][]string{{}, {""}, {"", ""}, {"a", "", "b"}, {strings.Repeat("x", logHalf-5), "next", "last"}, {strings.Repeat("x", logHalf-1), "last"}, {"a", strings.Repeat("x", logHalf-1)}} {
		var l Log
		for _, line := range lines {
			l.Add([]machine.LogLine{{Text: line}})
		}
		if got, want := l.String(), strings.Join(lines, "\n"); got != want {
			t.Errorf("%d lines of %d bytes: %d bytes, want %d", len(lines), len(want), len(got), len(want))
		}
	}
}

func TestALineLongerThanALogIsCut(t *testing.T) {
	for _, lines := range []int{1, 2, 5} {
		var l Log
		for range lines {
			l.Add([]machine.LogLine{{Text: strings.Repeat("x", 3*logHalf)}})
		}
		if got := l.String(); len(got) > 2*logHalf+200 || !strings.HasPrefix(got, "xxx") || lines > 2 && !strings.Contains(got, "lines left out") {
			t.Errorf("of %d lines %d bytes are kept, which begin %.9q", lines, len(got), got)
		}
	}
}

func TestARunKeepsABoundedLog(t *testing.T) {
	run := func(frames int) (live uint64, r Result) {
		e := NewCPU()
		defer e.Close()
		src := "loop:\nFOR i = 0 TO 2000\n  LOG a line of a run that writes and writes, number {i} of frame {frame}\nEND\nFRAME\nJMP loop\n"
		r, err := Run(context.Background(), e, RunOptions{Program: pxltest.Assemble(t, src).Program, Frames: frames})
		if err != nil {
			t.Fatal(err)
		}
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc, r
	}
	before, _ := run(1)
	after, r := run(60)
	if grown := int64(after) - int64(before); grown > 4<<20 || len(r.Log) > 2*logHalf+200 {
		t.Errorf("60 frames of 2001 lines keep %d bytes more than one frame, and a log of %d", grown, len(r.Log))
	}
	if !strings.Contains(r.Log, "lines left out") || !strings.HasSuffix(r.Log, "number 2000 of frame 59") {
		t.Errorf("the log ends %q", r.Log[max(0, len(r.Log)-80):])
	}
}
