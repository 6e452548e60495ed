package ui

import (
	"image"
	"strings"
	"testing"

	"gioui.org/f32"
	"gioui.org/io/pointer"

	spritedialog "gvpie/app/ui/sprites"
)

const drawnOn = `.palette black white 0xFF8800 0x3366FF
.sprite ship 8 8
  ...11...
  ...11...
  ..1221..
  ..1221..
  .113311.
  11133111
  1..11..1
  ...22...
  ...11...
  ...11...
  ..1221..
  ..1221..
  .113311.
  11133111
  1..11..1
  ..2222..
loop:
  CLS navy
  SPR ship[frame / 8 % 2] 60 28
  FRAME
  JMP loop
`

// openSprite opens a program with a sprite, and its editor by the key.
func openSprite(t *testing.T) *desk {
	d := newDesk(t, 1280, 800, 1)
	d.model.OpenText("ship.pxl", "", drawnOn)
	d.Frame()
	d.bench.code.focus()
	d.bench.code.gotoLine(5, 4)
	d.Frame()
	d.Press("F4")
	if _, ok := d.bench.dialogs.front.(*spritedialog.Dialog); !ok {
		t.Fatalf("%T is in front", d.bench.dialogs.front)
	}
	return d
}

// texel is the middle of a texel of the drawing.
func (d *desk) texel(x, y int) image.Point {
	n := d.MustFind("drawing").Bounds
	cell := min(n.Dx()/8, n.Dy()/8)
	at := n.Min.Add(n.Size().Sub(image.Pt(8*cell, 8*cell)).Div(2))
	return at.Add(image.Pt(x*cell+cell/2, y*cell+cell/2))
}

func TestASpriteIsDrawnOnAndIsTextInOneUndo(t *testing.T) {
	d := openSprite(t)
	d.CheckLayout()
	d.Click("colour 2, 0xFF8800")
	d.Drag(d.texel(0, 0), d.texel(7, 0))
	d.Press("3")
	d.Click("Fill")
	d.ClickAt(d.texel(0, 1))
	d.Click("Shift down")
	d.Click("Undo")
	d.Click("frame 1")
	d.Click("Turn upside down")
	d.Click("Add a copy of the frame")
	d.Press("0")
	d.Click("Paint")
	d.ClickAt(d.texel(0, 7))
	if d.model.Active().Text() != drawnOn {
		t.Error("the text was changed before it is done")
	}
	d.Shoot("sprites")
	d.Click("Done")
	d.Frame()
	want := strings.Split(drawnOn, "\n")
	flipped := []string{"  ..2222..", "  1..11..1", "  11133111", "  .113311.", "  ..1221..", "  ..1221..", "  ...11...", "  ...11..."}
	again := append([]string(nil), flipped...)
	again[7] = "  0..11..."
	want[2], want[3], want[4], want[5] = "  22222222", "  33311...", "  331221..", "  331221.."
	want[6] = "  3113311."
	want = append(append(append(append([]string(nil), want[:10]...), flipped...), again...), want[18:]...)
	if got := d.model.Active().Text(); got != strings.Join(want, "\n") {
		t.Errorf("it is\n%s\nnot\n%s", got, strings.Join(want, "\n"))
	}
	d.Press("Ctrl-Z")
	d.Frame()
	if d.model.Active().Text() != drawnOn {
		t.Errorf("one undo gives\n%s", d.model.Active().Text())
	}
}

func TestTheSpriteEditorOpensByItsColoursAndByName(t *testing.T) {
	d := openSprite(t)
	d.Press("⎋")
	d.Frame()
	if d.bench.dialogs.front != nil || d.model.Active().Text() != drawnOn {
		t.Fatal("Escape does not close it, or changes the text")
	}
	d.bench.code.gotoLine(21, 8) // the name of SPR
	d.Frame()
	d.Press("F4")
	if _, ok := d.bench.dialogs.front.(*spritedialog.Dialog); !ok {
		t.Fatalf("by its name %T is in front", d.bench.dialogs.front)
	}
	d.Press("⎋")
	d.bench.code.gotoLine(20, 3)
	d.Frame()
	d.Press("F4")
	if d.bench.dialogs.front != nil || len(d.model.Notices()) != 1 {
		t.Error("on no sprite it says nothing")
	}
	for _, n := range d.model.Notices() {
		d.model.Dismiss(n.ID)
	}
	d.Frame()
	text := d.MustFind("program text").Bounds
	for y := text.Min.Y; y < text.Max.Y && d.bench.dialogs.front == nil; y += 8 {
		p := f32.Pt(float32(text.Min.X+90), float32(y))
		for range 2 {
			d.Send(
				pointer.Event{Kind: pointer.Press, Source: pointer.Mouse, Buttons: pointer.ButtonPrimary, Position: p},
				pointer.Event{Kind: pointer.Release, Source: pointer.Mouse, Position: p},
			)
		}
		line, _, _ := d.bench.code.caret()
		if open := d.bench.dialogs.front != nil; open != (line >= 3 && line <= 18) {
			t.Fatalf("a double click on line %d opens it: %v", line, open)
		}
	}
	if d.bench.dialogs.front == nil {
		t.Error("no double click opens it")
	}
}

func TestWhatIsDrawnIsNotLostToAnotherDialog(t *testing.T) {
	d := openSprite(t)
	d.ClickAt(d.texel(0, 0))
	if d.bench.documents.mayClose() {
		t.Error("the window closes over the only thing that was drawn")
	}
	d = openSprite(t)
	d.ClickAt(d.texel(0, 0))
	d.Press("F1")
	d.Frame()
	if !strings.Contains(d.model.Active().Text(), "  1..11...\n") {
		t.Errorf("it is\n%s", d.model.Active().Text())
	}
	d.Press("⎋")
	d.Frame()
	d.bench.code.gotoLine(4, 4)
	d.Frame()
	d.Press("F4")
	d.ClickAt(d.texel(7, 0))
	if d.bench.documents.mayClose() {
		t.Error("the window closes over a drawing")
	}
	if !strings.Contains(d.model.Active().Text(), "  1..11..1\n") {
		t.Errorf("it is\n%s", d.model.Active().Text())
	}
}

func TestASpriteThatWasChangedMeanwhileStays(t *testing.T) {
	d := openSprite(t)
	d.ClickAt(d.texel(0, 0))
	d.bench.code.front().edit.Replace(0, 0, "; above it\n")
	d.bench.code.front().edit.Replace(0, 0, "; and above\n")
	d.model.Edit(d.bench.code.front().edit.Text())
	d.Click("Done")
	d.Frame()
	if got := d.model.Active().Text(); !strings.Contains(got, "; above it\n") || !strings.Contains(got, "  1..11...\n") {
		t.Errorf("moved it is\n%s", got)
	}
	d.bench.code.gotoLine(6, 4)
	d.Frame()
	d.Press("F4")
	d.ClickAt(d.texel(7, 0))
	text := strings.Replace(d.model.Active().Text(), ".sprite ship", ".sprite boat", 1)
	d.bench.code.front().edit.Replace(0, len(d.model.Active().Text()), text)
	d.model.Edit(text)
	d.Click("Done")
	d.Frame()
	if d.model.Active().Text() != text || len(d.model.Notices()) != 1 {
		t.Errorf("%v; renamed it is\n%s", d.model.Notices(), d.model.Active().Text())
	}
}
