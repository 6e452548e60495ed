package editor

import (
	"image/color"

	"gioui.org/font"
	"gioui.org/text"
	"gioui.org/unit"
)

// Style is how an editor looks. It is read every frame and may change at any
// time; the editor's state does not depend on it.
type Style struct {
	Shaper *text.Shaper
	Cover  func(r rune) // is told of each character that is to be drawn, so that there is a font for it; may be nil
	Steady bool         // the caret does not blink
	Font   font.Font    // code; must be monospaced
	Size   unit.Sp
	UIFont font.Font // messages and the find bar
	UISize unit.Sp
	Colors Colors
}

// Colors are the colours of an editor.
type Colors struct {
	Background, Text, Dim, Faint       color.NRGBA
	CurrentLine, Lit, Selection, Caret color.NRGBA
	Rule, Panel, Raised, Accent        color.NRGBA
	Error, Warning                     color.NRGBA
	Mnemonic, Number, String, Function color.NRGBA
	Directive, Comment, Label          color.NRGBA
	Stop, Stopped                      color.NRGBA // the ground of the line that is about to run, and the arrow that points at it
	Note                               color.NRGBA // what is written behind a line
}

// alpha gives c with its opacity scaled to a of 255.
func alpha(c color.NRGBA, a uint8) color.NRGBA {
	c.A = uint8(int(c.A) * int(a) / 255)
	return c
}
