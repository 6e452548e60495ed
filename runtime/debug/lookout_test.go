package debug

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gvpie/runtime/generate"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl/pxltest"
)

// TestALookoutStopsWhereASessionDoes: breakpoints with and without conditions and numbers
// of hits, in random programs.
func TestALookoutStopsWhereASessionDoes(t *testing.T) {
	hits := 0
	for seed := range int64(80) {
		g := generate.New(seed, true)
		a := g.Assemble()
		run := Run{Assembly: a, Budget: generate.Budget / 10, InputAt: g.Input, Frames: modelFrames}
		rnd := rand.New(rand.NewPCG(uint64(seed), 5))
		var list []Breakpoint
		for range 3 {
			list = append(list, Breakpoint{
				Line:      1 + rnd.IntN(40),
				Condition: []string{"", "frame % 2", "peek(1, 1) == 0"}[rnd.IntN(3)],
				Hits:      []string{"", "% 3", ">= 4"}[rnd.IntN(3)],
			})
		}
		s, err := New(run)
		if err != nil {
			t.Fatal(err)
		}
		s.SetBreakpoints(list)
		want := map[int]uint32{}
		for move := s.Start; ; move = s.Continue {
			reason, err := move(t.Context(), modelFrames)
			if err != nil {
				t.Fatal(err)
			}
			if reason != Hit {
				break
			}
			if _, known := want[s.at.Frame]; !known {
				want[s.at.Frame] = s.at.Cycle
			}
		}

		m, err := machine.New(a.Program, isa.DefaultSeed)
		if err != nil {
			t.Fatal(err)
		}
		l := NewLookout(a, func(context.Context) ([]uint32, error) { return m.Page(machine.DisplayPage), nil })
		l.SetBreakpoints(list)
		if err := l.Restore(m.Snapshot()); err != nil {
			t.Fatal(err)
		}
		for frame := range modelFrames {
			if rnd.IntN(3) == 0 { // a frame that the run gives up counts nothing
				if _, err := l.Frame(t.Context(), g.Input(frame), run.Budget); err != nil {
					t.Fatal(err)
				}
				l.SetBreakpoints(slices.Clone(list))
			}
			got, err := l.Frame(t.Context(), g.Input(frame), run.Budget)
			if err != nil {
				t.Fatal(err)
			}
			if cycle, hit := want[frame]; hit != got.Hit || cycle != got.Cycle {
				t.Fatalf("program %d:\n%s\n%+v\nin frame %d it stops: %v, at cycle %d; want %v, %d", seed, g.Source, list, frame, got.Hit, got.Cycle, hit, cycle)
			}
			if got.Hit {
				hits++
			}
			if err := l.Keep(t.Context()); err != nil {
				t.Fatal(err)
			}
			r, err := m.Frame(t.Context(), g.Input(frame), run.Budget)
			if err != nil {
				t.Fatal(err)
			}
			if r.Status != isa.Framed {
				break
			}
		}
	}
	if hits < 50 {
		t.Errorf("only %d frames stopped", hits)
	}
}

// TestALookoutWritesWhatLogpointsSay, once for each time that the run comes past, and gives
// a condition that takes too long up.
func TestALookoutWritesWhatLogpointsSay(t *testing.T) {
	a := pxltest.Assemble(t, "DEF f(x)\nWHILE x\nx = 1 + peek(0, 0)\nEND\nRETURN 1\nEND\nSET n = 0\nloop:\nSET n = n + 1\nFRAME\nJMP loop\n")
	tries := 0
	l := NewLookout(a, func(context.Context) ([]uint32, error) {
		tries++
		return make([]uint32, isa.DefaultWidth*isa.DefaultHeight), nil
	})
	l.SetBreakpoints([]Breakpoint{{Line: 10, Log: "n is {n}"}, {Line: 9, Condition: "f(1)"}})
	m, err := machine.New(a.Program, 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Restore(m.Snapshot()); err != nil {
		t.Fatal(err)
	}
	var said []string
	for range 3 {
		saw, err := l.Frame(t.Context(), machine.Input{}, 0)
		if err != nil || saw.Hit {
			t.Fatalf("it stops: %v, %v", saw.Hit, err)
		}
		for _, s := range saw.Said {
			said = append(said, fmt.Sprintf("%d %s", s.Line, s.Text))
		}
		if err := l.Keep(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"9 the condition f(1) of line 9 counts as false: f takes more than 100000 cycles", "10 n is 1", "10 n is 2", "10 n is 3"}
	if !slices.Equal(said, want) {
		t.Errorf("it says %q, want %q", said, want)
	}
	if tries != 1 {
		t.Errorf("the condition is tried in %d frames, want the first alone", tries)
	}
	slow := Breakpoint{Line: 9, Condition: "f(1)"}
	l.SetBreakpoints([]Breakpoint{slow, {Line: 8}})
	if saw, err := l.Frame(t.Context(), machine.Input{}, 0); err != nil || len(saw.Said) > 0 || tries != 1 {
		t.Errorf("beside another breakpoint it is tried again: %d, %v, %v", tries, saw.Said, err)
	}
	if got := l.Failing(); len(got) != 1 || !strings.Contains(got[slow], "100000 cycles") {
		t.Errorf("it has failing %v", got)
	}
	if l.SetBreakpoints([]Breakpoint{{Line: 99}, {Variable: "n"}}); !l.Idle() {
		t.Error("it looks out for a line that is not there, or for a variable")
	}
}
