package editor

import (
	"strings"
	"testing"

	"gioui.org/io/key"
)

func TestFindWalksThroughMatchesAndBack(t *testing.T) {
	b := open(t, "SET a\nset b\nSEt c")
	b.press(key.ModShortcut, "F")
	b.frame()
	if !b.FindOpen() || !b.find.focused(b.context()) {
		t.Fatal("Ctrl-F does not put the keyboard in the find bar")
	}
	b.input("set")
	b.is("[SET| a\nset b\nSEt c")
	if got := b.find.count(b.sel); got != "1 of 3" {
		t.Errorf("the bar says %q", got)
	}
	b.press(0, key.NameReturn)
	b.is("SET a\n[set| b\nSEt c")
	b.press(0, key.NameReturn, key.NameReturn)
	b.is("[SET| a\nset b\nSEt c")
	b.press(key.ModShift, key.NameReturn)
	b.is("SET a\nset b\n[SEt| c")
	b.find.matchCase = true
	b.FindNext()
	b.is("SET a\n[set| b\nSEt c")
	b.press(0, key.NameEscape)
	b.frame()
	if b.FindOpen() || !b.context().Focused(b.Editor) {
		t.Error("Escape does not close the bar and give the keyboard back")
	}
}

func TestReplaceAllIsOneStep(t *testing.T) {
	b := open(t, strings.Repeat("x = x + 1\n", 1000))
	want := b.Text()
	b.OpenReplace()
	b.frame()
	b.find.needle.SetText("x")
	b.find.with.SetText("yy")
	b.replaceAll()
	if b.Text() != strings.ReplaceAll(want, "x", "yy") {
		t.Error("not every match was replaced")
	}
	b.Undo()
	if b.Text() != want {
		t.Error("one undo does not take it all back")
	}
}

func TestReplaceOneGoesOn(t *testing.T) {
	b := open(t, "ab ab ab")
	b.find.needle.SetText("ab")
	b.find.with.SetText("abc")
	b.OpenReplace()
	b.replaceOne()
	b.is("[ab| ab ab")
	b.replaceOne()
	b.is("abc [ab| ab")
	b.FindPrev()
	b.is("[ab|c ab ab")
}

func TestFindFoldsASCIICaseAlone(t *testing.T) {
	for _, c := range []struct {
		s, needle string
		fold      int
		exact     int
	}{
		{"Hello", "hello", 0, -1},
		{"éÉ", "É", 2, 2},
		{"aaab", "AB", 2, -1},
		{"short", "shorter", -1, -1},
		{"x\x00Y", "\x00y", 1, -1},
	} {
		if got := index(c.s, c.needle, false); got != c.fold {
			t.Errorf("%q in %q, any case: %d, want %d", c.needle, c.s, got, c.fold)
		}
		if got := index(c.s, c.needle, true); got != c.exact {
			t.Errorf("%q in %q: %d, want %d", c.needle, c.s, got, c.exact)
		}
	}
}

func TestReplaceAllSaysWhenThereIsMore(t *testing.T) {
	b := open(t, strings.Repeat("x", maxMatches+5))
	b.find.needle.SetText("x")
	b.find.with.SetText("y")
	b.OpenReplace()
	b.replaceAll()
	if n := strings.Count(b.Text(), "x"); n != 5 || b.notice == "" {
		t.Errorf("%d matches are left, and the notice is %q", n, b.notice)
	}
}
