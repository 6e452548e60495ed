package kernel

import "gvpie/runtime/isa"

// Kernel is one block, for one size and kind of canvas. Nobody writes to it.
//
// It is meant to be run for a vector of neighbouring texels of a row at once, by
// masks, in address order: the texels that are furthest behind go on, and wait
// where they meet others ahead. A compiler may as well run texel by texel.
type Kernel struct {
	Start, End uint32 // of the block in the program page
	W, H       int    // the canvas
	Pixel      bool
	Captures   int // words that the EACH captures; those of the canvas's size are constants here
	// Given are captured words that the code takes for granted. A run in which one of
	// them is another, as only a program without source can make it, is not the
	// kernel's.
	Given []Given

	Vars []Var
	// Row is run once for a row, before its texels: it computes what they share and
	// cannot fail.
	Row    []Instr
	Blocks []Block // in address order; a texel begins at the first
	Loops  []Loop  // outer ones before those in them
	// Steps is the most instructions that a texel executes outside all loops.
	Steps int32

	// Reads says what the code looks at.
	Reads struct {
		Data, Program, Began, State bool
		Sin, Atan                   bool // tables that functions need
	}
	Logs bool // it has a LOG or ASSERT
	// Puts are the addresses of its PUTs, by address. Always is the one of them that
	// is the last of every texel that ends without an error; 0 if there is none.
	Puts   []uint32
	Always uint32
	// Hash names the kernel: equal hashes, equal code for the same canvas.
	Hash [32]byte
}

// Given is a captured word that is known.
type Given struct {
	Index int // of the capture
	Word  uint32
}

// Var is a word of a texel: what the instructions that write it and those that
// read it share. A lane word that is used for several things is several.
type Var struct {
	Init  Init
	Index int // of the capture
	// Uniform says that all texels of a row that look at it, in the same turn of the
	// loops there, see the same: one word serves all that run together, if it is
	// written only where a texel is, or the instruction is Whole.
	Uniform bool
	Range   Range // of every value it has
}

// Init is what a Var holds as the block begins.
type Init uint8

const (
	Unset   Init = iota // nobody reads it before it is written
	Zero                // 0
	PX                  // the texel's column
	PY                  // its row
	Capture             // a word that the EACH captured
)

// Range is the values that a word may have, as signed numbers, both ends included.
type Range struct{ Lo, Hi int32 }

// Const says that there is one value.
func (r Range) Const() bool { return r.Lo == r.Hi }

// Arg is an operand: a constant or a Var.
type Arg struct {
	Var   int    // index in Kernel.Vars; -1: a constant
	Const uint32 // its value
	Range Range  // here; at most the Var's
}

// Instr is an instruction: Dst = Op(Args). What the ranges of Args say is for the
// compiler to use: a MOD of 0…2b-1 by b, for one, is one conditional subtraction.
type Instr struct {
	// Op is of those that may stand in a block, but for NOP and those that end a
	// Block: JMP, JZ, JNZ, LOOP, DONE. SET copies.
	Op   isa.Op
	PC   uint32
	Dst  int   // index in Kernel.Vars; -1 for PUT, ASSERT and LOG
	Args []Arg // the In operands, in order
	// Array is where LD and LD2 read the data page, LDT and LDT2 the program page.
	Array Array

	Uniform bool // of all texels of a row that come here in the same turn it computes the same
	// Safe says that it cannot fail. Only DIV, MOD, FDIV, the four loads and ASSERT
	// are ever not; a LOG is never.
	Safe bool
	// Whole says that Dst may be written for texels that are not here, and also if
	// none is: none of them reads what it held.
	Whole bool
	// Next says of LD, LDT, LD2, LDT2 and PEEK that neighbours in a row read
	// neighbouring words, in the same order, and of PEEK that they read the same row.
	Next bool
	// Near says that it is so for most neighbours, as where the index is
	// (px + 1) % W: it may be worth asking at run time.
	Near bool
}

// Array is a stretch of a page: Len words from Base, or H rows of W. What
// it names may reach past the page's end, and is address_out_of_range then.
type Array struct{ Base, Len, W, H uint32 }

// Block is instructions that run one after the other.
type Block struct {
	PC     uint32
	Instrs []Instr
	Exit   Exit
	// Uniform says that all texels of a row come here the same number of times, or
	// none does: whoever runs them together may do without a mask here.
	Uniform bool
}

// Exit is how a Block is left.
type Exit struct {
	// Op is EQ, NE, LT, LE, GT or GE of two Args: if it holds the texel goes to
	// Then, else to Else. JMP: it goes to Then. DONE: it has ended. LOOP of three
	// Args, i, limit and step: Then once i has passed the limit in the step's
	// direction; the step is no constant, or it is GT or LT.
	Op         isa.Op
	PC         uint32
	Args       []Arg
	Then, Else int  // indices in Kernel.Blocks
	Uniform    bool // all texels of a row that come here in the same turn go the same way
}

// Loop is Blocks[Head] to Blocks[Last]. It is entered at Head alone, and only its
// own blocks go back there. Loops are apart or within one another; all other exits
// lead forward. What leads back is always a JMP.
type Loop struct {
	Head, Last int
	Parent     int   // index in Kernel.Loops; -1
	Steps      int32 // the most instructions of one turn, as if each loop in it were left at its first
}
