package engine_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
)

// choose asks n times, and wants the same every time.
func choose(t *testing.T, c *engine.Chooser, w engine.Work, n int, want engine.Kind, why string) {
	t.Helper()
	for range n {
		if got := c.Choose(w); got.Kind != want || !strings.Contains(got.Why, why) || why == "" {
			t.Fatalf("the %v, because %q; not the %v, because %q", got.Kind, got.Why, want, why)
		}
	}
}

func TestRunsAreMeasuredOnTheCPUThenOnTheGPUAndGoToTheFaster(t *testing.T) {
	for _, faster := range []engine.Kind{engine.CPU, engine.GPU} {
		var c engine.Chooser
		w := engine.Work{Program: isa.Program{1, 2, 3}, Frames: 1}
		took := [2]time.Duration{engine.CPU: 10 * ms, engine.GPU: 10 * ms}
		took[faster] = 3 * ms
		if c.Knows(w) {
			t.Error("it knows what it was not told")
		}
		for range engine.RunTrials {
			choose(t, &c, w, 1, engine.CPU, "first")
			c.Learn(w, engine.CPU, took[engine.CPU])
		}
		for range engine.RunTrials {
			choose(t, &c, w, 1, engine.GPU, "the GPU is measured")
			c.Learn(w, engine.GPU, took[engine.GPU])
		}
		if !c.Knows(w) {
			t.Error("it does not know what it was told")
		}
		for range 3 {
			choose(t, &c, w, engine.RunsToNewTrial, faster, "ms on the GPU and ")
			choose(t, &c, w, 1, 1-faster, "measured again")
		}
		c.Learn(w, faster, slices.Repeat([]time.Duration{3 * ms}, 10*engine.RunsKept)...)
		// The other is the faster now; what was once measured does not hold it off.
		for range engine.RunsKept {
			c.Learn(w, faster, 50*ms)
		}
		choose(t, &c, w, 1, 1-faster, "50 ms on the "+faster.String())
	}
}

func TestAQuickProgramHasNothingToGain(t *testing.T) {
	var c engine.Chooser
	quick := engine.Work{Program: isa.Program{1}, Frames: 1}
	c.Learn(quick, engine.CPU, 100*time.Microsecond)
	choose(t, &c, quick, 9, engine.CPU, "it took 0.1 ms on the CPU: there is nothing to gain")

	// What is quick is what the GPU cannot do quicker, by what it took at least.
	middle := engine.Work{Program: isa.Program{2}, Frames: 1}
	c.Learn(middle, engine.CPU, ms, ms, ms)
	choose(t, &c, middle, 1, engine.GPU, "1.0 ms on the CPU: the GPU is measured")
	other := engine.Work{Program: isa.Program{3}, Frames: 1}
	c.Learn(other, engine.GPU, 5*ms, 1500*time.Microsecond)
	choose(t, &c, middle, 1, engine.CPU, "nothing to gain")

	// … within bounds: a slow program may be the only one it ran.
	var slow engine.Chooser
	slow.Learn(other, engine.GPU, time.Minute)
	slow.Learn(middle, engine.CPU, 3*ms, 3*ms, 3*ms)
	choose(t, &slow, middle, 1, engine.GPU, "measured")
}

func TestTheStandingProcessorIsLeftOnlyForAMuchFaster(t *testing.T) {
	var c engine.Chooser
	w := engine.Work{Program: isa.Program{1}, Frames: 1}
	c.Learn(w, engine.CPU, 10*ms, 10*ms, 10*ms)
	c.Learn(w, engine.GPU, 9*ms, 9*ms, 9*ms)
	choose(t, &c, w, 1, engine.CPU, "9.0 ms on the GPU and 10 ms")
	c.Learn(w, engine.GPU, 7*ms, 7*ms, 7*ms, 7*ms)
	choose(t, &c, w, 1, engine.GPU, "7.0 ms on the GPU and 10 ms")
	c.Learn(w, engine.GPU, 12*ms, 12*ms, 12*ms, 12*ms, 12*ms, 12*ms, 12*ms, 12*ms)
	choose(t, &c, w, 1, engine.GPU, "12 ms on the GPU and 10 ms")
}

func TestOneSlowRunDecidesNothing(t *testing.T) {
	var c engine.Chooser
	w := engine.Work{Program: isa.Program{1}, Frames: 1}
	c.Learn(w, engine.CPU, 10*ms, 10*ms, 10*ms)
	c.Learn(w, engine.GPU, 3*ms, time.Second, 3*ms)
	choose(t, &c, w, 1, engine.GPU, "3.0 ms on the GPU")
}

func TestProgramsAndLengthsAreApart(t *testing.T) {
	var c engine.Chooser
	w := engine.Work{Program: isa.Program{1, 0}, Frames: 1}
	c.Learn(w, engine.CPU, 10*ms, 10*ms, 10*ms)
	for _, other := range []engine.Work{{Program: isa.Program{0, 1}, Frames: 1}, {Program: isa.Program{1, 0}, Frames: 60}, {Program: isa.Program{1, 0}}} {
		if c.Knows(other) {
			t.Errorf("it takes %+v for %+v", other, w)
		}
	}
	for i := range uint32(2000) { // what it remembers is bounded, and it goes on
		c.Learn(engine.Work{Program: isa.Program{i, 7}, Frames: 1}, engine.CPU, ms)
	}
	if c.Knows(w) {
		t.Error("it forgets nothing")
	}
	if last := (engine.Work{Program: isa.Program{1999, 7}, Frames: 1}); !c.Knows(last) {
		t.Error("it has forgotten what it was told last")
	}
}

// Where the GPU is not open, opening it is part of what it costs.
func TestAGPUIsOpenedOnlyForLongRuns(t *testing.T) {
	var c engine.Chooser
	const opening = 400 * ms
	plain, each := assemble(t, "TXT 0 0 HELLO\nHALT\n"), assemble(t, ".canvas 1024 1024\nEACH\nPUT px * py\nEND\n")
	for _, w := range []struct {
		engine.Work
		want engine.Kind
	}{
		{engine.Work{Program: plain, Frames: 1}, engine.CPU},
		{engine.Work{Program: plain, Frames: 60}, engine.GPU},
		{engine.Work{Program: plain, Frames: 60, Budget: 1000}, engine.CPU},
		{engine.Work{Program: each, Frames: 1, Budget: 1000}, engine.CPU},
		{engine.Work{Program: each, Frames: 60, Budget: 1000}, engine.GPU},
	} {
		w.Opening = opening
		why := "before a GPU is open"
		if w.want == engine.GPU {
			why = "worth opening"
		}
		choose(t, &c, w.Work, 1, w.want, why)
	}
}
