package debug

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"gvpie/runtime/generate"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl/pxltest"
)

// TestABranchIsARunWithAnotherValue: what is set at a moment of a random program comes out
// as in a machine that is given the value there, behind it and after going back and forth;
// the moments before it stay as they were.
func TestABranchIsARunWithAnotherValue(t *testing.T) {
	branches := 0
	for seed := range int64(120) {
		g := generate.New(seed, true)
		run := Run{Assembly: g.Assemble(), Budget: generate.Budget / 10, InputAt: g.Input, Frames: modelFrames}
		model := newModel(t, run)
		s, err := New(run)
		if err != nil {
			t.Fatal(err)
		}
		s.spacing = 0
		rnd := rand.New(rand.NewPCG(uint64(seed), 2))
		at := model.moments[rnd.IntN(len(model.moments))].at
		if err := s.Go(t.Context(), at); err != nil {
			t.Fatal(err)
		}
		variables := s.Variables()
		if len(variables) == 0 || !s.goesOn() {
			continue
		}
		branches++
		v := variables[rnd.IntN(len(variables))]
		if err := s.Set(t.Context(), v.Word, v.Value+77); err != nil {
			t.Fatal(err)
		}
		// The same by hand.
		m := model.fresh(t, Position{Frame: at.Frame})
		if at.Frame == modelFrames {
			continue
		}
		if stands, err := m.RunTo(t.Context(), at.Cycle); err != nil || !stands {
			t.Fatalf("program %d: %v at %v", seed, err, at)
		}
		if err := machine.NewProbe(&m.Core).Set(t.Context(), v.Word, v.Value+77); err != nil {
			t.Fatal(err)
		}
		for frame := at.Frame; frame < modelFrames; frame++ {
			r, err := m.End(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Go(t.Context(), Position{}); err != nil {
				t.Fatal(err)
			}
			if err := s.Go(t.Context(), Position{Frame: frame + 1}); err != nil {
				t.Fatal(err)
			}
			got, err := s.Machine(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if r.Status == isa.Framed && frame+1 < modelFrames {
				m.Begin(g.Input(frame+1), run.Budget)
			}
			for p := machine.DisplayPage; p <= machine.StatePage; p++ {
				if !slices.Equal(got.Page(p), m.Page(p)) {
					t.Fatalf("program %d:\n%s\n%s set at %v: in frame %d the %v page differs", seed, g.Source, v.Name, at, frame+1, p)
				}
			}
			if r.Status != isa.Framed {
				break
			}
		}
		before := Position{Frame: at.Frame / 2}
		if err := s.Go(t.Context(), before); err != nil {
			t.Fatal(err)
		}
		if f := model.fresh(t, s.Position()); !slices.Equal(f.Page(machine.StatePage), s.m.Page(machine.StatePage)) && before.Before(at) {
			t.Errorf("program %d: before the branch frame %d is another", seed, before.Frame)
		}
	}
	if branches < 60 {
		t.Errorf("only %d programs had a branch", branches)
	}
}

// TestHitsCountTheSameBothWays: the n-th time is the n-th of the run, wherever one comes
// from.
func TestHitsCountTheSameBothWays(t *testing.T) {
	a := pxltest.Assemble(t, "SET n = 0\nloop:\nFOR i = 1 TO 3\nSET n = n + 1\nEND\nFRAME\nJMP loop\n")
	for _, c := range []struct {
		hits string
		want []int32 // n before the statement, forwards from the start, then backwards from frame 4
		back []int32
	}{
		{"5", []int32{4}, []int32{4}},
		{"% 4", []int32{3, 7, 11}, []int32{11, 7, 3}},
		{">= 11", []int32{10, 11}, []int32{11, 10}},
	} {
		s, err := New(Run{Assembly: a, Frames: 4})
		if err != nil {
			t.Fatal(err)
		}
		if p := s.SetBreakpoints([]Breakpoint{{Line: 4, Hits: c.hits}}); p[0].Problem != "" {
			t.Fatal(p[0].Problem)
		}
		n := func() int32 { return s.Variables()[0].Value }
		follow := func(move func() (Reason, error)) (got []int32) {
			for {
				reason, err := move()
				if err != nil {
					t.Fatal(err)
				}
				if reason != Hit {
					return got
				}
				got = append(got, n())
			}
		}
		on := func() (Reason, error) { return s.Continue(t.Context(), 4) }
		back := func() (Reason, error) { return s.ContinueBack(t.Context()) }
		if got := follow(on); !slices.Equal(got, c.want) {
			t.Errorf("%s forwards stops where n is %v, want %v", c.hits, got, c.want)
		}
		if got := follow(back); !slices.Equal(got, c.back) {
			t.Errorf("%s backwards stops where n is %v, want %v", c.hits, got, c.back)
		}
		if err := s.Go(t.Context(), Position{Frame: 2}); err != nil {
			t.Fatal(err)
		}
		want := slices.DeleteFunc(slices.Clone(c.want), func(n int32) bool { return n < 6 })
		if got := follow(on); !slices.Equal(got, want) {
			t.Errorf("%s from frame 2 stops where n is %v, want %v", c.hits, got, want)
		}
	}
}

// TestAConditionThatFailsIsFalse: it says why, once, and never stops.
func TestAConditionThatFailsIsFalse(t *testing.T) {
	a := pxltest.Assemble(t, "DEF f(x)\nWHILE x\nEND\nRETURN 1\nEND\nSET n = 0\nloop:\nSET n = n + 1\nFRAME\nJMP loop\n")
	for condition, want := range map[string]string{
		"5 / (n - n)": "the condition 5 / (n - n) of line 8 counts as false: 5 is divided by zero",
		"f(1)":        "the condition f(1) of line 8 counts as false: f takes more than 100000 cycles",
	} {
		s, err := New(Run{Assembly: a, Frames: 3})
		if err != nil {
			t.Fatal(err)
		}
		var said []string
		s.Say = func(text string) { said = append(said, text) }
		s.SetBreakpoints([]Breakpoint{{Line: 8, Condition: condition}})
		if reason, err := s.Continue(t.Context(), 3); err != nil || reason != Unrecorded {
			t.Errorf("%s: %v, %v", condition, reason, err)
		}
		if !slices.Equal(said, []string{want}) {
			t.Errorf("%s: it says %q", condition, said)
		}
		if n := s.Variables()[0].Value; n != 3 {
			t.Errorf("%s: n is %d behind three frames", condition, n)
		}
	}
}

// TestACallThatIsCutShortLeavesASession: it stands somewhere on its way and goes on.
func TestACallThatIsCutShortLeavesASession(t *testing.T) {
	a := pxltest.Assemble(t, "SET n = 0\nloop:\nSET n = n + 1\nFRAME\nJMP loop\n")
	s, err := New(Run{Assembly: a})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	s.Progress = func(done, all int) {
		if done == 30 {
			cancel()
		}
	}
	if err := s.Go(ctx, Position{Frame: 100}); !errors.Is(err, context.Canceled) || s.Position() != (Position{Frame: 30}) {
		t.Fatalf("it is cut short at %v, %v", s.Position(), err)
	}
	s.Progress = nil
	if err := s.Go(t.Context(), Position{Frame: 100}); err != nil || s.Variables()[0].Value != 100 {
		t.Errorf("it goes on to %v, %v", s.Position(), err)
	}
}
