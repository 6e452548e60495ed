package gpu

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/cogentcore/webgpu/wgpu"

	"gvpie/runtime/engine"
	"gvpie/runtime/flow"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/shaders"
)

// Machine is one machine on a device: an [engine.Engine].
//
// A frame is made from one set of buffers to the other. It reads the
// display, and copies the data, of the set that holds the machine and writes
// the other one, which holds the machine when the frame has ended; a frame that
// is abandoned leaves the machine as it was. Things of the next program that fit
// in what the last one had are not made anew.
type Machine struct {
	d *Device

	program isa.Program // nil: none is loaded
	header  isa.Header
	state   []uint32 // as the last frame left it
	fresh   bool     // display, writer and data have yet to be cleared on the device
	current int      // the set that holds the machine

	commands, payload uint32 // words of the last frame: see Commands
	slices            int    // dispatches of the core the last frame took
	light             int    // the light job that would have done for the last frame

	programBuffer, jobs, writer, handover, bins *wgpu.Buffer
	savedWriter                                 *wgpu.Buffer // the writer page, while a heavy frame is rastered
	sets                                        [2]bufferSet
	human                                       human
	panel                                       panel
}

// bufferSet is one of a machine's two sets of what a frame changes.
type bufferSet struct {
	memory, commands, payload *wgpu.Buffer
	display                   *bitmap
	group                     *wgpu.BindGroup // of core, bin and raster, for a frame made to this set
}

// New makes a machine on this device. It holds nothing before its first Load.
func (d *Device) New() engine.Engine { return &Machine{d: d} }

// Kind is engine.GPU.
func (m *Machine) Kind() engine.Kind { return engine.GPU }

// Adapter names the device's processor.
func (m *Machine) Adapter() string { return m.d.adapter }

// Load replaces the machine by a fresh one. Programs that can reach an EACH give
// engine.ErrUnsupported.
func (m *Machine) Load(ctx context.Context, p isa.Program, seed int32) error {
	h, err := supported(p, nil)
	if err != nil {
		return err
	}
	state := make([]uint32, isa.StateWords)
	machine.InitState(state, seed)
	return m.d.do(ctx, func() error {
		if err := m.replace(slices.Clone(p), h, state); err != nil {
			return err
		}
		m.fresh = true
		return nil
	})
}

// supported decodes a program's header and says whether this engine can run it,
// from its start and from a state, if one is given.
func supported(p isa.Program, state []uint32) (isa.Header, error) {
	h, err := p.Header()
	if err != nil {
		return h, err
	}
	pc, stack := uint32(isa.HeaderWords), []uint32(nil)
	if state != nil {
		pc, stack = state[isa.StPC], state[isa.StStack:][:state[isa.StSP]]
	}
	if flow.Analyze(p, h, pc, stack...).Reaches(isa.EACH) {
		return h, fmt.Errorf("%w: it has EACH blocks, which the GPU engine has not", engine.ErrUnsupported)
	}
	return h, nil
}

// replace gives the machine a program and a state, and the data page its system
// words. The other pages are what they were.
func (m *Machine) replace(p isa.Program, h isa.Header, state []uint32) error {
	m.program = nil // until the device has it
	if err := m.ensure(p, h); err != nil {
		return err
	}
	if err := m.d.write(m.programBuffer, 0, p); err != nil {
		return err
	}
	m.program, m.header, m.state, m.current = p, h, state, 0
	m.commands, m.payload, m.slices = 0, 0, 1
	m.light = min(m.light, mostLight(m.header))
	m.human.stale = true
	err := m.writeLightJobs()
	if err == nil {
		err = m.d.write(m.sets[0].memory, 0, memoryHead(m.header, state))
	}
	if err != nil {
		m.program = nil
	}
	return err
}

// memoryHead is what stands in the memory buffer before the program's own words: the
// state page, idle control words, the system words.
func memoryHead(h isa.Header, state []uint32) []uint32 {
	head := make([]uint32, shaders.DataStart+isa.SysWords)
	copy(head, state)
	machine.SystemWords(head[shaders.DataStart:], state, h)
	return head
}

// jobWords is a job for commands [first, last) and rows of tiles from top on, of a
// program of so many words. The core takes any job of its program.
func jobWords(h isa.Header, program, first, last, top, rows int, light bool) []uint32 {
	words := make([]uint32, jobStride/4)
	copy(words, shaders.UniformWords(shaders.Job{
		ProgramWords: uint32(program), DataWords: uint32(h.DataWords), CodeEnd: uint32(h.CodeEnd),
		Width: uint32(h.W), Height: uint32(h.H), Pixel: bit(h.Pixel),
		First: uint32(first), Last: uint32(last), Light: bit(light), Top: uint32(top), Rows: uint32(rows),
	}))
	return words
}

// writeLightJobs brings the light jobs up to the program.
func (m *Machine) writeLightJobs() error {
	_, down := tiles(m.header)
	var jobs []uint32
	for i := range lightJobs {
		jobs = append(jobs, jobWords(m.header, len(m.program), 0, lightLimit(i), 0, down, true)...)
	}
	return m.d.write(m.jobs, 0, jobs)
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
