package gpu

import (
	"context"
	"errors"

	"github.com/cogentcore/webgpu/wgpu"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/kernel"
	"gvpie/runtime/machine"
)

// Machine is one machine on a device: an [engine.Engine]. Its core, with the
// program, data and state pages, is the reference's and runs on the CPU; the
// display and writer pages are the device's.
//
// A frame is drawn from one display to the other, which holds the machine's when
// the frame has ended; a frame that is abandoned leaves the machine as it was.
// Things of the next program that fit in what the last one had are not made anew.
type Machine struct {
	d *Device

	core    *machine.Core
	header  isa.Header
	loaded  bool
	fresh   bool     // display and writer have yet to be cleared on the device
	current int      // the display that holds the machine's
	began   []uint32 // the current display, if known is true
	known   bool

	impatient bool // see Impatient

	bins    machine.Bins
	binning []uint32      // the bins of the raster stages that are submitted together
	exact   []isa.Command // the frame's commands as the shader reads them
	blocks  blocks
	again   again

	programBuffer, commands, binned *wgpu.Buffer
	memoryBuffer, faults            *wgpu.Buffer
	jobs, handover                  *wgpu.Buffer
	writers                         [2]*wgpu.Buffer // the second one if a frame needed it
	written                         int             // the one that holds the machine's
	displays                        [2]*wgpu.Buffer
	rasterGroups, blockGroups       [2][2]*wgpu.BindGroup // for a frame drawn to this display and this writer page
	human                           human
	panel                           panel
}

// New makes a machine on this device. It holds nothing before its first Load.
func (d *Device) New() engine.Engine {
	m := &Machine{d: d}
	m.core = machine.NewCore(machine.Surface{
		Begin: m.begin, Began: m.beganDisplay, Settle: m.settle, Paint: m.paint, Told: m.again.told, Undo: func() {},
	})
	return m
}

// Kind is engine.GPU.
func (m *Machine) Kind() engine.Kind { return engine.GPU }

// Adapter names the device's processor.
func (m *Machine) Adapter() string { return m.d.adapter }

// Load replaces the machine by a fresh one. Programs that can reach an EACH for which
// there is no shader give engine.ErrUnsupported.
func (m *Machine) Load(ctx context.Context, p isa.Program, seed int32) error {
	kernels, err := kernelsOf(p, nil)
	if err != nil {
		return err
	}
	return m.d.do(ctx, func() error {
		if err := m.core.Reset(p, seed); err != nil {
			return err
		}
		m.fresh = true
		return m.place(kernels)
	})
}

// Restore makes the machine equal to a snapshot. The error of one that no
// machine can have made wraps machine.ErrSnapshot or isa.ErrProgram.
func (m *Machine) Restore(ctx context.Context, s *machine.Snapshot) error {
	if _, err := s.Check(); err != nil {
		return err
	}
	kernels, err := kernelsOf(s.Program, s.State)
	if err != nil {
		return err
	}
	return m.d.do(ctx, func() error {
		if err := m.core.Restore(s); err != nil {
			return err
		}
		m.fresh = false
		if err := m.place(kernels); err != nil {
			return err
		}
		if err := m.d.write(m.writer(), 0, s.Writer); err != nil {
			return err
		}
		return m.d.write(m.displays[m.current], 0, s.Display)
	})
}

// place gives the device the core's program, and pages for it that hold anything.
func (m *Machine) place(kernels map[uint32]*kernel.Kernel) error {
	m.loaded = false // until the device has it
	m.header = m.core.Header()
	program := m.core.Page(machine.ProgramPage)
	if err := m.ensure(m.header, len(program)); err != nil {
		return err
	}
	if err := m.d.write(m.programBuffer, 0, program); err != nil {
		return err
	}
	m.blocks.load(m.header, program, kernels)
	m.current, m.known, m.human.stale = 0, false, true
	m.loaded = true
	return nil
}

// writer is the writer page that holds the machine's.
func (m *Machine) writer() *wgpu.Buffer { return m.writers[m.written] }

// bit is a condition as the shaders have it.
func bit(b bool) uint32 {
	if b {
		return 1
	}
	return 0
}

// Close frees the machine.
func (m *Machine) Close() error {
	err := m.d.do(context.Background(), func() error {
		m.release()
		return nil
	})
	if errors.Is(err, engine.ErrLost) {
		return nil // the device went first, and what it held with it
	}
	return err
}
