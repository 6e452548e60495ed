package editor

import (
	"fmt"
	"strings"
	"testing"

	"gioui.org/io/key"

	"gvpie/assets"
)

// program gives a text of about n bytes made of the examples.
func program(n int) string {
	var b strings.Builder
	for b.Len() < n {
		for _, ex := range assets.Examples() {
			b.WriteString(ex.Source)
		}
	}
	return b.String()[:n]
}

var texts = []struct {
	name string
	text func() string
}{
	{"1000lines", func() string { return strings.Repeat("  SET h = 10 + sin(x * 12) / 220\n", 1000) }},
	{"1MB", func() string { return program(1 << 20) }},
	{"5MB", func() string { return program(5 << 20) }},
	{"Line100k", func() string { return strings.Repeat("abcdefghij", 10_000) }},
}

func BenchmarkIdleFrame(b *testing.B) {
	for _, c := range texts {
		b.Run(c.name, func(b *testing.B) {
			e := open(b, c.text())
			b.ReportAllocs()
			for b.Loop() {
				e.frame()
			}
		})
	}
}

func BenchmarkKeystroke(b *testing.B) {
	for _, c := range texts {
		b.Run(c.name, func(b *testing.B) {
			e := open(b, c.text())
			for b.Loop() {
				e.input("x")
			}
		})
	}
}

// BenchmarkBreakpoints is a keystroke, and a new line, in a text with and without them.
func BenchmarkBreakpoints(b *testing.B) {
	for _, n := range []int{0, 200} {
		e := open(b, strings.Repeat("x = x + 1\n", 5000))
		for i := range n {
			e.Breaks.Set(Break{Line: 2 + 24*i, Condition: "x > 3"})
		}
		b.Run(fmt.Sprintf("keystroke/%d", n), func(b *testing.B) {
			for b.Loop() {
				e.input("x")
			}
		})
		b.Run(fmt.Sprintf("line/%d", n), func(b *testing.B) {
			for b.Loop() {
				e.press(0, key.NameReturn)
			}
		})
		b.Run(fmt.Sprintf("frame/%d", n), func(b *testing.B) {
			for b.Loop() {
				e.frame()
			}
		})
	}
}

func BenchmarkScroll(b *testing.B) {
	e := open(b, program(1<<20))
	for b.Loop() {
		e.press(0, key.NamePageDown)
	}
}

func BenchmarkMegabytePaste(b *testing.B) {
	s := program(1 << 20)
	e := open(b, "")
	for b.Loop() {
		e.pasteText(s)
		b.StopTimer()
		e.SetText("")
		b.StartTimer()
	}
}

func TestLargeAndStrangeTextsStayUsable(t *testing.T) {
	for name, s := range map[string]string{
		"five megabytes":     program(5 << 20),
		"one long line":      strings.Repeat("0xFF00FF (", 10_000),
		"binary":             strings.Repeat("\x00\x80\xff\x7fMZ\r\x1b漢\u0301", 2000),
		"empty lines":        strings.Repeat("\n", 100_000),
		"one long mark":      "a" + strings.Repeat("\u0301", 10_000),
		"byte order mark":    "\uFEFFCLS\r\n",
		"right to left":      "TXT 1 1 שלום עולם\n",
		"nothing":            "",
		"tabs":               strings.Repeat("\t", 5000),
		"thousand glyphs up": strings.Repeat("一丁丂七丄丅丆万丈三", 400),
	} {
		b := open(t, s)
		for range 3 {
			b.press(key.ModShortcut, key.NameEnd)
			b.press(0, key.NameReturn, key.NamePageUp, key.NameUpArrow, key.NameEnd, key.NameHome, key.NameTab, key.NameDeleteBackward)
			b.press(key.ModShift, key.NamePageDown)
			b.input("é")
			b.press(key.ModShortcut, key.NameHome)
			b.press(key.ModShortcutAlt, key.NameRightArrow, key.NameDeleteBackward)
		}
		if len(b.rows) > 600 {
			t.Errorf("%s: %d rows are kept", name, len(b.rows))
		}
		for b.CanUndo() {
			b.Undo()
		}
		if b.Text() != normalise(s) {
			t.Errorf("%s: undoing everything does not give the text back", name)
		}
		b.frame()
	}
}
