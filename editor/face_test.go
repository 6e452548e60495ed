package editor

import (
	"testing"

	"gioui.org/font"
	"golang.org/x/image/math/fixed"
)

// Inter's dash is wider than its digits, as a character of the system's fonts may
// be wider than its cells.
func TestACharacterOfAnotherFontStaysInItsCells(t *testing.T) {
	var f face
	var told []rune
	f.use(shaper(), font.Font{Typeface: "Inter"}, fixed.I(13))
	f.cover = func(r rune) { told = append(told, r) }
	if _, wide := f.lay('—', f.font, f.ppem); wide <= f.cell {
		t.Fatalf("a dash of %v fits into a cell of %v: it tests nothing", wide, f.cell)
	}
	for range 2 {
		for _, r := range "—…a漢" {
			room := f.cell * fixed.Int26_6(cells(r))
			for _, g := range f.shape(r, false) {
				if g.X < 0 || g.X+g.Advance > room {
					t.Errorf("%q stands from %v to %v, in cells of %v", r, g.X, g.X+g.Advance, room)
				}
			}
		}
	}
	if string(told) != "—…a漢" {
		t.Errorf("it told of %q, want each character once", string(told))
	}
}

func TestOnlyScriptsThatHaveItalicsAreSlanted(t *testing.T) {
	var f face
	f.use(shaper(), font.Font{Typeface: "JetBrains Mono"}, fixed.I(13))
	for r, slanted := range map[rune]bool{'a': true, 'é': true, 'я': true, '–': true, '漢': false, 'س': false} {
		if got := f.shape(r, true)[0].ID != f.shape(r, false)[0].ID; got != slanted {
			t.Errorf("in italics %q is another glyph: %v", r, got)
		}
	}
}
