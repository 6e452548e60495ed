package gpu

import (
	"github.com/cogentcore/webgpu/wgpu"

	"gvpie/runtime/isa"
	"gvpie/shaders"
)

const (
	storageBuffer = wgpu.BufferUsageStorage | wgpu.BufferUsageCopyDst | wgpu.BufferUsageCopySrc
	uniformBuffer = wgpu.BufferUsageUniform | wgpu.BufferUsageCopyDst
	displayUsage  = wgpu.TextureUsageTextureBinding | wgpu.TextureUsageStorageBinding |
		wgpu.TextureUsageCopySrc | wgpu.TextureUsageCopyDst | wgpu.TextureUsageRenderAttachment
)

// ensure makes sure that the device has what a program needs, keeping what it has
// already. What is kept holds the last program's words.
func (m *Machine) ensure(p isa.Program, h isa.Header) error {
	m.d.machines[m] = true
	changed := false
	grow := func(b **wgpu.Buffer, label string, bytes, least uint64) error {
		if *b != nil && (*b).GetSize() >= bytes {
			return nil
		}
		changed = true
		releaseBuffer(b)
		var err error
		*b, err = m.d.buffer(label, capacity(bytes, least), storageBuffer)
		return err
	}
	texels := 4 * uint64(h.W*h.H)
	if err := grow(&m.programBuffer, "program", 4*uint64(len(p)), 1<<12); err != nil {
		return err
	}
	if err := grow(&m.writer, "writer page", texels, 1<<15); err != nil {
		return err
	}
	for i := range m.sets {
		s := &m.sets[i]
		if err := grow(&s.memory, "state and data", statusBytes+4*uint64(h.DataWords), 1<<12); err != nil {
			return err
		}
		if err := grow(&s.commands, "commands", 4*isa.CommandWords*isa.MaxCommands, 4*isa.CommandWords*isa.MaxCommands); err != nil {
			return err
		}
		if err := grow(&s.payload, "payload", 4*isa.MaxPayload, 4*isa.MaxPayload); err != nil {
			return err
		}
		if s.display == nil || s.display.w != h.W || s.display.h != h.H {
			changed = true
			s.display.release()
			s.display = nil
			var err error
			if s.display, err = m.d.bitmap("display page", h.W, h.H, wgpu.TextureFormatRGBA8Uint, displayUsage); err != nil {
				return err
			}
		}
	}
	if m.jobs == nil {
		changed = true
		var err error
		if m.jobs, err = m.d.buffer("jobs", jobStride*rasterJobs, uniformBuffer); err != nil {
			return err
		}
	}
	if !changed {
		return nil
	}
	releaseBuffer(&m.handover) // frames make those for this canvas
	releaseBuffer(&m.bins)
	releaseBuffer(&m.savedWriter)
	m.unbind()
	return m.bind()
}

// ensureHeavy makes what the pieces of a heavy frame hand to each other, and room
// for what they change of the machine.
func (m *Machine) ensureHeavy() error {
	texels := 4 * uint64(m.header.W*m.header.H)
	if err := m.ensureBins(rasterBatch); err != nil {
		return err
	}
	if err := m.ensureScratch(&m.handover, "handover", texels); err != nil || m.savedWriter != nil {
		return err
	}
	var err error
	m.savedWriter, err = m.d.buffer("saved writer page", m.writer.GetSize(), wgpu.BufferUsageCopySrc|wgpu.BufferUsageCopyDst)
	return err
}

// ensureBins makes room for what bin says of so many commands.
func (m *Machine) ensureBins(commands int) error {
	across, down := tiles(m.header)
	return m.ensureScratch(&m.bins, "bins", 4*uint64(across*down*shaders.BinWords(commands)))
}

// ensureScratch grows a buffer that holds nothing from one frame to the next. Tests
// read it.
func (m *Machine) ensureScratch(b **wgpu.Buffer, label string, bytes uint64) error {
	if *b != nil && (*b).GetSize() >= bytes {
		return nil
	}
	releaseBuffer(b)
	var err error
	if *b, err = m.d.buffer(label, capacity(bytes, 1<<12), wgpu.BufferUsageStorage|wgpu.BufferUsageCopySrc); err != nil {
		return err
	}
	for i := range m.sets {
		releaseGroup(&m.sets[i].group)
	}
	return m.bind()
}

// bind makes the bind groups of core, bin and raster.
func (m *Machine) bind() error {
	handover, bins := m.handover, m.bins
	if handover == nil {
		handover = m.d.dummy
	}
	if bins == nil {
		bins = m.d.dummy
	}
	for i := range m.sets {
		s, from := &m.sets[i], &m.sets[1-i]
		var err error
		s.group, err = m.d.bind(m.d.ofMachine, resources{
			"program": m.programBuffer, "memory": s.memory, "commands": s.commands, "payload": s.payload,
			"tables": m.d.tables, "job": m.jobs, "began": from.display, "drawn": s.display,
			"writer": m.writer, "handover": handover, "bins": bins,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// unbind drops every bind group, the viewers' too: something they hold is about
// to be replaced.
func (m *Machine) unbind() {
	for i := range m.sets {
		releaseGroup(&m.sets[i].group)
	}
	m.human.unbind()
	m.panel.unbind()
}

// release frees everything.
func (m *Machine) release() {
	delete(m.d.machines, m)
	m.program = nil
	m.unbind()
	m.human.release()
	m.panel.release()
	for _, b := range []**wgpu.Buffer{&m.programBuffer, &m.jobs, &m.writer, &m.handover, &m.bins, &m.savedWriter} {
		releaseBuffer(b)
	}
	for i := range m.sets {
		s := &m.sets[i]
		for _, b := range []**wgpu.Buffer{&s.memory, &s.commands, &s.payload} {
			releaseBuffer(b)
		}
		s.display.release()
		s.display = nil
	}
}

func releaseBuffer(b **wgpu.Buffer) {
	if *b != nil {
		(*b).Release()
		*b = nil
	}
}

func releaseGroup(g **wgpu.BindGroup) {
	if *g != nil {
		(*g).Release()
		*g = nil
	}
}
