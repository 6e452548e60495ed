package loop

import (
	"sync/atomic"
	"time"
)

// Frames that follow each other within busyFrames are drawn for somebody who uses the
// window, or looks at a program that runs: a window that is left alone draws one now and
// then. A program that nobody has touched the window beside for leftAlone runs for nobody:
// one that is left running over night keeps nothing from being done. The loop is told each
// tellEvery, which is less than it stands still for.
const (
	busyFrames = 100 * time.Millisecond
	leftAlone  = 2 * time.Minute
	tellEvery  = 500 * time.Millisecond
)

// activity is what the loop is told of the window's being used.
type activity struct {
	drawn, told time.Time
	touched     time.Time   // when a person last did something
	telling     atomic.Bool // the loop's process has not answered yet
}

// Drawn takes in that the window draws a frame, and whether a person has done something
// since the last, and has what the loop does in idle time stand still while frame follows
// on frame.
func (m *Monitor) Drawn(now time.Time, touched bool) {
	a := &m.activity
	if touched || a.touched.IsZero() {
		a.touched = now
	}
	busy := now.Sub(a.drawn) <= busyFrames && now.Sub(a.touched) < leftAlone
	a.drawn = now
	if !busy || m.driver == nil || now.Sub(a.told) < tellEvery || !a.telling.CompareAndSwap(false, true) {
		return
	}
	a.told = now
	d := m.driver
	m.bg.spawn(func() {
		defer a.telling.Store(false)
		_ = d.Input(m.bg.ctx) // a loop that cannot be told is shown by all else that is asked of it
	})
}
