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
	return m.core.Frame(ctx, in, budget)
}

// beganDisplay gives the display as the frame began, for the core's first PEEK.
func (m *Machine) beganDisplay(ctx context.Context) ([]uint32, error) {
	if m.known {
		return m.began, nil
	}
	err := m.d.do(ctx, func() (err error) {
		if err = m.clearFresh(); err == nil {
			m.began, err = m.readDisplay(m.began)
		}
		return err
	})
	m.known = err == nil
	return m.began, err
}

// paint uploads the frame's commands and rasters them. One of few commands is one
// submission; for a heavy one the context is looked at between submissions, each of
// which is a fraction of a second on the slowest device. A frame without commands
// leaves the display as it is.
func (m *Machine) paint(ctx context.Context) (*machine.Fault, error) {
	return nil, m.d.do(ctx, func() error {
		commands := m.core.Commands()
		if len(commands) == 0 {
			return nil
		}
		if err := m.clearFresh(); err != nil {
			return err
		}
		if err := m.upload(commands, m.core.Payload()); err != nil {
			return err
		}
		drawn, err := m.raster(ctx)
		if err == nil && drawn {
			m.current = 1 - m.current
			m.known, m.human.stale = false, true
		}
		return err
	})
}

// upload gives the device a frame's commands and payload.
func (m *Machine) upload(commands []isa.Command, payload []uint32) error {
	if err := m.ensureScratch(&m.commands, "commands", 4*isa.CommandWords*uint64(len(commands))); err != nil {
		return err
	}
	m.exact = m.exact[:0]
	for _, c := range commands {
		m.exact = append(m.exact, shaders.Exact(c, m.header))
	}
	if err := lost(m.d.queue.WriteBuffer(m.commands, 0, wgpu.ToBytes(m.exact))); err != nil {
		return err
	}
	if err := m.ensureScratch(&m.payload, "payload", 4*uint64(max(1, len(payload)))); err != nil || len(payload) == 0 {
		return err
	}
	return m.d.write(m.payload, 0, payload)
}

// clearFresh clears, once, the pages of a machine that has just been loaded.
func (m *Machine) clearFresh() error {
	if !m.fresh {
		return nil
	}
	err := m.d.submit(func(e *wgpu.CommandEncoder) error {
		pass := e.BeginRenderPass(&wgpu.RenderPassDescriptor{ColorAttachments: []wgpu.RenderPassColorAttachment{{
			View: m.displays[m.current].view, LoadOp: wgpu.LoadOpClear, StoreOp: wgpu.StoreOpStore,
		}}})
		err := pass.End()
		pass.Release()
		if err != nil {
			return err
		}
		return e.ClearBuffer(m.writer, 0, 4*uint64(m.header.W*m.header.H))
	})
	m.fresh = err != nil
	return err
}
