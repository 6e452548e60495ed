package glyph

import (
	"bytes"
	"flag"
	"image"
	"image/color"
	"image/png"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite specimen.png")

func TestEveryASCIIGlyphIsDrawnAndDistinct(t *testing.T) {
	seen := map[[Height]uint8]rune{}
	for code := rune(first); code <= unknown; code++ {
		g := ROM[code]
		if other, dup := seen[g]; dup {
			t.Errorf("%q and %q look the same", code, other)
		}
		seen[g] = code
		if blank := g == [Height]uint8{}; blank != (code == ' ') {
			t.Errorf("%q: blank = %v", code, blank)
		}
		for y, row := range g {
			if row>>Width != 0 {
				t.Errorf("%q row %d is wider than %d columns", code, y, Width)
			}
		}
	}
}

func TestCodesWithoutACharacterAreTheBox(t *testing.T) {
	box := [Height]uint8{0b11111, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b11111}
	for code, g := range ROM {
		switch {
		case code == 0 && g != [Height]uint8{}:
			t.Error("glyph 0 is not blank")
		case (code > 0 && code < first || code >= unknown) && g != box:
			t.Errorf("glyph %d is not the box", code)
		}
	}
}

// Bit 4 is the leftmost column and row 0 the top: L stands on its foot, with
// its stem at the left.
func TestOrientation(t *testing.T) {
	want := [Height]uint8{0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b11111}
	if ROM['L'] != want {
		t.Errorf("L is %05b", ROM['L'])
	}
}

func TestPairsMirror(t *testing.T) {
	for _, pair := range []string{"()", "[]", "{}", "<>", `/\`} {
		for y := range Height {
			l, r := ROM[pair[0]][y], ROM[pair[1]][y]
			var flip uint8
			for x := range Width {
				flip |= l >> x & 1 << (Width - 1 - x)
			}
			if flip != r {
				t.Errorf("%s differ in row %d: %05b %05b", pair, y, l, r)
			}
		}
	}
}

func TestBadDrawingsAreNamed(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"76 L\n", "77 L\n", "glyph 76"},
		{"\n#####\n\n77 M", "\n####\n\n77 M", `"76 L"`},
		{"\n#####\n\n77 M", "\n#####\n#####\n\n77 M", "8 rows"},
		{"\n#####\n\n77 M", "\n####x\n\n77 M", "####x"},
		{"\n\n77 M", "\n77 M", "95 glyphs"},
	} {
		text := strings.Replace(drawings, c.old, c.new, 1)
		if _, err := parse(text); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q for %q: error %v does not name %q", c.new, c.old, err, c.want)
		}
	}
}

// specimen draws lines of text in cells of 6 × 8, as a cell canvas shows them.
func specimen() *image.Paletted {
	lines := []string{
		"HELLO GPU",
		"",
		"the quick brown fox jumps over the lazy dog 0123456789",
		"THE QUICK BROWN FOX JUMPS OVER THE LAZY DOG",
		"Pixels are the program. Cells are 6 x 8, glyphs 5 x 7.",
		"{}[]()<>+-*/=&|^~!?  0O 1lI 5S 8B 2Z rn,m; ':' \"it's\" \x7F",
		"WHILE x < 12 && s[i] != 'Q' @home #1 $5 100% a_b `c\\d",
		"",
	}
	for row := ' '; row <= '~'; row += 32 {
		line := ""
		for c := row; c < row+32; c++ {
			line += string(c)
		}
		lines = append(lines, line)
	}
	const margin = 4
	img := image.NewPaletted(image.Rect(0, 0, 56*(Width+1)+2*margin, len(lines)*(Height+1)+2*margin),
		color.Palette{color.RGBA{0x12, 0x16, 0x1d, 255}, color.RGBA{0xd8, 0xdf, 0xea, 255}})
	for j, line := range lines {
		for i := range len(line) {
			for y, row := range ROM[line[i]] {
				for x := range Width {
					img.SetColorIndex(margin+i*(Width+1)+x, margin+j*(Height+1)+y, row>>(Width-1-x)&1)
				}
			}
		}
	}
	return img
}

func TestSpecimen(t *testing.T) {
	got := specimen()
	if *update {
		var b bytes.Buffer
		if err := png.Encode(&b, got); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("specimen.png", b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	f, err := os.Open("specimen.png")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	want, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	if want.Bounds() != got.Bounds() {
		t.Fatalf("specimen.png is %v, the face gives %v", want.Bounds(), got.Bounds())
	}
	for y := range got.Rect.Dy() {
		for x := range got.Rect.Dx() {
			if color.RGBAModel.Convert(want.At(x, y)) != color.RGBAModel.Convert(got.At(x, y)) {
				t.Fatalf("the face differs from specimen.png at %d,%d; look at it, then -update", x, y)
			}
		}
	}
}
