package loop

import (
	"image"
	"slices"
	"testing"
)

func TestWhatDiffersKeepsItsColour(t *testing.T) {
	a, b := image.NewRGBA(image.Rect(0, 0, 4, 1)), image.NewRGBA(image.Rect(0, 0, 3, 1))
	copy(a.Pix, []byte{40, 40, 40, 255, 9, 9, 9, 255, 9, 9, 9, 255})
	copy(b.Pix, []byte{40, 40, 40, 255, 10, 200, 30, 255, 1, 2, 3, 255})
	img, n := DiffPictures(a, b)
	want := []byte{10, 10, 10, 255, 10, 200, 30, 255, 240, 97, 109, 255, 240, 97, 109, 255}
	if n != 3 || !slices.Equal(img.Pix, want) {
		t.Errorf("%d pixels differ: %v, want %v", n, img.Pix, want)
	}
	for _, c := range [][2]*image.RGBA{{a, nil}, {nil, b}} {
		if img, n := DiffPictures(c[0], c[1]); img != nil || n != 0 {
			t.Errorf("a picture alone differs in %d pixels", n)
		}
	}
}
