package studio

import (
	"testing"

	"gvpie/runtime/machine"
)

// TestTheWheelIsSeenOnce: its turns between two frames add up, and the keys that are
// held beside it stay.
func TestTheWheelIsSeenOnce(t *testing.T) {
	r := Runner{player: &player{in: newRequests(true, 0)}}
	r.SetInput(machine.Input{Buttons: 1})
	r.TurnWheel(2)
	r.TurnWheel(-5)
	q, _ := r.player.in.take()
	if got := q.tapped.in(q.input); got.Wheel != -3 || got.Buttons != 1 {
		t.Errorf("%+v", got)
	}
	if q, _ = r.player.in.take(); q.tapped.in(q.input).Wheel != 0 {
		t.Error("the next frame sees it too")
	}
}
