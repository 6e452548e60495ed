package shaders

import (
	_ "embed"
	"fmt"
	"strings"

	"gvpie/runtime/isa"
)

var (
	//go:embed core.wgsl
	core string
	//go:embed machines.wgsl
	machines string
	//go:embed brush.wgsl
	brush string
	//go:embed operands.wgsl
	operands string
	//go:embed shapes.wgsl
	shapes string
)

// Batched is what core is bound to.
var Batched = Group{
	{Name: "batch", Kind: Input}, // the runs, one behind the other, then their inputs and programs
	{Name: "tables", Kind: Input},
	{Name: "job", Kind: Uniform, Struct: Runs{}},
	{Name: "memory", Kind: Storage},  // the records of the runs, then what is only theirs: see RunBegan and RunScratch
	{Name: "running", Kind: Atomics}, // one word: the machines that have not ended
}

// Runs says which runs of a batch a dispatch takes on, [First, End).
type Runs struct{ First, End uint32 }

// A run, in words. Places are in words from the beginning of the buffer.
const (
	RunProgram      = iota // where its program is in batch
	RunProgramWords        //
	RunSeed                //
	RunFrames              // at most
	RunBudget              // cycles a frame
	RunInput               // where its first input is in batch
	RunInputs              // how many there are: the last one stays
	RunRecord              // where its record is in memory
	RunBegan               // where the display is kept as a frame began, 0: the program never asks
	RunScratch             // where MaxActivation words are, 0: it calls no procedure
	RunWords
)

// An input, in words: those of machine.Input.
const (
	inputKeys  = 4
	InputWords = inputKeys + 8
)

// A record is control words, then the state, data and display pages.
const (
	CtlMode      = 0 // what the machine is about, ModeEnded and ModeLeft at last
	ctlCursor    = 1
	ctlHeader    = 2
	ctlNext      = 3
	ctlArgs      = 4
	ctlAt        = 11
	ctlLow       = 13
	ctlHigh      = 15
	ctlPaint     = 17
	ctlMask      = 18
	CtlFrames    = 19 // of the run
	CtlCycles    = 20 // 64 bits
	CtlCommands  = 22
	ControlWords = 24
)

// How a machine of a batch is found at last.
const (
	ModeEnded = 12
	ModeLeft  = 13 // as if it had not run: it came to what core.wgsl leaves to the reference
)

// slice is how many steps core takes in one dispatch: see core.wgsl. A step is seven
// turns of loops at most, of which a driver counts some twice, and it counts together
// those of machines that it runs together.
const slice = 2048

var (
	runFields = []isa.Field{
		{Name: "PROGRAM", At: RunProgram}, {Name: "PROGRAM_WORDS", At: RunProgramWords}, {Name: "SEED", At: RunSeed},
		{Name: "FRAMES", At: RunFrames}, {Name: "BUDGET", At: RunBudget}, {Name: "INPUT", At: RunInput},
		{Name: "INPUTS", At: RunInputs}, {Name: "RECORD", At: RunRecord}, {Name: "BEGAN", At: RunBegan}, {Name: "SCRATCH", At: RunScratch},
	}
	controlFields = []isa.Field{
		{Name: "MODE", At: CtlMode}, {Name: "CURSOR", At: ctlCursor}, {Name: "HEADER", At: ctlHeader}, {Name: "NEXT", At: ctlNext},
		{Name: "ARGS", At: ctlArgs}, {Name: "AT", At: ctlAt}, {Name: "LOW", At: ctlLow}, {Name: "HIGH", At: ctlHigh},
		{Name: "PAINT", At: ctlPaint}, {Name: "MASK", At: ctlMask}, {Name: "FRAMES", At: CtlFrames},
		{Name: "CYCLES", At: CtlCycles}, {Name: "COMMANDS", At: CtlCommands},
	}
)

// packSpec packs what core needs of a Spec: bits 0–2 the least and 3–5 the most
// operands, 6–7 the tail, the spec… flags, 16–23 which operands are In, 24–31 which
// are Out. An opcode without a Spec packs to 0.
func packSpec(s *isa.Spec) uint32 {
	if s == nil {
		return 0
	}
	v := uint32(s.Min) | uint32(len(s.Operands))<<3 | uint32(s.Tail)<<6
	if s.InCore {
		v |= specInCore
	}
	if s.Whole {
		v |= specWhole
	}
	switch s.Op {
	case isa.COLOR: // of the draws, but draws nothing
	case isa.CLIP, isa.CAMERA, isa.SIN, isa.COS, isa.SQRT, isa.RND, isa.FMUL, isa.FDIV, isa.HASH, isa.ATAN2, isa.HYPOT,
		isa.NOISE, isa.RGBOF, isa.HSVOF, isa.MIX, isa.KEYP, isa.INPUT, isa.PEEK, isa.LDT, isa.LD2, isa.LDT2, isa.ST2,
		isa.INVOKE, isa.RETURN, isa.EACH, isa.LOG:
		v |= specHeavy
	default:
		if s.Group == isa.GroupDraw {
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
	specInCore = 1 << 8
	specHeavy  = 1 << 9  // complete executes it: see core.wgsl
	specDraws  = 1 << 10 // it appends a command
	specWhole  = 1 << 11
)

// Core runs the machines of a batch; entry point "main", workgroups of so many machines.
// functions are CoreFunctions.
func Core(functions string, together int) string {
	return consts() + coreConsts() + fmt.Sprintf("const TOGETHER = %d;\n", together) + Batched.wgsl() + texel + functions + core + operands + machines + brush + shapes
}

// CoreFunctions are those of a block's library that Core uses.
var CoreFunctions = []string{
	"sgn", "sine", "cosine", "root", "mul_shift", "div_shift", "hash", "angle", "hypot", "noise", "rgb", "hsv", "mix_colors",
}

// coreConsts are the numbers that core needs beside those of all stages.
func coreConsts() string {
	var b strings.Builder
	word := func(name string, v uint32) { fmt.Fprintf(&b, "const %s = %du;\n", name, v) }
	fields := func(prefix string, list []isa.Field) {
		for _, f := range list {
			word(prefix+f.Name, uint32(f.At))
		}
	}
	for i := range isa.Specs {
		if s := &isa.Specs[i]; !commands(s) {
			word("OP_"+s.Mnemonic, uint32(s.Op))
		}
	}
	for f := isa.BadOpcode; f <= isa.AssertFailed; f++ {
		word("FAULT_"+strings.ToUpper(f.String()), uint32(f))
	}
	word("STATUS_RUNNING", uint32(isa.Running))
	word("STATUS_FRAMED", uint32(isa.Framed))
	word("STATUS_HALTED", uint32(isa.Halted))
	word("STATUS_FAULTED", uint32(isa.Faulted))
	fields("ST_", isa.StateFields)
	fields("RUN_", runFields)
	fields("CTL_", controlFields)
	for _, c := range []struct {
		name string
		v    uint32
	}{
		{"HEADER_WORDS", isa.HeaderWords}, {"HDR_SIZE", isa.HdrSize}, {"HDR_FLAGS", isa.HdrFlags}, {"FLAG_PIXEL", isa.FlagPixel},
		{"HDR_DATA_WORDS", isa.HdrDataWords}, {"HDR_CODE_END", isa.HdrCodeEnd},
		{"MAX_PROGRAM_WORDS", isa.MaxProgramWords}, {"MAX_DATA_WORDS", isa.MaxDataWords}, {"MAX_COMMANDS", isa.MaxCommands},
		{"MAX_ACTIVATION", isa.MaxActivation}, {"STACK_DEPTH", isa.StackDepth}, {"STACK_PROC", isa.StackProc},
		{"COLOR_SET", isa.ColorSet}, {"CLIP_SET", isa.ClipSet}, {"NO_TEXEL", isa.NoTexel}, {"DEFAULT_PAPER", isa.DefaultPaper},
		{"SYS_FRAME", isa.SysFrame}, {"SYS_W", isa.SysW}, {"SYS_H", isa.SysH}, {"SYS_MOUSE_X", isa.SysMouseX},
		{"SYS_MOUSE_Y", isa.SysMouseY}, {"SYS_MOUSE_B", isa.SysMouseB}, {"SYS_SEED", isa.SysSeed}, {"SYS_ZERO", isa.SysZero},
		{"INPUT_KEYS", inputKeys}, {"INPUT_WORDS", InputWords}, {"RUN_WORDS", RunWords},
		{"CONTROL_WORDS", ControlWords}, {"STATE_WORDS", isa.StateWords},
		{"SPEC_IN_CORE", specInCore}, {"SPEC_HEAVY", specHeavy}, {"SPEC_DRAWS", specDraws}, {"SPEC_WHOLE", specWhole},
		{"TABLE_SPECS", tableSpecs}, {"ENDED", ModeEnded}, {"LEFT", ModeLeft}, {"SLICE", slice},
	} {
		word(c.name, c.v)
	}
	fmt.Fprintf(&b, "const COORD_MIN = %di;\nconst COORD_MAX = %di;\n", isa.CoordMin, isa.CoordMax)
	fmt.Fprintf(&b, "const INPUT_WHEEL = %di;\nconst INPUT_PRESSED = %di;\n", isa.InputWheel, isa.InputPressed)
	return b.String()
}
