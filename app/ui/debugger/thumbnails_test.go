package debugger

import (
	"slices"
	"testing"

	"gvpie/app/studio/debugger"
)

func TestPicturesAlongTheTimelineStayWhereTheyAreWhileTheRunGrows(t *testing.T) {
	for last, want := range map[int][]int{0: {10}, 4: {10, 11, 12, 13, 14}, 5: {10, 12, 14}, 9: {10, 12, 14, 16, 18}, 10: {10, 13, 16, 19}, 15: {10, 14, 18, 22}} {
		if got := stops(&debugger.Moment{First: 10, Last: 10 + last}, 5); !slices.Equal(got, want) {
			t.Errorf("of %d frames those of %v are shown, want %v", last, got, want)
		}
	}
	for name, c := range map[string]struct {
		branches []debugger.Branch
		left     int
		ok       bool
	}{
		"the run as it was": {[]debugger.Branch{{Here: true}, {Depth: 1, At: debugger.Position{Frame: 3}}}, 0, false},
		"a branch":          {[]debugger.Branch{{}, {Depth: 1, At: debugger.Position{Frame: 3}, Here: true}}, 3, true},
		"a branch of one":   {[]debugger.Branch{{}, {Depth: 1, At: debugger.Position{Frame: 3}}, {Depth: 2, At: debugger.Position{Frame: 9}, Here: true}}, 3, true},
	} {
		if left, ok := leftAt(&debugger.Moment{Branches: c.branches}); left != c.left || ok != c.ok {
			t.Errorf("%s: left at %d, %v", name, left, ok)
		}
	}
	for last := range 5000 {
		if n := len(stops(&debugger.Moment{Last: last}, 7)); n > 7 || last > 7 && n < 4 {
			t.Errorf("of %d frames %d are shown", last, n)
		}
	}
}
