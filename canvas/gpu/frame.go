package gpu

import (
	"context"

	"github.com/cogentcore/webgpu/wgpu"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/shaders"
)

// Frame runs a frame: see engine.Engine. The core runs on the caller's goroutine,
// so that machines of a device wait for each other's pictures alone.
func (m *Machine) Frame(ctx context.Context, in machine.Input, budget uint32) (machine.Report, error) {
	if !m.loaded {
		return machine.Report{}, engine.ErrNoProgram
	}
	m.again.input, m.again.budget = in, budget
	return m.core.Frame(ctx, in, budget)
}

// begin prepares for a frame.
func (m *Machine) begin(data, state []uint32) {
	a, b := &m.again, &m.blocks
	a.data, a.state, a.ran, a.log = data, state, false, nil
	b.memory, b.epochs = b.memory[:0], b.epochs[:0]
}

// settle keeps the data page as the blocks so far see it, before it changes.
func (m *Machine) settle(context.Context) error {
	m.blocks.keep(m.core.Page(machine.DataPage), m.core.Commands())
	return nil
}

// beganDisplay gives the display as the frame began, for the core's first PEEK.
func (m *Machine) beganDisplay(ctx context.Context) ([]uint32, error) {
	if m.known {
		return m.began, nil
	}
	err := m.d.do(ctx, func() (err error) {
		if err = m.clearFresh(); err == nil {
			m.began, err = m.d.readWords(m.began, m.displays[m.current], m.header.W*m.header.H)
		}
		return err
	})
	m.known = err == nil
	return m.began, err
}

// upload gives the device a frame's commands, and behind them the payload.
func (m *Machine) upload(commands []isa.Command, payload []uint32) error {
	words := isa.CommandWords * len(commands)
	if err := m.ensureScratch(&m.commands, "commands", 4*uint64(words+len(payload))); err != nil {
		return err
	}
	m.exact = m.exact[:0]
	for _, c := range commands {
		m.exact = append(m.exact, shaders.Exact(c, m.header))
	}
	if err := lost(m.d.queue.WriteBuffer(m.commands, 0, wgpu.ToBytes(m.exact))); err != nil || len(payload) == 0 {
		return err
	}
	return m.d.write(m.commands, words, payload)
}

// clearFresh clears, once, the pages of a machine that has just been loaded.
func (m *Machine) clearFresh() error {
	if !m.fresh {
		return nil
	}
	bytes := 4 * uint64(m.header.W*m.header.H)
	err := m.d.submit(func(e *wgpu.CommandEncoder) error {
		if err := e.ClearBuffer(m.displays[m.current], 0, bytes); err != nil {
			return err
		}
		return e.ClearBuffer(m.writer(), 0, bytes)
	})
	m.fresh = err != nil
	return err
}
