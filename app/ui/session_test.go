package ui

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"gioui.org/app"
	"gioui.org/f32"
	"gioui.org/unit"

	"gvpie/app/studio"
	"gvpie/app/studio/session"
	"gvpie/editor"
)

// newSessionDesk is a window with the session at path, and these files to open.
func newSessionDesk(t *testing.T, path string, fresh bool, files ...string) *desk {
	t.Helper()
	d := newDesk(t, 1440, 900, 1)
	m, err := newMemory(path, fresh, d.Wake)
	d.bench.resume(m, err)
	d.bench.OpenAll(files)
	d.Until("the tabs are there", func() bool { return d.bench.memory.opening == 0 })
	return d
}

// programs makes programs in a folder of their own, long enough to scroll in.
func programs(t *testing.T, names ...string) (paths []string) {
	t.Helper()
	dir := t.TempDir()
	for _, name := range names {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(strings.Repeat("NOP\n", 200)+"HALT\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	return paths
}

// tabs are the names in the tabs, the one in front in brackets.
func (d *desk) tabs() string {
	var names []string
	for i, doc := range d.model.Docs() {
		name := doc.Name
		if i == d.model.ActiveIndex() {
			name = "[" + name + "]"
		}
		names = append(names, name)
	}
	return strings.Join(names, " ")
}

func TestTheWindowComesBackAsItWas(t *testing.T) {
	path := filepath.Join(t.TempDir(), "session.json")
	d := newSessionDesk(t, path, false, programs(t, "a.pxl", "b.pxl", "c.pxl")...)
	d.openExample("life")
	d.bench.canvases.views[humanSlot].canvas.ZoomBy(3, f32.Pt(20, 30))
	d.model.SetActive(1)
	d.Frame()
	d.bench.code.gotoLine(100, 1)
	d.Frame()
	front := d.bench.code.front().edit
	front.SetSelection(404, 396)
	front.Breaks.Set(editor.Break{Line: 7, Condition: "frame > 9", Hits: "% 2"})
	front.Breaks.Set(editor.Break{Line: 9, Log: "here"})
	d.model.Debugger().Watches().Set(0, "frame * 2")
	d.model.Debugger().Watches().Set(1, "mx")
	d.Frame()
	d.model.SetActive(0)
	d.Frame()
	d.bench.canvases.views[machineSlot].canvas.ZoomBy(2, f32.Pt(100, 10))
	d.model.SetActive(1)
	for _, action := range []string{"view.beside", "view.human", "view.grid", "view.lit", "overlay.caret", "overlay.costs", "window.sidebar", "window.agent", "theme.light"} {
		d.bench.action(action).Invoke()
	}
	d.bench.side.split.Size, d.bench.bottom.split.Size, d.bench.work.Ratio, d.bench.canvases.split.Ratio = 210, 333, .55, .6
	d.bench.memory.sized(app.Windowed, unit.Metric{PxPerDp: 2}, d.Size)
	d.bench.memory.sized(app.Maximized, unit.Metric{PxPerDp: 2}, d.Size.Mul(2))
	d.bench.memory.sized(app.Minimized, unit.Metric{PxPerDp: 2}, d.Size.Div(9))
	d.Frame()
	want := d.bench.snapshot()
	if len(want.Tabs[1].Breaks) != 2 || len(want.Watches) != 2 || want.Tabs[1].Anchor != 404 || want.Tabs[1].Top < 50 || want.Tabs[0].Views[0].Zoom == 0 || want.Tabs[3].Views[1].Zoom == 0 ||
		want.Window != (session.Window{Width: 720, Height: 450, Mode: "maximized"}) {
		t.Fatalf("the window is %+v", want)
	}
	d.bench.leave()

	d = newSessionDesk(t, path, false)
	d.Frame()
	if got := d.bench.snapshot(); !reflect.DeepEqual(got, want) {
		t.Errorf("the window was\n%+v, is\n%+v", want, got)
	}
	if d.Theme.Dark || d.tabs() != "a.pxl [b.pxl] c.pxl life.pxl" || d.bench.memory.mode() != app.Maximized {
		t.Errorf("dark %v, %s", d.Theme.Dark, d.tabs())
	}
	d.awaitPictures()
	if from, to := d.bench.code.front().edit.Selection(); from != 396 || to != 404 {
		t.Errorf("%d to %d is selected", from, to)
	}
	for i := range d.model.Docs() { // the others, which have not been in sight yet
		d.model.SetActive(i)
		d.awaitPictures()
	}
	d.model.SetActive(1)
	d.Frame()
	if got := d.bench.snapshot(); !reflect.DeepEqual(got, want) {
		t.Errorf("after each was in sight the window was\n%+v, is\n%+v", want, got)
	}
	d.bench.leave()
}

func TestAChangeIsOnDiskAMomentLater(t *testing.T) {
	path := filepath.Join(t.TempDir(), "session.json")
	d := newSessionDesk(t, path, false)
	defer d.bench.leave()
	on := func(what string, ok func(session.State) bool) {
		t.Helper()
		for began := d.Now; d.Now.Sub(began) <= session.Delay; {
			d.Frame()
		}
		poll(t, what, func() bool { s, err := session.Look(path); return err == nil && ok(s) })
	}
	on("the sidebar is there", func(s session.State) bool { return !s.Layout.NoSidebar })
	d.Press("Ctrl-B")
	on("it is gone", func(s session.State) bool { return s.Layout.NoSidebar })
}

func TestFilesAreAddedToTheSession(t *testing.T) {
	path, all := filepath.Join(t.TempDir(), "session.json"), programs(t, "a.pxl", "b.pxl", "c.pxl")
	start := func(want string, files ...string) *desk {
		t.Helper()
		d := newSessionDesk(t, path, false, files...)
		d.bench.leave()
		if d.tabs() != want {
			t.Errorf("with %d files: %s, want %s", len(files), d.tabs(), want)
		}
		return d
	}
	start("[hello.pxl]") // there was no window before
	start("hello.pxl [c.pxl] a.pxl", all[2], all[0])
	start("hello.pxl [c.pxl] a.pxl")
	start("hello.pxl c.pxl [a.pxl] b.pxl", all[0], all[1])
	if d := newSessionDesk(t, path, true, all[1]); d.tabs() != "[b.pxl]" {
		t.Errorf("a new window has %s", d.tabs())
	} else {
		d.bench.leave()
	}
	start("hello.pxl c.pxl [a.pxl] b.pxl")
	os.Remove(all[2])
	d := start("hello.pxl [a.pxl] b.pxl")
	if n := d.model.Notices(); len(n) != 1 || !strings.HasPrefix(n[0].Text, "A program of the last session is not opened again: cannot open "+all[2]) {
		t.Errorf("%+v", n)
	}
	d = newSessionDesk(t, path, false)
	for len(d.model.Docs()) > 0 {
		d.Press("Ctrl-W")
	}
	d.Frame()
	d.bench.leave()
	if d = start(""); len(d.model.Notices()) > 0 {
		t.Errorf("%+v", d.model.Notices())
	}
}

func TestTwoFilesThatAreGoneAreNamed(t *testing.T) {
	path, all := filepath.Join(t.TempDir(), "session.json"), programs(t, "a.pxl", "b.pxl", "c.pxl")
	newSessionDesk(t, path, false, all...).bench.leave()
	os.Remove(all[0])
	os.Remove(all[1])
	d := newSessionDesk(t, path, false)
	d.bench.leave()
	n := d.model.Notices()
	if d.tabs() != "[c.pxl]" || len(n) != 1 || !strings.HasPrefix(n[0].Text, "2 programs of the last session cannot be opened again: ") || !strings.Contains(n[0].Text, "a.pxl") || !strings.Contains(n[0].Text, "b.pxl") {
		t.Errorf("%s, %+v", d.tabs(), n)
	}
}

func TestASessionThatCannotBeReadIsSaid(t *testing.T) {
	path := filepath.Join(t.TempDir(), "session.json")
	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	d := newSessionDesk(t, path, false)
	d.bench.leave()
	if n := d.model.Notices(); d.tabs() != "[hello.pxl]" || len(n) != 1 || !strings.Contains(n[0].Text, path+".damaged") {
		t.Errorf("%s, %+v", d.tabs(), n)
	}
}

// Texts that are thrown away to close the window close its tabs; those of files are open
// again in the next.
func TestClosingWithoutSavingKeepsTheTabs(t *testing.T) {
	path, all := filepath.Join(t.TempDir(), "session.json"), programs(t, "a.pxl", "b.pxl")
	d := newSessionDesk(t, path, false, all...)
	d.model.Edit("CLS\n")
	d.model.NewDocument()
	d.model.Edit("CLS\n")
	d.Frame()
	quit := false
	d.bench.documents.quit = func() { quit = true }
	d.Press("Ctrl-Q")
	d.Click("Don't save")
	d.Frame()
	if d.bench.leave(); !quit || len(d.model.Docs()) > 0 {
		t.Fatalf("%v, %s", quit, d.tabs())
	}
	d = newSessionDesk(t, path, false)
	d.bench.leave()
	if d.tabs() != "[a.pxl] b.pxl" || d.model.Docs()[0].Dirty() {
		t.Errorf("the next window has %s", d.tabs())
	}
}

// A window beside another one looks like it, and leaves the session to it.
func TestTheSessionIsTheFirstWindows(t *testing.T) {
	path := filepath.Join(t.TempDir(), "session.json")
	first := newSessionDesk(t, path, false, programs(t, "a.pxl")...)
	first.Press("Ctrl-B")
	first.bench.leave()
	first = newSessionDesk(t, path, false)
	second := newSessionDesk(t, path, false)
	if second.tabs() != "[hello.pxl]" || second.bench.side.shown {
		t.Errorf("the second has %s, a sidebar %v", second.tabs(), second.bench.side.shown)
	}
	second.Press("Ctrl-B")
	first.bench.leave()
	second.bench.leave()
	if third := newSessionDesk(t, path, false); third.tabs() != "[a.pxl]" || third.bench.side.shown {
		t.Errorf("the third has %s, a sidebar %v", third.tabs(), third.bench.side.shown)
	} else {
		third.bench.leave()
	}
}

// The pictures of each document stay where they were put while others are in sight.
func TestEachDocumentHasItsZoom(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	var zooms []float32
	human := &d.bench.canvases.views[humanSlot].canvas
	for i, name := range []string{"hello", "life", "sunset"} {
		d.model.OpenTogether([]studio.Opening{{Example: name, Text: ".canvas 64 64 pixel\nHALT\n"}}, 0, func(int, *studio.Document, error) {})
		d.awaitPictures()
		if i != 1 {
			human.ZoomBy(1.5+float32(i), f32.Pt(20, 30))
			d.awaitPictures()
		}
		zooms = append(zooms, human.Zoom())
	}
	for i, want := range zooms {
		d.model.SetActive(i)
		d.awaitPictures()
		if human.Zoom() != want || human.ShowsAll() != (i == 1) {
			t.Errorf("document %d has zoom %g, want %g; it is fitted: %v", i, human.Zoom(), want, human.ShowsAll())
		}
	}
}
