package ui

import (
	"context"
	"errors"
	"fmt"
	"image"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"gioui.org/app"
	"gioui.org/io/event"
	"gioui.org/io/system"
	"gioui.org/op"

	"gvpie/app/studio"
	"gvpie/app/ui/display"
	"gvpie/app/ui/kit"
	"gvpie/app/ui/primary"
	"gvpie/assets"
	"gvpie/editor"
	"gvpie/runtime/cputime"
)

// runWindow is the window's goroutine: it owns the model and the workbench.
func runWindow(opts Options, th *kit.Theme) error {
	w := &window{status: newStatusLines(opts.Status), lost: make(chan struct{})}
	defer w.status.close()
	w.wake = display.NewWaker(w.Invalidate)
	defer w.wake.Stop()
	memory, err := newMemory(opts.Session, opts.NewWindow, w.wake.Wake)
	w.Option(memory.size(), app.Title("GVPIE"), app.MinSize(400, 300))
	w.Option(windowOptions...)
	model := studio.New(studio.Config{Wake: w.wake.Wake, Begin: assets.Template(), GPU: opts.GPU, CPU: opts.CPU, Backend: opts.Backend, Recovery: opts.Recovery, Data: opts.Data, Agent: opts.Agent, LoopBackend: opts.Loop, Addr: opts.Addr, Version: opts.Version, Logger: opts.Logger})
	defer model.Shutdown()
	w.bench = NewWorkbench(model, th, w.wake.Wake)
	w.bench.titleBar.Perform = w.Perform
	w.bench.thumbs = studio.NewThumbnails(w.wake.Wake)
	defer w.bench.thumbs.Close()
	w.bench.documents.quit = func() { w.quitting = true }
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	w.bench.look.follow(ctx, w.wake.Wake)
	if c := newChooser(ctx, &w.Window); c != nil {
		w.bench.documents.native = newDesktopDialogs(c, w.wake.Wake)
	}
	w.bench.resume(memory, err)
	defer func() { w.bench.code.selected.Close() }()
	defer w.bench.leave() // before the model is shut down, which may take long: the next window may open by then
	w.bench.OpenAll(opts.Files)
	if opts.Done != nil {
		ended := make(chan struct{})
		defer close(ended)
		go func() {
			select {
			case <-opts.Done:
				w.interrupted.Store(true)
				w.endSoon()
			case <-ended:
			}
		}()
	}
	// Where the X server goes, or drops the connection, the goroutine of the window's events
	// stays in Xlib or in the driver for good, and all that was its is this one's.
	ended := make(chan error, 1)
	go func() { ended <- w.run() }()
	select {
	case err := <-ended:
		return err
	case <-w.lost:
		return w.notClosed(nil)
	}
}

// window is the toolkit's window with what its loop remembers.
type window struct {
	app.Window
	wake   *display.Waker
	bench  *Workbench
	status *statusLines
	ops    op.Ops

	cost        kit.FrameCost
	title       string
	hand        hand // what a person had done by the last frame
	mode        app.WindowMode
	frames      int         // drawn
	quitting    bool        // the window is to be closed after this frame
	closed      bool        // by whoever was allowed to
	over        atomic.Bool // nothing of the window may be used any more
	interrupted atomic.Bool
	destroyed   atomic.Bool   // the X server has it no more
	lost        chan struct{} // closed when the X server has gone
	losing      sync.Once
}

// How a window ends that nobody closed.
var (
	errDisplayGone = errors.New("the display is gone, and the window with it")
	errInterrupted = errors.New("interrupted")
	errDestroyed   = errors.New("another program destroyed the window")
	errNotDrawn    = errors.New("the window could not be drawn")
)

// endSoon has the loop end at its next event. It is called from any goroutine.
func (w *window) endSoon() {
	w.over.Store(true)
	w.wake.Suspend(false)
}

// swapPatience is how long a frame may take to end once its window is no more: a driver may
// wait for the window for good.
const swapPatience = 5 * time.Second

// lose has runWindow wait no longer for the window's events. It is called from any goroutine.
func (w *window) lose() { w.losing.Do(func() { close(w.lost) }) }

// setVisible has programs run and frames drawn only while somebody can see them. It is
// called from any goroutine.
func (w *window) setVisible(visible bool) {
	w.bench.model.SetHidden(!visible)
	w.wake.Suspend(!visible && !w.over.Load())
}

// run takes the window's events in until there are no more.
func (w *window) run() error {
	for {
		e := w.Event()
		switch e.(type) {
		case app.ViewEvent, app.DestroyEvent: // they say why it is over
		default:
			if w.over.Load() {
				return w.notClosed(nil)
			}
		}
		if w.bench.documents.native != nil {
			w.bench.documents.native.Listen(e)
		}
		if done, err := w.take(e); done {
			return err
		}
	}
}

// take takes an event in. done says that it was the last.
func (w *window) take(e event.Event) (done bool, err error) {
	switch e := e.(type) {
	case app.ViewEvent:
		if e.Valid() {
			w.bench.code.selected = primary.Open(func() (primary.Desktop, error) { return openSelection(e) }, w.wake.Wake)
			err := watchDisplay(e, w.lose, w.setVisible, func() {
				w.destroyed.Store(true)
				w.endSoon()
				time.AfterFunc(swapPatience, w.lose)
			})
			return err != nil, err
		}
		// The window is no more. Unless it is mended, the toolkit's next event is of a
		// second one, which it opens.
		if !display.Mended {
			return true, w.ended(nil)
		}
	case app.DestroyEvent:
		return true, w.ended(e.Err)
	case *app.ClosingEvent:
		w.closed = w.bench.documents.mayClose()
		if !w.closed {
			e.Abort()
			w.wake.Wake()
		}
	case app.ConfigEvent:
		w.bench.configure(e.Config)
		w.mode = e.Config.Mode
	case app.FrameEvent:
		mode := w.bench.memory.mode()
		fills := w.frames == 0 && mode != app.Windowed
		if fills {
			w.mode = mode // it is still to be, and nothing else is remembered
		}
		w.bench.memory.sized(w.mode, e.Metric, e.Size.Sub(image.Pt(0, w.bench.titleBar.Height(e.Metric))))
		w.frame(e)
		if fills {
			w.Option(mode.Option())
		}
	}
	return false, nil
}

func (w *window) frame(e app.FrameEvent) {
	w.wake.Seen()
	w.cost.Begin(cputime.Used())
	w.bench.code.steady = !w.cost.Under(editor.BlinkHalf / 100)
	gtx := app.NewContext(&w.ops, e)
	w.bench.Frame(gtx)
	hand := handOf(w.bench)
	w.bench.model.Agent().Drawn(e.Now, hand != w.hand)
	w.hand = hand
	e.Frame(gtx.Ops)
	w.frames++
	w.status.say(w.bench.state(gtx))
	if t := w.bench.Title(); t != w.title {
		w.title = t
		w.Option(app.Title(t))
	}
	if w.quitting {
		w.quitting = false
		w.Perform(system.ActionClose)
	}
}

// ended says how the window ended; why is the toolkit's word on that.
func (w *window) ended(why error) error {
	switch {
	case w.frames == 0 && why != nil:
		return fmt.Errorf("%w: %v. %s", ErrNoDisplay, why, withoutDisplay)
	case !w.closed && (why == nil || strings.HasPrefix(why.Error(), "wayland: ")): // the connection's
		return w.notClosed(why)
	case why != nil: // the toolkit closed it
		return fmt.Errorf("%w: %w. %s", errNotDrawn, why, withoutDisplay)
	}
	return nil
}

// notClosed is the error of a window that went without being closed.
func (w *window) notClosed(why error) error {
	err := errDisplayGone
	switch {
	case w.interrupted.Load():
		err = errInterrupted
	case w.destroyed.Load():
		err = errDestroyed
	case why != nil:
		err = fmt.Errorf("%w: %w", err, why)
	}
	if slices.ContainsFunc(w.bench.model.Docs(), (*studio.Document).Dirty) {
		return fmt.Errorf("%w; unsaved text is kept and offered at the next start", err)
	}
	return err
}

// configure takes in what the window has become.
func (w *Workbench) configure(c app.Config) {
	w.titleBar.Shown = !c.Decorated && c.Mode != app.Fullscreen
	w.titleBar.Maximized = c.Mode == app.Maximized
}
