package editor

import (
	"testing"

	"gioui.org/f32"
	"gioui.org/io/key"
	"gioui.org/io/pointer"
)

func TestNudgeKeepsTheNumbersForm(t *testing.T) {
	for _, c := range []struct {
		text string
		at   int
		by   int
		want string
	}{
		{"RECT 9 2", 5, 1, "RECT 10 2"},
		{"RECT 9 2", 6, -10, "RECT -1 2"},
		{"RECT x -1 2", 9, 1, "RECT x 0 2"},
		{"SET y = x -1", 12, 1, "SET y = x -2"},
		{"SET y = x - 1", 13, 1, "SET y = x - 2"},
		{"SET y = -1", 10, 2, "SET y = 1"},
		{"SET y = (x -1)", 12, 1, "SET y = (x -2)"},
		{"CLS 0x0000ff", 5, 1, "CLS 0x000100"},
		{"CLS 0xFFFFFF", 5, 1, "CLS 0xFFFFFF"},
		{"CLS 0x00000A", 5, 1, "CLS 0x00000B"},
		{"CLS 0x000000", 5, -1, "CLS 0x000000"},
		{"SET b = 0b0111", 10, 1, "SET b = 0b1000"},
		{"SET n = 2147483647", 10, 1, "SET n = 2147483647"},
		{"TXT 1 1 in 1984", 13, 1, "TXT 1 1 in 1984"},
		{"HALT", 2, 1, "HALT"},
	} {
		b := open(t, c.text)
		b.SetSelection(c.at, c.at)
		b.Nudge(c.by)
		if b.Text() != c.want {
			t.Errorf("%q at %d by %d: %q, want %q", c.text, c.at, c.by, b.Text(), c.want)
		}
	}
}

func TestNudgesAreOneUndoStep(t *testing.T) {
	b := open(t, "CLS\nRECT 98 1")
	b.Goto(2, 7)
	b.press(key.ModAlt, key.NameUpArrow, key.NameUpArrow, key.NameUpArrow)
	b.is("CLS\nRECT 1|01 1")
	b.press(key.ModAlt|key.ModShift, key.NameDownArrow)
	b.is("CLS\nRECT 9|1 1")
	b.Undo()
	b.is("CLS\nRECT 9|8 1")
}

func TestDraggingANumberCountsIt(t *testing.T) {
	b := open(t, "RECT 50 1")
	at := b.pointAt(6)
	b.mouse(pointer.Press, at, key.ModAlt)
	b.mouse(pointer.Move, f32.Pt(at.X+20, at.Y), key.ModAlt)
	if b.Text() != "RECT 55 1" {
		t.Errorf("twenty pixels to the right: %q", b.Text())
	}
	b.mouse(pointer.Move, f32.Pt(at.X-240, at.Y), key.ModAlt)
	before := b.Text()
	b.mouse(pointer.Move, f32.Pt(at.X+4, at.Y), key.ModAlt)
	if b.Text() != "RECT 51 1" {
		t.Errorf("back to the right, past 0: %q", b.Text())
	}
	b.mouse(pointer.Move, f32.Pt(at.X-240, at.Y), key.ModAlt)
	b.mouse(pointer.Release, f32.Pt(at.X-240, at.Y), key.ModAlt)
	if b.Text() != before {
		t.Errorf("left again: %q", b.Text())
	}
	if b.Text() != "RECT -10 1" {
		t.Errorf("far to the left: %q", b.Text())
	}
	b.Undo()
	if b.Text() != "RECT 50 1" {
		t.Errorf("undone to %q", b.Text())
	}
}
