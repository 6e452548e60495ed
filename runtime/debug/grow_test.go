package debug

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"gvpie/runtime/generate"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/record"
)

// TestASessionGrowsWithItsRun: it stands where it did, its branches stay, and the frames that
// came are those of the run.
func TestASessionGrowsWithItsRun(t *testing.T) {
	grown := 0
	for seed := range int64(40) {
		g := generate.New(seed, true)
		a := g.Assemble()
		m, err := machine.New(a.Program, isa.DefaultSeed)
		if err != nil {
			t.Fatal(err)
		}
		live := record.NewRing(a.Program, isa.DefaultSeed, 1<<20)
		ended := false
		play := func(frames int) {
			for range frames {
				in := g.Input(live.End())
				r, err := m.Frame(t.Context(), in, generate.Budget/10)
				if err != nil {
					t.Fatal(err)
				}
				if live.Append(in, generate.Budget/10, r, 0); r.Status != isa.Framed {
					ended = true
					return
				}
				if live.End()%3 == 0 {
					live.Keyframe(m.Snapshot(), 0)
				}
			}
		}
		if play(4); ended {
			continue
		}
		ring := live.Fork(4)
		s, err := New(Run{Assembly: a, Ring: ring, Frames: 4})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Go(t.Context(), Position{Frame: 9}); err != nil || s.at != (Position{Frame: 4}) || !s.over {
			t.Fatalf("at %v, %v", s.at, err)
		}
		play(4)
		if !s.Grow(live.Fork(live.End())) || s.at != (Position{Frame: 4}) || s.over {
			t.Fatalf("program %d: it does not grow, or stands at %v", seed, s.at)
		}
		if err := s.Go(t.Context(), Position{Frame: 9}); err != nil {
			t.Fatal(err)
		}
		want := s.at.Frame == live.End() && s.over
		if ended {
			want = s.at.Frame == live.End()-1 && s.end != nil
		}
		if !want || !slices.Equal(s.m.Page(machine.DisplayPage), m.Page(machine.DisplayPage)) {
			t.Fatalf("program %d: at its end it stands at %v, over: %v, of %d frames; or the picture differs", seed, s.at, s.over, live.End())
		}
		if got, want := ring.Keyframes(), live.Keyframes(); len(got) < len(want) {
			t.Errorf("program %d: it has keyframes at %v, the run at %v", seed, got, want)
		}
		if s.Grow(record.NewRing(a.Program, isa.DefaultSeed, 1<<20)) {
			t.Error("it grows by a run that is shorter")
		}
		grown++
	}
	if grown < 15 {
		t.Errorf("only %d grew", grown)
	}
}

func TestAFaultOfTheDebuggerIsAnError(t *testing.T) {
	var words []int
	err := Guard(func() error { words[0]++; return nil })
	var f *Failure
	if !errors.As(err, &f) || !strings.Contains(err.Error(), "index out of range") || len(f.Stack) == 0 {
		t.Errorf("it is %v", err)
	}
	if err := Guard(func() error { return ErrProgram }); err != ErrProgram {
		t.Errorf("another error is %v", err)
	}
}
