package shaders

import (
	"gvpie/assets/glyph"
	"gvpie/runtime/isa"
)

// The memory buffer of a machine is its state page, then the control words, then
// its data page, so that one copy brings back all that the host wants to know
// after a slice.
const (
	ctlTyping     = isa.StateWords + iota // 1: a slice ended in the middle of a text
	ctlX                                  // the text's operands
	ctlY                                  //
	ctlTextAt                             // address of its next texel
	ctlTextEnd                            // address after its last texel
	ctlTextLength                         // characters resolved so far
	ctlTextRefers                         // 1: a value was among them
	ctlTextNumber                         // the value being written
	ctlTextScale                          // power of ten of its next digit, 0: none
	CtlLogs                               // LOG commands of the frame
	CtlSlices                             // dispatches the frame has taken
	controlWords  = 16
	DataStart     = isa.StateWords + controlWords
)

// controls names the control words, as ST_ names those of the state page.
var controls = []isa.Field{
	{Name: "TYPING", At: ctlTyping}, {Name: "X", At: ctlX}, {Name: "Y", At: ctlY},
	{Name: "TEXT_AT", At: ctlTextAt}, {Name: "TEXT_END", At: ctlTextEnd}, {Name: "TEXT_LENGTH", At: ctlTextLength},
	{Name: "TEXT_REFERS", At: ctlTextRefers}, {Name: "TEXT_NUMBER", At: ctlTextNumber}, {Name: "TEXT_SCALE", At: ctlTextScale},
	{Name: "LOGS", At: CtlLogs}, {Name: "SLICES", At: CtlSlices},
}

// slice is how many steps (instructions, or characters of a text) the core takes
// in one dispatch. Mesa's software driver silently leaves a loop after 32 768
// iterations, counted over all loops of an invocation.
const slice = 16384

// Tile is the width and height, in texels, of what bin sorts commands into, and
// of raster's workgroups.
const Tile = 8

// BinWords is what bin says of a tile, for so many commands: see machine.wgsl.
func BinWords(commands int) int { return binWords + commands/16 }

// Words of a tile's bins before those of its commands: see machine.wgsl.
const (
	binHidden = iota
	binOldest
	binWords
)

// The tables buffer, in words.
const (
	tableSpecs = 0                // 256 packed opcode specs: see packSpec
	tableSin   = tableSpecs + 256 // isa.SinTable
	tableROM   = tableSin + 1024  // glyphs, two words each, a byte a row
	tableInk   = tableROM + 512   // colour of each ink code, 0xRRGGBB
	tablePaper = tableInk + 256   // of each paper code
	tableWords = tablePaper + 256
)

// packSpec packs what the core needs of a Spec: bits 0–2 the least and 3–5 the
// most operands, 6–7 the tail, the spec… flags, 16–23 which operands are In, 24–31
// which are Out. An opcode without a Spec packs to 0.
func packSpec(s *isa.Spec) uint32 {
	if s == nil {
		return 0
	}
	v := uint32(s.Min) | uint32(len(s.Operands))<<3 | uint32(s.Tail)<<6
	// A texel of EACH has its own program counter; no pipeline here has.
	if s.InCore && s.Op != isa.EACH {
		v |= specInCore
	}
	switch s.Op {
	case isa.COLOR: // of the draws, but draws nothing
	case isa.SIN, isa.COS, isa.LDT, isa.SQRT, isa.RND, isa.PEEK:
		v |= specHeavy
	default:
		if s.Group == isa.GroupDraw || s.Op == isa.LOG {
			v |= specHeavy | specDraws
		}
	}
	for i, o := range s.Operands {
		switch o.Kind {
		case isa.In:
			v |= 1 << (16 + i)
		case isa.Out:
			v |= 1 << (24 + i)
		}
	}
	return v
}

const (
	specInCore = 1 << 8  // the core executes it
	specHeavy  = 1 << 9  // in its outer loop: see core.wgsl
	specDraws  = 1 << 10 // it appends a command
)

// Tables is the tables buffer, the same for every machine.
func Tables() []uint32 {
	t := make([]uint32, tableWords)
	for op := range 256 {
		t[tableSpecs+op] = packSpec(isa.Table[op])
		t[tableInk+op] = isa.CodeColor(uint8(op), 0xFFFFFF)
		t[tablePaper+op] = isa.CodeColor(uint8(op), 0x000000)
		for y, row := range glyph.ROM[op] {
			t[tableROM+2*op+y/4] |= uint32(row) << (y % 4 * 8)
		}
	}
	for i, v := range isa.SinTable {
		t[tableSin+i] = uint32(v)
	}
	return t
}
