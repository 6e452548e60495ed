package store

import (
	"context"
	"sync"
)

// A task is something that is done in the background, by one goroutine at a time, until
// it is halted.
type task struct {
	mu              sync.Mutex
	running, closed bool
	stop            context.CancelFunc
	done            sync.WaitGroup
}

// begin does it, unless it is being done or was halted for good, and says whether it
// began.
func (t *task) begin(do func(context.Context)) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.running || t.closed {
		return false
	}
	ctx, stop := context.WithCancel(context.Background())
	t.stop, t.running = stop, true
	t.done.Go(func() {
		defer stop()
		do(ctx)
		t.mu.Lock()
		t.running = false
		t.mu.Unlock()
	})
	return true
}

// halt ends what is being done, and waits for that; for good when closed.
func (t *task) halt(closed bool) {
	t.mu.Lock()
	t.closed = t.closed || closed
	if t.stop != nil {
		t.stop()
	}
	t.mu.Unlock()
	t.done.Wait()
}
