package loop

import (
	"time"

	"gvpie/runtime/agent"
)

// followEvery is how long events are gathered before the window is told of them:
// the loop goes through a cycle faster than anybody reads, and each telling is a
// frame to draw.
const followEvery = 200 * time.Millisecond

// readyEvery is the time between two looks at whether a loop of which nothing is heard
// does its work yet.
const readyEvery = 5 * time.Second

// A follower tells the window what a loop is doing.
type follower struct {
	m    *Monitor
	now  func(last agent.Status) agent.Status // as it is to be judged while nothing happens
	took func(agent.Status)                   // takes it in, on the window's goroutine
}

// follow tells the window of events, until they end. Where something was written the
// lists are read again, and the frame that brings them brings this too.
func (f follower) follow(events <-chan agent.Event) {
	var last agent.Status
	look := after(f.m.cfg.Clock, readyEvery)
	for {
		select {
		case <-look:
			look = after(f.m.cfg.Clock, readyEvery)
			if s := f.now(last); s.Unready != last.Unready {
				last = s
				f.m.bg.window.Post(func() { f.took(s) })
			}
		case e, ok := <-events:
			if !ok {
				return
			}
			last = f.gather(e, events)
		}
	}
}

// gather tells the window of an event and of those that come soon after it, and gives
// the status after them.
func (f follower) gather(e agent.Event, events <-chan agent.Event) agent.Status {
	written := wrote(e)
	gathered := time.After(followEvery)
	for more := true; more; {
		select {
		case next, ok := <-events:
			if more = ok; ok {
				e, written = next, written || wrote(next)
			}
		case <-gathered:
			more = false
		}
	}
	news := func() { f.took(e.Status) }
	if !written || f.m.rests.Load() {
		f.m.bg.window.Post(news)
	} else {
		f.m.bg.window.Queue(news)
	}
	if written {
		f.m.writes.Offer(true)
	}
	return e.Status
}

// after is a wait by the loop's clock; nil is the real one.
func after(c agent.Clock, d time.Duration) <-chan time.Time {
	if c == nil {
		return time.After(d)
	}
	return c.After(d)
}

// wrote says whether an event tells of something new in the database.
func wrote(e agent.Event) bool { return e.Kind == agent.RunFinished || e.Kind == agent.CycleFinished }
