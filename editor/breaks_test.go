package editor

import (
	"slices"
	"testing"

	"gioui.org/f32"
)

func TestBreakpointsMoveWithTheText(t *testing.T) {
	e := New()
	e.SetText("one\ntwo\nthree\nfour\nfive\n")
	for _, line := range []int{4, 2, 5, 3, 5} {
		e.Breaks.Toggle(line)
	}
	want := func(what string, lines ...int) {
		t.Helper()
		if got := e.Breaks.Lines(); !slices.Equal(got, lines) {
			t.Errorf("%s: breakpoints on %v, want %v", what, got, lines)
		}
	}
	want("at first", 2, 3, 4)
	e.Replace(0, 0, "zero\n")
	want("a line before them", 3, 4, 5)
	e.Replace(len("zero\none\ntwo"), len("zero\none\ntwo"), "\n2.5")
	want("a line among them", 3, 5, 6)
	e.Replace(len("zero\none\n"), len("zero\none\ntwo\n2.5\nthree\n"), "")
	want("three lines gone", 3)
	e.Undo()
	want("and back", 6)
}

func TestTheGuttersEdgeSetsBreakpoints(t *testing.T) {
	b := open(t, "one\ntwo\nthree\n")
	b.click(f32.Pt(6, float32(b.lineTop(1)+2)), 1, 0)
	if got := b.Breaks.Lines(); !slices.Equal(got, []int{2}) {
		t.Fatalf("breakpoints on %v, want the second line", got)
	}
	if from, to := b.Selection(); from != to {
		t.Error("the line is selected too")
	}
}
