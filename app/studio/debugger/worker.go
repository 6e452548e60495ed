package debugger

import (
	"context"
	"slices"
	"sync"
)

// job is one thing to do in a session.
type job struct {
	do func(ctx context.Context)
	// drag: one of many on the way to somewhere, which the next of them makes pointless.
	drag    bool
	dropped func() // called in the place of do where it is not done
	glance  glance // 0: somebody waits for it
}

// glance is what of the moment a job looks at by the way. Whatever else is asked for goes
// before it, and stops it for as long; another glance of its kind takes its place.
type glance uint8

const (
	atTexel glance = 1 + iota // under the pointer
	ofPictures
	overTexels // all of them: an overlay
	ofWatches
	ofCaret // what its line drew
	ofLines // what they cost
)

// worker does jobs one after another on a goroutine of its own, until it is closed.
type worker struct {
	mu     sync.Mutex
	jobs   []job
	added  chan struct{}
	stop   context.CancelFunc // of the job that is being done
	doing  job
	again  bool // it is a glance, and was stopped for something else
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
	if g := w.doing.glance; g != 0 && (j.glance == 0 || j.glance == g) {
		w.again = w.again || j.glance == 0
		w.stop()
	}
	var instead job
	if j.glance != 0 {
		w.glance(j)
	} else if last := w.waiting() - 1; last >= 0 && j.drag && w.jobs[last].drag {
		instead, w.jobs[last] = w.jobs[last], j
	} else {
		w.jobs = slices.Insert(w.jobs, w.waiting(), j)
	}
	w.mu.Unlock()
	if instead.dropped != nil {
		instead.dropped()
	}
	w.poke()
}

// waiting is how many of the jobs somebody waits for: the first.
func (w *worker) waiting() int {
	if i := slices.IndexFunc(w.jobs, func(j job) bool { return j.glance != 0 }); i >= 0 {
		return i
	}
	return len(w.jobs)
}

// glance adds a glance behind all other jobs, in the place of another of its kind.
func (w *worker) glance(j job) {
	w.jobs = append(slices.DeleteFunc(w.jobs, func(k job) bool { return k.glance == j.glance }), j)
}

// cancel gives up what is being done, and what was to be, but for glances.
func (w *worker) cancel() {
	w.mu.Lock()
	n := w.waiting()
	dropped := slices.Clone(w.jobs[:n])
	w.jobs = w.jobs[n:]
	if w.doing.glance == 0 {
		w.stop()
	}
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
	if w.again && !slices.ContainsFunc(w.jobs, func(k job) bool { return k.glance == w.doing.glance }) {
		w.jobs = append(w.jobs, w.doing)
	}
	w.doing, w.again = job{}, false
	if len(w.jobs) == 0 || w.closed {
		return job{}, nil, !w.closed
	}
	j, w.jobs = w.jobs[0], w.jobs[1:]
	ctx, w.stop = context.WithCancel(context.Background())
	w.doing = j
	return j, ctx, true
}
