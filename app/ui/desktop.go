package ui

import (
	"errors"

	"gioui.org/io/event"
)

// nativeDialogs asks for files with the desktop's own dialogs. The answers come
// in a later frame of the window.
type nativeDialogs interface {
	Listen(e event.Event)
	Open(of fileKind, folder string, chosen func(path string), failed func(why string))
	Save(path string, chosen func(path string), failed func(why string))
	Pump()
}

// chooser shows the dialogs of a system. Its functions but Listen wait for the
// person; they give errDeclined where no file was chosen.
type chooser interface {
	Listen(e event.Event) // lets it know the window that the dialogs belong to
	Open(of fileKind, folder string) (path string, err error)
	Save(suggested string) (path string, err error)
}

var errDeclined = errors.New("no file was chosen")

// desktopDialogs shows dialogs away from the window's goroutine.
type desktopDialogs struct {
	chooser chooser
	answers chan func()
	wake    func()
}

func newDesktopDialogs(c chooser, wake func()) *desktopDialogs {
	return &desktopDialogs{chooser: c, answers: make(chan func(), 4), wake: wake}
}

func (d *desktopDialogs) Listen(e event.Event) { d.chooser.Listen(e) }

// Open asks for a file. Neither function is called when the person declines.
func (d *desktopDialogs) Open(of fileKind, folder string, chosen func(path string), failed func(why string)) {
	d.ask(func() (string, error) { return d.chooser.Open(of, folder) }, chosen, failed)
}

// Save asks where to write a program to, path to begin with. The desktop asks before
// it replaces a file.
func (d *desktopDialogs) Save(path string, chosen func(path string), failed func(why string)) {
	d.ask(func() (string, error) { return d.chooser.Save(path) }, chosen, failed)
}

func (d *desktopDialogs) ask(dialog func() (string, error), chosen func(path string), failed func(why string)) {
	go func() {
		path, err := dialog()
		d.answers <- func() {
			switch {
			case errors.Is(err, errDeclined):
			case err != nil:
				failed("The desktop's file dialog did not open: " + err.Error())
			default:
				chosen(path)
			}
		}
		d.wake()
	}()
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
