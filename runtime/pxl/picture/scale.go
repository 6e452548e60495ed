package picture

import (
	"image"
	"image/color"
)

// Scale gives a picture of w × h pixels, each the mean of the area that it stands for:
// pixels that were enlarged are themselves again, and none is smeared. What is
// transparent counts for as much as is seen of it. A picture that has the size already
// is given as it is, its hidden colours too.
func Scale(img image.Image, w, h int) *image.NRGBA {
	from := straight(img)
	sw, sh := from.Rect.Dx(), from.Rect.Dy()
	if sw == w && sh == h {
		return from
	}
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			average(out.Pix[out.PixOffset(x, y):][:4], from, share{x, w, sw}, share{y, h, sh})
		}
	}
	return out
}

// A share is what one of n pixels in a row stands for of others.
type share struct{ at, n, others int }

// first and end are the others that it stands for, wholly or in part.
func (s share) first() int { return s.at * s.others / s.n }
func (s share) end() int   { return ((s.at+1)*s.others + s.n - 1) / s.n }

// of is how much of one of the others it stands for, of n.
func (s share) of(i int) uint64 {
	return uint64(min((i+1)*s.n, (s.at+1)*s.others) - max(i*s.n, s.at*s.others))
}

// average works out a pixel.
func average(pix []byte, from *image.NRGBA, across, down share) {
	var sum [3]uint64
	var alpha, all uint64
	for y := down.first(); y < down.end(); y++ {
		row := from.Pix[y*from.Stride:]
		for x := across.first(); x < across.end(); x++ {
			p, much := row[4*x:][:4], across.of(x)*down.of(y)
			all += much
			much *= uint64(p[3])
			alpha += much
			for i := range sum {
				sum[i] += much * uint64(p[i])
			}
		}
	}
	if alpha == 0 {
		return
	}
	for i, s := range sum {
		pix[i] = byte((2*s + alpha) / (2 * alpha))
	}
	pix[3] = byte((2*alpha + all) / (2 * all))
}

// straight gives a picture from (0, 0) on, its colours as a file has them: not
// multiplied by what is seen of them. It may share the pixels of img.
func straight(img image.Image) *image.NRGBA {
	b := img.Bounds()
	size := image.Rect(0, 0, b.Dx(), b.Dy())
	switch img := img.(type) {
	case *image.NRGBA:
		return &image.NRGBA{Pix: img.Pix[img.PixOffset(b.Min.X, b.Min.Y):], Stride: img.Stride, Rect: size}
	case *image.RGBA:
		if img.Opaque() {
			return &image.NRGBA{Pix: img.Pix[img.PixOffset(b.Min.X, b.Min.Y):], Stride: img.Stride, Rect: size}
		}
	}
	out := image.NewNRGBA(size)
	for y := range b.Dy() {
		for x := range b.Dx() {
			out.SetNRGBA(x, y, color.NRGBAModel.Convert(img.At(b.Min.X+x, b.Min.Y+y)).(color.NRGBA))
		}
	}
	return out
}
