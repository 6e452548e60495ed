package sprites_test

import (
	"image"
	"strings"
	"testing"

	"gioui.org/f32"
	"gioui.org/io/pointer"
	"gioui.org/layout"

	model "gvpie/app/studio/sprites"
	"gvpie/app/ui/kit"
	"gvpie/app/ui/kit/kittest"
	"gvpie/app/ui/sprites"
	"gvpie/runtime/pxl/service"
)

type lines []string

func (l lines) Lines() int        { return len(l) }
func (l lines) Line(i int) string { return l[i] }

// open lays out the editor of a sprite alone, and gives what it handed back last.
func open(t *testing.T, src string) (w *kittest.Window, sheet *model.Sheet, drawn **model.Sheet) {
	t.Helper()
	text := lines(strings.Split(src, "\n"))
	s, _, ok := service.NewDocument(text).SpriteAt(len(text) - 1)
	if !ok {
		t.Fatal("it is no sprite")
	}
	sheet, err := model.Read(s, text.Line)
	if err != nil {
		t.Fatal(err)
	}
	w, drawn = kittest.New(t, 900, 660, 1), new(*model.Sheet)
	pictures := &kit.Pictures{}
	d := sprites.New(sheet, pictures, func(s *model.Sheet) { *drawn = s })
	var layer kit.ModalLayer
	shown := true
	w.Widget = func(gtx layout.Context) {
		pictures.Sweep()
		shown = shown && !layer.Layout(gtx, w.Theme, d)
	}
	w.Frame()
	w.Frame()
	return w, sheet, drawn
}

// at is the middle of a texel of a sprite 4 wide and high.
func at(w *kittest.Window, x, y int) image.Point {
	n := w.MustFind("drawing").Bounds
	cell := min(n.Dx(), n.Dy()) / 4 &^ 1
	return n.Min.Add(n.Size().Sub(image.Pt(4*cell, 4*cell)).Div(2)).Add(image.Pt(x*cell+cell/2, y*cell+cell/2))
}

const two = ".sprite s 4 4\n2...\n....\n....\n....\n1...\n....\n....\n...1"

func TestTheFrameBeforeShowsThrough(t *testing.T) {
	w, _, _ := open(t, ".sprite s 4 4\n....\n.2..\n....\n....\n....\n....\n....\n....")
	w.Click("frame 1")
	p := at(w, 1, 1).Add(image.Pt(9, 9)) // beside the lines
	with := w.Shoot("onion").RGBAAt(p.X, p.Y)
	w.Click("Onion skin")
	if without := w.Shoot("no onion").RGBAAt(p.X, p.Y); with.R <= without.R+40 {
		t.Errorf("the texel is %v with the frame before, and %v without", with, without)
	}
}

func TestThePreviewPlaysTheFrames(t *testing.T) {
	w, _, _ := open(t, two)
	seen := map[string]bool{}
	for range 40 { // 640 ms, of which each frame has 125
		w.Frame()
		for _, n := range w.Nodes() {
			if strings.HasPrefix(n.Desc.Label, "preview of ") {
				seen[n.Desc.Label] = true
			}
		}
	}
	if len(seen) != 2 {
		t.Errorf("it showed %v", seen)
	}
	w.Click("Stop the preview")
	w.Click("frame 1")
	w.Frame()
	w.MustFind("preview of frame 1")
}

func TestARightClickTakesAColourUp(t *testing.T) {
	w, sheet, _ := open(t, two)
	p := at(w, 0, 0)
	w.Send(
		pointer.Event{Kind: pointer.Press, Source: pointer.Mouse, Buttons: pointer.ButtonSecondary, Position: f32.Pt(float32(p.X), float32(p.Y))},
		pointer.Event{Kind: pointer.Release, Source: pointer.Mouse, Position: f32.Pt(float32(p.X), float32(p.Y))},
	)
	w.ClickAt(at(w, 3, 3))
	if sheet.Texel(0, 3, 3) != '2' || sheet.Texel(0, 0, 0) != '2' {
		t.Error(sheet.Lines())
	}
}

func TestAStrokeIsOneStepAndMayLeaveTheFrame(t *testing.T) {
	w, sheet, drawn := open(t, two)
	out := at(w, 3, 0)
	w.Drag(at(w, 1, 1), at(w, 1, 3), image.Pt(out.X+300, out.Y))
	if sheet.Texel(0, 1, 2) != '1' || sheet.Texel(0, 3, 2) != '1' && sheet.Texel(0, 3, 1) != '1' {
		t.Errorf("drawn %v", sheet.Lines())
	}
	w.Press("Ctrl-Z")
	if sheet.Changed() {
		t.Errorf("one undo leaves %v", sheet.Lines())
	}
	w.Press("Ctrl-Shift-Z")
	w.Press("→")
	w.Press("⎋")
	if *drawn != sheet || !sheet.CanUndo() {
		t.Error("Escape keeps nothing")
	}
}

func TestCancelKeepsNothing(t *testing.T) {
	w, _, drawn := open(t, two)
	w.ClickAt(at(w, 2, 2))
	w.Click("Cancel")
	if *drawn != nil {
		t.Error("what was drawn was handed back")
	}
}
