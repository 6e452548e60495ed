package gpu

import (
	"github.com/cogentcore/webgpu/wgpu"

	"gvpie/runtime/isa"
)

const (
	storageBuffer = wgpu.BufferUsageStorage | wgpu.BufferUsageCopyDst | wgpu.BufferUsageCopySrc
	uniformBuffer = wgpu.BufferUsageUniform | wgpu.BufferUsageCopyDst
	displayUsage  = wgpu.TextureUsageTextureBinding | wgpu.TextureUsageStorageBinding |
		wgpu.TextureUsageCopySrc | wgpu.TextureUsageCopyDst | wgpu.TextureUsageRenderAttachment
)

// ensure makes sure that the device has what a program of so many words needs,
// keeping what it has already. What is kept holds the last program's words.
func (m *Machine) ensure(h isa.Header, words int) error {
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
	if err := grow(&m.programBuffer, "program", 4*uint64(words), 1<<12); err != nil {
		return err
	}
	if err := grow(&m.writer, "writer page", 4*uint64(h.W*h.H), 1<<15); err != nil {
		return err
	}
	for i := range m.displays {
		if d := m.displays[i]; d != nil && d.w == h.W && d.h == h.H {
			continue
		}
		changed = true
		m.displays[i].release()
		m.displays[i] = nil
		var err error
		if m.displays[i], err = m.d.bitmap("display page", h.W, h.H, wgpu.TextureFormatRGBA8Uint, displayUsage); err != nil {
			return err
		}
	}
	if m.jobs == nil {
		changed = true
		var err error
		if m.jobs, err = m.d.buffer("jobs", jobStride*pieceJobs, uniformBuffer); err != nil {
			return err
		}
	}
	if !changed {
		return nil
	}
	releaseBuffer(&m.handover) // frames make those for this canvas
	releaseBuffer(&m.before)
	m.unbind()
	return nil
}

// ensureHeavy makes what the pieces of a heavy frame hand to each other, and room
// for what they change of the machine.
func (m *Machine) ensureHeavy() error {
	if err := m.ensureScratch(&m.handover, "handover", 4*uint64(m.header.W*m.header.H)); err != nil || m.before != nil {
		return err
	}
	var err error
	m.before, err = m.d.buffer("saved writer page", m.writer.GetSize(), wgpu.BufferUsageCopySrc|wgpu.BufferUsageCopyDst)
	return err
}

// ensureScratch grows a buffer that holds nothing from one frame to the next.
func (m *Machine) ensureScratch(b **wgpu.Buffer, label string, bytes uint64) error {
	if *b != nil && (*b).GetSize() >= bytes {
		return nil
	}
	releaseBuffer(b)
	for i := range m.groups {
		releaseGroup(&m.groups[i])
	}
	var err error
	*b, err = m.d.buffer(label, capacity(bytes, 1<<12), storageBuffer)
	return err
}

// group is the bind group of raster, for a frame drawn to a display.
func (m *Machine) group(to int) (*wgpu.BindGroup, error) {
	g := &m.groups[to]
	if *g != nil {
		return *g, nil
	}
	handover := m.handover
	if handover == nil {
		handover = m.d.dummy
	}
	var err error
	*g, err = m.d.bind(m.d.ofRaster, resources{
		"program": m.programBuffer, "commands": m.commands, "payload": m.payload,
		"tables": m.d.tables, "job": m.jobs, "began": m.displays[1-to], "drawn": m.displays[to],
		"writer": m.writer, "handover": handover, "bins": m.binned,
	})
	return *g, err
}

// unbind drops every bind group, the viewers' too: something they hold is about
// to be replaced.
func (m *Machine) unbind() {
	for i := range m.groups {
		releaseGroup(&m.groups[i])
	}
	m.human.unbind()
	m.panel.unbind()
}

// release frees everything.
func (m *Machine) release() {
	delete(m.d.machines, m)
	m.unbind()
	m.human.release()
	m.panel.release()
	for _, b := range []**wgpu.Buffer{
		&m.programBuffer, &m.commands, &m.payload, &m.jobs, &m.writer, &m.handover, &m.binned, &m.before,
	} {
		releaseBuffer(b)
	}
	for i := range m.displays {
		m.displays[i].release()
		m.displays[i] = nil
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
