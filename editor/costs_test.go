package editor

import (
	"image"
	"math"
	"testing"
	"time"

	"gioui.org/io/pointer"
	"gioui.org/layout"
)

// TestCostsStandAtTheEdgeAndMoveNoText: they come whenever a program is paused.
func TestCostsStandAtTheEdgeAndMoveNoText(t *testing.T) {
	b := open(t, "one\ntwo\nthree\n")
	wide, left := b.geometry.text.Max.X, b.originX()
	b.Notes.Costs = func(line int) (hits, cycles uint64, ok bool) { return 1, 1_234_567, line == 2 }
	b.frame()
	narrow := b.geometry.text.Max.X
	if b.originX() != left || narrow >= wide || narrow < wide-90 {
		t.Errorf("the text is from %d to %d, was from %d to %d", b.originX(), narrow, left, wide)
	}
	says := func(x, line int) string {
		t.Helper()
		at := layout.FPt(image.Pt(x, b.lineTop(line-1)+b.geometry.lineHeight/2))
		b.mouse(pointer.Move, at, 0)
		b.now = b.now.Add(time.Second)
		b.frame()
		if !b.hover.on {
			return ""
		}
		return b.hover.said.title + "; " + b.hover.said.body
	}
	const exact = "Begun once in this frame; 1\u2009234\u2009567 instructions in all"
	if got := says(narrow+10, 2); got != exact {
		t.Errorf("over the costs it says %q", got)
	}
	if got := says(narrow+10, 3); got != "" {
		t.Errorf("over a line that has none it says %q", got)
	}
	if got := says(4, 2); got != "" {
		t.Errorf("where breakpoints are set it says %q", got)
	}
	says(narrow+10, 2)
	b.Notes.Costs = func(int) (hits, cycles uint64, ok bool) { return 0, 0, false }
	if b.frame(); b.hover.on {
		t.Error("under a pointer that rests they are told though they are gone")
	}
	if b.geometry.text.Max.X != narrow {
		t.Error("their room changes while they are counted")
	}
	b.size.X = 250
	if b.frame(); b.geometry.text.Max.X != 250 || says(200, 2) != "" {
		t.Errorf("in a narrow editor the text ends at %d", b.geometry.text.Max.X)
	}
	b.size.X = 520
	b.Notes.Costs = nil
	if b.frame(); b.geometry.text.Max.X != wide || says(narrow+10, 2) != "" {
		t.Error("they have room though there are none")
	}
}

func TestShortNumbersFitTheirColumn(t *testing.T) {
	for _, tt := range []struct {
		n    uint64
		want string
	}{
		{0, "0"}, {9999, "9999"}, {10_000, "10k"}, {999_999, "999k"}, {1_000_000, "1.0M"}, {9_960_000, "9.9M"}, {57_600_000, "57M"}, {math.MaxUint64, "18E"},
	} {
		if got := short(tt.n); got != tt.want || len(got) > costDigits {
			t.Errorf("%d is %q, want %q", tt.n, got, tt.want)
		}
	}
}
