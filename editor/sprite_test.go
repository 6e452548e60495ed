package editor

import (
	"image/color"
	"testing"

	"gvpie/runtime/pxl/syntax"
)

func TestRowsOfSpritesHaveTheirColours(t *testing.T) {
	b := open(t, ".palette black 0xFF8800 white\n.sprite ship 3 2\n  1.2  ; red\n  add\n1.2\n\n1.2\n")
	for line, want := range []bool{false, false, true, true, true, false, false} {
		texel, ok := b.spriteRow(line)
		if ok != want {
			t.Errorf("line %d is a row: %v", line, ok)
			continue
		}
		if got := b.row(line).tokens; ok && (len(got) == 0 || got[0].Kind != syntax.Row) {
			t.Errorf("line %d has the tokens %v", line, got)
		}
		if line != 2 {
			continue
		}
		if v, opaque := texel(0); !opaque || v != 0xFF8800 {
			t.Errorf("texel 0 is %06X, %v", v, opaque)
		}
		if _, opaque := texel(1); opaque {
			t.Error("texel 1 is not transparent")
		}
	}
	b.Replace(0, len(".palette black 0xFF8800 white\n.sprite ship 3 2\n"), "")
	b.frame()
	if _, ok := b.spriteRow(0); ok || b.row(0).tokens[0].Kind == syntax.Row {
		t.Error("a row without its sprite is one still")
	}
}

func TestDigitsShowOnTheirColours(t *testing.T) {
	for c, want := range map[color.NRGBA]bool{{R: 255, G: 255, B: 255}: true, {}: false, {G: 255}: true, {B: 255}: false, {R: 255}: false} {
		if bright(c) != want {
			t.Errorf("%v is bright: %v", c, !want)
		}
	}
}
