//go:build linux || freebsd || openbsd

package ui

import (
	"gioui.org/app"

	"gvpie/app/ui/display"
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

// watchDisplay has lost called when the X server of a new view goes away. A lost
// Wayland compositor is an event of the window.
func watchDisplay(v app.ViewEvent, lost func()) error {
	if x, ok := v.(app.X11ViewEvent); ok {
		return display.WatchX11(x.Display, lost)
	}
	return nil
}
