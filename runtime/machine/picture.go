package machine

import (
	"image"
	"sync"
)

// A human texture has a million bytes and more, and memory that is fresh costs several
// times what drawing it does. So pictures that have been used are drawn on again.
var pictures sync.Pool // of *image.RGBA

// Recycle gives back a picture, of an engine's Human or of NewPicture, that nobody uses
// any more, nor its Pix: another is drawn on it. Pictures that are kept are not given
// back.
func Recycle(picture *image.RGBA) {
	pictures.Put(picture)
}

// NewPicture is a picture of w × h pixels, which hold anything.
func NewPicture(w, h int) *image.RGBA {
	r := image.Rect(0, 0, w, h)
	old, _ := pictures.Get().(*image.RGBA)
	if old == nil || cap(old.Pix) < 4*w*h {
		return image.NewRGBA(r)
	}
	*old = image.RGBA{Pix: old.Pix[:4*w*h], Stride: 4 * w, Rect: r}
	return old
}
