package debugger

import (
	"image"
	"testing"
)

func TestACardStandsBesideItsTexel(t *testing.T) {
	bounds, size := image.Rect(0, 0, 400, 300), image.Pt(150, 100)
	for _, tt := range []struct{ at, want image.Point }{
		{image.Pt(20, 20), image.Pt(40, 40)},
		{image.Pt(380, 20), image.Pt(220, 40)},
		{image.Pt(20, 280), image.Pt(40, 170)},
		{image.Pt(380, 280), image.Pt(220, 170)},
		{image.Pt(20, 300), image.Pt(40, 190)},
	} {
		if got := beside(image.Rectangle{Min: tt.at, Max: tt.at.Add(image.Pt(10, 10))}, bounds, size, 10); got != tt.want {
			t.Errorf("of a texel at %v it is at %v, want %v", tt.at, got, tt.want)
		}
	}
	if got := beside(image.Rect(10, 40, 20, 50), image.Rect(0, 0, 100, 90), size, 10); got != (image.Point{}) {
		t.Errorf("where there is no room for it, it is at %v", got)
	}
}
