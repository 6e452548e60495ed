package ui

import (
	"context"
	"fmt"
	"image"
	"runtime/debug"
	"time"

	"gioui.org/gpu/headless"
	"gioui.org/io/input"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/unit"

	"gvpie/app/studio"
	"gvpie/app/ui/kit"
	"gvpie/assets/theme"
	"gvpie/runtime/cputime"
	"gvpie/runtime/engine"
)

// The window that is measured, in pixels.
const measuredWidth, measuredHeight = 1440, 900

// Measure plays a program on the CPU in a window that is drawn and never shown, as in
// the real one, a frame for each of the program's. It gives what a frame took of the
// processors and by the clock, the mean of so many.
func Measure(ctx context.Context, cpu func() engine.Engine, name, source string, frames int) (processor, wall time.Duration, err error) {
	th, err := kit.NewTheme(&theme.Dark)
	if err != nil {
		return 0, 0, err
	}
	screen, err := headless.NewWindow(measuredWidth, measuredHeight)
	if err != nil {
		return 0, 0, fmt.Errorf("the window cannot be drawn off screen: %w", err)
	}
	defer screen.Release()
	woken := make(chan struct{}, 1)
	wake := func() {
		select {
		case woken <- struct{}{}:
		default:
		}
	}
	defer debug.SetGCPercent(debug.SetGCPercent(collectAt))
	model := studio.New(studio.Config{Wake: wake, Backend: engine.OnCPU, CPU: cpu})
	defer model.Shutdown()
	bench := NewWorkbench(model, th, wake)
	model.OpenExample(name, source)

	var (
		router input.Router
		ops    op.Ops
		began  time.Time
		used   time.Duration
	)
	for n := -frames; n < frames; n++ { // the first half is for fonts and pictures to come
		if err := ctx.Err(); err != nil {
			return 0, 0, err
		}
		if n == 0 {
			began, used = time.Now(), cputime.Used()
		}
		ops.Reset()
		bench.Frame(layout.Context{
			Ops: &ops, Now: time.Now(), Source: router.Source(),
			Metric: unit.Metric{PxPerDp: 1, PxPerSp: 1}, Constraints: layout.Exact(image.Pt(measuredWidth, measuredHeight)),
		})
		router.Frame(&ops)
		if err := screen.Frame(&ops); err != nil {
			return 0, 0, err
		}
		model.Step() // not by its clock: a busy computer would draw one frame of several
		select {
		case <-woken:
		case <-ctx.Done():
			return 0, 0, ctx.Err()
		}
	}
	each := time.Duration(frames)
	return (cputime.Used() - used) / each, time.Since(began) / each, nil
}
