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
			if r.Status == isa.Framed {
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

// TestASecondChangeInAFrameKeepsTheFirst: with statements run between the two, it begins a
// branch of its own; without, none.
func TestASecondChangeInAFrameKeepsTheFirst(t *testing.T) {
	a := pxltest.Assemble(t, "SET a = 1\nSET b = 2\nSET c = 3\nSET d = a + b + c\nFRAME\n")
	s, err := New(Run{Assembly: a})
	if err != nil {
		t.Fatal(err)
	}
	set := func(name string, v int32) {
		t.Helper()
		for _, is := range s.Variables() {
			if is.Name == name {
				if err := s.Set(t.Context(), is.Word, v); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	step := func(n int) {
		t.Helper()
		for range n {
			if _, err := s.Step(t.Context(), Over); err != nil {
				t.Fatal(err)
			}
		}
	}
	step(1)
	set("a", 10)
	step(1)
	set("b", 20)
	set("d", 5)
	if b := s.Branch(); b.From == nil || b.From.From == nil || b.From.From.From != nil {
		t.Errorf("it is branch %s of %+v", b.Name, b.From)
	}
	step(2)
	if v, err := s.Evaluate(t.Context(), "d", 0); err != nil || v != 33 {
		t.Errorf("d is %d, %v; want 10 + 20 + 3", v, err)
	}
	if err := s.Set(t.Context(), isa.SysFrame, 7); err == nil {
		t.Error("the frame's number can be set")
	}
}

// TestAChangeAtTheEndOfWhatIsKnownGoesOn: a run of so many frames is left there, and in
// the branch there are as many more as one likes.
func TestAChangeAtTheEndOfWhatIsKnownGoesOn(t *testing.T) {
	a := pxltest.Assemble(t, "SET n = 0\nloop:\nSET n = n + 1\nFOR i = 1 TO n\nPLOT i i red\nEND\nFRAME\nJMP loop\n")
	s, err := New(Run{Assembly: a, Frames: 3})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Go(t.Context(), Position{Frame: 3}); err != nil {
		t.Fatal(err)
	}
	if err := s.Set(t.Context(), s.Variables()[0].Word, 10); err != nil {
		t.Fatal(err)
	}
	if err := s.Go(t.Context(), Position{Frame: 7, Cycle: 3}); err != nil || s.Position() != (Position{Frame: 7, Cycle: 3}) {
		t.Fatalf("it is at %v, %v", s.Position(), err)
	}
	commands, cycles, err := s.Whole(t.Context())
	if err != nil || len(commands) != 15 || cycles < 15 || s.Position() != (Position{Frame: 7, Cycle: 3}) {
		t.Errorf("the frame has %d commands and %d cycles, %v; want 15 commands. It is at %v", len(commands), cycles, err, s.Position())
	}
	if v := s.Variables()[0].Value; v != 15 && v != 14 {
		t.Errorf("n is %d", v)
	}
}

// TestACallIsTriedOut: where the procedure is open itself, with what it reads as it is,
// and nothing of the run changes.
func TestACallIsTriedOut(t *testing.T) {
	a := pxltest.Assemble(t, "DEF fact(n)\nIF n < 2 RETURN 1\nSET calls = calls + 1\nRETURN n * fact(n - 1)\nEND\nSET calls = 0\nSET v = fact(4) + peek(0, 0) + key(65)\nFRAME\n")
	in := machine.Input{Keys: [8]uint32{2: 2}}
	s, err := New(Run{Assembly: a, InputAt: func(int) machine.Input { return in }})
	if err != nil {
		t.Fatal(err)
	}
	s.SetBreakpoints([]Breakpoint{{Line: 2, Condition: "n == 2"}})
	if reason, err := s.Continue(t.Context(), 1); err != nil || reason != Hit {
		t.Fatalf("%v, %v", reason, err)
	}
	w := s.Where()
	if len(w.Calls) != 4 || w.Calls[0].Locals[0].Value != 2 || w.Calls[1].Locals[0].Value != 3 || w.Calls[2].Locals[0].Value != 4 || w.Calls[2].Name != "fact" || w.Calls[3].Place.Line != 7 {
		t.Errorf("the calls are %+v", w.Calls)
	}
	data := slices.Clone(s.m.Page(machine.DataPage))
	for _, c := range []struct {
		text string
		call int
		want int32
	}{{"fact(5)", 0, 120}, {"n", 0, 2}, {"n", 1, 3}, {"n", 2, 4}, {"fact(n) + n", 2, 28}, {"key(65) + keyp(65)", 0, 2}} {
		if v, err := s.Evaluate(t.Context(), c.text, c.call); err != nil || v != c.want {
			t.Errorf("%s in call %d is %d, %v; want %d", c.text, c.call, v, err, c.want)
		}
	}
	if !slices.Equal(data, s.m.Page(machine.DataPage)) {
		t.Error("the run has changed")
	}
}
