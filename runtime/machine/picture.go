package machine

import (
	"encoding/binary"
	"image"
	"sync"
)

// Bytes gives texels as bytes, R G B A a texel: what a page's hash is over.
func Bytes(words []uint32) []byte {
	b := make([]byte, 0, 4*len(words))
	for _, w := range words {
		b = binary.LittleEndian.AppendUint32(b, w)
	}
	return b
}

// Codes is a page of w × h texels as a picture: the codes as they are, opaque, so
// that a viewer shows them also where nothing was drawn.
func Codes(words []uint32, w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for i, word := range words[:w*h] {
		binary.LittleEndian.PutUint32(img.Pix[4*i:], word|0xFF000000)
	}
	return img
}

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
