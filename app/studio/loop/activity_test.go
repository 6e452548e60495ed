package loop

import (
	"context"
	"testing"
	"time"
)

// told is a driver that is told of input.
type told struct {
	driver
	input chan struct{}
}

func (d told) Input(context.Context) error {
	d.input <- struct{}{}
	return nil
}

func TestTheLoopIsToldWhileFramesFollowEachOther(t *testing.T) {
	d := newHandDesk(t, nil)
	loop := told{input: make(chan struct{}, 1000)}
	now, touched := time.Unix(1e9, 0), false
	frame := func(after time.Duration) int {
		now = now.Add(after)
		d.Drawn(now, touched)
		d.catchUp()
		return len(loop.input)
	}
	if frame(0) != 0 || frame(time.Millisecond) != 0 {
		t.Error("a loop that is not there is told")
	}
	d.driver = loop
	for range 10 { // a caret that blinks
		if frame(500*time.Millisecond) != 0 {
			t.Fatal("the loop is told of a window that nobody uses")
		}
	}
	if frame(busyFrames) != 1 {
		t.Error("the loop is not told at once")
	}
	for range 60 {
		frame(16 * time.Millisecond)
	}
	if n := frame(16 * time.Millisecond); n != 2 {
		t.Errorf("it is told %d times in a second", n)
	}
	for begun := now; now.Before(begun.Add(leftAlone + time.Minute)); { // a program runs over night
		frame(50 * time.Millisecond)
	}
	before := frame(50 * time.Millisecond)
	for range 100 {
		if frame(50*time.Millisecond) != before {
			t.Fatal("the loop is told of a program that runs for nobody")
		}
	}
	touched = true
	if frame(50*time.Millisecond) != before+1 {
		t.Error("the loop is not told of somebody who comes back")
	}
}
