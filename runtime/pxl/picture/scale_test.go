package picture

import (
	"image"
	"image/color"
	"testing"
)

// TestScaledPixelsAreMeansOfAreas has sizes at which the middle of a pixel is the edge of
// others.
func TestScaledPixelsAreMeansOfAreas(t *testing.T) {
	img := image.NewNRGBA(image.Rect(5, 7, 5+8, 7+4))
	for y := range 4 {
		for x := range 8 {
			img.SetNRGBA(5+x, 7+y, color.NRGBA{uint8(20 * x), uint8(40 * y), 100, 255})
		}
	}
	for w := 1; w <= 48; w++ {
		out := Scale(img, w, 3)
		for y := range 3 {
			for x := range w {
				// The sum of the parts of eight pixels over w·8 steps, by the letter.
				r, n := 0, 0
				for step := x * 8; step < (x+1)*8; step++ {
					r += 20 * (step / w)
					n++
				}
				got := out.NRGBAAt(x, y)
				if want := uint8((2*r + n) / (2 * n)); got.R != want || got.B != 100 || got.A != 255 {
					t.Fatalf("%d × 3: pixel %d,%d is %v, its red should be %d", w, x, y, got, want)
				}
			}
		}
	}
	large := Scale(img, 800, 400)
	for i := range 800 * 400 {
		if got, want := large.NRGBAAt(i%800, i/800), img.NRGBAAt(5+i%800/100, 7+i/800/100); got != want {
			t.Fatalf("enlarged, pixel %d is %v, not %v", i, got, want)
		}
	}
}

func TestWhatIsTransparentGivesAMeanNoColour(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 2, 2))
	img.SetNRGBA(0, 0, color.NRGBA{200, 100, 0, 255})
	img.SetNRGBA(1, 0, color.NRGBA{255, 255, 255, 0})
	img.SetNRGBA(0, 1, color.NRGBA{100, 0, 0, 51})
	if got, want := Scale(img, 1, 1).NRGBAAt(0, 0), (color.NRGBA{183, 83, 0, 77}); got != want {
		t.Errorf("%v, not %v", got, want)
	}
	if got := Scale(img, 2, 2).NRGBAAt(1, 0); got != (color.NRGBA{255, 255, 255, 0}) {
		t.Errorf("as large as it is: %v", got)
	}
	if got := Scale(image.NewNRGBA(image.Rect(0, 0, 4, 4)), 2, 2).NRGBAAt(1, 1); got != (color.NRGBA{}) {
		t.Errorf("nothing is %v", got)
	}
}
