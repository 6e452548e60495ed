package isa

import "fmt"

// TexelText says in words what a texel of the display holds: on a pixel canvas its
// colour as 0xRRGGBB; on a cell canvas the glyph with its ink and paper.
func (h Header) TexelText(word uint32) string {
	r, g, b := uint8(word), uint8(word>>8), uint8(word>>16)
	switch {
	case word>>24 == 0:
		return "nothing"
	case h.Pixel:
		return fmt.Sprintf("0x%02X%02X%02X", r, g, b)
	}
	paper := fmt.Sprintf("paper 0x%06X", CodeColor(b, 0))
	switch {
	case r == 0:
		return "no glyph, " + paper
	case r <= ' ' || r > '~':
		return fmt.Sprintf("glyph 0x%02X, ink 0x%06X, %s", r, CodeColor(g, 0xFFFFFF), paper)
	}
	return fmt.Sprintf("'%c', ink 0x%06X, %s", r, CodeColor(g, 0xFFFFFF), paper)
}
