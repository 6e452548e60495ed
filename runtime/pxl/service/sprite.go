package service

import (
	"fmt"
	"strings"

	"gvpie/runtime/pxl/check"
	"gvpie/runtime/pxl/syntax"
)

// Sprite is a .sprite of a text, with its rows.
type Sprite struct {
	check.Sprite
	Line  int   // of the directive
	Lines []int // of the rows
}

// Texel is the colour that a sprite has at a column of its i-th row, all frames
// counted; opaque is false where it has none.
func (s *Sprite) Texel(x, i int) (rgb uint32, opaque bool) {
	at := i*s.W + x
	if x < 0 || x >= s.W || at < 0 || at >= len(s.Texels) {
		return 0, false
	}
	t := s.Texels[at]
	return t&0xFF<<16 | t&0xFF00 | t>>16&0xFF, t>>24 == 255
}

// SpriteAt gives the sprite whose directive or a row of which is on a line, and, of
// a row, its number from 0; -1 on the directive.
func (d *Document) SpriteAt(line int) (s Sprite, row int, ok bool) {
	if line < 0 || line >= d.text.Lines() {
		return s, 0, false
	}
	s.Line = line
	if !isSprite(d.line(line)) {
		if s.Line, ok = d.spriteAbove(line); !ok {
			return s, 0, false
		}
	}
	row = -1
	for i := s.Line + 1; i < d.text.Lines(); i++ {
		text := d.line(i)
		if !syntax.IsRow(text) {
			if isRemark(text) {
				continue
			}
			break
		}
		if i == line {
			row = len(s.Lines)
		}
		s.Lines = append(s.Lines, i)
	}
	facts := d.facts()[s.Line]
	if len(facts.declares) == 0 {
		return s, 0, false
	}
	s.Sprite, ok = d.ownSprite(d.spelling[facts.declares[0].ident])
	return s, row, ok
}

// spriteAbove gives the line of the .sprite that a line is a row of.
func (d *Document) spriteAbove(line int) (int, bool) {
	if !syntax.IsRow(d.line(line)) {
		return 0, false
	}
	for i := line - 1; i >= 0; i-- {
		switch text := d.line(i); {
		case isSprite(text):
			return i, true
		case !syntax.IsRow(text) && !isRemark(text):
			return 0, false
		}
	}
	return 0, false
}

// isSprite says whether a line declares a sprite.
func isSprite(line string) bool { return isDirective(line, ".SPRITE") }

// isDirective says whether a line begins with a directive and what it is of.
func isDirective(line, directive string) bool {
	line = strings.TrimPrefix(strings.TrimLeft(line, " \t"), "\uFEFF")
	return len(line) > len(directive) && syntax.EqualFold(line[:len(directive)], directive) && strings.IndexByte(" \t", line[len(directive)]) >= 0
}

// isRemark says whether a line is a comment alone.
func isRemark(line string) bool {
	line = strings.TrimLeft(line, " \t")
	return line != "" && (line[0] == ';' || line[0] == '#')
}

// describeSprite says what a sprite is.
func describeSprite(s *check.Sprite, line string) string {
	return fmt.Sprintf("sprite of %d × %d texels, %s, %s", s.W, s.H, syntax.Plural(s.Frames, "frame"), line)
}

// hoverRow says which row of which sprite a line is.
func (d *Document) hoverRow(line string, at Cursor) (HoverText, bool) {
	s, row, ok := d.SpriteAt(at.Line)
	if !ok || row < 0 {
		return HoverText{}, false
	}
	from := len(line) - len(strings.TrimLeft(line, " \t"))
	to := from
	for to < len(line) && (line[to] == '.' || syntax.Digit(line[to]) >= 0) {
		to++
	}
	return HoverText{
		Title: s.Name, From: from, To: to,
		Doc: fmt.Sprintf("row %d of frame %d; %s", row%s.H, row/s.H, describeSprite(&s.Sprite, fmt.Sprintf("line %d", s.Line+1))),
	}, true
}
