package editor

import (
	"math/rand/v2"
	"testing"

	"gioui.org/io/key"

	"gvpie/runtime/pxl/service"
)

func TestDefinitionOfNamesAndLabels(t *testing.T) {
	const src = ".array stars 9\nloop:\nSET stars[2] = x\nFOR i = 0 TO i\nIF i > 2 JMP loop\nSET x = i\nEND\nLOG {stars[x]} x"
	for _, c := range []struct{ line, column, wantLine, wantColumn int }{
		{3, 5, 1, 8}, {5, 15, 2, 1}, {2, 2, 2, 1}, {6, 9, 4, 5}, {3, 16, 6, 5}, {8, 8, 1, 8}, {8, 16, 8, 16}, {4, 1, 4, 1},
	} {
		b := open(t, src)
		b.Goto(c.line, c.column)
		b.press(0, key.NameF12)
		if line, column := b.Caret(); line != c.wantLine || column != c.wantColumn {
			t.Errorf("from %d, %d it goes to %d, %d, want %d, %d", c.line, c.column, line, column, c.wantLine, c.wantColumn)
		}
	}
}

func TestControlClickGoesToTheDefinition(t *testing.T) {
	b := open(t, "loop:\nNOP\nJMP loop")
	b.click(b.pointAt(15), 1, key.ModShortcut)
	b.is("|loop:\nNOP\nJMP loop")
}

func TestLanguageServiceFollowsEveryEdit(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	pieces := []string{"", "\n", "WHILE 1\n", "EACH\nEND\n", "END", "ELSE\n", "IF x\nNOP", "\n\n\n", "SET a = 1\nEND\n"}
	e := New()
	same := func(did string) {
		t.Helper()
		fresh := service.NewDocument(&e.buf)
		for i := range e.buf.Lines() {
			gotEnd, _ := e.code.MatchEnd(i)
			wantEnd, _ := fresh.MatchEnd(i)
			got, _ := e.code.Opener(i)
			want, _ := fresh.Opener(i)
			if gotEnd != wantEnd || got != want {
				t.Fatalf("after %s, line %d of %q: END %d, opener %d; want %d, %d", did, i, e.Text(), gotEnd, got, wantEnd, want)
			}
		}
	}
	for range 300 {
		from := random.IntN(len(e.Text()) + 1)
		to := from + random.IntN(min(20, len(e.Text())-from)+1)
		e.Replace(from, to, pieces[random.IntN(len(pieces))])
		same("a replacement")
		switch random.IntN(12) {
		case 0:
			e.Undo()
			same("Undo")
		case 1:
			e.Redo()
			same("Redo")
		case 2:
			e.SetText(pieces[random.IntN(len(pieces))])
			same("SetText")
		}
	}
}
