package machine

import (
	"encoding/binary"
	"image"
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
