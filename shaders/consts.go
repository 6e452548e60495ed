package shaders

import (
	"fmt"
	"strings"
	"sync"

	"gvpie/assets/glyph"
	"gvpie/runtime/isa"
)

// consts is the prelude every stage begins with: the numbers of runtime/isa and
// of layout.go, under the names that they have there.
var consts = sync.OnceValue(func() string {
	var b strings.Builder
	section := func(title string) { fmt.Fprintf(&b, "\n// %s\n", title) }
	word := func(name string, v uint32) {
		if v > 0xFFFF {
			fmt.Fprintf(&b, "const %s = 0x%08Xu;\n", name, v)
		} else {
			fmt.Fprintf(&b, "const %s = %du;\n", name, v)
		}
	}
	signed := func(name string, v int) { fmt.Fprintf(&b, "const %s = %di;\n", name, v) }

	section("Opcodes of commands.")
	for i := range isa.Specs {
		if s := &isa.Specs[i]; commands(s) {
			word("OP_"+s.Mnemonic, uint32(s.Op))
		}
	}

	section("Commands.")
	for _, f := range isa.CommandFields {
		word("CMD_"+f.Name, uint32(f.At))
	}
	word("CMD_FLAG_PAYLOAD", isa.CmdFlagPayload)
	word("CMD_FLAG_COLOR", isa.CmdFlagColor)
	word("COMMAND_WORDS", isa.CommandWords)
	word("SPRITE_MIRRORED", isa.SpriteMirrored)
	word("SPRITE_FLIPPED", isa.SpriteFlipped)
	word("SPRITE_TURNED", isa.SpriteTurned)
	word("SPRITE_SCALE", isa.SpriteScale)
	word("LINE_STEEP", LineSteep)
	word("TRI_AB", TriAB)
	word("TRI_BC", TriBC)
	word("TRI_CA", TriCA)

	word("TILE", Tile)

	section("Pictures.")
	word("WRITTEN", isa.Word(0, 0, 0, 255))
	word("UNKNOWN_GLYPH", isa.UnknownGlyph)
	signed("CELL_WIDTH", isa.CellWidth)
	signed("CELL_HEIGHT", isa.CellHeight)
	signed("GLYPH_WIDTH", glyph.Width)
	signed("GLYPH_HEIGHT", glyph.Height)

	section("The tables buffer.")
	word("TABLE_ROM", tableROM)
	word("TABLE_INK", tableInk)
	word("TABLE_PAPER", tablePaper)
	word("TABLE_SIN", tableSin)
	word("TABLE_ATAN", tableAtan)
	return b.String()
})

// commands says whether an opcode makes a command that comes to raster. An EACH has
// a shader of its own.
func commands(s *isa.Spec) bool {
	switch s.Op {
	case isa.EACH:
		return false
	case isa.COLOR, isa.CLIP, isa.CAMERA: // are kept on the state page
		return false
	}
	return s.InCore && (s.Op == isa.LOG || s.Group == isa.GroupDraw)
}
