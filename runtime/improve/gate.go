package improve

import (
	"context"
	"sync"
	"sync/atomic"
)

// Gate is where improving stands still while something else comes first. It is open at
// the beginning. Its methods may be called from any goroutine.
type Gate struct {
	shut   atomic.Bool
	mu     sync.Mutex
	opened chan struct{} // of a shut gate
}

// Shut has whoever improves in a context of this gate stand still, at the next frame of
// a candidate at the latest.
func (g *Gate) Shut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.shut.Load() {
		g.opened = make(chan struct{})
		g.shut.Store(true)
	}
}

// Open lets them go on.
func (g *Gate) Open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.shut.Load() {
		g.shut.Store(false)
		close(g.opened)
	}
}

// wait waits until the gate is open. The error is the context's.
func (g *Gate) wait(ctx context.Context) error {
	for g.shut.Load() {
		g.mu.Lock()
		opened := g.opened
		g.mu.Unlock()
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-opened:
		}
	}
	return nil
}

type gateKey struct{}

// WithGate gives a context in which improving stands still while the gate is shut.
func WithGate(ctx context.Context, g *Gate) context.Context {
	return context.WithValue(ctx, gateKey{}, g)
}

// Rest waits while the gate of the context, if it has one, is shut. Proposers and provers
// that work for long call it between pieces of their work. The error is the context's.
func Rest(ctx context.Context) error {
	if g, ok := ctx.Value(gateKey{}).(*Gate); ok {
		return g.wait(ctx)
	}
	return nil
}
