package editor

import (
	"image"
	"math"
	"testing"
	"time"

	"gioui.org/io/pointer"
	"gioui.org/layout"
)

func TestCostsStandInTheGutterWhileThereAreAny(t *testing.T) {
	b := open(t, "one\ntwo\nthree\n")
	narrow := b.geometry.text.Min.X
	b.Notes.Costs = func(line int) (hits, cycles uint64, ok bool) { return 1, 1_234_567, line == 2 }
	b.frame()
	wide := b.geometry.text.Min.X
	if wide <= narrow || wide > narrow+90 {
		t.Errorf("the gutter is %d wide, was %d", wide, narrow)
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
	if got := says(breakRoom+20, 2); got != exact {
		t.Errorf("over the costs it says %q", got)
	}
	if got := says(breakRoom+20, 3); got != "" {
		t.Errorf("over a line that has none it says %q", got)
	}
	if got := says(4, 2); got != "" {
		t.Errorf("where breakpoints are set it says %q", got)
	}
	says(breakRoom+20, 2)
	b.Notes.Costs = func(int) (hits, cycles uint64, ok bool) { return 0, 0, false }
	if b.frame(); b.hover.on {
		t.Error("under a pointer that rests they are told though they are gone")
	}
	if b.geometry.text.Min.X != wide {
		t.Error("the text moves while they are counted")
	}
	b.Notes.Costs = nil
	if b.frame(); b.geometry.text.Min.X != narrow || says(breakRoom+20, 2) != "" {
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
