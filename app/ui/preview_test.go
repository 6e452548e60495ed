package ui

import (
	"image"
	"os"
	"path/filepath"
	"testing"

	"gioui.org/f32"
	"gioui.org/io/pointer"

	"gvpie/app/studio"
	"gvpie/app/ui/kit/kittest"
	"gvpie/assets"
)

func TestExamplesAreLookedAtInOneTab(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.Frame()
	d.Click("hello")
	d.Click("panel")
	if d.tabs() != "[panel.pxl]" {
		t.Fatalf("after two examples: %s", d.tabs())
	}
	at := kittest.Center(d.MustFind("tab panel.pxl"))
	e := pointer.Event{Source: pointer.Mouse, Position: f32.Pt(float32(at.X), float32(at.Y))}
	for range 2 {
		e.Kind, e.Buttons = pointer.Press, pointer.ButtonPrimary
		d.Send(e)
		e.Kind, e.Buttons = pointer.Release, 0
		d.Send(e)
	}
	d.Click("clock")
	if d.tabs() != "panel.pxl [clock.pxl]" {
		t.Errorf("after a double click on its tab: %s", d.tabs())
	}
	d.bench.action("file.keep").Invoke()
	d.Click("wave")
	d.awaitPictures()
	d.Shoot("preview")
	if d.tabs() != "panel.pxl clock.pxl [wave.pxl]" {
		t.Errorf("after it was kept: %s", d.tabs())
	}
}

func TestTabsOfOneNameAreToldApart(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	path := filepath.Join(home, "games", "life.pxl")
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("HALT\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	d := newDesk(t, 1440, 900, 1)
	d.bench.OpenAll([]string{path})
	d.Until("it is open", func() bool { return d.model.Active() != nil })
	d.MustFind("tab life.pxl")
	d.openExample("life")
	d.awaitPictures()
	d.MustFind("tab life.pxl — examples")
	d.MustFind("tab life.pxl — ~/games")
}

func TestANewProgramMoves(t *testing.T) {
	d := newDeskOf(t, 1440, 900, 1, studio.Config{Begin: assets.Template()})
	d.Frame()
	d.Press("Ctrl-N")
	d.Until("it moves", func() bool { return d.model.RunState().Frames > 2 })
	d.awaitPictures()
	d.Shoot("template")
	if a := d.model.Active(); a.Dirty() || len(d.model.Problems()) > 0 || losesText(a) {
		t.Errorf("%+v, %v", a, d.model.Problems())
	}
}

// The examples have pictures, of which the one under the pointer moves: in the sidebar,
// and on the cards of the welcome.
func TestTheExampleUnderThePointerMoves(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.bench.thumbs = studio.NewThumbnails(d.Wake)
	t.Cleanup(d.bench.thumbs.Close)
	picture := func() *image.RGBA { return d.bench.thumbs.Of("bounce", "")[cardThumbnail] }
	d.Until("there is a picture", func() bool { return picture() != nil })
	d.Shoot("welcome")
	for _, over := range []string{"example bounce", "bounce"} {
		d.MoveTo(kittest.Center(d.MustFind(over)))
		was := picture()
		d.Until("it moves in "+over, func() bool { return picture() != was })
		d.MoveTo(image.Pt(700, 120))
	}
	d.openExample("hello")
	d.awaitPictures()
	d.MoveTo(kittest.Center(d.MustFind("bounce")))
	was := picture()
	d.Until("it moves beside a program", func() bool { return picture() != was })
}
