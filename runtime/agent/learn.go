package agent

import (
	"time"

	"gvpie/runtime/store"
)

const (
	historyLength = 20 // durations kept of a script on an engine
	judgeFrom     = 5  // durations that a judgement needs
	slowTimes     = 3  // a slow run takes this many times the median, and
	slowBy        = 5 * time.Millisecond
	backoffMost   = time.Hour
)

// A history is the last durations of one script on one engine, oldest first.
type history struct {
	durations []time.Duration
}

func (h *history) add(d time.Duration) {
	if len(h.durations) == historyLength {
		h.durations = append(h.durations[:0], h.durations[1:]...)
	}
	h.durations = append(h.durations, d)
}

func (h *history) median() time.Duration { return store.Median(h.durations) }

// slow says whether a run of this duration is much slower than those before it.
func (h *history) slow(d time.Duration) bool {
	m := h.median()
	return len(h.durations) >= judgeFrom && d > slowTimes*m && d > m+slowBy
}

// A trend is how a script's durations develop.
type trend int

const (
	falling trend = iota - 1
	steady
	rising
)

func (t trend) String() string { return [...]string{"falling", "steady", "rising"}[t+1] }

// trend compares the median of the newer half with that of the older.
func (h *history) trend() trend {
	n := len(h.durations)
	if n < 2*judgeFrom {
		return steady
	}
	older, newer := store.Median(h.durations[:n/2]), store.Median(h.durations[n/2:])
	switch {
	case newer > older+older/4:
		return rising
	case newer < older-older/5:
		return falling
	}
	return steady
}

// backoff is how long a script is left alone that has failed so many times in a
// row. After the first failure its turn comes as always; then the wait doubles,
// up to backoffMost, and it is never given up. A wait ends half an interval
// before the cycle that it means, so that no cycle just misses it.
func backoff(failures int, interval time.Duration) time.Duration {
	if failures < 1 {
		return 0
	}
	wait := interval
	for n := 1; n < failures && wait < backoffMost; n++ {
		wait *= 2
	}
	wait = min(wait, max(backoffMost, interval))
	return wait - interval/2
}

// A scriptHistory is what the loop knows of one script beside its row.
type scriptHistory struct {
	name    string
	rate    float64             // of success, all its runs
	engines map[string]*history // by the name in improvement_runs.backend
	runs    int                 // since the last roll-up of its figures
}

func newScriptHistory(name string) *scriptHistory {
	return &scriptHistory{name: name, engines: map[string]*history{}}
}

// on is the script's history on an engine.
func (m *scriptHistory) on(backend string) *history {
	h := m.engines[backend]
	if h == nil {
		h = &history{}
		m.engines[backend] = h
	}
	return h
}
