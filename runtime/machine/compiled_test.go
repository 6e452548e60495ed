package machine_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
)

// TestRowsOfACompilerAreTheInterpreters holds machines whose blocks are run from
// outside, with bails wherever, to plain ones, over random programs.
func TestRowsOfACompilerAreTheInterpreters(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	n, ran, bailed := int64(600), 0, 0
	if testing.Short() {
		n = 150
	}
	for seed := range n {
		p, g := program(t, seed)
		seldom := 1 + r.IntN(200)
		c := &machine.FakeCompiler{Bail: func(x, y int) bool { return (x*31+y*17)%seldom == 0 }, Together: int(seed % 6)}
		plain, m := made(t, p, seed), made(t, p, seed)
		m.CompileWith(c)
		m.SetWorkers(1+r.IntN(2), r.IntN(2) == 0)
		for i := range max(g.Frames, 1) {
			in := machine.Input{}
			if len(g.Inputs) > 0 {
				in = g.Inputs[i%len(g.Inputs)]
			}
			want, got := framed(t, plain, in, budget), framed(t, m, in, budget)
			if !reflect.DeepEqual(want, got) {
				t.Fatalf("seed %d, frame %d: %+v, not %+v\n%s", seed, i, got, want, g.Source)
			}
			if d := differ(plain, m); d != "" {
				t.Fatalf("seed %d, frame %d: another %s\n%s", seed, i, d, g.Source)
			}
		}
		if c.Open() != 0 {
			t.Fatalf("seed %d: %d rows are not closed", seed, c.Open())
		}
		if m.Compiled() != (c.Ran+c.Bailed > 0) {
			t.Fatalf("seed %d: %d texels ran compiled, and it says %v", seed, c.Ran, m.Compiled())
		}
		ran, bailed = ran+c.Ran, bailed+c.Bailed
	}
	if ran == 0 || bailed == 0 {
		t.Errorf("%d texels ran, %d bailed out", ran, bailed)
	}
}

func compiledBy(t *testing.T, c machine.Compiler, source string) *machine.Machine {
	t.Helper()
	a := pxl.Assemble("", source)
	if !a.OK() {
		t.Fatal(a.Diagnostics)
	}
	m := made(t, a.Program, 1)
	m.CompileWith(c)
	return m
}

// TestACompilerThatBailsOutIsLeftForTheFrame, and has the next.
func TestACompilerThatBailsOutIsLeftForTheFrame(t *testing.T) {
	c := &machine.FakeCompiler{Bail: func(int, int) bool { return true }}
	m := compiledBy(t, c, ".canvas 64 8 pixel\nloop:\nEACH\n  PUT px\nEND\nEACH 0 0 3 3\n  PUT 1\nEND\nFRAME\nJMP loop\n")
	framed(t, m, machine.Input{}, budget)
	if c.Offered != 2 || c.Bailed != 5+3 {
		t.Errorf("in a frame it was offered %d commands, and bailed out %d times", c.Offered, c.Bailed)
	}
	c.Bail = nil
	framed(t, m, machine.Input{}, budget)
	if c.Offered != 4 || c.Bailed != 5+3 || c.Ran != 64*8+9 {
		t.Errorf("in the next frame it ran %d texels", c.Ran)
	}
}

// TestABlockThatGaveUpIsInterpretedForItsFrame, however often it runs.
func TestABlockThatGaveUpIsInterpretedForItsFrame(t *testing.T) {
	c := &machine.FakeCompiler{Bail: func(int, int) bool { return true }}
	m := compiledBy(t, c, ".canvas 64 8 pixel\nloop:\nFOR i = 0 TO 9\n  EACH\n    PUT px + i\n  END\nEND\nFRAME\nJMP loop\n")
	for i := range 3 {
		if framed(t, m, machine.Input{}, budget); c.Offered != i+1 {
			t.Errorf("after frame %d it was offered %d commands", i, c.Offered)
		}
	}
}

const counting = "loop:\nFOR i = 0 TO 999\n  s = s + i * frame\nEND\nFRAME\nJMP loop\n"

// TestALoopThatGaveUpIsInterpretedForItsFrame: it ran few instructions at a time.
func TestALoopThatGaveUpIsInterpretedForItsFrame(t *testing.T) {
	const frames = 3
	for _, c := range []struct {
		turn    uint32
		entered int // a frame
	}{
		{10, machine.LoopTrial},
		{150, (1000*5 + 154) / 155}, // it is at its head again after five more
		{1 << 20, 1},
	} {
		fake := &machine.FakeCompiler{Turn: c.turn}
		plain, m := compiledBy(t, nil, counting), compiledBy(t, fake, counting)
		for i := range frames {
			want, got := framed(t, plain, machine.Input{}, 0), framed(t, m, machine.Input{}, 0)
			if d := differ(plain, m); d != "" || !reflect.DeepEqual(want, got) {
				t.Fatalf("%d at a time, frame %d: another %s; %+v, not %+v", c.turn, i, d, got, want)
			}
		}
		if fake.Entered != frames*c.entered || !m.Compiled() {
			t.Errorf("%d at a time it was entered %d times, not %d", c.turn, fake.Entered, frames*c.entered)
		}
		// Another program has loops of its own.
		if err := m.Reset(compiledBy(t, nil, strings.Replace(counting, "i * frame", "i", 1)).Snapshot().Program, 1); err != nil {
			t.Fatal(err)
		}
		before := fake.Entered
		if framed(t, m, machine.Input{}, 0); fake.Closed != 1 || fake.Entered == before {
			t.Errorf("for another program loops were closed %d times, and entered %d times", fake.Closed, fake.Entered-before)
		}
	}
}

// TestAFrameWhoseLoopFailsRunsAnew, interpreted, with what it was given, and so does the
// program from then on.
func TestAFrameWhoseLoopFailsRunsAnew(t *testing.T) {
	const source = ".canvas 9 9 pixel\nPLOT 1 2 red\nloop:\nx = rnd(100) + mx + key(5)\nRECT x 2 3 4 green\nLOG {x}\nFOR i = 0 TO 9\n  s = s + i\nEND\nFRAME\nJMP loop\n"
	fake := &machine.FakeCompiler{Turn: 5, Breaks: true}
	plain, m := compiledBy(t, nil, source), compiledBy(t, fake, source)
	for i := range 3 {
		in := machine.Input{MouseX: int32(i) + 3, Buttons: 1, Wheel: -1, Keys: [8]uint32{1 << 5}}
		want, got := framed(t, plain, in, budget), framed(t, m, in, budget)
		if d := differ(plain, m); d != "" || !reflect.DeepEqual(want, got) {
			t.Fatalf("frame %d: another %s; %+v, not %+v", i, d, got, want)
		}
	}
	if fake.Entered != 1 || fake.Closed != 1 {
		t.Errorf("it was entered %d times, and closed %d times", fake.Entered, fake.Closed)
	}
}

// TestLoopsAreLeftWhenConstantsMoveThePage that they would run on,
// before or after they are there.
func TestLoopsAreLeftWhenConstantsMoveThePage(t *testing.T) {
	const source = ".array a 65524\nloop:\nFOR i = 0 TO 999\n  s = s + (i ^ 11) * 12 + (i ^ 13) * 14 + (i ^ 15) * 16 + (i ^ 17) * 18\nEND\nFRAME\nJMP loop\n"
	for _, late := range []uint32{0, 1} {
		fake := &machine.FakeCompiler{Turn: 1 << 20, Late: late}
		plain, m := compiledBy(t, nil, source), compiledBy(t, fake, source)
		for i := range 3 {
			want, got := framed(t, plain, machine.Input{}, 0), framed(t, m, machine.Input{}, 0)
			if d := differ(plain, m); d != "" || !reflect.DeepEqual(want, got) {
				t.Fatalf("frame %d: another %s; %+v, not %+v", i, d, got, want)
			}
		}
		if fake.Entered != 0 || fake.Closed != 1 {
			t.Errorf("it was entered %d times, and closed %d times", fake.Entered, fake.Closed)
		}
		if err := m.Reset(compiledBy(t, nil, counting).Snapshot().Program, 1); err != nil {
			t.Fatal(err)
		}
		framed(t, m, machine.Input{}, 0)
		if framed(t, m, machine.Input{}, 0); fake.Entered == 0 {
			t.Error("the loops of the next program are not entered")
		}
	}
}

// TestFewBailsDoNotEndIt: one in each of many rows.
func TestFewBailsDoNotEndIt(t *testing.T) {
	c := &machine.FakeCompiler{Bail: func(x, y int) bool { return x == 500 }}
	m := compiledBy(t, c, ".canvas 1000 40 pixel\nEACH\n  PUT px\nEND\n")
	framed(t, m, machine.Input{}, 0)
	if c.Bailed != 40 || c.Ran != 40*(1000-64) {
		t.Errorf("it bailed out %d times and ran %d texels", c.Bailed, c.Ran)
	}
}

// TestTheInterpretersWorkIsTold as long as it is of use.
func TestTheInterpretersWorkIsTold(t *testing.T) {
	const source = ".canvas 8 8 pixel\nloop:\nEACH\n  PUT px\nEND\nFRAME\nJMP loop\n"
	for _, c := range []struct {
		fake          *machine.FakeCompiler
		told, offered int
	}{
		{&machine.FakeCompiler{Declines: true}, 3, 3},
		{&machine.FakeCompiler{Refuses: true}, 1, 1},
		{&machine.FakeCompiler{}, 0, 3},
	} {
		m := compiledBy(t, c.fake, source)
		for range 3 {
			framed(t, m, machine.Input{}, 0)
		}
		if c.fake.Told != c.told || c.fake.Offered != c.offered || m.Warming() != c.fake.Declines || m.Compiled() == (c.fake.Told > 0) {
			t.Errorf("told %d times of %d, offered %d of %d; warming: %v", c.fake.Told, c.told, c.fake.Offered, c.offered, m.Warming())
		}
	}
}

// TestTheContextIsLookedAtWithinCompiledRows: it ends while a row runs.
func TestTheContextIsLookedAtWithinCompiledRows(t *testing.T) {
	for _, at := range [][2]int{{0, 0}, {24, 0}, {40, 0}, {40, 5}} {
		ctx, cancel := context.WithCancel(t.Context())
		last := [2]int{}
		c := &machine.FakeCompiler{Bail: func(x, y int) bool {
			if x == at[0] && y == at[1] {
				cancel()
			}
			last = [2]int{x, y}
			return false
		}}
		m := compiledBy(t, c, ".canvas 64 8 pixel\nEACH\n  PUT px\nEND\n")
		before := m.Snapshot()
		if _, err := m.Frame(ctx, machine.Input{}, 0); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		if last[1] != at[1] || last[0]/24 != at[0]/24 {
			t.Errorf("ended at %v it ran on to %v", at, last)
		}
		if d := differ(m, made(t, before.Program, 1)); d != "" || c.Open() != 0 {
			t.Errorf("ended at %v it left another %s, and %d rows open", at, d, c.Open())
		}
		if r := framed(t, m, machine.Input{}, 0); r.Status != isa.Halted {
			t.Errorf("it goes on with %+v", r)
		}
	}
}
