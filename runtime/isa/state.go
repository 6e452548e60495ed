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

// The state page, word by word. Everything a machine holds beside its program,
// data and display pages is here, so that a machine can be saved as pictures.
const (
	StStatus   = 0  // Status
	StFault    = 1  // Fault
	StFaultPC  = 2  // address of the instruction that failed
	StFaultA   = 3  // what was true: see FaultDetail
	StFaultB   = 4  //
	StFaultX   = 5  // texel of a fault inside EACH, else 0xFFFFFFFF
	StFaultY   = 6  //
	StPC       = 7  // address of the next instruction
	StSP       = 8  // return addresses on the stack
	StCycles   = 9  // cycles of the current frame
	StBudget   = 10 // cycles the current frame may take
	StFrame    = 11 // frames ended
	StInk      = 12 // ColorSet | 0xRRGGBB, or 0: the default ink
	StPaper    = 13 // ColorSet | 0xRRGGBB
	StRandom   = 14 // PCG32 state
	StSeed     = 15 // the seed the run started with
	StCommands = 16 // commands of the current frame
	StPayload  = 17 // payload words of the current frame
	StMouseX   = 18 // input of the current frame
	StMouseY   = 19 //
	StMouseB   = 20 //
	StKeys     = 24 // 8 words: bit c&31 of word c>>5 is key c
	StStack    = 64 // StackDepth return addresses
	StateWords = 192
	ColorSet   = 0xFF000000
	NoTexel    = 0xFFFFFFFF
)

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

// A command is CommandWords words. Coordinates are signed, already clamped, and
// not yet clipped.
const (
	CmdOp        = 0  // opcode | flags<<8
	CmdPC        = 1  // address of the instruction
	CmdCycle     = 2  // cycle of the frame, from 1
	CmdColor     = 3  // cell canvas: colour code 0…216; pixel canvas: 0xRRGGBB
	CmdA         = 4  // x  x0 sx
	CmdB         = 5  // y  y0 sy
	CmdC         = 6  // w  x1 r
	CmdD         = 7  // h  y1
	CmdE         = 8  // dx (BLIT)
	CmdF         = 9  // dy (BLIT)
	CmdText      = 10 // TXT, LOG: first text word; EACH: first capture, in the payload
	CmdLen       = 11 // TXT, LOG: characters; EACH: captures
	CommandWords = 12

	CmdFlagPayload = 1 // the text is in the payload; in the program page when clear
	CmdFlagColor   = 2 // CLS was given a colour
)

// Command is one entry of a frame's command list, CommandWords words.
type Command [CommandWords]uint32

// Op is the command's opcode.
func (c *Command) Op() Op { return Op(c[CmdOp] & 0xFF) }

// Flags are the command's CmdFlag bits.
func (c *Command) Flags() uint32 { return c[CmdOp] >> 8 }

// PC is the address of the instruction that appended the command.
func (c *Command) PC() int { return int(c[CmdPC]) }
