package ui

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime/debug"

	"gvpie/app/ui/display"
	"gvpie/app/ui/kit"
	"gvpie/assets/theme"
	"gvpie/runtime/engine"
)

// ErrNoDisplay is wrapped by Run's error when there is no display to open a
// window on. The error's text says how to go on without one.
var ErrNoDisplay = errors.New("there is no display to open a window on")

// Options are what the window is opened with.
type Options struct {
	Files     []string             // opened in tabs, after those of the session
	GPU       engine.Source        // nil: everything runs on the CPU
	CPU       func() engine.Engine // makes machines on the CPU; nil: engine.NewCPU
	Backend   engine.Backend       // the processor to begin with
	Loop      *engine.Backend      // what the loop's programs run on; nil: as the setting says
	Recovery  string               // folder that keeps unsaved text; "": none is kept
	Session   string               // file that says how the last window was; "": nothing is remembered
	NewWindow bool                 // begin without the last window's tabs, and leave them to the next
	Data      string               // data folder of the loop; "": no loop and no memory
	Agent     bool                 // run the loop under the window
	Addr      string               // where the API is answered while the loop runs; "": nowhere
	Version   string               // of gvpie
	Status    io.Writer            // gets each Status as a line of JSON; nil: none
	Logger    *slog.Logger         // is told what went wrong without stopping anything; nil: nobody is

	// Done ends the window without a question once it is closed, as when the person
	// logs out; unsaved text is kept for the next start. nil: it never does.
	Done <-chan struct{}
}

// Run opens the window and returns when it has been closed. It is called from
// the main goroutine, which some systems want for their windows.
func Run(opts Options) error {
	if err := checkDisplay(); err != nil {
		return err
	}
	if err := display.UseCompose(os.Getenv, os.Setenv); err != nil {
		return fmt.Errorf("the window cannot be opened: %w", err)
	}
	th, err := kit.NewTheme(&theme.Dark)
	if err != nil {
		return err
	}
	debug.SetGCPercent(collectAt)
	return onMain(func() error { return runWindow(opts, th) })
}

// collectAt is at how much more than what lives, in percent, the window collects its
// garbage. Its own heap is small and its pictures are short-lived: half the usual
// growth costs little and keeps a third of it.
const collectAt = 50

// withoutDisplay is how to go on where no window can be opened.
const withoutDisplay = "Without a window, `gvpie run FILE --human OUT.png` draws a program to a picture, and `xvfb-run gvpie` opens the window on a virtual display."

// displayMissing is the error for an environment that names no display.
func displayMissing(names ...string) error {
	for _, n := range names {
		if os.Getenv(n) != "" {
			return nil
		}
	}
	return fmt.Errorf("%w: neither DISPLAY nor WAYLAND_DISPLAY is set. %s", ErrNoDisplay, withoutDisplay)
}
