package isa

// The limits of a machine. Sizes are in texels, which are 32-bit words.
const (
	MaxProgramWords = 65535    // program page, header included
	MaxDataWords    = 65536    // data page
	MaxCanvas       = 1024     // width and height of the display page
	DefaultWidth    = 128      // of a program without .canvas
	DefaultHeight   = 64       //
	CellWidth       = 6        // human pixels a cell, 5 of them glyph
	CellHeight      = 8        // human pixels a cell, 7 of them glyph
	StackDepth      = 128      // return addresses
	MaxActivation   = 256      // words of a procedure's activation
	MaxCommands     = 65536    // draw, EACH and LOG commands a frame
	MaxPayload      = 1 << 20  // words of resolved text and captures a frame
	DefaultBudget   = 10000000 // cycles a frame
	LaneBudget      = 65536    // instructions one texel may execute in one EACH block
	MaxLanes        = 256      // lane words of an EACH block
	MaxEachLines    = 4096     // lines that blocks log a frame and that are kept
	MaxEachLog      = 1 << 20  // their characters in all
	CoordMin        = -8192    // coordinates and sizes of draws are clamped
	CoordMax        = 8191     // to CoordMin…CoordMax
	FarMin          = -262144  // the ends of LINE and the corners of TRI
	FarMax          = 262143   // to FarMin…FarMax
	DefaultSeed     = 1        //
	DefaultPaper    = 0x336699 // paper before the first COLOR that gives one
	UnknownGlyph    = 127      // what a character outside 32…126 is drawn as
)

// Fault is the code of a run-time error; FaultNone when there is none.
type Fault uint32

const (
	FaultNone Fault = iota
	BadOpcode
	DivByZero
	AddressOutOfRange
	StackOverflow
	StackUnderflow
	CycleLimit
	CommandLimit
	AssertFailed
)

var faultNames = [...]string{"", "bad_opcode", "div_by_zero", "address_out_of_range", "stack_overflow", "stack_underflow", "cycle_limit", "command_limit", "assert_failed"}

// String gives the code as programs and the HTTP API spell it: "div_by_zero".
func (f Fault) String() string {
	if int(f) < len(faultNames) {
		return faultNames[f]
	}
	return "fault"
}
