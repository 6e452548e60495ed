package debugger

import (
	"image"
	"image/color"
	"math"
	"strconv"
	"testing"
)

// overlay shows one and waits for it.
func (h *hand) overlay(show func(o *Overlays)) *Overlay {
	h.t.Helper()
	o := h.Overlays()
	show(o)
	o.Update()
	for o.Found() == nil && o.Problem() == "" {
		(<-h.posts)()
	}
	return o.Found()
}

func (h *hand) at(l *Overlay, x, y int) int32 {
	h.t.Helper()
	if l == nil {
		h.t.Fatal(h.Overlays().Problem())
	}
	n, ok := l.At(x, y)
	if !ok {
		n = -1
	}
	return n
}

func TestAnOverlayIsOfTheFrameThatIsLookedAt(t *testing.T) {
	h := newHand(t, counting, 5)
	h.follow()
	h.settle()
	l := h.overlay(func(o *Overlays) { o.Show(Overdraw) })
	if l.Frame != 4 || h.at(l, 1, 5) != 2 || h.at(l, 9, 9) != 1 || l.Low != 1 || l.High != 2 {
		t.Errorf("frame %d: %d and %d, %d to %d", l.Frame, h.at(l, 1, 5), h.at(l, 9, 9), l.Low, l.High)
	}
	for _, at := range []image.Point{{-1, 0}, {16, 0}, {0, -1}, {0, 16}} {
		if _, ok := l.At(at.X, at.Y); ok {
			t.Errorf("beside the canvas, at %v, there is a number", at)
		}
	}
	if _, _, ok := l.Differs(1, 5); ok {
		t.Error("what is compared with nothing differs")
	}
	if c := l.Picture.RGBAAt(1, 5); c.R < 180 || c.A == 255 {
		t.Errorf("the most is %v", c)
	}
	h.Frame(2)
	h.settle()
	if h.Overlays().Found() != nil {
		t.Error("that of another frame is shown")
	}
	l = h.overlay(func(o *Overlays) { o.Show(Changed) })
	if l.Frame != 2 || h.at(l, 1, 3) != 1 || h.at(l, 1, 2) != 1 || h.at(l, 9, 9) != -1 {
		t.Errorf("frame %d: %d, %d, %d", l.Frame, h.at(l, 1, 3), h.at(l, 1, 2), h.at(l, 9, 9))
	}
	h.Overlays().Show(NoOverlay)
	if h.Overlays().Update(); h.Overlays().Found() != nil {
		t.Error("none is one")
	}
}

// TestABranchHasAnOverlayOfItsOwn, which another value changed in the same frame makes anew.
func TestABranchHasAnOverlayOfItsOwn(t *testing.T) {
	h := newHand(t, counting, 3)
	h.follow()
	h.settle()
	h.overlay(func(o *Overlays) { o.Show(Overdraw) })
	word := 0
	for _, s := range h.run.Program.Symbols {
		if s.Name == "n" {
			word = s.Addr
		}
	}
	h.Frame(1)
	h.settle()
	for _, y := range []int{10, 5} {
		h.Set(word, strconv.Itoa(y-1))
		h.settle()
		if h.Overlays().Found() != nil {
			t.Error("that of before is shown")
		}
		if l := h.overlay(func(*Overlays) {}); h.at(l, 1, y) != 2 || h.at(l, 1, 2) != 1 || l.Frame != 1 {
			t.Errorf("%d in row %d, %d in row 2", h.at(l, 1, y), y, h.at(l, 1, 2))
		}
	}
}

func TestAnExpressionIsLaidOverTheTexelsOfABlock(t *testing.T) {
	h := newHand(t, ".canvas 8 8 pixel\nSET k = 4\nloop:\nEACH\n  SET v = px * k\n  PUT v\nEND\nFRAME\nJMP loop\n", 2)
	h.follow()
	h.settle()
	if l := h.overlay(func(o *Overlays) { o.Express("v + py") }); h.at(l, 3, 2) != 14 || l.High != 35 {
		t.Errorf("%d, up to %d", h.at(l, 3, 2), l.High)
	}
	if l := h.overlay(func(o *Overlays) { o.Express("v >") }); l != nil || h.Overlays().Problem() == "" || h.Problem() != "" {
		t.Error("half an expression is one")
	}
	if l := h.overlay(func(o *Overlays) { o.Show(Heat) }); h.at(l, 3, 2) < 2 {
		t.Errorf("the block took %d", h.at(l, 3, 2))
	}
}

func TestTheScaleGoesFromTheLeastToTheMost(t *testing.T) {
	least, most := color.RGBA{68, 1, 84, 255}, color.RGBA{253, 231, 37, 255}
	for _, tt := range []struct {
		v, low, high int32
		want         color.RGBA
	}{
		{3, 3, 9, least}, {9, 3, 9, most}, {6, 3, 9, color.RGBA{33, 145, 140, 255}}, {5, 5, 5, most},
		{math.MinInt32, math.MinInt32, math.MaxInt32, least}, {math.MaxInt32, math.MinInt32, math.MaxInt32, most},
	} {
		if got := OverlayColor(tt.v, tt.low, tt.high); got != tt.want {
			t.Errorf("%d of %d to %d is %v, want %v", tt.v, tt.low, tt.high, got, tt.want)
		}
	}
}
