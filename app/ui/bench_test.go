package ui

import (
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gioui.org/f32"
	"gioui.org/gpu/headless"
	"gioui.org/io/event"
	"gioui.org/io/input"
	"gioui.org/io/key"
	"gioui.org/io/pointer"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/unit"

	"gvpie/app/studio"
	"gvpie/app/ui/kit"
	"gvpie/assets"
	"gvpie/assets/theme"
	"gvpie/runtime/engine"
)

// patience is how long a test waits for something that happens elsewhere.
const patience = 20 * time.Second

// desk is a workbench without a window: a test is its hands and eyes.
type desk struct {
	t      testing.TB
	model  *studio.Model
	bench  *Workbench
	router input.Router
	ops    op.Ops
	size   image.Point
	metric unit.Metric
	now    time.Time
	woken  chan struct{}
	clock  time.Duration // of pointer events
}

func newDesk(t testing.TB, width, height int, scale float32) *desk {
	t.Helper()
	th, err := kit.NewTheme(&theme.Dark)
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{
		t: t, size: image.Pt(width, height), metric: unit.Metric{PxPerDp: scale, PxPerSp: scale},
		now: time.Now(), woken: make(chan struct{}, 1),
	}
	wake := func() {
		select {
		case d.woken <- struct{}{}:
		default:
		}
	}
	d.model = studio.New(studio.Config{Wake: wake, Backend: engine.OnCPU})
	t.Cleanup(d.model.Shutdown)
	d.bench = NewWorkbench(d.model, th, wake)
	dir := t.TempDir()
	t.Chdir(dir) // what is saved by a relative path lands here, not in the tree
	d.bench.side.files.open(dir)
	return d
}

// frame lays out one frame.
func (d *desk) frame() {
	d.ops.Reset()
	d.now = d.now.Add(16 * time.Millisecond)
	d.bench.Frame(d.context())
	d.router.Frame(&d.ops)
}

func (d *desk) context() layout.Context {
	return layout.Context{Ops: &d.ops, Now: d.now, Source: d.router.Source(), Metric: d.metric, Constraints: layout.Exact(d.size)}
}

// until lays frames out until ok, each time something new has come.
func (d *desk) until(what string, ok func() bool) {
	d.t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	d.frame()
	d.frame()
	for !ok() {
		select {
		case <-d.woken:
		case <-deadline.C:
			d.t.Fatalf("in %v it never came to this: %s", patience, what)
		}
		d.frame()
	}
}

// settled waits until both pictures are of the views wanted now.
func (d *desk) settled() {
	d.t.Helper()
	d.until("the pictures are there", func() bool {
		for _, v := range d.bench.canvases.views {
			if _, got, _ := d.model.Picture(v.slot); v.shown && got != v.asked {
				return false
			}
		}
		return true
	})
	d.frame()
}

// nodes lists what a screen reader would find.
func (d *desk) nodes() []input.SemanticNode { return d.router.AppendSemantics(nil) }

// find gives the node of a label; of several what can be pressed, and of those
// the last, which is foremost. Words inside a button are labels too.
func (d *desk) find(label string) (input.SemanticDesc, bool) {
	var found input.SemanticDesc
	ok := false
	for _, n := range d.nodes() {
		if n.Desc.Label != label || n.Desc.Bounds.Empty() || ok && found.Gestures != 0 && n.Desc.Gestures == 0 {
			continue
		}
		found, ok = n.Desc, true
		found.Bounds = found.Bounds.Intersect(image.Rectangle{Max: d.size})
	}
	return found, ok
}

func (d *desk) mustFind(label string) input.SemanticDesc {
	d.t.Helper()
	n, ok := d.find(label)
	if !ok {
		var all []string
		for _, n := range d.nodes() {
			if n.Desc.Label != "" {
				all = append(all, n.Desc.Label)
			}
		}
		d.t.Fatalf("nothing is labelled %q; there are: %s", label, strings.Join(all, " | "))
	}
	return n
}

// click presses and releases the mouse on what has the label.
func (d *desk) click(label string) {
	d.t.Helper()
	r := d.mustFind(label).Bounds
	d.clickAt(r.Min.Add(r.Size().Div(2)))
}

func (d *desk) clickAt(p image.Point) {
	at := f32.Pt(float32(p.X), float32(p.Y))
	d.clock += time.Second
	d.send(
		pointer.Event{Kind: pointer.Move, Source: pointer.Mouse, Position: at, Time: d.clock},
		pointer.Event{Kind: pointer.Press, Source: pointer.Mouse, Buttons: pointer.ButtonPrimary, Position: at, Time: d.clock},
		pointer.Event{Kind: pointer.Release, Source: pointer.Mouse, Position: at, Time: d.clock},
	)
}

func (d *desk) moveTo(p image.Point) {
	d.clock += time.Second
	d.send(pointer.Event{Kind: pointer.Move, Source: pointer.Mouse, Position: f32.Pt(float32(p.X), float32(p.Y)), Time: d.clock})
}

// press strikes a key: "F5", "Ctrl-Shift-P".
func (d *desk) press(keys string) {
	d.t.Helper()
	c, ok := kit.ParseKeys(keys)
	if !ok {
		d.t.Fatalf("%q is no key", keys)
	}
	d.send(key.Event{Name: c.Name, Modifiers: c.Mods, State: key.Press}, key.Event{Name: c.Name, Modifiers: c.Mods, State: key.Release})
}

// write types text where the keyboard is.
func (d *desk) write(s string) {
	at := d.router.EditorState().Selection.Range
	to := at.Start + len([]rune(s))
	d.send(key.EditEvent{Range: at, Text: s}, key.SelectionEvent{Start: to, End: to})
}

// send queues input and lays out until it has had its effect.
func (d *desk) send(events ...event.Event) {
	for _, e := range events {
		d.router.Queue(e)
		d.frame()
	}
	d.frame()
}

func (d *desk) openExample(name string) {
	d.t.Helper()
	for _, e := range assets.Examples() {
		if e.Name == name {
			d.model.OpenExample(e.Name, e.Source)
			d.frame()
			return
		}
	}
	d.t.Fatalf("there is no example %q", name)
}

// shoot draws the last frame to a picture, kept beside the test's other files
// where GVPIE_SHOTS names a folder.
func (d *desk) shoot(name string) *image.RGBA {
	d.t.Helper()
	w, err := headless.NewWindow(d.size.X, d.size.Y)
	if err != nil {
		d.t.Fatalf("no headless drawing here (EGL and a GLES driver are needed: apt-get install libegl1 libgles2 libgl1-mesa-dri): %v", err)
	}
	defer w.Release()
	if err := w.Frame(&d.ops); err != nil {
		d.t.Fatal(err)
	}
	img := image.NewRGBA(image.Rectangle{Max: d.size})
	if err := w.Screenshot(img); err != nil {
		d.t.Fatal(err)
	}
	if dir := os.Getenv("GVPIE_SHOTS"); dir != "" {
		f, err := os.Create(filepath.Join(dir, name+".png"))
		if err != nil {
			d.t.Fatal(err)
		}
		defer f.Close()
		if err := png.Encode(f, img); err != nil {
			d.t.Fatal(err)
		}
	}
	return img
}
