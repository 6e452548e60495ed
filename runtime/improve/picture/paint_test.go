package picture

import (
	"context"
	"image"
	"image/color"
	"math"
	"slices"
	"strings"
	"testing"
)

func painted(t *testing.T, target *Target, o Options) (Painting, float64) {
	t.Helper()
	p, err := Paint(context.Background(), target, o)
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for i, c := range shown(t, p.Source) {
		for ch := range 3 {
			d := float64(c>>(16-8*ch)&0xFF) - float64(target.Picture.Pix[4*i+ch])
			sum += d * d
		}
	}
	return p, math.Sqrt(sum/float64(4*len(target.Picture.Pix)/4)) / 255
}

func TestPaintingIsWithinWhatWasAskedForAndRepeats(t *testing.T) {
	for _, pixel := range []bool{true, false} {
		target := someTarget(t, 48, 40, pixel)
		for _, kinds := range [][]Kind{{Rect}, {Line}, {Glyph}, {Rect, Glyph}, Outlines} {
			o := Options{Shapes: 12, Kinds: kinds, Seed: 4, Candidates: 20000}
			a, _ := painted(t, target, o)
			b, _ := painted(t, target, o)
			if a != b {
				t.Errorf("%v: the same options gave two programs:\n%s\n%s", kinds, a.Source, b.Source)
			}
			if a.Shapes > o.Shapes || a.Candidates > o.Candidates+1 || strings.Count(a.Source, "\n")-strings.Count(a.Source, "\nCOLOR") > o.Shapes+3 {
				t.Errorf("%v: %d shapes, %d candidates:\n%s", kinds, a.Shapes, a.Candidates, a.Source)
			}
			for _, line := range strings.Split(a.Source, "\n")[3:] {
				name, _, _ := strings.Cut(line, " ")
				if (name == "COLOR" || name == "TXT") && slices.Contains(kinds, Glyph) {
					continue
				}
				if name != "" && !strings.Contains(strings.ToUpper(Names(kinds)), name) {
					t.Errorf("%v: %s", kinds, line)
				}
			}
		}
	}
}

// The best that a greedy painter does, shape by shape, is left behind by changing them
// together.
func TestAnnealingIsNearerThanGreed(t *testing.T) {
	target := someTarget(t, 64, 64, true)
	for seed := range uint64(2) {
		s := &search{Options: Options{Shapes: 20, Kinds: []Kind{Rect}, Seed: seed, Candidates: 100000}, ctx: context.Background(), left: 100000}
		s.dice = *newDice(seed, 64, 64, Rect)
		s.p = newPartition(target, 20)
		s.greedy()
		greedy := s.p.error()
		_, lack := painted(t, target, s.Options)
		if got := lack * lack * 255 * 255 * 4 * 64 * 64; got > 0.9*greedy {
			t.Errorf("seed %d: an error of %.0f, and %.0f by greed", seed, got, greedy)
		}
	}
}

func TestWhatRectanglesMadeIsFoundWhole(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 32, 32))
	for i := range 32 * 32 {
		c := color.NRGBA{255, 255, 255, 255}
		if x, y := i%32, i/32; x > 4 && x < 20 && y > 9 && y < 30 {
			c = color.NRGBA{0, 0x33, 0x66, 255}
		}
		img.SetNRGBA(i%32, i/32, c)
	}
	target, err := NewTarget(img, 0, 0, true)
	if err != nil {
		t.Fatal(err)
	}
	p, lack := painted(t, target, Options{Shapes: 5, Kinds: Outlines, Candidates: 20000})
	if want := ".canvas 32 32 pixel\n\nCLS white\nRECT 5 10 15 20 0x003366\n"; p.Source != want || lack != 0 {
		t.Errorf("%.4f:\n%s", lack, p.Source)
	}
}

func TestOneColourIsACLS(t *testing.T) {
	for _, pixel := range []bool{true, false} {
		img := image.NewNRGBA(image.Rect(0, 0, 9, 7))
		for i := range img.Pix {
			img.Pix[i] = []byte{0, 0, 0x99, 255}[i%4]
		}
		target, err := NewTarget(img, 9, 7, pixel)
		if err != nil {
			t.Fatal(err)
		}
		p, lack := painted(t, target, Options{Shapes: 5, Kinds: Outlines, Candidates: 5000})
		if !strings.HasSuffix(p.Source, "\n\nCLS navy\n") || p.Shapes != 0 || lack != 0 {
			t.Errorf("%d shapes, %.4f:\n%s", p.Shapes, lack, p.Source)
		}
	}
}

// A large target is painted on a smaller one first.
func TestALargeCanvasIsPaintedToo(t *testing.T) {
	_, small := painted(t, someTarget(t, 64, 48, true), Options{Shapes: 15, Kinds: Outlines, Candidates: 40000})
	_, large := painted(t, someTarget(t, 320, 240, true), Options{Shapes: 15, Kinds: Outlines, Candidates: 40000})
	if large > 1.5*small {
		t.Errorf("an error of %.4f, and %.4f on a canvas that is smaller", large, small)
	}
}

func TestASearchEndsAtAJobWhenItIsTold(t *testing.T) {
	target := someTarget(t, 48, 40, true)
	asked := 0
	stop := func() bool { asked++; return asked > 12 }
	p, _ := painted(t, target, Options{Shapes: 12, Kinds: Outlines, Candidates: 1 << 30, Stop: stop})
	if p.Candidates > 16*jobSize {
		t.Errorf("%d candidates after it was told to stop at %d", p.Candidates, 13*jobSize)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Paint(ctx, target, Options{Shapes: 12, Kinds: Outlines, Candidates: 1 << 30}); err != context.Canceled {
		t.Errorf("cancelled: %v", err)
	}
}

func TestWhatIsNotSeenIsLeftOut(t *testing.T) {
	s := &search{Options: Options{Shapes: 2}, ctx: context.Background()}
	s.p = newPartition(someTarget(t, 30, 20, true), 2)
	s.p.push(shape{Rect, [6]int32{5, 5, 9, 9}})
	s.p.push(shape{Circ, [6]int32{8, 8, 9}})
	if p := s.painting(0); p.Shapes != 1 || strings.Contains(p.Source, "RECT") || !strings.Contains(p.Source, "\nCIRC 8 8 9 ") {
		t.Errorf("%d shapes:\n%s", p.Shapes, p.Source)
	}
}

func TestShapesOfASmallCanvasAreScaled(t *testing.T) {
	from, to := size{40, 30}, size{120, 90}
	for _, c := range []struct{ small, large shape }{
		{shape{Rect, [6]int32{1, 2, 11, 30}}, shape{Rect, [6]int32{3, 6, 33, 90}}},
		{shape{Circ, [6]int32{10, 0, 7}}, shape{Circ, [6]int32{31, 1, 21}}},
		{shape{Tri, [6]int32{-4, 0, 40, 30, 1, 2}}, shape{Tri, [6]int32{-12, 0, 120, 90, 3, 6}}},
	} {
		if got := c.small.scaled(from, to); got != c.large {
			t.Errorf("%v becomes %v, not %v", c.small, got, c.large)
		}
	}
}
