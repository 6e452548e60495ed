package view

import (
	"image"
	"image/color"
	"testing"

	"gioui.org/f32"
	"gioui.org/gpu/headless"
	"gioui.org/layout"
	"gioui.org/op"

	"gvpie/runtime/machine"
)

// panel draws a canvas as a window would and gives the pixels.
func panel(t *testing.T, c *Canvas, size image.Point) *image.RGBA {
	t.Helper()
	w, err := headless.NewWindow(size.X, size.Y)
	if err != nil {
		t.Skipf("no way to draw without a window here: %v", err)
	}
	defer w.Release()
	var ops op.Ops
	c.Layout(layout.Context{Ops: &ops, Constraints: layout.Exact(size)}, Style{})
	if err := w.Frame(&ops); err != nil {
		t.Fatal(err)
	}
	img := image.NewRGBA(image.Rectangle{Max: size})
	if err := w.Screenshot(img); err != nil {
		t.Fatal(err)
	}
	return img
}

// quarters renders v of a 4 × 4 texture with a colour a quarter, as an engine
// would, whole pixels only.
func quarters(v machine.View) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, v.Width, v.Height))
	colors := [2][2]color.RGBA{
		{{255, 0, 0, 255}, {0, 255, 0, 255}},
		{{0, 0, 255, 255}, {255, 255, 0, 255}},
	}
	for j := range v.Height {
		for i := range v.Width {
			x, y := v.X+(float32(i)+0.5)/v.Scale, v.Y+(float32(j)+0.5)/v.Scale
			c := color.RGBA{uint8(v.Back >> 16), uint8(v.Back >> 8), uint8(v.Back), 255}
			if x >= 0 && y >= 0 && x < 4 && y < 4 {
				c = colors[int(y)/2][int(x)/2]
			}
			img.SetRGBA(i, j, c)
		}
	}
	return img
}

func newQuarters() (*Canvas, image.Point) {
	size := image.Pt(80, 60)
	c := new(Canvas)
	c.SetBack(0x204060)
	c.SetTexture(machine.MachineTexture, machine.DisplayPage, 4, 4)
	v := c.View(size)
	c.SetPicture(quarters(v), v, image.Pt(4, 4))
	return c, size
}

func same(t *testing.T, got, want *image.RGBA, what string) {
	t.Helper()
	for y := range want.Rect.Dy() {
		for x := range want.Rect.Dx() {
			if g, w := got.RGBAAt(x, y), want.RGBAAt(x, y); g != w {
				t.Fatalf("%s: pixel %d, %d is %v, want %v", what, x, y, g, w)
			}
		}
	}
}

func TestPictureIsDrawnPixelForPixel(t *testing.T) {
	c, size := newQuarters()
	same(t, panel(t, c, size), quarters(c.View(size)), "the picture asked for")
}

func TestOldPictureIsDrawnWhereItBelongsNow(t *testing.T) {
	c, size := newQuarters()
	c.ZoomBy(2, f32.Pt(40, 30))
	same(t, panel(t, c, size), quarters(c.View(size)), "zoomed in by two")

	c, size = newQuarters()
	c.cam.panTo(c.cam.offX+20, c.cam.offY+15)
	same(t, panel(t, c, size), quarters(c.View(size)), "panned")
}

func TestPictureOfAnotherPageStaysUntilItsSuccessorComes(t *testing.T) {
	c, size := newQuarters()
	want := quarters(c.View(size))
	c.SetTexture(machine.MachineTexture, machine.DataPage, 64, 2)
	same(t, panel(t, c, size), want, "before the new page's picture")
}

func TestAPictureNeverAppearsAtTheSizeOfAnotherTexture(t *testing.T) {
	c, size := newQuarters()
	want := quarters(c.View(size))
	c.SetTexture(machine.MachineTexture, machine.DisplayPage, 2, 2)
	same(t, panel(t, c, size), want, "before the picture of the smaller canvas")
	c.SetTexture(machine.MachineTexture, machine.DisplayPage, 4, 4)
	c.SetPicture(nil, machine.View{}, image.Point{})
	if img := panel(t, c, size); img.RGBAAt(40, 30) != img.RGBAAt(0, 0) {
		t.Error("a picture is shown that was taken away")
	}
}

func TestWithoutAPictureThePanelIsItsBackground(t *testing.T) {
	c := new(Canvas)
	c.SetBack(0x204060)
	img := panel(t, c, image.Pt(20, 10))
	for i := 0; i < len(img.Pix); i += 4 {
		if got := [4]byte(img.Pix[i : i+4]); got != [4]byte{0x20, 0x40, 0x60, 0xFF} {
			t.Fatalf("pixel %d is %v", i/4, got)
		}
	}
}
