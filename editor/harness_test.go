package editor

import (
	"image"
	"image/color"
	"io"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"gioui.org/f32"
	"gioui.org/font"
	"gioui.org/font/opentype"
	"gioui.org/io/input"
	"gioui.org/io/key"
	"gioui.org/io/pointer"
	"gioui.org/io/transfer"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/text"
	"gioui.org/unit"

	"gvpie/assets"
	"gvpie/assets/theme"
)

var faces = sync.OnceValue(func() []font.FontFace {
	var out []font.FontFace
	for _, f := range assets.Fonts() {
		face, err := opentype.ParseCollection(f.Data)
		if err != nil {
			panic(f.Name + ": " + err.Error())
		}
		out = append(out, face...)
	}
	return out
})

// shaper is shared: tests run one after the other, and fonts take long to read.
var shaper = sync.OnceValue(func() *text.Shaper {
	return text.NewShaper(text.NoSystemFonts(), text.WithCollection(faces()))
})

// testStyle is the studio's dark look.
func testStyle() *Style {
	th := theme.Dark
	c := func(v theme.Color) color.NRGBA { return rgb(uint32(v)) }
	return &Style{
		Shaper: shaper(),
		Font:   font.Font{Typeface: "JetBrains Mono"}, Size: 13,
		UIFont: font.Font{Typeface: "Inter"}, UISize: 12,
		Colors: Colors{
			Background: c(th.Window), Text: c(th.Text), Dim: c(th.Dim), Faint: c(th.Faint),
			CurrentLine: c(0x141a22), Lit: c(0x16302c), Selection: c(0x2a4266), Caret: c(th.Accent),
			Rule: c(th.Line), Panel: c(th.Panel), Raised: c(th.Raised), Accent: c(th.Accent),
			Error: c(th.Error), Warning: c(th.Warning),
			Mnemonic: c(th.Code.Mnemonic), Number: c(th.Code.Number), String: c(th.Code.Text),
			Function: c(th.Code.Function), Directive: c(th.Code.Directive), Comment: c(th.Code.Comment), Label: c(th.Code.Directive),
		},
	}
}

// bench is an editor on a bench: a router in the place of the window, a clock
// that moves only when told to.
type bench struct {
	*Editor
	t      testing.TB
	router input.Router
	ops    op.Ops
	style  *Style
	now    time.Time
	size   image.Point // in dp
	scale  float32
	time   time.Duration // of pointer events
}

// open gives a focused editor with a text, after its first frames.
func open(t testing.TB, s string) *bench {
	b := &bench{Editor: New(), t: t, style: testStyle(), now: time.Unix(1000, 0), size: image.Pt(520, 590), scale: 1}
	b.SetText(s)
	b.frame()
	b.Focus(b.context())
	b.frame()
	b.frame()
	if !b.Focused(b.context()) {
		t.Fatal("the editor did not get the keyboard")
	}
	return b
}

func (b *bench) context() layout.Context {
	px := image.Pt(int(float32(b.size.X)*b.scale), int(float32(b.size.Y)*b.scale))
	return layout.Context{
		Ops: &b.ops, Now: b.now, Source: b.router.Source(),
		Metric:      unit.Metric{PxPerDp: b.scale, PxPerSp: b.scale},
		Constraints: layout.Exact(px),
	}
}

// frame runs a frame and gives its events.
func (b *bench) frame() []Event {
	b.ops.Reset()
	b.router.WakeupTime() // forget what the frame before asked for
	gtx := b.context()
	events := b.Update(gtx)
	b.Layout(gtx, b.style)
	b.router.Frame(&b.ops)
	return events
}

// input types text the way Gio's windows deliver it.
func (b *bench) input(s string) {
	for _, r := range s {
		sel := b.router.EditorState().Selection.Range
		b.router.Queue(key.EditEvent{Range: sel, Text: string(r)})
		at := min(sel.Start, sel.End) + 1
		b.router.Queue(key.SelectionEvent{Start: at, End: at})
		b.frame()
	}
}

// press presses keys, one frame each.
func (b *bench) press(mods key.Modifiers, names ...key.Name) {
	for _, n := range names {
		b.router.Queue(key.Event{Name: n, Modifiers: mods, State: key.Press})
		b.frame()
	}
}

// pointAt gives the middle of the left edge of the character at an offset.
func (b *bench) pointAt(offset int) f32.Point {
	line := b.buf.lineAt(offset)
	return f32.Pt(float32(b.originX())+float32(b.xOf(offset))/64+1, float32(b.lineTop(line)+b.geometry.lineHeight/2))
}

func (b *bench) mouse(kind pointer.Kind, at f32.Point, mods key.Modifiers) {
	b.router.Queue(pointer.Event{
		Kind: kind, Source: pointer.Mouse, Buttons: pointer.ButtonPrimary, Position: at, Time: b.time, Modifiers: mods,
	})
	b.frame()
}

// click clicks n times in quick succession, a second after what was before.
func (b *bench) click(at f32.Point, n int, mods key.Modifiers) {
	b.time += time.Second
	for range n {
		b.time += 50 * time.Millisecond
		b.mouse(pointer.Press, at, mods)
		b.mouse(pointer.Release, at, mods)
	}
}

// pasteText presses Ctrl-V with s on the clipboard.
func (b *bench) pasteText(s string) {
	b.press(key.ModShortcut, "V")
	b.router.Queue(transfer.DataEvent{Type: "application/text", Open: func() io.ReadCloser {
		return io.NopCloser(strings.NewReader(s))
	}})
	b.frame()
}

// is checks the text, with "|" where the caret is, and "[" where the selection
// began if there is one.
func (b *bench) is(want string) {
	b.t.Helper()
	s := b.Text()
	got := s[:b.sel.caret] + "|" + s[b.sel.caret:]
	if a := b.sel.anchor; a < b.sel.caret {
		got = got[:a] + "[" + got[a:]
	} else if a > b.sel.caret {
		got = got[:a+1] + "[" + got[a+1:]
	}
	if got != want {
		b.t.Errorf("text is %q, want %q", got, want)
	}
	if !utf8.ValidString(s) && utf8.ValidString(want) {
		b.t.Errorf("text is broken UTF-8: %q", s)
	}
}
