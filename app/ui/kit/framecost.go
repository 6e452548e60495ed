package kit

import (
	"slices"
	"time"
)

// FrameCost measures the processor time that a frame of the window takes, drawing
// included. A frame draws all of the window, so that without a GPU the blinking of a
// caret alone would keep a tenth of a core busy: there the caret is steady.
type FrameCost struct {
	began time.Duration // the process's time when the last frame began
	last  [8]time.Duration
	n     int // frames that have ended
}

// Begin says that a frame begins now, after the process has taken so much time.
func (c *FrameCost) Begin(taken time.Duration) {
	if c.began != 0 {
		c.last[c.n%len(c.last)] = taken - c.began
		c.n++
	}
	c.began = taken
}

// Under says whether a frame is known to take less: the cheapest of the last, for
// others may have had other work beside them.
func (c *FrameCost) Under(limit time.Duration) bool {
	return c.n >= len(c.last) && slices.Min(c.last[:]) < limit
}
