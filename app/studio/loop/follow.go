package loop

import (
	"time"

	"gvpie/runtime/agent"
)

// The window is told of events gathered: the loop goes through a cycle faster than
// anybody reads, and each telling is a frame to draw.
const (
	followSoon = 200 * time.Millisecond  // after an event that a person may wait for, or that says more than that scripts run
	followCalm = 1500 * time.Millisecond // after any other that comes out of quiet: mostly that is a whole cycle
	followRest = 2 * time.Second         // the most between two tellings of a loop that does nothing else but run scripts, and goes on doing so
	steeredFor = 30 * time.Second        // after the loop was steered a person may wait for what it does
)

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
	f.m.steer()
	rest, told := followSoon, time.Time{}
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
			if time.Since(told) > followRest {
				rest = followCalm
				if time.Since(time.Unix(0, f.m.steered.Load())) < steeredFor {
					rest = followSoon
				}
			}
			last = f.gather(e, events, last, rest)
			rest, told = min(2*rest, followRest), time.Now()
		}
	}
}

// gather tells the window of an event and of those that come soon after it, and gives
// the status after them. News that says more than that scripts run does not wait for
// all of rest.
func (f follower) gather(e agent.Event, events <-chan agent.Event, last agent.Status, rest time.Duration) agent.Status {
	written := wrote(e)
	gathered := time.After(rest)
	soon := false
	for more := true; more; {
		if !soon && notable(last, e.Status) {
			soon, gathered = true, time.After(followSoon)
		}
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
	if !written {
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

// steer notes that a person steers the loop, and may wait for what it does.
func (m *Monitor) steer() { m.steered.Store(time.Now().UnixNano()) }

// notable says that a status differs from the one told last by more than how far the
// loop is with its scripts.
func notable(told, now agent.Status) bool {
	return told.Paused != now.Paused || told.Unready != now.Unready || told.Healthy != now.Healthy || told.Notice() != now.Notice()
}
