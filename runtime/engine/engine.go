// Package engine runs machines. An [Engine] is one machine on one kind of
// processor; every engine gives the same bits.
//
// The CPU engine is here; the GPU engine lives in canvas/worker, which
// implements the same interface over a child process. [Batch] runs thousands of
// small programs on the CPU, [BatchOn] on a GPU. This package never
// imports either WebGPU or Gio. Start reading at [Engine], then run.go.
package engine

import (
	"context"
	"errors"
	"image"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// Kind is the processor an engine runs on.
type Kind uint8

const (
	CPU Kind = iota
	GPU
)

func (k Kind) String() string {
	if k == GPU {
		return "GPU"
	}
	return "CPU"
}

var (
	// ErrNoProgram is returned by every call that needs a loaded program.
	ErrNoProgram = errors.New("no program is loaded")
	// ErrUnsupported is returned by Load when this engine cannot run the
	// program, and another can.
	ErrUnsupported = errors.New("this engine cannot run the program")
	// ErrLost is returned when the processor went away (device lost, worker
	// process ended) and the machine with it.
	ErrLost = errors.New("the engine was lost")
	// ErrPage is wrapped by Read's error about a page that no machine has.
	ErrPage = errors.New("there is no such page")
	// ErrCold is returned by Frame and Render of an impatient [Machine], which would
	// have to wait until the GPU has built a pipeline.
	ErrCold = errors.New("the GPU has yet to build a pipeline for it")
	// ErrUnavailable is returned when an engine cannot be had on this computer;
	// it is wrapped with the reason in a sentence.
	ErrUnavailable = errors.New("the engine is not available")
)

// Engine is one machine. Its methods may be called from any goroutine, one at a
// time. A context that ends makes the call return early with the context's
// error; the machine is then as it was before the call, or, for Frame, as it
// was before the frame.
type Engine interface {
	// Kind is the processor that ran the last call.
	Kind() Kind
	// Adapter names the processor for a person: "llvmpipe (LLVM 15.0.6)".
	Adapter() string

	// Load replaces the machine by a fresh one: display, data and state zero but
	// for what isa says, seed as given. Errors: isa.ErrProgram, ErrUnsupported.
	Load(ctx context.Context, p isa.Program, seed int32) error
	// Frame runs until FRAME, HALT, the end of the program, a fault, or budget
	// cycles (0: isa.DefaultBudget), then rasters the frame's commands. After
	// Halted or Faulted it does nothing and reports the same status again, with
	// no cycles.
	Frame(ctx context.Context, in machine.Input, budget uint32) (machine.Report, error)

	// Read copies a page out, row by row.
	Read(ctx context.Context, page machine.Page) ([]uint32, error)
	// Commands copies out the last frame's command list and payload.
	Commands(ctx context.Context) ([]isa.Command, []uint32, error)
	// Human copies out the whole human texture, machine.HumanSize big, opaque.
	Human(ctx context.Context) (*image.RGBA, error)
	// Render draws a view into dst, which is v.Width × v.Height from (0, 0).
	Render(ctx context.Context, v machine.View, dst *image.RGBA) error

	// Snapshot gives the whole machine, between frames; Restore makes the machine
	// equal to one. Nobody writes to a Snapshot's pages: see machine.Snapshot.
	Snapshot(ctx context.Context) (*machine.Snapshot, error)
	Restore(ctx context.Context, s *machine.Snapshot) error

	// Close frees the machine. The Engine is not used after.
	Close() error
}
