package editor

import (
	"testing"

	"gioui.org/io/key"
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
