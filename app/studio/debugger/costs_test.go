package debugger

import (
	"context"
	"fmt"
	"strings"
	"testing"
)

// lineCosts writes the hits and the instructions of some lines, once they are counted.
func (h *hand) lineCosts(lines ...int) string {
	h.t.Helper()
	h.Overlays().Costs().Update()
	done := false
	h.glance(ofPictures, func(context.Context) (func(), error) { return func() { done = true }, nil })
	for !done {
		(<-h.posts)()
	}
	var out []string
	for _, line := range lines {
		if hits, cycles, ok := h.Overlays().Costs().On("", line); ok {
			out = append(out, fmt.Sprintf("%d: %d", line, hits))
			if cycles < hits {
				h.t.Errorf("line %d was begun %d times in %d instructions", line, hits, cycles)
			}
		}
	}
	return strings.Join(out, ", ")
}

func TestLinesCostWhatTheyTookOfTheFrame(t *testing.T) {
	h := newHand(t, ".canvas 8 4 pixel\nk = 1, k = 2\nloop:\nEACH\n  v = px\n  IF v > 5\n    v = v * 2\n  END\n  PUT v\nEND\nFRAME\nJMP loop\n", 3)
	h.follow()
	h.settle()
	is := func(want, where string) {
		t.Helper()
		if got := h.lineCosts(1, 2, 4, 5, 7, 9); got != want {
			t.Errorf("%s: %q, want %q", where, got, want)
		}
	}
	is("4: 1, 5: 32, 7: 8, 9: 32", "at the present")
	h.Frame(0)
	h.settle()
	if _, _, ok := h.Overlays().Costs().On("", 4); ok {
		t.Error("those of another frame are told")
	}
	is("2: 1, 4: 1, 5: 32, 7: 8, 9: 32", "in the first frame")
	h.Overlays().Costs().Show(false)
	is("", "hidden")
	h.Overlays().Costs().Show(true)
	is("2: 1, 4: 1, 5: 32, 7: 8, 9: 32", "shown again")
	h.set("k", 9)
	is("2: 1, 4: 1, 5: 32, 7: 8, 9: 32", "in a branch")
	h.Overlays().Costs().Show(false)
	w := h.worker
	h.Close()
	<-w.done
	if h.Overlays().Costs().Shown() {
		t.Error("closing the debugger shows them again")
	}
}
