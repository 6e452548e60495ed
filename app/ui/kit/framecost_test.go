package kit

import (
	"testing"
	"time"
)

func TestTheCaretBlinksOnlyWhereFramesAreCheap(t *testing.T) {
	var c FrameCost
	now := time.Second
	frames := func(cost ...time.Duration) {
		for _, d := range cost {
			c.Begin(now)
			now += d * time.Millisecond
		}
		c.Begin(now)
		now += time.Second // of somebody else
	}
	const limit = 5 * time.Millisecond
	if c.Under(limit) {
		t.Error("frames are cheap before one was drawn")
	}
	frames(900, 2, 2)
	if c.Under(limit) {
		t.Error("three frames tell all")
	}
	frames(2, 30, 2, 2, 3, 4)
	if !c.Under(limit) {
		t.Error("frames of 2 ms are dear")
	}
	frames(30, 40, 50, 30, 40, 50, 30, 40)
	if c.Under(limit) {
		t.Error("frames of 30 ms are cheap")
	}
}
