package editor

import (
	"strings"
	"testing"

	"gioui.org/f32"
	"gioui.org/io/key"
)

func (b *bench) offered() string {
	var names []string
	if b.completing() {
		for _, c := range b.completion.list {
			names = append(names, c.Label)
		}
	}
	return strings.Join(names, " ")
}

func TestTypingOffersWhatMayStandThere(t *testing.T) {
	for _, c := range []struct{ before, typed, want string }{
		{"", "re", "RECT RET"},
		{"", "r", ""},
		{"", "rect", ""},
		{"", "rect 1 1 1 1 na", "navy"},
		{"", "TXT 1 1 re", ""},
		{"", "; re", ""},
		{"", "LOG {fr", "frame frames"},
		{"start:\nstop:\nst:\n", "JMP sta", "start"},
		{".array stars 9\nSET stamp = 1\n", "SET sta", "stamp stars"},
		{"", ".ca", ".canvas"},
		{"", "IF x CL", "CLIP CLS"},
		{"", "here: CL", "CLIP CLS"},
		{"", "SET x = 0xab", ""},
		{"", "SET newname", ""},
		{"", "PUT cl", "clamp"},
		{"", "PU", ""},
		{"EACH\n", "re", ""},
		{"EACH\n", "PU", "PUT"},
		{"EACH\n", "PUT rn", ""},
		{"EACH\n", "IF px CL", ""},
		{"EACH\nEND\n", "re", "RECT RET"},
		{"", "EN", ""},
		{"WHILE 1\n", "EN", "END"},
	} {
		b := open(t, c.before)
		b.press(key.ModShortcut, key.NameEnd)
		b.input(c.typed)
		if got := b.offered(); got != c.want {
			t.Errorf("after %q typing %q offers %q, want %q", c.before, c.typed, got, c.want)
		}
	}
}

func TestCompletionIsTakenMovedThroughAndLeft(t *testing.T) {
	b := open(t, "")
	b.input("re")
	b.press(0, key.NameDownArrow, key.NameReturn)
	b.is("RET|")
	b.press(0, key.NameReturn)
	b.input("re")
	b.press(0, key.NameEscape)
	b.press(0, key.NameReturn)
	b.is("RET\nre\n|")
	b.press(key.ModCtrl, key.NameSpace)
	if n := len(strings.Fields(b.offered())); n < 20 {
		t.Errorf("Ctrl-Space on an empty line offers %d statements", n)
	}
	b.press(0, key.NameUpArrow)
	b.frame()
	if c := &b.completion; c.chosen != len(c.list)-1 || c.top == 0 {
		t.Errorf("up from the first goes to %d of %d, shown from %d", c.chosen, len(c.list), c.top)
	}
	b.press(0, key.NameLeftArrow)
	if b.completing() {
		t.Error("the list stays when the caret has left")
	}
	b.Goto(3, 1)
	b.input("pl")
	b.frame()
	r := b.completion.popup.rows
	b.click(f32.Pt(float32(r.Min.X+20), float32(r.Min.Y+5)), 1, 0)
	b.is("RET\nre\nPLOT|")
	b.press(key.ModShortcut, "Z")
	b.is("RET\nre\npl|")
}

func TestListClosesWhenTheTextChangesUnderIt(t *testing.T) {
	b := open(t, "")
	b.input("re")
	b.Replace(0, 2, "x")
	b.press(0, key.NameReturn)
	b.is("x\n|")
}

func TestSignatureShowsWhileItsStatementIsTyped(t *testing.T) {
	b := open(t, "")
	b.input("RECT")
	if s, ok := b.signature(); ok {
		t.Errorf("before the word is left the signature is %q", s.Text)
	}
	b.input(" 5")
	if s, _ := b.signature(); s.Text != "RECT x y w h [color]" || s.Text[s.ActiveFrom:s.ActiveTo] != "x" {
		t.Errorf("the signature is %q", s.Text)
	}
	b.press(0, key.NameReturn)
	if s, ok := b.signature(); ok {
		t.Errorf("on the next line the signature is %q", s.Text)
	}
}
