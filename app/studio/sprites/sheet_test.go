package sprites_test

import (
	"math/rand"
	"slices"
	"strings"
	"testing"

	"gvpie/app/studio/sprites"
	"gvpie/runtime/pxl"
	"gvpie/runtime/pxl/service"
)

// lines are a text.
type lines []string

func (l lines) Lines() int        { return len(l) }
func (l lines) Line(i int) string { return l[i] }

// read takes the first sprite out of a text.
func read(t *testing.T, src string) (*sprites.Sheet, lines, service.Sprite) {
	t.Helper()
	text := lines(strings.Split(src, "\n"))
	d := service.NewDocument(text)
	for i := range text {
		if s, _, ok := d.SpriteAt(i); ok {
			sheet, err := sprites.Read(s, text.Line)
			if err != nil {
				t.Fatal(err)
			}
			return sheet, text, s
		}
	}
	t.Fatal("there is no sprite")
	return nil, nil, service.Sprite{}
}

const ship = `.palette 0x000000 0xFFFFFF 0xFF4444
.sprite ship 5 3 ; of the first level
  ..1..   ; nose
; wings
  .121
	11111
  ..2..
  .....
  ..2
HALT`

func TestASpriteThatIsNotDrawnOnIsItsText(t *testing.T) {
	s, text, of := read(t, ship)
	if s.Frames() != 2 || s.W != 5 || s.H != 3 || s.Texel(0, 4, 1) != sprites.Clear {
		t.Fatalf("%d frames of %d × %d", s.Frames(), s.W, s.H)
	}
	if got, want := s.Lines(), text[of.Line:of.Lines[len(of.Lines)-1]+1]; !slices.Equal(got, want) {
		t.Errorf("it is\n%s\nnot\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	s.Mirror() // symmetrical but for nothing
	if s.Changed() || s.CanUndo() {
		t.Error("a mirror of what is symmetrical is a change")
	}
}

func TestWhatIsPaintedIsText(t *testing.T) {
	s, _, _ := read(t, ship)
	s.BeginStroke(0, 0, '2')
	s.StrokeTo(4, 2, '2')
	s.StrokeTo(9, 9, '2') // out of it
	s.EndStroke()
	s.Show(1)
	s.Fill(0, 0, '1')
	s.Shift(1, 1)
	const want = `.sprite ship 5 3 ; of the first level
  2.1..   ; nose
; wings
  .221.
	11122
  11121
  11121
  11111`
	got := strings.Join(s.Lines(), "\n")
	if got != want {
		t.Errorf("it is\n%s\nnot\n%s", got, want)
	}
	for range 3 {
		s.Undo()
	}
	if s.Changed() || s.CanUndo() || !s.CanRedo() {
		t.Error("three steps back it is not as it was")
	}
	for range 3 {
		s.Redo()
	}
	if strings.Join(s.Lines(), "\n") != got {
		t.Error("three steps on it is not as it was drawn")
	}
}

func TestFramesAreRows(t *testing.T) {
	s, _, _ := read(t, ".sprite dot ; small\n a. ; top\n; between\n b\n\nHALT")
	s.Add()
	s.Flip()
	s.BeginStroke(1, 1, s.Digit(15))
	s.EndStroke()
	if got, want := strings.Join(s.Lines(), "\n"), ".sprite dot 2 2 ; small\n a. ; top\n; between\n b\n b.\n af"; got != want {
		t.Errorf("it is\n%s\nnot\n%s", got, want)
	}
	s.Move(-1)
	if s.Front() != 0 || s.Texel(0, 1, 1) != 'f' || s.Texel(1, 0, 0) != 'a' {
		t.Errorf("moved it is\n%s", strings.Join(s.Lines(), "\n"))
	}
	s.Move(-1)
	s.Remove()
	s.Remove() // the last one stays
	if got, want := strings.Join(s.Lines(), "\n"), ".sprite dot ; small\n a. ; top\n; between\n b"; got != want {
		t.Errorf("it is\n%s\nnot\n%s", got, want)
	}
}

func TestAFrameThatLacksRowsGetsThem(t *testing.T) {
	s, _, _ := read(t, ".sprite dot 2 2\n 1\n 1\n 1\nHALT")
	if s.Frames() != 2 || s.Changed() {
		t.Errorf("%d frames, changed %v", s.Frames(), s.Changed())
	}
	s.Fill(0, 0, '3')
	if got := strings.Join(s.Lines(), "\n"); got != ".sprite dot 2 2\n 3.\n 3.\n 1\n .." {
		t.Error(got)
	}
}

func TestWhatIsNoWholeSpriteIsRefused(t *testing.T) {
	for _, src := range []string{".sprite s 2 1\n111", ".sprite s 0 1\n1", ".sprite s", ".sprite s 2 1\n\n11", ".sprite s N N\n11"} {
		text := lines(strings.Split(src, "\n"))
		s, _, ok := service.NewDocument(text).SpriteAt(0)
		if !ok {
			continue
		}
		if sheet, err := sprites.Read(s, text.Line); err == nil {
			t.Errorf("%q is %d × %d", src, sheet.W, sheet.H)
		}
	}
}

// TestDrawnSpritesAreTheirTexts: whatever is drawn, the text is of a sprite with the
// same texels, and all of it can be taken back.
func TestDrawnSpritesAreTheirTexts(t *testing.T) {
	for seed := range int64(40) {
		r := rand.New(rand.NewSource(seed))
		s, text, of := read(t, ship)
		before := slices.Clone(s.Lines())
		steps := 1 + r.Intn(30)
		for range steps {
			x, y, letter := r.Intn(7)-1, r.Intn(5)-1, ".012"[r.Intn(4)]
			switch r.Intn(9) {
			case 0:
				s.Fill(x, y, letter)
			case 1:
				s.Mirror()
			case 2:
				s.Flip()
			case 3:
				s.Shift(x, y)
			case 4:
				s.Add()
			case 5:
				s.Remove()
			case 6:
				s.Move(x)
			case 7:
				s.Show(x)
			default:
				s.BeginStroke(x, y, letter)
				s.StrokeTo(r.Intn(7)-1, r.Intn(5)-1, letter)
				s.EndStroke()
			}
		}
		drawn := slices.Concat(text[:of.Line], s.Lines(), text[of.Lines[len(of.Lines)-1]+1:])
		a := pxl.Assemble("", strings.Join(drawn, "\n")+"\n")
		again, _, _ := read(t, strings.Join(drawn, "\n"))
		same := a.OK() && again.Frames() == s.Frames()
		for f := range s.Frames() {
			for i := range s.W * s.H {
				same = same && again.Texel(f, i%s.W, i/s.W) == s.Texel(f, i%s.W, i/s.W)
			}
		}
		if !same {
			t.Fatalf("seed %d: %v\n%s", seed, a.Diagnostics, strings.Join(drawn, "\n"))
		}
		for s.CanUndo() {
			s.Undo()
		}
		if !slices.Equal(s.Lines(), before) {
			t.Fatalf("seed %d: taken back it is\n%s", seed, strings.Join(s.Lines(), "\n"))
		}
	}
}

func TestAPictureIsOfTheFrameAsItIs(t *testing.T) {
	s, _, _ := read(t, ship)
	a := s.Picture(0)
	if a != s.Picture(0) || a.RGBAAt(2, 1).R != 255 || a.RGBAAt(2, 1).G != 0x44 || a.RGBAAt(0, 0).A != 0 {
		t.Error("the picture is", a.Pix)
	}
	s.Fill(0, 0, '1')
	if b := s.Picture(0); b == a || b.RGBAAt(0, 0).R != 255 {
		t.Error("it is the one from before")
	}
}
