package gpu

import (
	"context"
	"errors"
	"fmt"

	"github.com/cogentcore/webgpu/wgpu"

	"gvpie/runtime/engine"
	"gvpie/runtime/flow"
	"gvpie/runtime/isa"
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

	bins  machine.Bins
	exact []isa.Command // the frame's commands as the shader reads them

	programBuffer, commands, payload, binned *wgpu.Buffer
	jobs, writer, handover                   *wgpu.Buffer
	before                                   *wgpu.Buffer // the writer page, while a heavy frame is rastered
	displays                                 [2]*bitmap
	groups                                   [2]*wgpu.BindGroup // of raster, for a frame drawn to this display
	human                                    human
	panel                                    panel
}

// New makes a machine on this device. It holds nothing before its first Load.
func (d *Device) New() engine.Engine {
	m := &Machine{d: d}
	// No Settle: a program that can reach an EACH is not loaded.
	m.core = machine.NewCore(machine.Surface{Begin: func() {}, Began: m.beganDisplay, Paint: m.paint, Undo: func() {}})
	return m
}

// Kind is engine.GPU.
func (m *Machine) Kind() engine.Kind { return engine.GPU }

// Adapter names the device's processor.
func (m *Machine) Adapter() string { return m.d.adapter }

// Load replaces the machine by a fresh one. Programs that can reach an EACH give
// engine.ErrUnsupported.
func (m *Machine) Load(ctx context.Context, p isa.Program, seed int32) error {
	if err := supported(p, nil); err != nil {
		return err
	}
	return m.d.do(ctx, func() error {
		if err := m.core.Reset(p, seed); err != nil {
			return err
		}
		m.fresh = true
		return m.place()
	})
}

// Restore makes the machine equal to a snapshot. The error of one that no
// machine can have made wraps machine.ErrSnapshot or isa.ErrProgram.
func (m *Machine) Restore(ctx context.Context, s *machine.Snapshot) error {
	if _, err := s.Check(); err != nil {
		return err
	}
	if err := supported(s.Program, s.State); err != nil {
		return err
	}
	return m.d.do(ctx, func() error {
		if err := m.core.Restore(s); err != nil {
			return err
		}
		m.fresh = false
		if err := m.place(); err != nil {
			return err
		}
		if err := m.d.write(m.writer, 0, s.Writer); err != nil {
			return err
		}
		h := m.header
		return lost(m.d.queue.WriteTexture(m.displays[m.current].texture.AsImageCopy(), wgpu.ToBytes(s.Display),
			&wgpu.TextureDataLayout{BytesPerRow: uint32(4 * h.W), RowsPerImage: uint32(h.H)},
			&wgpu.Extent3D{Width: uint32(h.W), Height: uint32(h.H), DepthOrArrayLayers: 1}))
	})
}

// supported says whether this engine can run a program, from its start and from a
// state, if one is given.
func supported(p isa.Program, state []uint32) error {
	h, err := p.Header()
	if err != nil {
		return err
	}
	pc, stack := uint32(isa.HeaderWords), []uint32(nil)
	if state != nil {
		pc, stack = state[isa.StPC], state[isa.StStack:][:state[isa.StSP]]
	}
	if flow.Analyze(p, h, pc, stack...).Reaches(isa.EACH) {
		return fmt.Errorf("%w: it has EACH blocks, which the GPU engine has not", engine.ErrUnsupported)
	}
	return nil
}

// place gives the device the core's program, and pages for it that hold anything.
func (m *Machine) place() error {
	m.loaded = false // until the device has it
	m.header = m.core.Header()
	program := m.core.Page(machine.ProgramPage)
	if err := m.ensure(m.header, len(program)); err != nil {
		return err
	}
	if err := m.d.write(m.programBuffer, 0, program); err != nil {
		return err
	}
	m.current, m.known, m.human.stale = 0, false, true
	m.loaded = true
	return nil
}

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
