//go:build linux || freebsd || openbsd

package ui

import (
	"gioui.org/app"

	"gvpie/app/ui/display"
	"gvpie/app/ui/primary"
)

// windowOptions leave the title bar to the desktop, or else to the window.
var windowOptions = []app.Option{app.Decorated(false)}

// checkDisplay says why no window can be opened, before one is tried.
func checkDisplay() error { return displayMissing("DISPLAY", "WAYLAND_DISPLAY") }

// onMain runs the window's goroutine. X11 and Wayland do not care which
// goroutine that is, so the main one can wait for it and return.
func onMain(window func() error) error {
	done := make(chan error, 1)
	go func() { done <- window() }()
	return <-done
}

// watchDisplay has lost called when the X server of a new view goes away, visible when
// the window is covered or minimised there and when it can be seen again, and destroyed when
// it is no more. A lost Wayland compositor is an event of the window, Wayland asks for no
// frame that is not seen, and no program destroys another's window there.
func watchDisplay(v app.ViewEvent, lost func(), visible func(bool), destroyed func()) error {
	x, ok := v.(app.X11ViewEvent)
	if !ok {
		return nil
	}
	if err := display.WatchX11(x.Display, lost); err != nil {
		return err
	}
	display.WatchWindow(x.Window, visible, destroyed)
	return nil
}

// openSelection gives the desktop's primary selection.
func openSelection(v app.ViewEvent) (primary.Desktop, error) {
	if _, ok := v.(app.X11ViewEvent); ok {
		return primary.OpenX11()
	}
	return primary.OpenWayland()
}
