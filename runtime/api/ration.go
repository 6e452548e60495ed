package api

import "sync"

// A ration is an amount of memory that requests share. Nobody waits for it: what
// does not fit is refused, and whoever holds some gives it back when done.
type ration struct {
	mu   sync.Mutex
	free int64
}

func (r *ration) take(n int64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if n > r.free {
		return false
	}
	r.free -= n
	return true
}

func (r *ration) give(n int64) {
	r.mu.Lock()
	r.free += n
	r.mu.Unlock()
}

// errMemory answers what does not fit.
func errMemory() error {
	return later(503, 2, "too many large requests at once; try again in a moment")
}
