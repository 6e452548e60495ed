package sprites

import (
	"image"

	"gvpie/runtime/pxl/syntax"
)

// Picture is a frame as it looks. It is the same one until the frame is drawn on, and
// is never changed.
func (s *Sheet) Picture(i int) *image.RGBA {
	f := s.frames[i]
	if img := s.pictures[&f[0]]; img != nil {
		return img
	}
	if len(s.pictures) > 2*len(s.frames)+8 {
		clear(s.pictures)
	}
	if s.pictures == nil {
		s.pictures = make(map[*row]*image.RGBA)
	}
	img := image.NewRGBA(image.Rect(0, 0, s.W, s.H))
	for y, r := range f {
		for x := range s.W {
			if c, ok := s.Color(r.texels[x]); ok {
				p := img.Pix[img.PixOffset(x, y):]
				p[0], p[1], p[2], p[3] = byte(c>>16), byte(c>>8), byte(c), 255
			}
		}
	}
	s.pictures[&f[0]] = img
	return img
}

// Color is the 0xRRGGBB of a letter; false of one that has none.
func (s *Sheet) Color(letter byte) (rgb uint32, ok bool) {
	d := syntax.Digit(letter)
	if d < 0 || d >= len(s.Palette) {
		return 0, false
	}
	return s.Palette[d], true
}
