package machine

import (
	"errors"
	"image"
	"image/color"
	"math"
	"testing"

	"gvpie/assets/glyph"
	"gvpie/runtime/isa"
)

func TestHumanTextureOfACellCanvas(t *testing.T) {
	m := load(t, newAsm(4, 1, false, 0).op(isa.TXT, 1, 0).text("A").op(isa.RECT, 1, 0, 1, 1, 0x0000FF).
		op(isa.TXT, 2, 0).text("\xe9").program())
	frame(t, m)
	img := m.Human()
	if img.Rect != image.Rect(0, 0, 24, 8) {
		t.Fatalf("it is %v", img.Rect)
	}
	for y := range 8 {
		for x := range 6 {
			want := color.RGBA{0, 0, 255, 255}
			if x < 5 && y < 7 && glyph.ROM['A'][y]>>(4-x)&1 == 1 {
				want = color.RGBA{255, 255, 255, 255}
			}
			if got := img.RGBAAt(6+x, y); got != want {
				t.Errorf("pixel %d,%d of the A is %v, not %v", x, y, got, want)
			}
			if got := img.RGBAAt(x, y); got != (color.RGBA{A: 255}) {
				t.Errorf("an untouched cell shows %v", got)
			}
			if got, box := img.RGBAAt(12+x, y).R > 0, x < 5 && y < 7 && glyph.ROM[127][y]>>(4-x)&1 == 1; got != box {
				t.Errorf("an unknown character at %d,%d: %v", x, y, got)
			}
		}
	}
}

func TestCodesThatAreNoColour(t *testing.T) {
	m := load(t, newAsm(1, 1, false, 0).program())
	m.display[0] = isa.Word('|', 250, 240, 255)
	img := m.Human()
	if ink, paper := img.RGBAAt(2, 3), img.RGBAAt(0, 3); ink != (color.RGBA{255, 255, 255, 255}) || paper != (color.RGBA{A: 255}) {
		t.Errorf("ink %v, paper %v", ink, paper)
	}
}

// checkered is a pixel canvas of 4 × 4 with texel (x, y) = (60x, 60y, 128).
func checkered(t testing.TB) *Machine {
	m := load(t, newAsm(4, 4, true, 0).program())
	for i := range m.display {
		m.display[i] = isa.Word(uint8(i%4*60), uint8(i/4*60), 128, 255)
		m.writer[i] = uint32(i)
	}
	return m
}

func present(t testing.TB, m *Machine, v View) *image.RGBA {
	t.Helper()
	dst := image.NewRGBA(image.Rect(0, 0, v.Width, v.Height))
	if err := m.Present(dst, v); err != nil {
		t.Fatal(err)
	}
	return dst
}

func TestWholeScalesAreSharp(t *testing.T) {
	m := checkered(t)
	for _, scale := range []int{1, 2, 3, 5} {
		for _, texture := range []Texture{MachineTexture, HumanTexture} {
			img := present(t, m, View{Texture: texture, Width: 30, Height: 30, X: -1, Y: -2, Scale: float32(scale), Back: 0x112233})
			for j := range 30 {
				for i := range 30 {
					x, y := i/scale-1, j/scale-2
					want := color.RGBA{0x11, 0x22, 0x33, 255}
					if x >= 0 && y >= 0 && x < 4 && y < 4 {
						want = color.RGBA{uint8(60 * x), uint8(60 * y), 128, 255}
					}
					if got := img.RGBAAt(i, j); got != want {
						t.Fatalf("scale %d, panel pixel %d,%d is %v, not %v", scale, i, j, got, want)
					}
				}
			}
		}
	}
}

// TestOtherScalesAverageByArea compares with the integral, worked out plainly.
func TestOtherScalesAverageByArea(t *testing.T) {
	m := checkered(t)
	for _, v := range []View{
		{Width: 9, Height: 9, Scale: 1.5, X: -0.3, Y: 0.2},
		{Width: 5, Height: 5, Scale: 0.7, X: -1, Y: -0.25},
		{Width: 3, Height: 3, Scale: 0.25, X: -2, Y: -3, Back: 0xFFFFFF},
		{Width: 20, Height: 20, Scale: 6.4, X: 0.111, Y: 0.77},
	} {
		img := present(t, m, v)
		for j := range v.Height {
			for i := range v.Width {
				var r, g, b float64
				x0, y0, s := float64(v.X)+float64(i)/float64(v.Scale), float64(v.Y)+float64(j)/float64(v.Scale), 1/float64(v.Scale)
				for y := -9; y < 13; y++ {
					for x := -9; x < 13; x++ {
						area := max(0, min(x0+s, float64(x+1))-max(x0, float64(x))) * max(0, min(y0+s, float64(y+1))-max(y0, float64(y))) / (s * s)
						c := v.Back
						if x >= 0 && y >= 0 && x < 4 && y < 4 {
							c = uint32(60*x)<<16 | uint32(60*y)<<8 | 128
						}
						r, g, b = r+area*float64(c>>16), g+area*float64(c>>8&255), b+area*float64(c&255)
					}
				}
				got := img.RGBAAt(i, j)
				if math.Abs(r-float64(got.R)) > 3 || math.Abs(g-float64(got.G)) > 3 || math.Abs(b-float64(got.B)) > 3 {
					t.Fatalf("%+v: panel pixel %d,%d is %v, not %.1f %.1f %.1f", v, i, j, got, r, g, b)
				}
			}
		}
	}
}

func TestThinStrokesSurviveMinification(t *testing.T) {
	m := load(t, newAsm(64, 64, true, 0).op(isa.RECT, 0, 21, 64, 1, 0xFFFFFF).program())
	frame(t, m)
	img := present(t, m, View{Texture: HumanTexture, Width: 16, Height: 16, Scale: 0.25})
	if got := img.RGBAAt(8, 5).R; got < 60 || got > 68 {
		t.Errorf("a line a quarter of a panel pixel high shows as %d, not 64", got)
	}
}

func TestLitTexelsStandOut(t *testing.T) {
	m := checkered(t)
	img := present(t, m, View{Width: 4, Height: 4, Scale: 1, LitFrom: 5, LitTo: 7})
	if got := img.RGBAAt(1, 1); got != (color.RGBA{60, 60, 128, 255}) {
		t.Errorf("a lit texel is %v", got)
	}
	if got := img.RGBAAt(3, 1); got != (color.RGBA{45, 15, 32, 255}) {
		t.Errorf("a dimmed texel is %v", got)
	}
	if got := present(t, m, View{Page: StatePage, Width: 64, Height: 3, Scale: 1, LitFrom: 5, LitTo: 7}).RGBAAt(7, 0).R; got != isa.HeaderWords {
		t.Errorf("the state page is dimmed: its pc shows as %d", got)
	}
}

func TestAViewOfMeaningShowsInksAndWhoWrote(t *testing.T) {
	m := load(t, newAsm(16, 8, false, 0).op(isa.TXT, 1, 0).text("A b").op(isa.RECT, 0, 4, 2, 1, 0xFF0000).program())
	frame(t, m)
	img := present(t, m, View{Width: 16, Height: 8, Scale: 1, Meaning: true})
	at := func(x, y int) uint32 {
		c := img.RGBAAt(x, y)
		return uint32(c.R)<<16 | uint32(c.G)<<8 | uint32(c.B)
	}
	ink, paper, _ := cellRow(m.display[1], 0)
	for x, want := range map[int]uint32{0: 0, 1: ink, 2: paper, 3: ink} {
		if got := at(x, 0); got != want {
			t.Errorf("cell %d shows %06x, want %06x", x, got, want)
		}
	}
	if got := at(1, 4); got != 0xFF0000 {
		t.Errorf("a red cell shows %06x", got)
	}
	img = present(t, m, View{Page: WriterPage, Width: 16, Height: 8, Scale: 1, Meaning: true})
	if at(9, 7) != 0 || at(1, 0) == 0 || at(1, 0) != at(3, 0) || at(1, 4) == at(1, 0) || at(1, 4) == 0 {
		t.Errorf("nobody's %06x, the text's %06x and %06x, the rectangle's %06x", at(9, 7), at(1, 0), at(3, 0), at(1, 4))
	}
	raw := present(t, m, View{Width: 16, Height: 8, Scale: 1})
	if got := raw.RGBAAt(1, 0); got.R != 'A' {
		t.Errorf("as it is, an A shows red %d", got.R)
	}
}

func TestGridAndMark(t *testing.T) {
	m := checkered(t)
	img := present(t, m, View{Width: 40, Height: 40, Scale: 10, Grid: true})
	if a, b := img.RGBAAt(10, 5), img.RGBAAt(11, 5); a == b || b != (color.RGBA{60, 0, 128, 255}) {
		t.Errorf("at a border %v, behind it %v", a, b)
	}
	img = present(t, m, View{Width: 28, Height: 28, Scale: 7, Grid: true})
	if a, b := img.RGBAAt(7, 3), img.RGBAAt(8, 3); a != b {
		t.Error("a grid where texels are 7 panel pixels")
	}
	img = present(t, m, View{Width: 40, Height: 40, Scale: 10, Mark: Rect{1, 1, 2, 1}})
	white, black := color.RGBA{255, 255, 255, 255}, color.RGBA{A: 255}
	for _, p := range []struct {
		x, y int
		want color.RGBA
	}{{9, 15, white}, {30, 15, white}, {15, 9, white}, {15, 20, white}, {8, 15, black}, {31, 15, black}, {10, 10, color.RGBA{60, 60, 128, 255}}} {
		if got := img.RGBAAt(p.x, p.y); got != p.want {
			t.Errorf("panel pixel %d,%d is %v, not %v", p.x, p.y, got, p.want)
		}
	}
}

func TestEveryPageCanBeShown(t *testing.T) {
	m := load(t, newAsm(3, 2, false, 70).op(isa.TXT, 0, 0).text("abc").program())
	frame(t, m)
	for page := DisplayPage; page <= StatePage; page++ {
		v := View{Page: page, Width: 80, Height: 6, Scale: 1, Back: 0x010203}
		w, h := TextureSize(m.Header(), len(m.program), v)
		img := present(t, m, v)
		for y := range 6 {
			for x := range 80 {
				want := color.RGBA{1, 2, 3, 255}
				if x < w && y < h {
					var word uint32
					if words := m.Page(page); y*w+x < len(words) {
						word = words[y*w+x]
					}
					want = color.RGBA{uint8(word), uint8(word >> 8), uint8(word >> 16), 255}
				}
				if got := img.RGBAAt(x, y); got != want {
					t.Fatalf("%v page, texel %d,%d shows %v, not %v", page, x, y, got, want)
				}
			}
		}
	}
}

func TestViewsThatCannotBeShown(t *testing.T) {
	m := checkered(t)
	good := View{Width: 8, Height: 8, Scale: 1}
	for name, spoil := range map[string]func(*View){
		"no width": func(v *View) { v.Width = 0 }, "huge": func(v *View) { v.Height = 9000 },
		"no scale": func(v *View) { v.Scale = 0 }, "not a number": func(v *View) { v.X = float32(math.NaN()) },
		"a scale that is none": func(v *View) { v.Scale = float32(math.NaN()) },
		"infinite":             func(v *View) { v.Y = float32(math.Inf(1)) }, "no such page": func(v *View) { v.Page = 77 },
		"another size": func(v *View) { v.Width = 9 },
	} {
		v := good
		spoil(&v)
		if err := m.Present(image.NewRGBA(image.Rect(0, 0, 8, 8)), v); !errors.Is(err, ErrView) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Far away there is nothing but the background, and no panic.
	far := good
	far.X, far.Y, far.Back, far.Mark, far.Grid, far.Scale = 3e38, -3e38, 0x445566, Rect{1 << 40, -1 << 40, 3, 3}, true, 9
	if got := present(t, m, far).RGBAAt(4, 4); got != (color.RGBA{0x44, 0x55, 0x66, 255}) {
		t.Errorf("far away it shows %v", got)
	}
}
