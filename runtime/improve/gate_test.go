package improve

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"gvpie/runtime/machine"
)

// asked is a context that tells when somebody begins to wait for its end.
type asked struct {
	context.Context
	waits chan struct{}
}

func (c asked) Done() <-chan struct{} {
	c.waits <- struct{}{}
	return c.Context.Done()
}

func TestAShutGateHoldsAFrame(t *testing.T) {
	p := load(t, "pairs", "11_ember.pxl")
	var g Gate
	var r run
	if err := r.start(p, 1); err != nil {
		t.Fatal(err)
	}
	whole, cancel := context.WithCancel(WithGate(t.Context(), &g))
	ctx := asked{whole, make(chan struct{})}
	done := make(chan error)
	frame := func() { done <- r.frame(ctx, machine.Input{}) }
	atGate := func() {
		t.Helper()
		select {
		case <-ctx.waits:
		case err := <-done:
			t.Fatalf("a frame went through a shut gate: %v", err)
		}
	}
	go frame()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	g.Shut()
	g.Shut()
	go frame()
	atGate()
	g.Open()
	if err := <-done; err != nil || r.counts.Frames != 2 {
		t.Fatalf("%d frames, %v", r.counts.Frames, err)
	}
	g.Shut()
	go frame()
	atGate()
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) || r.counts.Frames != 2 {
		t.Fatalf("%d frames, %v", r.counts.Frames, err)
	}
}

// wasteful gives candidates that each take one of a program's lines away.
type wasteful struct{}

func (wasteful) Name() string { return "wasteful" }

func (wasteful) Propose(_ context.Context, p *Program, job Job) (all []Candidate) {
	lines := strings.SplitAfter(p.Source, "\n")
	for i := range lines {
		if job.Round == 0 {
			all = append(all, Candidate{Source: strings.Join(slices.Delete(slices.Clone(lines), i, i+1), ""), Step: "without a line", Evidence: ByRule})
		}
	}
	return all
}

// What is found by two searches, the second of which begins where the first ended, is
// what one finds that goes on.
func TestASearchGoesOnWhereAnotherEnded(t *testing.T) {
	p, err := Load("p", ".canvas 8 8 pixel\n"+strings.Repeat("CLS red\n", 12)+"CLS blue\nHALT\n")
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Proposers: []Proposer{wasteful{}}, Seed: 1}
	whole, err := Improve(t.Context(), p, o)
	if err != nil || !whole.Dry || whole.After >= whole.Before || whole.Work == 0 {
		t.Fatalf("%+v, %v", whole, err)
	}
	o.Candidates = whole.Candidates / 2
	first, err := Improve(t.Context(), p, o)
	if err != nil || first.Dry || first.Candidates != o.Candidates || first.After <= whole.After {
		t.Fatalf("%+v, %v", first, err)
	}
	o.Candidates, o.Told, o.Workers = 0, first.Told, 1
	if o.From, err = Load("p", first.Source); err != nil {
		t.Fatal(err)
	}
	second, err := Improve(t.Context(), p, o)
	if err != nil || second.Source != whole.Source || second.Before != whole.Before || second.After != whole.After || second.Evidence != ByCompletion {
		t.Errorf("%+v, %v, not\n%+v", second, err, whole)
	}
	if o.From, err = Load("p", ".canvas 8 8 pixel\nHALT\n"); err != nil {
		t.Fatal(err)
	}
	if _, err := Improve(t.Context(), p, o); err == nil {
		t.Error("a search began with a program that shows something else")
	}
}
