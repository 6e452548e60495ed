package display

import (
	"sync/atomic"
	"time"
)

// Waker turns wake-ups from any goroutine into frames of the window, and loses
// none.
//
// app.Window.Invalidate does nothing while the window is between taking an
// event and waiting for the next; a picture that is finished just then would
// stay unseen until something else happens. So a wake-up is asked for again
// until a frame has begun after it.
type Waker struct {
	invalidate func()
	asked      atomic.Uint64
	seen       atomic.Uint64
	suspended  atomic.Bool
	ping       chan struct{}
	quit       chan struct{}
}

// wakeRetry is how long the waker waits for a frame before it asks again; it
// grows up to wakeRest, for a window that is minimised.
const (
	wakeRetry = time.Millisecond
	wakeRest  = 64 * time.Millisecond
)

// NewWaker makes one that asks invalidate for frames; Stop ends it.
func NewWaker(invalidate func()) *Waker {
	w := &Waker{invalidate: invalidate, ping: make(chan struct{}, 1), quit: make(chan struct{})}
	go w.loop()
	return w
}

// Wake asks for a frame. It never blocks.
func (w *Waker) Wake() {
	w.asked.Add(1)
	select {
	case w.ping <- struct{}{}:
	default:
	}
}

// Suspend says that nobody sees the window: after one more frame it is asked for none, until
// somebody does, who then sees all that has come. It never blocks.
func (w *Waker) Suspend(on bool) {
	w.suspended.Store(on)
	w.Wake()
}

// Seen says that a frame begins now, which will take in all that was there.
func (w *Waker) Seen() { w.seen.Store(w.asked.Load()) }

// Stop ends the waker.
func (w *Waker) Stop() { close(w.quit) }

func (w *Waker) loop() {
	rests := false // the frame that a suspended waker allows has been
	for {
		select {
		case <-w.quit:
			return
		case <-w.ping:
		}
		suspended := w.suspended.Load()
		if suspended && rests {
			continue
		}
		rests = suspended
		asked := w.asked.Load()
		for wait := wakeRetry; w.seen.Load() < asked; wait = min(2*wait, wakeRest) {
			w.invalidate()
			select {
			case <-w.quit:
				return
			case <-time.After(wait):
			}
		}
	}
}
