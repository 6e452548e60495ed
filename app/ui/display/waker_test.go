package display

import (
	"sync/atomic"
	"testing"
	"time"
)

// A window that is between two events ignores Invalidate; the wake-up must
// come through all the same, and must end when a frame has begun.
func TestAWakeUpIsNotLostOnABusyWindow(t *testing.T) {
	var asked atomic.Int32
	frame := make(chan struct{}, 1)
	w := NewWaker(func() {
		if asked.Add(1) == 4 { // deaf to the first three
			frame <- struct{}{}
		}
	})
	defer w.Stop()
	w.Wake()
	select {
	case <-frame:
	case <-time.After(2 * time.Minute):
		t.Fatal("the window was never woken")
	}
	w.Seen()
	if w.seen.Load() != w.asked.Load() {
		t.Error("a frame that has begun does not count")
	}
}
