//go:build linux || freebsd || openbsd

package ui

import (
	"context"
	"errors"
	"path/filepath"
	"strconv"
	"sync/atomic"

	"gioui.org/app"
	"gioui.org/io/event"

	"gvpie/app/ui/portal"
)

// portalChooser shows the dialogs of the desktop's portal.
type portalChooser struct {
	ctx    context.Context // ends the dialogs
	parent atomic.Pointer[string]
}

// newChooser gives nil where the desktop is known to have no dialogs. They end with
// ctx.
func newChooser(ctx context.Context, _ *app.Window) chooser {
	if !portal.HasBus() {
		return nil
	}
	return &portalChooser{ctx: ctx}
}

func (c *portalChooser) Listen(e event.Event) {
	// A window on Wayland would have to be exported, which the toolkit cannot.
	if v, ok := e.(app.X11ViewEvent); ok && v.Valid() {
		id := "x11:" + strconv.FormatUint(uint64(v.Window), 16)
		c.parent.Store(&id)
	}
}

// programFilters are what the dialogs can show.
var programFilters = []portal.Filter{{Name: "PXL-ε programs (*.pxl)", Pattern: "*.pxl"}, {Name: "All files", Pattern: "*"}}

func (c *portalChooser) Open(folder string) (string, error) {
	return c.show(portal.OpenFile, portal.Dialog{Title: "Open a program", Folder: folder})
}

func (c *portalChooser) Save(suggested string) (string, error) {
	name := filepath.Base(suggested)
	return c.show(portal.SaveFile, portal.Dialog{Title: "Save " + name + " as", Folder: filepath.Dir(suggested), Name: name})
}

func (c *portalChooser) show(ask func(context.Context, portal.Dialog) (string, error), d portal.Dialog) (string, error) {
	d.Filters = programFilters
	if id := c.parent.Load(); id != nil {
		d.Parent = *id
	}
	path, err := ask(c.ctx, d)
	if errors.Is(err, portal.ErrDeclined) {
		err = errDeclined
	}
	return path, err
}
