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

// ready runs f on the device's goroutine if a program is loaded.
func (m *Machine) ready(ctx context.Context, f func() error) error {
	return m.d.do(ctx, func() error {
		if m.program == nil {
			return engine.ErrNoProgram
		}
		return f()
	})
}

// Read copies a page out, row by row.
func (m *Machine) Read(ctx context.Context, page machine.Page) (words []uint32, err error) {
	err = m.ready(ctx, func() (err error) {
		words, err = m.read(page)
		return err
	})
	return words, err
}

func (m *Machine) read(page machine.Page) ([]uint32, error) {
	switch page {
	case machine.ProgramPage:
		return slices.Clone(m.program), nil
	case machine.StatePage:
		return slices.Clone(m.state), nil
	}
	if err := m.clearFresh(); err != nil {
		return nil, err
	}
	switch page {
	case machine.DisplayPage:
		return m.readDisplay()
	case machine.WriterPage:
		return m.readBuffer(m.writer, 0, m.header.W*m.header.H)
	case machine.DataPage:
		return m.readBuffer(m.sets[m.current].memory, shaders.DataStart, m.header.DataWords)
	}
	return nil, nil
}

func (m *Machine) readBuffer(b *wgpu.Buffer, from, words int) ([]uint32, error) {
	if words == 0 {
		return nil, nil
	}
	out := make([]uint32, words)
	bytes := 4 * uint64(words)
	err := m.d.fetch(bytes, func(e *wgpu.CommandEncoder, to *wgpu.Buffer) error {
		return e.CopyBufferToBuffer(b, 4*uint64(from), to, 0, bytes)
	}, func(data []byte) { copy(out, wgpu.FromBytes[uint32](data)) })
	return out, err
}

func (m *Machine) readDisplay() ([]uint32, error) {
	w, h := m.header.W, m.header.H
	out := make([]uint32, w*h)
	pitch := rowBytes(w)
	err := m.d.fetch(pitch*uint64(h), func(e *wgpu.CommandEncoder, to *wgpu.Buffer) error {
		return m.sets[m.current].display.copyOut(e, to, h)
	}, func(data []byte) {
		words := wgpu.FromBytes[uint32](data)
		for y := range h {
			copy(out[y*w:][:w], words[y*int(pitch/4):])
		}
	})
	return out, err
}

// Commands copies out the last frame's command list and payload.
func (m *Machine) Commands(ctx context.Context) (commands []isa.Command, payload []uint32, err error) {
	err = m.ready(ctx, func() (err error) {
		commands, payload, err = m.list()
		return err
	})
	return commands, payload, err
}

func (m *Machine) list() ([]isa.Command, []uint32, error) {
	s := &m.sets[m.current]
	words, err := m.readBuffer(s.commands, 0, int(m.commands)*isa.CommandWords)
	if err != nil {
		return nil, nil, err
	}
	commands := make([]isa.Command, m.commands)
	for i := range commands {
		copy(commands[i][:], words[i*isa.CommandWords:])
	}
	payload, err := m.readBuffer(s.payload, 0, int(m.payload))
	return commands, payload, err
}

// Snapshot gives the whole machine. The program page is the machine's own.
func (m *Machine) Snapshot(ctx context.Context) (*machine.Snapshot, error) {
	s := new(machine.Snapshot)
	err := m.ready(ctx, func() error {
		s.Program = m.program
		for _, p := range []struct {
			to   *[]uint32
			page machine.Page
		}{
			{&s.Display, machine.DisplayPage}, {&s.Writer, machine.WriterPage},
			{&s.Data, machine.DataPage}, {&s.State, machine.StatePage},
		} {
			var err error
			if *p.to, err = m.read(p.page); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Restore makes the machine equal to a snapshot. The error of one that no
// machine can have made wraps machine.ErrSnapshot or isa.ErrProgram.
func (m *Machine) Restore(ctx context.Context, s *machine.Snapshot) error {
	if _, err := s.Check(); err != nil {
		return err
	}
	h, err := supported(s.Program, s.State)
	if err != nil {
		return err
	}
	return m.d.do(ctx, func() error {
		if err := m.replace(s.Program, h, slices.Clone(s.State)); err != nil {
			return err
		}
		m.fresh = false
		if err := m.d.write(m.sets[0].memory, shaders.DataStart, s.Data); err != nil {
			return err
		}
		if err := m.d.write(m.writer, 0, s.Writer); err != nil {
			return err
		}
		return lost(m.d.queue.WriteTexture(m.sets[0].display.texture.AsImageCopy(), wgpu.ToBytes(s.Display),
			&wgpu.TextureDataLayout{BytesPerRow: uint32(4 * h.W), RowsPerImage: uint32(h.H)},
			&wgpu.Extent3D{Width: uint32(h.W), Height: uint32(h.H), DepthOrArrayLayers: 1}))
	})
}
