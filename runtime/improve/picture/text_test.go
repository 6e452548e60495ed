package picture

import (
	"context"
	"math"
	"strconv"
	"strings"
	"testing"
)

// What a page says of its texts is what the machine shows of them, in cells and in
// pixels, on a ground and on shapes.
func TestTextsGainWhatTheyAreSaidTo(t *testing.T) {
	for _, pixel := range []bool{true, false} {
		for _, kinds := range [][]Kind{{Glyph}, {Rect, Glyph}} {
			target := someTarget(t, 20, 12, pixel)
			if pixel {
				target = someTarget(t, 70, 60, true)
			}
			s := &search{Options: Options{Shapes: 20, Kinds: kinds}, ctx: context.Background(), left: 40000}
			p, err := s.paint(target)
			if err != nil {
				t.Fatal(err)
			}
			img := target.Picture
			var bare, said float64 // the error without the texts, and with them
			shades := s.shades()
			for i := range len(img.Pix) / 4 {
				x, y, w := i%img.Rect.Dx(), i/img.Rect.Dx(), img.Rect.Dx()
				c := shades[y*target.H/img.Rect.Dy()*target.W+x*target.W/w]
				for ch, v := range c {
					d := float64(int32(img.Pix[4*i+ch]) - v)
					bare += d * d
				}
			}
			said = bare
			for _, gain := range s.page.now {
				said -= float64(gain)
			}
			got := 0.0
			for i, c := range shown(t, p.Source) {
				for ch := range 3 {
					d := float64(int32(img.Pix[4*i+ch]) - int32(c>>(16-8*ch)&0xFF))
					got += d * d
				}
			}
			// On a canvas of pixels a text's ink is better than the one it was tried in.
			if got > said || !pixel && math.Abs(got-said) > 0.5 || said > 0.98*bare || !strings.Contains(p.Source, "TXT") {
				t.Errorf("%v, pixel %v: an error of %.0f, said to be %.0f, %.0f without text:\n%s", kinds, pixel, got, said, bare, p.Source)
			}
		}
	}
}

// A text may hold every character, and in one row be over another.
func TestTextsAreWrittenAsTheyAre(t *testing.T) {
	target := someTarget(t, 100, 3, false)
	s := &search{Options: Options{Kinds: []Kind{Glyph}}, ctx: context.Background(), p: newPartition(target, 0)}
	s.page = newPage(target, s.shades())
	p := s.page
	for col := range 95 {
		p.letters[p.at(1, 0, col)] = byte(firstLetter + col)
		p.letters[p.at(1, 3, col)] = 'x'
	}
	p.texts = []text{{1, 0, 0, 95}, {2, 3, 1, 3}, {1, 3, 40, 42}, {2, 0, 5, 6}}
	for at := range p.letters {
		if p.letters[at] == 0 {
			p.letters[at] = '.'
		}
	}
	ink := [2]string{p.inks[0].String(), p.inks[3].String()}
	want := "COLOR " + ink[0] + "\nTXT 0 1 \"" + escaped.Replace(p.string(p.texts[0])) + "\"\nTXT 5 2 \".\"\n" +
		"COLOR " + ink[1] + "\nTXT 1 2 \"..\"\nTXT 40 1 \"xx\"\n"
	if got := p.lines(); got != want {
		t.Errorf("%s\nnot\n%s", got, want)
	}
	a, b := shown(t, ".canvas 100 3\nCLS\n"+want), ".canvas 100 3\nCLS\nCOLOR "+ink[0]+"\n"
	for col := range 95 {
		if col == 40 {
			b += "COLOR " + ink[1] + "\n"
		}
		letter := string(rune(firstLetter + col))
		if col == 40 || col == 41 {
			letter = "x"
		}
		if col == 42 {
			b += "COLOR " + ink[0] + "\n"
		}
		b += "TXT " + strconv.Itoa(col) + " 1 \"" + escaped.Replace(letter) + "\"\n"
	}
	b += "TXT 5 2 \".\"\nCOLOR " + ink[1] + "\nTXT 1 2 \"..\"\n"
	for i, c := range shown(t, b) {
		if a[i] != c {
			t.Fatalf("pixel %d is 0x%06X, not 0x%06X, of\n%s", i, a[i], c, want)
		}
	}
}

// On a canvas of pixels a character is not written over another, which would stay.
func TestATextInPixelsIsOverNoOther(t *testing.T) {
	target := someTarget(t, 60, 8, true)
	s := &search{Options: Options{Kinds: []Kind{Glyph}}, ctx: context.Background(), p: newPartition(target, 0)}
	p := newPage(target, s.shades())
	for col := range p.cols {
		p.gains[p.at(0, 0, col)], p.gains[p.at(0, 1, col)] = 5, 9
	}
	p.texts = []text{{0, 0, 0, 4}}
	p.write(0)
	if p.find(0); p.fits[0] != (line{text{0, 1, 4, 10}, 54}) {
		t.Errorf("the next text is %+v", p.fits[0])
	}
}
