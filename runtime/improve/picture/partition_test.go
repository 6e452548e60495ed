package picture

import (
	"image"
	"image/color"
	"math"
	"testing"
)

// someTarget is a picture with edges, slopes and discs in it.
func someTarget(t *testing.T, w, h int, pixel bool) *Target {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{uint8(255 * y / h), uint8(200 * x / w), 90, 255}
			if d := (x-w/2)*(x-w/2) + (y-h/3)*(y-h/3); d < w*h/16 {
				c = color.NRGBA{250, 220, uint8(120 + d%64), 255}
			}
			if x*7/w%2 == 1 && y > h*2/3 {
				c = color.NRGBA{20, 30, 40, 255}
			}
			img.SetNRGBA(x, y, c)
		}
	}
	target, err := NewTarget(img, 0, 0, true)
	if !pixel {
		target, err = NewTarget(img, w, h, false)
	}
	if err != nil {
		t.Fatal(err)
	}
	return target
}

// TestAPartitionIsWhatDrawingItWouldGive makes thousands of changes of all kinds, and
// compares what each was said to gain with a partition that is made anew.
func TestAPartitionIsWhatDrawingItWouldGive(t *testing.T) {
	for _, pixel := range []bool{true, false} {
		for _, n := range []int{5, 63, 64, 130} {
			target := someTarget(t, 33, 24, pixel)
			d := newDice(uint64(n), 33, 24, Outlines...)
			p := newPartition(target, n)
			for range n {
				p.push(d.any())
			}
			for step := range 300 {
				before := p.error()
				gain := 0.0
				k := 1 + d.IntN(n)
				if d.IntN(3) == 0 && k < n {
					gain = p.trySwap(k)
					p.commitSwap(k)
				} else {
					s := d.vary(p.shapes[k].shape, 6)
					if d.IntN(4) == 0 {
						s = d.any()
					}
					gain = p.try(k, &s)
					if d.IntN(3) == 0 {
						continue // a change that is not made leaves nothing behind
					}
					p.commit(k, &s)
				}
				if after := p.error(); math.Abs(before-gain-after) > 1e-3 {
					t.Fatalf("step %d of %d shapes: the error fell from %f to %f, not by %f", step, n, before, after, gain)
				}
				if step%10 == 0 {
					same(t, p, n)
				}
			}
			same(t, p, n)
		}
	}
}

// same compares a partition with what drawing its shapes gives.
func same(t *testing.T, p *partition, n int) {
	t.Helper()
	owner := make([]int, p.W*p.H)
	for k := range p.shapes[1:] {
		for _, s := range p.spans(nil, &p.shapes[k+1].shape) {
			for x := s.x0; x < s.x1; x++ {
				owner[s.y*p.w+x] = k + 1
			}
		}
	}
	want := make([]owned, n+1)
	for i, k := range owner {
		o, at := &want[k], i/p.W*(p.W+1)+i%p.W
		o.n++
		for ch := range o.sum {
			o.sum[ch] += int64(p.rows[at+1][ch] - p.rows[at][ch])
		}
		if got := p.below(i*p.words, n+1); got != k {
			t.Fatalf("texel %d belongs to shape %d of %d, not %d", i, k, n, got)
		}
	}
	for k, o := range want {
		if got := p.shapes[k]; got.n != o.n || got.sum != o.sum {
			t.Fatalf("shape %d of %d has %d texels, %v; it should be %d, %v", k, n, got.n, got.sum, o.n, o.sum)
		}
	}
}

func TestALayerGainsWhatAPartitionDoes(t *testing.T) {
	for _, pixel := range []bool{true, false} {
		target := someTarget(t, 33, 24, pixel)
		d := newDice(3, 33, 24, Outlines...)
		p := newPartition(target, 40)
		var l layer
		for range 40 {
			p.layer(&l)
			s := d.any()
			gain := l.gains(target.spans(nil, &s))
			before := shownError(p)
			p.push(s)
			// The shapes under it get new colours too, which can only be nearer.
			if after := p.error(); gain > before-after+1e-3 {
				t.Fatalf("%v gains %f, and the error falls from %f to %f", s, gain, before, after)
			}
		}
	}
}

// shownError is the error in the colours that a program has, which are rounded.
func shownError(p *partition) float64 {
	var l layer
	p.layer(&l)
	sum := 0.0
	for y := range p.H {
		sum += l.lack[y*(p.W+1)+p.W]
	}
	return sum
}

// The sums of a large canvas of cells are more than 32 bits hold.
func TestAWhiteCanvasOfManyCellsIsWhite(t *testing.T) {
	const w, h, white = 1024, 200, 48 * 255
	target := &Target{W: w, H: h, size: size{w, h}, each: 48, rows: make([]rgb, (w+1)*h), square: make([]float64, w*h)}
	for i := range target.rows {
		x := int32(i % (w + 1))
		target.rows[i] = rgb{white * x, white * x, white * x}
	}
	p := newPartition(target, 1)
	if c := p.best(&p.shapes[0].owned); c != (rgb{255, 255, 255}) {
		t.Errorf("the ground is %v", c)
	}
	p.push(shape{Rect, [6]int32{0, 0, w, h}})
	if c := p.best(&p.shapes[1].owned); c != (rgb{255, 255, 255}) || p.shapes[0].n != 0 {
		t.Errorf("a shape over all of it is %v", c)
	}
}
