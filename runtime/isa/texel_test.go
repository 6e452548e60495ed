package isa

import "testing"

func TestATexelIsToldInWords(t *testing.T) {
	for _, c := range []struct {
		word  uint32
		pixel bool
		want  string
	}{
		{0, true, "nothing"},
		{0, false, "nothing"},
		{0xFF0000FF, true, "0xFF0000"},
		{0xFF302010, true, "0x102030"},
		{0xFF000041, false, "'A', ink 0xFFFFFF, paper 0x000000"},
		{0xFF000000 | uint32(ColorCode(0xFF0000))<<8 | 'A', false, "'A', ink 0xFF0000, paper 0x000000"},
		{0xFF000000 | uint32(ColorCode(0xFF0000))<<16, false, "no glyph, paper 0xFF0000"},
		{0xFF00007F, false, "glyph 0x7F, ink 0xFFFFFF, paper 0x000000"},
	} {
		if got := (Header{Pixel: c.pixel}).TexelText(c.word); got != c.want {
			t.Errorf("%08x: %s, want %s", c.word, got, c.want)
		}
	}
}
