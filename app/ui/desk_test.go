package ui

import (
	"testing"

	"gvpie/app/studio"
	"gvpie/app/ui/kit/kittest"
	"gvpie/assets"
	"gvpie/runtime/engine"
)

// patience is how long a test waits for something that happens elsewhere.
const patience = kittest.Patience

// desk is a workbench without a window.
type desk struct {
	*kittest.Window
	model *studio.Model
	bench *Workbench
}

func newDesk(t testing.TB, width, height int, scale float32) *desk {
	t.Helper()
	return newDeskOf(t, width, height, scale, studio.Config{})
}

// newDeskOf makes a desk whose model runs everything on the CPU.
func newDeskOf(t testing.TB, width, height int, scale float32, c studio.Config) *desk {
	t.Helper()
	d := &desk{Window: kittest.New(t, width, height, scale)}
	c.Wake, c.Backend = d.Wake, engine.OnCPU
	d.model = studio.New(c)
	t.Cleanup(d.model.Shutdown)
	d.bench = NewWorkbench(d.model, d.Theme, d.Wake)
	d.Widget = d.bench.Frame
	dir := t.TempDir()
	t.Chdir(dir) // what is saved by a relative path lands here, not in the tree
	d.bench.side.files.Open(dir)
	return d
}

// awaitPictures waits until both pictures are of the views wanted now.
func (d *desk) awaitPictures() {
	d.T.Helper()
	d.Until("the pictures are there", func() bool {
		for _, v := range d.bench.canvases.views {
			if got := d.model.Picture(v.slot).View; v.shown && got != v.asked {
				return false
			}
		}
		return true
	})
	d.Frame()
}

func (d *desk) openExample(name string) {
	d.T.Helper()
	for _, e := range assets.Examples() {
		if e.Name == name {
			d.model.OpenExample(e.Name, e.Source)
			d.Frame()
			return
		}
	}
	d.T.Fatalf("there is no example %q", name)
}
