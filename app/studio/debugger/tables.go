package debugger

import (
	"slices"

	"gvpie/runtime/pxl/check"
)

// tables are the tables and sprites of the program.
func (s *session) tables() []Variable {
	a := s.in.Assembly()
	if s.fixedOf == a {
		return s.fixed
	}
	s.fixed, s.fixedOf = []Variable{}, a
	for _, l := range s.in.Lists() {
		if l.Table {
			s.fixed = append(s.fixed, Variable{Name: l.Name, Words: l.Words, Word: -1, Cols: l.Cols, Colors: areColors(l.Words)})
		}
	}
	for i := range a.Sprites {
		s.fixed = append(s.fixed, spriteOf(&a.Sprites[i]))
	}
	return s.fixed
}

// areColors says whether words look like colours: none of them is anything else, and one
// is more than any small number.
func areColors(words []int32) bool {
	return !slices.ContainsFunc(words, func(w int32) bool { return w < 0 || w > 0xFFFFFF }) && slices.Max(words) > 0xFFFF
}

// spriteOf are the colours of a sprite's first frame.
func spriteOf(sprite *check.Sprite) Variable {
	v := Variable{Name: sprite.Name, Word: -1, Cols: sprite.W, Colors: true}
	for _, t := range sprite.Texels[:sprite.W*sprite.H] {
		rgb := int32(-1)
		if t>>24 == 255 {
			rgb = int32(t&0xFF<<16 | t&0xFF00 | t>>16&0xFF)
		}
		v.Words = append(v.Words, rgb)
	}
	return v
}
