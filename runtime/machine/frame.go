package machine

import (
	"context"
	"math"

	"gvpie/runtime/isa"
)

// A frame has three parts: Begin sets it up, RunTo takes the core on, as often and
// as far as one likes, End runs what is left and paints. Frame is all of it, and
// wherever a frame stops on its way, it ends as if it had not.

// stage is how far a frame is.
type stage uint8

const (
	between stage = iota // no frame has begun
	inCore               // the core has not come to the frame's end
	atEnd                // it has; its commands may not be painted yet
)

// ending is how the core ended.
type ending struct {
	status isa.Status
	fault  *Fault
}

// rollback is what a frame needs to be undone when its context ends.
type rollback struct {
	data, state, writer []uint32
	commands            []isa.Command
	payload             []uint32
	painted             bool // writer is saved; display may differ from began, and writer from it
}

// preview is what Paint shows at a stop, seen from the frame that goes on: what it
// must bring back.
type preview struct {
	on              bool
	display, writer []uint32
	rastered        int
	pending         bool
	eachFault       *Fault
}

// Frame runs until FRAME, HALT, the end of the program, a fault, or budget
// cycles (0: isa.DefaultBudget), then paints the frame's commands. A machine
// that has halted or faulted stays as it is and reports its status again, with
// no cycles. The only error is that of a context that ended; the machine is then
// as it was before the frame.
func (m *Machine) Frame(ctx context.Context, in Input, budget uint32) (Report, error) {
	if err := ctx.Err(); err != nil {
		return Report{}, err
	}
	m.Begin(in, budget)
	return m.End(ctx)
}

// Begin begins a frame. It does nothing on a machine that has halted or faulted,
// and undoes a frame that was begun before and has not ended.
func (m *Machine) Begin(in Input, budget uint32) {
	if m.stage != between {
		m.undo()
	}
	if s := isa.Status(m.state[isa.StStatus]); s == isa.Halted || s == isa.Faulted {
		return
	}
	copy(m.saved.data, m.data())
	copy(m.saved.state, m.state)
	if m.saved.painted {
		copy(m.began, m.display)
	}
	m.saved.painted = false
	m.saved.commands, m.commands = m.commands, m.saved.commands[:0]
	m.saved.payload, m.payload = m.payload, m.saved.payload[:0]
	m.rastered, m.pending, m.eachFault, m.log = 0, false, nil, nil
	BeginState(m.state, in, budget)
	SystemWords(m.core.mem, m.state, m.header)
	m.stage = inCore
}

// RunTo runs the core of the frame that was begun until it has executed so many
// cycles of the frame, and says whether it stands there; it does not when the core
// came to the frame's end, or there is no frame. Where it stands the state and
// data pages, Commands and Payload are those of that cycle, and Paint gives the
// picture. The only error is that of a context that ended; the machine is then as
// it was before the frame.
func (m *Machine) RunTo(ctx context.Context, cycle uint32) (stands bool, err error) {
	if m.stage != inCore {
		return false, nil
	}
	m.unpaint()
	status, fault, err := m.run(ctx, cycle)
	if err != nil {
		m.undo()
		return false, err
	}
	m.state[isa.StCommands] = uint32(len(m.commands))
	m.state[isa.StPayload] = uint32(len(m.payload))
	if status == isa.Running {
		return true, nil
	}
	m.stage, m.ending = atEnd, ending{status, fault}
	return false, nil
}

// Paint brings the display and writer pages up to the commands that the frame has
// made so far. The only error is that of a context that ended; the pages are then
// as they were.
func (m *Machine) Paint(ctx context.Context) error {
	if m.stage == inCore && !m.preview.on {
		// Blocks read arrays as they are when they are painted, and so those that
		// are painted here must be painted again.
		m.preview = preview{
			on:      true,
			display: append(m.preview.display[:0], m.display...), writer: append(m.preview.writer[:0], m.writer...),
			rastered: m.rastered, pending: m.pending, eachFault: m.eachFault,
		}
	}
	err := m.raster(ctx)
	if err != nil {
		m.unpaint()
	}
	return err
}

// unpaint takes back what Paint did at a stop.
func (m *Machine) unpaint() {
	if !m.preview.on {
		return
	}
	m.preview.on = false
	copy(m.display, m.preview.display)
	copy(m.writer, m.preview.writer)
	m.rastered, m.pending, m.eachFault = m.preview.rastered, m.preview.pending, m.preview.eachFault
}

// End runs the frame that was begun to its end: see Frame.
func (m *Machine) End(ctx context.Context) (Report, error) {
	if m.stage == between {
		return StateReport(m.state, 0, 0), nil
	}
	_, err := m.RunTo(ctx, math.MaxUint32)
	if err == nil {
		err = m.Paint(ctx)
	}
	if err != nil {
		m.undo()
		return Report{}, err
	}
	status, fault := m.ending.status, m.ending.fault
	if fault == nil && m.eachFault != nil {
		status, fault = isa.Faulted, m.eachFault
	}
	m.state[isa.StStatus] = uint32(status)
	WriteFault(m.state, fault)
	m.stage = between
	r := StateReport(m.state, m.state[isa.StCycles], len(m.commands))
	if r.Cycles > 0 {
		r.Log = m.log
	}
	return r, nil
}

// undo brings the machine back to where Begin found it, if a frame has begun.
func (m *Machine) undo() {
	if m.stage == between {
		return
	}
	m.stage, m.preview.on = between, false
	copy(m.data(), m.saved.data)
	copy(m.state, m.saved.state)
	if m.saved.painted {
		copy(m.display, m.began)
		copy(m.writer, m.saved.writer)
	}
	m.commands, m.saved.commands = m.saved.commands, m.commands
	m.payload, m.saved.payload = m.saved.payload, m.payload
	m.log, m.eachFault = nil, nil
}
