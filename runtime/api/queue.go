package api

import (
	"context"
	"net/http"
	"time"
)

// A queue lets a number of runs in at once and makes some more wait. The rest of
// the computer is the window's and the loop's.
type queue struct {
	slots    chan struct{}
	waiting  chan struct{}
	patience time.Duration
}

func newQueue(slots, waiting int, patience time.Duration) *queue {
	return &queue{make(chan struct{}, slots), make(chan struct{}, waiting), patience}
}

// enter waits for a turn; the caller calls leave when done. When too many wait
// already, or the turn does not come, it refuses with a time to try again.
func (q *queue) enter(ctx context.Context) (leave func(), err error) {
	leave = func() { <-q.slots }
	select {
	case q.slots <- struct{}{}:
		return leave, nil
	default:
	}
	select {
	case q.waiting <- struct{}{}:
		defer func() { <-q.waiting }()
	default:
		return nil, later(http.StatusTooManyRequests, 1, "%d runs are in hand and %d wait; try again in a moment", cap(q.slots), cap(q.waiting))
	}
	timer := time.NewTimer(q.patience)
	defer timer.Stop()
	select {
	case q.slots <- struct{}{}:
		return leave, nil
	case <-timer.C:
		return nil, later(http.StatusServiceUnavailable, 2, "the runs in hand take long; try again in a moment")
	case <-ctx.Done():
		return nil, later(http.StatusServiceUnavailable, 2, "the program is closing, or nobody waits for the answer")
	}
}
