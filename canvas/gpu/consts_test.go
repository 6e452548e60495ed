package gpu

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"gvpie/assets/glyph"
	"gvpie/runtime/isa"
	"gvpie/shaders"
)

var update = flag.Bool("update", false, "remake the files that tests compare with")

const constsPath = "../../shaders/consts.wgsl"

// TestConstantsMatchISA holds the shaders' numbers to those of runtime/isa.
func TestConstantsMatchISA(t *testing.T) {
	want := constsWGSL()
	if *update {
		if err := os.WriteFile(constsPath, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got := shaders.Consts(); got != want {
		t.Errorf("%s is not what runtime/isa says: remake it with -update", constsPath)
	}
}

// constsWGSL is consts.wgsl, from the tables of isa and the layout of this
// package.
func constsWGSL() string {
	var b strings.Builder
	b.WriteString("// Generated from runtime/isa and canvas/gpu/layout.go by the tests of canvas/gpu\n// (-update). Do not edit.\n")
	section := func(title string) { fmt.Fprintf(&b, "\n// %s\n", title) }
	word := func(name string, v uint32) {
		if v > 0xFFFF {
			fmt.Fprintf(&b, "const %s = 0x%08Xu;\n", name, v)
		} else {
			fmt.Fprintf(&b, "const %s = %du;\n", name, v)
		}
	}
	signed := func(name string, v int) { fmt.Fprintf(&b, "const %s = %di;\n", name, v) }

	section("Opcodes.")
	for _, s := range isa.Specs {
		word("OP_"+s.Mnemonic, uint32(s.Op))
	}
	section("Faults and statuses.")
	for f := isa.BadOpcode; f <= isa.AssertFailed; f++ {
		word("FAULT_"+strings.ToUpper(f.String()), uint32(f))
	}
	for s := isa.Running; s <= isa.Halted; s++ {
		word("STATUS_"+strings.ToUpper(s.String()), uint32(s))
	}
	word("STATUS_FAULTED", uint32(isa.Faulted))

	section("The program page.")
	word("HEADER_WORDS", isa.HeaderWords)
	word("MAX_PROGRAM_WORDS", isa.MaxProgramWords)
	word("TEXT_VALUE", isa.TextValue)
	word("TEXT_VALUE_INDEX", isa.TextValueIndex)

	section("The state page.")
	for _, c := range []struct {
		name string
		at   uint32
	}{
		{"STATUS", isa.StStatus}, {"FAULT", isa.StFault}, {"FAULT_PC", isa.StFaultPC},
		{"FAULT_A", isa.StFaultA}, {"FAULT_B", isa.StFaultB}, {"FAULT_X", isa.StFaultX}, {"FAULT_Y", isa.StFaultY},
		{"PC", isa.StPC}, {"SP", isa.StSP}, {"CYCLES", isa.StCycles}, {"BUDGET", isa.StBudget},
		{"FRAME", isa.StFrame}, {"INK", isa.StInk}, {"PAPER", isa.StPaper}, {"RANDOM", isa.StRandom},
		{"COMMANDS", isa.StCommands}, {"PAYLOAD", isa.StPayload}, {"KEYS", isa.StKeys}, {"STACK", isa.StStack},
	} {
		word("ST_"+c.name, c.at)
	}
	word("COLOR_SET", isa.ColorSet)
	word("NO_TEXEL", isa.NoTexel)
	word("STACK_DEPTH", isa.StackDepth)
	word("SYS_FRAME", isa.SysFrame)

	section("Behind the state page: the control words, then the data page.")
	for _, c := range []struct {
		name string
		at   uint32
	}{
		{"TYPING", ctlTyping}, {"X", ctlX}, {"Y", ctlY},
		{"TEXT_AT", ctlTextAt}, {"TEXT_END", ctlTextEnd}, {"TEXT_LENGTH", ctlTextLength}, {"TEXT_REFERS", ctlTextRefers},
		{"TEXT_NUMBER", ctlTextNumber}, {"TEXT_SCALE", ctlTextScale}, {"LOGS", ctlLogs}, {"SLICES", ctlSlices},
	} {
		word("CTL_"+c.name, c.at)
	}
	word("DATA", dataStart)
	word("SLICE", slice)
	word("TILE", tile)

	section("Commands.")
	for _, c := range []struct {
		name string
		at   uint32
	}{
		{"OP", isa.CmdOp}, {"PC", isa.CmdPC}, {"CYCLE", isa.CmdCycle}, {"COLOR", isa.CmdColor},
		{"A", isa.CmdA}, {"B", isa.CmdB}, {"C", isa.CmdC}, {"D", isa.CmdD}, {"E", isa.CmdE}, {"F", isa.CmdF},
		{"TEXT", isa.CmdText}, {"LEN", isa.CmdLen},
		{"FLAG_PAYLOAD", isa.CmdFlagPayload}, {"FLAG_COLOR", isa.CmdFlagColor},
	} {
		word("CMD_"+c.name, c.at)
	}
	word("COMMAND_WORDS", isa.CommandWords)
	word("MAX_COMMANDS", isa.MaxCommands)
	word("MAX_PAYLOAD", isa.MaxPayload)
	signed("MAX_CANVAS", isa.MaxCanvas)
	signed("COORD_MIN", isa.CoordMin)
	signed("COORD_MAX", isa.CoordMax)

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
	word("SPEC_MUCH", specMuch)
	word("SPEC_DRAWS", specDraws)
	return b.String()
}
