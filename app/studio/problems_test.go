package studio

import (
	"testing"
	"time"
)

func TestTheLineBeingTypedIsNotWrongYet(t *testing.T) {
	r, s := newHandRunner()
	s.NewDocument()
	now := time.Unix(1000, 0)
	s.Edit("HALT\n")
	said := func(what string, want ...int) {
		t.Helper()
		var got []int
		for _, p := range r.Problems() {
			got = append(got, p.Pos.Line)
		}
		if len(got) != len(want) || len(got) > 0 && got[0] != want[0] {
			t.Errorf("%s: problems on lines %v, want %v", what, got, want)
		}
		if wrong := len(want) > 0; r.LastGood() != wrong || r.Wrong(s.Active()) != wrong {
			t.Errorf("%s: the canvas shows the last good program: %v, the text is wrong: %v", what, r.LastGood(), r.Wrong(s.Active()))
		}
	}
	s.Edit("HALT\nPLOT (\n")
	due := r.Caret(2, true, now)
	if !due.Equal(now.Add(TypingTime)) {
		t.Errorf("due at %v", due)
	}
	said("while it is typed")
	now = now.Add(TypingTime - 1)
	r.Caret(2, false, now)
	said("within the second")
	r.Caret(2, false, now.Add(1))
	said("a second later", 2)

	s.Edit("HALT\nPLOT ((\n")
	r.Caret(2, true, now)
	said("it is typed on")
	if due := r.Caret(1, false, now); !due.IsZero() {
		t.Errorf("due at %v with nothing to come", due)
	}
	said("it is left", 2)
	r.Caret(2, false, now)
	said("it is come back to", 2)

	s.Edit("HALT\nPLOT ((\nPLO")
	r.Caret(3, true, now)
	said("another is typed", 2)
	s.NewDocument()
	s.Edit("HALT\n\nPLO")
	r.Caret(3, false, now)
	said("another document", 3)
}

func TestAWarningIsNotAnError(t *testing.T) {
	r, s := newHandRunner()
	s.NewDocument()
	if r.LastGood() || r.Wrong(s.Active()) {
		t.Error("an empty document is wrong")
	}
	s.Edit("SET x = 3\nPLOT x - 1 x\nHALT\n")
	if len(r.Problems()) == 0 || r.LastGood() || r.Wrong(s.Active()) {
		t.Errorf("%v are errors", r.Problems())
	}
	s.Edit("PLOT (\n")
	if !r.LastGood() {
		t.Error("the program of before is not said to be shown")
	}
	s.Close(0)
	if r.LastGood() {
		t.Error("nothing is shown")
	}
}
