//go:build !linux && !freebsd && !openbsd

package ui

import (
	"errors"
	"fmt"
	"os"

	"gioui.org/app"

	"gvpie/app/ui/primary"
)

// windowOptions: these systems draw the title bar.
var windowOptions []app.Option

// checkDisplay: these systems always have a display.
func checkDisplay() error { return nil }

// onMain runs the window's goroutine while the system has the main one, which
// it does not give back: the process ends with the window.
func onMain(window func() error) error {
	go func() {
		if err := window(); err != nil {
			fmt.Fprintln(os.Stderr, "gvpie:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}()
	app.Main()
	return nil
}

// watchDisplay: these systems end the program themselves.
func watchDisplay(app.ViewEvent, func(), func(bool), func()) error { return nil }

// openSelection: these systems have the clipboard alone.
func openSelection(app.ViewEvent) (primary.Desktop, error) { return nil, errors.ErrUnsupported }
