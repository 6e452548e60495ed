package picture

import (
	"image"
	"image/color"
	"strings"
	"testing"

	"gvpie/runtime/pxl/pxltest"
)

// paint makes a picture of rows of letters.
func paint(rows ...string) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, len(rows[0]), len(rows)))
	for y, row := range rows {
		for x := range row {
			img.SetNRGBA(x, y, map[byte]color.NRGBA{
				'r': {255, 0, 0, 255}, 'g': {0, 255, 0, 255}, 'k': {0, 0, 0, 255}, '.': {}, 't': {9, 9, 9, 127},
			}[row[x]])
		}
	}
	return img
}

func TestFewColoursStay(t *testing.T) {
	got, err := Sprite(paint("r.g", "ktr"), Options{Name: "ship"})
	want := ".palette 0xFF0000 0x00FF00 0x000000\n.sprite ship 3 2\n  0.1\n  2.0\n"
	if err != nil || got != want {
		t.Fatalf("%v\n%s", err, got)
	}
	a := pxltest.Assemble(t, got+"SPR ship 0 0\n")
	if len(a.Sprites) != 1 || a.Sprites[0].W != 3 || a.Sprites[0].Frames != 1 {
		t.Errorf("%+v", a.Sprites)
	}
}

func TestAnEnlargedPictureIsMadeSmallAgain(t *testing.T) {
	got, err := Sprite(paint("rrgg", "rrgg", "..kk", "..kk"), Options{Name: "a", W: 2, H: 2})
	if want := ".palette 0xFF0000 0x00FF00 0x000000\n.sprite a 2 2\n  01\n  .2\n"; err != nil || got != want {
		t.Fatalf("%v\n%s", err, got)
	}
	got, err = Sprite(paint("rg"), Options{Name: "a", W: 4, H: 1})
	if err != nil || !strings.Contains(got, "\n  0011\n") {
		t.Fatalf("%v\n%s", err, got)
	}
}

// A ramp has more colours than a palette: each of its sixteen is close to what it
// stands for, and dithered it keeps its mean.
func TestManyColoursBecomeSixteen(t *testing.T) {
	ramp := image.NewNRGBA(image.Rect(0, 0, 64, 64))
	for i := range 64 * 64 {
		ramp.SetNRGBA(i%64, i/64, color.NRGBA{uint8(4 * (i % 64)), uint8(4 * (i / 64)), 40, 255})
	}
	for _, dither := range []bool{false, true} {
		o := Options{Name: "ramp", Dither: dither}
		p, err := o.read(ramp)
		if err != nil {
			t.Fatal(err)
		}
		colors := p.palette()
		if len(colors) != 16 {
			t.Fatalf("%d colours", len(colors))
		}
		off, sum := 0, 0
		for i, d := range p.nearest(colors, dither) {
			off = max(off, colors[d].distance(p.texels[i]))
			sum += colors[d][0] - p.texels[i][0]
		}
		if most := 80 * 80; off > most || max(sum, -sum) > 64*64 {
			t.Errorf("dither %v: a colour is off by the root of %d, all by %d", dither, off, sum)
		}
	}
	plain, _ := Sprite(ramp, Options{Name: "ramp"})
	dithered, _ := Sprite(ramp, Options{Name: "ramp", Dither: true})
	if plain == dithered {
		t.Error("dithering changes nothing")
	}
	pxltest.Assemble(t, dithered+"SPR ramp 0 0\n")
}

func TestTable(t *testing.T) {
	got, err := Table(paint("r.", "gk"), Options{Name: "map"})
	if want := ".table map 2:\n  0xFF0000 -1,\n  0x00FF00 0x000000\n"; err != nil || got != want {
		t.Fatalf("%v\n%s", err, got)
	}
	pxltest.Assemble(t, got+"PLOT 0 0 map[0, 1]\n")
}

func TestWhatCannotBecomeASprite(t *testing.T) {
	for _, c := range []struct {
		img  image.Image
		o    Options
		want string
	}{
		{paint("r"), Options{Name: "3d"}, "no name"},
		{paint("r"), Options{Name: ""}, "no name"},
		{paint("r"), Options{Name: "a b"}, "no name"},
		{paint("r"), Options{Name: "red"}, "means something already"},
		{paint("r"), Options{Name: "a", W: 2000, H: 2}, "too many"},
		{paint("r"), Options{Name: "a", W: 2}, "too many"},
		{image.NewNRGBA(image.Rect(0, 0, 500, 500)), Options{Name: "a"}, "give a size"},
		{image.NewNRGBA(image.Rectangle{}), Options{Name: "a"}, "empty"},
	} {
		if _, err := Sprite(c.img, c.o); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %q", c.o, err, c.want)
		}
	}
}
