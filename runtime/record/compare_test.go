package record

import (
	"context"
	"errors"
	"strings"
	"testing"

	"gvpie/runtime/machine"
)

// playedAs is a recording of a program.
func playedAs(t *testing.T, source string, seed int32, frames int, inputAt func(int) machine.Input) *Recording {
	t.Helper()
	r := &Recording{Source: source, Program: assemble(t, source), Seed: seed}
	if _, err := r.Run(context.Background(), &reference{}, frames, 0, inputAt); err != nil {
		t.Fatal(err)
	}
	return r
}

func still(int) machine.Input { return machine.Input{} }

func TestRecordingsPartWhereTheirPicturesDo(t *testing.T) {
	later := func(frame int) func(int) machine.Input {
		return func(i int) machine.Input {
			in := moving(i)
			if i >= frame {
				in.MouseX += 40_000
			}
			return in
		}
	}
	a := played(t, 100, moving)
	m, _ := recorded(t, 0)
	whole := &Recording{Program: a.Program, Start: m.Snapshot(), Frames: a.Frames}
	for name, tt := range map[string]struct {
		b     *Recording
		frame int // of the texel; -1: none
		want  Comparison
		runs  int // frames that were run
	}{
		"itself":              {a, -1, Comparison{Equal: true, Frame: 100, Seeds: [2]int32{7, 7}, States: -1}, 0},
		"another mouse":       {played(t, 100, later(60)), 60, Comparison{Frame: 60, Seeds: [2]int32{7, 7}, States: 60}, 61},
		"the first frame":     {played(t, 100, later(0)), 0, Comparison{Frame: 0, Seeds: [2]int32{7, 7}, States: 0}, 1},
		"the last frame":      {played(t, 100, later(99)), 99, Comparison{Frame: 99, Seeds: [2]int32{7, 7}, States: 99}, 100},
		"fewer frames":        {played(t, 90, moving), -1, Comparison{Frame: 90, Seeds: [2]int32{7, 7}, States: -1}, 0},
		"from a snapshot":     {whole, -1, Comparison{Equal: true, Frame: 100, Seeds: [2]int32{7, 0}, States: -1}, 100},
		"another canvas":      {playedAs(t, strings.Replace(counter, "8 8", "9 8", 1), 7, 100, moving), -1, Comparison{Frame: 0, Seeds: [2]int32{7, 7}, States: -1}, 0},
		"pixels, not cells":   {playedAs(t, strings.Replace(counter, "8 8", "8 8 pixel", 1), 7, 100, moving), -1, Comparison{Frame: 0, Seeds: [2]int32{7, 7}, States: -1}, 0},
		"a program but alike": {playedAs(t, counter+"SET n = 1\n", 7, 100, moving), -1, Comparison{Equal: true, Frame: 100, Seeds: [2]int32{7, 7}, States: -1}, 100},
	} {
		ran := 0
		got, err := Compare(context.Background(), a, tt.b, func(n int) { ran = n })
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if (got.At != nil) != (tt.frame >= 0) || got.At != nil && (got.At.X != tt.frame&7 || got.At.Y != 0 || got.At.A == got.At.B) {
			t.Errorf("%s: texel %+v", name, got.At)
		}
		if got.At = nil; got != tt.want || ran != tt.runs {
			t.Errorf("%s: %+v after %d frames, want %+v after %d", name, got, ran, tt.want, tt.runs)
		}
	}
}

// TestWhatIsNotSeenIsToldApart: seeds, and variables.
func TestWhatIsNotSeenIsToldApart(t *testing.T) {
	const source = "loop:\nPLOT 1 1 0xff0000\nSET n += mb\nFRAME\nJMP loop\n"
	a := playedAs(t, source, 1, 50, still)
	got, err := Compare(context.Background(), a, playedAs(t, source, 2, 50, still), nil)
	if want := (Comparison{Equal: true, Frame: 50, Seeds: [2]int32{1, 2}, States: -1}); err != nil || got != want {
		t.Errorf("other seeds: %+v, %v", got, err)
	}
	got, err = Compare(context.Background(), a, playedAs(t, source, 1, 50, func(i int) machine.Input {
		return machine.Input{MouseX: int32(i), Buttons: int32(i / 30)}
	}), nil)
	if want := (Comparison{Equal: true, Frame: 50, Seeds: [2]int32{1, 1}, States: 30}); err != nil || got != want {
		t.Errorf("another n: %+v, %v", got, err)
	}
}

func TestOtherBudgetsAreNoOtherState(t *testing.T) {
	a, b := played(t, 30, moving), &Recording{Program: assemble(t, counter), Seed: 7}
	if _, err := b.Run(context.Background(), &reference{}, 30, 2000, moving); err != nil {
		t.Fatal(err)
	}
	if got, err := Compare(context.Background(), a, b, nil); err != nil || !got.Equal || got.States >= 0 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestACompareEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	_, err := Compare(ctx, played(t, 40, moving), played(t, 40, still), func(n int) { cancel() })
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
