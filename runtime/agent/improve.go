package agent

import (
	"context"
	"time"

	"gvpie/runtime/agent/idle"
	"gvpie/runtime/store"
)

// newImprover gives what improves scripts while the loop sleeps; nil: nothing does.
func newImprover(a *Agent) *idle.Improver {
	if a.cfg.Improve == nil {
		return nil
	}
	c := *a.cfg.Improve
	c.Store, c.Clock, c.Failed = a.store, a.clock, a.warn
	c.Panicked = func(p any) { a.panicked("improving scripts", p) }
	c.Offer = func(ctx context.Context, o store.Offer) (store.Offer, bool, error) {
		return AddOffer(ctx, a.store, a.cfg.Data, o)
	}
	c.Told = func(text string) {
		a.log.Info(text)
		a.console.found(text)
		a.tell(StatusChanged, nil, func(*Status) {}) // who shows offers looks for them
	}
	return idle.New(c)
}

// startImproving begins to improve; what it gives ends it.
func startImproving(ctx context.Context, a *Agent) (stop func()) {
	if a.idle == nil {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		a.idle.Run(ctx)
	}()
	return func() {
		cancel()
		late := time.NewTimer(a.patience)
		defer late.Stop()
		select {
		case <-ended:
		case <-late.C:
			a.log.Warn("a proposer does not end, and is left alone")
		}
	}
}

// Input tells the loop that somebody uses a window: what it does in idle time stands
// still for a while.
func (a *Agent) Input() {
	if a.idle != nil {
		a.idle.Input()
	}
}
