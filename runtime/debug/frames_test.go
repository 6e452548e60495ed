package debug

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"gvpie/runtime/pxl/pxltest"
)

const counted = "DEF twice(n)\nRETURN n * 2\nEND\nloop:\nx = x + frame\nPLOT frame 0 red\nFRAME\nIF frame == 9 HALT\nJMP loop\n"

// TestTheFirstAndTheLastFrameWhere: what cannot be told of a frame is not so there, and a
// search that finds nothing leaves the session where it was.
func TestTheFirstAndTheLastFrameWhere(t *testing.T) {
	for _, c := range []struct {
		text        string
		from, to    int
		first, last int // -1: none
		looked      int // by First
		remark      string
	}{
		{"x > 5", 0, 100, 3, 9, 4, ""},
		{"frame == 7", 2, 100, 7, 7, 6, ""},
		{"x == 36 && frame == 9", 0, 100, 9, 9, 10, ""},
		{"x < 20", 0, math.MaxInt, 0, 5, 1, ""},
		{"x < 20", 2, 5, 2, 4, 1, ""},
		{"x > 99", 0, math.MaxInt, -1, -1, 10, ""},
		{"12 / (x - 3) == 4", 0, 100, 3, 3, 4, "frame 2"},
		{"peek(4, 0) != 0", 0, 100, 4, 9, 5, ""},
		{"peek(frame, 0) && !peek(frame + 1, 0)", 0, 100, 0, 8, 1, ""},
		{"frame == 1 && x", 0, 100, 1, 1, 2, ""},
		{"twice(x) == 30", 0, 100, 5, 5, 6, ""},
	} {
		s, err := New(Run{Assembly: pxltest.Assemble(t, counted)})
		if err != nil {
			t.Fatal(err)
		}
		s.spacing = 0
		for i, look := range []func(context.Context, string, int, int) (Found, error){s.First, s.Last} {
			here := Position{Frame: 3, Cycle: 2}
			if err := s.Go(t.Context(), here); err != nil {
				t.Fatal(err)
			}
			if i == 1 {
				if err := s.Go(t.Context(), Position{Frame: 20}); err != nil { // so that all is known
					t.Fatal(err)
				}
				here = s.at
			}
			got, err := look(t.Context(), c.text, c.from, c.to)
			if err != nil {
				t.Fatal(err)
			}
			want := []int{c.first, c.last}[i]
			if got.OK != (want >= 0) || got.OK && got.At.Frame != want || i == 0 && got.Looked != c.looked {
				t.Errorf("%s in frames %d to %d, %d: %+v, want frame %d", c.text, c.from, c.to, i, got, want)
			}
			if i == 0 && (!strings.HasPrefix(got.Remark, c.remark) || (got.Remark == "") != (c.remark == "")) {
				t.Errorf("%s: the remark is %q", c.text, got.Remark)
			}
			if got.OK {
				here = got.At
			}
			if s.at != here {
				t.Errorf("%s: the session stands at %v, want %v", c.text, s.at, here)
			}
			if got.OK {
				if v, err := s.Evaluate(t.Context(), "x", 0); err != nil || v != []int32{0, 1, 3, 6, 10, 15, 21, 28, 36, 36}[want] {
					t.Errorf("%s: x is %d there, %v", c.text, v, err)
				}
			}
		}
	}
}

func TestSearchesThatCannotBe(t *testing.T) {
	s, err := New(Run{Assembly: pxltest.Assemble(t, counted), Frames: 5})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Go(t.Context(), Position{Frame: 2}); err != nil {
		t.Fatal(err)
	}
	here := s.at
	if _, err := s.First(t.Context(), "x +", 0, 9); err == nil {
		t.Error("half an expression is taken")
	}
	if _, err := s.First(t.Context(), "x", 5, 9); err == nil || !strings.Contains(err.Error(), "there is no frame 5: the last is frame 4") {
		t.Errorf("a frame that is not there: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	s.Progress = func(done, all int) {
		if done == 2 && all == 5 {
			cancel()
		}
	}
	if f, err := s.First(ctx, "x > 99", 0, 5); !errors.Is(err, context.Canceled) || f.Looked != 2 {
		t.Errorf("a search that was given up: %+v, %v", f, err)
	}
	if s.at != here {
		t.Errorf("the session stands at %v, want %v", s.at, here)
	}
	// In frames that were dropped.
	s.branch.ring.Limit(0)
	if first := s.FirstFrame(); first > 0 {
		if _, err := s.First(t.Context(), "x", 0, 9); err == nil || !strings.Contains(err.Error(), "the first is frame") {
			t.Errorf("a frame that was dropped: %v", err)
		}
	}
}

func TestFramesThatAreEmpty(t *testing.T) {
	s, err := New(Run{Assembly: pxltest.Assemble(t, "x = 5\nFRAME\nFRAME\nx = 6\n")})
	if err != nil {
		t.Fatal(err)
	}
	if f, err := s.First(t.Context(), "frame == 1", 0, 9); err != nil || f.At != (Position{Frame: 1}) || f.Looked != 2 {
		t.Errorf("%+v, %v", f, err)
	}
}

func TestTheHistoryOfAnExpression(t *testing.T) {
	s, err := New(Run{Assembly: pxltest.Assemble(t, counted)})
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.History(t.Context(), "10 / (x - 3)", 1, 50)
	if err != nil || len(got) != 9 || s.at != (Position{}) {
		t.Fatalf("%v, %v, at %v", got, err, s.at)
	}
	for i, want := range []int32{-5, 0, 3, 1, 0, 0, 0, 0, 0} {
		if got[i].Frame != i+1 || got[i].Value != want || (got[i].Err != nil) != (i == 1) {
			t.Errorf("frame %d: %+v, want %d", i+1, got[i], want)
		}
	}
}
