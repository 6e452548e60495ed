package api

import "sync"

// A quota is an amount of memory that requests share. Nobody waits for it: what
// does not fit is refused, and whoever holds some gives it back when done.
type quota struct {
	mu   sync.Mutex
	free int64
}

func (r *quota) take(n int64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if n > r.free {
		return false
	}
	r.free -= n
	return true
}

func (r *quota) give(n int64) {
	r.mu.Lock()
	r.free += n
	r.mu.Unlock()
}

// errMemory answers what does not fit.
func errMemory() error {
	return later(503, 2, "too many large requests at once; try again in a moment")
}
