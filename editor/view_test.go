package editor

import (
	"fmt"
	"image"
	"strings"
	"testing"
	"time"

	"gioui.org/f32"
	"gioui.org/io/key"
	"gioui.org/io/pointer"

	"gvpie/assets"
	"gvpie/runtime/pxl"
)

func TestIdleFrameAsksForNoOther(t *testing.T) {
	b := open(t, "CLS\nTXT 1 1 hi\n")
	b.now = b.now.Add(blinkFor)
	b.frame()
	if at, ok := b.router.WakeupTime(); ok {
		t.Errorf("with the keyboard, long after input, a frame asks for another at %v", at.Sub(b.now))
	}
	b.router.Source().Execute(key.FocusCmd{})
	b.frame()
	b.frame()
	if at, ok := b.router.WakeupTime(); ok {
		t.Errorf("without the keyboard a frame asks for another at %v", at.Sub(b.now))
	}
}

func TestCaretBlinksAtMostTwiceASecond(t *testing.T) {
	b := open(t, "CLS")
	b.input("x")
	start := b.now
	frames := 0
	for {
		b.frame()
		at, ok := b.router.WakeupTime()
		if !ok || frames > 100 {
			break
		}
		if wait := at.Sub(b.now); wait < 250*time.Millisecond {
			t.Fatalf("the next frame is asked for after %v", wait)
		}
		b.now = at
		frames++
	}
	if took := b.now.Sub(start); took > blinkFor+time.Second || frames > 40 {
		t.Errorf("an editor left alone drew %d frames in %v", frames, took)
	}
}

func TestASteadyCaretDrawsNothing(t *testing.T) {
	b := open(t, "CLS")
	b.style.Steady = true
	b.input("x")
	b.frame()
	if at, ok := b.router.WakeupTime(); ok {
		t.Errorf("right after input, a frame asks for another at %v", at.Sub(b.now))
	}
}

func TestMethodsBetweenFramesAreReported(t *testing.T) {
	b := open(t, "CLS")
	b.Replace(0, 3, "HALT")
	if got := fmt.Sprint(b.frame()); got != "[{}]" {
		t.Errorf("events after Replace: %v", got)
	}
	b.Goto(1, 4)
	gtx := b.context()
	b.ops.Reset()
	b.Layout(gtx, b.style)
	b.router.Frame(&b.ops)
	if at, ok := b.router.WakeupTime(); !ok || at.After(b.now) {
		t.Error("a caret moved after Update does not ask for the frame that reports it")
	}
}

func TestClicksSelectCharactersWordsAndLines(t *testing.T) {
	b := open(t, "SET foo = 1\nHALT\n")
	b.click(b.pointAt(5), 1, 0)
	b.is("SET f|oo = 1\nHALT\n")
	b.click(b.pointAt(5), 2, 0)
	b.is("SET [foo| = 1\nHALT\n")
	b.click(b.pointAt(5), 3, 0)
	b.is("[SET foo = 1\n|HALT\n")
	b.click(b.pointAt(4), 1, 0)
	b.click(b.pointAt(14), 1, key.ModShift)
	b.is("SET [foo = 1\nHA|LT\n")
	b.click(f32.Pt(25, b.pointAt(13).Y), 1, 0)
	b.is("SET foo = 1\n[HALT\n|")
	b.click(f32.Pt(500, 580), 1, 0)
	b.is("SET foo = 1\nHALT\n|")
}

func TestDraggingSelectsAndScrolls(t *testing.T) {
	b := open(t, strings.Repeat("SET foo = 1\n", 100))
	from := b.pointAt(4)
	b.mouse(pointer.Press, from, 0)
	b.mouse(pointer.Move, b.pointAt(2*12+4), 0)
	if s, e := b.Selection(); s != 4 || e != 28 {
		t.Errorf("selected %d to %d", s, e)
	}
	b.mouse(pointer.Move, f32.Pt(from.X, 640), 0)
	for range 10 {
		b.now = b.now.Add(16 * time.Millisecond)
		b.frame()
		if _, ok := b.router.WakeupTime(); !ok {
			t.Fatal("dragging beyond the edge does not go on by itself")
		}
	}
	if b.scroll.Y == 0 {
		t.Error("dragging beyond the foot did not scroll")
	}
	b.mouse(pointer.Release, f32.Pt(from.X, 640), 0)
	if b.pointer.drag != dragNone {
		t.Error("the drag goes on after the button is up")
	}
}

func TestWheelAndScrollbarScroll(t *testing.T) {
	b := open(t, strings.Repeat(strings.Repeat("long ", 60)+"\n", 200))
	b.router.Queue(pointer.Event{Kind: pointer.Scroll, Source: pointer.Mouse, Position: f32.Pt(200, 200), Scroll: f32.Pt(30, 120)})
	b.frame()
	if b.scroll != image.Pt(30, 120) {
		t.Errorf("the wheel scrolled to %v", b.scroll)
	}
	g := &b.geometry
	if g.vthumb.Empty() || g.hthumb.Empty() {
		t.Fatal("a text larger than the window has no scrollbars")
	}
	b.mouse(pointer.Press, f32.Pt(float32(g.vbar.Min.X+3), float32(g.vbar.Max.Y-1)), 0)
	b.mouse(pointer.Release, f32.Pt(float32(g.vbar.Min.X+3), float32(g.vbar.Max.Y-1)), 0)
	if b.scroll.Y != b.maxScroll().Y {
		t.Errorf("pressing the scrollbar's foot scrolled to %d of %d", b.scroll.Y, b.maxScroll().Y)
	}
	b.SetText("short")
	b.frame()
	if b.scroll != (image.Point{}) || !b.geometry.vbar.Empty() || !b.geometry.hbar.Empty() {
		t.Error("a short text can be scrolled")
	}
}

func TestGotoShowsTheCaret(t *testing.T) {
	b := open(t, strings.Repeat("0123456789\n", 1000)+strings.Repeat("x", 3000))
	for _, c := range [][2]int{{500, 3}, {1001, 2900}, {1, 1}, {900, 99}} {
		b.Goto(c[0], c[1])
		b.frame()
		x, y := b.originX()+b.xOf(b.sel.caret).Round(), b.lineTop(b.buf.lineAt(b.sel.caret))
		if p := image.Pt(x, y); !p.In(b.geometry.text) {
			t.Errorf("after Goto%v the caret is at %v, outside %v", c, p, b.geometry.text)
		}
	}
	b.Goto(99999, 1)
	if line, _ := b.Caret(); line != 1001 {
		t.Errorf("Goto beyond the end goes to line %d", line)
	}
	b.Goto(-4, -4)
	if b.Offset() != 0 {
		t.Errorf("Goto before the start goes to %d", b.Offset())
	}
}

// TestLinesLexAlone: but for the rows of a sprite, which are rows only below it.
func TestLinesLexAlone(t *testing.T) {
	var all strings.Builder
	for _, ex := range assets.Examples() {
		if !strings.Contains(ex.Source, ".sprite ") {
			all.WriteString(ex.Source + "\n")
		}
	}
	src := all.String()
	whole := pxl.Lex(src)
	buf := newBuffer(src)
	var alone []pxl.Token
	for i := range buf.Lines() {
		for _, tok := range lex(buf.Line(i)) {
			tok.Offset += buf.lineStart(i)
			tok.End += buf.lineStart(i)
			alone = append(alone, tok)
		}
	}
	if len(alone) != len(whole) {
		t.Fatalf("%d tokens line by line, %d in the whole", len(alone), len(whole))
	}
	for i := range whole {
		if alone[i] != whole[i] {
			t.Fatalf("token %d is %v alone and %v in the whole", i, alone[i], whole[i])
		}
	}
}

func TestCaretStopsAreWhereThePointerFindsThem(t *testing.T) {
	for _, s := range []string{"", "plain", "a\tb\tc", "é漢字x", "CLS 0xFF8800 red", "e\u0301x", "\x00\x01", "a\xff\xfeb", "RECT 1 2 3 4 navy"} {
		b := open(t, s)
		for at := 0; ; at = b.buf.next(at) {
			p := b.pointAt(at)
			if got := b.offsetAt(f32.Pt(p.X-1, p.Y)); got != at {
				t.Errorf("%q: the pointer at the x of byte %d finds %d", s, at, got)
			}
			if at == len(s) {
				break
			}
		}
	}
}

func TestMatchingBlockAndBracket(t *testing.T) {
	b := open(t, "IF x\n  WHILE (1 + (2))\n  END\nELSE\nEND")
	for _, c := range []struct {
		caret int
		want  pair
		ok    bool
	}{
		{0, pair{[2]int{0, 2}, [2]int{34, 37}}, true},
		{8, pair{[2]int{7, 12}, [2]int{25, 28}}, true},
		{13, pair{[2]int{13, 14}, [2]int{21, 22}}, true},
		{26, pair{[2]int{25, 28}, [2]int{7, 12}}, true},
		{29, pair{[2]int{29, 33}, [2]int{0, 2}}, true},
		{36, pair{[2]int{34, 37}, [2]int{0, 2}}, true},
		{4, pair{}, false},
	} {
		b.SetSelection(c.caret, c.caret)
		p, ok := b.matchHere()
		if ok != c.ok || p != c.want {
			t.Errorf("caret at %d: pair %v %v, want %v", c.caret, p, ok, c.want)
		}
	}
}

func TestAnySizeCanBeDrawn(t *testing.T) {
	for _, size := range []image.Point{{}, {1, 1}, {10, 400}, {400, 10}, {60, 60}, {3000, 2000}} {
		b := open(t, "RECT 1 2 0xFF0000\nre\n"+strings.Repeat("long ", 200))
		b.SetDiagnostics([]pxl.Diagnostic{mistake(18, 2, 1, 2, strings.Repeat("a long message ", 20), &pxl.Fix{Title: "do that"})})
		b.Goto(2, 3)
		b.size = size
		b.Complete()
		b.frame()
		b.hover = hover{on: true, said: said{"one", "two", "three"}, at: image.Rect(5, 5, 20, 20)}
		b.OpenReplace()
		b.notice = "Something was not done."
		for range 3 {
			b.frame()
		}
		b.press(key.ModShortcut, key.NameEnd)
		b.frame()
	}
}

func TestAPlaceIsFoundAgainInAnotherEditor(t *testing.T) {
	text := strings.Repeat("NOP\n", 200)
	a := open(t, text)
	a.SetSelection(404, 396)
	a.frame()
	a.router.Queue(pointer.Event{Kind: pointer.Scroll, Source: pointer.Mouse, Position: f32.Pt(100, 100), Scroll: f32.Pt(0, 9000)})
	a.frame()
	want := a.Place()
	if want.Anchor != 404 || want.Caret != 396 || want.Top < 150 {
		t.Fatalf("the place is %+v", want)
	}
	b := open(t, text)
	b.SetPlace(want) // the caret is out of sight, and stays there
	b.frame()
	if got := b.Place(); got != want {
		t.Errorf("in another editor it is %+v, want %+v", got, want)
	}
	short := open(t, "é")
	short.SetPlace(want)
	short.frame()
	if got := short.Place(); got != (Place{2, 2, 1}) {
		t.Errorf("in a shorter text it is %+v", got)
	}
	short.SetPlace(Place{1, -1, -1})
	short.frame()
	if got := short.Place(); got.Caret != 0 || got.Top != 1 {
		t.Errorf("nowhere is %+v", got)
	}
}

// TestTheCaretsLineStaysInSight: where the editor gets lower, as when a panel opens, and
// where a scrollbar comes to lie over its last line. What was scrolled away stays so.
func TestTheCaretsLineStaysInSight(t *testing.T) {
	b := open(t, strings.Repeat("NOP\n", 12)+"; "+strings.Repeat("long ", 8)+"\n"+strings.Repeat("NOP\n", 60))
	inSight := func() bool {
		y := b.lineTop(b.buf.lineAt(b.sel.caret)) + b.geometry.lineHeight
		return y <= b.geometry.size.Y && !image.Rect(60, y-b.geometry.lineHeight, 70, y).Overlaps(b.geometry.hbar)
	}
	b.Goto(27, 1)
	b.frame()
	b.size.Y = 300
	if b.frame(); !inSight() {
		t.Errorf("in a lower editor line 27 is at %d", b.lineTop(26))
	}
	b.scroll.Y += b.lineTop(26) + b.geometry.lineHeight - b.geometry.size.Y // it is the last whole line
	for b.frame(); b.geometry.hbar.Empty() && b.size.X > 60; b.frame() {
		b.size.X -= 10
	}
	if !inSight() || b.geometry.hbar.Empty() {
		t.Errorf("line 27 is at %d, the scrollbar at %v", b.lineTop(26), b.geometry.hbar)
	}
	b.size.X = 520
	b.Goto(70, 1)
	b.frame()
	b.scroll.Y = 0
	b.frame()
	b.size.Y = 200
	if b.frame(); b.Top() != 1 {
		t.Errorf("what was scrolled away comes back: it shows line %d", b.Top())
	}
	b.Goto(1, 1)
	b.frame()
	b.scroll.Y = 40 * b.geometry.lineHeight
	b.frame()
	b.size.Y = 150
	if b.frame(); b.Top() != 41 {
		t.Errorf("what was scrolled away above comes back: it shows line %d", b.Top())
	}
}
