package gpu

import (
	"context"
	"slices"

	"github.com/cogentcore/webgpu/wgpu"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// ready runs f on the device's goroutine if a program is loaded.
func (m *Machine) ready(ctx context.Context, f func() error) error {
	return m.d.do(ctx, func() error {
		if !m.loaded {
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
	if page != machine.DisplayPage && page != machine.WriterPage {
		return slices.Clone(m.core.Page(page)), nil
	}
	if err := m.clearFresh(); err != nil {
		return nil, err
	}
	if page == machine.DisplayPage {
		return m.d.readWords(nil, m.displays[m.current], m.header.W*m.header.H)
	}
	return m.d.readWords(nil, m.writer(), m.header.W*m.header.H)
}

// readWords copies out the first words of a buffer, into out if that has room for them.
func (d *Device) readWords(out []uint32, b *wgpu.Buffer, words int) ([]uint32, error) {
	out = slices.Grow(out[:0], words)[:words]
	bytes := 4 * uint64(words)
	err := d.fetch(bytes, func(e *wgpu.CommandEncoder, to *wgpu.Buffer) error {
		return e.CopyBufferToBuffer(b, 0, to, 0, bytes)
	}, func(data []byte) { copy(out, wgpu.FromBytes[uint32](data)) })
	return out, err
}

// Commands copies out the last frame's command list and payload.
func (m *Machine) Commands(ctx context.Context) (commands []isa.Command, payload []uint32, err error) {
	err = m.ready(ctx, func() error {
		commands, payload = slices.Clone(m.core.Commands()), slices.Clone(m.core.Payload())
		return nil
	})
	return commands, payload, err
}

// Snapshot gives the whole machine. The program page is the machine's own.
func (m *Machine) Snapshot(ctx context.Context) (*machine.Snapshot, error) {
	s := new(machine.Snapshot)
	err := m.ready(ctx, func() error {
		s.Program = m.core.Page(machine.ProgramPage)
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
