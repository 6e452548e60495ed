package editor

import (
	"strings"
	"testing"

	"gioui.org/io/key"
	"pgregory.net/rapid"
)

func TestTypingMarksChanged(t *testing.T) {
	b := open(t, "")
	b.router.Queue(key.EditEvent{Text: "C"})
	var changed, moved bool
	for _, ev := range b.frame() {
		switch ev := ev.(type) {
		case Changed:
			changed = true
		case CaretMoved:
			moved = ev == CaretMoved{1, 2}
		}
	}
	if !changed || !moved {
		t.Errorf("changed %v, caret moved to 1, 2 %v", changed, moved)
	}
	if ev := b.frame(); len(ev) != 0 {
		t.Errorf("a frame without input has events %v", ev)
	}
}

func TestSetTextIsNoChange(t *testing.T) {
	b := open(t, "CLS")
	b.press(key.ModShortcut, key.NameEnd)
	b.SetText("HALT\r\nNOP\r")
	for _, ev := range b.frame() {
		if _, ok := ev.(Changed); ok {
			t.Error("SetText caused Changed")
		}
	}
	b.is("|HALT\nNOP\n")
	if b.CanUndo() {
		t.Error("SetText can be undone")
	}
}

func TestUndoRestoresText(t *testing.T) {
	b := open(t, "CLS\n")
	b.press(key.ModShortcut, key.NameEnd)
	b.input("SET x = 1")
	b.press(0, key.NameReturn)
	b.input("HALT")
	b.is("CLS\nSET x = 1\nHALT|")
	b.press(key.ModShortcut, "Z")
	b.is("CLS\nSET x = 1\n|")
	for b.CanUndo() {
		b.press(key.ModShortcut, "Z")
	}
	b.is("CLS\n|")
	for b.CanRedo() {
		b.press(key.ModShortcut|key.ModShift, "Z")
	}
	b.is("CLS\nSET x = 1\nHALT|")
	b.press(key.ModShortcut, "Z")
	b.input("!")
	if b.CanRedo() {
		t.Error("typing after an undo leaves something to redo")
	}
}

func TestUndoOfAnythingRestoresAnything(t *testing.T) {
	keys := []key.Name{
		key.NameReturn, key.NameTab, key.NameDeleteBackward, key.NameDeleteForward,
		key.NameLeftArrow, key.NameRightArrow, key.NameUpArrow, key.NameDownArrow, key.NameHome, key.NameEnd,
	}
	rapid.Check(t, func(rt *rapid.T) {
		start := rapid.StringOfN(rapid.SampledFrom([]rune("aE \nNDé(\t漢\x00")), 0, 30, -1).Draw(rt, "start")
		b := &bench{Editor: New(), t: t, style: testStyle()}
		b.face.use(b.style.Shaper, b.style.Font, 13*64)
		b.SetText(start)
		for range rapid.IntRange(1, 30).Draw(rt, "steps") {
			if rapid.Bool().Draw(rt, "type") {
				b.insert(string(rapid.SampledFrom([]rune("aEND \n;é")).Draw(rt, "rune")))
				b.outdentClosing()
			} else {
				mods := key.Modifiers(0)
				if rapid.Bool().Draw(rt, "shift") {
					mods = key.ModShift
				}
				b.key(b.context(), key.Event{Name: rapid.SampledFrom(keys).Draw(rt, "key"), Modifiers: mods})
			}
			if rapid.IntRange(0, 9).Draw(rt, "other") == 0 {
				rapid.SampledFrom([]func(){b.ToggleComment, b.Indent, b.Outdent, b.Undo, b.SelectAll}).Draw(rt, "command")()
			}
			if want := newBuffer(b.Text()); len(want.starts) != len(b.buf.starts) || want.widest != b.buf.widest {
				rt.Fatalf("line index of %q is %v, want %v", b.Text(), b.buf.starts, want.starts)
			}
			if s := b.sel; s.caret != b.buf.clamp(s.caret) || s.anchor != b.buf.clamp(s.anchor) {
				rt.Fatalf("selection %v is not in %q", s, b.Text())
			}
		}
		for b.CanRedo() {
			b.Redo()
		}
		end := b.Text()
		for b.CanUndo() {
			b.Undo()
		}
		if b.Text() != start {
			rt.Fatalf("undone to %q, want %q", b.Text(), start)
		}
		for b.CanRedo() {
			b.Redo()
		}
		if b.Text() != end {
			rt.Fatalf("redone to %q, want %q", b.Text(), end)
		}
	})
}

func TestReplaceIsOneStepAndKeepsTheCaret(t *testing.T) {
	b := open(t, "TXTT 1 1 hi")
	b.Goto(1, 10)
	b.Replace(0, 4, "TXT")
	b.is("TXT 1 1 |hi")
	b.Undo()
	b.is("TXTT 1 1 |hi")
}

func TestNewlineKeepsAndDeepensIndentation(t *testing.T) {
	for _, c := range []struct{ typed, want string }{
		{"CLS\nHALT", "CLS\nHALT|"},
		{"WHILE 1\nSET x = 1\nSET y = 2", "WHILE 1\n  SET x = 1\n  SET y = 2|"},
		{"IF x > 1\nHALT", "IF x > 1\n  HALT|"},
		{"IF x > 1 HALT\nCLS", "IF x > 1 HALT\nCLS|"},
		{"EACH\nPUT 1\nEND\nCLS", "EACH\n  PUT 1\nEND\nCLS|"},
		{"for i = 0 to 9\nwhile 1\nnop\nend\nend\n", "for i = 0 to 9\n  while 1\n    nop\n  end\nend\n|"},
		{"IF x\nCLS\nELSE\nHALT\nEND", "IF x\n  CLS\nELSE\n  HALT\nEND|"},
		{"LOG IF\nCLS", "LOG IF\nCLS|"},
	} {
		b := open(t, "")
		for i, line := range strings.Split(c.typed, "\n") {
			if i > 0 {
				b.press(0, key.NameReturn)
			}
			b.input(line)
		}
		b.is(c.want)
	}
}

func TestKeysAndTextOfOneFrameKeepTheirOrder(t *testing.T) {
	b := open(t, "")
	sel := b.router.EditorState().Selection.Range
	b.router.Queue(
		key.EditEvent{Range: sel, Text: "a"}, key.SelectionEvent{Start: 1, End: 1},
		key.Event{Name: key.NameReturn, State: key.Press},
		key.EditEvent{Range: key.Range{Start: 1, End: 1}, Text: "b"}, key.SelectionEvent{Start: 2, End: 2},
		key.Event{Name: key.NameLeftArrow, State: key.Press},
		key.EditEvent{Range: key.Range{Start: 2, End: 2}, Text: "c"}, key.SelectionEvent{Start: 3, End: 3},
	)
	b.frame()
	b.is("a\nc|b")
}

func TestTabAndCommentWorkOnLines(t *testing.T) {
	b := open(t, "a\n  b\n\nc")
	b.press(key.ModShortcut, "A", "/")
	if want := "; a\n;   b\n\n; c"; b.Text() != want {
		t.Errorf("commented: %q, want %q", b.Text(), want)
	}
	b.press(key.ModShortcut, "/")
	b.press(0, key.NameTab)
	if want := "  a\n    b\n\n  c"; b.Text() != want {
		t.Errorf("indented: %q, want %q", b.Text(), want)
	}
	b.press(key.ModShift, key.NameTab)
	if want := "a\n  b\n\nc"; b.Text() != want {
		t.Errorf("outdented: %q, want %q", b.Text(), want)
	}
	b.SetText("abc")
	b.Goto(1, 2)
	b.press(0, key.NameTab)
	b.is("a |bc")
	b.press(key.ModShortcut, "/")
	b.is("; a |bc")
}

func TestMovingByWordsAndSmartHome(t *testing.T) {
	b := open(t, "  SET foo_1 = sin(x)\nEND")
	b.press(key.ModShortcutAlt, key.NameRightArrow, key.NameRightArrow)
	b.is("  SET foo_1| = sin(x)\nEND")
	b.press(0, key.NameHome)
	b.is("  |SET foo_1 = sin(x)\nEND")
	b.press(0, key.NameHome)
	b.is("|  SET foo_1 = sin(x)\nEND")
	b.press(key.ModShift, key.NameEnd)
	b.is("[  SET foo_1 = sin(x)|\nEND")
	b.press(0, key.NameRightArrow)
	b.press(0, key.NameDownArrow)
	b.is("  SET foo_1 = sin(x)\nEND|")
	b.press(0, key.NameUpArrow)
	b.is("  SET foo_1 = sin(x)|\nEND")
	b.press(key.ModShortcutAlt, key.NameDeleteBackward, key.NameDeleteBackward)
	b.is("  SET foo_1 = sin(|\nEND")
}

func TestReadOnlyTextStaysAsItIs(t *testing.T) {
	b := open(t, "WHILE 1\nEND\n")
	b.ReadOnly(true)
	b.Goto(1, 3)
	b.input("xyz")
	b.is("WH|ILE 1\nEND\n")
	if got := b.router.EditorState().Selection.Range; got != (key.Range{Start: 2, End: 2}) {
		t.Errorf("the window believes the selection is %v", got)
	}
	b.press(0, key.NameReturn, key.NameTab, key.NameDeleteBackward, key.NameDeleteForward)
	b.press(key.ModShortcut, "X", "/", "]", "H")
	b.pasteText("more")
	b.Undo()
	b.replaceAll()
	if got := b.Text(); got != "WHILE 1\nEND\n" {
		t.Errorf("a read-only text became %q", got)
	}
}

func TestPasteIsOneStepAndNormalised(t *testing.T) {
	b := open(t, "ab")
	b.Goto(1, 2)
	b.input("x")
	b.pasteText("1\r\n2\r3\x00é\x1b")
	b.is("ax1\n2\n3é|b")
	if want := "2 control characters were left out of what was pasted: a program text has none."; b.notice != want {
		t.Errorf("the notice is %q", b.notice)
	}
	b.Undo()
	b.is("ax|b")
}

func TestPasteBeyondTheLimitIsRefusedInWords(t *testing.T) {
	b := open(t, "CLS")
	b.pasteText(strings.Repeat("x", MaxText))
	b.is("|CLS")
	if !strings.Contains(b.notice, "2 MB") {
		t.Errorf("the notice is %q", b.notice)
	}
	b.press(0, key.NameEscape)
	if b.notice != "" {
		t.Error("Escape does not take the notice away")
	}
}

func TestAPasteWithoutAnAnswerIsNotTheLast(t *testing.T) {
	b := open(t, "")
	for range 2 {
		b.press(key.ModShortcut, "V")
		if !b.router.ClipboardRequested() {
			t.Error("the clipboard is not asked for")
		}
	}
	b.pasteText("more")
	b.is("more|")
}
