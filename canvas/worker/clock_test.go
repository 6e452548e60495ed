package worker

import (
	"sync"
	"time"
)

// fakeClock stands still until it is told to go on.
type fakeClock struct {
	mu     sync.Mutex
	cond   *sync.Cond
	now    time.Time
	timers map[*fakeTimer]struct{}
}

type fakeTimer struct {
	c     *fakeClock
	at    time.Time
	d     time.Duration
	f     func()
	armed bool
}

func newFakeClock() *fakeClock {
	c := &fakeClock{now: time.Unix(0, 0), timers: map[*fakeTimer]struct{}{}}
	c.cond = sync.NewCond(&c.mu)
	return c
}

func (c *fakeClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *fakeClock) AfterFunc(d time.Duration, f func()) Timer {
	t := &fakeTimer{c: c, f: f}
	t.Reset(d)
	return t
}

func (t *fakeTimer) Reset(d time.Duration) bool {
	t.c.mu.Lock()
	defer t.c.mu.Unlock()
	was := t.armed
	t.at, t.d, t.armed = t.c.now.Add(d), d, true
	t.c.timers[t] = struct{}{}
	t.c.cond.Broadcast()
	return was
}

func (t *fakeTimer) Stop() bool {
	t.c.mu.Lock()
	defer t.c.mu.Unlock()
	was := t.armed
	t.armed = false
	delete(t.c.timers, t)
	return was
}

// await returns when a timer of duration d runs.
func (c *fakeClock) await(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for {
		for t := range c.timers {
			if t.d == d {
				return
			}
		}
		c.cond.Wait()
	}
}

// awaitFresh returns true when a timer of duration d runs that was set at this
// time, and false when p has ended.
func (c *fakeClock) awaitFresh(p *process, d time.Duration) bool {
	stop := make(chan struct{})
	defer close(stop)
	go func() {
		select {
		case <-p.dead:
			c.mu.Lock()
			c.cond.Broadcast()
			c.mu.Unlock()
		case <-stop:
		}
	}()
	c.mu.Lock()
	defer c.mu.Unlock()
	for p.alive() {
		for t := range c.timers {
			if t.d == d && t.at.Equal(c.now.Add(d)) {
				return true
			}
		}
		c.cond.Wait()
	}
	return false
}

func (c *fakeClock) advance(d time.Duration) {
	c.mu.Lock()
	c.now = c.now.Add(d)
	var due []func()
	for t := range c.timers {
		if !t.at.After(c.now) {
			t.armed = false
			delete(c.timers, t)
			due = append(due, t.f)
		}
	}
	c.mu.Unlock()
	for _, f := range due {
		f()
	}
}
