package display

import (
	"runtime"
	"sync/atomic"
	"testing"
	"time"
)

// What nobody sees is not drawn: one frame, in which the window takes in that it is hidden,
// then none until it can be seen again.
func TestAHiddenWindowIsAskedForOneFrame(t *testing.T) {
	asked := make(chan struct{})
	w := NewWaker(func() { asked <- struct{}{} })
	defer w.Stop()
	w.Suspend(true)
	<-asked
	w.Seen()
	for range 3 {
		w.Wake()
		for len(w.ping) > 0 { // until the waker has taken it
			select {
			case <-asked:
				t.Fatal("a hidden window is asked for a frame")
			default:
				runtime.Gosched()
			}
		}
	}
	w.Suspend(false)
	<-asked
	w.Seen()
}

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
