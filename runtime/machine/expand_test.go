package machine

import (
	"image"
	"slices"
	"testing"

	"gvpie/runtime/isa"
)

// A picture that is drawn on another says nothing of that one, whatever their sizes.
func TestAPictureDrawnOnAnotherIsTheSame(t *testing.T) {
	for _, c := range []struct {
		w, h  int
		pixel bool
	}{{3, 2, false}, {1, 1, false}, {17, 5, true}, {9, 9, false}} {
		m := load(t, newAsm(c.w, c.h, c.pixel, 0).program())
		for i := range m.display {
			m.display[i] = isa.Word(uint8(i*31), uint8(i), uint8(200-i), uint8(i%3*127))
		}
		img := m.Human()
		want, stride, rect := slices.Clone(img.Pix), img.Stride, img.Rect
		for _, spare := range []int{0, 5000} {
			used := &image.RGBA{Pix: make([]byte, len(want)+spare), Stride: 1, Rect: image.Rect(4, 4, 9, 9)}
			for i := range used.Pix {
				used.Pix[i] = 0xA5
			}
			Recycle(used)
			if img := m.Human(); !slices.Equal(img.Pix, want) || img.Stride != stride || img.Rect != rect {
				t.Errorf("on a canvas of %d × %d: it is another picture, %v with a stride of %d", c.w, c.h, img.Rect, img.Stride)
			}
		}
	}
}
