//go:build linux || freebsd || openbsd

package ui

import (
	"context"
	"errors"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"

	"gioui.org/app"
	"gioui.org/io/event"

	"gvpie/app/ui/kit"
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

// filters are what the dialogs can show.
func (of fileKind) filters() []portal.Filter {
	own := portal.Filter{Name: "PXL-ε programs (*.pxl)"}
	if of.name != programFiles.name {
		own.Name = kit.UpperFirst(of.name) + "s"
	}
	for _, ext := range of.exts {
		own.Patterns = append(own.Patterns, "*"+ext)
		if of.name != programFiles.name {
			own.Patterns = append(own.Patterns, "*"+strings.ToUpper(ext))
		}
	}
	return []portal.Filter{own, {Name: "All files", Patterns: []string{"*"}}}
}

func (c *portalChooser) Open(of fileKind, folder string) (string, error) {
	return c.show(portal.OpenFile, portal.Dialog{Title: of.title, Folder: folder, Filters: of.filters()})
}

func (c *portalChooser) Save(suggested string) (string, error) {
	name := filepath.Base(suggested)
	return c.show(portal.SaveFile, portal.Dialog{Title: "Save " + name + " as", Folder: filepath.Dir(suggested), Name: name, Filters: programFiles.filters()})
}

func (c *portalChooser) show(ask func(context.Context, portal.Dialog) (string, error), d portal.Dialog) (string, error) {
	if id := c.parent.Load(); id != nil {
		d.Parent = *id
	}
	path, err := ask(c.ctx, d)
	if errors.Is(err, portal.ErrDeclined) {
		err = errDeclined
	}
	return path, err
}
