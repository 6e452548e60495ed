package machine

import (
	"sync/atomic"
	"time"

	"gvpie/runtime/isa"
)

// Compiler is another way to run the blocks of EACH, and loops of the core, than the
// interpreter here, with the same results. One serves many machines; its methods may be called from
// any goroutine.
type Compiler interface {
	// Block is asked once for each block that a machine comes to: that of the EACH at
	// an address of a program, which nobody changes while it is. nil: it is interpreted
	// for good.
	Block(p isa.Program, each uint32) CompiledBlock
	// Core is asked once for each program of a machine. nil: its core is interpreted for
	// good.
	Core(p isa.Program) CompiledCore
}

// CompiledBlock is a block of a machine, or of several that have the same program: its
// methods may be called from any goroutine.
type CompiledBlock interface {
	// Rows gives what rows of a command are run with, on so many texels in all, and
	// nil while the interpreter is to run them. Each goroutine that runs rows asks for
	// its own. What it is given does not change before all Rows are closed.
	Rows(captures []uint32, in *Inputs, texels int) Rows
	// Interpreted tells that the interpreter ran a command, and for how long. It says
	// whether it wants to know of the next: if not, the block is interpreted for good.
	Interpreted(took time.Duration) (more bool)
	// Pending says that the block will soon be faster: it is being compiled.
	Pending() bool
}

// Inputs is what blocks look at beside their captures. Two of the same version are
// the same.
type Inputs struct {
	Program, Data, State, Began []uint32

	ProgramVersion uint64
	FrameVersion   uint64 // of Began
	Version        uint64 // of Data and State
}

// Rows runs rows of one command, for one goroutine.
type Rows interface {
	// Row runs texels [x0, x1) of row y from the left, and gives where it stopped: x1,
	// or a texel that the interpreter must run, with some behind it.
	Row(x0, x1, y int) (end int)
	// Texels gives, by column, what the last call to Row made: texels of the display,
	// and the address of the PUT that each has from. 0: from none, it stays as it was.
	// always, if it is not 0, is the address for all of them.
	Texels() (colors, puts []uint32, always uint32)
	// Together is how many rows Several runs at most, which are few enough for the context
	// to be looked at often; 1: it is not to be called.
	Together() int
	// Several runs texels [x0, x1) of rows [y0, y1), and gives the row before which it
	// stopped, and texels of the display for those rows, as wide as the canvas, one behind
	// the other. All of them are from the PUT at always.
	Several(x0, x1, y0, y1 int) (end int, colors []uint32, always uint32)
	// Stretch is how many texels of a row one call should run at most, so that the
	// context is looked at often enough.
	Stretch() int
	Close()
}

// versions are for Inputs, and never given twice.
var versions atomic.Uint64

// CompileWith has the machine's blocks and loops run by a compiler, where that wants to.
func (m *Machine) CompileWith(c Compiler) {
	m.compiler = c
	m.forgetBlocks()
	m.loops.reset(&m.Core)
	m.loops.compiler = c
}

// Compiled says whether compiled code has run since the program was loaded.
func (m *Machine) Compiled() bool { return m.ranCompiled.Load() || m.loops.ran }

// Warming says whether code is being compiled that the machine has waited for long
// enough: it will be faster soon.
func (m *Machine) Warming() bool {
	if m.loops.core != nil && m.loops.core.Pending() {
		return true
	}
	for _, b := range m.blocks {
		if b.compiled != nil && b.compiled.Pending() {
			return true
		}
	}
	return false
}

// How long compiled code must be worth running on another processor: to wake that, and
// to look for more to do there, takes some ten microseconds of it.
const compiledShare = 100 * time.Microsecond

// A command's compiled code gives up when it has bailed out more than this often,
// and so what the interpreter does of it is more than one part in so many.
const (
	mostBails = 4
	bailShare = 4
)
