package editor

import (
	"image"
	"strings"
	"testing"
	"time"

	"gioui.org/f32"
	"gioui.org/gpu/headless"
	"gioui.org/io/key"
	"gioui.org/io/pointer"

	"gvpie/runtime/pxl"
)

func mistake(offset, line, column, length int, message string, fix *pxl.Fix) pxl.Diagnostic {
	return pxl.Diagnostic{
		Severity: pxl.Error, Pos: pxl.Position{Offset: offset, Line: line, Column: column}, Length: length, Message: message, Fix: fix,
	}
}

// picture draws a frame; it skips the test where nothing can draw.
func (b *bench) picture() *image.RGBA {
	b.t.Helper()
	px := b.context().Constraints.Max
	w, err := headless.NewWindow(px.X, px.Y)
	if err != nil {
		b.t.Skipf("no headless window: %v", err)
	}
	defer w.Release()
	b.frame()
	if err := w.Frame(&b.ops); err != nil {
		b.t.Fatal(err)
	}
	img := image.NewRGBA(image.Rectangle{Max: px})
	if err := w.Screenshot(img); err != nil {
		b.t.Fatal(err)
	}
	return img
}

// reddish counts the pixels of r that are near the error colour.
func reddish(img *image.RGBA, r image.Rectangle) int {
	n := 0
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			if c := img.RGBAAt(x, y); int(c.R) > int(c.G)+60 && int(c.R) > int(c.B)+60 {
				n++
			}
		}
	}
	return n
}

func TestSquiggleUnderDiagnosticRange(t *testing.T) {
	b := open(t, "CLS\nXXXX aa bb")
	b.SetDiagnostics([]pxl.Diagnostic{mistake(4, 2, 1, 4, "unknown opcode XXXX", nil)})
	img := b.picture()
	y := b.lineTop(1)
	x0, x1 := b.originX(), b.originX()+b.xOf(8).Ceil()
	foot := func(from, to int) image.Rectangle {
		return image.Rect(from, y+b.geometry.lineHeight-6, to, y+b.geometry.lineHeight+1)
	}
	if n := reddish(img, foot(x0, x1)); n < x1-x0 {
		t.Errorf("under the range are %d red pixels, want at least %d", n, x1-x0)
	}
	if n := reddish(img, foot(x1+3, b.originX()+b.xOf(14).Ceil())); n != 0 {
		t.Errorf("beside the range are %d red pixels", n)
	}
	if n := reddish(img, image.Rect(b.originX()+b.xOf(14).Ceil()+8, y, b.size.X, y+b.geometry.lineHeight)); n < 40 {
		t.Errorf("the message after the line has %d red pixels", n)
	}
	if n := reddish(img, image.Rect(0, y, 14, y+b.geometry.lineHeight)); n < 12 {
		t.Errorf("the dot in the gutter has %d red pixels", n)
	}
}

func TestSquigglesMoveWithTheText(t *testing.T) {
	b := open(t, "CLS\nXXXX")
	b.SetDiagnostics([]pxl.Diagnostic{mistake(4, 2, 1, 4, "unknown opcode XXXX", nil)})
	b.input("HALT ")
	if m := b.marks[0]; b.Text()[m.from:m.to] != "XXXX" {
		t.Errorf("the mark is on %q", b.Text()[m.from:m.to])
	}
	b.press(key.ModShortcut, "A")
	b.press(0, key.NameDeleteBackward)
	b.frame()
	if m := b.marks[0]; m.from != 0 || m.to != 0 {
		t.Errorf("in an empty text the mark is at %d to %d", m.from, m.to)
	}
}

func TestFixIsAppliedOnAKey(t *testing.T) {
	fix := &pxl.Fix{Title: "replace with TXT", Replace: "TXT", Offset: 4, End: 8}
	for _, k := range []struct {
		mods key.Modifiers
		name key.Name
	}{{key.ModAlt, key.NameReturn}, {key.ModShortcut, "."}} {
		b := open(t, "CLS\nTXTT 1 1 hi")
		b.SetDiagnostics([]pxl.Diagnostic{mistake(4, 2, 1, 4, "unknown opcode TXTT", fix)})
		b.press(k.mods, k.name)
		b.is("|CLS\nTXTT 1 1 hi")
		b.Goto(2, 12)
		b.press(k.mods, k.name)
		b.is("CLS\nTXT 1 1 hi|")
		b.Undo()
		b.is("CLS\nTXTT 1 1 hi|")
	}
}

// TestFixesOfSlipsAreApplied applies what the assembler says, one fix after the other.
func TestFixesOfSlipsAreApplied(t *testing.T) {
	b := open(t, "for i = 1, 10 do\n  pset(i, 5, 8)\nend\nSET x = 4\nRECT x - 1 5 10 10 red\n")
	for {
		a := pxl.Assemble("", b.Text())
		b.SetDiagnostics(a.Diagnostics)
		if len(a.Diagnostics) == 0 {
			break
		}
		b.Goto(a.Diagnostics[0].Pos.Line, a.Diagnostics[0].Pos.Column)
		was := b.Text()
		if b.press(key.ModAlt, key.NameReturn); b.Text() == was {
			t.Fatalf("no fix of %v in\n%s", a.Diagnostics[0], was)
		}
	}
	if got, want := b.Text(), "for i = 1 TO 10\n  PLOT i, 5, 8\nend\nSET x = 4\nRECT (x - 1) 5 10 10 red\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestAFixOfChangedTextIsNone(t *testing.T) {
	b := open(t, "CLS\nTXTT 1 1 hi")
	b.SetDiagnostics([]pxl.Diagnostic{
		mistake(4, 2, 1, 4, "one", &pxl.Fix{Title: "one", Replace: "TXT", Offset: 4, End: 8}),
		mistake(4, 2, 1, 4, "two", &pxl.Fix{Title: "two", Replace: "LOG hi", Offset: 4, End: 15}),
	})
	b.Goto(2, 12)
	for range 3 {
		b.press(key.ModAlt, key.NameReturn)
	}
	b.is("CLS\nTXT 1 1 hi|")
}

func TestAWarningSaysHowItIsSilenced(t *testing.T) {
	b := open(t, "FOR i = 9 TO 0\nEND")
	b.SetDiagnostics(pxl.Assemble("", b.Text()).Diagnostics)
	h := b.under(b.context(), b.pointAt(9).Round())
	if !strings.Contains(h.said.body, "; ignore empty_loop") || !strings.Contains(h.said.key, "STEP -1") {
		t.Errorf("it says %+v", h.said)
	}
}

func TestDiagnosticsAnywhereAreDrawn(t *testing.T) {
	b := open(t, "é漢\n\nx")
	b.SetDiagnostics([]pxl.Diagnostic{
		mistake(0, 1, 1, 99, "too long", nil), mistake(6, 2, 1, 0, "an empty line", nil),
		mistake(8, 3, 2, 0, "the end", nil), mistake(9999, 400, 1, 5, "far beyond", nil), mistake(-3, 0, 0, 1, "before", nil),
	})
	b.frame()
	if got := b.marks[0]; got.to != len("é漢") {
		t.Errorf("a range longer than its line ends at %d", got.to)
	}
}

func TestHoverExplainsTheWordsOfTheLanguage(t *testing.T) {
	b := open(t, "RECT 1 2 sin(x) frame ; RECT\nSET speed = 300\nPLOT speed 1")
	for _, c := range []struct {
		at   int
		want string
	}{{1, "RECT x y w h [color]"}, {9, "sin(t)"}, {17, "frame"}, {5, ""}, {4, ""}, {13, ""}, {25, ""}, {42, "300"}, {52, "speed"}} {
		h := b.under(b.context(), b.pointAt(c.at).Round())
		if h.said.title != c.want || h.on != (c.want != "") {
			t.Errorf("over byte %d it says %q, want %q", c.at, h.said.title, c.want)
		}
	}
}

func TestHoverShowsTheMessageAfterAWhile(t *testing.T) {
	b := open(t, "CLS\nXXXX")
	b.SetDiagnostics([]pxl.Diagnostic{mistake(4, 2, 1, 4, "unknown opcode XXXX", nil)})
	at := b.pointAt(5)
	b.router.Queue(pointer.Event{Kind: pointer.Move, Source: pointer.Mouse, Position: at})
	b.frame()
	if wake, ok := b.router.WakeupTime(); !b.hover.on || !ok || wake.Sub(b.now) > hoverProblem {
		t.Fatalf("hovering %v, next frame %v", b.hover.on, ok)
	}
	b.now = b.now.Add(hoverProblem + time.Millisecond)
	b.frame()
	b.router.Queue(pointer.Event{Kind: pointer.Move, Source: pointer.Mouse, Position: f32.Pt(at.X, at.Y+200)})
	b.frame()
	if b.hover.on {
		t.Error("the message stays when the pointer has gone")
	}
}
