package loop

import "image"

// DiffPictures shows where two pictures differ: what is alike is dim and grey,
// what is not keeps the second's colours on a bright ground. differ counts the
// pixels; pictures of different sizes are compared where both are, and the rest
// counts as different.
func DiffPictures(a, b *image.RGBA) (img *image.RGBA, differ int) {
	if a == nil || b == nil {
		return nil, 0
	}
	w, h := max(a.Rect.Dx(), b.Rect.Dx()), max(a.Rect.Dy(), b.Rect.Dy())
	img = image.NewRGBA(image.Rect(0, 0, w, h))
	at := func(p *image.RGBA, x, y int) (c [3]uint8, ok bool) {
		if x >= p.Rect.Dx() || y >= p.Rect.Dy() {
			return c, false
		}
		return [3]uint8(p.Pix[y*p.Stride+4*x:]), true
	}
	for y := range h {
		for x := range w {
			ca, inA := at(a, x, y)
			cb, inB := at(b, x, y)
			out := img.Pix[y*img.Stride+4*x:]
			out[3] = 255
			if inA && inB && ca == cb {
				grey := uint8((int(ca[0])*3 + int(ca[1])*6 + int(ca[2])) / 40)
				out[0], out[1], out[2] = grey, grey, grey
				continue
			}
			differ++
			out[0], out[1], out[2] = 240, 97, 109
			if int(cb[0])+int(cb[1])+int(cb[2]) > 96 {
				out[0], out[1], out[2] = cb[0], cb[1], cb[2]
			}
		}
	}
	return img, differ
}
