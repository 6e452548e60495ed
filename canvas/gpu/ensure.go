package gpu

import (
	"github.com/cogentcore/webgpu/wgpu"

	"gvpie/runtime/isa"
)

const (
	storageBuffer = wgpu.BufferUsageStorage | wgpu.BufferUsageCopyDst | wgpu.BufferUsageCopySrc
	uniformBuffer = wgpu.BufferUsageUniform | wgpu.BufferUsageCopyDst
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
	if err := grow(&m.writers[m.written], "writer page", 4*uint64(h.W*h.H), 1<<15); err != nil {
		return err
	}
	for i := range m.displays {
		if err := grow(&m.displays[i], "display page", 4*uint64(h.W*h.H), 1<<15); err != nil {
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
	releaseBuffer(&m.writers[1-m.written])
	m.unbind()
	return nil
}

// ensureHandover makes what the stages of a frame hand to each other.
func (m *Machine) ensureHandover() error {
	return m.ensureScratch(&m.handover, "handover", 4*uint64(m.header.W*m.header.H))
}

// ensureScratch grows a buffer that holds nothing from one frame to the next.
func (m *Machine) ensureScratch(b **wgpu.Buffer, label string, bytes uint64) error {
	if *b != nil && (*b).GetSize() >= bytes {
		return nil
	}
	releaseBuffer(b)
	m.unbindStages()
	var err error
	*b, err = m.d.buffer(label, capacity(bytes, 1<<12), storageBuffer)
	return err
}

// group is the bind group of a stage that draws, raster or an EACH, for a frame drawn
// to the other display and to a writer page.
func (m *Machine) group(groups *[2][2]*wgpu.BindGroup, of layout, writer int) (*wgpu.BindGroup, error) {
	to := 1 - m.current
	g := &groups[to][writer]
	if *g != nil {
		return *g, nil
	}
	or := func(b, dummy *wgpu.Buffer) *wgpu.Buffer {
		if b == nil {
			return dummy
		}
		return b
	}
	var err error
	*g, err = m.d.bind(of, resources{
		"program": m.programBuffer, "commands": m.commands, "memory": or(m.memoryBuffer, m.d.dummy),
		"tables": m.d.tables, "job": m.jobs, "began": m.displays[m.current], "drawn": m.displays[to],
		"writer": m.writers[writer], "handover": or(m.handover, m.d.scratch), "bins": or(m.binned, m.d.dummy), "faults": or(m.faults, m.d.scratch),
	})
	return *g, err
}

// unbindStages drops the bind groups of the stages that draw.
func (m *Machine) unbindStages() {
	releaseGroups(&m.rasterGroups)
	releaseGroups(&m.blockGroups)
}

// unbind drops every bind group, the viewers' too: something they hold is about
// to be replaced.
func (m *Machine) unbind() {
	m.unbindStages()
	m.human.unbind()
	m.panel.unbind()
}

// release frees everything.
func (m *Machine) release() {
	delete(m.d.machines, m)
	m.unbind()
	m.blocks.release()
	m.human.release()
	m.panel.release()
	for _, b := range []**wgpu.Buffer{
		&m.programBuffer, &m.commands, &m.jobs, &m.handover, &m.binned, &m.memoryBuffer, &m.faults,
		&m.writers[0], &m.writers[1], &m.displays[0], &m.displays[1],
	} {
		releaseBuffer(b)
	}
}

func releaseBuffer(b **wgpu.Buffer) {
	if *b != nil {
		(*b).Release()
		*b = nil
	}
}

func releaseGroups(groups *[2][2]*wgpu.BindGroup) {
	for i := range groups {
		for k := range groups[i] {
			releaseGroup(&groups[i][k])
		}
	}
}

func releaseGroup(g **wgpu.BindGroup) {
	if *g != nil {
		(*g).Release()
		*g = nil
	}
}
