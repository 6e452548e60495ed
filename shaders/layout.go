package shaders

import (
	"gvpie/assets/glyph"
	"gvpie/runtime/isa"
)

// Tile is the width and height, in texels, of the tiles that bins are for, and of
// raster's workgroups.
const Tile = 8

// The tables buffer, in words.
const (
	tableROM   = 0              // glyphs, two words each, a byte a row
	tableInk   = tableROM + 512 // colour of each ink code, 0xRRGGBB
	tablePaper = tableInk + 256 // of each paper code
	tableSin   = tablePaper + 256
	tableAtan  = tableSin + 1024
	tableSpecs = tableAtan + 1025 // 256 packed opcode specs: see packSpec
	tableWords = tableSpecs + 256
)

// Tables is the tables buffer, the same for every machine.
func Tables() []uint32 {
	t := make([]uint32, tableWords)
	for code := range 256 {
		t[tableInk+code] = isa.CodeColor(uint8(code), 0xFFFFFF)
		t[tablePaper+code] = isa.CodeColor(uint8(code), 0x000000)
		for y, row := range glyph.ROM[code] {
			t[tableROM+2*code+y/4] |= uint32(row) << (y % 4 * 8)
		}
	}
	for i, v := range isa.SinTable {
		t[tableSin+i] = uint32(v)
	}
	for i, v := range isa.AtanTable {
		t[tableAtan+i] = uint32(v)
	}
	for op := range 256 {
		t[tableSpecs+op] = packSpec(isa.Table[op])
	}
	return t
}
