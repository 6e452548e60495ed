//go:build !linux && !freebsd && !openbsd

package ui

import (
	"context"
	"errors"
	"io"
	"path/filepath"

	"gioui.org/app"
	"gioui.org/io/event"
	"gioui.org/x/explorer"
)

// systemChooser shows the system's dialogs, which begin where they like.
type systemChooser struct{ explorer *explorer.Explorer }

func newChooser(_ context.Context, w *app.Window) chooser {
	return systemChooser{explorer.NewExplorer(w)}
}

func (c systemChooser) Listen(e event.Event) { c.explorer.ListenEvents(e) }

func (c systemChooser) Open(of fileKind, _ string) (string, error) {
	return pathFrom(func() (io.Closer, error) { return c.explorer.ChooseFile(of.exts...) })
}

// Save makes an empty file.
func (c systemChooser) Save(suggested string) (string, error) {
	return pathFrom(func() (io.Closer, error) { return c.explorer.CreateFile(filepath.Base(suggested)) })
}

// pathFrom shows a dialog and gives the path of the file it opened.
func pathFrom(dialog func() (io.Closer, error)) (string, error) {
	f, err := dialog()
	if errors.Is(err, explorer.ErrUserDecline) {
		return "", errDeclined
	} else if err != nil {
		return "", err
	}
	defer f.Close()
	named, ok := f.(interface{ Name() string })
	if !ok {
		return "", errors.New("it gave a file without a path")
	}
	return named.Name(), nil
}
