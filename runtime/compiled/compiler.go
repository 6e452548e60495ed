package compiled

import (
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/tetratelabs/wazero"

	"gvpie/runtime/compiled/wasm"
	"gvpie/runtime/engine"
	"gvpie/runtime/flow"
	"gvpie/runtime/isa"
	"gvpie/runtime/kernel"
	"gvpie/runtime/machine"
)

// Mode is when blocks and loops are compiled.
type Mode uint8

const (
	InTime Mode = iota // in the background, those that are worth it
	Now                // all, before they run
	Off                // none
)

// ParseMode reads what GVPIE_COMPILE may be: "now", "off", or "" for InTime. Its
// error is a sentence for a user.
func ParseMode(s string) (Mode, error) {
	switch s {
	case "":
		return InTime, nil
	case "now":
		return Now, nil
	case "off":
		return Off, nil
	}
	return InTime, fmt.Errorf("GVPIE_COMPILE is %q; it may be now or off", s)
}

// Compiler compiles the blocks and loops of a process's machines, and keeps their code.
// Its methods may be called from any goroutine.
type Compiler struct {
	mode      Mode
	most      limits
	log       *slog.Logger
	worth     time.Duration                                                         // work of the interpreter that a block is compiled after
	coreWorth uint64                                                                // instructions of the interpreter that loops are compiled after
	emitCore  func([]*flow.Loop, isa.Program, isa.Header) ([]byte, wasm.CoreLayout) // wasm.EmitCore, but for tests
	emit      func(*kernel.Kernel, wasm.Layout) ([]byte, error)                     // wasm.Emit, but for tests

	mu      sync.Mutex
	runtime wazero.Runtime
	cannot  error // why there is no runtime
	codes   map[key]*code
	bytes   int // that codes hold
	known   knownBlocks
	cores   cores
	queue   queue
}

// New makes a Compiler. A process has one: what one user of it has compiled, all have.
// The Logger is told what stays interpreted, and why.
func New(mode Mode, log *slog.Logger) *Compiler {
	return &Compiler{
		mode:      mode,
		most:      limits{codes: 256, bytes: 64 << 20, pages: 16 << 20},
		worth:     500 * time.Microsecond,
		coreWorth: coreWorth,
		log:       log,
		emit:      wasm.Emit,
		emitCore:  wasm.EmitCore,
		codes:     map[key]*code{},
		known:     newKnownBlocks(),
	}
}

// NewCPU makes a CPU engine whose blocks and loops the Compiler runs.
func (c *Compiler) NewCPU() engine.Engine {
	if c.OrNil() == nil {
		return engine.NewCPU()
	}
	return engine.NewCompilingCPU(c)
}

// OrNil is the Compiler as machines are given it, for [engine.Batch]: nil where nothing
// is to be compiled, or can be.
func (c *Compiler) OrNil() machine.Compiler {
	if c.mode == Off || supported() != nil {
		return nil
	}
	return c
}

// Block is the block of an EACH of a program: see machine.Compiler.
func (c *Compiler) Block(p isa.Program, each uint32) machine.CompiledBlock {
	b := c.block(place{p, each})
	if c.mode == Now && !b.usable() && b.state.Load() != failed {
		b.compile()
	}
	if b.state.Load() == failed {
		return nil
	}
	return b
}

var errUnsupported = errors.New("there is no compiler for this processor and system")
