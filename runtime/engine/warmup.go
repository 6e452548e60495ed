package engine

import (
	"context"
	"image"
	"slices"

	"gvpie/runtime/machine"
)

// A GPU takes tens of milliseconds, or seconds, to build a pipeline for a block or a view
// that it has not met before. A machine that somebody watches (Options.Live) does not
// wait for that. Where the GPU would have to, the machine goes to the CPU, and beside it
// another on the GPU, which nobody sees, runs the same frame and draws the same views:
// then what they need is built, and before its next frame the machine goes back. When
// that is sooner than the CPU's frame, the frame is run anew on the GPU. A GPU that ends
// meanwhile, as drivers do over shaders, takes nothing with it.

// warmUp is a machine on the GPU that runs something for the sake of what is built for it.
type warmUp struct {
	m      Machine
	void   bool // the machine it was for is no more
	cancel context.CancelFunc
	over   context.Context // ends when err is there
	err    error
}

// warmer has the warm-ups of a machine, one at a time.
type warmer struct {
	drop  func(Engine)
	now   *warmUp        // nil: there is none
	views []machine.View // those that were drawn last, one of a kind
}

// mostWarmViews is how many kinds of views are kept in mind; the window shows two or three.
const mostWarmViews = 4

// busy says whether there is a warm-up.
func (w *warmer) busy() bool { return w.now != nil }

// begin begins one: m does run, and draws the views.
func (w *warmer) begin(m Machine, run func(context.Context) error) {
	ctx, cancel := context.WithCancel(context.Background())
	over, end := context.WithCancel(context.Background())
	now := &warmUp{m: m, cancel: cancel, over: over}
	views := slices.Clone(w.views)
	go func() {
		defer end()
		now.err = run(ctx)
		for _, v := range views {
			if now.err == nil {
				v.Width, v.Height = min(v.Width, 16), min(v.Height, 16)
				now.err = m.Render(ctx, v, image.NewRGBA(image.Rect(0, 0, v.Width, v.Height)))
			}
		}
	}()
	w.now = now
}

// warmed gives the machine of a warm-up that is over, and the error it came to, and
// forgets the warm-up; nil as long as it goes on, or when there is none.
func (w *warmer) warmed() (Machine, error) {
	now := w.now
	if now == nil || now.over.Err() == nil {
		return nil, nil
	}
	if now.void {
		w.end()
		return nil, nil
	}
	w.now = nil
	now.cancel()
	now.m.Impatient(true)
	return now.m, now.err
}

// outdate says that the machine that a warm-up is for is no more. It is left to end by
// itself: a driver that builds a pipeline hears nobody, and would be taken for hung.
func (w *warmer) outdate() {
	if w.now == nil {
		return
	}
	w.now.void = true
	if w.now.over.Err() != nil {
		w.end()
	}
}

// end ends a warm-up, and waits until it has ended.
func (w *warmer) end() {
	if now := w.now; now != nil {
		w.now = nil
		now.cancel()
		<-now.over.Done()
		w.drop(now.m)
	}
}

// untilWarm gives a context for a frame on the CPU that ends when a warm-up has done what
// it was for.
func (w *warmer) untilWarm(ctx context.Context) (limited context.Context, stop func()) {
	now := w.now
	if now == nil || now.void {
		return ctx, func() {}
	}
	limited, cancel := context.WithCancel(ctx)
	unwatch := context.AfterFunc(now.over, func() {
		if now.err == nil {
			cancel()
		}
	})
	return limited, func() {
		unwatch()
		cancel()
	}
}

// keepInMind has later warm-ups draw a view of this kind, too.
func (w *warmer) keepInMind(v machine.View) {
	w.views = slices.DeleteFunc(w.views, func(o machine.View) bool {
		return o.Texture == v.Texture && o.Page == v.Page && o.Meaning == v.Meaning && (o.LitFrom == o.LitTo) == (v.LitFrom == v.LitTo)
	})
	if len(w.views) == mostWarmViews {
		w.views = slices.Delete(w.views, 0, 1)
	}
	w.views = append(w.views, v)
}

// warm begins the warm-up of a live machine that is on the CPU before this frame, or at
// its end, and belongs on the GPU.
func (f *Failover) warm(ctx context.Context, in machine.Input, budget uint32) error {
	if !f.o.Live || f.warmer.busy() || !f.comesBack() {
		return nil
	}
	m := f.candidate(f.log.Program())
	if m == nil {
		return nil
	}
	var run func(context.Context) error
	if log := f.log; f.ended {
		run = func(ctx context.Context) error { return log.Replay(ctx, m, diverged(f.o.Logger)) }
	} else {
		s, err := f.cpu.Snapshot(ctx)
		if err != nil {
			f.drop(m)
			return err
		}
		run = func(ctx context.Context) error {
			err := m.Restore(ctx, s)
			if err == nil {
				_, err = m.Frame(ctx, in, budget)
			}
			return err
		}
	}
	f.warmer.begin(m, run)
	f.note()
	return nil
}

// cool moves the machine off a GPU that has yet to build a pipeline for it: by a snapshot,
// since frames run again may take long, but for one without frames so far, and one that
// has ended, whose commands no snapshot has.
func (f *Failover) cool(ctx context.Context) error {
	if f.log.Within(0, 0) || f.ended && f.log.Within(shortFrames, shortCycles) {
		f.leaveGPU()
		return f.rebuild(ctx)
	}
	return f.toCPU(ctx)
}
