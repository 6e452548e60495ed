package debugger

import (
	"context"
	"sync"
)

// job is one thing to do in a session.
type job struct {
	do func(ctx context.Context)
	// drag: one of many on the way to somewhere, which the next of them makes pointless.
	drag    bool
	dropped func() // called in the place of do where it is not done
}

// worker does jobs one after another on a goroutine of its own, until it is closed.
type worker struct {
	mu     sync.Mutex
	jobs   []job
	added  chan struct{}
	stop   context.CancelFunc // of the job that is being done
	closed bool
	done   chan struct{}
}

func newWorker() *worker {
	w := &worker{added: make(chan struct{}, 1), stop: func() {}, done: make(chan struct{})}
	go w.loop()
	return w
}

// put adds a job. One of a drag takes the place of the last, if that is one too and has
// not begun.
func (w *worker) put(j job) {
	w.mu.Lock()
	var instead job
	if last := len(w.jobs) - 1; last >= 0 && j.drag && w.jobs[last].drag {
		instead, w.jobs[last] = w.jobs[last], j
	} else {
		w.jobs = append(w.jobs, j)
	}
	w.mu.Unlock()
	if instead.dropped != nil {
		instead.dropped()
	}
	w.poke()
}

// cancel gives up what is being done, and what was to be.
func (w *worker) cancel() {
	w.mu.Lock()
	dropped := w.jobs
	w.jobs = nil
	w.stop()
	w.mu.Unlock()
	for _, j := range dropped {
		j.dropped()
	}
}

// close is cancel for good. It does not wait: the goroutine ends as soon as the job that
// is being done has seen it.
func (w *worker) close() {
	w.mu.Lock()
	w.closed, w.jobs = true, nil
	w.stop()
	w.mu.Unlock()
	w.poke()
}

func (w *worker) poke() {
	select {
	case w.added <- struct{}{}:
	default:
	}
}

func (w *worker) loop() {
	defer close(w.done)
	for {
		j, ctx, open := w.next()
		switch {
		case !open:
			return
		case j.do == nil:
			<-w.added
		default:
			j.do(ctx)
		}
	}
}

// next takes the next job, if there is one; open is false once the worker is closed.
func (w *worker) next() (j job, ctx context.Context, open bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stop()
	if len(w.jobs) == 0 || w.closed {
		return job{}, nil, !w.closed
	}
	j, w.jobs = w.jobs[0], w.jobs[1:]
	ctx, w.stop = context.WithCancel(context.Background())
	return j, ctx, true
}
