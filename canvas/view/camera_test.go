package view

import (
	"image"
	"math"
	"testing"

	"gioui.org/f32"
	"pgregory.net/rapid"

	"gvpie/runtime/machine"
)

func TestFitShowsWholeTexture(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tex := image.Pt(rapid.IntRange(1, 6144).Draw(t, "w"), rapid.IntRange(1, 6144).Draw(t, "h"))
		panel := image.Pt(rapid.IntRange(96, 4096).Draw(t, "pw"), rapid.IntRange(96, 4096).Draw(t, "ph"))
		c := camera{tex: tex, panel: panel}
		c.fit()
		const slack = 1 // the corner is rounded to a whole pixel
		x, y := c.origin()
		right, bottom := x+float64(tex.X)*c.scale, y+float64(tex.Y)*c.scale
		if x < -slack || y < -slack || right > float64(panel.X)+slack || bottom > float64(panel.Y)+slack {
			t.Fatalf("texture %v in panel %v lies at (%g, %g)–(%g, %g)", tex, panel, x, y, right, bottom)
		}
		largest := min(float64(panel.X)/float64(tex.X), float64(panel.Y)/float64(tex.Y), MaxZoom)
		if c.scale < largest*2/3 || largest < 2 && c.scale < largest*(1-snapLoss)-1e-9 {
			t.Fatalf("scale %g, where %g would fit", c.scale, largest)
		}
		if largest >= 2 && c.scale != math.Floor(c.scale) {
			t.Fatalf("scale %g is not whole", c.scale)
		}
	})
}

func TestFitPrefersWholePixelsATexel(t *testing.T) {
	for _, tt := range []struct {
		panel image.Point
		want  float64
	}{
		{image.Pt(128*4, 64*4), 4},
		{image.Pt(128*4+100, 64*5), 4},
		{image.Pt(128*3-1, 64*5), 2},
		{image.Pt(128*2-1, 64*2), 1.99},
		{image.Pt(128*3/2, 64*2), 1.5}, // one would lose a third
		{image.Pt(128+16, 64*2), 1},    // 1.125 loses 11 %
		{image.Pt(64, 64), 0.5},
		{image.Pt(128*100, 64*100), 64},
	} {
		c := camera{tex: image.Pt(128, 64), panel: tt.panel}
		c.fit()
		if math.Abs(c.scale-tt.want) > 0.01 {
			t.Errorf("in %v the scale is %g, want %g", tt.panel, c.scale, tt.want)
		}
	}
}

func TestZoomKeepsThePointUnderThePointer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := camera{tex: image.Pt(128, 64), panel: image.Pt(700, 500)}
		c.fit()
		at := f32.Pt(350, 250)
		want := [2]float64{(350 - c.offX) / c.scale, (250 - c.offY) / c.scale}
		for _, f := range rapid.SliceOfN(rapid.Float64Range(0.5, 2), 1, 40).Draw(t, "factors") {
			c.zoomTo(c.scale*f, at)
			got := [2]float64{(350 - c.offX) / c.scale, (250 - c.offY) / c.scale}
			if math.Abs(got[0]-want[0]) > 1e-6 || math.Abs(got[1]-want[1]) > 1e-6 {
				t.Fatalf("at scale %g the middle shows %v, before %v", c.scale, got, want)
			}
			if c.scale < MinZoom || c.scale > MaxZoom {
				t.Fatalf("scale %g", c.scale)
			}
		}
	})
}

func TestTextureCannotBeLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := camera{tex: image.Pt(rapid.IntRange(1, 1024).Draw(t, "w"), rapid.IntRange(1, 1024).Draw(t, "h")), panel: image.Pt(640, 480)}
		c.fit()
		for range 5 {
			c.zoomTo(rapid.Float64Range(0.01, 100).Draw(t, "scale"), f32.Pt(rapid.Float32Range(0, 640).Draw(t, "x"), rapid.Float32Range(0, 480).Draw(t, "y")))
			far := rapid.Float64Range(-1e6, 1e6)
			c.panTo(far.Draw(t, "px"), far.Draw(t, "py"))
			c.setPanel(image.Pt(rapid.IntRange(10, 900).Draw(t, "pw"), rapid.IntRange(10, 900).Draw(t, "ph")))
			shownX := min(c.offX+float64(c.tex.X)*c.scale, float64(c.panel.X)) - max(c.offX, 0)
			shownY := min(c.offY+float64(c.tex.Y)*c.scale, float64(c.panel.Y)) - max(c.offY, 0)
			wantX := min(keep, float64(c.tex.X)*c.scale, float64(c.panel.X)/2)
			wantY := min(keep, float64(c.tex.Y)*c.scale, float64(c.panel.Y)/2)
			if shownX < wantX-1e-6 || shownY < wantY-1e-6 {
				t.Fatalf("%g × %g pixels of the texture are left in %v, want %g × %g", shownX, shownY, c.panel, wantX, wantY)
			}
		}
	})
}

func TestResizeKeepsFitAndKeepsAPlaceChosenByHand(t *testing.T) {
	c := camera{tex: image.Pt(128, 64), panel: image.Pt(512, 256)}
	c.fit()
	c.setPanel(image.Pt(256, 128))
	if c.scale != 2 {
		t.Errorf("a fitted camera shows scale %g after the panel halved, want 2", c.scale)
	}
	c.zoomTo(10, f32.Pt(40, 40))
	x, y := c.texelAt(f32.Pt(128, 64))
	c.setPanel(image.Pt(400, 300))
	if gx, gy := c.texelAt(f32.Pt(200, 150)); gx != x || gy != y || c.scale != 10 {
		t.Errorf("the middle shows texel %d, %d at scale %g, before the resize %d, %d at 10", gx, gy, c.scale, x, y)
	}
	c.setTexture(image.Pt(320, 180))
	if c.scale != 10 {
		t.Errorf("a new texture size moved a zoom chosen by hand to %g", c.scale)
	}
	c.fit()
	c.setTexture(image.Pt(40, 30))
	if c.scale != 10 {
		t.Errorf("a fitted camera shows a 40 × 30 texture in 400 × 300 at scale %g, want 10", c.scale)
	}
}

func TestAPlaceIsFoundAgainWhicheverIsKnownFirst(t *testing.T) {
	tex, panel := image.Pt(128, 64), image.Pt(512, 256)
	a := camera{tex: tex, panel: panel}
	a.fit()
	if a.place() != (Place{}) {
		t.Errorf("a fitted texture is at %+v", a.place())
	}
	a.zoomTo(9, f32.Pt(40, 40))
	want := a.place()
	for name, know := range map[string]func(c *camera){
		"both before":    func(c *camera) { c.setTexture(tex); c.setPanel(panel); c.setPlace(want) },
		"panel after":    func(c *camera) { c.setTexture(tex); c.setPlace(want); c.setPanel(panel) },
		"texture after":  func(c *camera) { c.setPanel(panel); c.setPlace(want); c.setTexture(tex) },
		"another before": func(c *camera) { *c = a; c.fit(); c.setPlace(Place{2, 3, 4}); c.setPlace(want) },
	} {
		var c camera
		know(&c)
		if c.place() != want || c.offX != a.offX || c.offY != a.offY {
			t.Errorf("%s: it is at %+v, want %+v", name, c.place(), want)
		}
	}
	var c camera
	c.setPlace(want)
	if c.place() != want {
		t.Errorf("before it is known where it is, it is at %+v", c.place())
	}
	a.setPlace(Place{})
	if a.manual || a.scale != 4 {
		t.Errorf("fitted again it has the scale %g", a.scale)
	}
	a.setPlace(Place{1e9, 1e9, -1e9})
	if a.scale != MaxZoom || a.offX > float64(panel.X) {
		t.Errorf("far away it is at %+v", a.place())
	}
}

func TestViewAgreesWithPick(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var c Canvas
		c.SetTexture(machine.MachineTexture, machine.DisplayPage, 128, 64)
		size := image.Pt(rapid.IntRange(50, 900).Draw(t, "pw"), rapid.IntRange(50, 900).Draw(t, "ph"))
		c.View(size)
		c.ZoomBy(rapid.Float32Range(0.1, 20).Draw(t, "zoom"), f32.Pt(rapid.Float32Range(0, 50).Draw(t, "ax"), 20))
		v := c.View(size)
		px, py := rapid.IntRange(0, size.X-1).Draw(t, "x"), rapid.IntRange(0, size.Y-1).Draw(t, "y")
		// The middle of the pixel: its square begins at v.X + px/v.Scale.
		x, y, _ := c.Pick(f32.Pt(float32(px)+0.5, float32(py)+0.5))
		wx, wy := float64(v.X)+(float64(px)+0.5)/float64(v.Scale), float64(v.Y)+(float64(py)+0.5)/float64(v.Scale)
		if far(wx, x) || far(wy, y) {
			t.Fatalf("the view shows texel point %g, %g at the middle of pixel %d, %d; the pick is %d, %d", wx, wy, px, py, x, y)
		}
	})
}

// far says whether a texture coordinate lies outside texel i by more than the
// rounding of a float32.
func far(at float64, i int) bool {
	const eps = 1e-3
	return at < float64(i)-eps || at > float64(i)+1+eps
}

func TestViewNeedsATextureAndAPanel(t *testing.T) {
	var c Canvas
	if v := c.View(image.Pt(100, 100)); v != (machine.View{}) {
		t.Errorf("without a texture the view is %+v", v)
	}
	c.SetTexture(machine.HumanTexture, machine.DisplayPage, 768, 512)
	if v := c.View(image.Pt(0, 100)); v != (machine.View{}) {
		t.Errorf("in a panel without pixels the view is %+v", v)
	}
	c.SetBack(0x0d1015)
	c.SetMark(machine.Rect{X: 6, Y: 8, W: 6, H: 8})
	c.SetLit(8, 12)
	want := machine.View{Texture: machine.HumanTexture, Width: 384, Height: 256, Scale: 0.5, Back: 0x0d1015, Mark: machine.Rect{X: 6, Y: 8, W: 6, H: 8}, LitFrom: 8, LitTo: 12}
	if v := c.View(image.Pt(384, 256)); v != want {
		t.Errorf("the view is %+v, want %+v", v, want)
	}
}

func TestGridIsThereWhereATexelHasRoomForIt(t *testing.T) {
	var c Canvas
	c.SetTexture(machine.MachineTexture, machine.DisplayPage, 128, 64)
	size := image.Pt(512, 256)
	if c.View(size).Grid {
		t.Error("a grid at 4 pixels a texel")
	}
	c.ZoomBy(2, f32.Pt(0, 0))
	if !c.View(size).Grid {
		t.Error("no grid at 8 pixels a texel")
	}
	c.SetGrid(false)
	if c.View(size).Grid {
		t.Error("a grid, though it was turned off")
	}
}
