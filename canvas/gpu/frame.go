package gpu

import (
	"context"
	"slices"

	"github.com/cogentcore/webgpu/wgpu"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/shaders"
)

// mostSlices bounds the dispatches of the core in one submission, so that a
// context is looked at several times a second on the slowest device.
const mostSlices = 16

// Frame runs a frame: see engine.Engine.
//
// A frame that needs no more slices, and no larger job, than the one before it is
// one submission and one readback: the slices, the raster, which does nothing
// unless the core has come to the frame's end, and a copy of the state page. One
// of more commands is rastered in other submissions; a longer one goes on in
// submissions of twice as many slices each, so that neither a short program pays
// for a long one nor a long one for readbacks. The context is looked at between
// submissions, each of which is a fraction of a second on the slowest device.
func (m *Machine) Frame(ctx context.Context, in machine.Input, budget uint32) (machine.Report, error) {
	var r machine.Report
	err := m.d.do(ctx, func() (err error) {
		if m.program == nil {
			return engine.ErrNoProgram
		}
		if s := isa.Status(m.state[isa.StStatus]); s == isa.Halted || s == isa.Faulted {
			r = machine.StateReport(m.state, 0, 0)
			return nil
		}
		r, err = m.frame(ctx, in, budget)
		return err
	})
	return r, err
}

func (m *Machine) frame(ctx context.Context, in machine.Input, budget uint32) (machine.Report, error) {
	to := 1 - m.current
	began := slices.Clone(m.state)
	machine.BeginState(began, in, budget)
	if err := m.clearFresh(); err != nil {
		return machine.Report{}, err
	}
	if err := m.ensureBins(lightLimit(m.light)); err != nil {
		return machine.Report{}, err
	}
	if err := m.d.write(m.sets[to].memory, 0, memoryHead(m.header, began)); err != nil {
		return machine.Report{}, err
	}

	status := make([]uint32, shaders.DataStart)
	for round, slices := 0, m.slices; ; round++ {
		err := m.d.fetch(statusBytes, func(e *wgpu.CommandEncoder, out *wgpu.Buffer) error {
			if round == 0 {
				if err := m.copyData(e, to); err != nil {
					return err
				}
			}
			if err := m.run(e, to, slices); err != nil {
				return err
			}
			return e.CopyBufferToBuffer(m.sets[to].memory, 0, out, 0, statusBytes)
		}, func(data []byte) { copy(status, wgpu.FromBytes[uint32](data)) })
		if err != nil {
			return machine.Report{}, err
		}
		if isa.Status(status[isa.StStatus]) != isa.Running {
			break
		}
		if err := ctx.Err(); err != nil {
			return machine.Report{}, err
		}
		slices = min(2*slices, mostSlices)
	}
	count := int(status[isa.StCommands])
	if count > lightLimit(m.light) {
		if err := m.rasterHeavy(ctx, to, count); err != nil {
			return machine.Report{}, err
		}
	}

	m.current = to
	copy(m.state, status)
	if s := isa.Status(status[isa.StStatus]); s != isa.Faulted {
		machine.WriteFault(m.state, nil)
	}
	m.commands, m.payload = status[isa.StCommands], status[isa.StPayload]
	m.slices = min(mostSlices, int(status[shaders.CtlSlices]))
	for m.light = 0; m.light < mostLight(m.header) && lightLimit(m.light) < count; {
		m.light++
	}
	m.human.stale = true

	r := machine.StateReport(m.state, status[isa.StCycles], count)
	if status[shaders.CtlLogs] > 0 {
		var err error
		if r.Log, err = m.log(); err != nil {
			return machine.Report{}, err
		}
	}
	return r, nil
}

// clearFresh clears, once, the pages of a machine that has just been loaded.
func (m *Machine) clearFresh() error {
	if !m.fresh {
		return nil
	}
	err := m.d.submit(func(e *wgpu.CommandEncoder) error {
		from := &m.sets[m.current]
		pass := e.BeginRenderPass(&wgpu.RenderPassDescriptor{ColorAttachments: []wgpu.RenderPassColorAttachment{{
			View: from.display.view, LoadOp: wgpu.LoadOpClear, StoreOp: wgpu.StoreOpStore,
		}}})
		err := pass.End()
		pass.Release()
		if err != nil {
			return err
		}
		if err := e.ClearBuffer(m.writer, 0, 4*uint64(m.header.W*m.header.H)); err != nil {
			return err
		}
		if own := m.header.DataWords - isa.SysWords; own > 0 {
			return e.ClearBuffer(from.memory, frameHeadBytes, 4*uint64(own))
		}
		return nil
	})
	m.fresh = err != nil
	return err
}

// copyData records the copy of the program's own words to the other set.
func (m *Machine) copyData(e *wgpu.CommandEncoder, to int) error {
	own := m.header.DataWords - isa.SysWords
	if own == 0 {
		return nil
	}
	return e.CopyBufferToBuffer(m.sets[1-to].memory, frameHeadBytes, m.sets[to].memory, frameHeadBytes, 4*uint64(own))
}

// run records slices of the core, and the raster of a light frame.
func (m *Machine) run(e *wgpu.CommandEncoder, to, slices int) error {
	pass := e.BeginComputePass(nil)
	defer pass.Release()
	pass.SetBindGroup(0, m.sets[to].group, []uint32{uint32(m.light) * jobStride})
	pass.SetPipeline(m.d.core)
	for range slices {
		pass.DispatchWorkgroups(1, 1, 1)
	}
	_, down := tiles(m.header)
	m.raster(pass, down)
	return pass.End()
}

// log reads the lines of the last frame's LOG commands.
func (m *Machine) log() ([]machine.LogLine, error) {
	commands, payload, err := m.list()
	if err != nil {
		return nil, err
	}
	var lines []machine.LogLine
	for i := range commands {
		c := &commands[i]
		if c.Op() != isa.LOG {
			continue
		}
		from := []uint32(m.program)
		if c.Flags()&isa.CmdFlagPayload != 0 {
			from = payload
		}
		text := machine.LogText(from[c[isa.CmdText]:][:c[isa.CmdLen]])
		lines = append(lines, machine.LogLine{PC: c.PC(), Cycle: c[isa.CmdCycle], Text: text})
	}
	return lines, nil
}
