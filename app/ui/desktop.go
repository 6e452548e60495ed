package ui

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"

	"gioui.org/app"
	"gioui.org/io/event"
	"gioui.org/x/explorer"
)

// nativeDialogs asks for files with the desktop's own dialogs. The answers come
// in a later frame of the window.
type nativeDialogs interface {
	Listen(e event.Event)
	Open(chosen func(path string), failed func(why string))
	Save(name string, chosen func(path string), failed func(why string))
	Pump()
}

// desktopDialogs are those of the xdg portal, or of the system.
type desktopDialogs struct {
	explorer *explorer.Explorer
	answers  chan func()
	wake     func()
}

// newDesktopDialogs gives nil where the desktop is known to have none.
func newDesktopDialogs(w *app.Window, wake func()) nativeDialogs {
	if runtime.GOOS == "linux" && !hasSessionBus() {
		return nil
	}
	return &desktopDialogs{explorer: explorer.NewExplorer(w), answers: make(chan func(), 4), wake: wake}
}

// hasSessionBus says whether there is a D-Bus to find the portal on.
func hasSessionBus() bool {
	if os.Getenv("DBUS_SESSION_BUS_ADDRESS") != "" {
		return true
	}
	_, err := os.Stat(filepath.Join(os.Getenv("XDG_RUNTIME_DIR"), "bus"))
	return err == nil && os.Getenv("XDG_RUNTIME_DIR") != ""
}

// Listen lets the dialogs know the window that they belong to.
func (d *desktopDialogs) Listen(e event.Event) { d.explorer.ListenEvents(e) }

// Open asks for a program. Neither function is called when the person declines.
func (d *desktopDialogs) Open(chosen func(path string), failed func(why string)) {
	d.ask(func() (io.Closer, error) { return d.explorer.ChooseFile(".pxl") }, chosen, failed)
}

// Save asks where to write a program to. The desktop asks before it replaces a
// file, and makes an empty one.
func (d *desktopDialogs) Save(name string, chosen func(path string), failed func(why string)) {
	d.ask(func() (io.Closer, error) { return d.explorer.CreateFile(name) }, chosen, failed)
}

func (d *desktopDialogs) ask(dialog func() (io.Closer, error), chosen func(path string), failed func(why string)) {
	go func() {
		path, err := pathFrom(dialog)
		d.answers <- func() {
			switch {
			case errors.Is(err, explorer.ErrUserDecline):
			case err != nil:
				failed("The desktop's file dialog did not open: " + err.Error())
			default:
				chosen(path)
			}
		}
		d.wake()
	}()
}

// pathFrom shows a dialog and gives the path of the file it opened.
func pathFrom(dialog func() (io.Closer, error)) (string, error) {
	f, err := dialog()
	if err != nil {
		return "", err
	}
	defer f.Close()
	named, ok := f.(interface{ Name() string })
	if !ok {
		return "", errors.New("it gave a file without a path")
	}
	return named.Name(), nil
}

// Pump takes the answers in; the window calls it each frame.
func (d *desktopDialogs) Pump() {
	for {
		select {
		case answer := <-d.answers:
			answer()
		default:
			return
		}
	}
}
