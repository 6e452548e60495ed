package loop

import (
	"context"
	"sync"

	"gvpie/app/studio/mailbox"
)

// background is what the parts of a Monitor share: how long their goroutines may
// live, and the way back to the window's goroutine.
type background struct {
	ctx    context.Context
	cancel context.CancelFunc
	work   sync.WaitGroup
	window Window
}

func newBackground(w Window) *background {
	b := &background{window: w}
	b.ctx, b.cancel = context.WithCancel(context.Background())
	return b
}

// spawn runs a goroutine that close waits for; it is to end with ctx.
func (b *background) spawn(f func()) { b.work.Go(f) }

func (b *background) close() {
	b.cancel()
	b.work.Wait()
}

// answer takes questions one at a time, until the context ends: read answers one,
// off the window's goroutine, and show takes the answer in, on it.
func answer[Q, A any](b *background, questions mailbox.Latest[Q], read func(Q) A, show func(Q, A)) {
	for {
		select {
		case <-b.ctx.Done():
			return
		case q := <-questions.C:
			a := read(q)
			b.window.Post(func() { show(q, a) })
		}
	}
}
