package ui

import (
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gioui.org/io/transfer"

	spritedialog "gvpie/app/ui/sprites"
	"gvpie/runtime/pxl"
)

// savePicture writes a picture of two colours, and nothing at a corner.
func savePicture(t *testing.T, path string) {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, 6, 4))
	for i := range 24 {
		img.SetNRGBA(i%6, i/6, color.NRGBA{R: uint8(255 * (i % 6 / 3)), G: 128, A: 255})
	}
	img.SetNRGBA(0, 0, color.NRGBA{})
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
}

// paste brings a text from the clipboard.
func (d *desk) paste(s string) {
	d.Press("Ctrl-V")
	d.Send(transfer.DataEvent{Type: "application/text", Open: func() io.ReadCloser { return io.NopCloser(strings.NewReader(s)) }})
	d.Frame()
}

func (d *desk) importing() bool {
	_, ok := d.bench.dialogs.front.(*spritedialog.ImportDialog)
	return ok
}

func TestAPictureIsImportedAtTheCaret(t *testing.T) {
	d := newDesk(t, 1280, 800, 1)
	savePicture(t, filepath.Join(d.bench.side.files.Dir, "small ship.png"))
	const text = "loop:\n  CLS\n  IF W\n    CLS red\n  END\n  FRAME\n  JMP loop\n"
	d.model.OpenText("a.pxl", "", text)
	d.Frame()
	d.bench.code.gotoLine(4, 3)
	d.Frame()
	d.bench.action("file.import").Invoke()
	d.Until("the picture is listed", func() bool { _, ok := d.Find("small ship.png"); return ok })
	d.Click("small ship.png")
	d.Click("Import")
	d.Until("it is asked what it becomes", d.importing)
	d.CheckLayout()
	d.Shoot("import")
	d.Click("Import")
	d.Frame()
	source := ".palette 0x008000 0xFF8000\n.sprite small_ship 6 4\n  .00111\n  000111\n  000111\n  000111\n"
	if got, want := d.model.Active().Text(), strings.Replace(text, "  IF W", source+"\n  IF W", 1); got != want {
		t.Errorf("it is\n%s\nnot\n%s", got, want)
	}
	if a := pxl.Assemble("", d.model.Active().Text()); !a.OK() {
		t.Error(a.Diagnostics)
	}
	if line, _, _ := d.bench.code.caret(); line != 3 {
		t.Errorf("the caret is on line %d", line)
	}
	d.Press("Ctrl-Z")
	d.Frame()
	if d.model.Active().Text() != text {
		t.Errorf("one undo gives\n%s", d.model.Active().Text())
	}
}

func TestAPastedPathOfAPictureOffersToImportIt(t *testing.T) {
	d := newDesk(t, 1280, 800, 1)
	path := filepath.Join(d.bench.side.files.Dir, "ship.png")
	savePicture(t, path)
	d.model.OpenText("a.pxl", "", "HALT\n")
	d.Frame()
	d.bench.code.gotoLine(2, 1)
	d.Frame()
	d.paste("file://" + filepath.ToSlash(path) + "\n")
	d.Until("it is offered", d.importing)
	if !strings.Contains(d.model.Active().Text(), "ship.png") {
		t.Error("what was pasted is gone")
	}
	d.Click("Table")
	d.bench.dialogs.front.(*spritedialog.ImportDialog).SetSize(2, 1)
	d.Frame()
	d.Click("Import")
	d.Frame()
	if got, want := d.model.Active().Text(), "HALT\n.table ship 2:\n  0x008000 0xFF8000\n"; got != want {
		t.Errorf("it is\n%s\nnot\n%s", got, want)
	}
	d.Press("Ctrl-Z")
	d.Frame()
	if !strings.Contains(d.model.Active().Text(), "ship.png") {
		t.Error("one undo does not give what was pasted")
	}
}

// TestWhatIsNoPictureIsPastedAlone: as a text like any other.
func TestWhatIsNoPictureIsPastedAlone(t *testing.T) {
	d := newDesk(t, 1280, 800, 1)
	dir := d.bench.side.files.Dir
	if err := os.WriteFile(filepath.Join(dir, "text.png"), []byte("no"), 0o600); err != nil {
		t.Fatal(err)
	}
	savePicture(t, filepath.Join(dir, "ship.png"))
	d.model.OpenText("a.pxl", "", "")
	d.Frame()
	for _, s := range []string{filepath.Join(dir, "text.png"), filepath.Join(dir, "none.png"), "CLS ; ship.png"} {
		d.paste(s + "\n")
	}
	// Pictures are read one after the other or not: this one is offered alone.
	d.paste(filepath.Join(dir, "ship.png"))
	d.Until("the picture is offered", d.importing)
	d.Press("⎋")
	d.Frame()
	if d.bench.dialogs.front != nil || strings.Count(d.model.Active().Text(), ".png") != 4 {
		t.Errorf("%T; it is\n%s", d.bench.dialogs.front, d.model.Active().Text())
	}
}

func TestAPictureThatCannotBeReadIsTold(t *testing.T) {
	d := newDesk(t, 1280, 800, 1)
	path := filepath.Join(d.bench.side.files.Dir, "text.png")
	if err := os.WriteFile(path, []byte("no"), 0o600); err != nil {
		t.Fatal(err)
	}
	d.model.OpenText("a.pxl", "", "")
	d.Frame()
	d.bench.action("file.import").Invoke()
	d.Until("it is listed", func() bool { _, ok := d.Find("text.png"); return ok })
	d.Click("text.png")
	d.Click("Import")
	d.Until("it is told", func() bool { return len(d.model.Notices()) == 1 })
	if n := d.model.Notices()[0]; !strings.Contains(n.Text, "is no picture that can be read") {
		t.Error(n.Text)
	}
}
