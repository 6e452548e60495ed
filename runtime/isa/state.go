package isa

// The first SysWords words of the data page are the read-only names. The
// machine writes them before each frame; a program reads them like variables.
const (
	SysFrame  = 0 // frames ended so far
	SysW      = 1 // canvas width, texels
	SysH      = 2 // canvas height, texels
	SysMouseX = 3 // mouse, texels
	SysMouseY = 4 //
	SysMouseB = 5 // buttons: 1 left, 2 right, 4 middle
	SysSeed   = 6 // the seed the run started with
	SysZero   = 7 // always 0
	SysWords  = 8
)

// SysNames names the words 0…SysSeed of the data page, as programs spell them.
var SysNames = [...]string{"frame", "W", "H", "mx", "my", "mb", "seed"}

// What INPUT is asked for.
const (
	InputWheel   = 0 // notches of the wheel
	InputPressed = 1 // buttons that went down in this frame
)

// The state page, word by word: see [StateFields]. Everything a machine holds
// beside its program, data and display pages is here, so that a machine can be
// saved as pictures.
const (
	StStatus        = 0 // Status
	StFault         = 1 // Fault
	StFaultPC       = 2
	StFaultA        = 3 // what was true: see FaultDetail
	StFaultB        = 4
	StFaultX        = 5 // NoTexel outside EACH
	StFaultY        = 6
	StPC            = 7
	StSP            = 8
	StCycles        = 9
	StBudget        = 10
	StFrame         = 11
	StInk           = 12 // ColorSet | 0xRRGGBB, or 0
	StPaper         = 13 // likewise
	StRandom        = 14 // PCG32 state
	StSeed          = 15
	StCommands      = 16
	StPayload       = 17
	StMouseX        = 18
	StMouseY        = 19
	StMouseB        = 20
	StWheel         = 21
	StButtonsBefore = 22
	StKeys          = 24
	StKeysBefore    = 32
	StClip          = 40 // ClipSet | x0 | y0<<16, or 0: all of the canvas
	StClipEnd       = 41 // x1 | y1<<16, exclusive
	StCameraX       = 42
	StCameraY       = 43
	StStack         = 64
	StateWords      = 192
	ColorSet        = 0xFF000000
	ClipSet         = 1 << 31
	NoTexel         = 0xFFFFFFFF
)

// An entry of the stack is the address to go back to, and whether INVOKE left it there
// (for a RETURN) or CALL (for a RET).
const (
	StackProc = 1 << 31
	StackAddr = StackProc - 1
)

// Field is a word, or several in a row, of a page or a command.
type Field struct {
	Name  string // as the shaders spell it: STACK is ST_STACK there and StStack here
	At    int    // the first word
	Words int
	Doc   string
}

// StateFields describes the state page, in order. The shaders' numbers and the
// table in the machine's reference are made of it.
var StateFields = []Field{
	{"STATUS", StStatus, 1, "status"},
	{"FAULT", StFault, 1, "error, 0 for none"},
	{"FAULT_PC", StFaultPC, 1, "address of the instruction that failed"},
	{"FAULT_A", StFaultA, 1, "what was true: A"},
	{"FAULT_B", StFaultB, 1, "what was true: B"},
	{"FAULT_X", StFaultX, 1, "column of the texel, for an error in a block; else 0xFFFFFFFF"},
	{"FAULT_Y", StFaultY, 1, "row of the texel; else 0xFFFFFFFF"},
	{"PC", StPC, 1, "address of the next instruction"},
	{"SP", StSP, 1, "return addresses on the stack"},
	{"CYCLES", StCycles, 1, "cycles of the frame"},
	{"BUDGET", StBudget, 1, "cycles the frame may take"},
	{"FRAME", StFrame, 1, "frames ended"},
	{"INK", StInk, 1, "ink: 0xFF000000 + 0xRRGGBB, or 0 for the default"},
	{"PAPER", StPaper, 1, "paper, likewise"},
	{"RANDOM", StRandom, 1, "state of the random numbers"},
	{"SEED", StSeed, 1, "the seed the run started with"},
	{"COMMANDS", StCommands, 1, "commands of the frame"},
	{"PAYLOAD", StPayload, 1, "payload words of the frame"},
	{"MOUSE_X", StMouseX, 1, "mouse column of the frame"},
	{"MOUSE_Y", StMouseY, 1, "mouse row"},
	{"MOUSE_B", StMouseB, 1, "mouse buttons"},
	{"WHEEL", StWheel, 1, "notches of the mouse wheel in the frame, up positive"},
	{"BUTTONS_BEFORE", StButtonsBefore, 1, "mouse buttons of the frame before"},
	{"KEYS", StKeys, 8, "keys: bit c & 31 of word c / 32 is key c"},
	{"KEYS_BEFORE", StKeysBefore, 8, "keys of the frame before"},
	{"CLIP", StClip, 1, "first texel of the clip: 0x80000000 + column + 65536·row, or 0 for all of the canvas"},
	{"CLIP_END", StClipEnd, 1, "the texel behind its last: column + 65536·row"},
	{"CAMERA_X", StCameraX, 1, "what is taken from the columns of draws"},
	{"CAMERA_Y", StCameraY, 1, "what is taken from their rows"},
	{"STACK", StStack, StackDepth, "the stack: addresses to go back to, 0x80000000 added by `INVOKE`"},
}

// Status is what a machine is doing.
type Status uint32

const (
	Running Status = iota // in the middle of a frame
	Framed                // ended a frame at FRAME; goes on in the next
	Halted                // HALT, or ran off its end
	Faulted               // ended by a run-time error
)

func (s Status) String() string {
	switch s {
	case Running:
		return "running"
	case Framed:
		return "framed"
	case Halted:
		return "halted"
	case Faulted:
		return "error"
	}
	return "unknown"
}

// A command is CommandWords words: see [CommandFields]. Coordinates are signed,
// already clamped, and not yet clipped.
const (
	CmdOp        = 0 // opcode | flags<<8
	CmdPC        = 1
	CmdCycle     = 2
	CmdColor     = 3
	CmdA         = 4
	CmdB         = 5
	CmdC         = 6
	CmdD         = 7
	CmdE         = 8
	CmdF         = 9
	CmdText      = 10
	CmdLen       = 11
	CmdClipMin   = 12 // x0 | y0<<16
	CmdClipMax   = 13 // x1 | y1<<16, exclusive
	CommandWords = 14

	CmdFlagPayload = 1 // the text is in the payload; in the program page when clear
	CmdFlagColor   = 2 // CLS was given a colour
)

// The flags of SPR, which a command has without what is no flag.
const (
	SpriteMirrored = 1     // left and right change places
	SpriteFlipped  = 2     // top and bottom
	SpriteTurned   = 4     // a quarter clockwise, after that
	SpriteScale    = 0x100 // the scale, less one, is the four bits from here
	SpriteFlags    = SpriteMirrored | SpriteFlipped | SpriteTurned | 15*SpriteScale
)

// CommandFields describes a command, in order.
var CommandFields = []Field{
	{"OP", CmdOp, 1, "opcode + 256·flags: 1 the text is in the payload, 2 `CLS` was given a colour"},
	{"PC", CmdPC, 1, "address of the instruction"},
	{"CYCLE", CmdCycle, 1, "cycle of the frame, from 1"},
	{"COLOR", CmdColor, 1, "colour: a code on a cell canvas, 0xRRGGBB on a pixel canvas"},
	{"A", CmdA, 1, "x, x0, sx"},
	{"B", CmdB, 1, "y, y0, sy"},
	{"C", CmdC, 1, "w, x1, r"},
	{"D", CmdD, 1, "h, y1"},
	{"E", CmdE, 1, "dx of `BLIT`, x2, the flags of `SPR`; where the block of `EACH` begins"},
	{"F", CmdF, 1, "dy of `BLIT`, y2, the first texel of `SPR`'s frame in the program page; where the block ends"},
	{"TEXT", CmdText, 1, "first word of the text, or of the captures"},
	{"LEN", CmdLen, 1, "characters, or captures"},
	{"CLIP_MIN", CmdClipMin, 1, "first texel that a draw may touch: column + 65536·row"},
	{"CLIP_MAX", CmdClipMax, 1, "the texel behind the last: column + 65536·row"},
}

// Command is one entry of a frame's command list, CommandWords words.
type Command [CommandWords]uint32

// Op is the command's opcode.
func (c *Command) Op() Op { return Op(c[CmdOp] & 0xFF) }

// Flags are the command's CmdFlag bits.
func (c *Command) Flags() uint32 { return c[CmdOp] >> 8 }

// PC is the address of the instruction that appended the command.
func (c *Command) PC() int { return int(c[CmdPC]) }
