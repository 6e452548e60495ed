package display

import (
	"image"
	"image/color"
	"math/rand/v2"
	"testing"

	"gioui.org/f32"
	"gioui.org/gpu/headless"
	"gioui.org/op"
	"gioui.org/op/clip"
	"gioui.org/op/paint"
)

// scene draws paths of many kinds, some of them the same for every step.
func scene(ops *op.Ops, step int) {
	ops.Reset()
	paint.Fill(ops, color.NRGBA{R: 20, G: 22, B: 30, A: 255})
	random := rand.New(rand.NewPCG(1, 1))
	for i := range 60 {
		if i == 40 { // from here on each step has its own
			random = rand.New(rand.NewPCG(2, uint64(step)))
		}
		x, y, r := random.Float32()*200, random.Float32()*200, 3+random.Float32()*float32(20+step%7*30)
		if i%5 == 2 {
			r = 20 // the same path, at other fractions of a pixel
		}
		at := op.Affine(f32.AffineId().Offset(f32.Pt(x, y))).Push(ops)
		var p clip.Path
		p.Begin(ops)
		p.MoveTo(f32.Pt(r, 0))
		p.QuadTo(f32.Pt(r, r), f32.Pt(0, r))
		p.CubeTo(f32.Pt(-r, r/2), f32.Pt(-r, -r), f32.Pt(0, -r))
		p.Close()
		shape := clip.Outline{Path: p.End()}.Op()
		if i%3 == 0 {
			p.Begin(ops)
			p.MoveTo(f32.Pt(0, 0))
			p.LineTo(f32.Pt(r, float32(i%5)))
			shape = clip.Stroke{Path: p.End(), Width: 1 + float32(i%4)}.Op()
		}
		if i%8 == 1 { // within another
			within := clip.RRect{Rect: image.Rect(-5, -5, 12, 12), SE: 6, NW: 3}.Push(ops)
			paint.FillShape(ops, color.NRGBA{R: 200, A: 255}, shape)
			within.Pop()
		} else {
			paint.FillShape(ops, color.NRGBA{R: uint8(i * 4), G: 150, B: uint8(255 - i), A: uint8(120 + i*2)}, shape)
		}
		at.Pop()
	}
}

// What a window keeps of the frames before never shows: each is as if it were the
// window's first.
func TestAFrameDoesNotShowThoseBefore(t *testing.T) {
	size := image.Pt(200, 200)
	open := func() *headless.Window {
		w, err := headless.NewWindow(size.X, size.Y)
		if err != nil {
			t.Skip("no OpenGL or Vulkan: ", err)
		}
		return w
	}
	shot := func(w *headless.Window, step int) *image.RGBA {
		var ops op.Ops
		scene(&ops, step)
		if err := w.Frame(&ops); err != nil {
			t.Fatal(err)
		}
		img := image.NewRGBA(image.Rectangle{Max: size})
		if err := w.Screenshot(img); err != nil {
			t.Fatal(err)
		}
		return img
	}
	kept := open()
	defer kept.Release()
	for n := range 20 {
		step := n
		if n%4 == 3 {
			step = n - 2 // one that was before
		}
		got := shot(kept, step)
		fresh := open()
		want := shot(fresh, step)
		fresh.Release()
		if d := furthest(got.Pix, want.Pix); d > 2 { // the toolkit rounds what is elsewhere another way
			t.Fatalf("frame %d differs from a first one by %d of 255", n, d)
		}
	}
}

// furthest is how much two pictures differ where they differ most.
func furthest(a, b []uint8) (most int) {
	for i := range a {
		most = max(most, int(a[i])-int(b[i]), int(b[i])-int(a[i]))
	}
	return most
}
