//go:build linux || freebsd || openbsd

package ui

// checkDisplay says why no window can be opened, before one is tried.
func checkDisplay() error { return displayMissing("DISPLAY", "WAYLAND_DISPLAY") }

// onMain runs the window's goroutine. X11 and Wayland do not care which
// goroutine that is, so the main one can wait for it and return.
func onMain(window func() error) error {
	done := make(chan error, 1)
	go func() { done <- window() }()
	return <-done
}
