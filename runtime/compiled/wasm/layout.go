package wasm

import (
	"gvpie/runtime/isa"
	"gvpie/runtime/kernel"
)

// Layout says where in a module's memory what lies: byte offsets, multiples of 16.
// What the kernel does not look at has no room.
type Layout struct {
	// The host writes these before it calls row: the words that the EACH captured,
	// the state page, the data page, the program page, and the display as the frame
	// began.
	Captures, State, Data, Program, Began uint32
	// row writes these, by column: what the texel shows, and the address of the PUT
	// that gave it that; 0 for none. Put is not written where the kernel has an
	// Always. Words of other columns than row was asked for may change too. rows writes
	// Color of at most Rows rows, one behind the other.
	Color, Put uint32
	Rows       int
	Size       uint32 // bytes in all

	DataWords, ProgramWords int // of the pages
	Lanes                   int // texels of a vector: what row leaves to the interpreter at a time

	sin, atan uint32 // tables of functions
}

// togetherTexels is how many texels rows runs at most, so that they stay in the
// processor's nearest cache until they are on the display.
const togetherTexels = 4096

// rowsTogether is how many rows are worth one call: one of a block with loops is long
// enough, and one whose texels may end without a PUT is not for rows.
func rowsTogether(k *kernel.Kernel) int {
	if k.Always == 0 || len(k.Loops) > 0 {
		return 1
	}
	return max(1, min(togetherTexels/k.W, k.H))
}

// NewLayout gives everything its place for a program whose pages have so many words.
func NewLayout(k *kernel.Kernel, dataWords, programWords int) Layout {
	l := Layout{DataWords: dataWords, ProgramWords: programWords, Lanes: lanes * vectors(k), Rows: rowsTogether(k)}
	room := func(words int) uint32 {
		at := l.Size
		l.Size += (uint32(words)*4 + 15) &^ 15
		return at
	}
	l.Captures = room(k.Captures)
	l.Color = room(k.W*l.Rows + 8)
	if k.Always == 0 {
		l.Put = room(k.W + 8)
	}
	if k.Reads.State {
		l.State = room(isa.StateWords)
	}
	if k.Reads.Sin {
		l.sin = room(len(isa.SinTable))
	}
	if k.Reads.Atan {
		l.atan = room(atanWords)
	}
	// What is loaded four or eight words at a time may reach a little past its end.
	if k.Reads.Data {
		l.Data = room(dataWords + 8)
	}
	if k.Reads.Program {
		l.Program = room(programWords + 8)
	}
	if k.Reads.Began {
		l.Began = room(k.W*k.H + 8)
	}
	return l
}
