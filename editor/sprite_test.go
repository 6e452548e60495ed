package editor

import (
	"image/color"
	"slices"
	"testing"

	"gvpie/runtime/pxl/syntax"

	"gvpie/runtime/pxl"
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

// TestAListThatGoesOnIsColoured: as on the line that it began on.
func TestAListThatGoesOnIsColoured(t *testing.T) {
	source := ".table t 2:\n  0xFF8800 red,  ; first\n\n  ; between\n  -1 N\nCLS red\n.text w \"a\",\n \"x y\"\nTXT 1 1 a,\nfoo 1\n"
	b := open(t, source)
	whole := pxl.Lex(source)
	var got []pxl.Token
	for line := range b.buf.Lines() {
		for _, tok := range b.row(line).tokens {
			at := b.buf.lineStart(line)
			got = append(got, pxl.Token{Kind: tok.Kind, Offset: tok.Offset + at, End: tok.End + at})
		}
	}
	if !slices.Equal(got, whole) {
		t.Errorf("coloured as\n%v\nnot\n%v", got, whole)
	}
	if r := b.row(1); len(r.swatch) != 2 {
		t.Errorf("%d colours are shown of %q", len(r.swatch), r.text)
	}
}
