package loop

import (
	"context"
	"fmt"
	"sync"

	"gvpie/runtime/agent"
	"gvpie/runtime/api"
)

// A remote follows the loop of the process that has the data folder, over its API,
// and lets the window drive it. It belongs to the goroutine that looks at the folder.
type remote struct {
	m      *Monitor
	holder agent.Holder
	looks  chan struct{} // takes a look where the following waits for the next
	leave  func()        // ends the following; nil: nobody is followed
}

func newRemote(m *Monitor) *remote { return &remote{m: m, looks: make(chan struct{})} }

// look takes in who has the folder at a look at it, and tries an API again that did
// not answer.
func (r *remote) look(h agent.Holder) {
	if h == r.holder {
		select {
		case r.looks <- struct{}{}:
		default:
		}
		return
	}
	r.close()
	r.holder = h
	m := r.m
	m.bg.window.Post(func() { m.lockHolder = h })
	if h.API == "" {
		return
	}
	ctx, cancel := context.WithCancel(m.bg.ctx)
	var following sync.WaitGroup
	following.Go(func() { r.follow(ctx, h) })
	r.leave = func() {
		cancel()
		following.Wait()
		m.bg.window.Post(func() { r.undriven("") })
	}
}

// close follows nobody from here on.
func (r *remote) close() {
	if r.leave != nil {
		r.leave()
		r.leave = nil
	}
	r.holder = agent.Holder{}
}

// follow tells the window what the loop of a holder is doing, until ctx ends. A
// connection that ends is no news: the process may be about to end. One that cannot
// be made again is.
func (r *remote) follow(ctx context.Context, h agent.Holder) {
	c := api.NewClient(r.m.cfg.Data, h.API)
	defer c.Close()
	for {
		told := false
		err := r.events(ctx, c, &told)
		if ctx.Err() != nil {
			return
		}
		if !told {
			r.m.bg.window.Post(func() {
				r.undriven(fmt.Sprintf("The loop of %s can only be looked at: %v", h.Name(), err))
			})
		}
		select {
		case <-ctx.Done():
			return
		case <-r.looks:
		}
	}
}

// events tells the window what comes over one connection, and whether anything did.
func (r *remote) events(ctx context.Context, c *api.Client, told *bool) error {
	m, events := r.m, make(chan agent.Event)
	var following sync.WaitGroup
	defer following.Wait()
	defer close(events)
	following.Go(func() {
		judged := func(last agent.Status) agent.Status {
			if why, err := c.Ready(ctx); err == nil { // else it is the events that will end
				last.Unready = why
			}
			return last
		}
		follower{m, judged, func(s agent.Status) { m.driver, m.state, m.status, m.apiError = c, Driven, s, "" }}.follow(events)
	})
	return c.Follow(ctx, func(e agent.Event) {
		*told = true
		events <- e
	})
}

// undriven takes in that the loop of the other process cannot be driven, or not any
// more, and why, unless that is no fault.
func (r *remote) undriven(why string) {
	m := r.m
	m.driver, m.state, m.status, m.apiError = nil, ReadOnly, agent.Status{}, why
}
