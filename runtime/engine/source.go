package engine

import (
	"context"
	"fmt"
	"image"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// Source is where machines on a GPU come from. The GPU may be missing, start
// late, end at any time, and come back. All methods may be called from any
// goroutine; none but WaitReady waits for the GPU.
//
// canvas/worker has the one that is real; [NoGPU] is one that never has any.
type Source interface {
	// NewMachine makes a machine on the GPU and nowhere else. It is bound to the
	// GPU as it is now: made when the GPU is not Ready, it is never alive; once
	// it is lost it stays so. A program that the GPU does not run is refused with
	// ErrUnsupported. Close it in either case.
	NewMachine() Machine
	// Status is the GPU's state now.
	Status() Status
	// Watch gives the status now, and whenever it changes. The channel holds the
	// newest alone; cancel closes it.
	Watch() (statuses <-chan Status, cancel func())
	// WaitReady waits until machines run on the GPU. It returns ErrUnavailable,
	// with the reason, when there will be none, and ctx's error when it ends first.
	WaitReady(ctx context.Context) error
}

// Machine is an engine that can be lost: then every call but Close returns
// ErrLost, or ErrUnavailable when it was never alive.
type Machine interface {
	Engine
	// Alive says whether the machine is still to be had, as far as is known
	// without asking the GPU. It may be called at any time.
	Alive() bool
	// Impatient says whether, from now on, Frame and Render return ErrCold instead of
	// waiting for a pipeline that is yet to be built. A new machine is patient: it has
	// built what its calls need, for all machines on the GPU, when they return.
	Impatient(bool)
}

// State is what a source of machines is doing.
type State uint8

const (
	Starting    State = iota // the GPU is being opened
	Ready                    // machines run on it
	Lost                     // it ended and will be opened again
	Off                      // not wanted, or closed
	Unavailable              // there is no GPU to be had
)

func (s State) String() string {
	return [...]string{"starting", "ready", "lost", "off", "unavailable"}[s]
}

// Status is what a person may want to know about a source of machines.
type Status struct {
	State    State
	Adapter  string // when Ready
	Reason   string // when Lost, Off, Unavailable: why, for a person; when Starting again: why the last one ended
	Restarts int    // times it was opened again
}

// NoGPU is a source that is Off for the reason given, as "--backend cpu".
func NoGPU(reason string) Source { return noGPU{reason} }

type noGPU struct{ reason string }

func (g noGPU) err() error                      { return fmt.Errorf("%w: %s", ErrUnavailable, g.reason) }
func (g noGPU) NewMachine() Machine             { return noMachine{g} }
func (g noGPU) Status() Status                  { return Status{State: Off, Reason: g.reason} }
func (g noGPU) WaitReady(context.Context) error { return g.err() }

func (g noGPU) Watch() (statuses <-chan Status, cancel func()) {
	w := make(chan Status, 1)
	w <- g.Status()
	return w, func() {}
}

// noMachine is a machine that was never alive.
type noMachine struct{ noGPU }

func (m noMachine) Impatient(bool)                                          {}
func (m noMachine) Alive() bool                                             { return false }
func (m noMachine) Kind() Kind                                              { return GPU }
func (m noMachine) Adapter() string                                         { return "" }
func (m noMachine) Load(context.Context, isa.Program, int32) error          { return m.err() }
func (m noMachine) Restore(context.Context, *machine.Snapshot) error        { return m.err() }
func (m noMachine) Read(context.Context, machine.Page) ([]uint32, error)    { return nil, m.err() }
func (m noMachine) Human(context.Context) (*image.RGBA, error)              { return nil, m.err() }
func (m noMachine) Render(context.Context, machine.View, *image.RGBA) error { return m.err() }
func (m noMachine) Snapshot(context.Context) (*machine.Snapshot, error)     { return nil, m.err() }
func (m noMachine) Close() error                                            { return nil }

func (m noMachine) Frame(context.Context, machine.Input, uint32) (machine.Report, error) {
	return machine.Report{}, m.err()
}

func (m noMachine) Commands(context.Context) ([]isa.Command, []uint32, error) {
	return nil, nil, m.err()
}
