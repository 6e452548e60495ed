package agent

import "time"

// Clock is the time by which the loop waits. After must wait by a clock that
// nobody sets, as time.After does: then a computer whose date jumps neither
// stalls the loop nor makes it run without rest.
type Clock interface {
	Now() time.Time
	After(d time.Duration) <-chan time.Time
}

// WallClock is the real time.
type WallClock struct{}

func (WallClock) Now() time.Time                         { return time.Now() }
func (WallClock) After(d time.Duration) <-chan time.Time { return time.After(d) }

// rest is how long to sleep after a cycle that began and ended at these times,
// so that cycles begin an interval apart. A cycle that took long is still
// followed by a tenth of the interval, and a clock that was set in between
// changes nothing beyond that.
func rest(interval time.Duration, began, ended time.Time) time.Duration {
	return min(max(interval-ended.Sub(began), interval/10), interval)
}

// roughly is a wait as it is told to a person: the interval, when a short cycle
// has taken little of it.
func roughly(wait, interval time.Duration) time.Duration {
	if wait > interval-interval/10 {
		return interval
	}
	return wait
}
