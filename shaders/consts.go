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
	fields := func(prefix string, list []isa.Field) {
		for _, f := range list {
			word(prefix+f.Name, uint32(f.At))
		}
	}

	section("Opcodes.")
	for _, s := range isa.Specs {
		word("OP_"+s.Mnemonic, uint32(s.Op))
	}
	section("Faults and statuses.")
	for f := isa.BadOpcode; f <= isa.AssertFailed; f++ {
		word("FAULT_"+strings.ToUpper(f.String()), uint32(f))
	}
	word("STATUS_RUNNING", uint32(isa.Running))
	word("STATUS_FRAMED", uint32(isa.Framed))
	word("STATUS_HALTED", uint32(isa.Halted))
	word("STATUS_FAULTED", uint32(isa.Faulted))

	section("The program page.")
	word("HEADER_WORDS", isa.HeaderWords)
	word("MAX_PROGRAM_WORDS", isa.MaxProgramWords)
	word("TEXT_VALUE", isa.TextValue)
	word("TEXT_VALUE_INDEX", isa.TextValueIndex)

	section("The state page.")
	fields("ST_", isa.StateFields)
	word("COLOR_SET", isa.ColorSet)
	word("NO_TEXEL", isa.NoTexel)
	word("STACK_DEPTH", isa.StackDepth)
	word("SYS_FRAME", isa.SysFrame)

	section("Behind the state page: the control words, then the data page.")
	fields("CTL_", controls)
	word("DATA", DataStart)
	word("SLICE", slice)
	word("TILE", Tile)

	section("Commands.")
	fields("CMD_", isa.CommandFields)
	word("CMD_FLAG_PAYLOAD", isa.CmdFlagPayload)
	word("CMD_FLAG_COLOR", isa.CmdFlagColor)
	word("COMMAND_WORDS", isa.CommandWords)
	word("MAX_COMMANDS", isa.MaxCommands)
	word("MAX_PAYLOAD", isa.MaxPayload)
	signed("MAX_CANVAS", isa.MaxCanvas)
	signed("COORD_MIN", isa.CoordMin)
	signed("COORD_MAX", isa.CoordMax)

	section("Bins.")
	word("BIN_HIDDEN", binHidden)
	word("BIN_OLDEST", binOldest)
	word("BIN_WORDS", binWords)

	section("Pictures.")
	word("WRITTEN", isa.Word(0, 0, 0, 255))
	word("DEFAULT_PAPER", isa.DefaultPaper)
	word("UNKNOWN_GLYPH", isa.UnknownGlyph)
	signed("CELL_WIDTH", isa.CellWidth)
	signed("CELL_HEIGHT", isa.CellHeight)
	signed("GLYPH_WIDTH", glyph.Width)
	signed("GLYPH_HEIGHT", glyph.Height)

	section("The tables buffer.")
	word("TABLE_SPECS", tableSpecs)
	word("TABLE_SIN", tableSin)
	word("TABLE_ROM", tableROM)
	word("TABLE_INK", tableInk)
	word("TABLE_PAPER", tablePaper)
	word("SPEC_IN_CORE", specInCore)
	word("SPEC_HEAVY", specHeavy)
	word("SPEC_DRAWS", specDraws)
	return b.String()
})
